"""The switchboard: everything voluntary service tells the core, and nothing else."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    DemoStep,
    Import,
    Indicator,
    Job,
    MenuItem,
    Objection,
    Panel,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    RowObjection,
    Scheme,
    Task,
    Tile,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import Merges, Moves, Payments, People, UnitOfWork
    from plugins.volunteers.api import DoubleSupport
else:
    Merges = Moves = Payments = People = UnitOfWork = object

PLUGIN = Plugin(
    name="volunteers",
    title=mark("志愿服务"),
    api=(1, 0),
    models="plugins.volunteers.models",
    commands=[
        Command(
            name="volunteers",
            target="plugins.volunteers.cli:group",
            help=mark("志愿服务：志愿者、队伍、活动、时长、证明"),
        )
    ],
    hue=2,
    icon="hand-heart",
)

_COUNTY = ("clerk", "volunteers_officer")
_DESK = (*_COUNTY, "township_officer")
_SITE = (*_DESK, "volunteers_leader")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="volunteers_officer", title=mark("志愿服务管理员")),
        Role(name="volunteers_leader", title=mark("志愿活动负责人")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (*_SITE, "reviewer", "approver", "auditor", "proposer")
    return [
        Permission(name="volunteers.show", title=mark("查看志愿服务"), roles=readers),
        Permission(name="volunteers.keep", title=mark("维护志愿者和组织"), roles=_DESK),
        Permission(name="volunteers.plan", title=mark("组织志愿活动"), roles=_SITE),
        Permission(name="volunteers.record", title=mark("登记服务时长"), roles=_SITE),
        Permission(name="volunteers.confirm", title=mark("确认和冲销服务时长"), roles=_DESK),
        Permission(name="volunteers.reach", title=mark("查看报名人联系方式"), roles=_SITE),
        Permission(name="volunteers.certify", title=mark("出具服务证明"), roles=_DESK),
        Permission(name="volunteers.subsidise", title=mark("登记志愿者误餐和交通补助"), roles=_DESK),
        Permission(name="volunteers.pay", title=mark("生成志愿者补助批次"), roles=("proposer",)),
        Permission(name="volunteers.export", title=mark("导出服务记录"), roles=_COUNTY),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [Scheme(name="volunteers", title=mark("志愿者误餐和交通补助"), account="5018", component="VOLUNTEER_COST")]


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.volunteers.services.subsidising import stale_lines

    return stale_lines(work, payments)


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="volunteers.records", title=mark("志愿服务记录"), months=None, document="民政部令第67号"),
        RetentionRule(name="volunteers.signups", title=mark("活动报名"), months=60, document="handbook"),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(title=mark("志愿服务"), path="/volunteers", icon="hand-heart", permission="volunteers.show", order=55)
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.volunteers import costs_web, json_api, web

    return [web.router, costs_web.router, json_api.router]


@hookimpl
def register_public_routes() -> Iterable[Any]:
    from plugins.volunteers.public import public_router

    return [public_router()]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(
            name="volunteers.expire",
            title=mark("未签退的签到过期"),
            run="plugins.volunteers.services.attending:expire",
            every="daily",
        )
    ]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.volunteers.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.volunteers.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.volunteers.services.importing import HOURS, ROSTER

    return [ROSTER, HOURS]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.volunteers.demo import STEPS

    return STEPS


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.volunteers.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.volunteers.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.volunteers.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.volunteers.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl(optionalhook=True)
def resolve_double_support_volunteers(work: UnitOfWork, since: date, until: date) -> "DoubleSupport":
    from plugins.volunteers.api import double_support_service

    return double_support_service(work, since, until)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.volunteers.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.volunteers.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.volunteers.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.volunteers.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.volunteers.desk import tasks

    return tasks(work)
