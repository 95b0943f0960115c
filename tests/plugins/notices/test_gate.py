"""What may never become public: minors, closed fields, names in full; and 5,000 random sheets that prove it."""

import json
import random
import re
from datetime import date

import pytest

from core import documents
from core.errors import Refused
from core.testing import VILLAGE, plugin_contract
from core.web.rendering import Shell, make_environment
from core.web.static_files import StaticFiles
from plugins.notices.api import NewNotice, NoticeColumn, NoticeRow, mask_name, open_notice
from plugins.notices.cells import Listed, public_cells
from plugins.notices.closed import case_number_findings, findings, office_findings
from plugins.notices.codes import ALPHABET, check_letter, in_groups, new_code, read_code
from plugins.notices.queries import own_notice
from plugins.notices.sheets import draw_sheet, read_content, sheet_of

test_the_contract_is_kept = plugin_contract("notices")

ID_NUMBER = "99900119490101001X"
ILLNESS = ["病", "癌", "透析"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("吴霞", "吴*"),
        ("陈家强", "陈*强"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("王李小明", "王*明"),
        ("阿卜杜拉·买买提", "阿*·买*"),
        ("John Smith", "J* S*"),
    ],
)
def test_a_name_is_masked_as_the_house_masks_names(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    "text",
    [
        ID_NUMBER,
        "编号99900119490101001x止",
        "999001 19490101 001X",
        "９９９００１１９４９０１０１００１Ｘ",
        "999001-19490101-001X",
        "999001490101001",
        "13800138000",
        "138-0013-8000",
        "一三八零零一三八零零零",
        "+8613800138000",
        "0731-24222222",
        "6210088",
        "6222 0211 1234 5678",
        "622202111234567890123",
        "肺癌",
        "因病致贫",
        "透\u200b析",
    ],
)
def test_what_is_closed_is_found_however_it_is_written(text):
    assert findings(text, ILLNESS)


@pytest.mark.parametrize(
    "text", ["最低生活保障", "2026年3月", "第3组", "民发〔2021〕57号", "1,162.50 元", "桃水镇小集村", "A 类"]
)
def test_plain_words_pass(text):
    assert findings(text, ILLNESS) == []


def test_a_case_number_may_have_groups_of_digits_but_hide_no_number():
    assert case_number_findings("DB-430223-2026-00087") == []
    assert case_number_findings("攸民救〔2026〕15号") == []
    for wrong in (ID_NUMBER, "999001-19490101-0014", "13800138000", "138-0013-8000", "6222021112345678"):
        assert case_number_findings(wrong), wrong


def test_an_office_may_name_its_telephone_and_nothing_else():
    assert office_findings("乡镇：攸县桃水镇人民政府，电话 0731-24222222") == []
    assert office_findings(f"乡镇：{ID_NUMBER}")
    assert office_findings("乡镇：6222021112345678")


def test_a_code_has_sixty_bits_and_one_wrong_letter_is_noticed():
    code = new_code()
    assert len(code) == 13
    assert len(ALPHABET) == 32
    assert read_code(in_groups(code).lower()) == code
    for place in range(13):
        other = next(letter for letter in ALPHABET if letter != code[place])
        assert read_code(code[:place] + other + code[place + 1 :]) == ""
    assert check_letter(code[:12]) == code[12]
    assert read_code("") == read_code("0" * 13) == ""


def refused(county, wish):
    with county.begin() as work, pytest.raises(Refused) as refusal:
        open_notice(work, wish)
    return {one.code for one in refusal.value.objections}


def wish(*rows, **changes):
    values = {"type": "notices.proposed", "area": VILLAGE, "rows": rows}
    return NewNotice(**(values | changes))


def row(person_id, **values):
    return NoticeRow(person_id=person_id, values={"area": VILLAGE, "members": 2, "amount": 100000} | values)


def test_one_minor_refuses_the_whole_sheet_on_the_day(county, person, clock):
    from datetime import datetime

    adult, minor = person("王建国"), person("李小满", date(2008, 11, 21))
    assert refused(county, wish(row(adult), row(minor))) == {"E_MINOR_PUBLIC"}
    clock.set(datetime.fromisoformat("2026-11-21T09:00:00+08:00"))
    with county.begin() as work:
        assert open_notice(work, wish(row(adult), row(minor)))


def test_an_unknown_birth_date_and_an_unknown_person_are_refused_like_a_minor(county, person):
    assert refused(county, wish(row(person("无出生", None)))) == {"E_MINOR_PUBLIC"}
    assert refused(county, wish(row(999_999))) == {"E_MINOR_PUBLIC"}
    assert refused(county, wish(row(None))) == {"E_MINOR_PUBLIC"}


def test_a_name_given_by_a_plugin_is_refused(county, person):
    assert refused(county, wish(row(person(), name="李小满"))) == {"E_NOTICE_FIELD"}
    assert refused(county, wish(row(person(), note="孤儿"))) == {"E_NOTICE_FIELD"}


def test_a_name_in_full_is_found_in_every_other_word_of_the_sheet(county, person):
    who = person("李小满")
    assert refused(county, wish(row(who), scheme="李小满的低保")) == {"E_NOTICE_FIELD"}
    values = {"case": "李小满-2026", "amount": 100}
    hidden = NoticeRow(person_id=who, values=values)
    assert refused(county, wish(hidden, type="notices.numbered")) == {"E_NOTICE_FIELD"}


def test_a_value_that_its_column_does_not_allow_is_refused(county, person):
    who = person()
    for wrong in (
        {"area": "桃水镇 13800138000"}, {"area": "999999999999"}, {"members": "两人"}, {"members": -1},
        {"amount": 11.5}, {"group": "三组"}, {"group": 120}, {"amount": True},
    ):  # fmt: skip
        assert refused(county, wish(row(who, **wrong))) == {"E_NOTICE_FIELD"}, wrong
    for scheme in ("低保 13800138000", f"低保 {ID_NUMBER}", "肺癌救助", "6222021112345678"):
        assert refused(county, wish(row(who), scheme=scheme)) == {"E_NOTICE_FIELD"}, scheme
    assert refused(county, wish(row(who), type="notices.nothing")) == {"E_NOTICE_TYPE"}


def test_for_children_only_case_number_and_amount_may_stand(county, person):
    minor = person("李小满", date(2015, 1, 1))
    rows = (NoticeRow(person_id=minor, values={"case": "GE-2026-0012", "amount": 124000}),)
    with county.begin() as work:
        notice = open_notice(work, wish(*rows, type="notices.numbered"))
    with county.look() as work:
        content = read_content(own_notice(work, notice))
    assert content["rows"] == [["GE-2026-0012", "1,240.00"]]
    assert "李" not in json.dumps(content, ensure_ascii=False)


CHILDREN = (
    NoticeColumn(name="case", title="编号", rule="case_number"),
    NoticeColumn(name="amount", title="金额", rule="money"),
)


def test_a_sensitive_type_with_more_than_that_is_refused_whoever_asks(county, person):
    grown = person()
    for column in (
        NoticeColumn(name="name", title="姓名", rule="name"),
        NoticeColumn(name="area", title="村", rule="area"),
        NoticeColumn(name="kind", title="类别", rule="word", words={"a": "孤儿"}),
    ):
        listed = Listed("orphan_care.list", [*CHILDREN, column], [NoticeRow(person_id=grown)], sensitive=True)
        with county.look() as work, pytest.raises(Refused) as refusal:
            public_cells(work, listed)
        assert refusal.value.code == "E_MINOR_PUBLIC"
    with county.look() as work:
        values = {"case": "GE-1", "amount": 76000}
        cells = public_cells(work, Listed("x.y", CHILDREN, [NoticeRow(values=values)], sensitive=True))
    assert cells.rows == (("GE-1", "760.00"),)


def test_a_frozen_sheet_cannot_be_changed_in_the_database(county, opened):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    notice = opened()
    for statement in (
        "UPDATE notices_notice SET content = 'x' WHERE id = :id",
        "UPDATE notices_notice SET number = 'GS-1' WHERE id = :id",
        "DELETE FROM notices_notice WHERE id = :id",
    ):
        if "content" in statement:
            statement = "UPDATE notices_notice SET content_hash = content WHERE id = :id"
        with pytest.raises(DatabaseError), county.host.database.transaction(write=True) as connection:
            connection.execute(text(statement), {"id": notice})


def test_numbers_of_a_year_go_up_and_begin_anew(county, opened, clock):
    from datetime import datetime

    ids = [opened(), opened()]
    clock.set(datetime.fromisoformat("2027-01-04T09:00:00+08:00"))
    ids.append(opened(levels=("village",)))
    with county.look() as work:
        numbers = [own_notice(work, one).number for one in ids]
    assert numbers == ["GS-2026-0001", "GS-2026-0002", "GS-2027-0001"]


def test_the_same_values_are_frozen_as_the_same_bytes_and_printed_whole(county, opened):
    notice = opened()
    with county.look() as work:
        found = own_notice(work, notice)
        sheet = sheet_of(work, found)
        again = draw_sheet(read_content(found), sheet.check_code, sheet.check_address)
    assert again == sheet
    from io import BytesIO

    from pypdf import PdfReader

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(documents.pdf(sheet).content)).pages)
    for words in ("王*国", "1,162.50", "GS-2026-0001", sheet.check_code, "盖章处"):
        assert words in text.replace(" ", ""), words
    assert "王建国" not in text


# -- 5,000 random sheets ---------------------------------------------------------------------------------------------

SHEETS = 5_000
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英"
RANDOM_COLUMNS = (
    NoticeColumn(name="name", title="申请人", rule="name"),
    NoticeColumn(name="area", title="村", rule="area"),
    NoticeColumn(name="group", title="组", rule="group"),
    NoticeColumn(name="members", title="人数", rule="count", total=True),
    NoticeColumn(name="class", title="类别", rule="word", words={"A": "A 类", "bad": "尿毒症"}),
    NoticeColumn(name="case", title="编号", rule="case_number"),
    NoticeColumn(name="amount", title="金额", rule="money", total=True),
    NoticeColumn(name="month", title="月份", rule="month"),
)
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
LONG = re.compile(r"\d{12,}")
ID_LIKE = re.compile(r"\d{17}[\dXx]|\d{15}")


class Dice(random.Random):
    """Random people and random values, one in ten of them closed."""

    def people(self, work, count):
        from core.identity.persons import NewPerson, register_person

        made = {}
        for _n in range(count):
            name = self.choice(SURNAMES) + "".join(self.choices(GIVEN, k=2))
            born = self.choice([date(self.randint(1940, 2006), 3, 9), date(self.randint(2010, 2025), 3, 9), None])
            wish = NewPerson(name=name, sex="男", birth_date=born, hukou_area=VILLAGE)
            person = register_person(work, wish)
            made[person.id] = (name, born)
        return made

    def secret(self):
        """Something closed: an identity number, a telephone, an account, an illness."""
        return self.choice(
            [
                f"999001{self.randint(1940, 2020)}0{self.randint(1, 9)}1{self.randint(0, 99999):05d}",
                f"1{self.randint(3, 9)}{self.randint(0, 10**9 - 1):09d}",
                f"62{self.randint(0, 10**17 - 1):017d}",
                f"6222 0211 {self.randint(1000, 9999)} 5678",
                "尿毒症",
                "肺癌晚期",
            ]
        )

    def maybe(self, good):
        return self.secret() if self.random() < 0.004 else good

    def row(self, ids):
        values = {
            "area": self.maybe(VILLAGE),
            "group": self.maybe(self.randint(1, 30)),
            "members": self.maybe(self.randint(1, 9)),
            "class": self.maybe("bad" if self.random() < 0.002 else "A"),
            "case": self.maybe(f"DB-430223-2026-{self.randint(0, 99999):05d}"),
            "amount": self.maybe(self.randint(0, 10**7)),
            "month": self.maybe(f"2026-{self.randint(1, 12):02d}"),
        }
        kept = {name: value for name, value in values.items() if self.random() < 0.9}
        return NoticeRow(person_id=self.choice(ids) if self.random() < 0.999 else None, values=kept)


def words_of(html):
    """What a reader of the page sees: the text between the tags, without pictures."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", " ", html, flags=re.S))


@pytest.mark.proof("RS40")
def test_five_thousand_random_notices_show_nothing_closed(county, proof):
    dice, sheets = Dice(proof.seed), proof.effort(500, SHEETS)
    with county.begin() as work:
        people = dice.people(work, 120)
    adults = [number for number, (_name, born) in people.items() if born and born.year < 2008]
    environment = make_environment({}, StaticFiles())
    shell = Shell("攸县", "攸县民政局", "1")
    template = environment.get_template("sheet.html")
    shown = 0
    base = {
        "number": "GS-2026-0001", "title": "拟享受对象公示", "round": "第一次公示", "office": "攸县桃水镇人民政府",
        "area_name": "桃水镇 小集村", "scheme": "最低生活保障", "period": "2026-03", "opened_on": "2026-03-02",
        "levels": ["village"], "columns": [{"title": one.title, "kind": "text"} for one in RANDOM_COLUMNS],
        "paragraphs": ["现予公示，接受群众监督。"], "objection": "请向下列单位反映。", "contacts": ["桃水镇人民政府"],
    }  # fmt: skip
    with county.look() as work:
        for _number in range(sheets):
            ids = adults if dice.random() < 0.8 else list(people)
            rows = [dice.row(ids) for _n in range(dice.randint(1, 4))]
            try:
                cells = public_cells(work, Listed("test.list", RANDOM_COLUMNS, rows))
            except Refused:
                continue
            shown += 1
            content = {**base, "rows": cells.rows, "total": cells.total}
            sheet = draw_sheet(content, in_groups(new_code()), "")
            drawn = documents.draw(sheet)
            html = template.render(
                sheet=sheet, drawn=drawn, pages=documents.pages(drawn), shell=shell, back="", pdf_path=""
            )
            printed = json.dumps(documents._words(drawn), ensure_ascii=False)  # what typst is given
            for text in (words_of(html), printed):
                assert not PHONE.search(text)
                assert not LONG.search(text)
                assert not ID_LIKE.search(text)
                assert "尿毒症" not in text
                assert "癌" not in text
                for one in rows:
                    name, born = people[one.person_id]
                    assert name not in text
                    assert born is not None
                    assert born.year < 2010
    assert sheets // 3 < shown < sheets, shown
    proof.counted(shown)
