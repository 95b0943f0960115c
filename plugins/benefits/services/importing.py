"""Take people over who are in payment already: one spreadsheet, checked in columns, written in columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.api import (
    Column,
    GroupPart,
    ImportCounts,
    NewPayee,
    OpenGroup,
    Period,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    account_number,
    facts_of,
    mark,
    open_group,
    payee_names,
    people_of_numbers,
)
from plugins.benefits.queries import institutions_named
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services.changing import ChangeEnrolment, change_enrolment
from plugins.benefits.services.enrolling import RIGHT, enrol_many
from plugins.benefits.services.examining import NewEnrolment, enrolments_in, examine, scheme_objection

SOURCE = "import"
COLUMNS = (
    Column(name="scheme", title=mark("业务"), required=True, example="orphan_care"),
    Column(name="category", title=mark("类别"), required=True, example="ORPHAN_INST", aliases=("类别代码",)),
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223201501010018",
        aliases=("身份证号", "身份证号码", "公民身份证号码"),
    ),
    Column(name="from_month", title=mark("起始月"), kind="month", required=True, example="2026-01"),
    Column(name="to_month", title=mark("截止月"), kind="month"),
    Column(name="institution", title=mark("机构"), aliases=("机构代码", "机构名称")),
    Column(name="account_name", title=mark("收款户名")),
    Column(name="account_number", title=mark("收款账号"), aliases=("收款帐号",)),
    Column(name="amount", title=mark("定额（元）"), kind="money", aliases=("补助金额", "月补助")),
    Column(name="members", title=mark("其他家庭成员身份证号"), aliases=("家庭成员",)),
)
_NOT_YET = 0
"""The file of a family that is opened when its row is written."""

Rows = Mapping[str, Sequence[Any]]


@dataclass
class Read:
    """The rows of a file as wishes; ``known`` maps a row to the enrolment that is there already."""

    wishes: dict[int, NewEnrolment]
    known: dict[int, Any]
    objections: list[RowObjection]


def check_rows(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    read = _read(work, rows)
    fresh = [row for row in read.wishes if row not in read.known]
    examined = examine(work, [read.wishes[row] for row in fresh])
    for one in examined.objections:
        column = one.column if one.column in rows else "citizen_id" if one.column == "person_id" else one.column
        read.objections.append(
            RowObjection(row=fresh[one.row], reason=one.reason, column=column, code=one.code, hint=one.hint)
        )
    return read.objections


def write_rows(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Enrol whom is new and change what differs; who stands there just so is passed over."""
    read = _read(work, rows)
    fresh = [_with_family(work, wish) for row, wish in read.wishes.items() if row not in read.known]
    if fresh:
        enrol_many(work, fresh, carried_over=True)
    payees = payee_names(work, {one.payee_id for one in read.known.values() if one.payee_id})
    updated = 0
    for row, enrolment in read.known.items():
        change = _difference(read.wishes[row], enrolment, payees)
        if change is not None:
            change_enrolment(work, enrolment.id, change)
            updated += 1
    return ImportCounts(imported=len(fresh), updated=updated, skipped=len(read.known) - updated)


def _read(work: UnitOfWork, rows: Rows) -> Read:
    people = people_of_numbers(work, rows["citizen_id"], RIGHT)
    names = facts_of(work, {one for one in people.ids if one})
    homes = institutions_named(work, {one for one in rows["institution"] if one})
    objections = [
        RowObjection(row=row, reason=one.reason, column="citizen_id", code=one.code, hint=one.hint)
        for row, one in people.objections.items()
    ]
    rows = _named(work, rows)
    verdicts = {pair: scheme_objection(work, *pair) for pair in set(zip(rows["scheme"], rows["category"], strict=True))}
    wishes: dict[int, NewEnrolment] = {}
    for row, person in enumerate(people.ids):
        given = {name: column[row] for name, column in rows.items()}
        found = verdicts[given["scheme"], given["category"]]
        wrong = (
            [RowObjection(row=row, reason=found.reason, column=found.field, code=found.code, hint=found.hint)]
            if found
            else []
        )
        if given["institution"] and given["institution"] not in homes:
            words = _("没有登记机构“{name}”，先用 huimin benefits institution set 登记", name=given["institution"][:40])
            wrong.append(RowObjection(row=row, reason=words, column="institution", code="E_INSTITUTION"))
        payee = None
        if given["account_number"]:
            try:
                account_number(given["account_number"])
            except Refused as refusal:
                words, code = refusal.objections[0].reason, refusal.code
                wrong.append(RowObjection(row=row, reason=words, column="account_number", code=code))
            own = names[person].name if person in names else ""
            payee = NewPayee(name=given["account_name"] or own, number=given["account_number"])
        elif given["account_name"]:
            words = _("填了收款户名，还要填收款账号")
            wrong.append(RowObjection(row=row, reason=words, column="account_number", code="E_ACCOUNT"))
        others = _others(work, row, given["members"], wrong)
        objections.extend(wrong)
        if person and not wrong:
            family = schemes_of(work)[given["scheme"]].beneficiary == "family"
            terms = {} if given["amount"] is None else {"amount_fen": given["amount"], "n": len(others) + 1}
            wishes[row] = NewEnrolment(
                group_id=_NOT_YET if family else None,
                member_ids=[person, *others] if family else (),
                terms=terms,
                scheme=given["scheme"],
                category=given["category"],
                person_id=person,
                from_month=given["from_month"],
                to_month=given["to_month"],
                institution_id=homes.get(given["institution"]),
                payee=payee,
                source=SOURCE,
            )
    return Read(wishes, _known(work, wishes, objections), objections)


def _others(work: UnitOfWork, row: int, text: str, wrong: list[RowObjection]) -> list[int]:
    """The other members of a family by their numbers, set apart by commas or spaces."""
    numbers = [one for one in re.split(r"[,，、;；\s]+", text or "") if one]
    found = people_of_numbers(work, numbers, RIGHT)
    wrong.extend(
        RowObjection(row=row, reason=one.reason, column="members", code=one.code, hint=one.hint)
        for one in found.objections.values()
    )
    return [one for one in found.ids if one]


def _with_family(work: UnitOfWork, wish: NewEnrolment) -> NewEnrolment:
    """Open the file of a family that is taken over."""
    if wish.group_id is None:
        return wish
    area = facts_of(work, [wish.person_id])[wish.person_id].hukou_area
    members = [GroupPart(person_id=one, part="member") for one in wish.member_ids]
    on = min(Period(wish.from_month).first_day, work.today)
    group = open_group(work, OpenGroup(kind="assistance_family", area=area, scheme=wish.scheme, members=members, on=on))
    return replace(wish, group_id=group.id)


def _named(work: UnitOfWork, rows: Rows) -> Rows:
    """The rows with the names of schemes and codes of categories where their titles were written."""
    schemes = {_(one.title): one.name for one in schemes_of(work).values()}
    names = [schemes.get(text, text) for text in rows["scheme"]]
    codes = {
        (one.name, _(category.title)): category.code for one in schemes_of(work).values() for category in one.categories
    }
    categories = [codes.get((name, text), text) for name, text in zip(names, rows["category"], strict=True)]
    return {**rows, "scheme": names, "category": categories}


def _known(work: UnitOfWork, wishes: Mapping[int, NewEnrolment], objections: list[RowObjection]) -> dict[int, Any]:
    """Rows whose person is on the scheme already in those months; a second row of the same file is an error."""
    by_place: dict[tuple[str, int], list[int]] = {}
    for row, wish in wishes.items():
        by_place.setdefault((wish.scheme, wish.person_id), []).append(row)
    known: dict[int, Any] = {}
    for scheme in {scheme for scheme, _person in by_place}:
        people = sorted(person for one, person in by_place if one == scheme)
        for found in enrolments_in(work, scheme, people):
            for row in by_place[scheme, found.person_id]:
                wish = wishes[row]
                begins_after = found.to_month is not None and wish.from_month > found.to_month
                ends_before = wish.to_month is not None and wish.to_month < found.from_month
                if begins_after or ends_before or row in known:
                    continue
                if found.state == "ended":
                    words = _("这个人的待遇到 {month} 停发，从之后的月份起再登记", month=found.to_month)
                    objections.append(RowObjection(row=row, reason=words, column="from_month", code="E_ENROLLED"))
                known[row] = found
    twice: dict[int, int] = {}
    for row, found in known.items():
        if twice.setdefault(found.id, row) != row:
            words = _("同一个人在这批里出现两次，月份重叠")
            objections.append(RowObjection(row=row, reason=words, column="citizen_id", code="E_ENROLLED"))
    return known


def _difference(wish: NewEnrolment, enrolment: Any, payees: Mapping[int, tuple[str, str]]) -> ChangeEnrolment | None:
    """What a row says otherwise than the enrolment; None when it says the same."""
    if enrolment.state == "ended":
        return None
    name, tail = payees.get(enrolment.payee_id, ("", ""))
    paid_elsewhere = wish.payee is not None and (wish.payee.name, wish.payee.number.strip()[-4:]) != (name, tail)
    moved = wish.institution_id is not None and wish.institution_id != enrolment.institution_id
    change = ChangeEnrolment(
        from_month=wish.from_month,
        category=wish.category if wish.category != enrolment.category else "",
        institution_id=wish.institution_id if moved else None,
        account_name=wish.payee.name if wish.payee and paid_elsewhere else "",
        account_number=wish.payee.number if wish.payee and paid_elsewhere else "",
        to_month=wish.to_month or "" if wish.to_month != enrolment.to_month else "",
        reason=_("名册导入"),
    )
    same = not (change.category or change.institution_id or change.account_number or change.to_month)
    return None if same and wish.from_month >= enrolment.from_month else change
