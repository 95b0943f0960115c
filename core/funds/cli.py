"""Commands of the money: funds, allocations, batches, bank files and answers, recoveries, reconciliation, close."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from core.cli import DATE, Group, begin, emit, look, say, table
from core.cli.files import read_given, write_new, write_within
from core.funds.recovery_cli import group as recoveries
from core.showing import money
from core.texts import _

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("funds", cls=Group, help=_("资金：指标、分配、批次、银行文件、追回、对账、月结"))
def group() -> None:
    """The county's money."""


group.add_command(recoveries)


@group.group("fund", cls=Group, help=_("资金：登记、列出"))
def fund() -> None:
    """Funds."""


@fund.command("add", help=_("登记一笔资金指标；今天全额到账，未到账的加 --not-received"))
@click.argument("code")
@click.option("--name", required=True, help=_("资金名称"))
@click.option("--source", required=True, help=_("来源：CENTRAL PROV CITY COUNTY TOWN LOTTERY DON_R DON_U REC INT"))
@click.option("--scheme", default="", help=_("只能用于这项业务"))
@click.option("--year", required=True, type=int, help=_("预算年度"))
@click.option("--amount", required=True, help=_("金额，元"))
@click.option("--document", required=True, help=_("文号"))
@click.option("--purpose", default="", help=_("用途"))
@click.option("--account", default="", help=_("账户，不写就是民政资金专户"))
@click.option("--not-received", is_flag=True, help=_("还没有到账"))
@click.pass_context
def add_fund(context: click.Context, amount: str, not_received: bool, **values: Any) -> None:
    """Add a fund."""
    from core.funds import sources
    from core.values import parse_money
    from core.wishes import checked

    wish = checked(sources.NewFund, amount_fen=parse_money(amount), received=not not_received, **values)
    with begin(context) as work:
        added = sources.add_fund(work, wish)
    data = {"fund": added.code, "amount_fen": wish.amount_fen, "received": wish.received, "voucher": added.voucher}
    emit(context, data, _("已登记资金 {fund}，{amount} 元", fund=added.code, amount=money(wish.amount_fen)))


@fund.command("list", help=_("列出资金和余额"))
@click.pass_context
def list_funds(context: click.Context) -> None:
    """List the funds."""
    from core.funds import queries

    with look(context) as work:
        lines = queries.list_funds(work)
    headers = [_("资金"), _("名称"), _("指标"), _("账上"), _("可分配")]
    rows = [
        (one["fund"], one["name"], *(money(one[key]) for key in ("amount_fen", "balance_fen", "available_fen")))
        for one in lines
    ]
    emit(context, lines, table(headers, rows))


@group.command("receive", help=_("登记到账"))
@click.argument("code")
@click.option("--amount", required=True, help=_("金额，元"))
@click.option("--on", type=DATE, default=None, help=_("到账日期，默认今天"))
@click.pass_context
def receive(context: click.Context, code: str, amount: str, on: date | None) -> None:
    """Book money that arrived."""
    from core.funds import sources
    from core.values import parse_money

    fen = parse_money(amount)
    with begin(context) as work:
        voucher = sources.receive_fund(work, code, fen, on or work.today)
    emit(context, {"fund": code, "amount_fen": fen, "voucher": voucher}, _("已记到账 {amount} 元", amount=money(fen)))


@group.command("interest", help=_("登记利息"))
@click.argument("code")
@click.option("--amount", required=True, help=_("金额，元"))
@click.option("--on", type=DATE, default=None, help=_("日期，默认今天"))
@click.pass_context
def interest(context: click.Context, code: str, amount: str, on: date | None) -> None:
    """Book interest."""
    from core.funds import sources
    from core.values import parse_money

    fen = parse_money(amount)
    with begin(context) as work:
        voucher = sources.book_interest(work, code, fen, on or work.today)
    emit(context, {"fund": code, "amount_fen": fen, "voucher": voucher}, _("已记利息 {amount} 元", amount=money(fen)))


@group.command("allocate", help=_("把资金分配给一项业务，附会议记录"))
@click.argument("fund")
@click.option("--scheme", required=True, help=_("业务"))
@click.option("--amount", required=True, help=_("分配金额，元"))
@click.option("--minutes", type=_FILE, default=None, help=_("会议记录的扫描件"))
@click.option("--decided", default=None, help=_("会议决定的金额，元"))
@click.option("--area", default="", help=_("乡镇，不写就是全县"))
@click.option("--item", default="", help=_("议题"))
@click.option("--body", default="", help=_("会议名称"))
@click.option("--on", "held_on", type=DATE, default=None, help=_("开会日期"))
@click.option("--place", default="", help=_("地点"))
@click.option("--chair", default="", help=_("主持人"))
@click.option("--attended", type=int, default=None, help=_("到会人数"))
@click.option("--members", type=int, default=None, help=_("应到人数"))
@click.pass_context
def allocate(context: click.Context, amount: str, decided: str | None, minutes: Path | None, **values: Any) -> None:
    """Set money apart for a scheme."""
    from core.funds import allocations
    from core.values import parse_money
    from core.wishes import checked

    fen = parse_money(amount)
    wish = checked(
        allocations.NewAllocation, amount_fen=fen, decided_fen=parse_money(decided) if decided else fen, **values
    )
    data = read_given(minutes) if minutes else None
    with begin(context) as work:
        made = allocations.allocate(work, wish, data, minutes.name if minutes else "")
    result = {
        "allocation": made.id,
        "fund": wish.fund,
        "scheme": wish.scheme,
        "amount_fen": made.amount_fen,
        "minutes": made.minutes_id,
    }
    emit(context, result, _("已分配 {amount} 元给 {scheme}", amount=money(fen), scheme=wish.scheme))


@group.command("allocations", help=_("列出分配"))
@click.option("--scheme", default="", help=_("业务"))
@click.pass_context
def list_allocations(context: click.Context, scheme: str) -> None:
    """List the allocations."""
    from core.funds import queries

    with look(context) as work:
        lines = queries.list_allocations(work, scheme=scheme)
    headers = [_("编号"), _("资金"), _("业务"), _("分配"), _("还可用"), _("会议记录")]
    rows = [
        (one["id"], one["fund"], one["scheme"], money(one["amount_fen"]), money(one["left_fen"]), one["minutes"])
        for one in lines
    ]
    emit(context, lines, table(headers, rows))


@group.command("deallocate", help=_("结束一笔分配，没有用完的退回资金"))
@click.argument("allocation", type=int)
@click.pass_context
def deallocate(context: click.Context, allocation: int) -> None:
    """Give back what is unspent of an allocation."""
    from core.funds import allocations

    with begin(context) as work:
        closed = allocations.close_allocation(work, allocation)
    data = {"allocation": allocation, "unspent_fen": closed.unspent_fen}
    emit(context, data, _("已退回 {amount} 元", amount=money(closed.unspent_fen)))


@group.group("minutes", cls=Group, help=_("会议记录：补全、取出"))
def minutes() -> None:
    """Minutes of meetings."""


@minutes.command("complete", help=_("补全会议记录的内容，月结要用"))
@click.argument("number", type=int)
@click.option("--body", required=True, help=_("会议名称"))
@click.option("--on", "held_on", type=DATE, required=True, help=_("开会日期"))
@click.option("--place", default="", help=_("地点"))
@click.option("--chair", default="", help=_("主持人"))
@click.option("--attended", type=int, required=True, help=_("到会人数"))
@click.option("--members", type=int, required=True, help=_("应到人数"))
@click.pass_context
def complete_minutes(context: click.Context, number: int, **values: Any) -> None:
    """Fill in what is missing of some minutes."""
    from core.funds import allocations
    from core.wishes import checked

    wish = checked(allocations.MinutesDetails, **values)
    with begin(context) as work:
        allocations.complete_minutes(work, number, wish)
    emit(context, {"minutes": number}, _("会议记录 {number} 已补全", number=number))


@minutes.command("export", help=_("取出会议记录的扫描件"))
@click.argument("number", type=int)
@click.option("-o", "--output", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def export_minutes(context: click.Context, number: int, output: Path) -> None:
    """Write the scanned file of some minutes."""
    from core.funds import allocations

    with look(context) as work:
        _name, data = allocations.open_minutes(work, number)
    write_new(output, data)
    emit(context, {"minutes": number, "file": str(output)}, _("已写入 {file}", file=output))


@group.command("balance", help=_("每笔资金账上有多少、可分配多少"))
@click.pass_context
def balance(context: click.Context) -> None:
    """Balances of the funds."""
    from core.funds import queries

    with look(context) as work:
        lines = queries.balance_lines(work)
    rows = [(one["fund"], money(one["balance_fen"]), money(one["available_fen"])) for one in lines]
    emit(context, lines, table([_("资金"), _("账上"), _("可分配")], rows))


@group.group("account", cls=Group, help=_("银行账户"))
def account() -> None:
    """Bank accounts of the county."""


@account.command("add", help=_("增加一个账户"))
@click.argument("code")
@click.option("--title", required=True, help=_("账户名称"))
@click.option("--kind", required=True, help=_("special_account、treasury_zero_balance 或 charity_account"))
@click.option("--layout", default="default", help=_("银行文件格式"))
@click.pass_context
def add_account(context: click.Context, code: str, title: str, kind: str, layout: str) -> None:
    """Add a bank account."""
    from core.funds import sources

    with begin(context) as work:
        sources.add_account(work, code, title, kind, layout)
    emit(context, {"account": code, "kind": kind}, _("已增加账户 {code}", code=code))


@group.group("batch", cls=Group, help=_("批次：提交、复核、审批、放行、退回、银行文件、回盘"))
def batch() -> None:
    """Batches."""


@batch.command("list", help=_("列出批次"))
@click.option("--scheme", default="", help=_("业务"))
@click.option("--period", default="", help=_("月份"))
@click.option("--state", default="", help=_("状态"))
@click.pass_context
def list_batches(context: click.Context, scheme: str, period: str, state: str) -> None:
    """List batches."""
    from core.funds import queries
    from core.funds.batches import state_words

    with look(context) as work:
        lines = queries.list_batches(work, scheme, period, state)
    headers = [_("批次"), _("业务"), _("月份"), _("行数"), _("合计"), _("状态")]
    rows = [
        (one["batch"], one["scheme"], one["period"], one["lines"], money(one["total_fen"]), state_words(one["state"]))
        for one in lines
    ]
    emit(context, lines, table(headers, rows))


@batch.command("show", help=_("看一个批次：步骤、资金、银行文件、回盘"))
@click.argument("number", type=int)
@click.pass_context
def show_batch(context: click.Context, number: int) -> None:
    """Show a batch."""
    from core.funds import queries
    from core.funds.batches import state_words

    with look(context) as work:
        shown = queries.show_batch(work, number)
    text = _(
        "批次 {batch}：{scheme} {period}，{lines} 行，{total} 元，{state}",
        batch=shown["batch"],
        scheme=shown["scheme"],
        period=shown["period"],
        lines=shown["lines"],
        total=money(shown["total_fen"]),
        state=state_words(shown["state"]),
    )
    emit(context, shown, text)


def _step(context: click.Context, number: int, action: str, *values: Any) -> None:
    from core.funds import batches, queries

    with begin(context) as work:
        answer = getattr(batches, action)(work, number, *values)
        shown = queries.batch_line(queries.find_batch(work, number))
        words = batches.state_words(shown["state"])
    data = {**shown, "split": answer} if action == "submit" else shown
    for part in data.get("split", ()):
        say(_("近亲属的发放行另列为批次 {batch}，要由别人办理", batch=part))
    emit(context, data, _("批次 {batch}：{state}", batch=number, state=words))


@batch.command("submit", help=_("提交：冻结名册，定下资金"))
@click.argument("number", type=int)
@click.pass_context
def submit(context: click.Context, number: int) -> None:
    """Submit a batch."""
    _step(context, number, "submit")


@batch.command("review", help=_("复核"))
@click.argument("number", type=int)
@click.pass_context
def review(context: click.Context, number: int) -> None:
    """Review a batch."""
    _step(context, number, "review")


@batch.command("approve", help=_("审批"))
@click.argument("number", type=int)
@click.pass_context
def approve(context: click.Context, number: int) -> None:
    """Approve a batch."""
    _step(context, number, "approve")


@batch.command("release", help=_("放行：要再输入一次合计金额"))
@click.argument("number", type=int)
@click.option("--confirm", default=None, help=_("批次合计，元"))
@click.pass_context
def release(context: click.Context, number: int, confirm: str | None) -> None:
    """Release a batch."""
    from core.values import parse_money

    _step(context, number, "release", parse_money(confirm) if confirm is not None else None)


@batch.command("send-back", help=_("退回给制单人，写明原因"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=_("原因"))
@click.pass_context
def send_back(context: click.Context, number: int, reason: str) -> None:
    """Send a batch back."""
    _step(context, number, "send_back", reason)


@batch.command("cancel", help=_("作废一个没有提交的批次"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=_("原因"))
@click.pass_context
def cancel(context: click.Context, number: int, reason: str) -> None:
    """Cancel a batch that was not submitted."""
    from core.funds import lines

    with begin(context) as work:
        lines.cancel_batch(work, number, reason)
    emit(context, {"batch": number, "state": "cancelled"}, _("批次 {batch} 已作废", batch=number))


@batch.command("export", help=_("生成银行文件；再取一次还是同一个文件"))
@click.argument("number", type=int)
@click.option("-o", "--output", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def export(context: click.Context, number: int, output: Path) -> None:
    """Write the bank file."""
    from core.funds import bank_files

    with begin(context) as work:
        file = bank_files.export(work, number)
        write_within(work, output, file.data)
    data = {"batch": number, "number": file.number, "file": str(output), "hash": file.content_hash}
    emit(context, data, _("银行文件 {number} 已写入 {file}", number=file.number, file=output))


@batch.command("import-result", help=_("导入银行回盘"))
@click.argument("number", type=int)
@click.argument("file", type=_FILE)
@click.pass_context
def import_result(context: click.Context, number: int, file: Path) -> None:
    """Take in the bank's answer."""
    from core.funds import results

    data = read_given(file)
    with begin(context) as work:
        found = results.take_result(work, number, data, file.name)
    if found.warning:
        say(f"W_DUP_RESULT {found.warning}")
    names = ("paid", "paid_fen", "returned", "returned_fen", "unchanged")
    result = {name: getattr(found, name) for name in names}
    text = _(
        "已付 {paid} 行 {paid_yuan} 元，退回 {returned} 行 {returned_yuan} 元，未变 {unchanged} 行",
        paid=found.paid,
        paid_yuan=money(found.paid_fen),
        returned=found.returned,
        returned_yuan=money(found.returned_fen),
        unchanged=found.unchanged,
    )
    emit(context, result, text)


@group.command("returned", help=_("列出等待重发的退票"))
@click.pass_context
def returned(context: click.Context) -> None:
    """List returned lines."""
    from core.funds import results

    with look(context) as work:
        lines = results.list_returned(work)
    headers = [_("行"), _("业务"), _("月份"), _("姓名"), _("金额"), _("原因")]
    rows = [
        (one["payment"], one["scheme"], one["for_month"], one["person"], money(one["amount_fen"]), one["reason"])
        for one in lines
    ]
    emit(context, lines, table(headers, rows))


@group.command("reissue", help=_("把退票放进新批次重发；账号改了就写 --number"))
@click.argument("payment", type=int, nargs=-1, required=True)
@click.option("--name", default="", help=_("新的户名"))
@click.option("--number", default="", help=_("新的账号（只重发一行时）"))
@click.option("--reason", default="", help=_("更正的原因"))
@click.pass_context
def reissue(context: click.Context, payment: tuple[int, ...], name: str, number: str, reason: str) -> None:
    """Send returned lines out again."""
    from core.funds import results

    if number and len(payment) > 1:
        raise click.UsageError(_("改账号一次只办一行"), context)
    with begin(context) as work:
        wishes = [results.Returned(one, name, number, reason) for one in payment]
        made = results.reissue(work, wishes)
        data = {"batch": made.id, "lines": made.count, "total_fen": made.total_fen}
    emit(context, data, _("重发批次 {batch}，{lines} 行", batch=data["batch"], lines=data["lines"]))


@group.group("bank-files", cls=Group, help=_("银行文件"))
def bank_files() -> None:
    """Bank files."""


@bank_files.command("list", help=_("列出银行文件"))
@click.pass_context
def list_bank_files(context: click.Context) -> None:
    """List bank files."""
    from core.funds import bank_files as files

    with look(context) as work:
        lines = files.list_files(work)
    rows = [(one["number"], one["batch"], one["lines"], money(one["total_fen"]), one["hash"][:16]) for one in lines]
    emit(context, lines, table([_("文件号"), _("批次"), _("行数"), _("合计"), "SHA-256"], rows))


@bank_files.command("last", help=_("恢复备份以后，登记银行最后收到的文件号"))
@click.argument("number", type=int)
@click.pass_context
def last_number(context: click.Context, number: int) -> None:
    """Say which file number the bank had last."""
    from core.funds import bank_files as files

    with begin(context) as work:
        last = files.confirm_last_number(work, number)
    emit(context, {"last": last}, _("下一个文件号是 {number}", number=last + 1))


@group.group("statement", cls=Group, help=_("银行对账单"))
def statement() -> None:
    """Bank statements."""


@statement.command("add", help=_("登记银行对账单余额"))
@click.argument("account")
@click.option("--on", type=DATE, required=True, help=_("日期"))
@click.option("--balance", required=True, help=_("余额，元"))
@click.pass_context
def add_statement(context: click.Context, account: str, on: date, balance: str) -> None:
    """Enter a bank statement."""
    from core.funds import closing
    from core.values import parse_money

    fen = parse_money(balance)
    with begin(context) as work:
        closing.enter_statement(work, account, on, fen)
    data = {"account": account, "on": on, "balance_fen": fen}
    emit(context, data, _("已登记 {on} 余额 {amount} 元", on=on, amount=money(fen)))


@group.command("reconcile", help=_("对账：五项核对"))
@click.option("--period", required=True, help=_("月份"))
@click.pass_context
def reconcile(context: click.Context, period: str) -> None:
    """The five checks of a month."""
    from core.funds import closing

    with look(context) as work:
        checks = closing.reconcile(work, period)
        titles = {one.name: closing.check_title(one.name) for one in checks}
    data = {
        "ok": all(one.ok for one in checks),
        "checks": [
            {
                "name": one.name,
                "ok": one.ok,
                "waiting": one.waiting,
                "difference_fen": one.difference_fen,
                "note": one.note,
            }
            for one in checks
        ],
    }
    states = [
        (titles[one.name], _("等待") if one.waiting else _("相符") if one.ok else _("不符"), one.note) for one in checks
    ]
    emit(context, data, table([_("核对"), _("结果"), _("说明")], states))
    if not data["ok"]:
        raise SystemExit(1)


@group.command("close", help=_("月结：会计先办，审计再办"))
@click.option("--period", required=True, help=_("月份"))
@click.option("--entity", default="fiscal", type=click.Choice(["fiscal", "charity"]), help=_("财政或慈善账"))
@click.pass_context
def close(context: click.Context, period: str, entity: str) -> None:
    """Close a month."""
    from core.funds import closing

    with begin(context) as work:
        state = closing.close_month(work, period, entity)
    text = (
        _("{period} 已结账", period=period) if state == "closed" else _("{period} 已由会计办理，等审计", period=period)
    )
    emit(context, {"period": period, "entity": entity, "state": state}, text)


@group.command("reopen", help=_("重开已结账的月份：领导先办，审计再办"))
@click.option("--period", required=True, help=_("月份"))
@click.option("--reason", required=True, help=_("原因"))
@click.option("--entity", default="fiscal", type=click.Choice(["fiscal", "charity"]), help=_("财政或慈善账"))
@click.pass_context
def reopen(context: click.Context, period: str, reason: str, entity: str) -> None:
    """Open a closed month again."""
    from core.funds import closing

    with begin(context) as work:
        state = closing.reopen_month(work, period, reason, entity)
    text = _("{period} 已重开", period=period) if state == "open" else _("已提出重开 {period}，等审计", period=period)
    emit(context, {"period": period, "entity": entity, "state": state}, text)


@group.command("verify", help=_("核验：账、名册、支用、回盘都重新算一遍"))
@click.pass_context
def verify(context: click.Context) -> None:
    """Compute the money again."""
    from core.funds import verifying

    with look(context) as work:
        problems = verifying.verify(work)
    emit(context, {"ok": not problems, "problems": problems}, "\n".join(problems) or _("资金账核验通过"))
    if problems:
        raise SystemExit(1)


@group.command("detect", help=_("内审：查一个月的线索"))
@click.option("--period", required=True, help=_("月份"))
@click.pass_context
def detect(context: click.Context, period: str) -> None:
    """Ask the detectors about a month."""
    from core.funds import detectors

    with begin(context) as work:
        added = detectors.detect(work, period)
        found = detectors.list_findings(work, "", period)
    headers = [_("编号"), _("种类"), _("金额"), _("说明")]
    rows = [(one["finding"], one["title"], money(one["amount_fen"]), one["reason"]) for one in found]
    emit(context, {"added": added, "findings": found}, table(headers, rows))


@group.command("finding", help=_("答复一条线索：explained、confirmed 或 rectified"))
@click.argument("number", type=int)
@click.argument("state", type=click.Choice(["explained", "confirmed", "rectified"]))
@click.option("--answer", required=True, help=_("情况说明"))
@click.pass_context
def finding(context: click.Context, number: int, state: str, answer: str) -> None:
    """Decide a finding."""
    from core.funds import detectors

    with begin(context) as work:
        detectors.decide_finding(work, number, state, answer)
    emit(context, {"finding": number, "state": state}, _("线索 {number} 已答复", number=number))


@group.command("reverse", help=_("冲销一张凭证（凭证号），写明原因"))
@click.argument("voucher")
@click.option("--reason", required=True, help=_("原因"))
@click.pass_context
def reverse(context: click.Context, voucher: str, reason: str) -> None:
    """Reverse a voucher."""
    from core.funds import queries, sources

    with begin(context) as work:
        number = sources.reverse_voucher(work, queries.voucher_id_of(work, voucher), reason)
    emit(context, {"voucher": number}, _("已冲销，凭证 {number}", number=number))


@group.group("kin", cls=Group, help=_("近亲属备案"))
def kin() -> None:
    """Near relatives of staff."""


@kin.command("add", help=_("备案：账号、人员、关系"))
@click.argument("account")
@click.argument("person", type=int)
@click.option("--relation", required=True, help="self spouse parent child sibling grandparent grandchild in_law")
@click.pass_context
def declare(context: click.Context, account: str, person: int, relation: str) -> None:
    """Declare a relative."""
    from core.funds import kin as relatives

    with begin(context) as work:
        made = relatives.declare_kin(work, account, person, relation)
        number = made.id
    emit(context, {"kin": number, "account": account, "person": person}, _("已备案"))


@kin.command("list", help=_("列出备案"))
@click.pass_context
def list_kin(context: click.Context) -> None:
    """List the declarations."""
    from core.funds import kin as relatives

    with look(context) as work:
        lines = relatives.list_kin(work)
    rows = [(one["id"], one["name"], one["person"], _(relatives.RELATIONS[one["relation"]])) for one in lines]
    emit(context, lines, table([_("编号"), _("账号"), _("姓名"), _("关系")], rows))


@kin.command("end", help=_("结束一条备案"))
@click.argument("number", type=int)
@click.pass_context
def end_kin(context: click.Context, number: int) -> None:
    """End a declaration."""
    from core.funds import kin as relatives

    with begin(context) as work:
        relatives.end_kin(work, number)
    emit(context, {"kin": number}, _("已结束"))
