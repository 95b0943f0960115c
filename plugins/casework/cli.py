"""Commands of casework: new, advance, show, list, return, withdraw; papers, kin, samples, leads, appeals."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked
from core.cli import DATE, Group, begin, command_options, emit, given, look, read_object, table
from plugins.casework import wishes
from plugins.casework.acts import ACTS, Act
from plugins.casework.moves import MOVES
from plugins.casework.words import EVENTS, LIGHTS, LONG, STATES, VOCABULARIES

_FILE = click.Path(path_type=Path, dir_okay=False)
_CASE = click.argument("number", metavar="NO")
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))


@click.group("casework", cls=Group, help=_("申请办理：受理到审批、复核、停保"))
def group() -> None:
    """Applications and files."""


@group.group("sample", cls=Group, help=_("抽查：随机抽取、重抽核对、登记结果"))
def sample() -> None:
    """Spot checks."""


@group.group("lead", cls=Group, help=_("主动发现的线索"))
def lead() -> None:
    """Leads."""


def _options(wish: Any) -> Any:
    return command_options(wish, vocabularies=VOCABULARIES, long=LONG)


@group.command("new", help=_("登记申请：--members 写共同生活成员的姓名、编号或身份证号"))
@click.argument("type_", metavar="TYPE")
@click.option("--household", required=True, help=_("户号"))
@click.option("--members", required=True, help=_("共同生活成员，用逗号隔开"))
@click.option("--applicant", default="", help=_("申请人，不写就是户主"))
@click.option("--on", "applied_on", type=DATE, default=None, help=_("申请日期"))
@click.option(
    "--source", type=click.Choice(["counter", "discovery", "agent", "online"]), default="counter", help=_("来源")
)
@click.option("--kind", "area_kind", type=click.Choice(["urban", "rural"]), default=None, help=_("城乡，不写按户籍地"))
@click.option("--urgent", "urgent_order", default="", help=_("紧急程序的文号"))
@click.option("--lead", type=int, default=None, help=_("主动发现线索编号"))
@click.pass_context
def new(context: click.Context, type_: str, **values: Any) -> None:
    """Open a case."""
    from plugins.casework.acts import opened

    with begin(context) as work:
        done = opened(work, checked(wishes.NewCase, type=type_, **given(values)))
    emit(context, done, _("已登记申请 {number}", number=done["case"]))


@group.command("advance", help=_("办理一个环节；casework events 列出环节和要填的内容"))
@_CASE
@click.argument("event", metavar="EVENT")
@click.option("--data", type=_FILE, default=None, help=_("这个环节的内容，JSON 文件；- 是标准输入"))
@click.option("--on", type=DATE, default=None, help=_("办理日期"))
@click.pass_context
def advance(context: click.Context, number: str, event: str, data: Path | None, on: Any) -> None:
    """Take a step of the state table."""
    from plugins.casework.acts import stepped

    filled = {} if data is None else read_object(data)
    if on is not None:
        filled["on"] = on.isoformat()
    with begin(context) as work:
        done = stepped(work, number, event, filled)
    _said(context, done)


@group.command("return", help=_("退回：--to draft（补正材料）或 investigating（重新入户）"))
@_CASE
@click.option("--to", required=True, help=_("退回到哪一步：draft、investigating，或 apply、visit"))
@click.option("--reason", required=True, help=_("事由"))
@click.option("--missing", default="", help=_("缺少的材料，用逗号隔开，一次告知齐全"))
@click.pass_context
def return_(context: click.Context, number: str, to: str, reason: str, missing: str) -> None:
    """Back to an earlier step."""
    from plugins.casework.acts import stepped

    target = {"apply": "draft", "visit": "investigating"}.get(to, to)
    filled: dict[str, Any] = {"to": target, "reason": reason}
    if missing:
        filled["missing"] = missing
    with begin(context) as work:
        done = stepped(work, number, "return", filled)
    _said(context, done)


@group.command("withdraw", help=_("撤回申请，申请人签字"))
@_CASE
@_options(wishes.Withdraw)
@click.pass_context
def withdraw(context: click.Context, number: str, **values: Any) -> None:
    """The family takes the application back."""
    from plugins.casework.acts import stepped

    with begin(context) as work:
        done = stepped(work, number, "withdraw", given(values))
    _said(context, done)


@group.command("show", help=_("看一件申请：环节、日期、时限、金额和计算说明"))
@_CASE
@click.pass_context
def show(context: click.Context, number: str) -> None:
    """One case in full."""
    from plugins.casework.queries import show_case
    from plugins.casework.words import STEPS

    with look(context) as work:
        found = show_case(work, number)
    lines = [[_("申请编号"), found["case"]], [_("申请人"), found["applicant"]], [_("状态"), found["state_title"]]]
    lines += [[_("办理时限"), found["deadline"] or "--"], [_("时限灯"), _(LIGHTS[found["clock"]["light"]])]]
    lines += [[_(STEPS[one["step"]]), one["on"] or ("*" if one["status"] == "now" else "--")] for one in found["steps"]]
    lines += [[one["label"], one["figure"]] for one in found["explanation"]]
    emit(context, found, table([_("项目"), _("内容")], lines))


@group.command("list", help=_("列出辖区内的申请，新的在前"))
@click.option("--state", type=click.Choice(list(STATES)), default=None, help=_("状态"))
@click.option("--type", "type_", default="", help=_("业务"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--overdue", is_flag=True, help=_("只看超期的"))
@click.option("--open", "open_", is_flag=True, help=_("只看没有办结的"))
@_LIMIT
@click.pass_context
def list_(
    context: click.Context, state: str | None, type_: str, area: str, overdue: bool, open_: bool, limit: int
) -> None:
    """Cases in one's areas."""
    from plugins.casework.queries import CaseFilter, list_cases

    wish = CaseFilter(state=state or "", type=type_, area=area, overdue=overdue, open=open_, limit=limit)
    with look(context) as work:
        found = list_cases(work, wish)[:limit]
    rows = [
        [
            one["case"],
            one["applicant"],
            one["members"],
            one["place"],
            one["state_title"],
            one["deadline"] or "--",
            _(LIGHTS[one["light"]]) if one["light"] else "--",
        ]
        for one in found
    ]
    headers = [_("申请编号"), _("申请人"), _("人数"), _("村（社区）"), _("状态"), _("办理时限"), _("时限灯")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的申请"))


@group.command("events", help=_("列出每个环节：从哪个状态、要什么权限、填什么内容"))
@click.pass_context
def events(context: click.Context) -> None:
    """The state table with what each event is taken with."""
    from plugins.casework.acts import entries

    found = [
        {
            "event": name,
            "title": _(EVENTS[name]),
            "states": list(move.states),
            "to": move.to,
            "right": move.right,
            "fields": [
                {"name": one.name, "title": one.label, "needed": not one.optional}
                for one in entries(wishes.EVENT_WISHES[name])
            ],
        }
        for name, move in MOVES.items()
    ]
    rows = [[name, _(EVENTS[name]), ", ".join(move.states), move.to or "--"] for name, move in MOVES.items()]
    emit(context, found, table([_("环节"), _("名称"), _("从哪个状态"), _("到哪个状态")], rows))


def _act(act: Act) -> None:
    @group.command(act.name, help=_(act.title))
    @_CASE
    @_options(act.wish)
    @click.pass_context
    def run(context: click.Context, number: str, **values: Any) -> None:
        with begin(context) as work:
            done = act.do(work, number, checked(act.wish, **given(values)))
            data = {"case": number, "id": done.id}
        emit(context, data, _(act.done))


for _each in ACTS.values():
    _act(_each)


@group.command("decide-appeal", help=_("登记申诉结果；支持申请人的，案件重新办理或恢复"))
@_CASE
@click.argument("kind", type=click.Choice(["complaint", "reconsideration", "lawsuit"]))
@_options(wishes.DecideAppeal)
@click.pass_context
def decide_appeal(context: click.Context, number: str, kind: str, **values: Any) -> None:
    """How an appeal ended."""
    from plugins.casework.services.remedies import decide_appeal as act

    with begin(context) as work:
        done = act(work, number, kind, checked(wishes.DecideAppeal, **given(values)))
        data = {"case": number, "id": done.id, "outcome": done.outcome}
    emit(context, data, _("申诉结果已登记"))


@group.command("paper-print", help=_("打印一份文书（PDF）：D01 到 D19"))
@_CASE
@click.argument("paper", metavar="D01…D19")
@click.option("-o", "--output", type=_FILE, required=True, help=_("写到哪个文件"))
@click.pass_context
def paper_print(context: click.Context, number: str, paper: str, output: Path) -> None:
    """A document of a case as PDF."""
    from core.api import pdf
    from plugins.casework.papers import case_paper

    with look(context) as work:
        sheet = case_paper(work, number, paper)
        printed = pdf(sheet)
    output.write_bytes(printed.content)
    emit(context, {"file": str(output), "bytes": len(printed.content), "flags": list(printed.flags)}, str(output))


@group.command("file", help=_("一户一档：应有的文书和缺少的"))
@_CASE
@click.pass_context
def file_(context: click.Context, number: str) -> None:
    """The completeness list of a case."""
    from plugins.casework.archive import archive_of

    with look(context) as work:
        found = archive_of(work, number)
    rows = [[one["paper"], one["title"], _("有") if one["there"] else _("缺") if one["due"] else "--"] for one in found]
    emit(context, found, table([_("文书"), _("名称"), _("归档")], rows))


@sample.command("draw", help=_("随机抽取；种子和名单存档，可以重抽核对"))
@_options(wishes.DrawSample)
@click.pass_context
def draw(context: click.Context, **values: Any) -> None:
    """Draw a sample."""
    from plugins.casework.sampled import sample_data
    from plugins.casework.services.sampling import draw_sample

    with begin(context) as work:
        made = draw_sample(work, checked(wishes.DrawSample, **given(values)))
        data = sample_data(work, made.id or 0)
    emit(
        context,
        data,
        _("从 {of} 件中抽出 {count} 件，种子 {seed}", of=data["of"], count=len(data["drawn"]), seed=data["seed"]),
    )


@sample.command("show", help=_("看一次抽查，并按种子重抽核对"))
@click.argument("number", type=int, metavar="NO")
@click.pass_context
def sample_show(context: click.Context, number: int) -> None:
    """A sample, drawn again from its seed."""
    from plugins.casework.sampled import sample_data

    with look(context) as work:
        data = sample_data(work, number)
    rows = [
        [one["case"], one["why_title"], one["done_on"] or "--", one["result_title"] or "--"] for one in data["cases"]
    ]
    emit(context, data, table([_("申请编号"), _("原因"), _("核查日期"), _("结果")], rows))


@lead.command("add", help=_("登记线索"))
@_options(wishes.AddLead)
@click.pass_context
def lead_add(context: click.Context, **values: Any) -> None:
    """A family in need was noticed."""
    from plugins.casework.services.remedies import add_lead

    with begin(context) as work:
        made = add_lead(work, checked(wishes.AddLead, **given(values)))
        data = {"lead": made.id, "due_on": made.due_on}
    emit(context, data, _("已登记，请在 {day} 前上门核实", day=data["due_on"]))


@lead.command("list", help=_("列出没有办结的线索"))
@_LIMIT
@click.pass_context
def lead_list(context: click.Context, limit: int) -> None:
    """Open leads."""
    from plugins.casework.sampled import open_leads

    with look(context) as work:
        found = open_leads(work, limit=limit)
    rows = [[one["lead"], one["name"], one["place"], one["source_title"], one["due_on"]] for one in found]
    emit(context, found, table([_("编号"), _("姓名"), _("村（社区）"), _("来源"), _("核实期限")], rows))


@lead.command("dismiss", help=_("核实后不申请"))
@click.argument("number", type=int, metavar="NO")
@click.option("--reason", required=True, help=_("核实结果"))
@click.pass_context
def lead_dismiss(context: click.Context, number: int, reason: str) -> None:
    """Nobody needs to apply."""
    from plugins.casework.services.remedies import dismiss_lead

    with begin(context) as work:
        made = dismiss_lead(work, number, checked(wishes.DismissLead, reason=reason))
        data = {"lead": made.id, "state": made.state}
    emit(context, data, _("线索已办结"))


def _said(context: click.Context, done: dict[str, Any]) -> None:
    words = _("{number}：{state}", number=done["case"], state=_(STATES[done["state"]]))
    emit(context, done, words)
