"""Commands of voluntary service: volunteer, team, activity, hours, certificate; the acts are those of the pages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from core.api import NotFound, _, checked, find_person, mark
from core.cli import (
    DATE,
    Group,
    add_acts,
    add_start,
    begin,
    emit,
    given,
    look,
    say_done,
    table,
    wish_options,
)
from plugins.volunteers import wishes, words
from plugins.volunteers.acts import ACTING, CERTIFICATE_ACTS

_FILE = click.Path(path_type=Path, dir_okay=False)
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
_AREA = click.option("--area", default="", help=_("只看这个区划及以下"))


@click.group("volunteers", cls=Group, help=_("志愿服务：志愿者、队伍、活动、时长、证明"))
def group() -> None:
    """Voluntary service."""


@group.group("team", cls=Group, help=_("志愿服务组织和队伍"))
def team() -> None:
    """Organisations."""


@group.group("activity", cls=Group, help=_("活动、班次、报名、签到"))
def activity() -> None:
    """Activities."""


@group.group("hours", cls=Group, help=_("服务时长：登记、确认、异议、冲销"))
def hours() -> None:
    """Hours."""


@group.command("register", help=_("登记志愿者：PERSON 是编号或身份证号"))
@click.argument("person")
@wish_options(ACTING, wishes.Register, "person_id")
@click.pass_context
def register(context: click.Context, person: str, **values: Any) -> None:
    """Register a volunteer."""
    from plugins.volunteers.acts import register as act

    with begin(context) as work:
        found = find_person(work, person, "volunteers.keep").id
        done = act(work, checked(wishes.Register, person_id=found, **given(values)))
    say_done(context, done, _("已登记 {number}", number=done.data["number"]))


@group.command("list", help=_("列出辖区内的志愿者"))
@click.option("--state", type=click.Choice(list(words.STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Volunteers in one's areas."""
    from plugins.volunteers.queries import Filter, list_volunteers

    with look(context) as work:
        found = list_volunteers(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [[one["number"], one["name"], _(words.STATES[one["state"]]), one["hours"], one["stars"]] for one in found]
    headers = [_("编号"), _("姓名"), _("状态"), _("小时"), _("星级")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的志愿者"))


@group.command("show", help=_("看一名志愿者：时长、星级、记录；ID 是志愿者编号或身份证号"))
@click.argument("number", metavar="ID")
@click.pass_context
def show(context: click.Context, number: str) -> None:
    """One volunteer in full."""
    from plugins.volunteers.queries import show_volunteer

    with look(context) as work:
        found = show_volunteer(work, number)
    rows = [
        [_("编号"), found["number"]],
        [_("姓名"), found["name"]],
        [_("状态"), _(words.STATES[found["state"]])],
        [_("小时"), found["hours"]],
        [_("星级"), found["stars"]],
        [_("培训学时"), found["training_hours"]],
    ]
    emit(context, found, table([_("项目"), _("情况")], rows))


@group.command("certificate", help=_("出具服务证明（PDF）；ID 是志愿者编号，或重印的证明编号"))
@click.argument("number", metavar="ID")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.option("--org", default="", help=_("出具组织"))
@click.option("--since", type=DATE, default=None, help=_("起始日期"))
@click.option("--until", type=DATE, default=None, help=_("截止日期"))
@click.pass_context
def certificate(
    context: click.Context, number: str, file: Path, org: str, since: date | None, until: date | None
) -> None:
    """Issue a certificate and write it as PDF."""
    from core.api import pdf
    from plugins.volunteers.papers import certificate_sheet
    from plugins.volunteers.queries import certificate_line
    from plugins.volunteers.services.certifying import certificate_for, code_of

    with begin(context) as work:
        made = certificate_for(work, number, org, since, until)
        sheet = certificate_sheet(work, made)
        line = certificate_line(made)
        answer = {"number": made.number, "hours": line["hours"], "state": line["state"], "code": code_of(work, made)}
    file.write_bytes(pdf(sheet).content)
    emit(context, {**answer, "file": str(file)}, _("已写入 {file}", file=file))


@group.command("revoke", help=_("撤销一份服务证明"))
@click.argument("number", metavar="CERTIFICATE")
@wish_options(ACTING, wishes.Revoke)
@click.pass_context
def revoke(context: click.Context, number: str, **values: Any) -> None:
    """Revoke a certificate."""
    act = CERTIFICATE_ACTS["revoke"]
    with begin(context) as work:
        done = act.do(work, number, checked(act.wish, **given(values)))
    say_done(context, done, _(act.done))


@group.command("print", help=_("打印文书（PDF）：card、agreement、sheet、honours"))
@click.argument("kind")
@click.argument("number", default="")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, kind: str, number: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.volunteers.papers import paper_of

    with look(context) as work:
        sheet = paper_of(work, kind, number)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.group("request", cls=Group, help=_("服务证明的申请和出具期限"))
def request() -> None:
    """Requests for certificates."""


@request.command("add", help=_("登记证明申请"))
@wish_options(ACTING, wishes.RequestCertificate)
@click.pass_context
def add_request(context: click.Context, **values: Any) -> None:
    """Note that a certificate was asked for."""
    from plugins.volunteers.acts import ask_certificate

    with begin(context) as work:
        done = ask_certificate(work, checked(wishes.RequestCertificate, **given(values)))
    say_done(context, done, _("{number}，{day} 前出具", number=done.data["number"], day=done.data["due_on"]))


@request.command("list", help=_("列出证明申请"))
@click.option("--state", type=click.Choice(list(words.REQUEST_STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_asked(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Requests for certificates."""
    from plugins.volunteers.queries import Filter, list_requests

    with look(context) as work:
        found = list_requests(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [[one["number"], one["volunteer"], one["due_on"], _(words.REQUEST_STATES[one["state"]])] for one in found]
    headers = [_("编号"), _("志愿者"), _("出具期限"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的申请"))


@group.group("subsidy", cls=Group, help=_("误餐和交通补助：登记用 hours subsidy，在这里列出、撤回、生成批次"))
def subsidy() -> None:
    """Subsidies."""


@subsidy.command("list", help=_("列出误餐和交通补助"))
@click.option("--state", type=click.Choice(list(words.SUBSIDY_STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_subsidies(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Subsidies."""
    from core.api import format_money
    from plugins.volunteers.queries import Filter
    from plugins.volunteers.queries import list_subsidies as listed

    with look(context) as work:
        found = listed(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [
        [one["id"], one["volunteer"], one["served_on"], format_money(one["amount_fen"]),
         _(words.SUBSIDY_STATES[one["state"]])]
        for one in found
    ]  # fmt: skip
    headers = [_("编号"), _("志愿者"), _("服务日期"), _("金额（元）"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的补助"))


@subsidy.command("pay", help=_("把等待付款的补助放进当月批次，要有会议纪要"))
@wish_options(ACTING, wishes.PaySubsidies)
@click.pass_context
def pay_subsidies(context: click.Context, **values: Any) -> None:
    """Put the subsidies that wait into the month's batch."""
    from core.api import format_money
    from plugins.volunteers.acts import pay

    with begin(context) as work:
        done = pay(work, checked(wishes.PaySubsidies, **given(values)))
    words_ = _("批次 {batch}：{lines} 笔，{total} 元", batch=done.data["batch"], lines=done.data["lines"],
               total=format_money(done.data["total_fen"]))  # fmt: skip
    say_done(context, done, words_)


@group.command("attach", help=_("上传材料：ROOM 是 people、teams、activities、hours"))
@click.argument("room", type=click.Choice(["people", "teams", "activities", "hours"]))
@click.argument("number", metavar="ID")
@click.argument("file", type=_FILE)
@wish_options(ACTING, wishes.KeepFile, "file_name", "content")
@click.pass_context
def attach(context: click.Context, room: str, number: str, file: Path, **values: Any) -> None:
    """Keep a scan or photograph with a thing."""
    from plugins.volunteers.services.proving import keep_file

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    wish = checked(wishes.KeepFile, file_name=file.name, content=file.read_bytes(), **given(values))
    with begin(context) as work:
        done = keep_file(work, room, number, wish)
    emit(context, done, _("材料已上传"))


@group.command("export", help=_("导出报送全国志愿服务信息系统的 CSV，记入审计"))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.option("--since", type=DATE, required=True, help=_("起始日期"))
@click.option("--until", type=DATE, required=True, help=_("截止日期"))
@click.option("--reason", required=True, help=_("事由，记入审计"))
@click.pass_context
def export(context: click.Context, file: Path, since: date, until: date, reason: str) -> None:
    """Write the CSV for the national system."""
    from plugins.volunteers.exporting import export_csv

    with begin(context) as work:
        content, count = export_csv(work, since, until, reason)
    file.write_bytes(content)
    emit(context, {"file": str(file), "rows": count}, _("已导出 {count} 条", count=count))


@team.command("list", help=_("列出组织和队伍"))
@_AREA
@_LIMIT
@click.pass_context
def list_teams(context: click.Context, area: str, limit: int) -> None:
    """Organisations."""
    from plugins.volunteers.listing import list_orgs
    from plugins.volunteers.queries import Filter

    with look(context) as work:
        found = list_orgs(work, Filter(area=area, limit=limit))[:limit]
    rows = [[one["id"], one["name"], one["leader"], one["members"], one["hours"]] for one in found]
    headers = [_("编号"), _("名称"), _("负责人"), _("队员"), _("小时")]
    emit(context, found, table(headers, rows) if rows else _("还没有志愿服务组织"))


@team.command("show", help=_("看一个队伍：队员、每月时长、常态化"))
@click.argument("number", metavar="TEAM")
@click.option("--year", type=int, default=None, help=_("年度"))
@click.pass_context
def show_team(context: click.Context, number: str, year: int | None) -> None:
    """One organisation."""
    from plugins.volunteers.listing import show_org

    with look(context) as work:
        found = show_org(work, number, year)
    rows = [[_("名称"), found["name"]], [_("队员"), len(found["members"])], [_("小时"), found["hours"]]]
    emit(context, found, table([_("项目"), _("情况")], rows))


@activity.command("list", help=_("列出活动"))
@click.option("--state", type=click.Choice(list(words.ACTIVITY_STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_activities(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Activities."""
    from plugins.volunteers.listing import list_activities as listed
    from plugins.volunteers.queries import Filter

    with look(context) as work:
        found = listed(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [[one["number"], one["title"], _(words.ACTIVITY_STATES[one["state"]]), one["org"]] for one in found]
    headers = [_("编号"), _("活动"), _("状态"), _("组织方")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的活动"))


@activity.command("show", help=_("看一个活动：班次、报名、签到、时长"))
@click.argument("number", metavar="ACTIVITY")
@click.pass_context
def show_activity(context: click.Context, number: str) -> None:
    """One activity."""
    from plugins.volunteers.listing import show_activity as shown

    with look(context) as work:
        found = shown(work, number)
    rows = [[_("活动"), found["title"]], [_("状态"), _(words.ACTIVITY_STATES[found["state"]])]]
    emit(context, found, table([_("项目"), _("情况")], rows))


@hours.command("add", help=_("登记服务时长：ID 是志愿者编号或身份证号；--in、--out 是时间或日期加时间"))
@click.argument("number", metavar="ID")
@click.option("--in", "begin_at", required=True, help=_("签到时间，例如 08:30"))
@click.option("--out", "end_at", required=True, help=_("签退时间，例如 11:45"))
@click.option("--on", "day", type=DATE, default=None, help=_("服务日期，不填即今天"))
@click.option("--break", "breaks", type=int, default=0, help=_("中间休息（分钟）"))
@wish_options(ACTING, wishes.AddHours, "volunteer", "on", "begin", "end", "breaks")
@click.pass_context
def add_hours(
    context: click.Context, number: str, begin_at: str, end_at: str, day: date | None, breaks: int, **values: Any
) -> None:
    """Enter hours."""
    from plugins.volunteers.acts import add_hours as act
    from plugins.volunteers.queries import any_volunteer

    since, until = _clock(begin_at), _clock(end_at)
    with begin(context) as work:
        times: Mapping[str, Any] = {
            "volunteer": any_volunteer(work, number, "volunteers.record").number,
            "on": since[0] or day or work.today,
            "begin": since[1],
            "end": until[1],
            "breaks": breaks,
        }
        done = act(work, checked(wishes.AddHours, **times, **given(values)))
    say_done(context, done, _("已登记 {hours} 小时，等待确认", hours=done.data["hours"]))


def _clock(text: str) -> tuple[date | None, str]:
    """A time, or a day and a time, as typed: the day and the time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None, text
    return at.date(), f"{at:%H:%M}"


@hours.command("list", help=_("列出服务记录"))
@click.option("--state", type=click.Choice([*words.RECORD_STATES, "late"]), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_hours(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Service records."""
    from plugins.volunteers.queries import Filter, list_records

    with look(context) as work:
        found = list_records(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    _records(context, found)


def _records(context: click.Context, found: Sequence[dict[str, Any]]) -> None:
    rows = [
        [one["id"], one["volunteer"], one["served_on"], one["hours"], _(words.RECORD_STATES[one["state"]])]
        for one in found
    ]
    headers = [_("编号"), _("志愿者"), _("日期"), _("小时"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的服务记录"))


add_start(team, ACTING, "teams", title=mark("登记志愿服务组织或队伍"), says=mark("已登记，编号 {id}"))
add_start(activity, ACTING, "activities", "plan", says=mark("已拟定活动 {number}"))
add_start(
    hours, ACTING, "carried", "carry", title=mark("转入以前系统的服务时长"), says=mark("已登记 {hours} 小时，等待确认")
)
add_acts(group, ACTING, "people")
add_acts(team, ACTING, "teams", "TEAM")
add_acts(activity, ACTING, "activities", "ACTIVITY")
add_acts(hours, ACTING, "hours", "RECORD")
add_acts(request, ACTING, "requests", "REQUEST")
add_acts(subsidy, ACTING, "subsidies", "SUBSIDY")
