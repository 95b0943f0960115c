"""The switchboard of the funds room: rights, menu, policy, reports, health."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from core.extension import MenuItem, Permission, Plugin, PolicyKey
from core.hookspecs import hookimpl
from core.policy import policy_keys
from core.texts import mark

if TYPE_CHECKING:
    pass

PLUGIN = Plugin(name="funds", title=mark("资金"), api=(1, 0), models="core.funds.models", hue=3, icon="landmark")

_CHAIN = ("proposer", "reviewer", "approver", "disburser", "accountant")
_READS = (*_CHAIN, "auditor")


@hookimpl
def register_permissions() -> Iterable[Permission]:
    return [
        Permission(name="funds.show", title=mark("看资金和批次"), roles=_READS),
        Permission(name="funds.add", title=mark("登记资金指标"), roles=("accountant",)),
        Permission(name="funds.receive", title=mark("登记到账和利息"), roles=("accountant", "disburser"), shell=True),  # noqa: S604 - the account
        Permission(name="funds.allocate", title=mark("分配资金"), roles=("proposer",)),
        Permission(name="funds.build", title=mark("生成名册和重发批次"), roles=("proposer",)),
        Permission(name="funds.submit", title=mark("提交批次"), roles=("proposer",)),
        Permission(name="funds.review", title=mark("复核批次"), roles=("reviewer",), second_person=True),
        Permission(name="funds.approve", title=mark("审批批次"), roles=("approver",), second_person=True),
        Permission(name="funds.release", title=mark("放行批次"), roles=("disburser",), second_person=True),
        Permission(name="funds.export", title=mark("生成银行文件"), roles=("disburser",), shell=True),  # noqa: S604 - the account
        Permission(name="funds.import_result", title=mark("导入银行回盘"), roles=("disburser",), shell=True),  # noqa: S604 - the account
        Permission(name="funds.recover", title=mark("办理追回"), roles=("accountant",)),
        Permission(name="funds.write_off", title=mark("核销追回"), roles=("approver",), second_person=True),
        Permission(name="funds.reverse", title=mark("冲销凭证"), roles=("accountant",)),
        Permission(name="funds.reconcile", title=mark("对账"), roles=("accountant", "auditor")),
        Permission(name="funds.enter_statement", title=mark("登记银行对账单"), roles=("accountant",)),
        Permission(name="funds.prepare_close", title=mark("月结（会计）"), roles=("accountant",)),
        Permission(name="funds.close", title=mark("月结（审计）"), roles=("auditor",), second_person=True),
        Permission(name="funds.reopen", title=mark("重开已结账的月份"), roles=("approver",), second_person=True),
        Permission(name="funds.declare_kin", title=mark("备案近亲属"), roles=("clerk", "township_officer")),
        Permission(name="funds.show_kin", title=mark("看近亲属备案"), roles=("clerk", "township_officer", "auditor")),
        Permission(name="funds.detect", title=mark("看内审线索"), roles=("accountant", "auditor")),
        Permission(name="funds.decide_finding", title=mark("答复内审线索"), roles=("accountant",)),
        Permission(name="funds.verify", title=mark("核验资金账"), roles=("accountant", "auditor")),
    ]


@hookimpl
def register_menu() -> Iterable[MenuItem]:
    return [
        MenuItem(
            title=mark("资金"), path="/funds", icon="landmark", permission="funds.show", group="money", order=10
        ),
        MenuItem(
            title=mark("发放批次"), path="/funds/batches", icon="banknote", permission="funds.show", group="money",
            order=20,
        ),
        MenuItem(
            title=mark("对账与月结"), path="/funds/reconcile", icon="scale", permission="funds.reconcile",
            group="money", order=30,
        ),
    ]  # fmt: skip


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))
