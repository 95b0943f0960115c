"""What the doctor asks about the money: are the database's rules still there."""

import importlib
from typing import TYPE_CHECKING

from core import guards
from core.texts import _, listed

if TYPE_CHECKING:
    from core.host import Host

_VERSIONS = "core.migrations.versions"


def lost_rules(host: "Host") -> str | None:
    """The triggers that keep rolls, steps, ledger and bank files as they are."""
    first, free_money = (
        importlib.import_module(f"{_VERSIONS}.{name}") for name in ("core_0007_funds", "core_0010_free_money")
    )
    rules = {rule.name: rule for rule in (*first.RULES, *free_money.RULES)}
    with host.database.transaction(write=False) as connection:
        lost = [*guards.lost(connection, first.APPEND_ONLY), *guards.lost_rules(connection, rules.values())]
    if not lost:
        return None
    return _("资金表的数据库规则不见了：{names}。请从备份恢复，并查明是谁动了数据库", names=listed(lost))
