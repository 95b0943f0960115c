"""RS16: the server goes while it is told to commit: nobody knows what came of it, and nothing of use is lost."""

from contextlib import contextmanager

import pytest
from sqlalchemy import select

from core.errors import TryAgain, Unconfirmed
from core.identity.attachments import FILES, NewAttachment, add_attachment, attachments_of, open_attachment
from core.kept_files import folder_of
from core.models.policy import PolicyValue
from core.settings_writer import replace_within
from core.testing import VILLAGE

PDF = b"%PDF-1.7 a paper about somebody"


@pytest.fixture
def server_goes(county, monkeypatch, request):
    """A block in which the server goes at every commit of a write, when it was done or before; skipped on SQLite."""
    if request.config.getoption("--db") != "postgresql":
        pytest.skip("SQLite has no server that could go")
    dialect = county.host.database.engine.dialect

    @contextmanager
    def block(*, committed):
        def commit(_dialect, connection):
            driver = connection.driver_connection
            wrote = driver.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").fetchone()[0]
            if committed or not wrote:
                driver.commit()
            if not wrote:
                return
            driver.close()
            raise dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

        with monkeypatch.context() as patch:
            patch.setattr(type(dialect), "do_commit", commit)  # whichever host the act goes by
            yield

    return block


def add(county, owner):
    with county.begin() as work:
        return add_attachment(work, NewAttachment(owner=owner, file_name="证明.pdf", data=PDF)).id


@pytest.mark.proof("RS16")
@pytest.mark.parametrize("committed", [True, False])
def test_a_file_that_a_row_may_name_stays(county, server_goes, committed, proof):
    owner = f"person:{county.person('刘洋', VILLAGE)}"
    with server_goes(committed=committed), pytest.raises(Unconfirmed, match="先查看是否已经保存"):
        add(county, owner)
    with county.look() as work:
        assert len(list(folder_of(work, FILES).iterdir())) == 1
        found = attachments_of(work, owner)
        assert len(found) == committed
        assert all(open_attachment(work, one.id).data == PDF for one in found)
    proof.counted(1)


@pytest.mark.proof("RS16")
@pytest.mark.parametrize("committed", [True, False])
def test_what_no_row_needs_is_taken_back_so_that_it_can_be_done_again(county, server_goes, committed, tmp_path, proof):
    file = tmp_path / "settings"
    file.write_text("before", encoding="utf-8")
    with server_goes(committed=committed), pytest.raises(Unconfirmed), county.begin() as work:
        work.record("test.done", "test:1")
        replace_within(work, file, "after")
    assert file.read_text(encoding="utf-8") == "before"
    proof.counted(1)


def test_a_refused_commit_leaves_no_file(county, monkeypatch):
    owner, dialect = f"person:{county.person('刘洋', VILLAGE)}", county.host.database.engine.dialect

    def full(_connection):
        raise dialect.loaded_dbapi.OperationalError("database or disk is full")

    with pytest.raises(TryAgain) as refused, monkeypatch.context() as patch, county.begin() as work:
        add_attachment(work, NewAttachment(owner=owner, file_name="证明.pdf", data=PDF))
        patch.setattr(dialect, "do_commit", full)
    assert not isinstance(refused.value, Unconfirmed)
    with county.look() as work:
        assert list(folder_of(work, FILES).iterdir()) == [] and attachments_of(work, owner) == []


@pytest.mark.proof("RS16")
@pytest.mark.parametrize("committed", [True, False])
def test_a_client_that_asks_again_under_the_same_key_is_told_and_acts_once(client, server_goes, committed, proof):
    asked = {"as_": client.county.account("proposer"), "headers": {"idempotency-key": "k1"}}
    asked["json"] = {"value": 15, "document": "1号"}
    with server_goes(committed=committed):
        lost = client.api("POST", "/policy/pay.day", **asked)
    assert (lost.status_code, lost.json()["error"]["code"]) == (503, "E_UNCONFIRMED")
    told = client.api("POST", "/policy/pay.day", **asked)
    assert told.status_code == 201 and ("idempotent-replayed" in told.headers) == committed
    with client.county.look() as work:
        values = work.session.scalars(select(PolicyValue).where(PolicyValue.document == "1号")).all()
    assert len(values) == 1
    proof.counted(1)
