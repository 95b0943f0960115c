"""Commands of enrolments: import, add, list, show, change, end, pause, go on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from core.api import _, checked, find_person
from core.cli import Group, begin, emit, look, run_import, table

_FILE = click.Path(path_type=Path, dir_okay=False)
_REASON = click.option("--reason", default="", help=_("事由"))
_FROM = click.option("--from", "from_month", required=True, help=_("从哪个月起，例如 2026-01"))


@click.group("enrol", cls=Group, help=_("享受登记：导入、登记、变更、停发"))
def group() -> None:
    """Enrolments."""


@group.command("import", help=_("导入正在享受的人（xlsx、xls、ods、csv）。有一处错误就全部不写入"))
@click.argument("file", type=_FILE)
@click.option("--only-valid", is_flag=True, help=_("有错误的行留下，其余导入"))
@click.pass_context
def import_enrolments(context: click.Context, file: Path, only_valid: bool) -> None:
    """Take people over who are in payment."""
    run_import(context, "benefits-enrolments", file, only_valid)


@group.command("add", help=_("登记 PERSON（编号或身份证号码）享受 SCHEME 的 CATEGORY"))
@click.argument("scheme")
@click.argument("category")
@click.argument("person")
@_FROM
@click.option("--to", "to_month", default=None, help=_("截止月"))
@click.option("--institution", default="", help=_("机构代码或名称"))
@click.option("--account-name", default="", help=_("收款户名"))
@click.option("--account-number", default="", help=_("收款账号"))
@click.option("--group", "group_id", type=int, default=None, help=_("按家庭发放时的家庭编号"))
@_REASON
@click.pass_context
def add(context: click.Context, person: str, **given: Any) -> None:
    """Enrol one person."""
    from plugins.benefits.services.asking import EnrolWish, enrol_as_asked

    with begin(context) as work:
        found = find_person(work, person)
        number = enrol_as_asked(work, checked(EnrolWish, person_id=found.id, **given))
    emit(context, {"id": number}, _("已登记，编号 {id}", id=number))


@group.command("list", help=_("列出享受登记"))
@click.option("--scheme", default="", help=_("业务"))
@click.option("--category", default="", help=_("类别"))
@click.option("--state", default="", help=_("状态：active、suspended、ended"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--after", default=0, help=_("从这个编号之后接着列"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少条"))
@click.pass_context
def list_enrolments(context: click.Context, **given: Any) -> None:
    """List enrolments."""
    from plugins.benefits.queries import EnrolmentFilter
    from plugins.benefits.queries import list_enrolments as listed

    with look(context) as work:
        found = listed(work, EnrolmentFilter(**given))
    rows = [
        (
            one["id"],
            one["name"],
            one["scheme_title"],
            one["category_title"],
            one["from_month"],
            one["to_month"] or "",
            one["state"],
        )
        for one in found
    ]
    headers = [_("编号"), _("姓名"), _("业务"), _("类别"), _("起始月"), _("截止月"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的登记"))


@group.command("show", help=_("看一条享受登记和它的历史"))
@click.argument("enrolment_id", type=int)
@click.pass_context
def show_enrolment(context: click.Context, enrolment_id: int) -> None:
    """Show one enrolment."""
    from plugins.benefits.queries import log_read
    from plugins.benefits.queries import show_enrolment as shown

    with look(context) as work:
        found = shown(work, enrolment_id)
        log_read(work, found["scheme"], f"enrolment:{enrolment_id}", found["area"])
    rows = [
        (one["from_month"], one["to_month"] or "", one["state"], one["category"], one["reason"])
        for one in found["versions"]
        if one["superseded_at"] is None
    ]
    text = f"{found['name']}  {found['scheme_title']}  {found['place']}\n" + table(
        [_("起始月"), _("截止月"), _("状态"), _("类别"), _("事由")], rows
    )
    emit(context, found, text)


@group.command("change", help=_("从某月起变更类别、机构、收款账户或截止月"))
@click.argument("enrolment_id", type=int)
@_FROM
@click.option("--category", default="", help=_("类别"))
@click.option("--institution", default="", help=_("机构代码或名称"))
@click.option("--account-name", default="", help=_("收款户名"))
@click.option("--account-number", default="", help=_("收款账号"))
@click.option("--to", "to_month", default="", help=_("截止月"))
@_REASON
@click.pass_context
def change(context: click.Context, enrolment_id: int, institution: str, **given: Any) -> None:
    """Change an enrolment."""
    from plugins.benefits.queries import find_institution
    from plugins.benefits.services.changing import ChangeEnrolment, change_enrolment

    with begin(context) as work:
        home = find_institution(work, institution).id if institution else None
        change_enrolment(work, enrolment_id, checked(ChangeEnrolment, institution_id=home, **given))
    emit(context, {"id": enrolment_id}, _("已变更，下次名册起生效"))


@group.command("end", help=_("停发，写明最后发放月"))
@click.argument("enrolment_id", type=int)
@click.option("--last", "last_month", required=True, help=_("最后发放月，例如 2026-05"))
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def end(context: click.Context, enrolment_id: int, last_month: str, reason: str) -> None:
    """End an enrolment."""
    from plugins.benefits.services.changing import end_enrolment

    with begin(context) as work:
        end_enrolment(work, enrolment_id, last_month, reason)
    emit(context, {"id": enrolment_id}, _("发放到 {month} 为止", month=last_month))


def _paused(name: str, words: str, said: str) -> None:
    @group.command(name, help=words)
    @click.argument("enrolment_id", type=int)
    @_FROM
    @click.option("--reason", required=True, help=_("事由"))
    @click.pass_context
    def act(context: click.Context, enrolment_id: int, from_month: str, reason: str) -> None:
        """Pause or go on."""
        from plugins.benefits.services import changing

        with begin(context) as work:
            service: Callable[..., Any] = getattr(changing, name)
            service(work, enrolment_id, from_month, reason)
        emit(context, {"id": enrolment_id}, said)


_paused("suspend", _("从某月起暂停发放；恢复后补发"), _("已暂停"))
_paused("resume", _("恢复发放，暂停的月份在下次名册补发"), _("已恢复"))


@group.command("reopen", help=_("撤销停发，停发的月份在下次名册补发"))
@click.argument("enrolment_id", type=int)
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def reopen(context: click.Context, enrolment_id: int, reason: str) -> None:
    """Take an end back."""
    from plugins.benefits.services.changing import reopen as open_again

    with begin(context) as work:
        open_again(work, enrolment_id, reason)
    emit(context, {"id": enrolment_id}, _("已撤销停发"))
