"""Commands for what is over: whose time to be kept has ended, asking to erase them, and how long records are kept."""

import click

from core.cli import begin, emit, look, say, table
from core.identity.second_person_cli import person_of, tell_proposal
from core.texts import _, mark

_WHY = {"death": mark("死亡"), "left": mark("迁出本县")}


@click.command("erasable", help=_("列出保存期已满、可以清除个人信息的人"))
@click.option("--limit", default=200, type=click.IntRange(1, 1000), help=_("最多多少人"))
@click.pass_context
def erasable(context: click.Context, limit: int) -> None:
    """People whose time is over."""
    from core.identity.erasure import erasable_people

    with look(context) as work:
        found = erasable_people(work, limit)
    rows = [
        (
            one["id"],
            one["name"],
            one["area"],
            _(_WHY[one["why"]]),
            one["since"],
            one["due"],
            _("等第二人确认") if one["waiting"] else "",
        )
        for one in found["people"]
    ]
    headers = [_("编号"), _("姓名"), _("户籍地"), _("缘由"), _("日期"), _("保存到"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("没有保存期已满的人"))
    if found["more"]:
        say(_("还有更多，办完这些再列"))


@click.command("erase", help=_("申请清除一个人的个人信息（保存期满后），由第二人确认后生效，不能撤销"))
@click.argument("person_id", metavar="ID")
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def erase(context: click.Context, person_id: str, reason: str) -> None:
    """Ask for a person to be erased."""
    from core.identity.second_person import propose_erasure

    with begin(context) as work:
        proposal = propose_erasure(work, person_of(work, person_id), reason)
    tell_proposal(context, proposal)


@click.command("retention", help=_("列出各类资料的保存期限和依据"))
@click.pass_context
def retention(context: click.Context) -> None:
    """How long each kind of record is kept, of the core and of every plugin."""
    with look(context) as work:
        work.require("policy.show")
        rules = sorted(work.host.retention_rules.values(), key=lambda one: one.name)
    data = [
        {"name": one.name, "title": _(one.title), "months": one.months, "document": _(one.document)} for one in rules
    ]
    rows = [
        (row["name"], row["title"], _("永久") if row["months"] is None else row["months"], row["document"])
        for row in data
    ]
    emit(context, data, table([_("名称"), _("资料"), _("月数"), _("依据")], rows))


COMMANDS = (erasable, erase, retention)
