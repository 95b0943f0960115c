"""Acts of several people at the same moment, and whether what came of them is one of the orders one after another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

from core.errors import HuiminError, Refused
from core.funds import verifying

MOMENT = 2
"""Seconds in which who need not wait for somebody has come to an end."""


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


def beside(county, first, second):
    """Do one thing, and before it is committed begin another; what the other came to: its answer, or its codes.

    Both are given a unit of work.
    """
    came_to = []

    def run():
        try:
            with county.begin() as work:
                came_to.append(second(work))
        except Refused as refusal:
            came_to.append({one.code for one in refusal.objections})

    other = Thread(target=run)
    with county.begin() as work:
        first(work)
        other.start()
        other.join(MOMENT)
    other.join()
    return came_to[0]


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
