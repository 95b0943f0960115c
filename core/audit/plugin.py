"""The switchboard of the audit room: rights, commands, menu, the daily anchor."""

from collections.abc import Iterable
from typing import Any

from core.extension import Job, MenuItem, Permission, Plugin
from core.hookspecs import hookimpl
from core.texts import mark

PLUGIN = Plugin(
    name="audit",
    title=mark("审计"),
    api=(1, 0),
    models="core.audit.models",
    hue=8,
    icon="shield-check",
)


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="audit.show", title=mark("看审计记录"), roles=("auditor",), shell=True),  # noqa: S604 - the account
        Permission(name="audit.sample", title=mark("抽查审计记录"), roles=("auditor",), shell=True),  # noqa: S604 - the account
        Permission(name="audit.export", title=mark("导出审计记录"), roles=("auditor",), shell=True),  # noqa: S604 - the account
        Permission(name="audit.verify", title=mark("校验审计链"), roles=("auditor", "system_admin"), personal=False),
        Permission(
            name="audit.anchor",
            title=mark("打印审计锚点"),
            roles=("auditor", "system_admin", "accountant"),
            personal=False,
        ),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("审计"),
            path="/audit",
            icon="shield-check",
            permission="audit.show",
            group="administration",
            order=50,
        )
    ]


@hookimpl
def register_jobs() -> Iterable[Job]:
    run = "core.audit.services:anchor_daily"
    return [Job(name="audit.anchor", title=mark("每日审计锚点"), run=run, every="daily")]


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from core.audit.wording import in_words

    return in_words(action, details)
