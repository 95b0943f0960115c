"""Files that were spoilt on purpose come in through the doors that read a spreadsheet by themselves."""

import json
import random
import sys

import pytest

from core.errors import HuiminError
from core.funds import results
from core.testing import enabled
from plugins.double_support.score_files import read_score_sheet
from plugins.double_support.services.assessing import take_sheet
from tests.core.funds.conftest import Money, answer_of
from tests.fuzz import files
from tests.fuzz.spoiling import HARMS, NAMES

SHEET = [
    ["编号", "上级编号", "项目", "满分", "自评分", "否决项", "佐证材料", "差距", "责任单位", "整改期限", "年度"],
    ["1", "", "组织领导", "20", "", "", "", "", "", "", "2026"],
    ["1.1", "1", "领导小组", "10", "9.5", "否", "文件；照片", "", "双拥办", "2026-12-01", ""],
    ["1.2", "1", "经费", "10", "8", "是", "预算", "晚", "财政局", "", ""],
]
HUGE = (
    1e999, -1e999, 10**400, "1e999999999", "9e999999", "9" * 5_000, "\ud800", "a\0b", {"a": []}, [[]], None, True, "",
)  # fmt: skip
SPOILT_JSON = (
    b"{" * 100_000, b"[" * 100_000, b'{"items": [{"title": "\\ud800", "max": 1}]}', b"[", b"{}", b"[1]", b"[[]]",
    b'[{"title": "a", "max": ' + b"9" * 5_000 + b"}]", b'[{"title": "a", "children": ' * 300 + b"[]" + b"}]" * 300,
)  # fmt: skip


def spoilt(rows, number, dice):
    """(name, bytes) of a spreadsheet with these rows and one harm."""
    return dice.choice(NAMES), HARMS[number % len(HARMS)]([list(row) for row in rows], dice)


def json_sheet(dice):
    """A score sheet in JSON in which some values are what nobody expects."""
    if dice.random() < 0.1:
        return dice.choice(SPOILT_JSON)
    names = ("no", "parent", "title", "max", "self", "veto", "evidence", "gap", "owner", "due", "level", "year")
    given = ("1", "", "领导小组", "10", "9.5", False, ["文件"], "", "双拥办", "2026-12-01", "", "")
    items = [{**dict(zip(names, given, strict=True)), "no": f"{at}"} for at in range(3)]
    head = {"items": items, "level": "county", "year": 2026, "title": "自评"}
    for _value in range(dice.randint(0, 3)):
        place = dice.choice([head, *items])
        place[dice.choice([*place])] = dice.choice([*HUGE, *files.HOSTILE])
    return json.dumps(head, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def gone_wrong(take, proof, count):
    """What came of the files but an import or a refusal in words, and how many ended in each."""
    wrong, written = [], 0
    for number in range(count):
        dice = random.Random(f"{proof.seed} {number}")
        try:
            take(number, dice)
            written += 1
        except HuiminError as refusal:
            if not str(refusal).strip():
                wrong.append((number, "refused without words"))
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what the proof looks for
            wrong.append((number, f"{type(error).__name__}: {error}"[:300]))
    sys.stdout.write("\n".join([*map(str, wrong[:20]), f"{written} of {count} came in", ""]))
    return wrong, written


@pytest.mark.proof("RS50")
def test_no_answer_of_a_bank_however_spoilt_is_more_than_refused(county, proof):
    enabled(county, "every_hook")
    county.reload()
    money = Money(county)
    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000, 20_000, 30_000]))
    text = answer_of(money.export(batch).data, returned=(1,)).decode("utf-8-sig")
    rows = [line.split(",") for line in text.splitlines()]
    with county.look("disburser") as work:
        actor = work.actor

    def take(number, dice):
        name, data = spoilt(rows, number, dice)
        with county.host.begin(actor, dry_run=True) as work:
            results.take_result(work, batch, data, name)

    count = proof.effort(quick=120, long=4_000)
    wrong, written = gone_wrong(take, proof, count)
    proof.counted(count, found=len(wrong))
    assert 0 < written < count, "no answer came in, or none was refused: the dice are loaded"


@pytest.mark.proof("RS50")
@pytest.mark.parametrize("kind", ["spreadsheet", "json"])
def test_no_score_sheet_however_spoilt_is_more_than_refused(county, proof, kind):
    enabled(county, "double_support")
    county.reload()
    with county.look("shell") as work:
        actor = work.actor

    def take(number, dice):
        name, data = spoilt(SHEET, number, dice) if kind == "spreadsheet" else ("评分.json", json_sheet(dice))
        with county.host.begin(actor, dry_run=True) as work:
            take_sheet(work, read_score_sheet(data, name))

    count = proof.effort(quick=120, long=4_000)
    wrong, written = gone_wrong(take, proof, count)
    proof.counted(count, found=len(wrong))
    assert 0 < written < count, "no sheet came in, or none was refused: the dice are loaded"
