"""What the doctor asks of orphan care: is there somebody who may know what only the county officer may know."""

from typing import Any

from core.api import _


def officers_missing(host: Any) -> str | None:
    """None when the role of the county officer is there; a plugin that was quarantined has none."""
    if "orphan_care_officer" in host.roles:
        return None
    return _("没有县级儿童福利主管这个角色，请检查插件")
