"""Invented households for the demo, tests and benchmarks: the same seed gives the same people.

ID numbers carry the area 999, which no real person has, and right check characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from core.identity.numbers import check_character

HEADERS = (
    "户号", "姓名", "公民身份号码", "与户主关系", "性别", "民族", "户籍地代码", "居住地代码",
    "详细地址", "联系电话", "银行账号",
)  # fmt: skip

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉萍红玲建国志文斌辉波鑫鹏飞梅春龙凤山成富贵福荣"
    "生林根水火土木金银铜友松柏青云月星辰晨曦子轩宇浩然雨欣怡梓涵思琪佳俊豪博诗雅若晓菊香莲翠珍淑贞惠"
)
_TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class InventedPerson:
    """One line of an invented roster, in the order of ``HEADERS``."""

    number: str
    name: str
    citizen_id: str
    relation: str
    sex: str
    ethnicity: str
    hukou_area: str
    residence_area: str
    address: str
    phone: str
    bank_account: str

    def cells(self) -> list[str]:
        """The cells of the line."""
        return [getattr(self, name) for name in self.__dataclass_fields__]


def invent(
    households: int, villages: Sequence[str], seed: int = 430223, prefix: str = "999001", on: date = _TODAY
) -> Iterator[InventedPerson]:
    """So many households, about 2.94 people each, spread over the villages; ``prefix`` begins the ID numbers.

    The youngest are a month old on the day ``on``. One household comes after the other, none is kept.
    """
    maker = _Maker(Random(seed), prefix, on)  # noqa: S311 - invented people should be the same each time
    for index in range(households):
        yield from maker.household(index, villages[index % len(villages)])


def write_roster(file: Path, people: Iterator[InventedPerson]) -> int:
    """Write a roster as a clerk would have it, every cell a text; answers the number of people."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, HEADERS)
        count = 0
        for count, person in enumerate(people, start=1):
            for column, cell in enumerate(person.cells()):
                if cell:
                    sheet.write_string(count, column, cell)
    return count


class _Maker:
    """Makes households one after the other and remembers which sequence numbers are taken."""

    def __init__(self, dice: Random, prefix: str, on: date) -> None:
        self._dice, self._prefix, self._on = dice, prefix, on
        self._taken: dict[tuple[date, int], int] = {}
        self._phones = 0

    def household(self, index: int, village: str) -> Iterator[InventedPerson]:
        dice = self._dice
        age = min(95, max(21, int(dice.gauss(52, 15))))
        sex = 1 if dice.random() < 0.8 else 2
        surname = dice.choice(_SURNAMES)
        address = f"{dice.randint(1, 20)}组{dice.randint(1, 199)}号"
        number = f"{village[6:]}-{index + 1:06d}"
        members = [("户主", sex, age, surname)]
        if age > 24 and dice.random() < 0.76:
            members.append(("妻" if sex == 1 else "夫", 3 - sex, max(21, age - dice.randint(-3, 4)), None))
        for child in range(dice.choices((0, 1, 2, 3), (37, 33, 24, 6))[0]):
            born = age - 22 - 3 * child - dice.randint(0, 8)
            if born >= 0:
                boy = dice.random() < 0.53
                members.append(("子" if boy else "女", 1 if boy else 2, born, surname))
        if age < 62 and dice.random() < 0.36:
            mother = dice.random() < 0.6
            members.append(
                ("母亲" if mother else "父亲", 2 if mother else 1, min(99, age + 24), None if mother else surname)
            )
        for relation, its_sex, its_age, its_surname in members:
            yield self._person(number, village, address, (relation, its_sex, its_age, its_surname))

    def _person(
        self, number: str, village: str, address: str, member: tuple[str, int, int, str | None]
    ) -> InventedPerson:
        dice = self._dice
        relation, sex, age, surname = member
        born = self._on - timedelta(days=age * 365 + dice.randint(30, 360))
        name = (surname or dice.choice(_SURNAMES)) + "".join(dice.choices(_GIVEN, k=1 if dice.random() < 0.12 else 2))
        self._phones += 1
        return InventedPerson(
            number=number,
            name=name,
            citizen_id=self._citizen_id(born, sex),
            relation=relation,
            sex="男" if sex == 1 else "女",
            ethnicity="汉族" if dice.random() < 0.97 else dice.choice(("土家族", "苗族", "侗族", "瑶族")),
            hukou_area=village,
            residence_area=village,
            address=address,
            phone=f"199{self._phones:08d}" if age > 15 and dice.random() < 0.6 else "",
            bank_account=f"62{9900000000000000 + self._phones:017d}" if age > 17 and relation == "户主" else "",
        )

    def _citizen_id(self, born: date, sex: int) -> str:
        while True:
            taken = self._taken.get((born, sex), 0) + 1
            if taken <= 499:
                break
            born += timedelta(days=1)
        self._taken[born, sex] = taken
        sequence = 2 * taken - 1 if sex == 1 else 2 * taken
        first = f"{self._prefix}{born:%Y%m%d}{sequence:03d}"
        return first + check_character(first)
