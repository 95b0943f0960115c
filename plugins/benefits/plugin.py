"""The switchboard: everything benefits tells the core, and nothing else."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    Detector,
    Headcount,
    Import,
    Job,
    MenuItem,
    Objection,
    Panel,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    RowObjection,
    Task,
    Tile,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import HouseholdChanges, Merges, Moves, Payments, People, UnitOfWork
else:
    HouseholdChanges = Merges = Moves = Payments = People = UnitOfWork = object

_STAFF = ("clerk", "township_officer", "proposer", "reviewer", "approver", "disburser", "accountant", "auditor")

PLUGIN = Plugin(
    name="benefits",
    title=mark("待遇发放"),
    api=(1, 0),
    hookspecs="plugins.benefits.hookspecs",
    models="plugins.benefits.models",
    commands=[
        Command(name="benefits", target="plugins.benefits.cli:group", help=mark("待遇：标准、享受登记、发放名册"))
    ],
    hue=1,
    icon="hand-coins",
)


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="benefits.show", title=mark("查看待遇和名册"), roles=_STAFF),
        Permission(
            name="benefits.enrol", title=mark("登记和变更享受待遇"), roles=("clerk", "township_officer", "proposer")
        ),
        Permission(name="benefits.set_standard", title=mark("设定待遇标准"), roles=("clerk", "proposer")),
        Permission(name="benefits.set_institution", title=mark("登记机构"), roles=("clerk", "proposer")),
        Permission(name="benefits.start_scheme", title=mark("设定业务起始月"), roles=("clerk", "proposer")),
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.benefits import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("待遇发放"),
            path="/benefits",
            icon="hand-coins",
            permission="benefits.show",
            group="business",
            order=20,
        )
    ]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(name="benefits.build_roll", title=mark("生成发放名册"), run="plugins.benefits.services.rolls:build_step")
    ]


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.benefits.reports import REPORTS

    return REPORTS


@hookimpl
def register_detectors() -> Iterable[Detector]:
    find = "plugins.benefits.auditing:above_standard"
    return [Detector(name="benefits.above_standard", title=mark("定额高于标准"), find=find)]


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.benefits.services.importing import COLUMNS, check_rows, write_rows

    return [
        Import(
            name="benefits-enrolments",
            title=mark("享受登记"),
            permission="benefits.enrol",
            columns=COLUMNS,
            check=check_rows,
            write=write_rows,
        )
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(
            name="benefits.enrolments", title=mark("享受登记和名册"), months=360, document="财政部 国家档案局令第79号"
        )
    ]


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.benefits.checking import stale_lines

    return stale_lines(work, payments)


@hookimpl
def check_household_change(work: UnitOfWork, changes: HouseholdChanges) -> Iterable[Objection]:
    from plugins.benefits.services.life_events import household_objections

    return household_objections(work, changes)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.benefits.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.benefits.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.benefits.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.benefits.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def resolve_headcount(work: UnitOfWork, scheme: str, period: str) -> Headcount | None:
    from plugins.benefits.counting import headcount

    return headcount(work, scheme, period)


@hookimpl
def resolve_recomputed_sample(work: UnitOfWork, batch_id: int, seed: int, share: Decimal) -> list[str] | None:
    from plugins.benefits.checking import sentences_of

    return sentences_of(work, batch_id, seed, share)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.benefits.wording import in_words

    return in_words(action)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.benefits.desk import household_panels

    return household_panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.benefits.desk import person_panels

    return person_panels(work, person_id)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.benefits.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.benefits.desk import tasks

    return tasks(work)
