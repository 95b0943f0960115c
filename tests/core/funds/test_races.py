"""Two people at once: one wins, the other is told who did, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from core.errors import Clash, HuiminError
from core.funds import batches, queries


def at_once(county, acts):
    """Run acts at the same moment, each as its own person; answers what each came to: None or its error."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        try:
            act()
        except HuiminError as error:
            return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_approvers_one_wins_and_the_other_hears_who(county, money):
    money.fund()
    money.allocate()
    names = [county.account("approver", name=name) for name in ("赵审批", "钱审批", "孙审批")]
    for month in ("2026-09", "2026-10", "2026-11"):
        batch = money.roll([10_000], period=month)
        money.step("submit", batch, "proposer")
        money.step("review", batch, "reviewer")

        def approve(name, batch=batch):
            with county.begin("approver", name=name) as work:
                batches.approve(work, batch)

        outcomes = at_once(county, [lambda name=name: approve(name) for name in names])
        assert outcomes.count(None) == 1
        assert all(isinstance(one, Clash) for one in outcomes if one is not None)
    with county.look("accountant") as work:
        owed = {one.fund: one.owed for one in queries.balances(work).values()}
    assert owed == {"F1": 30_000}


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
