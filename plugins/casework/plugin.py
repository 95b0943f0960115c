"""The switchboard: everything casework tells the core and notices, and nothing else."""

from collections.abc import Iterable
from typing import Any

from core.api import (
    Command,
    HealthCheck,
    Indicator,
    Job,
    MenuItem,
    Merges,
    Moves,
    Objection,
    Panel,
    People,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Task,
    Tile,
    UnitOfWork,
    hookimpl,
    mark,
)

PLUGIN = Plugin(
    name="casework",
    title=mark("申请办理"),
    api=(1, 0),
    requires=("notices",),
    hookspecs="plugins.casework.hookspecs",
    models="plugins.casework.models",
    commands=[
        Command(name="casework", target="plugins.casework.cli:group", help=mark("申请办理：受理到审批、复核、停保"))
    ],
    hue=1,
    icon="list-checks",
)

_DESK = ("clerk", "township_officer")
_COUNTY = ("reviewer", "approver")
_READERS = (*_DESK, "proposer", *_COUNTY, "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="casework.show", title=mark("看申请"), roles=_READERS),
        Permission(name="casework.apply", title=mark("登记和提交申请"), roles=_DESK),
        Permission(name="casework.handle", title=mark("办理乡镇环节"), roles=_DESK),
        Permission(name="casework.check", title=mark("登记经济状况核对报告"), roles=("clerk", "reviewer")),
        Permission(name="casework.review", title=mark("县级审核和抽查"), roles=("reviewer",)),
        Permission(name="casework.decide", title=mark("县级审批"), roles=("approver",)),
        Permission(name="casework.confirm", title=mark("乡镇确认（委托下放时）"), roles=("township_officer",)),
        Permission(name="casework.maintain", title=mark("复核、暂停和停保"), roles=_COUNTY),
        Permission(name="casework.raw_check", title=mark("看核对原始数据"), roles=("reviewer",)),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    from pathlib import Path

    from core.api import policy_keys

    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [RetentionRule(name="casework.cases", title=mark("社会救助申请档案"), months=None, document="handbook")]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [MenuItem(title=mark("申请办理"), path="/casework", icon="list-checks", permission="casework.show", order=5)]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.casework import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_demo_steps() -> Iterable[Any]:
    from plugins.casework.demo import STEPS

    return STEPS


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(
            name="casework.follow_time",
            title=mark("到月开始享受、渐退期满"),
            run="plugins.casework.services.reviewing:follow_time",
            every="daily",
        )
    ]


@hookimpl(optionalhook=True)
def register_indicators() -> Iterable[Indicator]:
    from plugins.casework.indicators import INDICATORS

    return INDICATORS


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.casework.reports import REPORTS

    return REPORTS


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from plugins.casework.health import unfit_flows

    return [HealthCheck(name="casework.flows", title=mark("申请办理流程"), check=unfit_flows)]


@hookimpl
def register_notices_types() -> Iterable[Any]:
    from plugins.casework.services.noticing import NOTICE_TYPES

    return NOTICE_TYPES


@hookimpl
def notices_objection_decided(work: UnitOfWork, decided: Any) -> None:
    from plugins.casework.services.noticing import follow_objection

    follow_objection(work, decided)


@hookimpl
def person_died(work: UnitOfWork, deaths: People) -> None:
    from plugins.casework.services.life_events import follow_deaths

    follow_deaths(work, deaths)


@hookimpl
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    from plugins.casework.services.life_events import follow_moves

    follow_moves(work, moves)


@hookimpl
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    from plugins.casework.services.life_events import follow_merges

    follow_merges(work, merges)


@hookimpl
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    from plugins.casework.services.life_events import erasure_objections

    return erasure_objections(work, people)


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.casework.wording import in_words

    return in_words(action, details)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from plugins.casework.desk import panels

    return panels(work, person_ids)


@hookimpl
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    from plugins.casework.desk import panels

    return panels(work, (person_id,))


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.casework.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.casework.desk import tasks

    return tasks(work)
