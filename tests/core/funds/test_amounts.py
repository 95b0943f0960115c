"""RS02, RS14: an amount is stored to the fen or refused, no float touches money, and parts add up to their whole."""

import ast
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import HuiminError
from core.funds import sources
from core.funds.models import Fund
from core.funds.results import _slices
from core.tables import columns
from core.values import parse_money
from core.wishes import checked
from plugins.benefits.months import PARTS, monthly
from plugins.canteen.rules import first_part_fen
from plugins.social_workers.rules import instalment

ROOT = Path(__file__).parents[3]
EDGES = (0, -1, 1, 2**31, 2**53, 2**53 + 1, 10**16, 2**63 - 1, 2**63, 2**64, 10**40, "12abc", 1.5, math.nan, math.inf,
         "１２", "1e3", "", None, True, [1], {"fen": 1})  # fmt: skip
TYPED = ("0", "-1", "0.01", "90071992547409.93", "92233720368547758.07", "99999999999999.99", "1.005", "1e3", "nan",
         "inf", "12abc", "１２", "１２．５０", "1,234.5", "12,34", "", " ", "0x10", "½", "一百")  # fmt: skip


def kept(county):
    """What funds there are, by code."""
    with county.host.database.transaction(write=False) as connection:
        return dict(connection.execute(select(columns(Fund).code, columns(Fund).amount_fen)).all())


def as_service(county, code, amount):
    wish = {"code": code, "name": code, "source": "PROV", "year": 2026, "document": code, "amount_fen": amount}
    try:
        with county.begin("accountant") as work:
            sources.add_fund(work, checked(sources.NewFund, **wish))
    except HuiminError as error:
        return error.exit_code
    return 0


@pytest.mark.proof("RS02")
def test_an_amount_at_the_edge_is_stored_to_the_fen_or_refused_at_every_door(county, money, client, run, proof):
    tried, wrong = 0, []
    accountant = county.account("accountant")
    for place, amount in enumerate(EDGES):
        exit_code = as_service(county, f"S{place}", amount)
        wish = {"code": f"A{place}", "name": "甲", "source": "PROV", "year": 2026, "document": f"A{place}"}
        body = {**wish, "amount_fen": None if isinstance(amount, float) and not math.isfinite(amount) else amount}
        answer = client.api("POST", "/funds", as_=accountant, json=body)
        found = kept(county)
        for code, ok in ((f"S{place}", exit_code == 0), (f"A{place}", answer.status_code == 201)):
            tried += 1
            meant = int(amount) if isinstance(amount, int | str) and str(amount).strip().isdecimal() else None
            if ok != (code in found) or (ok and found[code] != meant):
                wrong.append((code, amount, found.get(code)))
        if exit_code not in (0, 3) or answer.status_code not in (201, 400, 422):
            wrong.append((amount, exit_code, answer.status_code))
    client.sign_in("accountant")
    for place, text in enumerate(TYPED):
        wish = {"code": f"P{place}", "name": "甲", "source": "PROV", "year": "2026", "document": f"P{place}"}
        page = client.post("/funds/new", {**wish, "amount": text})
        options = ("--name", "甲", "--source", "PROV", "--year", "2026", f"--amount={text}", "--document", f"C{place}")
        ran = run("funds", "fund", "add", f"C{place}", *options)
        found = kept(county)
        for code, ok in ((f"P{place}", page.status_code == 303), (f"C{place}", ran.exit_code == 0)):
            tried += 1
            if ok != (code in found) or (ok and found[code] != parse_money(text)):
                wrong.append((code, text, found.get(code)))
        if page.status_code not in (303, 422) or ran.exit_code not in (0, 2, 3):
            wrong.append((text, page.status_code, ran.exit_code))
    assert any(code.startswith("P") for code in kept(county)) and any(code.startswith("A") for code in kept(county))
    with county.look("accountant") as work:
        from core.funds import queries, verifying

        assert verifying.verify(work) == []
        assert sum(one["balance_fen"] for one in queries.balance_lines(work)) == sum(kept(county).values())
    assert wrong == []
    proof.counted(tried, len(wrong))


MONEY = ("core/funds", "core/values.py", "core/capitals.py", "plugins/benefits")
"""Where an amount is read, kept, moved or divided: no binary fraction at all."""


@pytest.mark.one_database
@pytest.mark.proof("RS02")
def test_no_float_is_anywhere_in_the_code_of_money(proof):
    files = [file for place in MONEY for file in _files(ROOT / place)]
    faults = [f"{file}:{line}" for file in files for line in floats(ast.parse(file.read_text("utf-8")))]
    others = [file for file in _files(ROOT / "plugins") if file not in files]
    faults += [f"{file}:{line}" for file in others for line in divided_money(ast.parse(file.read_text("utf-8")))]
    assert faults == []
    proof.counted(len(files) + len(others), len(faults))


def test_the_search_for_floats_finds_each_kind():
    for text in ("x = 0.5", "x = float(y)", "def f(x: float): ...", "x = numpy.float64(1)", "a.astype('float64')"):
        assert list(floats(ast.parse(text))), text
    for text in ("x = fen / 2", "one['paid_fen'] / 100", "float(row.amount_fen)", "round(total_fen * 0.6)"):
        assert list(divided_money(ast.parse(text))), text
    for text in ("x = fen // 2", "Decimal(fen) / 2", "Path(a) / 'fen'", "divmod(total_fen, 12)"):
        assert not list(divided_money(ast.parse(text))), text


def _files(place):
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def floats(tree):
    """Lines on which a binary fraction is written, named, or asked of numpy."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()) | ast.Name(id="float"):
                yield node.lineno
            case ast.Constant(value=str(text)) if text.startswith("float"):
                yield node.lineno
            case ast.Attribute(attr=name) if name.startswith("float"):
                yield node.lineno


def divided_money(tree):
    """Lines on which fen are divided to a binary fraction, multiplied by one or made one."""
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(op=ast.Div()) if _speaks_of_fen(node.left) and not _exact(node):
                yield node.lineno
            case ast.BinOp(op=ast.Mult()) if _speaks_of_fen(node) and list(floats(node)):
                yield node.lineno
            case ast.Call(func=ast.Name(id="float")) if any(_speaks_of_fen(one) for one in node.args):
                yield node.lineno


def _speaks_of_fen(tree):
    words = [getattr(one, "id", "") or getattr(one, "attr", "") or getattr(one, "value", "") for one in ast.walk(tree)]
    return any(isinstance(word, str) and (word == "fen" or word.endswith("_fen")) for word in words)


def _exact(tree):
    return any(isinstance(one, ast.Name) and one.id in ("Decimal", "Fraction", "Path") for one in ast.walk(tree))


@pytest.mark.one_database
@pytest.mark.proof("RS14")
def test_parts_of_a_sum_add_up_to_it_and_differ_by_rounding_alone(proof):
    cases = proof.effort(quick=500, long=10_000)
    dice, wrong = proof.dice, 0
    for _case in range(cases):
        whole, unit = dice.randrange(1, 10 ** dice.randrange(1, 13)), dice.choice(tuple(PARTS))
        count = PARTS[unit]
        parts = [monthly(whole, unit, month) for month in range(count)]
        off = [abs(count * part - whole) for part in parts[:-1]]
        wrong += sum(parts) != whole or any(2 * one > count for one in off) or abs(parts[-1] - parts[0]) > count
    proof.counted(cases, wrong)


@pytest.mark.one_database
@pytest.mark.proof("RS14")
def test_what_several_funds_bear_is_borne_to_the_fen_whatever_came_before_and_in_whichever_pieces(proof):
    tries = proof.effort(quick=500, long=10_000)

    @settings(max_examples=tries, database=None)
    @given(st.lists(st.integers(1, 10**9), min_size=1, max_size=50), st.data())
    def divided(sizes, data):
        total = sum(sizes)
        cut = sorted(data.draw(st.lists(st.integers(0, total), max_size=5)))
        pieces = [after - before for before, after in zip([0, *cut], [*cut, total], strict=True)]
        borne, skip = [0] * len(sizes), 0
        for piece in pieces:
            parts = _slices(sizes, skip, piece)
            assert sum(parts) == piece
            borne = [had + part for had, part in zip(borne, parts, strict=True)]
            skip += piece
        assert borne == sizes

    divided()
    proof.counted(tries)


@pytest.mark.one_database
@pytest.mark.proof("RS14")
def test_instalments_of_a_contract_or_a_grant_add_up_to_it(proof):
    from decimal import Decimal

    cases = proof.effort(quick=500, long=10_000)
    dice, wrong = proof.dice, 0
    for _case in range(cases):
        whole, first = dice.randrange(1, 10**11), dice.randrange(1, 99)
        shares = {"contract": first, "mid": dice.randrange(100 - first), "mid_points": 0, "final_points": 0,
                  "part_points": 0, "part_percent": 50}  # fmt: skip
        shares["final"] = 100 - first - shares["mid"]
        wrong += sum(instalment(whole, stage, Decimal(100), shares) for stage in ("contract", "mid", "final")) != whole
        part = first_part_fen(whole, Decimal(first) / 100)
        wrong += abs(100 * part - whole * first) > 50
    proof.counted(cases, wrong)
