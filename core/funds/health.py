"""What the doctor asks about the money: are the database's rules still there."""

import importlib
from typing import TYPE_CHECKING

from core import guards
from core.texts import _, listed

if TYPE_CHECKING:
    from core.host import Host

_REVISION = "core.migrations.versions.core_0007_funds"


def lost_rules(host: "Host") -> str | None:
    """The triggers that keep rolls, steps, ledger and bank files as they are."""
    revision = importlib.import_module(_REVISION)
    with host.database.transaction(write=False) as connection:
        lost = [*guards.lost(connection, revision.APPEND_ONLY), *guards.lost_rules(connection, revision.RULES)]
    if not lost:
        return None
    return _("资金表的数据库规则不见了：{names}。请从备份恢复，并查明是谁动了数据库", names=listed(lost))
