"""The switchboard of identity: persons, their papers and lives, attachments."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.extension import Command, Job, MenuItem, Permission, Plugin, PolicyKey, RetentionRule, Task
from core.hookspecs import hookimpl
from core.policy import policy_keys
from core.texts import mark

if TYPE_CHECKING:
    from core.work import UnitOfWork
else:
    UnitOfWork = object

PLUGIN = Plugin(
    name="identity",
    title=mark("人员档案"),
    api=(1, 0),
    models="core.identity.models",
    commands=(Command(name="person", target="core.identity.cli:group", help=mark("人员：查找、登记、证件、生命事件")),),
    hue=8,
    icon="user-round",
)

_REGISTRY = ("clerk", "township_officer")
_READERS = (*_REGISTRY, "proposer", "reviewer", "approver", "disburser", "accountant", "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="person.show", title=mark("看人员档案"), roles=_READERS),
        Permission(name="person.add", title=mark("登记人员"), roles=_REGISTRY),
        Permission(name="person.change", title=mark("更改人员档案"), roles=_REGISTRY),
        Permission(name="person.reveal", title=mark("查看完整号码"), roles=(*_REGISTRY, "reviewer", "auditor")),
        Permission(
            name="person.confirm",
            title=mark("确认更正、合并和撤销"),
            roles=(*_REGISTRY, "reviewer", "approver"),
            second_person=True,
        ),
        Permission(name="person.erase", title=mark("清除保存期满的个人信息"), roles=("clerk",)),
        Permission(name="attachment.show", title=mark("看附件"), roles=_READERS),
        Permission(name="attachment.add", title=mark("添加附件"), roles=_REGISTRY),
        Permission(name="attachment.remove", title=mark("删除附件"), roles=_REGISTRY),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(title=mark("人员"), path="/people", icon="user-round", permission="person.show", group="", order=30)
    ]


@hookimpl
def register_routes() -> Iterable[Any]:
    from core.identity import json_api, web

    return [web.router, json_api.router]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_jobs() -> Iterable[Job]:
    files = "core.identity.attachments"
    return [
        Job(name="identity.remove_expired", title=mark("删除到期的附件"), run=f"{files}:remove_expired", every="daily"),
        Job(
            name="identity.sweep_files", title=mark("清理没有登记的附件文件"), run=f"{files}:sweep_files", every="daily"
        ),
    ]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    handbook = mark("手册 identity-and-household 第 10 节，待县里确认")
    over = mark("手册 identity-and-household 第 10 节，待县里确认；从死亡或迁出本县之日起，由政策参数定")
    return [
        RetentionRule(
            name="identity.persons", title=mark("人员姓名、曾用名、民族、出生月日、地址"), months=120, document=over
        ),
        RetentionRule(name="identity.documents", title=mark("证件号码（加密）"), months=120, document=over),
        RetentionRule(name="identity.phones", title=mark("联系电话（加密，只存现用的）"), months=120, document=over),
        RetentionRule(
            name="identity.bank_accounts",
            title=mark("银行账号（加密）；有发放记录的，资金凭证满 30 年前不清除"),
            months=120,
            document=over,
        ),
        RetentionRule(
            name="identity.events", title=mark("生命事件的内容（种类和日期留存）"), months=120, document=over
        ),
        RetentionRule(name="identity.proposals", title=mark("待第二人确认的事项"), months=120, document=handbook),
        RetentionRule(name="identity.attachments", title=mark("附件"), months=120, document=handbook),
    ]


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from core.identity.wording import in_words

    return in_words(action)


@hookimpl
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    from core.identity.tasks import certificates_to_replace, proposals_to_decide

    return [*proposals_to_decide(work), *certificates_to_replace(work)]
