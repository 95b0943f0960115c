"""Check a roster in columns: every error at its cell, all of them in one pass, none that only follows from another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import Objection
from core.households.areas import ended_code, is_current, unknown_code, village_codes
from core.households.importing.fields import FIELDS, REQUIRED, header_in_words
from core.households.importing.findings import Findings
from core.households.importing.reading import Roster
from core.households.importing.registered import Known, known_to_registry
from core.identity.codes import ETHNICITY, RELATION, SEX
from core.identity.names import name_objection, read_names
from core.identity.numbers import SCIENTIFIC, is_legacy, objection_to, read_citizen_ids
from core.identity.papers import account_objection, phone_objection, read_accounts, read_phones
from core.identity.rules import allows_test_area
from core.scope import covers
from core.spreadsheet_in.cells import with_control, without_control
from core.texts import _
from core.values import half_width

if TYPE_CHECKING:
    from core.work import UnitOfWork

SELF, HEAD = "01", "02"
_NUMBER_MAX, _ADDRESS_MAX = 40, 200
_PLAIN = {
    "name": re.compile("(?:[\u4e00-\u9fff]{2,50}\n)*+"),
    "phone": re.compile(r"(?:(?:1[3-9][0-9]{9})?\n)*+"),
    "bank_account": re.compile(r"(?:(?:[0-9]{8,30})?\n)*+"),
    "number": re.compile(r"(?:[A-Za-z0-9-]*\n)*+"),
}


@dataclass
class Checked:
    """A roster in its normal form with what was found; ``households`` are rows by household number."""

    roster: Roster
    findings: Findings
    columns: dict[str, list[str]]
    sex: list[int] = field(default_factory=list)
    birth_date: list[date | None] = field(default_factory=list)
    households: dict[str, list[int]] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: Known({}, {}, {}, {}))
    legacy: dict[int, str] = field(default_factory=dict)


def check_roster(work: "UnitOfWork", roster: Roster, *, archive: bool = False) -> Checked:
    """Check every cell and every household of a roster; writes nothing. The caller has asked for the right.

    ``archive`` takes 15-digit numbers of old files: they are converted and kept beside the 18 digits.
    """
    checked = Checked(roster, Findings(roster), {name: list(roster.columns[name]) for name in FIELDS})
    for sheet, row, why in roster.passed_over:
        checked.findings.note(sheet, row, why)
    _check_required(checked)
    _check_texts(checked)
    _check_words(checked)
    _check_numbers(work, checked, archive)
    _check_areas(work, checked)
    _group(checked)
    checked.known = known_to_registry(work, checked.households, _good_numbers(checked))
    _check_twice(checked)
    _check_registered(work, checked)
    _check_heads(checked)
    _check_shared_accounts(work, checked)
    checked.findings.in_order()
    return checked


def good_households(checked: Checked) -> dict[str, list[int]]:
    """Households without a single bad row: the unit of an import."""
    bad = checked.findings.bad_rows
    if not bad:
        return checked.households
    return {number: rows for number, rows in checked.households.items() if bad.isdisjoint(rows)}


def _check_required(checked: Checked) -> None:
    for name in REQUIRED:
        column = checked.columns[name]
        if all(column):
            continue
        for at, text in enumerate(column):
            if not text:
                words = _("请填写{name}", name=header_in_words(name))
                checked.findings.error(at, name, "E_REQUIRED", words)


def _check_texts(checked: Checked) -> None:
    columns, findings = checked.columns, checked.findings
    for name in FIELDS:
        for at in with_control(columns[name]):
            findings.error(at, name, "E_CELL", _("单元格里有看不见的控制字符，请删去后重新输入"))
            columns[name][at] = without_control(columns[name][at])  # the registry is asked for what can stand in it
    if not _all_plain("name", columns["name"]):
        columns["name"], wrong = read_names(columns["name"])
        _add(findings, wrong, columns["name"], "name", name_objection())
    if not _all_plain("phone", columns["phone"]):
        columns["phone"], wrong = read_phones(columns["phone"])
        _add(findings, wrong, columns["phone"], "phone", phone_objection())
    if not _all_plain("bank_account", columns["bank_account"]):
        accounts, wrong = read_accounts(columns["bank_account"])
        for at in wrong:
            objection = account_objection(columns["bank_account"][at])
            findings.error(at, "bank_account", objection.code or "", objection.reason)
        columns["bank_account"] = accounts
    if not _all_plain("number", columns["number"]):
        columns["number"] = [half_width(text) for text in columns["number"]]
    for name, most in (("number", _NUMBER_MAX), ("address", _ADDRESS_MAX)):
        for at in [at for at, text in enumerate(columns[name]) if len(text) > most]:
            findings.error(at, name, "E_LENGTH", _("最多 {most} 个字", most=most))


def _all_plain(name: str, column: Sequence[str]) -> bool:
    """Whether a whole column is in its normal form already; one look for what is nearly always so."""
    return _PLAIN[name].fullmatch("\n".join(column) + "\n") is not None


def _check_words(checked: Checked) -> None:
    columns, findings = checked.columns, checked.findings
    for name, words in (("relation", RELATION), ("sex", SEX), ("ethnicity", ETHNICITY)):
        typed = columns[name]
        columns[name], wrong = words.find_many(typed)
        for at in wrong:
            objection = words.objection_to(typed[at])
            findings.error(at, name, objection.code or "", objection.reason)


def _check_numbers(work: "UnitOfWork", checked: Checked, archive: bool) -> None:
    columns, findings = checked.columns, checked.findings
    numbers = read_citizen_ids(
        columns["citizen_id"], today=work.today, archive=archive, test_area=allows_test_area(work)
    )
    for at in np.flatnonzero(numbers.code).tolist():
        if columns["citizen_id"][at]:
            objection = objection_to(int(numbers.code[at]))
            words = objection.reason
            if numbers.code[at] == SCIENTIFIC:
                words = _("Excel 变成了科学计数，末几位已经丢失。请把这一列设为文本后重填")
            elif not archive and is_legacy(columns["citizen_id"][at]):
                words = _("这是 15 位旧号码，请换成 18 位；导入旧档案用 huimin household import --archive")
            findings.error(at, "citizen_id", objection.code or "", words)
    columns["citizen_id"], checked.legacy = numbers.number, numbers.legacy
    checked.birth_date = numbers.birth_date.tolist()
    read = numbers.sex.tolist()
    checked.sex = [int(code) if code else own for code, own in zip(columns["sex"], read, strict=True)]
    said = np.array(checked.sex, np.uint8)
    differs = np.isin(said, (1, 2)) & (numbers.sex > 0) & (said != numbers.sex)
    for at in np.flatnonzero(differs).tolist():
        findings.warning(at, "sex", "W_ID_SEX", _("性别与身份证号码不一致，请核实"))


def _check_areas(work: "UnitOfWork", checked: Checked) -> None:
    villages, own = village_codes(work), work.areas("household.import")
    columns, findings = checked.columns, checked.findings
    residence = columns["residence_area"]
    columns["residence_area"] = [code or home for code, home in zip(residence, columns["hukou_area"], strict=True)]
    verdicts: dict[tuple[str, str], tuple[str, Objection | None]] = {}
    for name, given in (("hukou_area", columns["hukou_area"]), ("residence_area", residence)):
        for code in set(given) - {""}:
            plain = half_width(code)
            area = villages.get(plain)
            objection = None
            if area is None:
                objection = unknown_code(code, name)
            elif not is_current(area, work.today):
                objection = ended_code(area, name)
            elif name == "hukou_area" and not covers(own, plain):
                objection = Objection(reason=_("{code} 不在你的辖区，不能导入", code=plain), code="E_AREA")
            verdicts[name, code] = (plain, objection)
        wrong = {code for (one, code), (_plain, objection) in verdicts.items() if one == name and objection}
        if wrong:
            for at in [at for at, code in enumerate(given) if code in wrong]:
                objection = verdicts[name, given[at]][1]
                if objection:
                    findings.error(at, name, objection.code or "", objection.reason)
    plain_of = {code: plain for (_name, code), (plain, _objection) in verdicts.items()}
    for name in ("hukou_area", "residence_area"):
        columns[name] = [plain_of.get(code, code) for code in columns[name]]


def _group(checked: Checked) -> None:
    households = checked.households
    for at, number in enumerate(checked.columns["number"]):
        rows = households.get(number)
        if rows is None:
            households[number] = [at]
        else:
            rows.append(at)
    households.pop("", None)


def _good_numbers(checked: Checked) -> list[str]:
    findings, numbers = checked.findings, checked.columns["citizen_id"]
    if not findings.bad_rows:
        return numbers
    return [number for at, number in enumerate(numbers) if not findings.is_bad(at, "citizen_id")]


def _check_twice(checked: Checked) -> None:
    numbers = checked.columns["citizen_id"]
    if len(set(numbers)) == len(numbers):
        return
    first: dict[str, int] = {}
    for at, number in enumerate(numbers):
        if not number or checked.findings.is_bad(at, "citizen_id"):
            continue
        if number in first:
            row = checked.roster.row_of[first[number]]
            words = _("该身份证号码在本文件第 {row} 行已出现", row=row)
            checked.findings.error(at, "citizen_id", "E_ID_DUP", words)
        else:
            first[number] = at


def _check_registered(work: "UnitOfWork", checked: Checked) -> None:
    """Against the registry: numbers that stand in another household, households of another area or closed."""
    known, findings, own = checked.known, checked.findings, work.areas("household.import")
    if not known.households and not known.people:
        return
    for number, rows in checked.households.items():
        household = known.households.get(number)
        if household is not None and not covers(own, household.area):
            # The words do not say where it is: a household of another area looks like any number that is taken.
            findings.error(rows[0], "number", "E_HH_NUMBER", _("该户号已被使用，请核对"))
        elif household is not None and household.closed_on is not None:
            words = _("该户已于 {on} 注销，请核对户号", on=household.closed_on)
            findings.error(rows[0], "number", "E_HH_CLOSED", words)
        for at in rows:
            person = known.persons.get(known.people.get(checked.columns["citizen_id"][at], 0))
            if person is None or person.household_id is None or findings.is_bad(at, "citizen_id"):
                continue
            if household is None or person.household_id != household.id:
                findings.error(at, "citizen_id", "E_ID_DUP", _("该身份证号码已登记，请打开原档案"))


def _check_heads(checked: Checked) -> None:
    """One head in each household as it will be; members that stand in the registry only are counted too."""
    relation, findings, known = checked.columns["relation"], checked.findings, checked.known
    for number, rows in checked.households.items():
        heads = [at for at in rows if relation[at] in (HEAD, SELF)]
        household = known.households.get(number)
        others = _others(checked, household, rows) if household is not None else {}
        if len(heads) == 1 and not others:
            relation[heads[0]] = HEAD
            continue
        if any(findings.is_bad(at, "relation") for at in rows):
            continue
        standing = [person for person, code in others.items() if code == HEAD]
        if len(heads) > 1:
            for at in heads[1:]:
                findings.error(at, "relation", "E_HH_HEAD", _("一户必须且只能有一名户主"))
        elif heads and standing:
            words = _("一户必须且只能有一名户主：换户主要在名册中列出全部成员和新的关系")
            findings.error(heads[0], "relation", "E_HH_HEAD", words)
        elif not heads and not standing:
            findings.error(rows[0], "relation", "E_HH_HEAD", _("一户必须且只能有一名户主：本户没有户主"))
        elif heads:
            relation[heads[0]] = HEAD
        if others and not findings.is_bad(rows[0], "number"):
            words = _("户内另有 {count} 人不在名册中，保持不变", count=len(others))
            findings.warning(rows[0], "number", "W_HH_OTHERS", words)


def _others(checked: Checked, household: Any, rows: Sequence[int]) -> dict[int, str]:
    known, numbers = checked.known, checked.columns["citizen_id"]
    listed = {known.people.get(numbers[at]) for at in rows}
    members = known.members[household.id]
    return {person: relation for person, relation in members.items() if person not in listed}


def _check_shared_accounts(work: "UnitOfWork", checked: Checked) -> None:
    """``W_ACCT_SHARED``: one account with people of different households, in the file or in the registry."""
    from core.identity.bulk import accounts_in_use

    accounts, numbers, known = checked.columns["bank_account"], checked.columns["number"], checked.known
    given = [account for account in accounts if account]
    if not given:
        return
    shared = _in_two_households(accounts, numbers) if len(set(given)) != len(given) else set()
    used = accounts_in_use(work, given)
    for at, account in enumerate(accounts):
        if not account:
            continue
        household = known.households.get(numbers[at])
        kin = set(known.members.get(household.id, ())) if household is not None else set()
        kin.add(known.people.get(checked.columns["citizen_id"][at], 0))
        if account in shared or any(person not in kin for person in used.get(account, ())):
            words = _("同一银行账户被不同家庭使用，请核实")
            checked.findings.warning(at, "bank_account", "W_ACCT_SHARED", words)


def _in_two_households(accounts: Sequence[str], numbers: Sequence[str]) -> set[str]:
    first: dict[str, str] = {}
    return {
        account
        for account, number in zip(accounts, numbers, strict=True)
        if account and first.setdefault(account, number) != number
    }


def _add(findings: Findings, rows: Sequence[int], column: Sequence[str], name: str, objection: Objection) -> None:
    for at in rows:
        if column[at]:
            findings.error(at, name, objection.code or "", objection.reason)
