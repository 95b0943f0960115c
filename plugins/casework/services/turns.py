"""One step being taken on a case: what every guard and effect looks at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import Objection, _, refuse, staff_titles
from plugins.casework.api import CaseFacts, CaseType, Computation
from plugins.casework.flow import Flow
from plugins.casework.models import Case
from plugins.casework.wishes import StepData

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass
class Turn:
    """A step: the case, its flow and facts, what was typed, the day, and the state it leads to.

    ``log`` is what the event keeps beside; ``found`` the computation, where the step asked for one.
    """

    work: "UnitOfWork"
    case: Case
    kind: CaseType
    flow: Flow
    facts: CaseFacts
    event: str
    wish: Any
    on: date
    to_state: str = ""
    reason: str = ""
    found: Computation | None = None
    log: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The id of the case."""
        return self.case.id or 0


def day_of(work: "UnitOfWork", wish: StepData, not_before: date | None) -> date:
    """The day of a step: today when left open, never ahead, never before the step before (``E_BACKDATE``)."""
    on = wish.on or work.today
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DAY")
    if not_before is not None and on < not_before:
        raise refuse(_("办理时间不得早于上一环节（{day}）", day=not_before), field="on", code="E_BACKDATE")
    return on


def objection(reason: str, code: str, at: str = "", hint: str | None = None) -> Objection:
    """An objection of the state table at a field."""
    return Objection(reason=reason, field=at or None, code=code, hint=hint)


def staff_of(work: "UnitOfWork", names: Sequence[str]) -> list[tuple[str, int | None]]:
    """Name and account id of investigators, who are named by account or by name; None for who has no account."""
    known = staff_titles(work, names)
    return [known.get(name, (name, None)) for name in names]
