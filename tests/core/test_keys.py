"""The county's keys: what is sealed stays where it was sealed, and equal numbers meet."""

import pytest

from core.errors import Clash, Fault
from core.keys import KeysUnusable, Vault

COLUMN = "identity_document.number"


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
