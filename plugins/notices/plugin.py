"""The switchboard: everything notices tells the core, and nothing else."""

from collections.abc import Iterable
from typing import Any

from core.api import (
    Column,
    Command,
    DemoStep,
    HealthCheck,
    Indicator,
    MenuItem,
    Merges,
    Panel,
    Parameter,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Task,
    UnitOfWork,
    hookimpl,
    mark,
)

PLUGIN = Plugin(
    name="notices",
    title=mark("公示"),
    api=(1, 0),
    settings="plugins.notices.settings:NoticesSettings",
    hookspecs="plugins.notices.hookspecs",
    models="plugins.notices.models",
    commands=[Command(name="notices", target="plugins.notices.cli:group", help=mark("公示：开具、张贴、异议、核验"))],
    hue=2,
    icon="megaphone",
)

_DESK = ("clerk", "township_officer")
_READERS = (*_DESK, "proposer", "reviewer", "approver", "accountant", "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="notices.show", title=mark("看公示"), roles=_READERS),
        Permission(name="notices.open", title=mark("开具公示"), roles=(*_DESK, "reviewer")),
        Permission(name="notices.post", title=mark("张贴公示"), roles=_DESK),
        Permission(name="notices.object", title=mark("登记公示异议"), roles=_DESK),
        Permission(name="notices.decide", title=mark("核实公示异议"), roles=(*_DESK, "reviewer")),
        Permission(name="notices.withdraw", title=mark("撤回公示"), roles=(*_DESK, "reviewer", "approver")),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    from pathlib import Path

    from core.api import policy_keys

    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="notices.sheets", title=mark("公示单和异议"), months=None, document="handbook"),
        RetentionRule(name="notices.photos", title=mark("张贴照片"), months=120, document="handbook"),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("公示"), path="/notices", icon="megaphone", permission="notices.show", order=60)]


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.notices.demo import STEPS

    return STEPS


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.notices import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_public_routes() -> Iterable[Any]:
    from plugins.notices.public import public_router

    return [public_router()]


@hookimpl
def register_notices_types() -> Iterable[Any]:
    from plugins.notices.types import OWN

    return OWN


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from plugins.notices.health import missing_offices, unfit_types

    return [
        HealthCheck(name="notices.offices", title=mark("公示的受理电话"), check=missing_offices),
        HealthCheck(name="notices.types", title=mark("公示种类"), check=unfit_types),
    ]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.notices.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.notices.queries import report_rows
    from plugins.notices.states import STATES

    return [
        Report(
            name="notices-list",
            title=mark("公示台账"),
            permission="notices.show",
            parameters=[
                Parameter(name="month", title=mark("月份"), kind="month"),
                Parameter(name="state", title=mark("状态"), kind="choice", choices=tuple(STATES.items())),
            ],
            columns=[
                Column(name="number", title=mark("公示编号")),
                Column(name="title", title=mark("公示名称")),
                Column(name="round", title=mark("轮次")),
                Column(name="area", title=mark("区划")),
                Column(name="scheme", title=mark("业务")),
                Column(name="opened_on", title=mark("开具日期"), kind="date"),
                Column(name="lines", title=mark("行数"), kind="integer", total=True),
                Column(name="ends_on", title=mark("期满日"), kind="date"),
                Column(name="state", title=mark("状态")),
                Column(name="ended_on", title=mark("结束日期"), kind="date"),
            ],
            rows=report_rows,
        )
    ]


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.notices.merging import follow_merges

    follow_merges(work, merges)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.notices.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.notices.desk import household_panels

    return household_panels(work, person_ids)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.notices.desk import tasks

    return tasks(work)
