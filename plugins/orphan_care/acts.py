"""Every act on a file or a pairing, once: its right, its words, its wish. Pages, commands and API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from core.api import Entry, Objection, entries_of, mark, row_id
from plugins.orphan_care import wishes, words
from plugins.orphan_care.months import state_now, this_month
from plugins.orphan_care.services import changing, keeping, opening, pairing

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True)
class Done:
    """What an act answers everywhere: what it was about, and warnings that stop nothing."""

    data: Mapping[str, Any]
    warnings: tuple[Objection, ...] = ()


@dataclass(frozen=True)
class Act:
    """One act: the right it asks for, its title, what is said afterwards, its wish and the service behind it."""

    name: str
    right: str
    title: str
    done: str
    wish: type[BaseModel]
    do: "Callable[[UnitOfWork, str, Any], Done]"
    danger: bool = False


def _file(service: Callable[..., Any]) -> "Callable[[UnitOfWork, str, Any], Done]":
    def act(work: "UnitOfWork", number: str, wish: Any) -> Done:
        case = service(work, number, wish)
        return Done(case_data(work, case))

    return act


def _entry(service: Callable[..., Any]) -> "Callable[[UnitOfWork, str, Any], Done]":
    def act(work: "UnitOfWork", number: str, wish: Any) -> Done:
        return Done({"id": service(work, number, wish).id})

    return act


def _guardian(work: "UnitOfWork", number: str, wish: wishes.Guardianship) -> Done:
    made, warnings = keeping.set_guardian(work, number, wish)
    return Done({"id": made.id}, tuple(warnings))


def _on_pairing(service: Callable[..., Any]) -> "Callable[[UnitOfWork, str, Any], Done]":
    def act(work: "UnitOfWork", number: str, wish: Any) -> Done:
        return Done({"id": service(work, row_id(number), wish).id})

    return act


def case_data(work: "UnitOfWork", case: Any) -> dict[str, Any]:
    """What an act on a file answers: nothing that names the child."""
    return {
        "id": case.id,
        "number": case.number,
        "state": state_now(case, this_month(work)),
        "category": case.category,
        "from_month": case.from_month,
        "last_month": case.last_month,
        "due_on": case.due_on,
    }


def apply(work: "UnitOfWork", wish: wishes.ApplyCase) -> Done:
    """Open a file."""
    case, warnings = opening.apply_case(work, wish)
    return Done(case_data(work, case), tuple(warnings))


CASE_ACTS: Mapping[str, Act] = {
    one.name: one
    for one in (
        Act(
            "check",
            opening.CHECK,
            mark("乡镇核查"),
            mark("已核查，等待县级确认"),
            wishes.CheckCase,
            _file(opening.check_case),
        ),
        Act(
            "approve", opening.DECIDE, mark("县级确认"), mark("已确认"), wishes.ApproveCase, _file(opening.approve_case)
        ),
        Act(
            "withdraw",
            opening.DECIDE,
            mark("不再办理"),
            mark("已结案"),
            wishes.WithdrawCase,
            _file(opening.withdraw_case),
            True,
        ),
        Act(
            "basis",
            changing.KEEP,
            mark("登记父母情形"),
            mark("父母情形已登记"),
            wishes.SetBasis,
            _file(keeping.set_basis),
        ),
        Act("guardian", changing.KEEP, mark("登记监护人"), mark("监护人已登记"), wishes.Guardianship, _guardian),
        Act(
            "agree",
            changing.KEEP,
            mark("登记监护责任书"),
            mark("监护责任书已登记"),
            wishes.SignAgreement,
            _entry(keeping.sign_agreement),
        ),
        Act(
            "school",
            changing.KEEP,
            mark("登记就学"),
            mark("就学已登记"),
            wishes.Schooling,
            _file(changing.set_schooling),
        ),
        Act(
            "aid",
            changing.KEEP,
            mark("登记其他待遇"),
            mark("其他待遇已登记"),
            wishes.DeclareAid,
            _entry(keeping.declare_aid),
        ),
        Act(
            "aid-end",
            changing.KEEP,
            mark("登记其他待遇停发"),
            mark("其他待遇停发已登记"),
            wishes.EndAid,
            _entry(keeping.end_aid),
        ),
        Act(
            "visit",
            keeping.VISIT,
            mark("登记走访"),
            mark("走访已登记"),
            wishes.RecordVisit,
            _entry(keeping.record_visit),
        ),
        Act(
            "review",
            changing.KEEP,
            mark("登记复核"),
            mark("复核已登记"),
            wishes.RecordReview,
            _entry(keeping.record_review),
        ),
        Act(
            "grant",
            changing.KEEP,
            mark("登记助学等补助"),
            mark("补助已登记"),
            wishes.GiveGrant,
            _entry(keeping.give_grant),
        ),
        Act(
            "category",
            opening.DECIDE,
            mark("变更类别"),
            mark("类别已变更，次月起执行"),
            wishes.ChangeCategory,
            _file(changing.change_category),
        ),
        Act("end", opening.DECIDE, mark("停发"), mark("停发已登记"), wishes.EndCase, _file(changing.end_case), True),
        Act("reopen", opening.DECIDE, mark("恢复"), mark("待遇已恢复"), wishes.ReopenCase, _file(changing.reopen_case)),
        Act(
            "confide",
            "orphan_care.confide",
            mark("登记只限县级主管的情况"),
            mark("已登记"),
            wishes.Confide,
            _file(keeping.confide),
        ),
    )
}
PAIRING_ACTS: Mapping[str, Act] = {
    one.name: one
    for one in (
        Act(
            "consent",
            pairing.PAIR,
            mark("登记同意"),
            mark("同意已登记"),
            wishes.Consent,
            _on_pairing(pairing.give_consent),
        ),
        Act(
            "contact",
            pairing.PAIR,
            mark("登记联系"),
            mark("联系已登记"),
            wishes.RecordContact,
            _on_pairing(pairing.record_contact),
        ),
        Act(
            "end",
            pairing.PAIR,
            mark("结束结对"),
            mark("结对已结束"),
            wishes.EndPairing,
            _on_pairing(pairing.end_pairing),
            True,
        ),
    )
}
SPONSOR_ACTS: Mapping[str, Act] = {
    one.name: one
    for one in (
        Act(
            "check",
            pairing.PAIR,
            mark("登记背景查询结果"),
            mark("背景查询结果已登记"),
            wishes.CheckSponsor,
            _on_pairing(pairing.check_sponsor),
        ),
        Act(
            "pair",
            pairing.PAIR,
            mark("登记结对"),
            mark("结对已登记"),
            wishes.OpenPairing,
            _on_pairing(pairing.open_pairing),
        ),
    )
}


LONG = frozenset({"findings", "facts", "note", "reason", "needs"})
VOCABULARIES: tuple[Mapping[str, str], ...] = (
    {**words.CATEGORIES, **words.CONFIDED}, words.BASES, words.DISABILITIES, words.RELATIONS, words.SCHOOLING,
    words.PARENTS, words.GOOD, words.COMPARED, words.CAUSES, words.OUTCOMES, words.REVIEWS, words.AIDS, words.GRANTS,
    words.SOURCES, words.LEVELS, words.SPONSORS, words.CHECKS, words.PAIRINGS, words.CONTACTS, words.WAYS, words.HUKOUS,
)  # fmt: skip


def entries(wish: type[BaseModel]) -> list[Entry]:
    """The fields of a wish as its form shows them."""
    return entries_of(wish, VOCABULARIES, long=LONG)
