"""The switchboard of the funds room: rights, menu, policy, reports, health."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import Objection
from core.extension import (
    Chart,
    Detector,
    HealthCheck,
    Job,
    MenuItem,
    Panel,
    Permission,
    Plugin,
    PolicyKey,
    Report,
    RetentionRule,
    Task,
    Tile,
)
from core.hookspecs import People, hookimpl
from core.policy import policy_keys
from core.texts import mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

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
        MenuItem(
            title=mark("内审线索"), path="/funds/findings", icon="file-search", permission="funds.detect",
            group="money", order=40,
        ),
        MenuItem(
            title=mark("近亲属备案"), path="/funds/kin", icon="users", permission="funds.show_kin", group="money",
            order=50,
        ),
    ]  # fmt: skip


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))


@hookimpl
def register_detectors() -> Iterable[Detector]:
    kinds = {
        "paid_after_death": mark("死亡以后仍在发放"),
        "paid_twice": mark("同一个月重复发放"),
        "shared_account": mark("几户共用一个账号"),
        "payee_name": mark("户名与本人不符"),
        "outside_whitelist": mark("付给没有登记的账户"),
        "without_minutes": mark("分配没有完整的会议记录"),
        "restricted_use": mark("定向资金用于别处"),
        "idle_money": mark("资金长期没有动用"),
        "relative_undeclared": mark("经办人的家人在名册上，没有备案"),
        "totals": mark("名册合计与各行之和不符"),
    }
    return [
        Detector(name=f"funds.{kind}", title=title, find=f"core.funds.detectors:{kind}")
        for kind, title in kinds.items()
    ]


@hookimpl
def register_jobs() -> Iterable[Job]:
    return [
        Job(
            name="funds.detect",
            title=mark("内审：查上月线索"),
            run="core.funds.detectors:detect_last_month",
            every="monthly",
        )
    ]


@hookimpl
def register_retention_rules() -> Iterable[RetentionRule]:
    document = mark("财政部、国家档案局令第79号 会计档案管理办法：会计凭证 30 年")
    return [
        RetentionRule(
            name="funds.vouchers", title=mark("凭证、名册、会议记录和银行文件"), months=360, document=document
        )
    ]


@hookimpl
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    from core.funds.wording import in_words

    return in_words(action, details)


@hookimpl
def check_person_erasure(work: "UnitOfWork", people: People) -> Iterable[Objection]:
    from core.funds.keeping import objections

    return objections(work, people)


@hookimpl
def register_health_checks() -> Iterable[HealthCheck]:
    from core.funds.health import lost_rules

    return [HealthCheck(name="funds.rules", title=mark("资金的数据库规则"), check=lost_rules, fatal=True)]


@hookimpl
def register_reports() -> Iterable[Report]:
    from core.funds.reports import REPORTS

    return REPORTS


@hookimpl
def register_routes() -> Iterable[Any]:
    from core.funds import json_api, web

    return [web.router, json_api.router]


@hookimpl
def show_desk_tiles(work: "UnitOfWork") -> Iterable[Tile]:
    from core.funds.desk import tiles

    return tiles(work)


@hookimpl
def show_desk_tasks(work: "UnitOfWork") -> Iterable[Task]:
    from core.funds.desk import tasks

    return tasks(work)


@hookimpl
def show_desk_charts(work: "UnitOfWork") -> Iterable[Chart]:
    from core.funds.desk import charts

    return charts(work)


@hookimpl
def show_household_panels(work: "UnitOfWork", household_id: int, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    from core.funds.desk import payment_panels

    return payment_panels(work, person_ids)
