"""What the database itself promises: turns of writers, strict tables, one-time keys, ids, no half acts."""

import threading
import time
from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from core import migrating
from core.database import Turns
from core.errors import Clash, TryAgain
from core.host import AlreadyDone
from core.identity.actors import shell_actor
from core.models.policy import PolicyConfirmation, PolicyValue
from core.models.workdays import WorkdayOverride


@pytest.mark.one_database
def test_writers_take_turns_in_the_order_they_came():
    turns, order = Turns(), []
    with turns.turn():
        threads = []
        for number in range(8):
            thread = threading.Thread(target=_take, args=(turns, order, number))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def _take(turns, order, number):
    with turns.turn():
        order.append(number)


@pytest.mark.one_database
def test_a_turn_that_does_not_come_says_try_again_and_blocks_nobody():
    turns = Turns()
    with turns.turn(), pytest.raises(TryAgain), turns.turn(0.01):
        pass
    with turns.turn(0.01):
        pass


def test_models_and_migrated_tables_agree(county):
    migrating.import_models(migrating.core_models())
    assert migrating.drift(county.host.database, migrating.CORE) == []


@pytest.mark.one_database
def test_every_table_of_sqlite_is_strict_and_every_connection_careful(county):
    with county.host.database.transaction(write=False) as connection:
        loose = connection.execute(text("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"))
        assert {row[0] for row in loose} <= {"sqlite_schema", "sqlite_temp_schema", "sqlite_sequence"}
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1


def test_a_read_cannot_write_whatever_statement_it_sends(county):
    with pytest.raises((DatabaseError, Exception), match=r"read|write"), county.look() as work:
        work.session.connection().execute(text("UPDATE core_state SET value = '9' WHERE name = 'generation'"))


def test_what_one_reading_asks_is_of_one_moment(county):
    """Sums of a page, a report or a verification fit each other, whatever is written while they are asked."""
    asked = text("SELECT COUNT(*) FROM core_workday")
    with county.look() as work:
        before = work.session.scalar(asked)
        with county.begin() as other:
            _rest(other, date(2026, 11, 23))
        assert work.session.scalar(asked) == before
    with county.look() as work:
        assert work.session.scalar(asked) == before + 1


def test_a_server_that_goes_in_the_midst_of_an_act_says_try_again(county):
    if county.host.database.dialect == "sqlite":
        pytest.skip("SQLite has no server process")
    with pytest.raises(TryAgain), county.host.begin(shell_actor(county.host, "test")) as work:
        work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with county.look() as work:
        assert work.session.scalar(text("SELECT 1")) == 1


def test_policy_values_are_append_only_in_the_database(county):
    for statement in (
        "UPDATE core_policy SET value = '1'",
        "DELETE FROM core_policy",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            county.host.database.transaction(write=True) as connection,
        ):
            connection.execute(text(statement))


def test_the_database_refuses_ones_own_confirmation(county):
    now = county.clock.now()
    with county.host.database.transaction(write=True) as connection:
        row = connection.execute(
            insert(PolicyValue)
            .values(key="pay.day", area="", value="9", document="x", set_by=1, set_at=now)
            .returning(PolicyValue.id)
        ).scalar_one()
    with (
        pytest.raises(DatabaseError, match="second person"),
        county.host.database.transaction(write=True) as connection,
    ):
        connection.execute(insert(PolicyConfirmation).values(policy_id=row, confirmed_by=1, confirmed_at=now))


def _rest(work, day):
    work.session.add(WorkdayOverride(day=day, works=False, document="x"))
    work.record("test.rested", f"day:{day}")
    work.answer = f"/days/{day}"


def test_the_same_form_sent_twice_is_one_act_with_the_first_answer(county):
    actor = shell_actor(county.host, "test")
    with county.host.begin(actor, key="once", request_hash=b"a") as work:
        _rest(work, date(2026, 12, 1))
    with pytest.raises(AlreadyDone) as done, county.host.begin(actor, key="once", request_hash=b"a") as work:
        _rest(work, date(2026, 12, 2))
    assert done.value.answer == "/days/2026-12-01"
    with pytest.raises(Clash), county.host.begin(actor, key="once", request_hash=b"b") as work:
        _rest(work, date(2026, 12, 2))
    with county.look() as work:
        assert work.session.get(WorkdayOverride, date(2026, 12, 2)) is None


def test_a_refused_form_may_be_sent_again_under_its_key(county):
    actor = shell_actor(county.host, "test")
    with pytest.raises(RuntimeError), county.host.begin(actor, key="again", request_hash=b"a") as work:
        raise RuntimeError
    with county.host.begin(actor, key="again", request_hash=b"a") as work:
        _rest(work, date(2026, 12, 1))


def test_ids_taken_up_front_never_meet(county):
    with county.begin() as work:
        first = list(work.next_ids("identity_person", 5))
        second = list(work.next_ids("identity_person", 5))
        work.record("test.done", "test:1")
    assert len({*first, *second}) == 10
    assert first == sorted(first)


def test_a_dry_run_leaves_nothing_not_even_in_the_outbox(county):
    actor = shell_actor(county.host, "test")
    with county.host.begin(actor, dry_run=True) as work:
        _rest(work, date(2026, 12, 1))
        work.enqueue("audit.anchor", once_key="x")
    with county.look() as work:
        assert work.session.get(WorkdayOverride, date(2026, 12, 1)) is None
        assert work.session.execute(text("SELECT count(*) FROM core_job")).scalar() == 0


def test_many_threads_write_one_unbroken_chain(county):
    from core.audit.queries import verify

    host, actor, failures = county.host, shell_actor(county.host, "test"), []

    def act(number):
        try:
            for turn in range(10):
                with host.begin(actor) as work:
                    work.record("test.done", f"test:{number}-{turn}")
        except Exception as error:  # noqa: BLE001 - gathered for the assertion below
            failures.append(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with county.look() as work:
        verdict = verify(work)
    assert verdict.ok
    assert verdict.records == 61
