"""Names: their one spelling, what may stand in one, their initials."""

import pytest
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT

from core.errors import Refused
from core.identity.names import initials, initials_of, normal_name, read_name, read_names


@pytest.mark.parametrize("dot", "•・.．·‧")
def test_every_middle_dot_becomes_the_same(dot):
    assert read_name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 王桂兰 ", "王桂兰"),
        ("李　明", "李明"),
        ("John  Smith", "John Smith"),
        ("Jean-Luc O’Neill", "Jean-Luc O'Neill"),
        ("e\u0301lan Vital", "élan Vital"),
        ("𠮷田", "𠮷田"),
        ("王𬭚", "王𬭚"),
        ("陳國樑", "陳國樑"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
    ],
)
def test_a_name_has_one_spelling(typed, name):
    assert read_name(typed) == name


@pytest.mark.parametrize("typed", ["王", "", "王1", "王?", "·王明", "王明·", "王··明", "王😀", "王" * 51, "王\ue000明"])
def test_what_cannot_be_a_name_is_refused(typed):
    with pytest.raises(Refused) as refusal:
        read_name(typed)
    assert refusal.value.code == "E_NAME"


NAMES = (
    st.text(alphabet="王明阿𠮷·•. 　Aé1\u0301", max_size=8)
    | st.text(alphabet="王𠀀𪚥𰻞㐂\u200b\u200d\ufeff\u202e\u2067·﹒\uf900O’Neill\n\0", max_size=12)
    | st.text(max_size=6)
)


@pytest.mark.proof("RS43")
@pytest.mark.one_database
def test_a_column_of_names_is_read_as_one_by_one(proof):
    def alike(texts):
        names, wrong = read_names(texts)
        for row, text in enumerate(texts):
            try:
                assert read_name(text) == names[row]
                assert row not in wrong
                assert not set(names[row]) & set("\0\n\u200b\u200d\ufeff\u202e\u2067"), "a sign nobody sees"
            except Refused:
                assert row in wrong
            assert normal_name(names[row]) == names[row]
        assert initials_of(names) == [initials(name) for name in names]

    lists = st.lists(NAMES, min_size=10, max_size=10)
    proof.property(alike, lists, examples=proof.effort(quick=300, long=15_000) // 10, each=10)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王桂兰", "wgl"),
        ("单雄信", "sxx"),
        ("曾国藩", "zgf"),
        ("解晓东", "xxd"),
        ("仇英", "qy"),
        ("尉迟敬德", "ycjd"),
        ("万俟卨", "mqx"),
        ("单于夜", "cyy"),
        ("区小明", "oxm"),
        ("王单", "wd"),
        ("阿卜杜拉·买买提", "abdlmmt"),
        ("John Smith", "js"),
        ("Øyvind O'Neill", "oo"),
        ("", ""),
    ],
)
def test_initials_know_the_readings_of_surnames(name, letters):
    assert initials(name) == letters


def test_the_table_has_a_letter_for_every_character_that_has_a_reading():
    common = [chr(code) for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FFF]
    without = [
        character
        for character, letter in zip(common, initials_of(["王" + c for c in common]), strict=True)
        if len(letter) != 2
    ]
    assert len(without) < 5
