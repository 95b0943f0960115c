"""What happened with orphan care in the demo county: a home, files in every state, visits, a pairing, a roll."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Cast, DemoStep, UnitOfWork
from plugins.benefits.api import (
    BuildRoll,
    SetInstitution,
    SetStandard,
    build_roll,
    excluded_people,
    set_institution,
    set_standard,
)
from plugins.orphan_care import acts, wishes
from plugins.orphan_care.models import Case, Pairing, Sponsor
from plugins.orphan_care.services.pairing import add_sponsor
from plugins.orphan_care.words import SCHEME

STEPS = [
    DemoStep(after_opening=1, by="clerk", run="plugins.orphan_care.demo:set_standards"),
    DemoStep(after_opening=2, by="clerk", run="plugins.orphan_care.demo:apply_first"),
    DemoStep(after_opening=3, by="clerk", run="plugins.orphan_care.demo:check"),
    DemoStep(after_opening=5, by="clerk", run="plugins.orphan_care.demo:confirm_first"),
    DemoStep(months_ago=range(12, 0, -1), day=4, by="proposer", run="plugins.orphan_care.demo:build"),
    DemoStep(months_ago=(11, 8, 5, 2), day=9, by="clerk", run="plugins.orphan_care.demo:visit"),
    DemoStep(months_ago=range(12, 0, -1), day=12, by="clerk", run="plugins.orphan_care.demo:review_in_may"),
    DemoStep(days_ago=29, by="clerk", run="plugins.orphan_care.demo:apply"),
    DemoStep(days_ago=28, by="clerk", run="plugins.orphan_care.demo:check"),
    DemoStep(days_ago=27, by="clerk", run="plugins.orphan_care.demo:confirm"),
    DemoStep(days_ago=18, by="clerk", run="plugins.orphan_care.demo:keep"),
    DemoStep(days_ago=11, by="clerk", run="plugins.orphan_care.demo:pair"),
    DemoStep(days_ago=4, by="clerk", run="plugins.orphan_care.demo:apply_again"),
    DemoStep(days_ago=2, by="proposer", run="plugins.orphan_care.demo:build"),
]
HOME = "县儿童福利院"
UNREGISTERED, MAY = 2, 5
FIRST, CHILDREN, CHECKED, CONFIRMED = 16, 14, 12, 10


def set_standards(work: UnitOfWork, _cast: Cast) -> None:
    """The home, and what is paid by an invented document."""
    wish = SetInstitution(code="FLY", name=HOME, account_number="622848009999999999")
    set_institution(work, wish)
    for category, amount in (("ORPHAN_INST", "1950"), ("ORPHAN_DISP", "1350"), ("UNATT", "1350")):
        standard = SetStandard(
            scheme=SCHEME,
            category=category,
            amount=amount,
            valid_from=f"{work.today.year - 1}-01",
            document=f"攸民发〔{work.today.year - 1}〕9号",
        )
        set_standard(work, standard)


def apply_first(work: UnitOfWork, cast: Cast) -> None:
    """The children of the county when it was opened."""
    _apply(work, cast, cast.fitting(work, FIRST))


def confirm_first(work: UnitOfWork, cast: Cast) -> None:
    """All of them are confirmed and paid from the next month on."""
    for case in _files(work, "township_checked"):
        _approve(work, cast, case)


def visit(work: UnitOfWork, cast: Cast) -> None:
    """Somebody of the township looks in once a quarter; the agreements are signed the first time."""
    for case in _files(work, "active"):
        seen = {"safety": "good", "schooling": cast.dice.choice(["good", "good", "concern"]), "money": "good"}
        cast.act(work, acts.CASE_ACTS["visit"], case.number, level="township", visitors="赵丽、刘主任", **seen)


def review_in_may(work: UnitOfWork, cast: Cast) -> None:
    """Once a year every file is looked through."""
    for case in _files(work, "active") if work.today.month == MAY else ():
        cast.act(work, acts.CASE_ACTS["review"], case.number, kind="yearly", outcome="continue", note="情况没有变化")


def apply(work: UnitOfWork, cast: Cast) -> None:
    """Fourteen children: at home with grandparents, in the home, and some whose parents cannot care."""
    _apply(work, cast, cast.fitting(work, CHILDREN, 250))


def _apply(work: UnitOfWork, cast: Cast, count: int) -> None:
    guardians = cast.draw(work, count, least=40, most=66, area=cast.town)
    for at, (child, guardian) in enumerate(zip(_children(work, cast, count), guardians, strict=True)):
        cast.make(work, acts.apply, wishes.ApplyCase, person_id=child, **_facts(work, cast, at, guardian))


def _children(work: UnitOfWork, cast: Cast, count: int) -> list[int]:
    """Children who do not live on another benefit already."""
    found: list[int] = []
    while len(found) < count:
        drawn = cast.draw(work, count - len(found), least=5, most=16, area=cast.town)
        elsewhere = excluded_people(work, SCHEME, "ORPHAN_DISP", drawn, f"{work.today:%Y-%m}")
        found += [one for one in drawn if one not in elsewhere and one not in cast.spoken_for.get("dibao", ())]
    cast.spoken_for.setdefault(SCHEME, set()).update(found)
    return found


def _facts(work: UnitOfWork, cast: Cast, at: int, guardian: int) -> dict[str, Any]:
    """What is stated of both parents: dead, in prison, lost, ill."""
    year = work.today.year
    dead = {"kind": "dead", "document": f"死亡证明 {cast.dice.randint(100, 999)} 号", "since": date(year - 4, 5, 6)}
    prison = {
        "kind": "prison", "document": f"刑事判决书 {cast.dice.randint(100, 999)} 号", "since": date(year - 1, 3, 1),
        "until": work.today + timedelta(days=cast.dice.choice([460, 700, 900])),
    }  # fmt: skip
    lost = {"kind": "lost_contact", "document": "报警回执", "since": date(year - 1, 2, 1)}
    father, mother = [(dead, dead), (dead, prison), (dead, lost), (dead, dead)][at % 4]
    found: dict[str, Any] = {"category": "UNATT" if mother is not dead else "ORPHAN_DISP", "needs": "课业辅导和陪伴"}
    if at % 4 == 3:
        found |= {"category": "ORPHAN_INST", "institution": HOME}
    else:
        found |= {"guardian_id": guardian, "relation": "grandparent", "paper": "村委会指定书"}
    for name, facts in (("father", father), ("mother", mother)):
        found |= {f"{name}_{key}": value for key, value in facts.items()}
    return found


def check(work: UnitOfWork, cast: Cast) -> None:
    """The township's check; two files lie there until they are late."""
    for case in _files(work, "applied")[:CHECKED]:
        cast.act(work, acts.CASE_ACTS["check"], case.number, police="agrees", court="agrees", federation="none")


def confirm(work: UnitOfWork, cast: Cast) -> None:
    """The county confirms most, refuses one, and has one left to decide."""
    waiting = _files(work, "township_checked")
    for case in waiting[:CONFIRMED]:
        _approve(work, cast, case)
    for case in waiting[CONFIRMED : CONFIRMED + 1]:
        reason = "母亲已经联系上，能够履行监护责任"
        cast.act(work, acts.CASE_ACTS["withdraw"], case.number, cause="refused", reason=reason)


def _approve(work: UnitOfWork, cast: Cast, case: Case) -> None:
    """Paid to the child's own account; one is paid to an account that nobody registered, which the audit asks about."""
    number, given = f"62284800{cast.dice.randint(10**10, 10**11 - 1)}", {}
    if case.institution_id is None and case.id == UNREGISTERED:
        given = {"account_name": "儿童本人账户", "account_number": number}
    elif case.institution_id is None:
        cast.banks(work, case.person_id, number)
    document = f"攸民童〔{work.today.year}〕{case.id}号"
    cast.act(work, acts.CASE_ACTS["approve"], case.number, document=document, **given)


def keep(work: UnitOfWork, cast: Cast) -> None:
    """Agreements, visits, schools; one child was adopted."""
    files = _files(work, "approved")
    for at, case in enumerate(files[:-1]):
        if case.institution_id is None:
            cast.act(work, acts.CASE_ACTS["agree"], case.number, agreed_on=work.today)
        cast.act(
            work, acts.CASE_ACTS["review"], case.number, kind="yearly", outcome="continue", note="新确认，情况属实"
        )
        cast.act(work, acts.CASE_ACTS["school"], case.number, school="镇中心学校", schooling="primary")
        if at % 3:
            seen = {"safety": "good", "schooling": cast.dice.choice(["good", "concern"]), "money": "good"}
            visited = {"level": "village" if at % 2 else "township", "visitors": "刘主任、赵丽"}
            cast.act(work, acts.CASE_ACTS["visit"], case.number, **visited, **seen)
    cast.act(work, acts.CASE_ACTS["end"], files[-1].number, cause="adopted", on=work.today, reason="办理收养登记")
    cast.act(work, acts.CASE_ACTS["grant"], files[0].number, kind="gift", yuan="300", document="重阳慰问")


def pair(work: UnitOfWork, cast: Cast) -> None:
    """Two sponsors: one was asked about and helps a child, the other still has to be."""
    for name in ("向阳爱心企业", "何女士"):
        cast.make(work, add_sponsor, wishes.AddSponsor, kind="organisation" if "企业" in name else "person", name=name)
    first = work.session.scalars(select(col(Sponsor.id)).order_by(col(Sponsor.id))).first()
    day = work.today
    cast.act(work, acts.SPONSOR_ACTS["check"], first, result="clear", on=day, document="查询回函 12 号")
    agreed = {"agreement_on": day, "guardian_agreed_on": day, "child_agreed_on": day}
    case = _files(work, "approved")[0].number
    cast.act(work, acts.SPONSOR_ACTS["pair"], first, case=case, kind="money", yuan="300", months=12, **agreed)
    pairing = work.session.scalars(select(col(Pairing.id))).first()
    money = {"kind": "money", "yuan": "300", "way": "charity", "receipt": "PJ-2026-000001"}
    cast.act(work, acts.PAIRING_ACTS["contact"], pairing, **money)


def apply_again(work: UnitOfWork, cast: Cast) -> None:
    """Two more applications of this week."""
    guardians = cast.draw(work, 2, least=40, most=66, area=cast.town)
    for child, guardian in zip(_children(work, cast, 2), guardians, strict=True):
        cast.make(work, acts.apply, wishes.ApplyCase, person_id=child, **_facts(work, cast, 0, guardian))


def build(work: UnitOfWork, _cast: Cast) -> None:
    """The month's roll as a draft."""
    build_roll(work, BuildRoll(scheme=SCHEME, period=f"{work.today:%Y-%m}"))


def _files(work: UnitOfWork, state: str) -> list[Case]:
    return list(work.session.scalars(select(Case).where(col(Case.state) == state).order_by(col(Case.id))))
