"""The switchboard of the plugin that answers every hook."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.api import (
    Category,
    Chart,
    Column,
    Command,
    DemoStep,
    Detector,
    Entries,
    FundAccount,
    Headcount,
    HealthCheck,
    HouseholdChanges,
    Import,
    Job,
    Lane,
    MenuItem,
    Merges,
    Moves,
    Objection,
    Panel,
    Payments,
    People,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    RowObjection,
    Scheme,
    Series,
    Span,
    Task,
    Tile,
    TownFigure,
    UnitOfWork,
    hookimpl,
    mark,
)

PLUGIN = Plugin(
    name="every_hook",
    title=mark("全部钩子"),
    api=(1, 0),
    settings="huimin_every_hook.settings:EveryHookSettings",
    hookspecs="huimin_every_hook.hookspecs",
    models="huimin_every_hook.models",
    commands=[Command(name="every-hook", target="huimin_every_hook.cli:group", help=mark("全部钩子的日记"))],
    hue=5,
    icon="component",
)


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [Permission(name="every_hook.show", title=mark("看日记"), roles=("clerk", "every_hook_reader"))]


@hookimpl
def register_roles() -> Iterable[Role]:
    return [Role(name="every_hook_reader", title=mark("日记读者"))]


@hookimpl
def register_routes() -> Iterable[Any]:
    from huimin_every_hook.web import api, router

    return [router, api]


@hookimpl
def register_public_routes() -> Iterable[Any]:
    from huimin_every_hook.web import public

    return [public]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("日记"), path="/every-hook", icon="component", permission="every_hook.show")]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [Job(name="every_hook.tidy", title=mark("整理日记"), run="huimin_every_hook.diary:tidy", every="daily")]


@hookimpl
def register_reports() -> Iterable[Report]:
    from huimin_every_hook.diary import counts

    return [
        Report(
            name="every-hook-counts",
            title=mark("日记统计"),
            permission="every_hook.show",
            columns=[
                Column(name="fact", title=mark("事实")),
                Column(name="count", title=mark("次数"), kind="integer", total=True),
            ],
            rows=counts,
        )
    ]


@hookimpl
def register_imports() -> Iterable[Import]:
    from huimin_every_hook.diary import check_rows, write_rows

    return [
        Import(
            name="every-hook-lines",
            title=mark("日记"),
            permission="every_hook.show",
            columns=[Column(name="fact", title=mark("事实"), required=True)],
            check=check_rows,
            write=write_rows,
        )
    ]


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    return [HealthCheck(name="every_hook.diary", title=mark("日记"), check=lambda host: None)]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    return [DemoStep(days_ago=1, by="clerk", run="huimin_every_hook.diary:tell")]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [RetentionRule(name="every_hook.diary", title=mark("日记"), months=12, document="test")]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return [PolicyKey(name="every_hook.lines", title=mark("日记行数"), kind="integer", default=10, document="test")]


@hookimpl
def register_fund_accounts() -> Iterable[FundAccount]:
    return [FundAccount(code="DIARY-CHARITY", title=mark("日记慈善账户"), kind="charity_account")]


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(
            name="every_hook",
            title=mark("日记津贴"),
            account="5007",
            categories=[
                Category(code="SHORT", title=mark("短日记")),
                Category(code="LONG", title=mark("长日记"), payee="institution"),
            ],
        )
    ]


@hookimpl
def register_detectors() -> Iterable[Detector]:
    find = "huimin_every_hook.diary:suspicions"
    return [Detector(name="every_hook.blank", title=mark("空白日记"), find=find)]


@hookimpl
def check_allocation(work: UnitOfWork, fund_id: int, scheme: str, area: str, amount_fen: int) -> Iterable[Objection]:
    if work.settings.plugin["every_hook"].object_to == "allocation":
        yield Objection(reason="日记不同意分配", code="E_EVERY_HOOK")


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    if work.settings.plugin["every_hook"].object_to == "payments":
        yield RowObjection(row=0, reason="日记不同意发放", code="E_EVERY_HOOK")


@hookimpl
def entries_posted(work: UnitOfWork, entries: Entries) -> None:
    from huimin_every_hook.diary import note

    note(work, "entries_posted", len(entries.ids))


@hookimpl
def payments_settled(work: UnitOfWork, payments: Payments) -> None:
    from huimin_every_hook.diary import note

    note(work, "payments_settled", len(payments.ids))


@hookimpl
def payments_returned(work: UnitOfWork, payments: Payments) -> None:
    from huimin_every_hook.diary import note

    note(work, "payments_returned", len(payments.ids))


@hookimpl
def resolve_payment_channel(work: UnitOfWork, scheme: str, area: str) -> str | None:
    return work.settings.plugin["every_hook"].layout or None


@hookimpl
def resolve_headcount(work: UnitOfWork, scheme: str, period: str) -> Headcount | None:
    paid = work.settings.plugin["every_hook"].headcount
    return Headcount(active=paid, suspended=0, back_pay_only=0) if scheme == "every_hook" and paid else None


@hookimpl
def resolve_recomputed_sample(work: UnitOfWork, batch_id: int, seed: int, share: Decimal) -> list[str] | None:
    return []


@hookimpl
def resolve_goods_counted(work: UnitOfWork, period: str) -> int | None:
    return 0


@hookimpl
def check_household_change(work: UnitOfWork, changes: HouseholdChanges) -> Iterable[Objection]:
    if work.settings.plugin["every_hook"].object_to in set(changes.kinds.tolist()):
        yield Objection(reason="日记不同意", code="E_EVERY_HOOK")


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    return [Objection(reason="日记里还有这个人")] if len(people.ids) else []


@hookimpl
def household_changed(work: UnitOfWork, changes: HouseholdChanges) -> None:
    from huimin_every_hook.diary import note

    note(work, "household_changed", len(changes.ids))


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from huimin_every_hook.diary import note

    note(work, "person_revived" if deaths.revoked else "person_died", len(deaths.ids))


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from huimin_every_hook.diary import note

    note(work, "person_moved", len(moves.ids))


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from huimin_every_hook.diary import note

    note(work, "people_merged", len(merges.gone_ids))


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    return "日记写了一行" if action == "every_hook.noted" else None


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    since = work.today.replace(day=1)
    return [
        Panel(
            title="日记",
            rows=[("人数", str(len(person_ids)))],
            tags=[("有日记", "ok")],
            lanes=[Lane(title="日记", spans=[Span(since=since, until=None, label="在记")])],
        )
    ]


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    return [Panel(title="日记", template="every_hook/panel.html", data={"person": person_id})]


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    return [Tile(title="日记", figure="3", unit="行", path="/every-hook")]


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    return [Task(title="写日记", subject="今天", path="/every-hook", due=work.today)]


@hookimpl
def show_desk_charts(work: UnitOfWork) -> Iterable[Chart]:
    lines = Series(title="行", hue=4, values=[3, None, 5])
    return [Chart(title="日记行数", steps=["9月", "10月", "11月"], series=[lines], note="每月", path="/every-hook")]


@hookimpl
def show_town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    return [TownFigure(title="在写", values={"430223103": (1, 4)}, note="在写的人 ÷ 会写的人")]


@hookimpl
def after_commit(work: UnitOfWork, topic: str, payload: dict[str, Any]) -> None:
    from huimin_every_hook.diary import note

    note(work, f"after:{topic}", 1)
