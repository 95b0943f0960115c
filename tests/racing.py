"""Acts of several people at the same moment, and whether what came of them is one of the orders one after another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from core.errors import HuiminError
from core.funds import verifying


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


def two_orders(county, races, begin):
    """Run two acts at once so many times; ``begin`` answers them and what tells whether the end is one of two orders.

    Answers what was neither.
    """
    wrong = []
    for race in range(races):
        acts, judged = begin(race)
        outcomes = at_once(county, acts)
        verdict = judged(*outcomes)
        if not verdict:
            wrong.append([str(one) for one in outcomes])
    with county.look("auditor") as work:
        wrong += verifying.verify(work)
    return wrong


def month_of(race):
    return f"{1900 + race // 12}-{race % 12 + 1:02d}"
