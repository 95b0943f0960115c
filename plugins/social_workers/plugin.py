"""The switchboard: everything social work tells the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    DemoStep,
    Import,
    Indicator,
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
else:
    Merges = Moves = Payments = People = UnitOfWork = object

PLUGIN = Plugin(
    name="social_workers",
    title=mark("社会工作"),
    api=(1, 0),
    models="plugins.social_workers.models",
    commands=[
        Command(
            name="social-workers",
            target="plugins.social_workers.cli:group",
            help=mark("社会工作：社工、机构、项目、个案、小组、活动"),
        )
    ],
    hue=4,
    icon="heart-handshake",
)

_COUNTY = ("clerk", "social_workers_officer")
_DESK = (*_COUNTY, "township_officer")
_SERVING = ("social_workers_worker", "social_workers_supervisor")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="social_workers_officer", title=mark("社会工作管理员")),
        Role(name="social_workers_worker", title=mark("社工（服务）")),
        Role(name="social_workers_supervisor", title=mark("社工督导")),
        Role(name="social_workers_assessor", title=mark("项目评估方")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (*_DESK, *_SERVING, "social_workers_assessor", "reviewer", "approver", "auditor", "proposer")
    return [
        Permission(name="social_workers.show", title=mark("查看社会工作"), roles=readers),
        Permission(name="social_workers.keep", title=mark("维护社工名册和机构"), roles=_COUNTY),
        Permission(name="social_workers.run", title=mark("办理社工项目和选派"), roles=_DESK),
        Permission(
            name="social_workers.assess",
            title=mark("评估社工项目"),
            roles=(*_COUNTY, "social_workers_assessor"),
        ),
        Permission(name="social_workers.serve", title=mark("登记社工服务"), roles=(*_DESK, *_SERVING)),
        Permission(name="social_workers.file", title=mark("办理个案档案"), roles=_SERVING),
        Permission(name="social_workers.pay", title=mark("生成社工项目付款批次"), roles=("proposer",)),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(name="social_workers", title=mark("社工服务购买"), account="5018"),
        Scheme(name="social_workers_lottery", title=mark("社工服务购买（福彩公益金）"), account="5018"),
        Scheme(name="social_workers_charity", title=mark("社工服务资助（慈善捐赠）"), account="5101"),
    ]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="social_workers.register", title=mark("社工名册"), months=None, document="民发〔2009〕44号"),
        RetentionRule(name="social_workers.cases", title=mark("个案档案"), months=None, document="MZ/T 094-2017"),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("社会工作"),
            path="/social-workers",
            icon="heart-handshake",
            permission="social_workers.show",
            order=57,
        )
    ]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.social_workers.demo import STEPS

    return STEPS


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.social_workers import json_api, web

    return [web.router, json_api.router]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.social_workers.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.social_workers.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.social_workers.services.importing import IMPORTS

    return IMPORTS


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.social_workers.services.paying import stale_lines

    return stale_lines(work, payments)


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.social_workers.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.social_workers.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.social_workers.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.social_workers.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.social_workers.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.social_workers.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.social_workers.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.social_workers.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.social_workers.desk import tasks

    return tasks(work)
