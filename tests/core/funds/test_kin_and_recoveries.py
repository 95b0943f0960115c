"""Relatives of staff, money that comes back, detectors, and what keeps a person's data."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from core.api import NewRecovery, open_recovery, sums_by_month, withdraw_recovery
from core.audit import queries as audit_queries
from core.errors import Forbidden, NotFound, Refused
from core.funds import allocations, closing, detectors, kin, lines, queries, recoveries, sources, verifying
from core.funds.ledger import legs
from core.testing import OTHER_TOWN, TOWN, VILLAGE


def code_of(refusal):
    return refusal.value.objections[0].code


def accounts(county):
    with county.look("accountant") as work:
        leg = legs()
        rows = work.session.connection().execute(select(leg.c.account, func.sum(leg.c.fen)).group_by(leg.c.account))
        return {account: int(fen) for account, fen in rows if fen}


def declare(county, account, person, relation="sibling"):
    with county.begin("clerk") as work:
        kin.declare_kin(work, account, person, relation)


def batch_of(county, number):
    with county.look("accountant") as work:
        return queries.batch_line(queries.find_batch(work, number))


def test_lines_of_an_approvers_sister_are_split_off_and_approved_by_somebody_else(county, money):
    money.fund()
    money.allocate()
    people = money.persons(3)
    sister = people[1]
    approver = county.account("approver")
    declare(county, approver, sister)
    batch = money.roll([10_000, 20_000, 30_000])
    with county.begin("proposer") as work:
        from core.funds import batches

        (part,) = batches.submit(work, batch)
    assert (batch_of(county, batch)["total_fen"], batch_of(county, part)["total_fen"]) == (40_000, 20_000)
    assert batch_of(county, part)["state"] == "submitted"
    for number in (batch, part):
        money.step("review", number, "reviewer")
    money.step("approve", batch, "approver")
    with pytest.raises(Refused) as refusal:
        money.step("approve", part, "approver")
    assert code_of(refusal) == "E_RECUSAL"
    assert "测乙" in refusal.value.objections[0].reason
    money.step("approve", part, "approver", name="另一审批")
    with county.look("auditor") as work:
        assert verifying.verify(work) == []


def test_a_roll_of_nobody_but_kin_stays_whole(county, money):
    money.fund()
    money.allocate()
    for person in money.persons(2):
        declare(county, county.account("approver"), person)
    batch = money.roll([10_000, 20_000])
    money.step("submit", batch, "proposer")
    with county.look("accountant") as work:
        assert [(one["batch"], one["lines"]) for one in queries.list_batches(work)] == [(batch, 2)]


def test_the_database_refuses_a_relative_by_itself(county, money):
    money.fund()
    money.allocate()
    people = money.persons(1)
    batch = money.roll([10_000], people=people)
    money.step("submit", batch, "proposer")
    declare(county, county.account("reviewer"), people[0], "child")
    from sqlalchemy.exc import DatabaseError

    from core.identity.accounts import find_account

    with county.look() as work:
        who = find_account(work, county.account("reviewer")).id
    with pytest.raises(DatabaseError, match="E_RECUSAL"), county.host.database.transaction(write=True) as connection:
        connection.execute(
            text(
                "INSERT INTO funds_batch_step (batch_id, round, step, actor, at, sheet_hash, reason)"
                " SELECT id, round, 2, :who, built_at, sheet_hash, '' FROM funds_batch"
            ),
            {"who": who},
        )


def test_whoever_submits_leaves_their_own_family_to_somebody_else(county, money):
    money.fund()
    money.allocate()
    people = money.persons(2)
    declare(county, county.account("proposer"), people[0], "self")
    batch = money.roll([10_000, 20_000], people=people)
    with county.begin("proposer") as work:
        from core.funds import batches

        (part,) = batches.submit(work, batch)
    assert batch_of(county, part)["state"] == "draft"
    with pytest.raises(Refused) as refusal:
        money.step("submit", part, "proposer")
    assert code_of(refusal) == "E_RECUSAL"
    money.step("submit", part, "proposer", name="另一制单")


def recover(county, person, months, reason="死亡以后发放"):
    with county.begin("accountant") as work:
        wish = NewRecovery(
            scheme="every_hook",
            beneficiary_id=person,
            person_id=person,
            area=VILLAGE,
            reason=reason,
            months=months,
            source_id=person,
        )
        return open_recovery(work, wish)


def test_a_recovery_is_booked_to_its_fund_and_comes_back_in_instalments(county, money):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    people = money.persons(1)
    money.paid([20_000], people=people)
    number = recover(county, people[0], {"2026-11": 15_000})
    assert accounts(county)["1201"] == 15_000
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        recoveries.plan_recovery(work, number, [(date(2026, 12, 31), 15_000)], "")
    assert code_of(refusal) == "E_NO_AGREEMENT"
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        recoveries.plan_recovery(work, number, [(date(2026, 12, 31), 14_999)], "同意书")
    assert code_of(refusal) == "E_PLAN_SUM"
    plan = [(date(2026, 12, 31), 10_000), (date(2027, 1, 31), 5_000)]
    with county.begin("accountant") as work:
        recoveries.plan_recovery(work, number, plan, "同意书")
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        recoveries.receive_recovery(work, number, 15_001, date(2026, 11, 20))
    assert code_of(refusal) == "E_AMOUNT"
    for fen in (10_000, 5_000):
        with county.begin("accountant") as work:
            recoveries.receive_recovery(work, number, fen, work.today)
    with county.look("accountant") as work:
        (line,) = recoveries.list_recoveries(work, "recovered")
        assert verifying.verify(work) == []
    assert (line["recovered_fen"], line["months"]) == (15_000, {"2026-11": 15_000})
    assert accounts(county) == {"1001": 95_000, "4002": -100_000, "5007": 5_000}


def test_a_recovery_taken_back_leaves_only_what_came_in(county, money):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    people = money.persons(1)
    money.paid([20_000], people=people)
    number = recover(county, people[0], {"2026-11": 20_000})
    with county.begin("accountant") as work:
        recoveries.receive_recovery(work, number, 5_000, work.today)
    with county.begin("accountant") as work:
        withdraw_recovery(work, number, "死亡登记有误")
    assert accounts(county) == {"1001": 85_000, "4002": -100_000, "5007": 15_000}
    with county.look("accountant") as work:
        owed = lines.claims(work, "every_hook", people[0], people[0], "2026-01")
    assert owed.fen.tolist() == [5_000]


def test_what_cannot_be_recovered_is_written_off_by_a_decision(county, money):
    money.fund(yuan=1000)
    money.allocate(yuan=1000)
    people = money.persons(1)
    money.paid([20_000], people=people)
    number = recover(county, people[0], {"2026-11": 20_000})
    with county.begin("approver") as work, pytest.raises(Refused) as refusal:
        recoveries.write_off_recovery(work, number, " ")
    assert code_of(refusal) == "E_NO_AGREEMENT"
    with county.begin("approver") as work:
        recoveries.write_off_recovery(work, number, "攸民〔2026〕9号")
    assert accounts(county)["5007"] == 20_000


def test_every_act_on_a_recovery_leaves_a_record_with_its_reason_and_amount(county, money):
    money.fund()
    money.allocate()
    people = money.persons(1)
    money.paid([20_000], people=people)
    number = recover(county, people[0], {"2026-11": 15_000}, reason="死亡以后发放")
    with county.begin("accountant") as work:
        recoveries.plan_recovery(work, number, [(date(2026, 12, 31), 15_000)], "同意书")
        recoveries.receive_recovery(work, number, 4_000, work.today)
    with county.begin("approver") as work:
        recoveries.write_off_recovery(work, number, "攸民〔2026〕9号")
    with county.look("auditor") as work:
        newest = audit_queries.list_records(work, audit_queries.Filter(subject=f"recovery:{number}"))
        told = [(one["action"], audit_queries.show_record(work, one["seq"])["body"]) for one in reversed(newest)]
    assert [(action, body["details"].get("amount_fen"), body["reason"]) for action, body in told] == [
        ("funds.recovery_opened", 15_000, "死亡以后发放"),
        ("funds.recovery_planned", None, ""),
        ("funds.recovery_received", 4_000, ""),
        ("funds.recovery_written_off", 11_000, ""),
    ]
    assert told[1][1]["details"]["plan"] == [{"due_on": "2026-12-31", "amount_fen": 15_000}]
    assert told[3][1]["details"]["document"] == "攸民〔2026〕9号"
    assert newest[0]["wording"] == "核销追回 110.00 元"


def test_what_a_scheme_claims_back_lowers_its_own_months_and_no_others(county, money):
    money.fund()
    money.allocate()
    people = money.persons(1)
    money.paid([20_000], people=people)
    recover(county, people[0], {"2026-11": 15_000})
    with county.look("accountant") as work:
        assert (sums_by_month(work, "every_hook"), sums_by_month(work, "another")) == ({"2026-11": 5_000}, {})


def test_money_that_was_never_approved_is_not_recovered(county, money):
    people = money.persons(1)
    money.roll([10_000], people=people)
    with pytest.raises(Refused) as refusal:
        recover(county, people[0], {"2026-11": 10_000})
    assert code_of(refusal) == "E_NOT_PAID"


def test_a_line_paid_after_death_is_found_and_changes_nothing(county, money, clock):
    money.fund()
    money.allocate()
    people = money.persons(2)
    money.paid([10_000, 20_000], people=people)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE identity_person SET died_on = '2026-10-03' WHERE id = :p"), {"p": people[1]})
    with county.begin("auditor") as work:
        assert detectors.detect(work, "2026-11") >= 1
    with county.begin("auditor") as work:
        assert detectors.detect(work, "2026-11") == 0
        found = {one["kind"]: one for one in detectors.list_findings(work)}
    assert found["funds.paid_after_death"]["amount_fen"] == 20_000
    assert "死亡" in found["funds.paid_after_death"]["reason"]
    number = found["funds.paid_after_death"]["finding"]
    with county.begin("accountant") as work, pytest.raises(Refused) as refusal:
        detectors.decide_finding(work, number, "confirmed", "")
    assert code_of(refusal) == "E_REASON"
    with county.begin("accountant") as work:
        detectors.decide_finding(work, number, "confirmed", "已追回")


def test_the_detectors_find_what_is_planted(county, money, clock):
    money.fund()
    money.fund("F2", yuan=500)
    money.allocate()
    people = money.persons(3)
    batch = money.paid([10_000, 20_000, 30_000], people=people)
    clock.set(datetime(2027, 5, 1, 2, tzinfo=UTC))
    with county.begin("auditor") as work:
        detectors.detect(work, "2026-11")
        found = {one["kind"] for one in detectors.list_findings(work)}
    assert {"funds.outside_whitelist", "funds.without_minutes", "funds.idle_money"} <= found
    assert batch
    with county.begin("auditor") as work:
        lines = [one for one in detectors.list_findings(work) if one["kind"] == "funds.outside_whitelist"]
        assert sorted(one["amount_fen"] for one in lines) == [10_000, 20_000, 30_000]
        assert all(f"测{name}" in one["reason"] for name, one in zip("丙乙甲", lines, strict=True))
    with county.begin("accountant") as work:
        detectors.decide_finding(work, lines[0]["finding"], "explained", "已登记")
    with county.look("auditor") as work:
        assert [one["finding"] for one in detectors.list_findings(work, "explained")] == [lines[0]["finding"]]
        assert lines[0]["finding"] not in {one["finding"] for one in detectors.list_findings(work)}
        assert len(detectors.list_findings(work, "")) == len(detectors.list_findings(work)) + 1


def test_a_small_office_goes_with_three_and_says_so_on_the_voucher(county, money):
    from core.policy import SetPolicy, set_policy

    money.fund()
    money.allocate()
    with county.begin("proposer") as work:
        set_policy(
            work, SetPolicy(key="funds.small_office", value="true", valid_from=date(2026, 1, 1), document="攸民办1号")
        )
    batch = money.roll([10_000])
    money.step("submit", batch, "proposer")
    money.step("approve", batch, "approver")
    with county.look("accountant") as work:
        shown = queries.show_batch(work, batch)
        voucher = queries.show_voucher(work, shown["vouchers"][0]["voucher"])
    assert (shown["steps"], voucher["small_office"]) == (3, True)


def test_payments_keep_a_person_from_being_erased(county, money):
    import numpy

    from core.funds.keeping import objections
    from core.hookspecs import People

    money.fund()
    money.allocate()
    people = money.persons(2)
    money.paid([10_000], people=people[:1])
    with county.look() as work:
        asked = People(
            ids=numpy.asarray(people),
            areas=numpy.asarray([VILLAGE] * 2),
            on=numpy.asarray(["2026-11-20"] * 2),
            household_ids=numpy.asarray([-1, -1]),
        )
        found = list(objections(work, asked))
    assert [one.code for one in found] == ["E_KEPT"]
    assert "2056-11-01" in found[0].reason
    recover(county, people[0], {"2026-11": 5_000})
    with county.look() as work:
        assert ["没有追回" in one.reason for one in objections(work, asked)] == [False, True]


def test_after_a_restore_no_file_leaves_before_the_banks_last_number_is_known(county, money):
    from core.funds import bank_files
    from core.restoring import mark_restored

    money.fund()
    money.allocate()
    first = money.release(money.roll([10_000]))
    assert money.export(first).number == 1
    second = money.release(money.roll([20_000], period="2026-12"))
    mark_restored(county.host)
    with pytest.raises(Refused) as refusal:
        money.export(second)
    assert code_of(refusal) == "E_RESTORED"
    with pytest.raises(Refused) as refusal, county.begin("disburser") as work:
        bank_files.confirm_last_number(work, -1)
    assert code_of(refusal) == "E_NUMBER"
    with pytest.raises(Forbidden), county.begin("proposer") as work:
        bank_files.confirm_last_number(work, 7)
    with county.begin("disburser") as work:
        assert bank_files.confirm_last_number(work, 0) == 1
        assert bank_files.confirm_last_number(work, 7) == 7
    assert money.export(second).number == 8
    with county.look("accountant") as work:
        assert closing.reconcile(work, "2026-11")


def test_kin_of_another_town_is_not_ended_from_here(county):
    person, approver = county.person("刘洋", VILLAGE), county.account("approver")
    with county.begin("clerk") as work:
        declared = kin.declare_kin(work, approver, person, "sibling").id
    with pytest.raises(NotFound), county.begin("clerk", OTHER_TOWN) as work:
        kin.end_kin(work, declared)
    with county.begin("clerk", TOWN) as work:
        kin.end_kin(work, declared)


def free(county, fund="F1"):
    with county.look("accountant") as work:
        return next(one["available_fen"] for one in queries.balance_lines(work) if one["fund"] == fund)


def test_interest_and_recovered_money_are_the_funds_and_are_allocated_again(county, money):
    money.fund(yuan=1_000)
    money.allocate(yuan=1_000)
    money.paid([20_000])
    who = money.people[0]
    wish = {"scheme": "every_hook", "beneficiary_id": who, "person_id": who, "source_id": who, "area": VILLAGE}
    with county.begin("accountant") as work:
        sources.book_interest(work, "F1", 1_200, work.today)
        number = open_recovery(work, NewRecovery(**wish, reason="死亡以后发放", months={"2026-11": 5_000}))
    assert free(county) == 1_200
    with county.begin("accountant") as work:
        recoveries.receive_recovery(work, number, 5_000, work.today)
    assert free(county) == 6_200
    with pytest.raises(Refused) as refusal:
        money.allocate(yuan=63, minutes=b"more")
    assert code_of(refusal) == "E_FUND_SHORT"
    money.allocate(yuan=62, minutes=b"more")
    assert free(county) == 0
    money.paid([86_200], period="2026-12")
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
        (fund,) = queries.list_funds(work)
    assert (fund["balance_fen"], fund["available_fen"]) == (0, 0)


def test_an_allocation_ends_when_no_batch_on_its_way_draws_on_it(county, money):
    money.fund(yuan=1_000)
    number = money.allocate(yuan=1_000)
    batch = money.roll([20_000])

    def end():
        with county.begin("proposer") as work:
            return allocations.close_allocation(work, number).unspent_fen

    for step, role, *more in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver"),
                              ("release", "disburser", 20_000)):  # fmt: skip
        money.step(step, batch, role, *more)
        with pytest.raises(Refused) as refusal:
            end()
        assert code_of(refusal) == "E_ALLOCATION_IN_USE"
    money.step("send_back", batch, "disburser", "再核对")
    money.release(batch)
    money.export(batch)
    assert end() == 80_000
    assert free(county) == 80_000


def test_a_plugin_sees_the_recoveries_of_its_enrolments_and_of_no_others(county, money):
    from core.api import recoveries_of

    money.fund()
    money.allocate()
    money.paid([20_000, 30_000])
    made = {}
    for who in money.people:
        wish = {"scheme": "every_hook", "beneficiary_id": who, "person_id": who, "source_id": who, "area": VILLAGE}
        with county.begin("accountant") as work:
            made[who] = open_recovery(work, NewRecovery(**wish, reason="多发", months={"2026-11": 5_000}))
    first, second = money.people
    many = range(second + 1, second + 2_000)
    with county.look("accountant") as work:
        assert [one.id for one in recoveries_of(work, "every_hook", [first])] == [made[first]]
        assert [one.id for one in recoveries_of(work, "every_hook", [*many, second, first])] == sorted(made.values())
        assert recoveries_of(work, "another", [first]) == []
