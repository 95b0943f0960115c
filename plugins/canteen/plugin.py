"""The switchboard: everything canteens tell the core, and nothing else."""

from collections.abc import Iterable
from pathlib import Path

from core.api import Permission, Plugin, PolicyKey, Role, hookimpl, mark, policy_keys

PLUGIN = Plugin(
    name="canteen",
    title=mark("长者食堂"),
    api=(1, 0),
    hookspecs="plugins.canteen.hookspecs",
    models="plugins.canteen.models",
    hue=6,
    icon="utensils",
)

_COUNTY = ("clerk", "canteen_officer")
_DESK = (*_COUNTY, "township_officer")


@hookimpl
def register_roles() -> Iterable[Role]:
    return [
        Role(name="canteen_officer", title=mark("县级养老服务主管")),
        Role(name="canteen_operator", title=mark("长者食堂经营者")),
        Role(name="canteen_inspector", title=mark("食品安全检查员")),
    ]


@hookimpl
def register_permissions() -> Iterable[Permission]:
    readers = (*_DESK, "canteen_operator", "canteen_inspector", "reviewer", "approver", "auditor")
    return [
        Permission(name="canteen.show", title=mark("查看长者食堂"), roles=readers),
        Permission(name="canteen.diners", title=mark("查看就餐老人"), roles=(*_DESK, "auditor")),
        Permission(name="canteen.serve", title=mark("食堂柜台登记用餐"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.maintain", title=mark("维护站点、就餐老人和菜单"), roles=_DESK),
        Permission(name="canteen.menu", title=mark("登记菜单和留样"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.inspect", title=mark("登记检查和考核"), roles=(*_DESK, "canteen_inspector")),
        Permission(name="canteen.settle", title=mark("生成助餐结算"), roles=(*_DESK, "canteen_operator")),
        Permission(name="canteen.check", title=mark("乡镇审核助餐结算"), roles=("township_officer", "canteen_officer")),
        Permission(name="canteen.decide", title=mark("决定助餐政策、结算和补助"), roles=_COUNTY),
        Permission(name="canteen.export", title=mark("导出用餐记录"), roles=(*_COUNTY, "auditor")),
    ]


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    return policy_keys(Path(__file__).with_name("policies.toml"))
