"""Commands of the county as a whole: found it, serve it, look at it."""

from contextlib import closing
from datetime import date
from pathlib import Path

import click

from core.cli.output import emit, say, table
from core.cli.shell import DATE, Group, begin, look, resolve_host
from core.texts import _, listed, mark


@click.command(
    "init",
    help=_(
        "建立一个县：配置、数据库、密钥、区划。\n\n例：huimin --home 数据目录 init 430223 --name 攸县 --areas 区划.csv"
    ),
)
@click.argument("code")
@click.option("--name", required=True, help=_("县名，例如 攸县"))
@click.option(
    "--areas",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("区划表：code,name,level"),
)
@click.option("--plugins", default="", help=_("启用的插件，用逗号隔开；要用到的会一起启用"))
@click.option("--database", default="", help=_("PostgreSQL 地址；不写就用 SQLite"))
@click.pass_context
def init(context: click.Context, code: str, name: str, areas: Path, plugins: str, database: str) -> None:
    """Found a county."""
    from core.founding import Founding, found

    names = [word for word in plugins.replace("，", ",").split(",") if word]
    wish = Founding(home=context.obj.home, code=code, name=name, areas=areas, plugins=names, database_url=database)
    made = found(wish, context.obj.clock)
    if made.brought:
        say(_("一起启用了要用到的插件：{names}", names=listed(made.brought)))
    data = {"code": code, "name": name, "areas": made.areas, "plugins": made.plugins, "file": str(made.file)}
    counts = made.areas
    text = _(
        "已建立 {name}（{code}）：{towns} 个乡镇，{villages} 个村（社区）\n设置  {file}\n"
        "下一步：huimin user add 名字 --role system_admin",
        name=name,
        code=code,
        towns=counts.get("town", 0),
        villages=counts.get("village", 0),
        file=made.file,
    )
    emit(context, data, text)


@click.command("serve", help=_("启动网页和接口。明文只在本机地址上开放；对外请配证书，或放在指明的代理之后"))
@click.option("--host", default=None, help=_("监听地址"))
@click.option("--port", type=int, default=None, help=_("端口"))
@click.option("--public", is_flag=True, help=_("只开放群众查询的页面：只读，不登录；要先填 public_url"))
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None, public: bool) -> None:
    """Serve pages and API until stopped."""
    from core.web.serving import serve_county

    serve_county(context.obj, host=host, port=port, announce=say, public=public)


@click.command("status", help=_("看运行情况：版本、数据库、插件、待办的后台任务"))
@click.pass_context
def status(context: click.Context) -> None:
    """Say in a few lines what runs."""
    from core.plugin_life import states
    from core.status import facts

    host = resolve_host(context)
    with look(context):
        found = facts(host)
        found["plugins"] = {one.name: one.state for one in states(host)}
    rows = [[_(title), _shown(found[key])] for key, title in _STATUS.items()]
    emit(context, found, table([_("项目"), _("情况")], rows))


def _shown(fact: object) -> str:
    """A fact as people read it: nothing is --."""
    return listed(fact) or "--" if isinstance(fact, list) else "--" if fact is None else str(fact)


_STATUS = {
    "county": mark("县"),
    "version": mark("版本"),
    "database": mark("数据库"),
    "database_bytes": mark("数据库大小（字节）"),
    "revisions_waiting": mark("等待升级的修订"),
    "plugins_on": mark("运行的插件"),
    "plugins_quarantined": mark("隔离的插件"),
    "plugins_degraded": mark("降级的插件"),
    "last_backup": mark("最近的备份"),
    "generation": mark("配置代次"),
    "waiting_jobs": mark("等待的后台任务"),
    "parked_jobs": mark("停下的后台任务"),
}


@click.group("calendar", cls=Group, help=_("工作日历：国家日历加上本县的例外"))
def calendar() -> None:
    """Working days."""


@calendar.command("show", help=_("看一个月的工作日"))
@click.argument("month")
@click.pass_context
def show_month(context: click.Context, month: str) -> None:
    """Working days and days off of MONTH (2026-10)."""
    from core.calendar import calendar_of, month_days

    with look(context) as work:
        found = calendar_of(work)
        rows = [{"day": day.isoformat(), "works": found.works(day)} for day in month_days(month)]
    lines = [[row["day"], _("工作日") if row["works"] else _("休息")] for row in rows]
    emit(context, rows, table([_("日期"), _("安排")], lines))


@calendar.command("set", help=_("本县的例外：某天上班或休息，写明文号"))
@click.argument("day", type=DATE)
@click.argument("state", type=click.Choice(["work", "rest"]))
@click.option("--document", required=True, help=_("文号"))
@click.pass_context
def set_day(context: click.Context, day: date, state: str, document: str) -> None:
    """Make DAY a working day or a day off in this county."""
    from core.calendar import set_workday

    with begin(context) as work:
        set_workday(work, day, works=state == "work", document=document)
    emit(context, {"day": day.isoformat(), "works": state == "work"}, _("已设置 {day}", day=day))


@calendar.command("count", help=_("从某天起第几个工作日是哪天"))
@click.argument("start", type=DATE)
@click.argument("days", type=int)
@click.pass_context
def count(context: click.Context, start: date, days: int) -> None:
    """The day that is DAYS working days after START."""
    from core.calendar import calendar_of

    with look(context) as work:
        due = calendar_of(work).add(start, days)
    emit(context, {"day": due.isoformat()}, due.isoformat())


@click.group("upgrade", cls=Group, help=_("升级数据库到已安装的版本"))
def upgrade() -> None:
    """Upgrades."""


@upgrade.command("plan", help=_("列出将要运行的迁移，不改动"))
@click.pass_context
def plan_upgrade(context: click.Context) -> None:
    """What an upgrade would run."""
    from core.upgrading import plan, refuse_newer

    refuse_newer(resolve_host(context))
    waiting = plan(resolve_host(context))
    text = "\n".join(f"{line}  {' '.join(revisions)}" for line, revisions in waiting.items())
    emit(context, waiting, text or _("已经是最新"))


@upgrade.command("run", help=_("先备份，再升级"))
@click.pass_context
def run_upgrade(context: click.Context) -> None:
    """Back up and upgrade."""
    from core.upgrading import plan, refuse_newer, run

    host = resolve_host(context)
    refuse_newer(host)
    done = plan(host) if context.obj.dry_run else run(host, context.obj.actor())
    text = "\n".join(f"{line}  {' '.join(revisions)}" for line, revisions in done.items())
    emit(context, done, text or _("已经是最新"))


@upgrade.command("rollback", help=_("用升级前的备份，回到上次升级之前；之后办的业务会丢"))
@click.option("--yes", is_flag=True, help=_("不再询问"))
@click.pass_context
def roll_back_upgrade(context: click.Context, yes: bool) -> None:
    """Put the state before the last upgrade back."""
    from core.errors import WrongUse
    from core.restoring import Bare
    from core.upgrading import roll_back, way_back

    if context.obj.act_as:
        raise WrongUse(_("撤回升级不能用 --as：数据库可能打不开，凭的是这台机器上的密钥"))
    with closing(Bare(context.obj.settings)) as store:
        way = way_back(store)
        say(_("将恢复 {time} 的备份 {file}", time=way.made_at.isoformat(timespec="seconds"), file=way.file))
        say(_("现在的数据库读不出来，不知道会丢多少业务") if way.lost is None else _lost_words(way.lost))
        if not context.obj.dry_run:
            if not yes:
                click.confirm(_("回到升级之前？现在的数据库会另存"), abort=True, err=True)
            roll_back(store)
    data = {
        "backup": str(way.file), "made_at": way.made_at.isoformat(), "acts_lost": way.lost,
        "revisions": way.revisions, "rolled_back": not context.obj.dry_run,
    }  # fmt: skip
    done = _("已回到升级之前。请装回旧版本；要再升级，运行 huimin upgrade run")
    emit(context, data, _("这是试运行，没有写入") if context.obj.dry_run else done)


def _lost_words(count: int) -> str:
    return _("升级之后办了 {count} 件事，会丢掉", count=count) if count else _("升级之后没有办过业务，什么也不会丢")
