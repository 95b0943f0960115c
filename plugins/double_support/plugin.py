"""The switchboard: everything double support tells the core, and nothing else."""

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
    name="double_support",
    title=mark("双拥工作"),
    api=(1, 0),
    models="plugins.double_support.models",
    hookspecs="plugins.double_support.hookspecs",
    commands=[
        Command(
            name="double-support",
            target="plugins.double_support.cli:group",
            help=mark("双拥工作：走访慰问、互办实事、模范创建、随军家属、国防教育"),
        )
    ],
    hue=6,
    icon="medal",
)

_COUNTY = ("clerk", "double_support_officer")
_DESK = (*_COUNTY, "township_officer")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="double_support_officer", title=mark("双拥工作管理员")),
        Role(name="double_support_unit", title=mark("实事责任单位")),
        Role(name="double_support_assessor", title=mark("双拥自评人员")),
        Role(name="double_support_school", title=mark("国防教育学校")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    own = ("double_support_unit", "double_support_assessor", "double_support_school")
    readers = (*_DESK, *own, "reviewer", "approver", "auditor", "proposer")
    return [
        Permission(name="double_support.show", title=mark("查看双拥工作"), roles=readers),
        Permission(name="double_support.keep", title=mark("办理双拥工作"), roles=_COUNTY),
        Permission(name="double_support.visit", title=mark("登记走访和光荣牌"), roles=_DESK),
        Permission(name="double_support.project", title=mark("报送实事进展"), roles=(*_COUNTY, "double_support_unit")),
        Permission(name="double_support.assess", title=mark("双拥自评"), roles=(*_COUNTY, "double_support_assessor")),
        Permission(name="double_support.teach", title=mark("登记国防教育"), roles=(*_COUNTY, "double_support_school")),
        Permission(name="double_support.pay", title=mark("生成双拥付款批次"), roles=("proposer",)),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(name="double_support", title=mark("走访慰问金"), account="5019"),
        Scheme(name="double_support_spouses", title=mark("随军家属补贴"), account="5019"),
        Scheme(name="double_support_units", title=mark("支持部队资金"), account="5019", payable="2003"),
    ]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(
            name="double_support.files",
            title=mark("双拥档案"),
            months=None,
            document="双拥模范城（县）创建命名管理办法",
        )
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("双拥工作"), path="/double-support", icon="medal", permission="double_support.show", order=70
        )
    ]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.double_support.demo import STEPS

    return STEPS


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.double_support import json_api, web

    return [web.router, json_api.router]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.double_support.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.double_support.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.double_support.services.importing import IMPORTS

    return IMPORTS


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.double_support.services.paying import stale_lines

    return stale_lines(work, payments)


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.double_support.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.double_support.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.double_support.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.double_support.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.double_support.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.double_support.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.double_support.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.double_support.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.double_support.desk import tasks

    return tasks(work)
