"""Reading the policies of a day: values with the versions they come from."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.api import UnitOfWork


def policies_on(
    work: "UnitOfWork", names: Sequence[str], on: date, area: str = ""
) -> tuple[dict[str, Any], dict[str, int]]:
    """Values of ``dibao.<name>`` on a day, as stored (ratios as text, money in fen), and the ids of their rows."""
    found = {name: work.policy_version(f"dibao.{name}", on=on, area=area) for name in names}
    return {name: one.value for name, one in found.items()}, {name: one.id for name, one in found.items()}
