"""What a reader may do with a case where it stands: the choices of the decision box, and the form of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.api import Entry, NotFound, _, age_on, mark, refuse
from plugins.casework.acts import ACTS, Act, entries
from plugins.casework.moves import COUNTY, ENDED, HANDLE, IN_PAYMENT, UNDECIDED, office_of
from plugins.casework.services.advancing import possible, right_of
from plugins.casework.wishes import EVENT_WISHES
from plugins.casework.words import EVENTS, OFFICES

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from core.web import Posted
    from plugins.casework.reading import CaseFile

NEXT: Mapping[str, Sequence[str]] = {
    "draft": ("submit",), "submitted": ("accept",), "accepted": ("start_check",), "checking": ("check_report",),
    "investigating": ("visit_done",), "appraising": ("ballot_pass",), "noticing_1": ("period_end_no_objection",),
    "re_investigating": ("done",), "township_review": ("minutes_ok",),
    "county_review": ("propose_grant", "return_to_township"), "county_supervision": ("propose_grant",),
    "spot_checking": ("propose_grant",), "noticing_2": ("period_end",), "approved": ("activate",),
    "active": ("review",), "suspended": ("resume",), "phasing_out": ("period_over",), "refused": ("appeal_won",),
    "closed": ("appeal_won",),
}  # fmt: skip
"""What usually comes next in a state; the first the reader may take stands in the box itself."""

GRAVE = frozenset({"reject_formally", "refuse", "withdraw", "stop", "suspend"})
"""Steps whose button is red."""

WITH_PHOTOS = frozenset({"visit_done", "done", "visit"})
"""Steps and acts of a visit: photos come with them."""

_NOTES: Mapping[str, str] = {
    "submit": mark("材料齐全、成年成员都签了授权"),
    "accept": mark("开始计算办理时限"),
    "return": mark("写明缺少的全部材料，一次告知"),
    "reject_formally": mark("写明理由，发不予受理通知书"),
    "start_check": mark("交核对中心核对家庭经济状况"),
    "visit_done": mark("两人以上一起入户，家庭成员签字"),
    "ballot_fail": mark("不是不予确认：先重新调查，由县级决定"),
    "period_end_no_objection": mark("各级公示期满、没有未核实的异议"),
    "propose_grant": mark("按今天的家庭情况测算金额"),
    "return_to_township": mark("写明要查清什么，时限照算"),
    "refuse": mark("写明理由和依据的条款，告知申诉途径"),
    "period_end": mark("从下月起发放"),
    "ask_applicant": mark("停钟，等家庭补充后继续"),
    "withdraw": mark("申请人签字"),
    "activate": mark("到了起始月由系统自动办理"),
    "review": mark("按当天的家庭情况重新测算"),
    "stop": mark("写明理由，发停发决定书"),
    "phase_out": mark("照发几个月后停发"),
}
_NEEDED: Mapping[str, Sequence[str]] = {
    "visit_done": ("investigators", "signer"),
    "minutes_ok": ("minutes",),
    "refuse": ("reason", "rule"),
    "submit": ("papers", "signed_by"),
}
"""What a step is refused without, though it may be entered before: its form does not call it optional."""
_TYPED = ("opinion", "reason")
"""What was typed as an opinion or a reason goes along when another choice is taken."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One event a reader may take: its title, what follows from it, and whether it ends something."""

    event: str
    title: str
    note: str
    grave: bool


@dataclass(frozen=True, kw_only=True)
class Box:
    """The decision box: whom the case waits for, the choices, and the form of the first of them.

    ``refused`` says why nothing can be chosen, "" when something can.
    """

    office: str
    choices: Sequence[Choice]
    entries: Sequence[Entry]
    photos: bool
    refused: str

    @property
    def primary(self) -> Choice | None:
        """The choice whose form stands in the box."""
        return self.choices[0] if self.choices else None


def box_of(work: "UnitOfWork", file: "CaseFile") -> Box:
    """What this reader may do with a case now."""
    case = file.case
    found = [one for one in possible(case) if _may(work, case, one)]
    if case.waiting_since is not None:
        found = [one for one in found if one in ("supplied", "withdraw")]
    elif "supplied" in found:
        found.remove("supplied")
    likely = NEXT.get(case.state, ())
    if case.ballot_negative and not case.reinvestigated and case.state in COUNTY:
        likely = ("return_to_township",)
    found.sort(key=lambda one: (one != "supplied", one not in likely, one in GRAVE))
    choices = [_choice(one) for one in found]
    office = _(OFFICES[office_of(file.flow, case.state)])
    first = choices[0].event if choices else ""
    return Box(
        office=office,
        choices=choices,
        entries=step_entries(work, file, first) if first else (),
        photos=first in WITH_PHOTOS,
        refused="" if choices else _refused(case, office),
    )


def step_entries(work: "UnitOfWork", file: "CaseFile", event: str) -> list[Entry]:
    """The fields of an event, with what this case offers to choose from; the day, which is mostly today, comes last."""
    fields = [_offered(work, file, one) for one in entries(EVENT_WISHES[event])]
    fields = [replace(one, optional=False) if one.name in _NEEDED.get(event, ()) else one for one in fields]
    return sorted(fields, key=lambda one: one.name == "on")


def act_entries(file: "CaseFile", act: Act) -> list[Entry]:
    """The fields of an act, with what this case offers to choose from."""
    offered = {"member": _people(file.members), "kind": [(one.kind, _(one.title)) for one in file.flow.papers]}
    if act.name == "member-joined":
        offered.pop("member")
    if act.name != "paper":
        offered.pop("kind")
    return [
        replace(one, kind="select", choices=tuple(offered[one.name])) if offered.get(one.name) else one
        for one in entries(act.wish)
    ]


def title_of_event(event: str) -> str:
    """An event in words."""
    return _(EVENTS[event])


def note_of(event: str) -> str:
    """What follows from an event, in a few words."""
    return _(_NOTES[event]) if event in _NOTES else ""


def acts_here(work: "UnitOfWork", file: "CaseFile") -> Mapping[str, str]:
    """The acts beside the steps that fit where a case stands and this reader may take, with their titles."""
    return {
        name: _(act.title)
        for name, act in ACTS.items()
        if _act_fits(file, name) and work.may(act.right, _area_of(work, file.case, name))
    }


def filled(event: str, data: "Posted") -> dict[str, Any]:
    """What was typed in the form of an event, as the event takes it; empty fields are left out."""
    found: dict[str, Any] = {}
    for name in EVENT_WISHES[event].model_fields:
        if name == "items":
            found[name] = checked_items(data.text(name))
        elif any(data.all(name)):
            texts = [text for text in data.all(name) if text]
            found[name] = texts if len(texts) > 1 else texts[0]
    return found


def carried_along(data: "Posted") -> dict[str, str]:
    """What was typed so far, for the form of another choice: an opinion becomes a reason and the other way round."""
    typed = {name: data.text(name) for name in data if not name.startswith("_")}
    said = next((typed[name] for name in _TYPED if typed.get(name)), "")
    return {**typed, **dict.fromkeys(_TYPED, said)}


def checked_items(text: str) -> list[dict[str, str]]:
    """The lines of a check report as they are typed: item, declared, found, remark, set apart by a comma."""
    found = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace("，", ",").split(",", 3)]
        if len(parts) < len(ITEM_PARTS) - 1:
            words = _("第 {line} 行：写成“项目，申报，核对，说明”", line=place)
            raise refuse(words, field="items", code="E_CHECK_ITEM")
        found.append(dict(zip(ITEM_PARTS, [*parts, ""], strict=False)))
    return found


ITEM_PARTS = ("item", "declared", "found", "note")
"""What the township sees of each item of an economic check."""


def shown_items(check: Any) -> list[dict[str, Any]]:
    """The items of a check report as the page shows them; ``differs`` marks those that do not agree."""
    rows = []
    for one in json.loads(check.text2 or "[]"):
        row = {name: str(one.get(name, "")) for name in ITEM_PARTS}
        rows.append({**row, "differs": row["declared"] != row["found"]})
    return rows


def require_known(event: str) -> None:
    """Go on only with an event of the state table."""
    if event not in EVENT_WISHES:
        raise NotFound(_("没有“{event}”这个环节", event=event))


def require_right(work: "UnitOfWork", case: Any, event: str) -> None:
    """Go on only with the right an event asks for where a case stands."""
    right, county = right_of(case, event)
    work.require(right, work.settings.county.code if county else case.area)


def _may(work: "UnitOfWork", case: Any, event: str) -> bool:
    right, county = right_of(case, event)
    return work.may(right, work.settings.county.code if county else case.area)


def _choice(event: str) -> Choice:
    return Choice(event=event, title=title_of_event(event), note=note_of(event), grave=event in GRAVE)


def _refused(case: Any, office: str) -> str:
    if case.state in ENDED:
        return _("这件申请已经办结")
    return _("这件由{office}办理，你只能查看", office=office)


def _offered(work: "UnitOfWork", file: "CaseFile", entry: Entry) -> Entry:
    if entry.name == "papers":
        known = [(one.kind, _(one.title)) for one in file.flow.papers]
        return replace(entry, kind="boxes", choices=tuple(known), hint="") if known else entry
    if entry.name == "signed_by":
        return replace(entry, kind="boxes", choices=tuple(_people(grown_ones(work, file.members))), hint="")
    if entry.name == "missing":
        return replace(entry, kind="text", hint=_("材料名称用、隔开，一次告知齐全"))
    if entry.name == "opinion":
        return replace(entry, kind="long", hint=_("会写入审核意见，最多 200 字"))
    if entry.name == "items":
        return replace(entry, kind="long", hint=_("一行一项，例如：存款，0.00，8600.00，助学贷款入账"))
    return entry


def grown_ones(work: "UnitOfWork", members: Sequence[Any]) -> list[Any]:
    """Who of the members of a case is of age today; an unknown day of birth counts as of age."""
    age, leap = work.policy("households.adult_age"), work.policy("identity.leap_birthday")
    return [one for one in members if one.day4 is None or age_on(one.day4, work.today, leap) >= age]


def _people(members: Sequence[Any]) -> list[tuple[str, str]]:
    return [(str(one.id), one.who) for one in members]


def _act_fits(file: "CaseFile", name: str) -> bool:
    case, running = file.case, file.case.state not in ENDED
    match name:
        case "sign" | "paper":
            return case.state in UNDECIDED
        case "explain":
            checks = file.parts["check"]
            return running and bool(checks) and checks[-1].word1 == "differs" and checks[-1].day3 is None
        case "inspect":
            return any(one.day is None for one in file.parts["sample"])
        case "appeal":
            return case.decided_on is not None
        case "visit":
            return running and (case.state in COUNTY or case.relative_registered or case.complaint)
        case "complain":
            return case.state in UNDECIDED and not case.complaint
        case "member-left" | "member-joined":
            return case.state in (*UNDECIDED, *IN_PAYMENT)
    return running


def _area_of(work: "UnitOfWork", case: Any, name: str) -> str:
    return work.settings.county.code if name == "visit" and ACTS[name].right != HANDLE else case.area
