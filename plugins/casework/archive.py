"""One family, one file: the papers of the handbook (§9), which are due where a case stands, and which are there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.api import _, mark
from plugins.casework.moves import ENDED

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.reading import CaseFile

TITLES: Mapping[str, str] = {
    "D01": mark("社会救助申请书"),
    "D02": mark("诚信承诺及核对授权书"),
    "D03": mark("受理通知书"),
    "D04": mark("不予受理通知书"),
    "D05": mark("一次性补正告知书"),
    "D06": mark("家庭经济状况核对报告"),
    "D07": mark("入户调查表"),
    "D08": mark("民主评议（票决）记录"),
    "D09": mark("第一次公示"),
    "D10": mark("公示情况反馈表"),
    "D11": mark("乡镇审核意见"),
    "D12": mark("县级抽查记录"),
    "D13": mark("第二次公示"),
    "D14": mark("审核确认通知书"),
    "D15": mark("不予确认告知书"),
    "D16": mark("长期公示表"),
    "D17": mark("动态管理复核表"),
    "D18": mark("增发减发停发决定书"),
    "D19": mark("近亲属备案登记表"),
}
"""D20, the monthly summary, belongs to the roll of a month and not to one family."""


@dataclass(frozen=True)
class Found:
    """What of a paper a case shows: whether it is due by now, and whether there is what it is made of."""

    due: bool
    there: bool


def archive_of(work: "UnitOfWork", number: str) -> list[dict[str, Any]]:
    """The papers of one family's file: ``paper``, ``title``, ``due`` by now, ``there``."""
    from plugins.casework.reading import case_file

    return archive_lines(case_file(work, number, pictures=False))


def archive_lines(file: "CaseFile") -> list[dict[str, Any]]:
    """The same of a case that was read."""
    found = []
    for paper, title in TITLES.items():
        one = _RULES[paper](file)
        found.append({"paper": paper, "title": _(title), "due": one.due, "there": one.there})
    return found


def has(file: "CaseFile", *events: str) -> bool:
    """Whether a case took one of some steps."""
    return any(one.word1 in events for one in file.parts["event"])


def was_in(file: "CaseFile", *states: str) -> bool:
    """Whether a case ever stood in one of some states."""
    return any(one.word3 in states for one in file.parts["event"])


def _past(file: "CaseFile", step: str) -> bool:
    """Whether a step of the case's flow is behind it."""
    return any(one["step"] == step and one["status"] == "done" for one in file.steps)


def _signed(file: "CaseFile") -> Found:
    return Found(has(file, "submit"), any(one.day2 is not None for one in file.members))


def _told(file: "CaseFile") -> Found:
    told = any(one.word1 == "return" and one.word3 == "draft" for one in file.parts["event"])
    return Found(told, told)


def _refused_at_door(file: "CaseFile") -> Found:
    return Found(file.case.state == "not_accepted", has(file, "reject_formally"))


def _accepted(file: "CaseFile") -> Found:
    return Found(has(file, "accept"), has(file, "accept"))


def _checked(file: "CaseFile") -> Found:
    return Found(_past(file, "check"), bool(file.parts["check"]))


def _visited(file: "CaseFile") -> Found:
    return Found(_past(file, "visit"), bool(file.parts["visit"]))


def _balloted(file: "CaseFile") -> Found:
    return Found(_past(file, "ballot"), has(file, "ballot_pass", "ballot_fail"))


def _round(number: int) -> "Callable[[CaseFile], Found]":
    def found(file: "CaseFile") -> Found:
        held = [one for one in file.notices if one.round == number and one.state != "withdrawn"]
        return Found(was_in(file, f"noticing_{number}"), bool(held))

    return found


def _feedback(file: "CaseFile") -> Found:
    proven = [one for one in file.notices if all(level.proven for level in one.levels)]
    return Found(has(file, "period_end_no_objection", "period_end"), bool(proven))


def _minuted(file: "CaseFile") -> Found:
    return Found(_past(file, "township_review"), has(file, "minutes_ok"))


def _inspected(file: "CaseFile") -> Found:
    return Found(bool(file.parts["sample"]), any(one.day is not None for one in file.parts["sample"]))


def _granted(file: "CaseFile") -> Found:
    granted = bool(file.case.decided_on) and file.case.monthly_fen is not None and file.case.state != "refused"
    return Found(granted, granted)


def _refused(file: "CaseFile") -> Found:
    refused = file.case.state == "refused"
    return Found(refused, refused and bool(file.case.reason))


def _reviewed(file: "CaseFile") -> Found:
    return Found(bool(file.parts["review"]), bool(file.parts["review"]))


def _changed(file: "CaseFile") -> Found:
    changed = has(file, "suspend", "resume", "stop", "phase_out") or any(
        one.word2 != "same" for one in file.parts["review"]
    )
    return Found(changed, changed)


def _long_term(file: "CaseFile") -> Found:
    standing = file.case.state in ("active", "phasing_out")
    return Found(standing, standing)


def _kin(file: "CaseFile") -> Found:
    return Found(bool(file.case.relative_registered), bool(file.parts["relative"]))


def _applied(file: "CaseFile") -> Found:
    return Found(file.case.state not in ENDED or has(file, "submit"), True)


_RULES: "Mapping[str, Callable[[CaseFile], Found]]" = {
    "D01": _applied, "D02": _signed, "D03": _accepted, "D04": _refused_at_door, "D05": _told, "D06": _checked,
    "D07": _visited, "D08": _balloted, "D09": _round(1), "D10": _feedback, "D11": _minuted, "D12": _inspected,
    "D13": _round(2), "D14": _granted, "D15": _refused, "D16": _long_term, "D17": _reviewed, "D18": _changed,
    "D19": _kin,
}  # fmt: skip
