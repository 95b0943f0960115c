"""The state table: which event is possible where, whose right it is, and where it leads. Nothing else moves a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.casework.flow import Flow

SHOW, APPLY, HANDLE = "casework.show", "casework.apply", "casework.handle"
CHECK, REVIEW, DECIDE = "casework.check", "casework.review", "casework.decide"
CONFIRM, MAINTAIN = "casework.confirm", "casework.maintain"

UNDECIDED = (
    "draft", "submitted", "accepted", "checking", "investigating", "appraising", "noticing_1", "re_investigating",
    "township_review", "county_review", "county_supervision", "spot_checking", "noticing_2",
)  # fmt: skip
"""Before the decision: the family may withdraw, facts may still be entered."""

IN_PAYMENT = ("approved", "active", "suspended", "phasing_out")
ENDED = ("not_accepted", "refused", "withdrawn", "closed")
COUNTY = ("county_review", "county_supervision", "spot_checking")
CLOCKED = UNDECIDED[2:]
"""Where the clock of the whole procedure runs."""

STAND = {
    "check": "accepted",
    "visit": "investigating",
    "ballot": "appraising",
    "notice_1": "noticing_1",
    "township_review": "township_review",
    "county_review": "county_review",
    "notice_2": "noticing_2",
}
"""The state in which a case waits for a step."""

STEP_OF = {
    "draft": "apply", "submitted": "accept", "accepted": "check", "checking": "check", "investigating": "visit",
    "appraising": "ballot", "noticing_1": "notice_1", "re_investigating": "visit", "township_review": "township_review",
    "county_review": "county_review", "county_supervision": "county_review", "spot_checking": "spot_check",
    "noticing_2": "notice_2", "approved": "pay", "active": "pay", "suspended": "pay", "phasing_out": "pay",
}  # fmt: skip
"""The step a state belongs to."""


@dataclass(frozen=True)
class Move:
    """An event: the states it is possible in, its right, and the state it leads to ("" = worked out by the flow)."""

    states: Sequence[str]
    right: str
    to: str = ""


MOVES: Mapping[str, Move] = {
    "submit": Move(("draft",), APPLY, "submitted"),
    "accept": Move(("submitted",), HANDLE),
    "return": Move(("submitted", "township_review", *COUNTY), HANDLE),
    "reject_formally": Move(("submitted",), HANDLE, "not_accepted"),
    "start_check": Move(("accepted",), HANDLE, "checking"),
    "check_report": Move(("checking",), CHECK),
    "visit_done": Move(("investigating",), HANDLE),
    "ballot_pass": Move(("appraising",), HANDLE),
    "ballot_fail": Move(("appraising",), HANDLE),
    "period_end_no_objection": Move(("noticing_1",), HANDLE),
    "objection": Move(("noticing_1", "noticing_2"), HANDLE),
    "done": Move(("re_investigating",), HANDLE),
    "minutes_ok": Move(("township_review",), HANDLE),
    "sample_drawn": Move(("county_review", "county_supervision"), REVIEW, "spot_checking"),
    "propose_grant": Move(COUNTY, REVIEW),
    "return_to_township": Move(COUNTY, REVIEW, "investigating"),
    "period_end": Move(("noticing_2",), DECIDE, "approved"),
    "refuse": Move((*COUNTY, "noticing_2"), DECIDE, "refused"),
    "activate": Move(("approved",), MAINTAIN, "active"),
    "suspend": Move(("active",), MAINTAIN, "suspended"),
    "resume": Move(("suspended",), MAINTAIN, "active"),
    "review": Move(("active",), MAINTAIN, "active"),
    "phase_out": Move(("active",), MAINTAIN, "phasing_out"),
    "period_over": Move(("phasing_out",), MAINTAIN, "closed"),
    "stop": Move(IN_PAYMENT, MAINTAIN, "closed"),
    "withdraw": Move(UNDECIDED, APPLY, "withdrawn"),
    "appeal_won": Move(("refused", "closed"), DECIDE),
    "ask_applicant": Move(CLOCKED, HANDLE),
    "supplied": Move(CLOCKED, HANDLE),
}


def state_after(flow: "Flow", step: str) -> str:
    """Where a case stands once a step is done: before the next one of its flow that waits for somebody.

    The last is the review before the decision, which a flow may leave out of its picture but never out of the way.
    """
    names = [one.step for one in flow.steps]
    later = names[names.index(step) + 1 :] if step in names else [name for name in names if _later(name, step)]
    for name in later:
        one = flow.step(name)
        if name in STAND and name != "notice_2" and not (name == "ballot" and one and one.when == "on_objection"):
            return deciding_state(flow) if name == "county_review" else STAND[name]
    return deciding_state(flow)


def deciding_state(flow: "Flow") -> str:
    """Where the case is reviewed before the decision: with the county, or with the township it is delegated to."""
    return "county_supervision" if flow.delegated else "county_review"


def office_of(flow: "Flow", state: str) -> str:
    """The office a case waits for."""
    if state in ("county_review", "county_supervision", "noticing_2") and flow.delegated:
        return "township"
    if state in ("county_review", "spot_checking"):
        return "county"
    step = flow.step(STEP_OF.get(state, ""))
    return step.office if step else "township"


def _later(name: str, step: str) -> bool:
    from plugins.casework.flow import ORDER

    return ORDER.index(name) > ORDER.index(step)
