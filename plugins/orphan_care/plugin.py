"""The switchboard: everything orphan care tells the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Category,
    Command,
    DemoStep,
    Detector,
    HealthCheck,
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
    from plugins.benefits.api import Enrolments
else:
    Merges = Moves = Payments = People = UnitOfWork = Enrolments = object

PLUGIN = Plugin(
    name="orphan_care",
    title=mark("孤儿保障"),
    api=(1, 0),
    requires=("benefits", "notices"),
    models="plugins.orphan_care.models",
    commands=[
        Command(
            name="orphan-care",
            target="plugins.orphan_care.cli:group",
            help=mark("孤儿保障：儿童档案、走访、复核、结对"),
        )
    ],
    hue=4,
    icon="baby",
    sensitive=True,
)

_DESK = ("clerk", "township_officer", "orphan_care_officer", "orphan_care_supervisor")
_COUNTY = ("clerk", "orphan_care_officer")
_READERS = (*_DESK, "orphan_care_director", "reviewer", "approver", "auditor")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="orphan_care_officer", title=mark("县级儿童福利主管")),
        Role(name="orphan_care_supervisor", title=mark("乡镇儿童督导员")),
        Role(name="orphan_care_director", title=mark("村级儿童主任")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="orphan_care.show", title=mark("查看儿童档案"), roles=_READERS),
        Permission(name="orphan_care.apply", title=mark("登记儿童申请"), roles=(*_DESK, "orphan_care_director")),
        Permission(name="orphan_care.check", title=mark("乡镇核查儿童申请"), roles=_DESK),
        Permission(name="orphan_care.decide", title=mark("确认、变更和停发儿童待遇"), roles=_COUNTY),
        Permission(name="orphan_care.keep", title=mark("维护儿童档案"), roles=_DESK),
        Permission(name="orphan_care.visit", title=mark("登记走访"), roles=(*_DESK, "orphan_care_director")),
        Permission(name="orphan_care.pair", title=mark("办理结对关爱"), roles=_COUNTY),
        Permission(name="orphan_care.confide", title=mark("查看只限县级主管的情况"), roles=("orphan_care_officer",)),
        Permission(name="orphan_care.export", title=mark("导出儿童数据"), roles=_COUNTY),
        Permission(name="orphan_care.publish", title=mark("申请按编号公示"), roles=_COUNTY),
    ]


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(
            name="orphan_care",
            title=mark("孤儿基本生活费"),
            account="5007",
            categories=(
                Category(code="ORPHAN_INST", title=mark("集中养育孤儿"), payee="institution"),
                Category(code="ORPHAN_DISP", title=mark("社会散居孤儿")),
                Category(code="UNATT", title=mark("事实无人抚养儿童")),
                Category(code="CONT_EDU", title=mark("年满 18 周岁继续就学")),
            ),
            amounts="plugins.orphan_care.amounts:amounts",
            sensitive=True,
            exclusion="orphan",
            exclusion_code="E_EXCLUSIVE",
        )
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="orphan_care.cases", title=mark("儿童档案"), months=None, document="民发〔2019〕62号"),
        RetentionRule(name="orphan_care.sponsors", title=mark("结对人信息"), months=120, document="handbook"),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("孤儿保障"), path="/orphan-care", icon="baby", permission="orphan_care.show", order=40)]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.orphan_care import json_api, pairing_web, web

    return [web.router, pairing_web.router, json_api.router]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.orphan_care.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.orphan_care.statistics import REPORTS

    return REPORTS


@hookimpl
def register_detectors() -> Iterable[Detector]:
    find = "plugins.orphan_care.auditing:over_age"
    return [Detector(name="orphan_care.over_age", title=mark("超龄仍在发放"), find=find)]


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.orphan_care.services.importing import IMPORT

    return [IMPORT]


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from plugins.orphan_care.health import officers_missing

    return [HealthCheck(name="orphan_care.officers", title=mark("县级儿童福利主管"), check=officers_missing)]


@hookimpl(optionalhook=True)
def register_notices_types() -> Iterable[Any]:
    from plugins.orphan_care.publishing import TYPES

    return TYPES


@hookimpl(optionalhook=True)
def check_benefits_enrolment(work: UnitOfWork, enrolments: Enrolments) -> Iterable[RowObjection]:
    from plugins.orphan_care.services.enrolled import without_file

    return without_file(work, enrolments)


@hookimpl(optionalhook=True)
def benefits_enrolled(work: UnitOfWork, enrolments: Enrolments, carried_over: bool) -> None:
    if carried_over:
        from plugins.orphan_care.services.carrying import take_over

        take_over(work, enrolments)


@hookimpl(optionalhook=True)
def benefits_ended(work: UnitOfWork, enrolments: Enrolments) -> None:
    from plugins.orphan_care.services.life_events import follow_ends

    follow_ends(work, enrolments)


@hookimpl
def payments_returned(work: UnitOfWork, payments: Payments) -> None:
    from plugins.orphan_care.services.life_events import follow_returns

    follow_returns(work, payments)


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.orphan_care.demo import STEPS

    return STEPS


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.orphan_care.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.orphan_care.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.orphan_care.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.orphan_care.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.orphan_care.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.orphan_care.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.orphan_care.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.orphan_care.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.orphan_care.desk import tasks

    return tasks(work)
