"""Acceptance examples of the funds' handbook page that need no batch, and the figures of the documents."""

from datetime import date
from decimal import Decimal

import pytest

from core.capitals import in_capitals
from core.errors import Refused
from core.funds import oversight
from core.values import parse_money


def code_of(refusal):
    return refusal.value.objections[0].code


def test_money_is_not_set_apart_without_minutes_nor_beyond_them(county, money):
    money.fund(yuan=100_000)
    money.fund("CATARACT", yuan=1_000, source="DON_R", scheme="every_hook", purpose="白内障")
    with pytest.raises(Refused) as refusal:
        money.allocate(yuan=50_000, minutes=None)
    assert code_of(refusal) == "E_NO_MINUTES"
    money.allocate(yuan=48_000, decided=50_000)
    with pytest.raises(Refused) as refusal:
        money.allocate(yuan=2_500, decided=50_000)
    assert code_of(refusal) == "E_MINUTES_EXCEEDED"
    assert "2,000.00" in refusal.value.objections[0].reason
    money.allocate(yuan=2_000, decided=50_000)
    with pytest.raises(Refused) as refusal:
        money.allocate(yuan=50_001, minutes=b"others", decided=60_000)
    assert code_of(refusal) == "E_FUND_SHORT"


def test_restricted_money_stays_with_its_purpose(county, money):
    from core.testing import enabled

    enabled(county, "allowance")
    county.reload()
    money.fund("EYES", yuan=1_000, source="DON_R", scheme="allowance", purpose="白内障")
    with pytest.raises(Refused) as refusal:
        money.allocate("EYES", yuan=500)
    assert code_of(refusal) == "E_RESTRICTED_USE"


def test_no_fund_pays_for_another_in_the_same_account(county, money):
    from core.funds.ledger import Move, NewVoucher, book

    money.fund("A", yuan=1_000)
    money.fund("B", yuan=9_000)
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        fund = work.session.connection().exec_driver_sql("SELECT id FROM funds_fund WHERE code = 'A'").scalar()
        move = Move(fund_id=fund, debit="2001", credit="1001", amount_fen=120_000)
        book(work, NewVoucher(kind="result", subject="test", title="test"), [move])
    assert code_of(refusal) == "E_OVERDRAFT"


def test_an_appropriation_is_received_once_and_never_beyond_itself(county, money):
    from core.funds import sources

    money.fund(yuan=1_000, received=False)
    with county.begin("accountant") as work:
        sources.receive_fund(work, "F1", 60_000, work.today)
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        sources.receive_fund(work, "F1", 40_001, work.today)
    assert code_of(refusal) == "E_RECEIPT_EXCEEDED"
    with pytest.raises(Refused) as refusal:
        money.fund("F2", document="文〔2026〕F1")
    assert code_of(refusal) == "E_SAME"
    with pytest.raises(Refused) as refusal:
        money.fund("D", source="DON_U", account="SPECIAL")
    assert code_of(refusal) == "E_ENTITY"


def test_townships_add_two_in_a_hundred(county, money):
    money.fund(yuan=3_000_000)
    with county.look("accountant") as work:
        found = oversight.township_match(work, 2026)
    assert (found.required_fen, found.standing.met, found.standing.gap) == (6_000_000, False, -6_000_000)
    money.fund("T", yuan=60_000, source="TOWN", scheme="")
    with county.look("accountant") as work:
        assert oversight.township_match(work, 2026).standing.met


def test_the_audit_of_may_looks_at_last_years_money(county, money):
    with county.look("accountant") as work:
        assert oversight.audit_due(work, date(2010, 5, 1)) == 2009
        assert oversight.audit_due(work, date(2010, 6, 1)) is None
        share = work.policy("funds.audit_share")
    files = range(33_915)
    sample = oversight.drawn(files, share, 20260501)
    assert len(sample) == 678
    assert sample == oversight.drawn(files, share, 20260501)
    assert sample != oversight.drawn(files, share, 20260502)


def test_cash_wants_a_reason():
    found = oversight.by_card(100, 93, 5)
    assert (found.share, found.violations) == (Decimal("0.9300"), 2)


def test_a_year_of_orphans_in_capitals():
    assert in_capitals(parse_money("24050880.00")) == "贰仟肆佰零伍万零捌佰捌拾元整"
    with pytest.raises(Refused) as refusal:
        parse_money("1.005")
    assert code_of(refusal) == "E_AMT_SCALE"
