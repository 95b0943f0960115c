"""What the doctor asks of notices: is there a telephone number under which people can object."""

from typing import Any

from core.api import _
from plugins.notices.settings import NoticesSettings
from plugins.notices.types import gathered


def missing_offices(host: Any) -> str | None:
    """None when the county has a number, else what to fill in."""
    settings = host.settings.plugin.get("notices") or NoticesSettings()
    county = host.settings.county
    own = settings.offices.get(county.code)
    if county.phone or (own and own.phone):
        return None
    return _("公示单上没有受理电话：在 [county] 填 phone，或在 [plugin.notices] 的 offices 里填")


def unfit_types(host: Any) -> str | None:
    """None when every plugin's kinds of notice can be used, else which cannot."""
    failures = gathered(host)[1]
    if not failures:
        return None
    return _("有公示种类不能用：{which}", which="；".join(f"{plugin} {reason}" for plugin, reason in failures.items()))
