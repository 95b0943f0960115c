"""RS03, RS06, RS07: what is asked twice is done once: one key, one bank file, one answer of the bank for a line."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.api import Lines, NewBatch, NewPayee, add_lines, close_batch, keep_payees, open_batch
from core.audit.models import Record
from core.errors import Refused
from core.funds import queries, results, verifying
from core.funds.models import Answer, BankFile, Fund, Payment, Transfer
from core.tables import columns, table_of
from core.testing import VILLAGE

FUND = {"code": "F1", "name": "孤儿补助", "source": "PROV", "scheme": "every_hook", "year": 2026, "amount_fen": 100_000,
        "document": "湘财1号"}  # fmt: skip


def rows_in(county, model, *where):
    with county.host.database.transaction(write=False) as connection:
        return connection.scalar(select(func.count()).select_from(table_of(model)).where(*where))


def state_of(county):
    """Everything that money is: a copy whose change is seen."""
    with county.host.database.transaction(write=False) as connection:
        return [connection.execute(select(table_of(model))).all() for model in (Transfer, Answer, Payment, BankFile)]


@pytest.mark.proof("RS03")
def test_a_request_under_one_key_is_one_act_with_one_answer_at_once_and_a_year_later(
    county, money, client, clock, proof
):
    name, each = county.account("accountant"), proof.effort(quick=50, long=500)
    money.fund("F0")

    def post(key, **change):
        headers = {"idempotency-key": key}
        return client.api("POST", "/funds", as_=name, json={**FUND, **change}, headers=headers)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _one: post("once"), range(each)))
    answers += [post("once") for _one in range(each)]
    odd = [one.text for one in answers if (one.status_code, one.content) != (201, answers[0].content)]
    assert odd == []
    assert rows_in(county, Fund, columns(Fund).code == "F1") == 1
    other = post("once", code="F2")
    assert other.status_code == 409 and rows_in(county, Fund, columns(Fund).code == "F2") == 0
    clock.set(clock.now() + timedelta(days=400))
    later = [post("once") for _one in range(5)]
    assert {one.content for one in later} == {answers[0].content} and rows_in(county, Fund) == 2
    with county.look("accountant") as work:
        assert queries.balances(work).keys() == {1, 2} and verifying.verify(work) == []
    proof.counted(len(answers) + len(later) + 1, len(odd))


@pytest.mark.proof("RS06")
def test_the_bank_file_is_the_same_however_often_and_by_whichever_door_it_is_fetched(county, money, client, run, proof):
    times = proof.effort(quick=100, long=1_000)
    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000, 20_001, 30_002]))
    first = money.export(batch)
    read, before = columns(Record), rows_in(county, Record, columns(Record).action == "funds.bank_file_read")
    name, wrong = county.account("disburser"), 0
    for place in range(times):
        if place % 50 == 0:
            file = county.home / f"{place}.csv"
            ran = run("funds", "batch", "export", batch, "--output", file, as_=name)
            assert ran.exit_code == 0, ran.talk
            data = file.read_bytes()
        elif place % 3:
            again = money.export(batch)
            wrong += again.number != first.number
            data = again.data
        else:
            data = client.api("POST", f"/batches/{batch}/bank-file", as_=name).content
        wrong += hashlib.sha256(data).hexdigest() != first.content_hash
    wrong += rows_in(county, Record, read.action == "funds.bank_file_read") - before != times
    wrong += rows_in(county, BankFile) != 1
    assert sum(round(float(row["金额"]) * 100) for row in money.rows_of(first.data)) == 60_003
    proof.counted(times, wrong)


@pytest.mark.proof("RS06")
def test_a_second_attempt_holds_the_lines_the_bank_sent_back_and_no_other(county, money, proof):
    dice, times = proof.dice, proof.effort(quick=8, long=100)
    money.fund(yuan=10_000_000)
    money.allocate(yuan=10_000_000)
    wrong = 0
    for place in range(times):
        amounts = [dice.randrange(1, 100_000) for _line in range(dice.randrange(2, 12))]
        returned = {at for at in range(len(amounts)) if dice.random() < 0.4}
        month = f"{1990 + place // 12}-{place % 12 + 1:02d}"
        batch = money.paid(amounts, returned=returned, month=month, period="2026-11")
        with county.begin("proposer") as work:
            waiting = results.list_returned(work)
            wrong += sorted(one["amount_fen"] for one in waiting) != sorted(amounts[at] for at in returned)
            if not waiting:
                continue
            again = results.reissue(work, [results.Returned(one["payment"]) for one in waiting]).id
        data = money.export(money.release(again)).data
        rows = money.rows_of(data)
        first = {row["参考号"]: row for row in money.rows_of(money.export(batch).data)}
        wanted = {
            row["参考号"].rsplit("-", 2)[1]: row["金额"] for at, row in enumerate(first.values()) if at in returned
        }
        wrong += {row["参考号"].rsplit("-", 2)[1]: row["金额"] for row in rows} != wanted
        wrong += not {row["参考号"] for row in rows}.isdisjoint(first)
        money.answer(again, money.answer_of(data))
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(times, wrong)


def _unknown(dice, rows):
    dice.choice(rows)["参考号"] = f"{dice.randrange(99)}-{dice.randrange(10**6, 10**7)}-1"


def _amount(dice, rows):
    row = dice.choice(rows)
    fen = round(float(row["金额"]) * 100) + dice.choice([-1, 1, 100])
    row["金额"] = f"{fen / 100:.2f}"


def _twice(dice, rows):
    row = dice.choice(rows)
    rows.append({**row, "结果": "失败" if row["结果"] == "成功" else "成功"})


def _word(dice, rows):
    dice.choice(rows)["结果"] = dice.choice(["也许", "", "ok", "成功 "[:1]])


def _none(_dice, rows):
    rows.clear()


ODD = (_unknown, _amount, _twice, _word, _none)


@pytest.mark.proof("RS07")
def test_whatever_the_banks_answer_holds_each_line_is_answered_once_and_what_is_odd_is_named(county, money, proof):
    dice, times = proof.dice, proof.effort(quick=12, long=200)
    money.fund(yuan=10_000_000)
    money.allocate(yuan=10_000_000)
    wrong = tried = 0
    for place in range(times):
        amounts = [dice.randrange(100, 100_000) for _line in range(dice.randrange(2, 8))]
        month = f"{1990 + place // 12}-{place % 12 + 1:02d}"
        batch = money.release(money.roll(amounts, month=month))
        file = money.export(batch).data
        returned = {at for at in range(len(amounts)) if dice.random() < 0.3}
        before = state_of(county)
        for odd in ODD:
            tried += 1
            with pytest.raises(Refused) as refusal:
                money.answer(batch, money.answer_of(file, returned, change=lambda rows, odd=odd: odd(dice, rows)))
            named = [one.reason for one in refusal.value.objections]
            wrong += {one.code for one in refusal.value.objections} != {"E_RESULT_MISMATCH"}
            wrong += len(named) < 2 and odd is not _none
            wrong += state_of(county) != before
        cut = dice.randrange(1, len(amounts))
        parts = [
            lambda rows, cut=cut: rows.__delitem__(slice(cut, None)),
            lambda rows, cut=cut: rows.__delitem__(slice(cut)),
        ]
        dice.shuffle(parts)
        for part in (*parts, dice.shuffle, lambda rows: rows.extend(list(rows))):
            tried += 1
            answer = money.answer_of(file, returned, change=part)
            first = money.answer(batch, answer)
            after = state_of(county)
            second = money.answer(batch, answer)
            wrong += (second.paid, second.returned, bool(second.warning)) != (0, 0, True)
            wrong += state_of(county) != after
            wrong += first.paid + first.returned + first.unchanged < 1
        with county.host.database.transaction(write=False) as connection:
            said = columns(Answer)
            found = dict(connection.execute(select(said.payment_id, said.result).where(said.batch_id == batch)).all())
        references = [int(row["参考号"].split("-")[1]) for row in money.rows_of(file)]
        wrong += found != {line: "returned" if at in returned else "paid" for at, line in enumerate(references)}
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(tried, wrong)


def test_the_last_of_many_returned_lines_is_issued_again_as_well_as_the_first(county, money):
    count, [who] = 501, money.persons(1)
    money.fund()
    money.allocate()
    with county.begin("proposer") as work:
        batch = open_batch(work, NewBatch(scheme="every_hook", period="2026-11")).id
        [payee] = keep_payees(work, [NewPayee(name="测甲", number="622202000000000000")])
        lines = Lines(
            beneficiary_ids=[who] * count, person_ids=[who] * count, areas=[VILLAGE] * count,
            months=[f"{1980 + place // 12}-{place % 12 + 1:02d}" for place in range(count)],
            components=["BASIC"] * count, revisions=[0] * count, categories=["SHORT"] * count,
            amounts=[100] * count, payee_ids=[payee] * count, source_ids=[who] * count,
        )  # fmt: skip
        add_lines(work, batch, lines, built_to=who)
        close_batch(work, batch)
    money.answer(batch, money.answer_of(money.export(money.release(batch)).data, range(count)))
    with county.look("disburser") as work:
        waiting = results.list_returned(work)
    assert len(waiting) == count
    with county.begin("proposer") as work:
        assert results.reissue(work, [results.Returned(waiting[-1]["payment"])]).count == 1
