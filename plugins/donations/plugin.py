"""The switchboard: everything donations tell the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    DemoStep,
    FundAccount,
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
    Task,
    Tile,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import HouseholdChanges, Merges, People, UnitOfWork
else:
    HouseholdChanges = Merges = People = UnitOfWork = object

PLUGIN = Plugin(
    name="donations",
    title=mark("慈善募捐"),
    api=(1, 0),
    models="plugins.donations.models",
    hookspecs="plugins.donations.hookspecs",
    commands=[
        Command(
            name="donations",
            target="plugins.donations.cli:group",
            help=mark("慈善募捐：募捐、捐赠、票据、救助项目、物资、结对、公开"),
        )
    ],
    hue=5,
    icon="heart-handshake",
)

_COUNTY = ("clerk", "donations_officer")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="donations_officer", title=mark("募捐管理员")),
        Role(name="donations_cashier", title=mark("慈善会出纳"), excludes=("donations_board", "auditor")),
        Role(name="donations_receipts", title=mark("捐赠票据员")),
        Role(name="donations_board", title=mark("慈善会理事")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (
        *_COUNTY, "donations_cashier", "donations_receipts", "donations_board", "reviewer", "approver", "accountant",
        "auditor", "township_officer",
    )  # fmt: skip
    return [
        Permission(name="donations.show", title=mark("查看慈善募捐"), roles=readers),
        Permission(name="donations.keep", title=mark("办理募捐和慈善组织资料"), roles=_COUNTY),
        Permission(name="donations.receive", title=mark("登记捐赠"), roles=(*_COUNTY, "donations_cashier")),
        Permission(name="donations.receipt", title=mark("开具捐赠票据"), roles=("clerk", "donations_receipts")),
        Permission(name="donations.spend", title=mark("办理慈善支出"), roles=_COUNTY),
        Permission(name="donations.decide", title=mark("决定退还和改变用途"), roles=("donations_board", "approver")),
        Permission(name="donations.disclose", title=mark("公开募捐情况"), roles=_COUNTY),
        Permission(name="donations.pair", title=mark("办理结对帮扶"), roles=(*_COUNTY, "township_officer")),
        Permission(name="donations.export", title=mark("导出捐赠名单"), roles=_COUNTY),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_fund_accounts() -> Iterable[FundAccount]:
    return [FundAccount(code="CHARITY", title=mark("慈善账户"), kind="charity_account")]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(
            name="donations.records", title=mark("募捐、捐赠、票据和使用记录"), months=None, document="慈善法"
        ),
        RetentionRule(name="donations.pairs", title=mark("结对帮扶和走访记录"), months=120, document="handbook"),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("慈善募捐"), path="/donations", icon="heart-handshake", permission="donations.show", order=65
        )
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.donations import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_public_routes() -> Iterable[Any]:
    from plugins.donations.public import public_router

    return [public_router()]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.donations.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.donations.statistics import REPORTS

    return REPORTS


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.donations.demo import STEPS

    return STEPS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.donations.services.importing import GIFTS

    return [GIFTS]


@hookimpl
def resolve_goods_counted(work: UnitOfWork, period: str) -> int | None:
    from plugins.donations.services.keeping import goods_counted

    return goods_counted(work, period)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.donations.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def household_changed(work: UnitOfWork, changes: HouseholdChanges) -> None:
    from plugins.donations.services.life_events import follow_households

    follow_households(work, changes)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.donations.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.donations.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.donations.desk import household_panels

    return household_panels(work, household_id, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.donations.desk import person_panels

    return person_panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.donations.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.donations.desk import tasks

    return tasks(work)
