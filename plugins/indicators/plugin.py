"""The switchboard: everything the indicator catalogue tells the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.api import (
    Command,
    DemoStep,
    Import,
    MenuItem,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Task,
    Tile,
    hookimpl,
    mark,
    policy_keys,
)

if TYPE_CHECKING:
    from core.api import UnitOfWork
else:
    UnitOfWork = object

PLUGIN = Plugin(
    name="indicators",
    title=mark("指标目录"),
    api=(1, 0),
    models="plugins.indicators.models",
    hookspecs="plugins.indicators.hookspecs",
    commands=[
        Command(
            name="indicators",
            target="plugins.indicators.cli:group",
            help=mark("指标目录：统计指标、目标、填报数核对、月报和季报"),
        )
    ],
    hue=7,
    icon="trending-up",
)


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = ("clerk", "township_officer", "proposer", "reviewer", "approver", "accountant", "auditor")
    return [
        Permission(name="indicators.show", title=mark("查看统计指标"), roles=readers, personal=False),
        Permission(name="indicators.keep", title=mark("设定指标目标、录入填报数"), roles=("clerk",), personal=False),
        Permission(name="indicators.make", title=mark("编制指标报表"), roles=("clerk",), personal=False),
        Permission(
            name="indicators.acknowledge",
            title=mark("说明填报数不符原因"),
            roles=("reviewer", "approver"),
            personal=False,
            second_person=True,
        ),
        Permission(
            name="indicators.check",
            title=mark("审核指标报表"),
            roles=("reviewer",),
            personal=False,
            second_person=True,
        ),
        Permission(
            name="indicators.issue",
            title=mark("签发指标报表"),
            roles=("approver",),
            personal=False,
            second_person=True,
        ),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    return [
        RetentionRule(name="indicators.reports", title=mark("指标报表"), months=None, document="中华人民共和国统计法")
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("指标目录"),
            path="/indicators",
            icon="trending-up",
            permission="indicators.show",
            group="money",
            order=79,
        )
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from plugins.indicators import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_reports() -> Iterable[Report]:
    from plugins.indicators.statistics import REPORTS

    return REPORTS


@hookimpl
def register_imports() -> Iterable[Import]:
    from plugins.indicators.services.importing import IMPORTS

    return IMPORTS


@hookimpl
def register_demo_steps() -> Iterable[DemoStep]:
    from plugins.indicators.demo import STEPS

    return STEPS


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from plugins.indicators.wording import in_words

    return in_words(action, details)


@hookimpl
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    from plugins.indicators.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from plugins.indicators.desk import tasks

    return tasks(work)
