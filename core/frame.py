"""The switchboard of the frame itself: plugins, settings, policy, jobs, backup. Written like any room."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.extension import HealthCheck, Job, MenuItem, Permission, Plugin, PolicyKey, Role
from core.hookspecs import hookimpl
from core.policy import policy_keys
from core.roles import ROLES
from core.texts import mark

PLUGIN = Plugin(name="core", title=mark("平台"), api=(1, 0), models="core.models", hue=8, icon="blocks")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    admin = ("system_admin", "auditor")
    return [
        Permission(name="core.desk", title=mark("看工作台"), roles=tuple(role.name for role in ROLES), personal=False),
        Permission(name="plugin.show", title=mark("看插件"), roles=admin, personal=False),
        Permission(name="plugin.switch", title=mark("启用或停用插件"), roles=("system_admin",), personal=False),
        Permission(name="plugin.export", title=mark("导出插件数据"), roles=("auditor",), shell=True),  # noqa: S604 - no command
        Permission(name="settings.show", title=mark("看设置"), roles=admin, personal=False),
        Permission(name="settings.set", title=mark("改设置"), roles=("system_admin",), personal=False),
        Permission(
            name="policy.show",
            title=mark("看政策参数"),
            roles=tuple(role.name for role in ROLES),
            personal=False,
        ),
        Permission(name="policy.set", title=mark("设置政策参数"), roles=("proposer", "system_admin"), personal=False),
        Permission(
            name="policy.confirm", title=mark("确认政策参数"), roles=("approver",), personal=False, second_person=True
        ),
        Permission(name="job.show", title=mark("看后台任务"), roles=admin, personal=False),
        Permission(name="job.run", title=mark("运行后台任务"), roles=("system_admin",), personal=False),
        Permission(name="backup.make", title=mark("备份和检查恢复"), roles=("system_admin",), personal=False),
        Permission(name="key.show", title=mark("看密钥用到哪一号"), roles=admin, personal=False),
        Permission(name="key.exchange", title=mark("更换和分存密钥"), roles=("system_admin",), personal=False),
        Permission(name="calendar.set", title=mark("设置工作日"), roles=("system_admin",), personal=False),
        Permission(
            name="report.show",
            title=mark("看报表"),
            roles=("clerk", "township_officer", "accountant", "auditor", "reviewer", "approver"),
        ),
        Permission(name="account.show", title=mark("看账号"), roles=("security_admin", "auditor"), personal=False),
        Permission(name="account.set", title=mark("管理账号和授权"), roles=("security_admin",), personal=False),
    ]


@hookimpl
def register_roles() -> Iterable[Role]:
    return ROLES


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("handbook.toml"))


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(title=mark("工作台"), path="/", icon="layout-dashboard", permission="core.desk", group="", order=10),
        MenuItem(
            title=mark("报表与导出"), path="/reports", icon="table-2", permission="report.show", group="money", order=80
        ),
        MenuItem(
            title=mark("插件"),
            path="/plugins",
            icon="blocks",
            permission="plugin.show",
            group="administration",
            order=10,
        ),
        MenuItem(
            title=mark("设置"),
            path="/settings",
            icon="settings-2",
            permission="settings.show",
            group="administration",
            order=20,
        ),
        MenuItem(
            title=mark("政策参数"),
            path="/policy",
            icon="list-checks",
            permission="policy.show",
            group="administration",
            order=30,
        ),
        MenuItem(
            title=mark("账号与角色"),
            path="/accounts",
            icon="user-round",
            permission="account.show",
            group="administration",
            order=40,
        ),
        MenuItem(
            title=mark("后台任务"),
            path="/jobs",
            icon="refresh-cw",
            permission="job.show",
            group="administration",
            order=60,
        ),
        MenuItem(
            title=mark("体检"),
            path="/doctor",
            icon="stethoscope",
            permission="settings.show",
            group="administration",
            order=70,
        ),
    ]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(
            name="core.forget_uploads",
            title=mark("删除过期的导入文件"),
            run="core.imports.waiting:forget_old",
            every="daily",
        )
    ]


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from core.health import core_checks

    return core_checks()


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from core.wording import in_words

    return in_words(action, details)
