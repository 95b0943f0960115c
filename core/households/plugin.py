"""The switchboard of the household room: rights, menu, jobs, policy, health."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.extension import HealthCheck, Job, MenuItem, Permission, Plugin, PolicyKey, Report, Task, Tile
from core.hookspecs import Merges, hookimpl
from core.policy import policy_keys
from core.roles import ROLES
from core.texts import mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

PLUGIN = Plugin(
    name="households", title=mark("户籍登记"), api=(1, 0), models="core.households.models", hue=2, icon="house"
)

_DESK = ("clerk", "township_officer")
_READS = (*_DESK, "proposer", "reviewer", "approver", "accountant", "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    everybody = tuple(role.name for role in ROLES)
    return [
        Permission(name="area.show", title=mark("看区划"), roles=everybody, personal=False),
        Permission(name="area.set", title=mark("维护区划"), roles=("system_admin",), personal=False),
        Permission(name="area.import", title=mark("导入区划"), roles=("system_admin",), personal=False),
        Permission(name="household.show", title=mark("看户籍登记"), roles=_READS),
        Permission(name="household.change", title=mark("登记和变更户"), roles=_DESK),
        Permission(name="household.import", title=mark("导入名册"), roles=_DESK),
        Permission(name="household.export", title=mark("导出名册"), roles=(*_DESK, "auditor")),
        Permission(name="household.group", title=mark("登记共同生活成员和供养关系"), roles=_DESK),
        Permission(name="household.compare", title=mark("核对疑似重复"), roles=_DESK),
        Permission(name="household.decide_duplicate", title=mark("确认重复档案"), roles=_DESK, second_person=True),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("户籍登记"), path="/households", icon="house", permission="household.show", group="", order=20
        ),
        MenuItem(
            title=mark("区划"), path="/areas", icon="map-pin", permission="area.set", group="administration", order=25
        ),
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from core.households import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_reports() -> Iterable[Report]:
    from core.households.reports import REPORTS

    return REPORTS


@hookimpl
def show_desk_tiles(work: "UnitOfWork") -> Iterable[Tile]:
    from core.households.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: "UnitOfWork") -> Iterable[Task]:
    from core.households.desk import tasks

    return tasks(work)


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_jobs() -> Iterable[Job]:
    rosters, search = "core.households.importing.rosters", "core.households.duplicates:queue_candidates"
    return [
        Job(name="households.forget_rosters", title=mark("删除过期名册"), run=f"{rosters}:forget_old", every="daily"),
        Job(
            name="households.sweep_rosters",
            title=mark("清理没有登记的名册文件"),
            run=f"{rosters}:sweep_files",
            every="daily",
        ),
        Job(name="households.find_duplicates", title=mark("查找疑似重复"), run=search),
    ]


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from core.households.wording import in_words

    return in_words(action, details)


@hookimpl
def people_merged(work: "UnitOfWork", merges: Merges) -> None:
    from core.households.merging import follow_merges

    follow_merges(work, merges)


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from core.households.search import index_health

    return [HealthCheck(name="households.search", title=mark("查找索引"), check=index_health)]
