"""What the papers of cases share: head, office, days and words. Papers are in Chinese, whatever their clerk reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from core.api import Column, NotFound, Sheet, _, format_money, refuse
from plugins.casework.api import CaseType
from plugins.casework.reading import CaseFile
from plugins.notices.api import office_name

if TYPE_CHECKING:
    from core.api import UnitOfWork

SECRET = "涉及家庭经济状况和个人信息，只用于本件办理，不得公开。"  # noqa: S105 - what a paper says, no password
Pair = tuple[str, str]


@dataclass(frozen=True)
class Printing:
    """A paper being drawn: the unit of work, the case with everything that hangs on it, and its kind."""

    work: "UnitOfWork"
    file: CaseFile
    kind: CaseType

    @property
    def county(self) -> str:
        """The county's bureau."""
        return office_name(self.work, self.file.case.area[:6])

    @property
    def township(self) -> str:
        """The government of the township, which signs what it takes in."""
        return office_name(self.work, self.file.case.area[:9])

    @property
    def decider(self) -> str:
        """Who decides: the county, or the township the power is delegated to."""
        return self.township if self.file.flow.delegated else self.county

    def head(self) -> list[Pair]:
        """The lines every paper begins with."""
        case = self.file.case
        return [
            ("申请人", case.applicant),
            ("户号", case.household_number),
            ("业务", self.kind.title),
            ("村（社区）", case.place or case.area),
        ]

    def form(self, title: str, fields: list[Pair], signatures: tuple[str, ...] = (), **more: Any) -> Sheet:
        """A form of this case: head, its own fields, who signs."""
        return self._sheet("form", title, [*self.head(), *fields], signatures=signatures, **more)

    def letter(self, title: str, fields: list[Pair], paragraphs: tuple[str, ...], **more: Any) -> Sheet:
        """A letter to the applicant, under a seal."""
        return self._sheet("letter", title, fields, paragraphs=paragraphs, seal=True, **more)

    def _sheet(self, layout: Literal["form", "letter"], title: str, fields: list[Pair], **more: Any) -> Sheet:
        shared: dict[str, Any] = {"office": self.township, "dated": self.work.today, "notes": (SECRET,)}
        return Sheet(layout=layout, title=title, number=self.file.number, fields=fields, **{**shared, **more})


EXPLANATION = (
    Column(name="label", title="项目"),
    Column(name="figure", title="数额"),
    Column(name="note", title="依据和算法"),
)


def explanation_rows(file: CaseFile) -> list[tuple[str, str, str]]:
    """The lines of the computation as they are attached to a decision."""
    return [(one["label"], one["figure"], one.get("note", "")) for one in file.explanation]


def day(on: date | None) -> str:
    """A day as papers write it; "--" for none."""
    return f"{on.year}年{on.month}月{on.day}日" if on else "--"


def month(period: str) -> str:
    """A month as papers write it; "--" for none."""
    return f"{int(period[:4])}年{int(period[5:])}月" if period else "--"


def yuan(fen: int | None) -> str:
    """An amount with its unit; "--" for none."""
    return "--" if fen is None else f"{format_money(fen)} 元"


def word(vocabulary: Mapping[str, str], code: str) -> str:
    """A word as it is printed."""
    return vocabulary.get(code, code) or "--"


def required(found: Any, sentence: str) -> Any:
    """What a paper is made of; raises ``NotFound`` with the sentence while there is none."""
    if not found:
        raise NotFound(sentence)
    return found


def remedy(printing: Printing, on: date) -> str:
    """What may be done against a decision, with its days and months (casework.remedy); "" when the text lacks them."""
    work, area = printing.work, printing.file.case.area
    days, months = work.policy("casework.reconsider_days", on=on), work.policy("casework.sue_months", on=on)
    text: str = work.policy("casework.remedy", on=on, area=area)
    if "{days}" not in text or "{months}" not in text:
        return ""
    return text.replace("{days}", str(days)).replace("{months}", str(months))


def require_reasons(*parts: Pair) -> None:
    """Go on only with every part of a decision in writing; refused with ``E_NO_REASON``, which names what lacks."""
    lacking = [name for name, text in parts if not text.strip()]
    if lacking:
        words = _("缺少{what}，不得打印", what="、".join(lacking))
        raise refuse(words, field="reason", code="E_NO_REASON")
