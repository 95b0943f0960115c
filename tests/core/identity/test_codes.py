"""Coded fields: words and codes, and the nearest word."""

import pytest

from core.errors import Refused
from core.identity.codes import ETHNICITY, LISTS, RELATION, SEX


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("本人", "01"), ("户主", "02"), ("配偶", "10"), ("夫", "11"), ("妻", "12"), ("子", "20"), ("独生子", "21"),
        ("长子", "22"), ("次子", "23"), ("女", "30"), ("父亲", "51"), ("母亲", "52"), ("孙子", "41"), ("孙女", "42"),
        ("其他", "80"), ("非亲属", "99"), ("02", "02"), ("2", "02"), ("４１", "41"),
        (" 户 主 ", "02"), ("儿媳妇", "38"),
    ],
)  # fmt: skip
def test_relations_are_read_as_hukou_books_write_them(word, code):
    assert RELATION.code_of(word) == code


@pytest.mark.parametrize(("word", "code"), [("男", "1"), ("女", "2"), ("0", "0"), ("9", "9"), ("2", "2")])
def test_sex_is_a_word_or_a_code(word, code):
    assert SEX.code_of(word) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("汉", "01"),
        ("汉族", "01"),
        ("土家", "15"),
        ("苗族", "06"),
        ("基诺族", "56"),
        ("1", "01"),
        ("回", "03"),
        ("土族", "30"),
    ],
)
def test_ethnicity_is_read_with_or_without_its_last_character(word, code):
    assert ETHNICITY.code_of(word) == code


def test_there_are_56_ethnicities_and_each_word_means_one_thing():
    assert [code for code in ETHNICITY.names if code <= "56"] == [f"{at:02d}" for at in range(1, 57)]
    for one in LISTS.values():
        assert set(one.words.values()) == set(one.names)
        assert len(set(one.names.values())) == len(one.names)


def test_an_unknown_word_is_refused_with_the_nearest():
    with pytest.raises(Refused) as refusal:
        RELATION.code_of("户注")
    objection = refusal.value.objections[0]
    assert (objection.code, objection.hint) == ("E_WORD", "户主")
    assert "户主" in objection.reason


def test_a_column_of_words_says_which_rows_it_does_not_know():
    assert RELATION.find_many(["户主", "", "妻", "猫", "妻"]) == (["02", "", "12", "", "12"], [3])


def test_a_code_has_a_name():
    assert RELATION.name("22") == "长子"
    assert SEX.name(1) == "男"
    assert SEX.name("7") == "7"
