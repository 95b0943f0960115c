"""Exchange the key of a county: a new master for what is new, then, while everybody works on, for what is there.

Old masters stay in the ring for ever: backups made before, and rows that may never change, stand under them.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError

from core import key_ring, shares, shares_on_paper
from core.errors import Clash, Fault, NotFound, refuse
from core.key_ring import KeysUnusable, Ring
from core.sealed_columns import SealedColumn, numbers_of, numbers_of_files, register_of
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.keys import Vault
    from core.work import Actor, UnitOfWork

SHOW, EXCHANGE = "key.show", "key.exchange"
CHUNK = 1_000
"""Values sealed anew in one transaction: a counter waits no longer than for these."""


@dataclass(frozen=True)
class Standing:
    """Under which key numbers everything stands. ``fixed`` rows never change and keep theirs."""

    numbers: Sequence[int]
    current: int
    values: Sequence[dict[str, Any]]
    files: Sequence[dict[str, Any]]
    strangers: Sequence[str]

    @property
    def remaining(self) -> int:
        """Values in columns that stand under another key than the current one."""
        return sum(one["count"] for one in self.values if one["number"] != self.current)


def standing(work: "UnitOfWork") -> Standing:
    """Count every sealed value and file by the number of its key. Right: key.show."""
    from core.backups import FOLDERS, folder_of

    work.require(SHOW)
    connection, ring, settings = work.session.connection(), work.keys.ring, work.settings
    register = register_of(work.host, connection)
    values = [
        {"table": one.table.name, "column": one.name, "number": number, "count": count, "fixed": one.fixed}
        for one in register.columns
        for number, count in numbers_of(connection, one).items()
    ]
    folders = {one: settings.data / one / settings.county.code for one in (*FOLDERS, "uploads")}
    folders["backup"] = folder_of(work.host)
    files = [
        {"folder": name, "number": number, "count": count}
        for name, folder in folders.items()
        for number, count in numbers_of_files([folder]).items()
    ]
    return Standing(sorted(ring.masters), ring.current, values, files, register.strangers)


def rotate(host: "Host", actor: "Actor", reason: str, *, edge: str = "command") -> int:
    """Seal with a new master from now on; answers its number. Right: key.exchange.

    The master is in the file, for every process to read, before the record says so, and seals only after that. Whoever
    is killed in between has done no harm, and the next one goes on with the same master.
    """
    path = host.settings.key_file
    with host.begin(actor, edge=edge) as work:
        work.require(EXCHANGE)
        if not reason.strip():
            raise refuse(_("请写明更换密钥的理由"), field="reason", code="E_REASON_MISSING")
        number = key_ring.lay_by(path)
        work.record("key.exchanged", f"key:{number}", reason=reason.strip())
    key_ring.use(path, number)
    host.keys.refresh()
    return number


def reseal(
    host: "Host", actor: "Actor", *, edge: str = "command", told: Callable[[str, int], None] = lambda _t, _c: None
) -> int:
    """Seal every value that may change with the current master; answers how many. Right: key.exchange.

    A chunk is one transaction with its record, so whoever is killed goes on where it stopped. Each row is sealed from
    what stands in it at that moment; one that somebody holds just then is left for the next round. ``told`` hears of
    each chunk.
    """
    total = 0
    while done := sum(_reseal_column(host, actor, one, edge, told) for one in _waiting(host, actor, edge)):
        total += done
    return total


def _waiting(host: "Host", actor: "Actor", edge: str) -> list[SealedColumn]:
    with host.look(actor, edge=edge) as work:
        work.require(EXCHANGE)
        work.keys.refresh()
        connection, current = work.session.connection(), work.keys.ring.current
        columns = [one for one in register_of(host, connection).columns if not one.fixed]
        return [one for one in columns if numbers_of(connection, one).keys() - {current}]


def _reseal_column(
    host: "Host", actor: "Actor", column: SealedColumn, edge: str, told: Callable[[str, int], None]
) -> int:
    after, total = 0, 0
    while True:
        with host.begin(actor, edge=edge) as work:
            work.require(EXCHANGE)
            rows = _next_rows(work, column, after)
            done = _seal_anew(work, column, rows) if rows else 0
            if done:
                table, name = column.table.name, column.name
                work.record("key.resealed", f"key:{work.keys.ring.current}", table=table, column=name, count=done)
            else:
                work.watch.wrote = False  # what was tried was taken back
        if not rows:
            return total
        after, total = rows[-1][0], total + done
        told(f"{column.table.name}.{column.name}", done)


def _next_rows(work: "UnitOfWork", column: SealedColumn, after: int) -> list[Any]:
    asked = column.under_other_than(work.keys.ring.current).where(column.table.c.id > after).limit(CHUNK)
    # SQLite has one writer, and that is us. On PostgreSQL nobody is waited for, so nobody waits for us in a circle.
    return list(work.session.connection().execute(asked.with_for_update(skip_locked=True, key_share=True)))


def _seal_anew(work: "UnitOfWork", column: SealedColumn, rows: Sequence[Any]) -> int:
    opened = _opened(work.keys, column, rows)
    ids = [row for row, _text in opened]
    sealed = work.keys.seal_many(column.place, ids, [text for _row, text in opened])
    values = [{"row": row, "sealed": one} for row, one in zip(ids, sealed, strict=True)]
    if not values or _written(work, column, values):
        return len(values)
    return sum(_written(work, column, [one]) for one in values)


def _opened(vault: "Vault", column: SealedColumn, rows: Sequence[Any]) -> list[tuple[int, str]]:
    """Ids and texts; what does not open, because somebody changed it or its key is lost, stays as it is."""
    ids = [row[0] for row in rows]
    try:
        return list(zip(ids, vault.unseal_many(column.place, ids, [row[1] for row in rows]), strict=True))
    except Fault:
        return [] if len(rows) == 1 else [one for row in rows for one in _opened(vault, column, [row])]


def _written(work: "UnitOfWork", column: SealedColumn, values: list[dict[str, Any]]) -> bool:
    """Write some values; False when the database refuses because one of the rows may not change any more."""
    table = column.table
    change = update(table).where(table.c.id == bindparam("row")).values({column.name: bindparam("sealed")})
    try:
        with work.session.begin_nested():
            work.session.connection().execute(change, values)
    except IntegrityError:
        return False
    return True


# -- shares ------------------------------------------------------------------------------------------------------------


def split(work: "UnitOfWork", folder: Path, count: int, needed: int) -> list[Path]:
    """Write the ring in shares, one file each (0600), any ``needed`` of which bring it back. Right: key.exchange.

    Raises ``Clash`` when a share of that name is there.
    """
    work.require(EXCHANGE)
    code, ring = work.settings.county.code, work.keys.ring
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        work.undo_by(lambda: _remove_empty(folder))
    made = []
    for number, share in enumerate(shares.split(ring.to_bytes(), count, needed), 1):
        file = folder / f"{code}-share-{number}.txt"
        words = {"code": code, "number": number, "count": count, "needed": needed}
        talk = _("惠民 {code} 的密钥份额：第 {number} 份，共 {count} 份，凑齐 {needed} 份可以恢复。请分开保管", **words)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Clash(_("文件 {file} 已存在，换一个名字", file=file)) from None
        work.undo_by(lambda file=file: file.unlink(missing_ok=True))
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"# {talk}\n{shares_on_paper.to_text(share)}\n")
        made.append(file)
    work.record("key.split", f"key:{ring.current}", shares=count, needed=needed, numbers=sorted(ring.masters))
    return made


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # somebody has put something there meanwhile
        folder.rmdir()


def recover(files: Sequence[Path], target: Path) -> Ring:
    """Make a key file out of shares; needs no county. Raises ``Clash`` when the file is there."""
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise NotFound(_("没有找到文件 {file}", file=missing[0]))
    try:
        ring = Ring.from_bytes(shares.recover([shares_on_paper.from_text(file.read_text("utf-8")) for file in files]))
    except ValueError:  # whole shares of something else, or no text at all
        raise KeysUnusable(_("份额里的不是密钥文件")) from None
    key_ring.create(target, ring)
    return ring
