"""What every day brings: licences that ran out, instalments that fall due."""

from core.api import UnitOfWork
from plugins.canteen.services.granting import fall_due
from plugins.canteen.services.siting import suspend_expired


def daily(work: UnitOfWork) -> None:
    """Stop sites without a licence and let instalments fall due."""
    suspend_expired(work)
    fall_due(work)
