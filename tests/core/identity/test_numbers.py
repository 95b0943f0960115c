"""Identity numbers, one at a time and a column at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.identity.numbers import (
    FAULTS,
    check_character,
    clean_number,
    objection_to,
    read_citizen_id,
    read_citizen_ids,
    sex_objection,
)
from core.identity.papers import (
    read_account,
    read_birth_certificate,
    read_disability,
    read_foreign_permit,
    read_officer,
    read_passport,
    read_permit,
    read_phone,
)

TODAY = date(2026, 11, 20)


def code_of(text, **options):
    with pytest.raises(Refused) as refusal:
        read_citizen_id(text, today=TODAY, **options)
    return refusal.value.objections[0].code


@pytest.mark.parametrize(
    ("text", "born", "sex"),
    [
        ("11010519491231002x", date(1949, 12, 31), 2),
        ("34052419800101001X", date(1980, 1, 1), 1),
        ("430223194611200233", date(1946, 11, 20), 1),
        ("43022319480315004X", date(1948, 3, 15), 2),
        (" ４３０２２３ 19480315　004ｘ ", date(1948, 3, 15), 2),
    ],
)
def test_the_vectors_of_the_handbook_are_read(text, born, sex):
    found = read_citizen_id(text, today=TODAY)
    assert (found.number, found.birth_date, found.sex) == (clean_number(text), born, sex)
    assert found.number.isascii() and found.number == found.number.upper()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "E_ID_CHECK"),
        ("430223199002290010", "E_ID_DATE"),
        ("990223194611200233", "E_ID_PROVINCE"),
        ("43022319461120023", "E_ID_FORMAT"),
        ("43022319461120023A", "E_ID_FORMAT"),
        ("110105491231002", "E_ID_FORMAT"),
        ("", "E_ID_FORMAT"),
        ("4.30223194611200E+17", "E_ID_FORMAT"),
        ("430223194６11200233 0", "E_ID_FORMAT"),
    ],
)
def test_a_wrong_number_is_refused_with_its_code(text, code):
    assert code_of(text) == code


def test_the_messages_are_the_handbooks():
    said = {objection_to(code).code: objection_to(code).reason for code in (1, 3, 4, 5)}
    assert said == {
        "E_ID_FORMAT": "身份证号码应为18位",
        "E_ID_PROVINCE": "身份证号码省级代码无效",
        "E_ID_DATE": "身份证号码中的出生日期无效",
        "E_ID_CHECK": "身份证号码校验位错误",
    }
    assert len(FAULTS) == 6


@pytest.mark.parametrize("text", ["9.99E+17", "4.30223194611200E+17", "4.3022319461120026e+17", "9.99Ｅ+17"])
def test_a_number_that_excel_broke_is_told_apart(text):
    with pytest.raises(Refused) as refusal:
        read_citizen_id(text, today=TODAY)
    assert refusal.value.objections[0].reason == "Excel 变成了科学计数，请设为文本后重填"


def test_nobody_is_born_tomorrow_or_before_1850():
    first = "999223" + (TODAY + timedelta(days=1)).strftime("%Y%m%d") + "001"
    assert code_of(first + check_character(first), test_area=True) == "E_ID_DATE"
    old = "99922318491231001"
    assert code_of(old + check_character(old), test_area=True) == "E_ID_DATE"


def test_the_test_area_is_refused_where_people_live():
    first = "99922319900101001"
    number = first + check_character(first)
    assert code_of(number) == "E_ID_PROVINCE"
    assert read_citizen_id(number, today=TODAY, test_area=True).number == number


def test_an_archive_number_of_15_digits_is_converted_and_kept():
    found = read_citizen_id("110105491231002", today=TODAY, archive=True)
    assert (found.number, found.legacy) == ("11010519491231002X", "110105491231002")


def test_an_archive_number_of_the_century_before_is_for_a_person_to_look_at():
    assert code_of("110105491231997", archive=True) == "E_ID_FORMAT"


def test_another_sex_than_digit_17_is_a_warning():
    assert sex_objection(1, "11010519491231002X").code == "W_ID_SEX"
    assert sex_objection(1, "11010519491231002X").reason == "性别与身份证号码不一致，请核实"
    assert sex_objection(2, "11010519491231002X") is None
    assert sex_objection(9, "11010519491231002X") is None


def _numbers():
    right = st.builds(
        lambda province, born, sequence: f"{province}0223{born:%Y%m%d}{sequence:03d}",
        st.sampled_from(("11", "43", "99", "81", "00", "16")),
        st.dates(date(1840, 1, 1), date(2027, 12, 31)),
        st.integers(0, 999),
    ).map(lambda first: first + check_character(first))
    spoilt = st.builds(
        lambda number, place, sign: number[:place] + sign + number[place + 1 :],
        right,
        st.integers(0, 17),
        st.sampled_from("0123456789Xx Ａ３٣a"),
    )
    return right | right.map(str.lower) | spoilt | st.text(max_size=20) | st.from_regex(r"\d{15}", fullmatch=True)


@pytest.mark.proof("RS43")
@pytest.mark.one_database
def test_a_column_is_read_as_its_numbers_are_read_one_by_one(proof):
    def alike(texts, archive, test_area):
        column = read_citizen_ids(texts, today=TODAY, archive=archive, test_area=test_area)
        for row, text in enumerate(texts):
            try:
                one = read_citizen_id(text, today=TODAY, archive=archive, test_area=test_area)
            except Refused as refusal:
                assert objection_to(int(column.code[row]), "citizen_id") == refusal.objections[0]
                assert str(column.birth_date[row]) == "NaT"
                assert column.sex[row] == 0
            else:
                assert column.code[row] == 0
                assert column.number[row] == one.number == clean_number(one.number)
                assert column.legacy.get(row, "") == one.legacy
                assert column.birth_date[row].astype(date) == one.birth_date
                assert column.sex[row] == one.sex

    broken = ["430223199002290010", "11010519491231002x", "4.3E+17", "110105491231002", "110105491231997"]
    alike(broken, True, False)
    proof.property(alike, st.lists(_numbers(), min_size=20, max_size=20), st.booleans(), st.booleans(), each=20,
                   examples=proof.effort(quick=1_000, long=50_000) // 20)  # fmt: skip


@pytest.mark.proof("RS43")
@pytest.mark.one_database
def test_one_person_has_one_number_however_it_is_typed_and_one_wrong_digit_is_noticed(proof):
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

    def told(born, sequence, place, digit):
        first = f"430223{born:%Y%m%d}{sequence:03d}"
        number = first + check_character(first)
        spaced = f" {number[:6]}\u3000{number[6:14]}\t{number[14:]} "
        for dress in (number.lower(), number.translate(wide), spaced, spaced.translate(wide).lower()):
            assert read_citizen_id(dress, today=TODAY).number == number
        wrong = number[:place] + digit + number[place + 1 :]
        swapped = number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
        for other in {wrong, swapped} - {number}:
            assert code_of(other).startswith("E_ID_")

    kinds = (st.dates(date(1850, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.sampled_from("0123456789X"))
    proof.property(told, *kinds, examples=proof.effort(quick=300, long=25_000))


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_number(clean_number(text)) == clean_number(text)


PAPERS = {
    "permit": lambda text: read_permit(text, today=TODAY),
    "foreign": read_foreign_permit,
    "passport": lambda text: read_passport(text, "CHN")[0],
    "birth": read_birth_certificate,
    "officer": read_officer,
    "disability": lambda text: read_disability(text, text[:18], today=TODAY).number,
    "account": read_account,
    "phone": read_phone,
}


@pytest.mark.proof("RS43")
@pytest.mark.one_database
def test_a_number_of_another_paper_is_refused_in_words_or_read_the_same_again(proof):
    def told(kind, text):
        try:
            number = PAPERS[kind](text)
        except Refused as refusal:
            assert refusal.objections[0].code.startswith("E_")
        else:
            assert PAPERS[kind](number) == number
            assert not kind.startswith(("permit", "passport", "account")) or number.isascii()

    shaped = st.from_regex(r"\A[A-Za-z0-9 ０-９Ａ-Ｚ-]{5,22}\Z") | st.from_regex(r"\A8[123]\d{15}[\dXx]\Z") | _numbers()
    proof.property(told, st.sampled_from(sorted(PAPERS)), shaped | st.text(max_size=25),
                   examples=proof.effort(quick=300, long=10_000))  # fmt: skip
