"""Pages of batches: the list, one batch with its steps, lines and files, and what its reader may do now."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.capitals import in_capitals
from core.errors import Clash, Objection, Refused
from core.funds import bank_files, batches, lines, page_words, printing, queries, results
from core.funds.batches import APPROVE, RELEASE, REVIEW, SENT_BACK, SUBMIT
from core.funds.typed import objections_of, yuan
from core.households.areas import area_names
from core.showing import count, moment, money
from core.texts import _, mark
from core.web import (
    FormData,
    after_id,
    begin,
    download,
    guarded,
    limited,
    look,
    more_path,
    page,
    paper,
    paper_pdf,
    see_other,
)
from core.work import UnitOfWork

SHOW, EXPORT = [guarded("funds.show")], [guarded("funds.export")]
UPLOAD_MEGABYTES = 60
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]
STATES = ("draft", "submitted", "reviewed", "approved", "released", "sent", "settled", "building", "cancelled")
STEPS = {SUBMIT: mark("提交"), REVIEW: mark("复核"), APPROVE: mark("审批"), RELEASE: mark("放行")}
AFTER = ((5, mark("送银行")), (6, mark("回盘")))
REACHED = {
    "building": 1, "draft": 1, "submitted": 2, "reviewed": 3, "approved": 4, "released": 5, "sent": 6, "settled": 7,
    "cancelled": 0,
}  # fmt: skip
"""Which step a batch waits for, by its state; 7 is behind the last."""


@get("/batches", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    scheme: FromQuery[str] = "",
    period: FromQuery[str] = "",
    in_state: State = "",
    after: FromQuery[str] = "",
) -> Template:
    """Batches, newest first, a page at a time."""
    given = {"scheme": scheme, "period": period, "state": in_state}
    with begin(request) as work:
        found = queries.list_batches(work, scheme, period, in_state, after=after_id(after), limit=queries.PAGE + 1)
        choices = page_words.schemes(work)
    return page(
        "funds/batches.html",
        batches=found[: queries.PAGE],
        more=more_path("/funds/batches", [{"id": one["batch"]} for one in found], queries.PAGE, **given),
        given=given,
        narrowed=any(given.values()),
        choices=choices,
        schemes=dict(choices),
        kinds=page_words.in_words(page_words.KINDS),
        states={name: (batches.state_words(name), page_words.TAGS[name]) for name in STATES},
        tabs=page_words.tabs("batches", "/funds/batches"),
    )


@get("/batches/{batch:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, batch: FromPath[int], after: FromQuery[str] = "") -> Template:
    """One batch."""
    with begin(request) as work:
        return _batch(work, batch, {}, after=after_id(after))


@post("/batches/{batch:int}/submit", sync_to_thread=True, guards=[guarded("funds.submit")])
def submit(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Freeze a batch."""

    def run(work: UnitOfWork) -> str:
        split = batches.submit(work, batch)
        if split:
            numbers = ", ".join(str(one) for one in split)
            return _("已提交，等待复核；近亲属的发放行另列为批次 {numbers}，要由别人办理", numbers=numbers)
        return _("已提交，等待复核")

    return _carried_out(request, batch, data, run)


@post("/batches/{batch:int}/review", sync_to_thread=True, guards=[guarded("funds.review")])
def review(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Say that a batch was looked through."""
    return _step(request, batch, data, batches.review, _("已复核，等待审批"))


@post("/batches/{batch:int}/approve", sync_to_thread=True, guards=[guarded("funds.approve")])
def approve(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Approve a batch."""
    return _step(request, batch, data, batches.approve, _("已审批，等待放行"))


@post("/batches/{batch:int}/release", sync_to_thread=True, guards=[guarded("funds.release")])
def release(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Release a batch; its total is typed again."""

    def run(work: UnitOfWork) -> str:
        confirm = yuan(data, "confirm", _("批次合计")) if data.text("confirm") else None
        batches.release(work, batch, confirm)
        return _("已放行，可以生成银行文件")

    return _carried_out(request, batch, data, run)


@post("/batches/{batch:int}/send-back", sync_to_thread=True, guards=SHOW)
def send_back(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Give a batch back to whoever built it, with a reason."""

    def run(work: UnitOfWork) -> str:
        batches.send_back(work, batch, data.text("reason"))
        return _("已退回，待重新提交")

    return _carried_out(request, batch, data, run)


@post("/batches/{batch:int}/cancel", sync_to_thread=True, guards=[guarded("funds.build")])
def cancel(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Give up a batch that was not submitted."""

    def run(work: UnitOfWork) -> str:
        lines.cancel_batch(work, batch, data.text("reason"))
        return _("批次 {batch} 已作废", batch=batch)

    return _carried_out(request, batch, data, run)


@post("/batches/{batch:int}/export", sync_to_thread=True, guards=EXPORT)
def export(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Make the bank file of a released batch."""

    def run(work: UnitOfWork) -> str:
        return _("银行文件 {number} 已生成，可以下载", number=bank_files.export(work, batch).number)

    return _carried_out(request, batch, data, run)


@get("/batches/{batch:int}/bank-file", sync_to_thread=True, guards=EXPORT)
def bank_file(request: Request, batch: FromPath[int]) -> Response[bytes]:
    """The bank file, the same bytes each time; the reading is recorded."""
    with begin(request) as work:
        file = bank_files.fetch(work, batch)
    return download(file.data, file.file_name, "application/octet-stream")


@post(
    "/batches/{batch:int}/result",
    sync_to_thread=True,
    guards=[guarded("funds.import_result")],
    opt=limited(UPLOAD_MEGABYTES),
)
def take_result(request: Request, batch: FromPath[int], data: FormData) -> Template | Redirect:
    """Take in the bank's answer."""
    file = data.files.get("file")

    def run(work: UnitOfWork) -> str:
        if file is None or not file.content:
            raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
        found = results.take_result(work, batch, file.content, file.name)
        return found.warning or _(
            "已付 {paid} 行 {paid_yuan} 元，退回 {returned} 行 {returned_yuan} 元，未变 {unchanged} 行",
            paid=found.paid,
            paid_yuan=money(found.paid_fen),
            returned=found.returned,
            returned_yuan=money(found.returned_fen),
            unchanged=found.unchanged,
        )

    return _carried_out(request, batch, data, run)


@get("/batches/{batch:int}/sheet", sync_to_thread=True, guards=SHOW)
def as_sheet(request: Request, batch: FromPath[int]) -> Template:
    """The roll as sheets of paper on the screen."""
    with begin(request) as work:
        sheet = printing.roll_sheet(work, batch)
    return paper(sheet, back=f"/funds/batches/{batch}", pdf_path=f"/funds/batches/{batch}/pdf")


@get("/batches/{batch:int}/pdf", sync_to_thread=True, guards=SHOW)
def as_pdf(request: Request, batch: FromPath[int]) -> Response[bytes]:
    """The roll as PDF."""
    with begin(request) as work:
        sheet = printing.roll_sheet(work, batch)
    return paper_pdf(sheet)


def _step(
    request: Request[Any, Any, Any],
    batch: int,
    data: Any,
    service: Callable[[UnitOfWork, int], Any],
    said: str,
) -> Template | Redirect:
    def run(work: UnitOfWork) -> str:
        service(work, batch)
        return said

    return _carried_out(request, batch, data, run)


def _carried_out(
    request: Request[Any, Any, Any], batch: int, data: Any, run: Callable[[UnitOfWork], str]
) -> Template | Redirect:
    """Carry an act out; what stands against it is shown on the batch's own page."""
    try:
        with begin(request) as work:
            said = run(work)
    except (Refused, Clash) as refusal:
        with look() as work:
            return _batch(work, batch, data, objections_of(refusal), refusal.status)
    return see_other(f"/funds/batches/{batch}", said)


def _batch(
    work: UnitOfWork,
    number: int,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
    after: int = 0,
) -> Template:
    found = queries.show_batch(work, number)
    batch = queries.find_batch(work, number)
    rows = queries.batch_rows(work, number, after, queries.PAGE + 1)
    shown = rows[: queries.PAGE]
    if shown:
        work.record_read("funds.lines_shown", f"batch:{number}", count=len(shown))
    scheme = work.host.schemes.get(batch.scheme)
    query = urlencode({"after": shown[-1]["id"]}) if len(rows) > queries.PAGE else ""
    return page(
        "funds/batch.html",
        batch=found,
        title=batches.batch_title(work, batch),
        state=(batches.state_words(batch.state), page_words.TAGS[batch.state]),
        kind=page_words.in_words(page_words.KINDS)[batch.kind],
        steps=_steps(work, found),
        capitals=in_capitals(batch.total_fen),
        back=[one for one in found["history"] if one["step"] == SENT_BACK],
        rows=shown,
        more=f"/funds/batches/{number}?{query}" if query else "",
        after=after,
        towns=area_names(work, {row["area"][:9] for row in shown}),
        categories={one.code: _(one.title) for one in scheme.categories} if scheme else {},
        answers={"paid": (_("已付"), "ok"), "returned": (_("退票"), "bad")},
        waiting=found["lines"] - found["paid"] - found["returned"],
        may=_may(work, found, batch),
        values=values,
        objections=objections,
        status=status,
    )


def _may(work: UnitOfWork, found: Mapping[str, Any], batch: Any) -> dict[str, Any]:
    """What this reader may do with the batch now, and what keeps them from a step they hold the right to."""
    state, county = found["state"], work.settings.county.code
    now = {"draft": SUBMIT, "submitted": APPROVE if found["steps"] == 3 else REVIEW, "reviewed": APPROVE}.get(state)
    step = RELEASE if state == "approved" else now
    mine = {one["step"] for one in found["history"] if one["account"] == work.actor.name and one["step"] < SENT_BACK}
    holds = step is not None and work.may(batches.RIGHTS[step], county)
    kept = bool(holds and mine - {step})
    open_to_send = state in ("submitted", "reviewed", "approved", "released")
    return {
        "step": {SUBMIT: "submit", REVIEW: "review", APPROVE: "approve", RELEASE: "release"}[step]
        if step is not None and holds and not kept
        else "",
        "kept": kept,
        "send_back": open_to_send and batches.may_send_back(work, batch),
        "cancel": state in ("draft", "building") and work.may("funds.build", county),
        "export": state == "released" and work.may("funds.export", county),
        "download": found["bank_file"] is not None and work.may("funds.export", county),
        "result": state in ("sent", "settled") and work.may("funds.import_result", county),
    }


def _steps(work: UnitOfWork, found: Mapping[str, Any]) -> list[dict[str, str]]:
    """The steps of a batch with who took each of them and when."""
    if found["state"] == "cancelled":
        return []
    small = found["steps"] == 3 or (found["state"] in lines.OPEN and work.policy("funds.small_office"))
    done = {one["step"]: one for one in found["history"] if one["round"] == found["round"]}
    reached = REACHED[found["state"]]
    if small and reached == REVIEW:
        reached = APPROVE
    items = []
    for number, title in (*STEPS.items(), *AFTER):
        if small and number == REVIEW:
            continue
        state = "done" if number < reached else "now" if number == reached else ""
        items.append({"title": _(title), "state": state, "note": _step_note(found, done.get(number), number)})
    return items


def _step_note(found: Mapping[str, Any], done: Mapping[str, Any] | None, number: int) -> str:
    if done is not None and number <= RELEASE:
        return _("{who} {at}", who=done["title"] or done["account"], at=moment(done["at"]))
    answered = found["paid"] + found["returned"]
    if number == AFTER[0][0] and found["bank_file"]:
        return _("文件 {number}", number=found["bank_file"]["number"])
    if number == AFTER[1][0] and answered:
        return _("{answered} / {lines} 行", answered=count(answered), lines=count(found["lines"]))
    return ""


router = Router(
    "/",
    route_handlers=[
        show_list, show, submit, review, approve, release, send_back, cancel, export, bank_file, take_result,
        as_sheet, as_pdf,
    ],
)  # fmt: skip
