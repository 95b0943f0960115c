"""Two people at once: one wins, the other is told who did, and nothing happens twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from core.errors import Clash, Forbidden, NotSignedIn, Refused
from core.funds import batches, closing, queries, results, sources, verifying
from core.funds.models import Payment
from core.identity.accounts import end_grant, find_account
from core.identity.actors import actor_by_token
from core.identity.models.accounts import Grant
from core.tables import columns
from tests.racing import at_once, month_of, two_orders


@pytest.mark.proof("RS24")
def test_of_two_approvers_one_wins_and_the_other_hears_who(county, money, proof):
    races, wrong = proof.effort(quick=20, long=1_000), []
    money.fund(yuan=1_000_000)
    money.allocate(yuan=1_000_000)
    names = [county.account("approver", name=name) for name in ("赵审批", "钱审批")]
    for race in range(races):
        batch = money.roll([10_000], month=f"{1900 + race // 12}-{race % 12 + 1:02d}")
        money.step("submit", batch, "proposer")
        money.step("review", batch, "reviewer")

        def approve(name, batch=batch):
            with county.begin("approver", name=name) as work:
                batches.approve(work, batch)

        outcomes = at_once(county, [lambda name=name: approve(name) for name in names])
        lost = [one for one in outcomes if one is not None]
        if outcomes.count(None) != 1 or not isinstance(lost[0], Clash):
            wrong.append(outcomes)
        elif names[outcomes.index(None)] not in lost[0].message:
            wrong.append(lost[0].message)
    assert wrong == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
        owed = {one.fund: one.owed for one in queries.balances(work).values()}
    assert owed == {"F1": races * 10_000}
    proof.counted(races, len(wrong))


def test_two_batches_do_not_draw_the_same_money(county, money):
    money.fund(yuan=100)
    money.allocate(yuan=100)
    people = money.persons(2)
    first = money.roll([10_000], people=people[:1], period="2026-10")
    second = money.roll([10_000], people=people[1:], period="2026-11")

    def submit(batch, name):
        with county.begin("proposer", name=name) as work:
            batches.submit(work, batch)

    names = [county.account("proposer", name=name) for name in ("赵制单", "钱制单")]
    outcomes = at_once(county, [lambda: submit(first, names[0]), lambda: submit(second, names[1])])
    assert outcomes.count(None) == 1
    (refused,) = [one for one in outcomes if one is not None]
    assert refused.exit_code in (3, 6)


def test_a_file_is_made_once_however_many_ask(county, money):
    from core.funds import bank_files

    money.fund()
    money.allocate()
    batch = money.release(money.roll([10_000]))
    names = [county.account("disburser", name=name) for name in ("赵出纳", "钱出纳")]
    files = []

    def export(name):
        with county.begin("disburser", name=name) as work:
            files.append(bank_files.export(work, batch).content_hash)

    outcomes = at_once(county, [lambda name=name: export(name) for name in names])
    assert None in outcomes
    with county.begin("disburser") as work:
        again = bank_files.export(work, batch).content_hash
    assert set(files) == {again}


def state_of(county, batch):
    with county.look("accountant") as work:
        return queries.find_batch(work, batch).state


@pytest.fixture
def rich(money):
    money.fund(yuan=10_000_000)
    money.allocate(yuan=9_000_000)
    return money


@pytest.mark.proof("RS25")
def test_a_sheet_is_changed_or_submitted_and_never_submitted_as_it_was_not(county, rich, proof):
    races = proof.effort(quick=8, long=500)
    names = [county.account("proposer", name=name) for name in ("赵制单", "钱制单")]

    def begin(race):
        batch = rich.roll([10_000], month=month_of(race))

        def submit():
            with county.begin("proposer", name=names[0]) as work:
                batches.submit(work, batch)

        def judged(edited, submitted):
            with county.look("auditor") as work:
                line = columns(Payment)
                fen = work.session.scalar(select(func.sum(line.amount_fen)).where(line.batch_id == batch))
                found = queries.find_batch(work, batch)
                if found.state == "submitted" and batches.sheet_hash(work, found) != found.sheet_hash:
                    return False
            return (
                (submitted is None) == (found.state == "submitted")
                and found.total_fen == fen
                and (edited is None or fen == 10_000)
            )

        return [lambda: _rewrite(county, batch, names[1]), submit], judged

    wrong = two_orders(county, races, begin)
    assert wrong == []
    proof.counted(races, len(wrong))


def _rewrite(county, batch, name):
    """Give the first line of a draft one fen more, as somebody with the database's password would."""
    from sqlalchemy import update
    from sqlalchemy.exc import DatabaseError

    try:
        with county.begin("proposer", name=name) as work:
            table = columns(Payment).id.table
            connection = work.session.connection()
            connection.execute(update(table).where(table.c.batch_id == batch).values(amount_fen=10_001))
            batches._count_again(work, batches.find_batch(work, batch))  # noqa: SLF001 - the sums with the line
            work.record("test.edited", f"batch:{batch}")
    except DatabaseError as error:
        raise Refused([]) from error


@pytest.mark.proof("RS25")
def test_a_month_is_closed_with_a_posting_in_it_or_the_posting_is_refused(county, rich, clock, proof):
    races = proof.effort(quick=8, long=500)
    accountants = [county.account("accountant", name=name) for name in ("赵会计", "钱会计")]

    def begin(race):
        clock.set(datetime(2027 + race // 12, race % 12 + 1, 28, 1, tzinfo=UTC))
        month = f"{clock.now():%Y-%m}"
        rich.fund(f"R{race}", yuan=1)
        clock.set(datetime(2027 + (race + 1) // 12, (race + 1) % 12 + 1, 2, 1, tzinfo=UTC))
        with county.begin("accountant", name=accountants[0]) as work:
            held = sum(one["balance_fen"] for one in queries.balance_lines(work))
            closing.enter_statement(work, "SPECIAL", date.fromisoformat(f"{month}-28"), held)
            closing.close_month(work, month)

        def close():
            with county.begin("auditor") as work:
                closing.close_month(work, month)

        def post():
            with county.begin("accountant", name=accountants[1]) as work:
                sources.book_interest(work, f"R{race}", 1, date.fromisoformat(f"{month}-28"))

        def judged(closed, posted):
            codes = {one.code for error in (closed, posted) if isinstance(error, Refused) for one in error.objections}
            return codes <= {"E_CLOSED_PERIOD", "E_CHECK"} and (closed is None) != (posted is None)

        return [close, post], judged

    wrong = two_orders(county, races, begin)
    assert wrong == []
    proof.counted(races, len(wrong))


@pytest.mark.proof("RS25")
def test_a_role_taken_away_approves_nothing_from_then_on(county, rich, proof):
    races = proof.effort(quick=8, long=500)

    def begin(race):
        batch = rich.roll([10_000], month=month_of(race))
        rich.step("submit", batch, "proposer")
        rich.step("review", batch, "reviewer")
        name = county.account("approver", name=f"审批{race}")
        with county.look() as work:
            account = find_account(work, name).id
            grant = work.session.scalar(select(columns(Grant).id).where(columns(Grant).account_id == account))

        def revoke():
            with county.begin("security_admin") as work:
                end_grant(work, grant, "调离")
            with pytest.raises((Forbidden, NotSignedIn, Clash)):  # after it returned: never
                approve()

        def approve():
            with county.host.begin(actor_by_token(county.host, county.token(name))) as work:
                batches.approve(work, batch)

        def judged(revoked, approved):
            return revoked is None and (approved is None) == (state_of(county, batch) == "approved")

        return [revoke, approve], judged

    wrong = two_orders(county, races, begin)
    assert wrong == []
    proof.counted(races, len(wrong))


@pytest.mark.proof("RS25")
def test_a_card_is_changed_before_a_line_goes_out_again_or_after_and_the_file_says_which(county, rich, proof):
    races = proof.effort(quick=8, long=500)
    names = [county.account("proposer", name=name) for name in ("赵制单", "钱制单")]

    def begin(race):
        rich.paid([10_000], returned=(0,), month=month_of(race))
        with county.look("disburser") as work:
            (waiting,) = [one["payment"] for one in results.list_returned(work)]

        def reissue(name, number):
            with county.begin("proposer", name=name) as work:
                results.reissue(work, [results.Returned(waiting, name="测新", number=number, reason="换卡")])

        acts = [
            lambda: reissue(names[0], f"62170012345{race:08d}"),
            lambda: reissue(names[1], f"62170098765{race:08d}"),
        ]

        def judged(*outcomes):
            if outcomes.count(None) != 1:
                return False
            with county.look("accountant") as work:
                (batch,) = [one["batch"] for one in queries.list_batches(work) if one["state"] == "draft"]
            (row,) = rich.rows_of(rich.export(rich.release(batch)).data)
            rich.answer(batch, rich.answer_of(rich.export(batch).data))
            wanted = ("62170012345", "62170098765")[outcomes.index(None)]
            return row["账号"] == f"{wanted}{race:08d}"

        return acts, judged

    wrong = two_orders(county, races, begin)
    assert wrong == []
    proof.counted(races, len(wrong))
