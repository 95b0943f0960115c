"""The file for the bank: made once, stored encrypted with its number and the hash of its plain bytes, never made again.

Handed to the bank is not paid: a line is paid when the bank's answer says so.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select
from sqlmodel import col

from core.audit.blocks import RowLayout, Sealed, seal
from core.errors import NotFound, Objection, Refused, refuse
from core.funds.batches import account_of, lines_of, state_words, streamed
from core.funds.ledger import refuse_leapt_clock
from core.funds.models import Attempt, BankFile, Batch, Payee, Payment, SpecialAccount
from core.funds.payees import NUMBER_COLUMN
from core.funds.queries import find_batch, held_batch, scheme_title
from core.kept_files import keep, opened
from core.models.state import State
from core.tables import columns
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

FILES = "bank-files"
SHARED_ACCOUNTS = 20_000
"""Accounts kept open at once: an institution's is opened for its first child only."""
LAST_NUMBER, CONFIRMED = "bank_file_number", "bank_files_after_restore"

LINES = RowLayout(
    "funds_payment",
    (
        ("id", "integer"),
        ("batch_id", "integer"),
        ("scheme", "text"),
        ("beneficiary_id", "integer"),
        ("for_month", "text"),
        ("component", "text"),
        ("revision", "integer"),
        ("amount_fen", "integer"),
        ("payee_id", "integer"),
    ),
    total="amount_fen",
    whole="batch_id",
)

_LINE, _ATTEMPT, _PAYEE = columns(Payment), columns(Attempt), columns(Payee)


@dataclass(frozen=True)
class Layout:
    """How a bank wants its file: ``format`` csv or xlsx, columns as (header, what stands in it)."""

    name: str
    title: str
    format: str
    encoding: str
    columns: tuple[tuple[str, str], ...]
    header: bool = False
    trailer: bool = False


@dataclass(frozen=True)
class Exported:
    """A bank file: its number, name, plain bytes and their SHA-256 in hexadecimal."""

    number: int
    file_name: str
    data: bytes
    content_hash: str


def export(work: "UnitOfWork", batch_id: int) -> Exported:
    """The bank file of a released batch: made the first time, the same bytes ever after; each time is recorded."""
    work.require("funds.export", area=work.settings.county.code)
    batch = held_batch(work, batch_id)
    file = work.session.scalars(select(BankFile).where(col(BankFile.batch_id) == batch_id)).one_or_none()
    if file is not None:
        data = opened(work, FILES, file.stored_as)
        work.record("funds.bank_file_read", f"batch:{batch_id}", number=file.number, hash=file.content_hash)
        return Exported(file.number, file.file_name, data, file.content_hash.hex())
    if batch.state != "released":
        raise refuse(
            _("批次 {batch} 现在是“{state}”，放行以后才能生成银行文件", batch=batch_id, state=state_words(batch.state)),
            code="E_SKIP_STEP",
        )
    refuse_after_restore(work)
    return _make(work, batch)


def fetch(work: "UnitOfWork", batch_id: int) -> Exported:
    """A bank file that was made before, for whoever may make it; the reading is recorded."""
    work.require("funds.export", area=work.settings.county.code)
    file = work.session.scalars(select(BankFile).where(col(BankFile.batch_id) == batch_id)).one_or_none()
    if file is None:
        raise NotFound(_("批次 {batch} 还没有银行文件", batch=batch_id))
    work.record_read("funds.bank_file_read", f"batch:{batch_id}", number=file.number, hash=file.content_hash)
    data = opened(work, FILES, file.stored_as)
    return Exported(file.number, file.file_name, data, file.content_hash.hex())


def refuse_after_restore(work: "UnitOfWork") -> None:
    """After a restore nobody knows which files the bank has: the last number is asked for first."""
    if waits_for_number(work):
        raise refuse(
            _("数据库从备份恢复过：请先向银行查清最后一个文件号，在“银行文件”里登记"),
            code="E_RESTORED",
            hint=_("huimin funds bank-files last 号码"),
        )


def confirm_last_number(work: "UnitOfWork", number: int) -> int:
    """Say which file number the bank had last; the next file gets the one after. Answers the number that counts."""
    work.require("funds.export", area=work.settings.county.code)
    if number < 0:
        raise refuse(_("文件号是 0 或更大的整数"), field="number", code="E_NUMBER")
    marks = _state(work)
    last = max(number, _last_number(work))
    for name, value in ((LAST_NUMBER, str(last)), (CONFIRMED, marks.get("restored", ""))):
        row = work.session.get(State, name) or State(name=name, value=value)
        row.value = value
        work.session.add(row)
    work.session.flush()
    work.record("funds.bank_number_confirmed", "bank-files", number=number, last=last)
    return last


def list_files(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Every bank file, newest first."""
    work.require("funds.show")
    rows = work.session.scalars(select(BankFile).order_by(col(BankFile.number).desc()))
    return [
        {
            "number": row.number,
            "batch": row.batch_id,
            "file": row.file_name,
            "layout": row.layout,
            "lines": row.count,
            "total_fen": row.total_fen,
            "hash": row.content_hash.hex(),
            "made_at": row.made_at,
        }
        for row in rows
    ]


def layouts(work: "UnitOfWork") -> dict[str, Layout]:
    """The layouts by name: those that come with Huimin and the county's own in ``config/bank-layouts``."""
    found: dict[str, Layout] = {}
    for folder in (Path(__file__).with_name("layouts"), work.settings.home / "config" / "bank-layouts"):
        for file in sorted(folder.glob("*.toml")):
            found[file.stem] = _read_layout(file)
    return found


def reference_of(batch_id: int, payment_id: int, attempt: int) -> str:
    """The reference by which the bank answers a line: the same for ever, different for each attempt."""
    return f"{batch_id}-{payment_id}-{attempt}"


def seal_lines(work: "UnitOfWork", batch: Batch) -> Sealed | None:
    """The blocks of a batch's own lines, which nothing changes from now on."""
    if batch.kind == "reissue":
        return None
    names = [name for name, _kind in LINES.columns]
    statement = select(*(_LINE[name] for name in names)).where(_LINE.batch_id == batch.id).order_by(_LINE.id)
    rows = chain.from_iterable(streamed(work, statement))
    return seal(LINES, rows, work.settings.security.digest)


def _make(work: "UnitOfWork", batch: Batch) -> Exported:
    refuse_leapt_clock(work)
    account = _account(work, batch)
    layout = _layout(work, batch, account)
    number = _last_number(work) + 1
    data = _rendered(work, batch, layout)
    extension = "xlsx" if layout.format == "xlsx" else "csv"
    name = f"{number:06d}-{batch.scheme}-{batch.period}-{batch.id}.{extension}"
    digest = hashlib.sha256(data).digest()
    work.session.add(
        BankFile(
            number=number,
            batch_id=batch.id or 0,
            layout=layout.name,
            file_name=name,
            stored_as=keep(work, FILES, data),
            content_hash=digest,
            count=batch.count,
            total_fen=batch.total_fen,
            made_at=work.now,
            made_by=work.actor.account_id,
        )
    )
    work.session.flush()
    batch.state = "sent"
    batch.version += 1
    work.session.add(batch)
    work.session.flush()
    sealed = seal_lines(work, batch)
    details: dict[str, Any] = {"sealed": sealed} if sealed else {}
    work.record(
        "funds.exported",
        f"batch:{batch.id}",
        number=number,
        layout=layout.name,
        hash=digest,
        count=batch.count,
        total_fen=batch.total_fen,
        **details,
    )
    return Exported(number, name, data, digest.hex())


def _account(work: "UnitOfWork", batch: Batch) -> SpecialAccount | None:
    if batch.kind != "reissue":
        return account_of(work, batch)
    first = work.session.scalar(
        select(_LINE.batch_id)
        .join(_ATTEMPT.payment_id.table, _ATTEMPT.payment_id == _LINE.id)
        .where(_ATTEMPT.batch_id == batch.id)
        .limit(1)
    )
    return account_of(work, find_batch(work, first)) if first else None


def _layout(work: "UnitOfWork", batch: Batch, account: SpecialAccount | None) -> Layout:
    name = batch.layout or (account.layout if account else "default")
    found = layouts(work).get(name)
    if found is None:
        raise NotFound(_("没有银行文件格式 {name}", name=name), hint=", ".join(sorted(layouts(work))))
    return found


def _read_layout(file: Path) -> Layout:
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        found = tuple((str(header), str(kind)) for header, kind in data["columns"])
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        reason = _("银行文件格式 {file} 读不出来：{error}", file=file.name, error=error)
        raise Refused([Objection(reason=reason, code="E_LAYOUT")]) from error
    unknown = [kind for _header, kind in found if kind not in _CELLS]
    if unknown or data.get("format") not in ("csv", "xlsx"):
        reason = _("银行文件格式 {file} 里有不认识的内容：{names}", file=file.name, names=", ".join(unknown))
        raise Refused([Objection(reason=reason, code="E_LAYOUT", hint=", ".join(_CELLS))])
    return Layout(
        file.stem,
        data.get("title", file.stem),
        data["format"],
        data.get("encoding", "utf-8-sig"),
        found,
        bool(data.get("header")),
        bool(data.get("trailer")),
    )


_CELLS = ("place", "reference", "payee", "number", "amount", "memo", "batch", "scheme")


def _rendered(work: "UnitOfWork", batch: Batch, layout: Layout) -> bytes:
    body = _body(work, batch, layout)
    if layout.format == "xlsx":
        from core.spreadsheets import plain_workbook

        return plain_workbook([header for header, _kind in layout.columns], body)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if layout.header:
        writer.writerow([_("批次"), batch.id, _("笔数"), batch.count, _("合计"), plain_yuan(batch.total_fen)])
    writer.writerow([header for header, _kind in layout.columns])
    writer.writerows(body)
    text = out.getvalue()
    if layout.trailer:
        text += f"SHA-256,{hashlib.sha256(text.encode()).hexdigest()}\r\n"
    return text.encode(layout.encoding)


def _body(work: "UnitOfWork", batch: Batch, layout: Layout) -> Iterator[Sequence[Any]]:
    """The rows of the file, one for each line even where many share an account."""
    reissued = batch.kind == "reissue"
    to = _ATTEMPT.payee_id if reissued else _LINE.payee_id
    attempt = _ATTEMPT.attempt if reissued else literal(1)
    cells = (_LINE.id, _LINE.amount_fen, _LINE.for_month, _PAYEE.id, _PAYEE.name, _PAYEE.number_sealed, attempt)
    statement = lines_of(batch, *cells).join(_PAYEE.id.table, _PAYEE.id == to).order_by(_LINE.id)
    scheme, number = scheme_title(work, batch.scheme), batch.id or 0
    shared: dict[int, str] = {}
    wanted = [kind for _header, kind in layout.columns]
    done = 0
    for part in streamed(work, statement):
        if len(shared) > SHARED_ACCOUNTS:
            shared.clear()
        fresh = {row[3]: row[5] for row in part if row[3] not in shared}
        shared.update(zip(fresh, work.keys.unseal_many(NUMBER_COLUMN, fresh, fresh.values()), strict=True))
        lines, amounts, months, payees, names, _sealed, times = zip(*part, strict=True)
        memos = {month: f"{month[:4]}年{month[5:]}月{scheme}" for month in set(months)}
        yuan = {fen: plain_yuan(fen) for fen in set(amounts)}
        cells_of = {
            "place": range(done + 1, done + 1 + len(part)),
            "reference": [f"{number}-{line}-{time}" for line, time in zip(lines, times, strict=True)],
            "payee": names,
            "number": [shared[payee] for payee in payees],
            "amount": [yuan[fen] for fen in amounts],
            "memo": [memos[month] for month in months],
            "batch": [number] * len(part),
            "scheme": [batch.scheme] * len(part),
        }
        yield from zip(*(cells_of[kind] for kind in wanted), strict=True)
        done += len(part)


def plain_yuan(fen: int) -> str:
    """Fen as a program reads yuan: 124000 is 1240.00."""
    return f"{fen // 100}.{fen % 100:02d}"


def waits_for_number(work: "UnitOfWork") -> bool:
    """Whether the database was restored and nobody said yet which file the bank had last."""
    marks = _state(work)
    return bool(marks.get("restored")) and marks.get("restored") != marks.get(CONFIRMED)


def _state(work: "UnitOfWork") -> dict[str, str]:
    names = ("restored", CONFIRMED, LAST_NUMBER)
    rows = work.session.execute(select(col(State.name), col(State.value)).where(col(State.name).in_(names)))
    return {row.name: row.value for row in rows}


def _last_number(work: "UnitOfWork") -> int:
    made = work.session.scalar(select(func.max(col(BankFile.number)))) or 0
    return max(made, int(_state(work).get(LAST_NUMBER) or 0))
