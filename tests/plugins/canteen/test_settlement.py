"""The month of a site: from check-ins over the township and the county to money in the ledger."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from core.api import COUNTY_TIME, Refused
from core.funds import bank_files, batches, results
from core.funds.allocations import NewAllocation, allocate
from core.funds.models import Transfer
from core.funds.sources import NewFund, add_fund
from core.host import Host
from plugins.canteen.counter.conflicts import decide, void_meal
from plugins.canteen.counter.models import Swipe
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.models import Settlement
from plugins.canteen.queries import show_settlement
from tests.core.funds.conftest import answer_of
from tests.plugins.canteen.conftest import SITE, codes

NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
TIERS = ((20, 1964, ()), (18, 1948, ()), (10, 1962, ("dibao",)), (2, 1929, ()))
SERVICE_DAYS = [day for day in (date(2026, 3, 1) + timedelta(days=step) for step in range(31)) if day.weekday() < 5]


def eat(place, people, days, site=SITE, **given):
    """Meals at the counter, each through the real service."""
    with place.county.begin() as work:
        return [
            check_in(work, CheckIn(diner=str(person), site=site, set_code="A", at=noon(day), **given)).stands()
            for day in days
            for person in people
        ]


def noon(day):
    return datetime(day.year, day.month, day.day, 11, 30, tzinfo=COUNTY_TIME)


def fifty(place):
    return [place.diner(NAMES[at] + "老人", date(born, 1, 1), status)[1] for count, born, status in TIERS
            for at in range(count)]  # fmt: skip


def pay(place, scheme, yuan=100_000):
    with place.county.begin("accountant") as work:
        wish = NewFund(code=f"F-{scheme}", name="F", source="PROV", scheme=scheme, year=2026, amount_fen=yuan * 100,
                       document=f"文 {scheme}", received=True)  # fmt: skip
        add_fund(work, wish)
    with place.county.begin("proposer") as work:
        wish = NewAllocation(fund=f"F-{scheme}", scheme=scheme, amount_fen=yuan * 100, decided_fen=yuan * 100)
        allocate(work, wish, b"minutes", "minutes.pdf")


def through(place, batch):
    """A batch over all four steps to the bank and back."""
    for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        with place.county.begin(role) as work:
            getattr(batches, action)(work, batch)
    with place.county.begin("disburser") as work:
        batches.release(work, batch, batches.find_batch(work, batch).total_fen)
    with place.county.begin("disburser") as work:
        data = bank_files.export(work, batch).data
    with place.county.begin("disburser") as work:
        results.take_result(work, batch, answer_of(data), "result.csv")


def moves(host: Host):
    with host.database.transaction(write=False) as connection:
        rows = connection.execute(select(Transfer.debit, Transfer.credit, Transfer.amount_fen).order_by(Transfer.id))
        return [tuple(row) for row in rows]


def test_the_worked_month_goes_from_check_ins_to_a_payment_in_the_ledger(place):  # example 7
    place.site()
    people = fifty(place)
    eat(place, people, SERVICE_DAYS)
    made = place.settle()
    assert made == {
        "id": made["id"], "month": "2026-03", "state": "draft", "grade": "B", "meals": 1100,
        "diner_subsidy_fen": 457600, "operating_subsidy_fen": 132000, "claim_fen": 589600,
    }  # fmt: skip
    with place.county.look() as work:
        shown = show_settlement(work, str(made["id"]))
    assert shown["diner_paid_fen"] == 532400 and shown["average_hundredths"] == 5000 and shown["persons"] == 50
    place.act("settlements", "check", made["id"], role="township_officer")
    with pytest.raises(Refused) as refusal:  # settled is settled
        place.settle()
    assert codes(refusal) == {"E_SETTLE_LOCKED"}
    with pytest.raises(Refused) as refusal:
        eat(place, people[:1], [date(2026, 3, 1)])
    assert codes(refusal) == {"E_SETTLE_LOCKED"}
    place.act("settlements", "approve", made["id"], role="canteen_officer", minutes="纪要〔2026〕4号")
    with pytest.raises(Refused) as refusal:  # operator and contract are asked for now, not before
        place.start("payments", month="2026-03")
    assert codes(refusal) == {"E_CONTRACT"}
    operator = place.operator()
    contract = {"number": "HT-1", "procurement": "open", "from_on": date(2026, 1, 1), "to_on": date(2027, 12, 31)}
    place.act("operators", "contract", operator, **contract)
    place.act("sites", "entrust", SITE, operator=str(operator))
    for scheme in ("canteen_diner", "canteen_operator"):
        pay(place, scheme)
    assert place.start("payments", month="2026-03") == {"count": 1, "month": "2026-03"}
    before = len(moves(place.county.host))
    through(place, 1)
    through(place, 2)
    assert moves(place.county.host)[before:] == [
        ("5010", "2003", 457600), ("2003", "1001", 457600), ("5011", "2003", 132000), ("2003", "1001", 132000),
    ]  # fmt: skip
    with place.county.look() as work:
        one = work.session.get_one(Settlement, made["id"])
        assert (one.state, one.paid_fen, one.paid_on) == ("paid", 589600, date(2026, 4, 2))


def test_days_on_which_a_site_was_suspended_bring_no_operating_subsidy(place):  # C141
    place.site()
    people = [place.diner(NAMES[at] + "老人", date(1950, 1, 1))[1] for at in range(20)]
    eat(place, people, SERVICE_DAYS[:2])
    assert place.settle()["operating_subsidy_fen"] == 20 * 2 * 100 * 80 // 100
    place.act("sites", "suspend", SITE, cause="other", reason="装修", on=SERVICE_DAYS[0])
    paused = place.settle()
    assert (paused["operating_subsidy_fen"], paused["diner_subsidy_fen"]) == (0, 20 * 2 * 500)


def test_the_grade_of_the_month_and_the_cap_of_a_document_count(place):
    place.site()
    people = [place.diner(NAMES[at] + "老人", date(1950, 1, 1))[1] for at in range(20)]
    eat(place, people, SERVICE_DAYS[:1])
    place.act("sites", "assess", SITE, from_month="2026-01", to_month="2026-03", score=91, basis="年度考核")
    assert place.settle()["operating_subsidy_fen"] == 2000
    other = place.site("CT-430223103-002", name="第二食堂")
    eat(place, people, SERVICE_DAYS[1:2], site=other)
    place.act("sites", "assess", other, from_month="2026-01", to_month="2026-03", score=40, basis="年度考核")
    assert place.settle(other)["operating_subsidy_fen"] == 0


def test_a_township_sees_its_own_sites_only_and_nobody_approves_what_they_checked(place):
    place.site()
    eat(place, [place.diner()[1]], SERVICE_DAYS[:1])
    made = place.settle()
    place.act("settlements", "check", made["id"], role="canteen_officer")
    with pytest.raises(Refused) as refusal:
        place.act("settlements", "approve", made["id"], role="canteen_officer", minutes="纪要")
    assert codes(refusal) == {"E_SOD"}
    place.act("settlements", "return", made["id"], role="canteen_officer", reason="名单不齐")
    assert place.settle()["state"] == "draft"


def test_meals_that_changed_make_a_settlement_stale(place):
    place.site()
    served = eat(place, [place.diner()[1]], SERVICE_DAYS[:2])
    made = place.settle()
    with place.county.begin() as work:
        void_meal(work, served[0].swipe_id, "输错了")
    with pytest.raises(Refused) as refusal:
        place.act("settlements", "check", made["id"], role="township_officer")
    assert codes(refusal) == {"E_SETTLE_STALE"}
    assert place.settle()["meals"] == 1


def test_doubled_meals_wait_for_a_person_before_a_month_is_settled(place):
    place.site()
    _diner, person = place.diner()
    eat(place, [person], SERVICE_DAYS[:1])
    with place.county.begin() as work:  # as an upload of a terminal leaves it
        first = work.session.scalars(select(Swipe)).one()
        values = {name: getattr(first, name) for name in Swipe.model_fields if name != "id"}
        twice = Swipe(**values)
        work.session.add(twice)
        work.session.flush()
        number = twice.id or 0
        work.record("test.swipe", "test")
    with pytest.raises(Refused) as refusal:
        place.settle()
    assert codes(refusal) == {"E_SETTLE_CONFLICT"}
    with place.county.begin() as work:
        decide(work, number, "unsubsidised", "同一餐刷了两次")
    assert place.settle()["meals"] == 1


def test_payers_beside_the_county_are_kept_apart_and_the_operators_discount_is_not_claimed(place):
    from plugins.canteen.services.policing import import_policy, read_policy

    file = """
title = "分层补贴"
document = "民发〔2026〕8号"
valid_from = 2026-03-01
[[tier]]
code = "P1"
age_from = 60
county = "3.00"
town_fen = 100
operator_fen = 50
"""
    place.site()
    with place.county.begin() as work:
        import_policy(work, read_policy(file.encode()))
    _diner, person = place.diner()
    found = place.quote(person)
    assert (found.subsidy_fen, found.parts) == (450, {"county": 300, "town": 100, "operator": 50})
    assert place.quote(person, on=date(2026, 2, 27)).tier == "T2"
    eat(place, [person], SERVICE_DAYS[:1])
    made = place.settle()
    assert (made["diner_subsidy_fen"], made["claim_fen"]) == (450, 400)
    place.act("settlements", "check", made["id"], role="township_officer")
    with pytest.raises(Refused) as refusal, place.county.begin() as work:
        import_policy(work, read_policy(file.replace("8号", "9号").encode()))
    assert codes(refusal) == {"E_POLICY_LOCKED"}
