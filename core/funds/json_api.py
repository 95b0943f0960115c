"""The JSON API of the money: the same services as the commands and pages, sums in fen."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Response
from pydantic import BaseModel, Field

from core.errors import Objection, Refused
from core.funds import (
    allocations,
    bank_files,
    batches,
    closing,
    detectors,
    kin,
    lines,
    queries,
    recoveries,
    results,
    sources,
    verifying,
)
from core.texts import _
from core.values import parse_money
from core.web import (
    Limit,
    Next,
    Paged,
    Posted,
    after_id,
    answered,
    begin,
    download,
    guarded,
    limited,
    page_of,
    paged,
    plain,
)
from core.wishes import Fen, WholeFen, checked

Upload: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.MULTI_PART)]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]
UPLOAD_MEGABYTES = 60
SHOW = [guarded("funds.show")]
TAGS = ["funds"]


class Money(BaseModel):
    """An amount in fen and the day it counts from (today)."""

    amount_fen: Fen
    on: date | None = None


class Why(BaseModel):
    """The reason of an act; it stands in the audit."""

    reason: str = Field(min_length=1, max_length=200)


class Confirm(BaseModel):
    """The total of a batch, typed again by whoever releases it."""

    confirm_fen: WholeFen


class Account(BaseModel):
    """A bank account of the county; ``kind`` special_account, treasury_zero_balance or charity_account."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[\w.-]+$")
    title: str = Field(min_length=1, max_length=80)
    kind: str
    layout: str = "default"


class Statement(BaseModel):
    """What the bank says an account held at the end of a day, in fen."""

    account: str
    on: date
    balance_fen: WholeFen


class Again(BaseModel):
    """Returned lines to send out again; ``name`` and ``number`` correct the payee of a single line."""

    payments: list[int] = Field(min_length=1, max_length=500)
    name: str = Field(default="", max_length=100)
    number: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=200)


class Part(BaseModel):
    """One instalment: the day it is due, and fen."""

    on: date
    amount_fen: Fen


class Plan(BaseModel):
    """Instalments, and the agreement or decision that allows them."""

    parts: list[Part] = Field(min_length=1, max_length=120)
    agreement: str = Field(default="", max_length=200)


class Document(BaseModel):
    """The number of a decision."""

    document: str = Field(default="", max_length=200)


class Month(BaseModel):
    """A month of one entity's books."""

    period: str
    entity: str = Field(default="fiscal", pattern="^(fiscal|charity)$")
    reason: str = Field(default="", max_length=200)


class Answered(BaseModel):
    """How a finding was decided: explained, confirmed or rectified, with words."""

    state: str = Field(pattern="^(explained|confirmed|rectified)$")
    answer: str = Field(default="", max_length=300)


class Relative(BaseModel):
    """A declared relative of a member of staff."""

    account: str
    person: int
    relation: str


class FileNumber(BaseModel):
    """The last file number the bank knows."""

    number: int = Field(ge=0)


@get("/funds", sync_to_thread=True, guards=SHOW, tags=TAGS)
def fund_list(request: Request, limit: Limit = 50, next: Next = "") -> Paged:
    """Funds with appropriation, cash, debts and what is free."""
    with begin(request) as work:
        found = sorted((plain(one) for one in queries.list_funds(work)), key=lambda one: one["fund"])
    return paged(found, "fund", limit, next)


@post("/funds", sync_to_thread=True, guards=[guarded("funds.add")], tags=TAGS)
def fund_add(request: Request, data: JSONBody[sources.NewFund]) -> dict[str, Any]:
    """Add a fund; ``received`` books the receipt in full today."""
    with begin(request) as work:
        made = sources.add_fund(work, data)
        return answered(work, {"id": made.id, "fund": made.code, "voucher": made.voucher})


@post("/funds/{fund:str}/receipts", sync_to_thread=True, guards=[guarded("funds.receive")], tags=TAGS)
def fund_receive(request: Request, fund: FromPath[str], data: JSONBody[Money]) -> dict[str, Any]:
    """Book money of an appropriation that arrived."""
    with begin(request) as work:
        number = sources.receive_fund(work, fund, data.amount_fen, data.on or work.today)
        return answered(work, {"voucher": number})


@post("/funds/{fund:str}/interest", sync_to_thread=True, guards=[guarded("funds.receive")], tags=TAGS)
def fund_interest(request: Request, fund: FromPath[str], data: JSONBody[Money]) -> dict[str, Any]:
    """Book bank interest."""
    with begin(request) as work:
        number = sources.book_interest(work, fund, data.amount_fen, data.on or work.today)
        return answered(work, {"voucher": number})


@get("/fund-balances", sync_to_thread=True, guards=SHOW, tags=TAGS)
def balance_list(request: Request) -> dict[str, Any]:
    """Cash of each fund and what is free of it."""
    with begin(request) as work:
        return {"items": queries.balance_lines(work), "next": None}


@post("/fund-accounts", sync_to_thread=True, guards=[guarded("funds.add")], tags=TAGS)
def account_add(request: Request, data: JSONBody[Account]) -> dict[str, Any]:
    """Add a bank account of the county."""
    with begin(request) as work:
        return answered(work, {"id": sources.add_account(work, data.code, data.title, data.kind, data.layout).id})


@get("/allocations", sync_to_thread=True, guards=SHOW, tags=TAGS)
def allocation_list(request: Request, scheme: FromQuery[str] = "") -> dict[str, Any]:
    """Allocations, newest first, with what is left of each."""
    with begin(request) as work:
        return {"items": plain(queries.list_allocations(work, scheme=scheme)), "next": None}


@post(
    "/allocations",
    sync_to_thread=True,
    guards=[guarded("funds.allocate")],
    tags=TAGS,
    opt=limited(UPLOAD_MEGABYTES),
)
def allocation_add(request: Request, data: Upload) -> dict[str, Any]:
    """Set money apart (multipart): fields of the allocation, amounts in yuan, and the file ``minutes``."""
    texts = {name: data.text(name) for name in data if name not in ("amount", "decided") and data.text(name)}
    file = data.files.get("minutes")
    with begin(request) as work:
        amount = parse_money(data.text("amount"))
        decided = parse_money(data.text("decided")) if data.text("decided") else amount
        wish = checked(allocations.NewAllocation, amount_fen=amount, decided_fen=decided, **texts)
        made = allocations.allocate(work, wish, file.content if file else None, file.name if file else "")
        return answered(work, {"id": made.id, "minutes": made.minutes_id})


@post("/allocations/{allocation:int}/close", sync_to_thread=True, guards=[guarded("funds.allocate")], tags=TAGS)
def allocation_close(request: Request, allocation: FromPath[int]) -> dict[str, Any]:
    """Give what is unspent back to the fund."""
    with begin(request) as work:
        return answered(work, {"unspent_fen": allocations.close_allocation(work, allocation).unspent_fen})


@post("/minutes/{minutes:int}", sync_to_thread=True, guards=[guarded("funds.allocate")], tags=TAGS)
def minutes_complete(
    request: Request, minutes: FromPath[int], data: JSONBody[allocations.MinutesDetails]
) -> dict[str, Any]:
    """Fill in what the closing checklist wants to know of a meeting."""
    with begin(request) as work:
        return answered(work, {"id": allocations.complete_minutes(work, minutes, data).id})


@get("/minutes/{minutes:int}/file", sync_to_thread=True, guards=SHOW, tags=TAGS)
def minutes_file(request: Request, minutes: FromPath[int]) -> Response[bytes]:
    """The scanned file of some minutes; leaves a read record."""
    with begin(request) as work:
        name, content = allocations.open_minutes(work, minutes)
    return download(content, name, "application/octet-stream")


@get("/batches", sync_to_thread=True, guards=SHOW, tags=TAGS)
def batch_list(
    request: Request, scheme: FromQuery[str] = "", period: FromQuery[str] = "", wanted: State = ""
) -> dict[str, Any]:
    """Batches, newest first."""
    with begin(request) as work:
        return {"items": plain(queries.list_batches(work, scheme, period, wanted)), "next": None}


@get("/batches/{batch:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def batch_show(request: Request, batch: FromPath[int]) -> dict[str, Any]:
    """A batch with its steps, draws, file and the bank's answers."""
    with begin(request) as work:
        return plain(queries.show_batch(work, batch))


@get("/batches/{batch:int}/lines", sync_to_thread=True, guards=SHOW, tags=TAGS)
def batch_lines(request: Request, batch: FromPath[int], limit: Limit = 50, next: Next = "") -> Paged:
    """Lines of a batch within the token's areas, by number; accounts by their last four digits only."""
    with begin(request) as work:
        found = queries.batch_rows(work, batch, after_id(next), limit + 1)
    return page_of(found, limit)


@post("/batches/{batch:int}/submit", sync_to_thread=True, guards=[guarded("funds.submit")], tags=TAGS)
def batch_submit(request: Request, batch: FromPath[int]) -> dict[str, Any]:
    """Freeze a batch; ``split`` names the batches of declared kin."""
    with begin(request) as work:
        split = batches.submit(work, batch)
        return answered(work, {**_batch(work, batch), "split": split})


@post("/batches/{batch:int}/review", sync_to_thread=True, guards=[guarded("funds.review")], tags=TAGS)
def batch_review(request: Request, batch: FromPath[int]) -> dict[str, Any]:
    """Review a batch."""
    with begin(request) as work:
        batches.review(work, batch)
        return answered(work, _batch(work, batch))


@post("/batches/{batch:int}/approve", sync_to_thread=True, guards=[guarded("funds.approve")], tags=TAGS)
def batch_approve(request: Request, batch: FromPath[int]) -> dict[str, Any]:
    """Approve a batch."""
    with begin(request) as work:
        batches.approve(work, batch)
        return answered(work, _batch(work, batch))


@post("/batches/{batch:int}/release", sync_to_thread=True, guards=[guarded("funds.release")], tags=TAGS)
def batch_release(request: Request, batch: FromPath[int], data: JSONBody[Confirm]) -> dict[str, Any]:
    """Release a batch; the total is typed again."""
    with begin(request) as work:
        batches.release(work, batch, data.confirm_fen)
        return answered(work, _batch(work, batch))


@post("/batches/{batch:int}/send-back", sync_to_thread=True, guards=SHOW, tags=TAGS)
def batch_send_back(request: Request, batch: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Send a batch back with a reason."""
    with begin(request) as work:
        batches.send_back(work, batch, data.reason)
        return answered(work, _batch(work, batch))


@post("/batches/{batch:int}/cancel", sync_to_thread=True, guards=[guarded("funds.build")], tags=TAGS)
def batch_cancel(request: Request, batch: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Give up a batch that was not submitted."""
    with begin(request) as work:
        lines.cancel_batch(work, batch, data.reason)
        return answered(work, _batch(work, batch))


@post("/batches/{batch:int}/bank-file", sync_to_thread=True, guards=[guarded("funds.export")], tags=TAGS)
def batch_export(request: Request, batch: FromPath[int]) -> Response[bytes]:
    """The bank file of a released batch, the same bytes each time; recorded."""
    with begin(request) as work:
        file = bank_files.export(work, batch)
    return download(file.data, file.file_name, "application/octet-stream")


@post(
    "/batches/{batch:int}/result",
    sync_to_thread=True,
    guards=[guarded("funds.import_result")],
    tags=TAGS,
    opt=limited(UPLOAD_MEGABYTES),
)
def batch_result(request: Request, batch: FromPath[int], data: Upload) -> dict[str, Any]:
    """Take in the bank's answer (multipart, field ``file``); imported twice it changes nothing."""
    file = data.files.get("file")
    if file is None or not file.content:
        raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
    with begin(request) as work:
        found = results.take_result(work, batch, file.content, file.name)
        return answered(work, vars(found) | {"warning": "W_DUP_RESULT" if found.warning else ""})


@get("/returned-payments", sync_to_thread=True, guards=SHOW, tags=TAGS)
def returned_list(request: Request) -> dict[str, Any]:
    """Returned lines that wait for a correction, oldest first."""
    with begin(request) as work:
        return {"items": plain(results.list_returned(work)), "next": None}


@post("/returned-payments/reissue", sync_to_thread=True, guards=[guarded("funds.build")], tags=TAGS)
def returned_reissue(request: Request, data: JSONBody[Again]) -> dict[str, Any]:
    """Put returned lines into a batch of their own."""
    if data.number and len(data.payments) > 1:
        raise Refused([Objection(field="number", reason=_("改账号一次只办一行"))])
    with begin(request) as work:
        wishes = [results.Returned(one, data.name, data.number, data.reason) for one in data.payments]
        return answered(work, _batch(work, results.reissue(work, wishes).id or 0))


@get("/bank-files", sync_to_thread=True, guards=SHOW, tags=TAGS)
def file_list(request: Request) -> dict[str, Any]:
    """Bank files, newest first."""
    with begin(request) as work:
        return {"items": plain(bank_files.list_files(work)), "next": None}


@post("/bank-files/last-number", sync_to_thread=True, guards=[guarded("funds.export")], tags=TAGS)
def file_number(request: Request, data: JSONBody[FileNumber]) -> dict[str, Any]:
    """Say which file number the bank had last, after a restore."""
    with begin(request) as work:
        return answered(work, {"last": bank_files.confirm_last_number(work, data.number)})


@get("/recoveries", sync_to_thread=True, guards=SHOW, tags=TAGS)
def recovery_list(request: Request, wanted: State = "open") -> dict[str, Any]:
    """Recoveries, newest first."""
    with begin(request) as work:
        return {"items": plain(recoveries.list_recoveries(work, wanted)), "next": None}


@post("/recoveries/{recovery:int}/plan", sync_to_thread=True, guards=[guarded("funds.recover")], tags=TAGS)
def recovery_plan(request: Request, recovery: FromPath[int], data: JSONBody[Plan]) -> dict[str, Any]:
    """Agree on instalments."""
    with begin(request) as work:
        parts = [(part.on, part.amount_fen) for part in data.parts]
        return answered(work, {"id": recoveries.plan_recovery(work, recovery, parts, data.agreement).id})


@post("/recoveries/{recovery:int}/receipts", sync_to_thread=True, guards=[guarded("funds.recover")], tags=TAGS)
def recovery_receive(request: Request, recovery: FromPath[int], data: JSONBody[Money]) -> dict[str, Any]:
    """Book money that came back."""
    with begin(request) as work:
        found = recoveries.receive_recovery(work, recovery, data.amount_fen, data.on or work.today)
        return answered(work, {"recovered_fen": found.recovered_fen, "state": found.state})


@post("/recoveries/{recovery:int}/write-off", sync_to_thread=True, guards=[guarded("funds.write_off")], tags=TAGS)
def recovery_write_off(request: Request, recovery: FromPath[int], data: JSONBody[Document]) -> dict[str, Any]:
    """Give up what is left, by a decision."""
    with begin(request) as work:
        return answered(work, {"state": recoveries.write_off_recovery(work, recovery, data.document).state})


@get("/fund-periods", sync_to_thread=True, guards=SHOW, tags=TAGS)
def period_list(request: Request) -> dict[str, Any]:
    """The months of the books, newest first."""
    with begin(request) as work:
        return {"items": plain(closing.list_periods(work)), "next": None}


@get("/fund-periods/{period:str}/checks", sync_to_thread=True, guards=[guarded("funds.reconcile")], tags=TAGS)
def period_checks(request: Request, period: FromPath[str]) -> dict[str, Any]:
    """The five checks of a month."""
    with begin(request) as work:
        checks = closing.reconcile(work, period)
    return {"ok": all(one.ok for one in checks), "checks": [vars(one) for one in checks]}


@post("/bank-statements", sync_to_thread=True, guards=[guarded("funds.enter_statement")], tags=TAGS)
def statement_add(request: Request, data: JSONBody[Statement]) -> dict[str, Any]:
    """Enter a bank statement."""
    with begin(request) as work:
        closing.enter_statement(work, data.account, data.on, data.balance_fen)
        return answered(work, {"account": data.account, "balance_fen": data.balance_fen})


@post("/fund-periods/close", sync_to_thread=True, guards=[guarded("funds.reconcile")], tags=TAGS)
def period_close(request: Request, data: JSONBody[Month]) -> dict[str, Any]:
    """Prepare a month's close (accountant) or close it (auditor)."""
    with begin(request) as work:
        return answered(work, {"state": closing.close_month(work, data.period, data.entity)})


@post("/fund-periods/reopen", sync_to_thread=True, guards=SHOW, tags=TAGS)
def period_reopen(request: Request, data: JSONBody[Month]) -> dict[str, Any]:
    """Open a closed month again: the head asks, the auditor agrees."""
    with begin(request) as work:
        return answered(work, {"state": closing.reopen_month(work, data.period, data.reason, data.entity)})


@get("/vouchers/{voucher:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def voucher_show(request: Request, voucher: FromPath[int]) -> dict[str, Any]:
    """A voucher with its transfers."""
    with begin(request) as work:
        return plain(queries.show_voucher(work, voucher))


@post("/vouchers/{voucher:int}/reverse", sync_to_thread=True, guards=[guarded("funds.reverse")], tags=TAGS)
def voucher_reverse(request: Request, voucher: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Reverse a receipt or interest that was booked wrongly."""
    with begin(request) as work:
        return answered(work, {"voucher": sources.reverse_voucher(work, voucher, data.reason)})


@get("/fund-problems", sync_to_thread=True, guards=[guarded("funds.verify")], tags=TAGS)
def problem_list(request: Request) -> dict[str, Any]:
    """The money computed again: what does not add up."""
    with begin(request) as work:
        problems = verifying.verify(work)
    return {"ok": not problems, "problems": problems}


@get("/findings", sync_to_thread=True, guards=[guarded("funds.detect")], tags=TAGS)
def finding_list(request: Request, wanted: State = "open", period: FromQuery[str] = "") -> dict[str, Any]:
    """Findings of the internal audit."""
    with begin(request) as work:
        return {"items": plain(detectors.list_findings(work, wanted, period)), "next": None}


@post("/findings/detect", sync_to_thread=True, guards=[guarded("funds.detect")], tags=TAGS)
def finding_detect(request: Request, data: JSONBody[Month]) -> dict[str, Any]:
    """Ask every detector about a month."""
    with begin(request) as work:
        return answered(work, {"added": detectors.detect(work, data.period)})


@post("/findings/{finding:int}", sync_to_thread=True, guards=[guarded("funds.decide_finding")], tags=TAGS)
def finding_decide(request: Request, finding: FromPath[int], data: JSONBody[Answered]) -> dict[str, Any]:
    """Explain, confirm or rectify a finding."""
    with begin(request) as work:
        return answered(work, {"state": detectors.decide_finding(work, finding, data.state, data.answer).state})


@get("/kin", sync_to_thread=True, guards=[guarded("funds.show_kin")], tags=TAGS)
def kin_list(request: Request) -> dict[str, Any]:
    """Declared relatives of staff."""
    with begin(request) as work:
        return {"items": plain(kin.list_kin(work)), "next": None}


@post("/kin", sync_to_thread=True, guards=[guarded("funds.declare_kin")], tags=TAGS)
def kin_add(request: Request, data: JSONBody[Relative]) -> dict[str, Any]:
    """Declare a relative."""
    with begin(request) as work:
        return answered(work, {"id": kin.declare_kin(work, data.account, data.person, data.relation).id})


@post("/kin/{declared:int}/end", sync_to_thread=True, guards=[guarded("funds.declare_kin")], tags=TAGS)
def kin_end(request: Request, declared: FromPath[int]) -> dict[str, Any]:
    """End a declaration."""
    with begin(request) as work:
        kin.end_kin(work, declared)
        return answered(work, {"id": declared})


def _batch(work: Any, batch_id: int) -> dict[str, Any]:
    return plain(queries.batch_line(queries.find_batch(work, batch_id)))


router = Router(
    path="/api/v1",
    route_handlers=[
        fund_list,
        fund_add,
        fund_receive,
        fund_interest,
        balance_list,
        account_add,
        allocation_list,
        allocation_add,
        allocation_close,
        minutes_complete,
        minutes_file,
        batch_list,
        batch_show,
        batch_lines,
        batch_submit,
        batch_review,
        batch_approve,
        batch_release,
        batch_send_back,
        batch_cancel,
        batch_export,
        batch_result,
        returned_list,
        returned_reissue,
        file_list,
        file_number,
        recovery_list,
        recovery_plan,
        recovery_receive,
        recovery_write_off,
        period_list,
        period_checks,
        statement_add,
        period_close,
        period_reopen,
        voucher_show,
        voucher_reverse,
        problem_list,
        finding_list,
        finding_detect,
        finding_decide,
        kin_list,
        kin_add,
        kin_end,
    ],
)
