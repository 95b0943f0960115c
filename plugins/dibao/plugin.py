"""The switchboard: everything dibao tells the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Category,
    Command,
    DemoStep,
    Detector,
    Extra,
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
    from core.api import Merges, People, UnitOfWork
    from plugins.benefits.api import Enrolments, NewStandard
    from plugins.casework.api import CaseAdvanced, CaseDecided, CaseFacts, CaseStep, CaseType
else:
    Merges = People = UnitOfWork = object
    Enrolments = NewStandard = CaseAdvanced = CaseDecided = CaseFacts = CaseStep = CaseType = object

PLUGIN = Plugin(
    name="dibao",
    title=mark("最低生活保障"),
    api=(1, 0),
    requires=("benefits", "casework", "notices"),
    models="plugins.dibao.models",
    commands=[
        Command(
            name="dibao",
            target="plugins.dibao.cli:group",
            help=mark("低保：收入和财产、测算、价格补贴、边缘家庭、统计"),
        )
    ],
    hue=2,
    icon="house",
)

_DESK = ("clerk", "township_officer")
_READERS = (*_DESK, "proposer", "reviewer", "approver", "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="dibao.show", title=mark("查看低保测算和名单"), roles=_READERS),
        Permission(name="dibao.assess", title=mark("登记收入、财产和成员情况"), roles=(*_DESK, "reviewer")),
        Permission(name="dibao.margin", title=mark("登记低保边缘家庭"), roles=(*_DESK, "reviewer")),
        Permission(name="dibao.set_price", title=mark("设定价格补贴月份"), roles=("clerk", "proposer")),
        Permission(name="dibao.campaign", title=mark("办理全面复核"), roles=("clerk", "reviewer")),
        Permission(name="dibao.link", title=mark("提供联动帮扶名单"), roles=("clerk",)),
        Permission(name="dibao.recompute", title=mark("按生活变化重新测算"), roles=("reviewer", "approver")),
        Permission(name="dibao.raise", title=mark("按新标准更新核定"), roles=("clerk", "proposer")),
        Permission(name="dibao.hold_to_account", title=mark("查看责任追究"), roles=("reviewer", "approver", "auditor")),
        Permission(name="dibao.export", title=mark("导出低保数据"), roles=("clerk",)),
    ]


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(
            name="dibao",
            title=mark("最低生活保障"),
            account="5001",
            beneficiary="family",
            categories=(
                Category(code="urban", title=mark("城市低保")),
                Category(code="rural", title=mark("农村低保")),
            ),
            amounts="plugins.dibao.amounts:amounts",
            rests_on="plugins.dibao.amounts:rests_on",
            exclusion="dibao",
            exclusion_code="E_DB_EXCL",
            extras=(Extra(component="PRICE", title=mark("价格补贴"), amounts="plugins.dibao.pricing:amounts"),),
        )
    ]


@hookimpl(optionalhook=True)
def register_casework_types() -> Iterable[CaseType]:
    from plugins.casework.api import CaseType as Type

    return [
        Type(
            name="dibao",
            title=mark("最低生活保障"),
            prefix="DB",
            flow_key="dibao.flow",
            phase_out_key="dibao.phase_out_months",
            compute="plugins.dibao.computing:compute",
            legal_basis="《社会救助暂行办法》（国务院令第649号）、《最低生活保障审核确认办法》（民发〔2021〕57号）",
            fits="plugins.dibao.computing:fits",
        )
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="dibao.families", title=mark("低保家庭收入和财产"), months=120, document="handbook"),
        RetentionRule(
            name="dibao.awards", title=mark("低保补助核定"), months=360, document="财政部 国家档案局令第79号"
        ),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("最低生活保障"), path="/dibao", icon="house", permission="dibao.show", order=30)]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.dibao.demo import STEPS

    return STEPS


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.dibao import json_api, web

    return [web.router, json_api.router]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.dibao.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.dibao.reports import REPORTS

    return REPORTS


@hookimpl
def register_detectors() -> Iterable[Detector]:
    return [
        Detector(
            name="dibao.wrong_approval",
            title=mark("低保审批有误，应当追究责任"),
            find="plugins.dibao.accountability:suspicions",
        )
    ]


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.dibao.services.importing import IMPORT
    from plugins.dibao.services.registering import REGISTER

    return [IMPORT, REGISTER]


@hookimpl(optionalhook=True)
def register_notices_types() -> Iterable[Any]:
    from plugins.dibao.publishing import TYPES

    return TYPES


@hookimpl(optionalhook=True)
def check_casework_step(work: UnitOfWork, step: CaseStep) -> Iterable[Objection]:
    from plugins.dibao.gates import objections

    return objections(work, step)


@hookimpl(optionalhook=True)
def casework_advanced(work: UnitOfWork, advanced: CaseAdvanced) -> None:
    if advanced.case.type == "dibao":
        from plugins.dibao.services.deciding import follow_step

        follow_step(work, advanced)


@hookimpl(optionalhook=True)
def casework_decided(work: UnitOfWork, decided: CaseDecided) -> None:
    if decided.case.type == "dibao":
        from plugins.dibao.services.deciding import follow_decision

        follow_decision(work, decided)


@hookimpl(optionalhook=True)
def resolve_canteen_statuses(work: UnitOfWork, status: str, person_ids: Any, days: Any) -> Any:
    from plugins.dibao.canteens import on_dibao

    return on_dibao(work, status, person_ids, days)


@hookimpl(optionalhook=True)
def show_casework_sections(work: UnitOfWork, case: CaseFacts) -> Iterable[Panel]:
    if case.type != "dibao":
        return []
    from plugins.dibao.sections import sections

    return sections(work, case)


@hookimpl(optionalhook=True)
def check_benefits_standard(work: UnitOfWork, standard: NewStandard) -> Iterable[Objection]:
    from plugins.dibao.gates import unit_objections

    return unit_objections(work, standard)


@hookimpl(optionalhook=True)
def check_benefits_enrolment(work: UnitOfWork, enrolments: Enrolments) -> Iterable[RowObjection]:
    from plugins.dibao.gates import overlapping

    return overlapping(work, enrolments)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.dibao.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.dibao.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.dibao.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.dibao.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.dibao.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    from plugins.dibao.desk import town_figures

    return town_figures(work)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.dibao.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.dibao.desk import tasks

    return tasks(work)
