"""Pages of money that came back or must: returned lines, bank files, recoveries with their plans."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from core.errors import Clash, NotFound, Objection, Refused
from core.funds import bank_files, page_words, queries, reading, recoveries, results
from core.funds.typed import AmountOn, objections_of, read_wish, yuan
from core.households.areas import area_names
from core.showing import money
from core.texts import _
from core.values import row_id
from core.web import FormData, Posted, begin, guarded, look, page, see_other
from core.work import UnitOfWork

SHOW, BUILD, RECOVER = [guarded("funds.show")], [guarded("funds.build")], [guarded("funds.recover")]
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=12)]
PARTS, PARTS_MORE = 2, 4


@get("/returned", sync_to_thread=True, guards=SHOW)
def show_returned(request: Request) -> Template:
    """Returned lines that wait for a correction, oldest first."""
    with begin(request) as work:
        return _returned(work, {})


@post("/returned", sync_to_thread=True, guards=BUILD)
def reissue(request: Request, data: FormData) -> Template | Redirect:
    """Send the chosen lines out again to the same accounts."""
    try:
        with begin(request) as work:
            wishes = [results.Returned(number) for one in data.all("payments") if (number := row_id(one))]
            number = results.reissue(work, wishes).id
    except Refused as refusal:
        with look() as work:
            return _returned(work, data, refusal.objections)
    return see_other(f"/funds/batches/{number}", _("已列入重发批次 {batch}，请提交", batch=number))


@get("/returned/{payment:int}", sync_to_thread=True, guards=BUILD)
def ask_correction(request: Request, payment: FromPath[int]) -> Template:
    """Ask to whom a returned line goes now."""
    with begin(request) as work:
        return _correction(work, payment, {})


@post("/returned/{payment:int}", sync_to_thread=True, guards=BUILD)
def correct(request: Request, payment: FromPath[int], data: FormData) -> Template | Redirect:
    """Correct the payee of one line and send it out again."""
    try:
        with begin(request) as work:
            _waiting(work, payment)
            wish = results.Returned(payment, data.text("name"), _new_number(data), data.text("reason")[:200])
            number = results.reissue(work, [wish]).id
    except Refused as refusal:
        with look() as work:
            return _correction(work, payment, data, refusal.objections)
    return see_other(f"/funds/batches/{number}", _("已列入重发批次 {batch}，请提交", batch=number))


@get("/bank-files", sync_to_thread=True, guards=SHOW)
def show_files(request: Request) -> Template:
    """Every bank file, newest first; after a restore the bank's last number is asked for."""
    with begin(request) as work:
        return _files(work, {})


@post("/bank-files", sync_to_thread=True, guards=[guarded("funds.export")])
def confirm_number(request: Request, data: FormData) -> Template | Redirect:
    """Say which file the bank had last."""
    try:
        with begin(request) as work:
            last = bank_files.confirm_last_number(work, _whole(data, "number"))
    except Refused as refusal:
        with look() as work:
            return _files(work, data, refusal.objections)
    return see_other("/funds/bank-files", _("下一个文件号是 {number}", number=last + 1))


@get("/recoveries", sync_to_thread=True, guards=SHOW)
def show_recoveries(request: Request, in_state: State = "open") -> Template:
    """Recoveries in one state, newest first."""
    chosen = in_state if in_state in page_words.RECOVERIES else "open"
    states = page_words.in_words(page_words.RECOVERIES)
    with begin(request) as work:
        found = recoveries.list_recoveries(work, chosen)
        titles = dict(page_words.schemes(work))
    return page(
        "funds/recoveries.html",
        recoveries=found,
        schemes=titles,
        chosen=chosen,
        left=sum(one["amount_fen"] - one["recovered_fen"] for one in found),
        tabs=page_words.tabs("money", "/funds/recoveries"),
        states=[
            {"title": title, "path": f"/funds/recoveries?state={name}", "current": name == chosen}
            for name, (title, _look) in states.items()
        ],
    )


@get("/recoveries/{recovery:int}", sync_to_thread=True, guards=SHOW)
def show_recovery(request: Request, recovery: FromPath[int]) -> Template:
    """One recovery: its months, its plan, what can be done."""
    with begin(request) as work:
        return _recovery(work, recovery, {"on": work.today.isoformat()})


@post("/recoveries/{recovery:int}/plan", sync_to_thread=True, guards=RECOVER)
def plan(request: Request, recovery: FromPath[int], data: FormData) -> Template | Redirect:
    """Agree on instalments."""
    if data.text("more"):
        with look() as work:
            return _recovery(work, recovery, data)

    def run(work: UnitOfWork) -> str:
        parts = _parts(data)
        recoveries.plan_recovery(work, recovery, parts, data.text("agreement"))
        return _("已定 {count} 期", count=len(parts))

    return _carried_out(request, recovery, data, run)


@post("/recoveries/{recovery:int}/receive", sync_to_thread=True, guards=RECOVER)
def receive(request: Request, recovery: FromPath[int], data: FormData) -> Template | Redirect:
    """Book money that came back."""

    def run(work: UnitOfWork) -> str:
        wish = read_wish(AmountOn, data)
        recoveries.receive_recovery(work, recovery, wish.amount_fen, wish.on or work.today)
        return _("已登记收回 {amount} 元", amount=money(wish.amount_fen))

    return _carried_out(request, recovery, data, run)


@post("/recoveries/{recovery:int}/write-off", sync_to_thread=True, guards=[guarded("funds.write_off")])
def write_off(request: Request, recovery: FromPath[int], data: FormData) -> Template | Redirect:
    """Give up what is left, by a decision."""

    def run(work: UnitOfWork) -> str:
        recoveries.write_off_recovery(work, recovery, data.text("document"))
        return _("已核销")

    return _carried_out(request, recovery, data, run)


def _carried_out(
    request: Request[Any, Any, Any], recovery: int, data: Posted, run: Callable[[UnitOfWork], str]
) -> Template | Redirect:
    try:
        with begin(request) as work:
            said = run(work)
    except (Refused, Clash) as refusal:
        with look() as work:
            return _recovery(work, recovery, data, objections_of(refusal), refusal.status)
    return see_other(f"/funds/recoveries/{recovery}", said)


def _parts(data: Posted) -> list[tuple[date, int]]:
    """The instalments that were typed, each day with its fen; every line that cannot be read is named."""
    found: list[tuple[date, int]] = []
    objections: list[Objection] = []
    for line in range(_lines(data)):
        day, amount = data.text(f"day-{line}"), data.text(f"part-{line}")
        if not day and not amount:
            continue
        try:
            on = date.fromisoformat(day)
        except ValueError:
            words = _("第 {line} 期请填日期", line=line + 1)
            objections.append(Objection(reason=words, field=f"day-{line}", code="E_FIELD"))
            continue
        try:
            found.append((on, yuan(data, f"part-{line}", _("第 {line} 期的金额", line=line + 1))))
        except Refused as refusal:
            objections += refusal.objections
    if objections:
        raise Refused(objections)
    return found


def _lines(values: Mapping[str, Any]) -> int:
    """How many lines of a plan the form shows: those that came, at least two."""
    return max(PARTS, sum(name.startswith("part-") for name in values))


def _whole(data: Posted, name: str) -> int:
    text = data.text(name)
    if not text.isdecimal() or len(text) > 9:
        raise Refused([Objection(reason=_("文件号是 0 或更大的整数"), field=name, code="E_NUMBER")])
    return int(text)


def _new_number(data: Posted) -> str:
    """The account that was typed; a new name alone would go to the account that refused it."""
    number = data.text("account_number")
    if data.text("name") and not number:
        raise Refused([Objection(reason=_("改户名要连同账号一起填"), field="account_number", code="E_ACCOUNT")])
    return number


def _waiting(work: UnitOfWork, payment: int) -> dict[str, Any]:
    found = next((one for one in results.list_returned(work) if one["payment"] == payment), None)
    if found is None:
        raise NotFound(_("第 {line} 行没有待重发的退票", line=payment))
    return found


def _returned(work: UnitOfWork, values: Mapping[str, Any], objections: Sequence[Objection] = ()) -> Template:
    found = results.list_returned(work)
    titles = dict(page_words.schemes(work))
    return page(
        "funds/returned.html",
        lines=found,
        total=sum(one["amount_fen"] for one in found),
        schemes=titles,
        may_build=work.may("funds.build"),
        tabs=page_words.tabs("batches", "/funds/returned", {"/funds/returned": len(found)}),
        values=values,
        objections=objections,
        status=422 if objections else 200,
    )


def _correction(
    work: UnitOfWork, payment: int, values: Mapping[str, Any], objections: Sequence[Objection] = ()
) -> Template:
    found = _waiting(work, payment)
    return page(
        "funds/correction.html",
        line=found,
        scheme=queries.scheme_title(work, found["scheme"]),
        values=values,
        objections=objections,
        status=422 if objections else 200,
    )


def _files(work: UnitOfWork, values: Mapping[str, Any], objections: Sequence[Objection] = ()) -> Template:
    return page(
        "funds/bank_files.html",
        files=bank_files.list_files(work),
        asked=bank_files.waits_for_number(work),
        may_confirm=work.may("funds.export"),
        tabs=page_words.tabs("batches", "/funds/bank-files"),
        values=values,
        objections=objections,
        status=422 if objections else 200,
    )


def _recovery(
    work: UnitOfWork,
    recovery: int,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    found = reading.recovery_file(work, recovery)
    names = area_names(work, {found["area"][:9]})
    lines = _lines(values) + (PARTS_MORE if values.get("more") else 0)
    is_open = found["state"] == "open"
    return page(
        "funds/recovery.html",
        recovery=found,
        scheme=queries.scheme_title(work, found["scheme"]),
        town=names.get(found["area"][:9], ""),
        state=page_words.in_words(page_words.RECOVERIES)[found["state"]],
        lines=range(lines),
        may={
            "recover": is_open and work.may("funds.recover", found["area"]),
            "write_off": is_open and work.may("funds.write_off", found["area"]),
            "person": bool(found["person_id"]) and work.may("person.show", found["area"]),
        },
        values=values,
        objections=objections,
        status=status,
    )


router = Router(
    "/",
    route_handlers=[
        show_returned, reissue, ask_correction, correct, show_files, confirm_number, show_recoveries, show_recovery,
        plan, receive, write_off,
    ],
)  # fmt: skip
