"""Pages of where the money comes from: the overview, one fund, receipts and interest, bank accounts, vouchers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from core.capitals import in_capitals
from core.errors import Clash, NotFound, Objection, Refused
from core.funds import page_words, printing, queries, reading, sources
from core.funds.bank_files import layouts
from core.funds.typed import AmountOn, NewAccount, objections_of, read_wish
from core.showing import money
from core.texts import _
from core.web import FormData, Posted, begin, guarded, look, page, paper, paper_pdf, read_form, see_other
from core.work import UnitOfWork

SHOW, ADD, RECEIVE = [guarded("funds.show")], [guarded("funds.add")], [guarded("funds.receive")]
SUMS = ("amount_fen", "balance_fen", "owed_fen", "reserved_fen", "allocated_fen", "available_fen")
REVERSIBLE = ("receipt", "interest")


@get("/", sync_to_thread=True, guards=SHOW)
def overview(request: Request) -> Template:
    """What is in the accounts, what of it is spoken for, and what can still be allocated; the charity's books apart."""
    with begin(request) as work:
        funds = queries.list_funds(work)
        year = work.today.year
        paid = reading.paid_in_year(work, year)
        books = [
            _book_of([one for one in funds if one["entity"] == entity], title, paid.get(entity, 0))
            for entity, title in (("fiscal", _("财政资金")), ("charity", _("慈善资金")))
        ]
        may = _may(work)
        titles = dict(page_words.schemes(work))
    return page(
        "funds/overview.html",
        books=[one for one in books if one["funds"]],
        year=year,
        sources=dict(page_words.sources()),
        schemes=titles,
        may=may,
        tabs=page_words.tabs("money", "/funds"),
    )


@get("/new", sync_to_thread=True, guards=ADD)
def ask_fund(request: Request) -> Template:
    """The form for a new fund."""
    with begin(request) as work:
        return _fund_form(work, {"year": str(work.today.year)})


@post("/new", sync_to_thread=True, guards=ADD)
def add_fund(request: Request, data: FormData) -> Template | Redirect:
    """Book an appropriation, or show the form again."""
    try:
        with begin(request) as work:
            wish = read_wish(sources.NewFund, data, received=not data.text("not_received"))
            made = sources.add_fund(work, wish)
    except (Refused, NotFound) as refusal:
        with look() as work:
            return _fund_form(work, data, objections_of(refusal, "account"), refusal.status)
    said = _("已登记，到账凭证 {voucher}", voucher=made.voucher) if made.voucher else _("已登记，等待到账")
    return see_other(f"/funds/{made.id}", said)


@get("/{fund:int}", sync_to_thread=True, guards=SHOW)
def show_fund(request: Request, fund: FromPath[int]) -> Template:
    """One fund: its figures, what was allocated of it, its vouchers."""
    with begin(request) as work:
        found = reading.fund_file(work, fund)
        may = _may(work)
        titles = dict(page_words.schemes(work))
    return page(
        "funds/fund.html",
        fund=found,
        tiles=_tiles(found),
        sources=dict(page_words.sources()),
        schemes=titles,
        kinds=page_words.in_words(page_words.VOUCHERS),
        may=may,
    )


@get("/{fund:int}/receive", sync_to_thread=True, guards=RECEIVE)
def ask_receipt(request: Request, fund: FromPath[int]) -> Template:
    """Ask what arrived."""
    with begin(request) as work:
        return _arrival(work, fund, "receive", {"on": work.today.isoformat()})


@post("/{fund:int}/receive", sync_to_thread=True, guards=RECEIVE)
def receive(request: Request, fund: FromPath[int], data: FormData) -> Template | Redirect:
    """Book money that arrived."""
    return _book(request, fund, data, "receive", sources.receive_fund)


@get("/{fund:int}/interest", sync_to_thread=True, guards=RECEIVE)
def ask_interest(request: Request, fund: FromPath[int]) -> Template:
    """Ask which interest the bank paid."""
    with begin(request) as work:
        return _arrival(work, fund, "interest", {"on": work.today.isoformat()})


@post("/{fund:int}/interest", sync_to_thread=True, guards=RECEIVE)
def interest(request: Request, fund: FromPath[int], data: FormData) -> Template | Redirect:
    """Book bank interest."""
    return _book(request, fund, data, "interest", sources.book_interest)


@get("/accounts", sync_to_thread=True, guards=SHOW)
def show_accounts(request: Request) -> Template:
    """The county's bank accounts, and the form for one more."""
    with begin(request) as work:
        return _accounts(work, {"layout": "default", "kind": "special_account"})


@post("/accounts", sync_to_thread=True, guards=ADD)
def add_account(request: Request, data: FormData) -> Template | Redirect:
    """Add a bank account."""
    try:
        with begin(request) as work:
            wish = read_form(NewAccount, data)
            sources.add_account(work, wish.code, wish.title, wish.kind, wish.layout)
    except Refused as refusal:
        with look() as work:
            return _accounts(work, data, refusal.objections)
    return see_other("/funds/accounts", _("已增加账户 {code}", code=wish.code))


@get("/vouchers/{voucher:int}", sync_to_thread=True, guards=SHOW)
def show_voucher(request: Request, voucher: FromPath[int]) -> Template:
    """A voucher with its transfers; a receipt or interest may be reversed here."""
    with begin(request) as work:
        return _voucher(work, voucher, {})


@post("/vouchers/{voucher:int}/reverse", sync_to_thread=True, guards=[guarded("funds.reverse")])
def reverse(request: Request, voucher: FromPath[int], data: FormData) -> Template | Redirect:
    """Reverse a receipt or interest that was booked wrongly."""
    try:
        with begin(request) as work:
            number = sources.reverse_voucher(work, voucher, data.text("reason"))
    except (Refused, Clash) as refusal:
        with look() as work:
            return _voucher(work, voucher, data, objections_of(refusal), refusal.status)
    return see_other(f"/funds/vouchers/{voucher}", _("已冲销，凭证 {number}", number=number))


@get("/vouchers/{voucher:int}/sheet", sync_to_thread=True, guards=SHOW)
def voucher_sheet(request: Request, voucher: FromPath[int]) -> Template:
    """A voucher as a sheet of paper on the screen."""
    with begin(request) as work:
        sheet = printing.voucher_sheet(work, voucher)
    return paper(sheet, back=f"/funds/vouchers/{voucher}", pdf_path=f"/funds/vouchers/{voucher}/pdf")


@get("/vouchers/{voucher:int}/pdf", sync_to_thread=True, guards=SHOW)
def voucher_pdf(request: Request, voucher: FromPath[int]) -> Response[bytes]:
    """A voucher as PDF."""
    with begin(request) as work:
        sheet = printing.voucher_sheet(work, voucher)
    return paper_pdf(sheet)


def _book_of(funds: Sequence[Mapping[str, Any]], title: str, paid_fen: int) -> dict[str, Any]:
    """The funds of one entity with their sums, and what was paid of them this year."""
    sums = {name: sum(one[name] for one in funds) for name in SUMS}
    figure = page_words.tile("", paid_fen, "")
    paid = [(_("金额（元）"), money(paid_fen)), (_("大写"), in_capitals(paid_fen))]
    if figure.note:
        paid.insert(0, (_("金额（万元）"), figure.figure))
    return {"title": title, "funds": funds, "sums": sums, "tiles": _tiles(sums), "paid_fen": paid_fen, "paid": paid}


def _tiles(sums: Mapping[str, Any]) -> list[Any]:
    return [
        page_words.tile(_("账上"), sums["balance_fen"], ""),
        page_words.tile(_("应付"), sums["owed_fen"], "/funds/batches"),
        page_words.tile(_("待审批占用"), sums["reserved_fen"], "/funds/batches"),
        page_words.tile(_("已分配未用"), sums["allocated_fen"], "/funds/allocations"),
        page_words.tile(_("可分配"), sums["available_fen"], ""),
    ]


def _may(work: UnitOfWork) -> dict[str, bool]:
    rights = ("add", "receive", "allocate", "reverse", "reconcile", "detect")
    return {name: work.may(f"funds.{name}") for name in rights}


def _fund_form(
    work: UnitOfWork, values: Mapping[str, Any], objections: Sequence[Objection] = (), status: int = 200
) -> Template:
    return page(
        "funds/fund_new.html",
        values=values,
        objections=objections,
        status=status,
        sources=page_words.sources(),
        schemes=page_words.schemes(work),
        accounts=[(one["code"], one["title"]) for one in reading.list_accounts(work)],
    )


def _arrival(
    work: UnitOfWork,
    fund: int,
    act: str,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    title = _("登记到账") if act == "receive" else _("登记利息")
    return page(
        "funds/arrival.html",
        fund=reading.fund_file(work, fund),
        act=act,
        title=title,
        values=values,
        objections=objections,
        status=status,
    )


def _book(
    request: Request[Any, Any, Any], fund: int, data: Posted, act: str, service: Callable[..., str]
) -> Template | Redirect:
    try:
        with begin(request) as work:
            code = reading.fund_file(work, fund)["fund"]
            wish = read_wish(AmountOn, data)
            number = service(work, code, wish.amount_fen, wish.on or work.today)
    except (Refused, Clash) as refusal:
        with look() as work:
            return _arrival(work, fund, act, data, objections_of(refusal), refusal.status)
    return see_other(f"/funds/{fund}", _("已入账，凭证 {number}", number=number))


def _accounts(work: UnitOfWork, values: Mapping[str, Any], objections: Sequence[Objection] = ()) -> Template:
    return page(
        "funds/accounts.html",
        values=values,
        objections=objections,
        status=422 if objections else 200,
        accounts=reading.list_accounts(work),
        kinds=page_words.in_words(page_words.ACCOUNTS),
        layouts=[(name, _(one.title)) for name, one in layouts(work).items()],
        may_add=work.may("funds.add"),
        tabs=page_words.tabs("money", "/funds/accounts"),
    )


def _voucher(
    work: UnitOfWork,
    voucher: int,
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    found = queries.show_voucher(work, voucher)
    reversal = reading.reversal_of(work, voucher)
    return page(
        "funds/voucher.html",
        voucher=found,
        reversal=reversal,
        total=sum(one["amount_fen"] for one in found["transfers"]),
        chart=reading.chart_titles(work),
        kind=page_words.in_words(page_words.VOUCHERS)[found["kind"]],
        may_reverse=found["kind"] in REVERSIBLE and not reversal and work.may("funds.reverse"),
        values=values,
        objections=objections,
        status=status,
    )


router = Router(
    "/",
    route_handlers=[
        overview, ask_fund, add_fund, show_fund, ask_receipt, receive, ask_interest, interest, show_accounts,
        add_account, show_voucher, reverse, voucher_sheet, voucher_pdf,
    ],
)  # fmt: skip
