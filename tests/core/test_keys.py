"""The county's keys: what is sealed stays where it was sealed, and equal numbers meet."""

import json
import threading

import pytest

from core import key_ring
from core.errors import Clash, Fault, Refused
from core.key_ring import LAST, Ring
from core.keys import KeysUnusable, Vault

COLUMN = "identity_document.number"
SEALED_BEFORE = "0101c6e726a25c5f58b403869b4529df7bb6c4d38c4918dfbfa023caf6cf8ba170b94c50870b08738d3eec99775f0c10"
INDEX_BEFORE = "14f1f4b26b0f7bbb"
"""What the version before keys could be exchanged made of a key file, a number and a row."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "430223.key"


@pytest.fixture
def vault(path):
    return Vault.create(path)


def test_what_was_sealed_opens_with_the_key_file_alone(vault, path):
    sealed = vault.seal(COLUMN, 7, "43022319480315004X")
    assert Vault.open(path).unseal(COLUMN, 7, sealed) == "43022319480315004X"
    assert sealed[0] == 1
    assert sealed != vault.seal(COLUMN, 7, "43022319480315004X")


def test_a_cipher_moved_to_another_row_or_column_or_county_does_not_open(vault, tmp_path):
    sealed = vault.seal(COLUMN, 7, "43022319480315004X")
    other = Vault.create(tmp_path / "other" / "b.key")
    for attempt in (
        lambda: vault.unseal(COLUMN, 8, sealed),
        lambda: vault.unseal("identity_bank_account.number", 7, sealed),
        lambda: other.unseal(COLUMN, 7, sealed),
        lambda: vault.unseal(COLUMN, 7, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        lambda: vault.unseal(COLUMN, 7, b"\x02" + sealed[1:]),
        lambda: vault.unseal(COLUMN, 7, b""),
    ):
        with pytest.raises(Fault):
            attempt()


def test_a_column_is_sealed_and_indexed_as_its_texts_are_one_by_one(vault):
    texts = [f"4302231948031500{at:02d}" for at in range(20)]
    sealed = vault.seal_many(COLUMN, range(100, 120), texts)
    assert [vault.unseal(COLUMN, at, one) for at, one in zip(range(100, 120), sealed, strict=True)] == texts
    assert vault.blind_many("citizen_id", texts) == [vault.blind("citizen_id", text) for text in texts]
    assert len({one[2:14] for one in sealed}) == 20


def test_indexes_differ_by_purpose_and_by_county(vault, tmp_path):
    other = Vault.create(tmp_path / "other" / "b.key")
    indexes = {vault.blind("citizen_id", "1"), vault.blind("phone", "1"), other.blind("citizen_id", "1")}
    assert len(indexes) == 3
    assert {len(index) for index in indexes} == {32}


def test_keys_for_other_purposes_are_their_own_and_last(vault, path):
    assert vault.key_for("session") == Vault.open(path).key_for("session")
    assert vault.key_for("session") != vault.key_for("forms")


def test_a_file_opens_under_its_own_name_only(vault):
    sealed = vault.seal_file(b"%PDF-", "a1b2")
    assert vault.unseal_file(sealed, "a1b2") == b"%PDF-"
    assert b"%PDF-" not in sealed
    with pytest.raises(Fault):
        vault.unseal_file(sealed, "c3d4")


def test_the_key_file_is_readable_by_its_owner_alone(vault, path):
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o600), (0o700, 0o640)])
def test_keys_that_others_can_read_are_refused(vault, path, folder, file):
    path.chmod(file)
    path.parent.chmod(folder)
    with pytest.raises(KeysUnusable) as refusal:
        Vault.open(path)
    assert refusal.value.hint.startswith("chmod")


def test_a_missing_or_damaged_key_file_is_named(path):
    with pytest.raises(KeysUnusable, match=r"430223\.key"):
        Vault.open(path)
    Vault.create(path)
    path.write_text("{}")
    with pytest.raises(KeysUnusable, match="损坏"):
        Vault.open(path)


def test_a_key_file_is_never_written_over(vault, path):
    before = path.read_bytes()
    with pytest.raises(Clash):
        Vault.create(path)
    assert path.read_bytes() == before


# A ring of keys


def exchanged(path):
    number = key_ring.lay_by(path)
    key_ring.use(path, number)
    return number


def test_a_file_of_one_master_opens_as_it_always_did(path):
    path.parent.mkdir(mode=0o700)
    path.write_text(
        '{"huimin_keys": 1, "number": 1, "master": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="}', encoding="utf-8"
    )
    path.chmod(0o600)
    sealed = bytes.fromhex(SEALED_BEFORE)
    before = Vault.open(path)
    assert before.unseal(COLUMN, 7, sealed) == "43022319480315004X"
    assert before.blind("citizen_id", "1").hex().startswith(INDEX_BEFORE)
    assert exchanged(path) == 2
    assert Vault.open(path).unseal(COLUMN, 7, sealed) == "43022319480315004X"
    assert Vault.open(path).blind("citizen_id", "1") == before.blind("citizen_id", "1")


def test_until_the_first_exchange_the_release_before_can_read_the_file_too(vault, path):
    kept = json.loads(path.read_text("utf-8"))
    assert set(kept) == {"huimin_keys", "number", "master"} and (kept["huimin_keys"], kept["number"]) == (1, 1)
    exchanged(path)
    assert json.loads(path.read_text("utf-8"))["huimin_keys"] == 2


def test_after_an_exchange_the_new_key_seals_and_both_open(vault, path):
    texts = ["1", "2", "3"]
    old, file = vault.seal_many(COLUMN, range(3), texts), vault.seal_file(b"old", "a")
    assert exchanged(path) == 2
    now = Vault.open(path)
    new = now.seal_many(COLUMN, range(3), texts)
    assert {one[1] for one in old} == {1} and {one[1] for one in new} == {2}
    assert now.seal(COLUMN, 1, "x")[1] == now.seal_file(b"new", "a")[1] == 2
    assert now.unseal_many(COLUMN, [0, 1, 2, 0], [old[0], new[1], old[2], new[0]]) == ["1", "2", "3", "1"]
    assert now.unseal(COLUMN, 0, old[0]) == "1" and now.unseal_file(file, "a") == b"old"
    with pytest.raises(Fault):
        now.unseal(COLUMN, 0, bytes((1, 1)) + new[0][2:])


def test_equal_numbers_meet_and_sessions_last_whatever_key_they_came_under(vault, path):
    exchanged(path)
    now = Vault.open(path)
    assert now.blind("phone", "1") == vault.blind("phone", "1")
    assert now.key_for("session") == vault.key_for("session")


def test_a_key_that_was_laid_by_seals_nothing_and_is_taken_by_the_next_who_asks(vault, path):
    assert key_ring.lay_by(path) == key_ring.lay_by(path) == 2
    assert Vault.open(path).seal(COLUMN, 1, "x")[1] == 1
    key_ring.use(path, 2)
    key_ring.use(path, 1)  # never back
    assert Vault.open(path).ring.current == 2
    assert path.stat().st_mode & 0o777 == 0o600 and not list(path.parent.glob("*.part"))


def test_a_process_that_opened_the_keys_before_reads_what_another_sealed_since(vault, path):
    exchanged(path)
    sealed = Vault.open(path).seal(COLUMN, 7, "x")
    assert vault.seal(COLUMN, 7, "x")[1] == 1
    assert vault.unseal(COLUMN, 7, sealed) == "x"
    assert vault.seal(COLUMN, 7, "x")[1] == 2  # it knows by now
    exchanged(path)
    vault.refresh()
    assert vault.seal(COLUMN, 7, "x")[1] == 3


def test_a_number_the_file_does_not_have_is_named(vault, path):
    with pytest.raises(Fault, match="第 9 号"):
        vault.unseal(COLUMN, 7, bytes((1, 9)) + vault.seal(COLUMN, 7, "x")[2:])


def test_whoever_holds_the_keys_refuses_a_file_that_lost_one(vault, path, tmp_path):
    before = path.read_bytes()
    exchanged(path)
    vault.refresh()
    path.write_bytes(before)
    with pytest.raises(KeysUnusable, match="换成了另一份"):
        vault.refresh()
    assert vault.seal(COLUMN, 7, "x")[1] == 2
    path.unlink()
    vault.refresh()  # away for a moment: what was read is held


def test_two_who_exchange_at_once_lose_nothing(path):
    vault = Vault.create(path)
    sealed = []

    def act():
        for _time in range(5):
            exchanged(path)
            sealed.append(Vault.open(path).seal(COLUMN, 7, "x"))

    threads = [threading.Thread(target=act) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [vault.unseal(COLUMN, 7, one) for one in sealed] == ["x"] * 20


def test_a_full_ring_is_told(path):
    key_ring.create(path, Ring({number: bytes(32) for number in range(1, LAST + 1)}, LAST))
    with pytest.raises(Refused, match=str(LAST)):
        key_ring.lay_by(path)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"current": 3}, {"current": "x"}, {"masters": {}}, {"masters": []}, {"masters": {"1": "AAAA"}},
        {"masters": {"0": "A" * 43 + "="}, "current": 0}, {"huimin_keys": 3}, {"huimin_keys": 1},
    ],
)  # fmt: skip
def test_a_tampered_ring_is_refused(vault, path, spoilt):
    exchanged(path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **spoilt}))
    with pytest.raises(KeysUnusable, match="损坏"):
        Vault.open(path)


def test_a_ring_goes_through_shares_as_it_is(vault, path):
    exchanged(path)
    ring = Vault.open(path).ring
    assert Ring.from_bytes(ring.to_bytes()) == ring
    for other in (b"", ring.to_bytes()[:-1], b"x"):
        with pytest.raises(ValueError):
            Ring.from_bytes(other)
