"""A licence that ran out: the counter finds it at the first meal after it, and the site is suspended."""

from core.api import UnitOfWork
from plugins.canteen.counter.judging import Place
from plugins.canteen.services import siting


def suspend_expired(work: UnitOfWork, place: Place) -> None:
    """Suspend a running site whose food licence has ended. The right was asked for by who serves."""
    siting.suspend_expired(work, [place.id])
