"""Commands of democratic review: panel and ballot here, the assessment beside; the acts are those of the pages."""

from pathlib import Path
from typing import Any

import click

from core.api import NotFound, _, checked
from core.cli import (
    DATE,
    Group,
    begin,
    command_options,
    emit,
    given,
    look,
    read_json,
    read_object,
    run_import,
    say,
    table,
)
from plugins.democratic_review.assessment_cli import rank, report, score, violations
from plugins.democratic_review.wishes import (
    DeclareRelative,
    KeepEvidence,
    PostResult,
    RecordBallots,
    ReplaceBallot,
    ReplaceMember,
    SetPanel,
)
from plugins.democratic_review.words import GROUNDS, KINDS, RELATIONS, SEXES

_FILE = click.Path(path_type=Path, dir_okay=False)
_VILLAGE = click.option("--village", required=True, help=_("12 位村（社区）代码"))
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
_WORDS = (KINDS, RELATIONS, SEXES, GROUNDS)


@click.group("democratic-review", cls=Group, help=_("评审团票决：评审团、票决记录、违规和排名"))
def group() -> None:
    """Panels and ballots."""


@group.group("panel", cls=Group, help=_("评审团"))
def panel() -> None:
    """Panels."""


@group.group("ballot", cls=Group, help=_("票决记录"))
def ballot() -> None:
    """Ballots."""


def _warned(data: dict[str, Any], warnings: Any) -> dict[str, Any]:
    for one in warnings:
        say(f"{one.code} {one.reason}")
    return {**data, "warnings": [{"code": one.code, "reason": one.reason} for one in warnings]}


@panel.command("set", help=_("登记一个村的评审团：FILE 是 JSON，或评审团名单的表格"))
@click.option("--village", default="", help=_("12 位村（社区）代码；表格里自己有"))
@click.option("--file", "file", type=_FILE, required=True, help=_("JSON、XLSX 或 CSV"))
@click.option("--document", default=None, help=_("推选依据"))
@click.pass_context
def set_(context: click.Context, village: str, file: Path, document: str | None) -> None:
    """Set the panel of a village."""
    from plugins.democratic_review.services.panels import set_panel

    if file.suffix.lower() != ".json":
        run_import(context, "democratic-review-panels", file, False)
        return
    found = read_json(file)
    values = {"members": found} if isinstance(found, list) else dict(found)
    values |= given({"village": village or None, "document": document})
    with begin(context) as work:
        made, warnings = set_panel(work, checked(SetPanel, **values))
        data = {"id": made.id, "village": made.area, "term_from": made.term_from, "term_to": made.term_to}
        data["members"] = len(values["members"])
    emit(context, _warned(data, warnings), _("已登记评审团，任期至 {day}", day=data["term_to"]))


@panel.command("show", help=_("看一个村的评审团，记入审计"))
@_VILLAGE
@click.pass_context
def show_panel(context: click.Context, village: str) -> None:
    """The panel of a village."""
    from plugins.democratic_review.queries import show_panel as shown

    with look(context) as work:
        found = shown(work, village)
    rows = [[one["id"], one["name"], one["sex_title"], one["kind_title"]] for one in found["members"]]
    text = table([_("编号"), _("姓名"), _("性别"), _("身份类别")], rows)
    emit(context, found, text)


@panel.command("list", help=_("列出辖区内的评审团"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@_LIMIT
@click.pass_context
def list_panels(context: click.Context, area: str, limit: int) -> None:
    """Panels in one's areas."""
    from plugins.democratic_review.queries import list_panels as listed

    with look(context) as work:
        found = listed(work, area, limit=limit)[:limit]
    rows = [[one["village"], one["place"], one["size"], one["term_to"]] for one in found]
    headers = [_("村代码"), _("村"), _("人数"), _("任期届满")]
    emit(context, found, table(headers, rows) if rows else _("还没有登记评审团"))


@panel.command("replace", help=_("任期内更换一名成员"))
@_VILLAGE
@command_options(ReplaceMember, vocabularies=_WORDS)
@click.pass_context
def replace_member(context: click.Context, village: str, **values: Any) -> None:
    """Put somebody in the place of a member."""
    from plugins.democratic_review.services.panels import replace_member as act

    with begin(context) as work:
        made, warnings = act(work, village, checked(ReplaceMember, **given(values)))
        data = {"id": made.id, "name": made.name, "since": made.since, "replaces": made.replaces}
    emit(context, _warned(data, warnings), _("成员已更换"))


@panel.command("relative", help=_("登记成员申报的近亲属"))
@_VILLAGE
@command_options(DeclareRelative, vocabularies=_WORDS)
@click.pass_context
def relative(context: click.Context, village: str, **values: Any) -> None:
    """Declare a relative."""
    from plugins.democratic_review.services.panels import declare_relative

    with begin(context) as work:
        made = declare_relative(work, village, checked(DeclareRelative, **given(values)))
        data = {"id": made.id, "member": made.member_id, "relation": made.relation}
    emit(context, data, _("近亲属已登记，办到他的申请时这名成员应当回避"))


@ballot.command("record", help=_("登记一次票决：FILE 里写到会、监督人和各项票数"))
@click.option("--village", default="", help=_("12 位村（社区）代码"))
@click.option("--items", "file", type=_FILE, required=True, help=_("JSON 文件"))
@click.option("--on", "on", type=DATE, default=None, help=_("票决日期，不填即今天"))
@click.pass_context
def record(context: click.Context, village: str, file: Path, **values: Any) -> None:
    """Record a meeting with its votes."""
    from plugins.democratic_review.acts import record as act

    wanted = {**read_object(file), **given({"village": village or None, **values})}
    with begin(context) as work:
        data, warnings = act(work, checked(RecordBallots, **wanted))
    emit(context, _warned(data, warnings), _in_words(data))


@ballot.command("replace", help=_("更正一项票决记录：ITEM 是记录编号，FILE 写正确的票数"))
@click.argument("item", type=int)
@click.option("--file", "file", type=_FILE, required=True, help=_("JSON 文件"))
@click.option("--reason", "why", required=True, help=_("更正原因"))
@click.pass_context
def replace(context: click.Context, item: int, file: Path, why: str) -> None:
    """Record a vote anew."""
    from plugins.democratic_review.acts import replace as act

    wanted = {**read_object(file), "why": why}
    with begin(context) as work:
        data, warnings = act(work, item, checked(ReplaceBallot, **wanted))
    emit(context, _warned(data, warnings), _in_words(data))


def _in_words(data: dict[str, Any]) -> str:
    headers = [_("事项"), _("投票"), _("到会比例"), _("同意"), _("不同意"), _("弃权"), _("结果")]
    rows = [
        [
            one["title"],
            f"{one['voters']}/{one['base']}",
            one["quorum_percent"],
            one["agree"],
            one["disagree"],
            one["abstain"],
            _("通过") if one["passed"] else _("未通过"),
        ]
        for one in data["items"]
    ]
    return table(headers, rows)


@ballot.command("show", help=_("看一次票决：BALLOT 是编号"))
@click.argument("ballot_id", metavar="BALLOT", type=int)
@click.pass_context
def show(context: click.Context, ballot_id: int) -> None:
    """One meeting."""
    from plugins.democratic_review.queries import show_ballot
    from plugins.democratic_review.showing import result_of

    with look(context) as work:
        found = show_ballot(work, ballot_id)
    results = {"items": [result_of(one) for one in found["items"]]}
    emit(context, found, f"{found['number']}  {found['place_name']}  {found['held_on']}\n{_in_words(results)}")


@ballot.command("list", help=_("列出辖区内的票决，新的在前"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--since", type=DATE, default=None, help=_("从这天起"))
@click.option("--until", type=DATE, default=None, help=_("到这天止"))
@_LIMIT
@click.pass_context
def list_(context: click.Context, **values: Any) -> None:
    """Votes in one's areas."""
    from plugins.democratic_review.queries import BallotFilter, list_ballots
    from plugins.democratic_review.showing import subject_of

    wish = BallotFilter(**values)
    with look(context) as work:
        found = list_ballots(work, wish)[: wish.limit]
    rows = [
        [
            one["session_id"],
            one["id"],
            one["held_on"],
            one["place"],
            subject_of(one),
            f"{one['agree']}/{one['returned']}",
            _("通过") if one["passed"] else _("未通过"),
        ]
        for one in found
    ]
    headers = [_("票决"), _("记录"), _("票决日期"), _("村"), _("事项"), _("同意"), _("结果")]
    emit(context, found, table(headers, rows) if rows else _("还没有票决记录"))


@ballot.command("waiting", help=_("列出等待票决的案件"))
@click.option("--village", default="", help=_("12 位村（社区）代码"))
@click.pass_context
def waiting(context: click.Context, village: str) -> None:
    """Cases that wait."""
    from plugins.democratic_review.queries import SHOW, waiting_entries

    with look(context) as work:
        work.require(SHOW)
        found = [
            {"case": one.number, "type": one.type, "village": one.area, "since": one.since}
            for one in waiting_entries(work, SHOW, village)
        ]
    rows = [[one["case"], one["village"], one["since"]] for one in found]
    emit(context, found, table([_("案件编号"), _("村代码"), _("等待起")], rows) if rows else _("没有等待票决的案件"))


@ballot.command("photo", help=_("保存票决现场照片或签字的记录"))
@click.argument("ballot_id", metavar="BALLOT", type=int)
@click.argument("file", type=_FILE)
@click.option("--kind", type=click.Choice(["photo", "signed"]), default="photo", help=_("照片或签字的记录"))
@click.pass_context
def photo(context: click.Context, ballot_id: int, file: Path, kind: str) -> None:
    """Keep a photo or the signed record."""
    from plugins.democratic_review.services.proving import keep_evidence

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    wish = checked(KeepEvidence, kind=kind, file_name=file.name, content=file.read_bytes())
    with begin(context) as work:
        made = keep_evidence(work, ballot_id, wish)
        data = {"id": made.id, "kind": made.kind, "attachment": made.attachment_id}
    emit(context, data, _("已保存"))


@ballot.command("post", help=_("登记票决结果张贴的日期和地点"))
@click.argument("ballot_id", metavar="BALLOT", type=int)
@command_options(PostResult)
@click.pass_context
def post(context: click.Context, ballot_id: int, **values: Any) -> None:
    """Say when the result was posted."""
    from plugins.democratic_review.services.proving import post_result

    with begin(context) as work:
        made = post_result(work, ballot_id, checked(PostResult, **given(values)))
        data = {"ballot": made.session_id, "posted_on": made.posted_on}
    emit(context, data, _("张贴已登记"))


@ballot.command("print", help=_("把文书存成 PDF：record、count、result"))
@click.argument("ballot_id", metavar="BALLOT", type=int)
@click.argument("kind", type=click.Choice(["record", "count", "result"]))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, ballot_id: int, kind: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.democratic_review.papers import ballot_paper

    with look(context) as work:
        sheet = ballot_paper(work, ballot_id, kind)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


for _command in (violations, score, rank, report):
    group.add_command(_command)
