"""Money, months, areas, ages and masked numbers."""

import copy
import json
import pickle
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capitals import LARGEST_FEN
from core.errors import Refused, WrongUse
from core.values import (
    AreaCode,
    BankAccount,
    IdNumber,
    Period,
    Phone,
    age_on,
    beyond,
    birthday_at,
    format_money,
    in_capitals,
    parse_money,
    read_number,
    row_id,
    year_of,
)

NUMBER = "430223194611200233"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("2,292.00", 229200),
        ("2292", 229200),
        ("¥6.5", 650),
        ("￥６．５０", 650),
        ("0.05元", 5),
        ("-1.20", -120),
        ("1.500", 150),
    ],
)
def test_amounts_are_read_as_people_write_them(text, fen):
    assert parse_money(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "1,23", "1e3", "abc", "1.", ".5", "--1", "12,34.00"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused):
        parse_money(text)


@given(st.integers(-LARGEST_FEN + 1, LARGEST_FEN - 1))
def test_an_amount_is_read_back_as_it_was_written(fen):
    assert parse_money(format_money(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (2405088000, "贰仟肆佰零伍万零捌佰捌拾元整"),
        (105007, "壹仟零伍拾元零柒分"),
        (30, "叁角整"),
        (1000000, "壹万元整"),
        (10001050, "壹拾万零壹拾元伍角"),
        (229200, "贰仟贰佰玖拾贰元整"),
        (0, "零元整"),
        (5, "伍分"),
        (123, "壹元贰角叁分"),
        (140950, "壹仟肆佰零玖元伍角"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (100000000110, "壹拾亿零壹元壹角"),
        (10**16, "壹佰万亿元整"),
        (100000000000000, "壹万亿元整"),
        (1_0000_0001_0000_00, "壹万亿零壹万元整"),
        (-100, "负壹元整"),
    ],
)  # fmt: skip
def test_amounts_are_written_in_capitals(fen, words):
    assert in_capitals(fen) == words


@given(st.integers(0, LARGEST_FEN))
def test_capitals_can_be_read_back_and_never_say_zero_twice(fen):
    words = in_capitals(fen)
    assert "零零" not in words and not words.startswith("零") or fen == 0
    assert _read_capitals(words) == fen


def _read_capitals(words):
    yuan, _, rest = words.removesuffix("整").rpartition("元") if "元" in words else ("", "", words.removesuffix("整"))
    fen = 0
    for unit, worth in (("角", 10), ("分", 1)):
        if unit in rest:
            fen += "零壹贰叁肆伍陆柒捌玖".index(rest[rest.index(unit) - 1]) * worth
    return _read_whole(yuan) * 100 + fen


def _read_whole(text):
    total = section = digit = 0
    for sign in text:
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(sign) + 1), 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


def test_an_amount_too_large_for_a_voucher_is_refused():
    with pytest.raises(WrongUse):
        in_capitals(LARGEST_FEN + 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", "1234.5"), ("１２．５", "12.5"), ("-4.0", "-4.0"), ("+3", "3"), ("0", "0"), ("7.", "7"),
        (".5", "0.5"), ("1E-05", "0.00001"), ("1.5e3", "1500"), ("9999999999999", "9999999999999"), (" 3 ", "3"),
        ("0.30000000000000004", "0.30000000000000004"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_typed_or_as_excel_writes_it(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "", "NaN", "Infinity", "-inf", "9e999999", "1e99", "9" * 14, "9" * 5_000, "0." + "0" * 30 + "1", "1e-99",
        "1_000", "١٢٣", "²", "0x10", "1.2.3", "--1", "1e", "e5", "十二", "1/2", ".",
    ],
)  # fmt: skip
def test_what_is_no_number_or_one_that_nobody_can_keep_is_none(text):
    assert read_number(text) is None


@given(st.text(alphabet="0123456789.-+eE,_ ０９NnaIif", max_size=40))
def test_every_number_that_is_read_can_be_multiplied_and_kept(text):
    found = read_number(text)
    assert found is None or abs(int(found * 10_000)) < 2**63


@pytest.mark.parametrize(
    ("text", "number"),
    [("17", 17), (" 17 ", 17), ("007", 7), (17, 17), ("0", 0), ("", 0), ("-1", 0), ("1.0", 0), ("١٢", 0), ("²", 0),
     ("9" * 14, 99_999_999_999_999), ("9" * 15, 0), ("9" * 5_000, 0), ("abc", 0), (None, 0)],
)  # fmt: skip
def test_the_number_of_a_row_has_at_most_fourteen_digits_and_is_else_nobodys(text, number):
    assert row_id(text) == number


@pytest.mark.parametrize(
    ("text", "year"), [("2026", 2026), ("1948", None), ("3000", None), ("9" * 5_000, None), ("", None)]
)
def test_a_year_that_may_be_asked_for(text, year):
    assert year_of(text) == year


def test_what_reaches_beyond_is_refused_and_not_a_fault(run):
    for words in (["audit", "show"], ["funds", "batch", "show"], ["household", "show"]):
        ran = run(*words, "9" * 25, "--json")
        assert (ran.exit_code, ran.error["code"]) == (5, "E_NOT_FOUND"), (words, ran.talk)


def test_a_day_before_the_first_is_refused_in_words():
    with pytest.raises(OverflowError) as found:
        date.min - timedelta(days=1)
    assert beyond(found.value).code == "E_DAY"
    assert beyond(OverflowError("math range error")) is None and beyond(ValueError("out of range")) is None


def test_months_count_over_the_year():
    month = Period("2026-12")
    assert (month.next(), month.previous(), month.plus(-12)) == ("2027-01", "2026-11", "2025-12")
    assert (month.first_day, month.last_day) == (date(2026, 12, 1), date(2026, 12, 31))
    assert Period("2024-02").last_day == date(2024, 2, 29)
    assert list(Period.span("2026-11", "2027-01")) == ["2026-11", "2026-12", "2027-01"]
    assert list(Period.span("2026-02", "2026-01")) == []
    assert Period.of(date(2026, 3, 5)) == "2026-03"
    assert json.dumps(month) == '"2026-12"'


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "202601", "26-01", "2026-00", "２０２６-01"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(Refused):
        Period(text)


def test_areas_know_their_level_parent_and_what_they_cover():
    village = AreaCode("430223101201")
    assert (village.level, village.parent, village.county) == ("village", "430223101", "430223")
    assert AreaCode("430223").parent is None
    assert AreaCode("430223101").covers(village)
    assert not AreaCode("430223102").covers(village)
    for wrong in ("43022", "43022310A", "", "４３０２２３"):
        with pytest.raises(Refused):
            AreaCode(wrong)


def test_a_person_turns_60_on_the_birthday():
    assert age_on(date(1966, 11, 20), date(2026, 11, 19)) == 59
    assert age_on(date(1966, 11, 20), date(2026, 11, 20)) == 60


def test_born_on_29_february_the_county_says_when_an_age_is_reached():
    born = date(1964, 2, 29)
    assert birthday_at(born, 61) == date(2025, 3, 1)
    assert age_on(born, date(2025, 2, 28)) == 60
    assert age_on(born, date(2025, 2, 28), "february_28") == 61
    assert age_on(born, date(2024, 2, 29)) == 60


def _number(opened=None):
    def unseal():
        if opened is not None:
            opened.append(1)
        return NUMBER

    return IdNumber(unseal, subject="person:7", area="430223101201")


def test_a_number_is_masked_however_it_is_written():
    number = _number()
    written = [
        str(number), repr(number), f"{number}", f"{number:>30}", json.dumps({"id": number}),
        "".join([number]), repr([number]), str(copy.copy(number)), str(pickle.loads(pickle.dumps(number))),  # noqa: S301
    ]  # fmt: skip
    assert not any(NUMBER in text or NUMBER[6:14] in text for text in written)
    assert number.masked == "430223********0233"
    assert (number.tail, number.in_words) == ("0233", "尾号 0233")


def test_accounts_and_phones_show_their_last_four():
    assert BankAccount(lambda: "6228480012345678906", subject="person:7") == "********8906"
    assert Phone(lambda: "13800131234", subject="person:7") == "138****1234"
    assert Phone(lambda: "073124220001", subject="person:7") == "****0001"
    assert IdNumber(lambda: "E1234", subject="person:7") == "********"
