"""Whether the flows of cases can be run as they are set."""

from datetime import date
from typing import Any

from core.api import _
from plugins.casework.flow import mistakes
from plugins.casework.types import gathered


def unfit_flows(host: Any) -> str | None:
    """None when every type of case can be run, else which flow is wrong and why."""
    types, failures = gathered(host)
    wrong = [f"{plugin}: {name}" for plugin, name in failures.items()]
    with host.database.transaction(write=False) as connection:
        for name, kind in types.items():
            version = host.policies.find(connection, kind.flow_key, date.max)
            wrong += [f"{name}: {one}" for one in mistakes(version.value)]
    if not wrong:
        return None
    return _("办理流程有误：{wrong}。请用 policy set 改正", wrong="；".join(wrong))
