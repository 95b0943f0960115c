"""The switchboard: everything grids tell the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.api import (
    Command,
    Import,
    MenuItem,
    Panel,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    Task,
    Tile,
    UnitOfWork,
    hookimpl,
    mark,
)

PLUGIN = Plugin(
    name="urban_grid",
    title=mark("网格巡查"),
    api=(1, 0),
    version="1.2.0",
    models="huimin_urban_grid.models",
    hookspecs="huimin_urban_grid.hookspecs",
    commands=[
        Command(name="urban-grid", target="huimin_urban_grid.cli:group", help=mark("网格巡查：案件、网格、考核"))
    ],
    icon="map-pin",
    hue=7,
)
_DESK = ("clerk", "township_officer")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [Role(name="urban_grid_inspector", title=mark("网格巡查员"))]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (*_DESK, "urban_grid_inspector", "approver", "auditor")
    return [
        Permission(name="urban_grid.show", title=mark("看网格案件"), roles=readers, personal=False),
        Permission(name="urban_grid.report", title=mark("上报网格案件"), roles=(*_DESK, "urban_grid_inspector")),
        Permission(name="urban_grid.send", title=mark("派遣和结案"), roles=("clerk",)),
        Permission(name="urban_grid.handle", title=mark("登记处置"), roles=_DESK),
        Permission(name="urban_grid.check", title=mark("核查网格案件"), roles=("clerk", "urban_grid_inspector")),
        Permission(name="urban_grid.keep", title=mark("划定网格、指定巡查员"), roles=("clerk",)),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    from core.api import policy_keys

    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [RetentionRule(name="urban_grid.cases", title=mark("网格案件"), months=120, document="plugin")]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(title=mark("网格巡查"), path="/urban-grid", icon="map-pin", permission="urban_grid.show", order=90)
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from huimin_urban_grid import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_reports() -> Iterable[Report]:
    from huimin_urban_grid.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from huimin_urban_grid.importing import FIGURES

    return [FIGURES]


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from huimin_urban_grid.wording import in_words

    return in_words(action, details)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from huimin_urban_grid.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from huimin_urban_grid.desk import tasks

    return tasks(work)


@hookimpl
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from huimin_urban_grid.desk import panels

    return panels(work, person_ids)
