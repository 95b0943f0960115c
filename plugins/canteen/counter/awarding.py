"""Who has the one subsidy of a meal: worked out by the database from what stands, so no order of arrival matters.

Of several swipes of a person for one meal the one made at a counter with the network comes first, then the earliest
of terminals and paper lists; the others are conflicts. Beyond the monthly limit of the policy later days have none.
What a settled month holds is never moved.
"""

from sqlalchemy import text

from core.api import UnitOfWork

STANDING = (
    "w.state = 'standing' AND w.kind = 'meal' AND w.subsidy_fen > 0"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v WHERE v.swipe_id = w.id)"
    " AND NOT EXISTS (SELECT 1 FROM canteen_void v"
    " WHERE v.terminal_id = w.terminal_id AND v.voided_counter = w.counter)"
)
"""The swipes ``w`` that may have a subsidy, as SQL both databases read."""

MONTH = "substr(CAST({day} AS TEXT), 1, 7)"
_OF_UPLOAD = "SELECT DISTINCT person_id, day, meal FROM canteen_swipe WHERE upload_id = :given AND state = 'standing'"
_OF_VOIDS = (
    "SELECT w.person_id, w.day, w.meal FROM canteen_void v JOIN canteen_swipe w ON w.terminal_id = v.terminal_id"
    " AND w.counter = v.voided_counter WHERE v.upload_id = :given AND w.state = 'standing'"
)
_OF_SWIPE = "SELECT person_id, day, meal FROM canteen_swipe WHERE id = :given AND state = 'standing'"
_OPEN = (
    "NOT EXISTS (SELECT 1 FROM canteen_settlement t WHERE t.site_id = canteen_subsidy.site_id"  # noqa: S608
    f" AND t.month = {MONTH.format(day='canteen_subsidy.day')} AND t.state <> 'draft')"
)


def award_upload(work: UnitOfWork, upload_id: int, *, voids: bool) -> None:
    """Give the subsidies of every meal an upload touched to who comes first; ``voids`` says that it took meals back."""
    _award(work, f"{_OF_UPLOAD} UNION {_OF_VOIDS}" if voids else _OF_UPLOAD, upload_id, fewer=voids)


def award_slot(work: UnitOfWork, swipe_id: int) -> None:
    """Give the subsidy of one swipe's meal anew, after it was taken back."""
    _award(work, _OF_SWIPE, swipe_id, fewer=True)


def _award(work: UnitOfWork, touched: str, given: int, *, fewer: bool) -> None:
    connection, limit = work.session.connection(), work.policy("canteen.month_meals")
    if limit:
        touched = _whole_months(touched)
    best = _best(touched, limit)
    if fewer or limit:
        gone = (
            f"DELETE FROM canteen_subsidy WHERE (person_id, day, meal) IN ({touched}) AND {_OPEN}"  # noqa: S608
            f" AND swipe_id NOT IN (SELECT id FROM ({best}) kept)"
        )
        connection.execute(text(gone), {"given": given})
    awarded = (
        "INSERT INTO canteen_subsidy (person_id, day, meal, swipe_id, site_id, subsidy_fen)"  # noqa: S608
        f" SELECT person_id, day, meal, id, site_id, subsidy_fen FROM ({best}) chosen WHERE 1 = 1"
        " ON CONFLICT (person_id, day, meal) DO UPDATE SET swipe_id = excluded.swipe_id, site_id = excluded.site_id,"
        f" subsidy_fen = excluded.subsidy_fen WHERE canteen_subsidy.swipe_id <> excluded.swipe_id AND {_OPEN}"
    )
    connection.execute(text(awarded), {"given": given})


def _best(touched: str, limit: int) -> str:
    """The first standing swipe of every touched meal, and of those the first of the month up to the limit."""
    first = (
        "ROW_NUMBER() OVER (PARTITION BY w.person_id, w.day, w.meal ORDER BY"
        " CASE WHEN w.terminal_id IS NULL AND w.channel <> 'paper' THEN 0 ELSE 1 END,"
        " w.at, w.terminal_id, w.counter, w.id)"
    )
    columns = "person_id, day, meal, id, site_id, subsidy_fen"
    best = (
        f"SELECT {columns} FROM (SELECT w.*, {first} AS place FROM ({touched}) k JOIN canteen_swipe w"  # noqa: S608
        f" ON w.person_id = k.person_id AND w.day = k.day AND w.meal = k.meal WHERE {STANDING}) ranked WHERE place = 1"
    )
    if not limit:
        return best
    place = f"ROW_NUMBER() OVER (PARTITION BY person_id, {MONTH.format(day='day')} ORDER BY day, meal)"
    return f"SELECT {columns} FROM (SELECT b.*, {place} AS nth FROM ({best}) b) counted WHERE nth <= {int(limit)}"  # noqa: S608


def _whole_months(touched: str) -> str:
    """Every meal of the touched persons in the touched months: the limit counts over them."""
    return (
        "SELECT DISTINCT s.person_id, s.day, s.meal FROM canteen_swipe s JOIN"  # noqa: S608
        f" (SELECT DISTINCT person_id, {MONTH.format(day='day')} AS month FROM ({touched}) t) m"
        f" ON m.person_id = s.person_id AND m.month = {MONTH.format(day='s.day')} WHERE s.state = 'standing'"
    )
