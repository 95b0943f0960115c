"""The way of a case: which steps a county takes, by which office, in how many days. A dated policy, read once a case.

A flow names its steps in the order of ``ORDER``, 3 to 12 of them; what a step leaves open comes from the general
policies (``workflow.*``, ``ballot.required``, ``notice.levels``). A case keeps the flow it was opened with.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import Objection, Refused, _

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseType
    from plugins.casework.models import Case

ORDER = (
    "apply", "accept", "check", "visit", "ballot", "notice_1", "township_review", "county_review", "spot_check",
    "notice_2", "decide", "pay",
)  # fmt: skip
OFFICE = {
    "ballot": "village",
    "notice_1": "township",
    "check": "county",
    "county_review": "county",
    "spot_check": "county",
    "notice_2": "county",
    "decide": "county",
    "pay": "county",
}
"""Who takes a step when the policy does not say; the rest is the township's."""

_FEWEST, _MOST = 3, 12
_KNOWN = {"steps", "delegated", "working_days", "special_working_days", "urgent", "papers"}
_STEP_KNOWN = {"step", "office", "working_days", "start_working_days", "levels", "investigators", "when"}
_PAPER_KNOWN = {"kind", "title", "needed"}


@dataclass(frozen=True, kw_only=True)
class FlowStep:
    """One step: its office, its limit in working days (None = only the limit of the whole), and what it is held to.

    ``when`` is for the ballot: always, on_objection or never. ``levels`` are the boards of a notice.
    """

    step: str
    office: str
    working_days: int | None = None
    start_working_days: int | None = None
    levels: Sequence[str] = ()
    investigators: int = 0
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """A paper of an application; ``needed`` ones stop the submission."""

    kind: str
    title: str
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The steps of a case in order; ``urgent`` are those of an urgent case; ``delegated`` lets the township decide."""

    steps: Sequence[FlowStep]
    working_days: int
    special_working_days: int
    delegated: bool = False
    urgent: Sequence[str] = ()
    papers: Sequence[PaperKind] = ()

    def step(self, name: str) -> FlowStep | None:
        """A step by name; None when this flow leaves it out."""
        return next((one for one in self.steps if one.step == name), None)

    def without(self, urgent: bool) -> "Flow":
        """The steps an urgent case takes: its own, the application before them and the payment after them."""
        if not urgent:
            return self
        kept = {"apply", "accept", "decide", "pay", *self.urgent}
        return replace(self, steps=[one for one in self.steps if one.step in kept])

    def text(self) -> str:
        """The flow as a case keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def read_flow(text: str) -> Flow:
    """The flow a case keeps."""
    kept = json.loads(text)
    kept["steps"] = [FlowStep(**one) for one in kept["steps"]]
    kept["papers"] = [PaperKind(**one) for one in kept["papers"]]
    return Flow(**kept)


def flow_of(case: "Case") -> Flow:
    """The steps a case takes: its flow, or of it what an urgent case takes."""
    return read_flow(case.flow).without(bool(case.urgent_order))


def flow_in_force(work: "UnitOfWork", kind: "CaseType", on: date, area: str) -> tuple[Flow, int]:
    """The flow of a type on a day in an area, and the policy version it comes from; refused with ``E_FLOW``."""
    version = work.policy_version(kind.flow_key, on=on, area=area)
    return made_flow(work, version.value, on, area), version.id


def made_flow(work: "UnitOfWork", value: Mapping[str, Any], on: date, area: str) -> Flow:
    """A flow from the value of a policy; every mistake in it is named (``E_FLOW``)."""
    wrong = mistakes(value)
    if wrong:
        raise Refused(Objection(reason=one, field="value", code="E_FLOW") for one in wrong)

    def asked(key: str) -> Any:
        return work.policy(key, on=on, area=area)

    steps = [_made_step(one, asked) for one in value["steps"]]
    return Flow(
        steps=[one for one in steps if one.when != "never"],
        working_days=value.get("working_days") or asked("workflow.total_working_days"),
        special_working_days=value.get("special_working_days") or asked("workflow.special_working_days"),
        delegated=bool(value.get("delegated", False)),
        urgent=tuple(value.get("urgent", ())),
        papers=tuple(PaperKind(**one) for one in value.get("papers", ())),
    )


def _made_step(given: Mapping[str, Any], asked: Any) -> FlowStep:
    name = given["step"]
    step: dict[str, Any] = {"office": OFFICE.get(name, "township"), **given}
    match name:
        case "check":
            step.setdefault("start_working_days", asked("workflow.check_start_working_days"))
            step.setdefault("working_days", asked("workflow.check_report_working_days"))
        case "visit":
            step.setdefault("investigators", asked("casework.investigators"))
        case "ballot":
            step.setdefault("when", asked("ballot.required"))
        case "notice_1" | "notice_2":
            step.setdefault("levels", asked("notice.levels"))
        case "accept":
            step.setdefault("working_days", asked("casework.accept_working_days"))
        case "township_review":
            step.setdefault("working_days", asked("casework.township_working_days"))
    step["levels"] = tuple(step.get("levels", ()))
    return FlowStep(**step)


def mistakes(value: Mapping[str, Any]) -> Sequence[str]:
    """Every mistake in the value of a flow policy, in words; none for a good one."""
    wrong = [_("流程里没有 {name} 这一项", name=name) for name in sorted(set(value) - _KNOWN)]
    steps = value.get("steps")
    if not isinstance(steps, list) or not all(isinstance(one, dict) and "step" in one for one in steps):
        return [*wrong, _("流程要有 steps 列表，每一步写 step")]
    names = [str(one["step"]) for one in steps]
    wrong += [
        _("没有 {name} 这一步，可用：{steps}", name=name, steps=", ".join(ORDER)) for name in names if name not in ORDER
    ]
    wrong += [
        _("{step} 里没有 {name} 这一项", step=one["step"], name=name)
        for one in steps
        for name in sorted(set(one) - _STEP_KNOWN)
    ]
    known = [name for name in names if name in ORDER]
    if known != sorted(set(known), key=ORDER.index):
        wrong.append(_("步骤要按这个次序写，不能重复：{steps}", steps=", ".join(ORDER)))
    if not _FEWEST <= len(names) <= _MOST:
        wrong.append(_("步骤要有 {low} 到 {high} 步", low=_FEWEST, high=_MOST))
    wrong += [_("步骤里必须有 {name}", name=name) for name in ("apply", "decide") if name not in names]
    wrong += [_("urgent 里的 {name} 不在步骤里", name=name) for name in value.get("urgent", ()) if name not in names]
    for one in value.get("papers", ()):
        if not isinstance(one, dict) or set(one) - _PAPER_KNOWN or not {"kind", "title"} <= set(one):
            wrong.append(_("材料要写 kind 和 title，可写 needed"))
    return wrong
