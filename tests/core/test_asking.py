"""A question asked of the driver answers what the same select answers, on both databases."""

from datetime import date

import pytest
from sqlalchemy import bindparam, insert, or_, select

from core.asking import Question
from core.database import Database
from core.errors import TryAgain
from core.households.models.households import Area
from core.identity.models.accounts import Account, Grant
from core.tables import columns, table_of

GRANT, ACCOUNT, AREA = columns(Grant), columns(Account), columns(Area)

HELD = (
    select(
        GRANT.role, GRANT.valid_from, GRANT.valid_to, GRANT.deputy_for, ACCOUNT.enabled, ACCOUNT.password_since,
        ACCOUNT.second_factor_sealed, ACCOUNT.name.label("who"),
    )
    .join(ACCOUNT.id.table, ACCOUNT.id == GRANT.account_id)
    .where(GRANT.valid_from <= bindparam("day"), or_(GRANT.valid_to.is_(None), GRANT.valid_to >= bindparam("day")))
    .order_by(GRANT.id)
    .limit(bindparam("most"))
)  # fmt: skip


def test_a_question_has_the_rows_of_its_select_with_days_instants_and_bytes_as_they_are(county):
    name = county.account("clerk", "430223103")
    with county.host.database.transaction(write=True) as connection:
        connection.execute(
            table_of(Account).update().where(ACCOUNT.name == name).values(second_factor_sealed=b"\x01\x02")
        )
    asked = {"day": date(2026, 11, 22), "most": 50}
    with county.look() as work:
        rows = work.ask(Question(HELD), **asked)
        same = work.session.connection().execute(HELD, asked).all()
    assert rows and [tuple(row) for row in rows] == [tuple(row) for row in same]
    mine = next(row for row in rows if row.who == name)
    assert mine.enabled is True and isinstance(mine.valid_from, date) and mine.second_factor_sealed == b"\x01\x02"
    assert mine.password_since is None or mine.password_since.tzinfo is not None


def test_a_question_with_a_bind_left_out_is_our_own_fault(county):
    with county.look() as work, pytest.raises(KeyError):
        work.ask(Question(HELD), day=date(2026, 11, 22))


def test_a_question_sees_what_its_own_act_wrote_and_nothing_of_an_act_that_is_undone(county):
    question = Question(select(AREA.name).where(AREA.code == bindparam("code")))
    row = {"code": "430223199", "name": "新镇", "level": "town", "parent": "430223", "valid_from": date(2026, 1, 1)}
    with pytest.raises(ZeroDivisionError), county.begin() as work:
        work.session.connection().execute(insert(table_of(Area)), [row])
        assert [found.name for found in work.ask(question, code="430223199")] == ["新镇"]
        raise ZeroDivisionError
    with county.look() as work:
        assert work.ask(question, code="430223199") == []


@pytest.mark.one_database
def test_a_file_that_another_process_holds_says_try_again(county):
    other = Database(county.host.settings.database_url)
    with county.host.database.engine.connect() as kept:
        kept.exec_driver_sql("PRAGMA busy_timeout = 0")  # the pool hands the same connection out again
    with other.transaction(write=True), pytest.raises(TryAgain), county.host.database.transaction(write=True):
        pass
    other.close()
