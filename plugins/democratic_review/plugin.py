"""The switchboard: everything democratic review tells the core and casework, and nothing else."""

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
    RowObjection,
    Task,
    Tile,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import Payments, UnitOfWork
    from plugins.casework.api import CaseAdvanced, CaseDecided, CaseFacts, CaseStep
else:
    Payments = UnitOfWork = CaseAdvanced = CaseDecided = CaseFacts = CaseStep = object

PLUGIN = Plugin(
    name="democratic_review",
    title=mark("评审团票决"),
    api=(1, 0),
    requires=("casework",),
    models="plugins.democratic_review.models",
    commands=[
        Command(
            name="democratic-review",
            target="plugins.democratic_review.cli:group",
            help=mark("评审团票决：评审团、票决记录、违规和排名"),
        )
    ],
    hue=6,
    icon="vote",
)

_DESK = ("clerk", "township_officer")
_READERS = (*_DESK, "proposer", "reviewer", "approver", "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="democratic_review.show", title=mark("看评审团票决"), roles=_READERS),
        Permission(name="democratic_review.panel", title=mark("登记评审团"), roles=_DESK),
        Permission(name="democratic_review.record", title=mark("登记票决"), roles=_DESK),
        Permission(name="democratic_review.assess", title=mark("登记票决违规和得分"), roles=("clerk", "reviewer")),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="democratic_review.panels", title=mark("评审团名册"), months=None, document="handbook"),
        RetentionRule(name="democratic_review.ballots", title=mark("票决记录"), months=None, document="handbook"),
        RetentionRule(
            name="democratic_review.evidence", title=mark("票决照片和签字记录"), months=120, document="handbook"
        ),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("评审团票决"),
            path="/democratic-review",
            icon="vote",
            permission="democratic_review.show",
            order=55,
        )
    ]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.democratic_review.demo import STEPS

    return STEPS


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.democratic_review import assessment_web, json_api, panel_web, web

    return [web.router, panel_web.router, assessment_web.router, json_api.router]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.democratic_review.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.democratic_review.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.democratic_review.services.importing import IMPORT

    return [IMPORT]


@hookimpl(optionalhook=True)
def check_casework_step(work: UnitOfWork, step: CaseStep) -> Iterable[Objection]:
    from plugins.democratic_review.gate import step_objections

    return list(step_objections(work, step))


@hookimpl(optionalhook=True)
def casework_advanced(work: UnitOfWork, advanced: CaseAdvanced) -> None:
    from plugins.democratic_review.services.entries import follow

    follow(work, advanced)


@hookimpl(optionalhook=True)
def casework_decided(work: UnitOfWork, decided: CaseDecided) -> None:
    from plugins.democratic_review.services.violating import notice_decision

    notice_decision(work, decided)


@hookimpl(optionalhook=True)
def show_casework_sections(work: UnitOfWork, case: CaseFacts) -> Iterable[Panel]:
    from plugins.democratic_review.showing import case_sections

    return case_sections(work, case)


@hookimpl(optionalhook=True)
def resolve_donations_ballot(work: UnitOfWork, reference: str) -> bool:
    from plugins.democratic_review.references import passed_by

    return passed_by(work, reference)


@hookimpl(optionalhook=True)
def resolve_double_support_ballot(work: UnitOfWork, reference: str, area: str) -> bool:
    from plugins.democratic_review.references import passed_by

    return passed_by(work, reference, area)


@hookimpl
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    from plugins.democratic_review.gate import payment_objections

    return payment_objections(work, payments)


@hookimpl
def payments_settled(work: UnitOfWork, payments: Payments) -> None:
    from plugins.democratic_review.services.violating import notice_payments

    notice_payments(work, payments)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.democratic_review.wording import in_words

    return in_words(action, details)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.democratic_review.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.democratic_review.desk import tasks

    return tasks(work)
