"""The switchboard: everything canteens tell the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    Detector,
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
    TownFigure,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import Merges, Moves, Payments, People, UnitOfWork
else:
    Merges = Moves = Payments = People = UnitOfWork = object

PLUGIN = Plugin(
    name="canteen",
    title=mark("长者食堂"),
    api=(1, 0),
    hookspecs="plugins.canteen.hookspecs",
    models="plugins.canteen.models",
    commands=[
        Command(
            name="canteen",
            target="plugins.canteen.cli:group",
            help=mark("长者食堂：站点、菜单、就餐老人、补贴政策、用餐、结算"),
        )
    ],
    hue=6,
    icon="utensils",
)

_COUNTY = ("clerk", "canteen_officer")
_DESK = (*_COUNTY, "township_officer")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="canteen_officer", title=mark("县级养老服务主管")),
        Role(name="canteen_operator", title=mark("长者食堂经营者")),
        Role(name="canteen_inspector", title=mark("食品安全检查员")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (*_DESK, "canteen_operator", "canteen_inspector", "proposer", "reviewer", "approver", "auditor")
    return [
        Permission(name="canteen.show", title=mark("查看长者食堂"), roles=readers),
        Permission(name="canteen.diners", title=mark("查看就餐老人"), roles=(*_DESK, "auditor")),
        Permission(name="canteen.serve", title=mark("食堂柜台登记用餐"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.maintain", title=mark("维护站点、就餐老人和菜单"), roles=_DESK),
        Permission(name="canteen.menu", title=mark("登记菜单和留样"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.inspect", title=mark("登记检查和考核"), roles=(*_DESK, "canteen_inspector")),
        Permission(name="canteen.settle", title=mark("生成助餐结算"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.check", title=mark("乡镇审核助餐结算"), roles=_DESK),
        Permission(name="canteen.decide", title=mark("决定助餐政策、结算和补助"), roles=_COUNTY),
        Permission(name="canteen.pay", title=mark("把助餐结算和补助列入发放"), roles=("proposer",)),
        Permission(name="canteen.export", title=mark("导出用餐记录"), roles=(*_COUNTY, "auditor")),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(name="canteen_diner", title=mark("长者食堂就餐补助"), account="5010", payable="2003"),
        Scheme(name="canteen_operator", title=mark("长者食堂运营补助"), account="5011", payable="2003"),
        Scheme(name="canteen_grant", title=mark("长者食堂建设补助"), account="5011", payable="2003"),
    ]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(
            name="canteen.settlements", title=mark("助餐结算"), months=None, document="会计档案管理办法 2015"
        ),
        RetentionRule(name="canteen.meals", title=mark("用餐记录"), months=120, document="handbook"),
    ]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(
            name="canteen.daily",
            title=mark("许可到期停业、补助到期"),
            run="plugins.canteen.services.daily:daily",
            every="daily",
        )
    ]


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.canteen.services import granting, settling

    return [*settling.payment_objections(work, payments), *granting.payment_objections(work, payments)]


@hookimpl
def payments_settled(work: UnitOfWork, payments: Payments) -> None:
    from plugins.canteen.services import granting, settling

    settling.note_paid(work, payments)
    granting.note_paid(work, payments)


@hookimpl(optionalhook=True)
def register_demo_steps() -> Iterable[Any]:
    from plugins.canteen.demo import STEPS

    return STEPS


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("长者食堂"), path="/canteen", icon="utensils", permission="canteen.show", order=50)]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.canteen import forms_web, json_api, web
    from plugins.canteen.counter import json_api as counter_api
    from plugins.canteen.counter import web as counter_web

    return [web.router, counter_web.router, forms_web.router, json_api.router, counter_api.router]


@hookimpl
def register_public_routes() -> Iterable[Any]:
    from plugins.canteen.public import public_router

    return [public_router()]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.canteen.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.canteen.statistics import REPORTS

    return REPORTS


@hookimpl
def register_detectors() -> Iterable[Detector]:
    return [
        Detector(
            name="canteen.burst",
            title=mark("一分钟内用餐过多"),
            find="plugins.canteen.counter.bursts:find_bursts",
        )
    ]


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.canteen.counter.paper_lists import PAPER_LISTS
    from plugins.canteen.services.importing import IMPORTS

    return [*IMPORTS, PAPER_LISTS]


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.canteen.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.canteen.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.canteen.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.canteen.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.canteen.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.canteen.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.canteen.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    from plugins.canteen.desk import town_figures

    return town_figures(work)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.canteen.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.canteen.desk import tasks

    return tasks(work)
