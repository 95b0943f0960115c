"""Commands for groupings beside the household: the family counted for a benefit, and care units."""

from datetime import date
from typing import Any

import click

from core.cli import DATE, Group, begin, emit, look, table
from core.texts import _
from core.values import row_id

_MEMBER = click.option(
    "--member",
    "members",
    multiple=True,
    required=True,
    help=_("成员=身份[:关系]，例如 --member 7=成员:妻 --member 9=监护人"),
)
_ON = click.option("--on", "on", type=DATE, required=True, help=_("从哪一天起"))
_REASON = click.option("--reason", default="", help=_("事由"))
_KINDS = click.Choice(["assistance_family", "care_unit"])


@click.group("group", cls=Group, help=_("共同生活成员和供养关系：登记、变更、结束"))
def group() -> None:
    """Assistance families and care units."""


@group.command("list", help=_("列出辖区内的登记"))
@click.option("--kind", type=_KINDS, default=None, help=_("共同生活成员（assistance_family）或供养关系（care_unit）"))
@click.option("--person", default="", help=_("只看这个人所在的，编号或完整号码"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--ended", is_flag=True, help=_("也列出已结束的"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少个"))
@click.pass_context
def list_(context: click.Context, person: str, **given: Any) -> None:
    """Groups in one's areas, newest first."""
    from core.households.group_queries import GroupFilter, list_groups, part_in_words
    from core.identity.queries import find_person

    with look(context) as work:
        who = find_person(work, person).id if person else None
        found = list_groups(work, GroupFilter(person_id=who, **given))
    rows = [
        (
            one["id"],
            one["kind_name"],
            one["case_number"] or "--",
            one["area"],
            "、".join(f"{member['name']}（{part_in_words(member['part'])}）" for member in one["members"]),
            one["valid_from"],
            one["valid_to"] or "",
        )
        for one in found
    ]
    headers = [_("编号"), _("种类"), _("申请编号"), _("区划"), _("成员"), _("起"), _("止")]
    emit(context, found, table(headers, rows) if rows else _("没有这样的登记"))


@group.command("add", help=_("登记一次申请的共同生活成员（assistance_family），或一个供养关系（care_unit）"))
@click.argument("kind", type=_KINDS)
@click.option("--area", required=True, help=_("12 位村（社区）代码"))
@click.option("--scheme", default="", help=_("哪项救助，例如 dibao"))
@click.option("--case", "case_number", default="", help=_("申请编号"))
@_MEMBER
@_ON
@click.pass_context
def add(context: click.Context, members: tuple[str, ...], **given: Any) -> None:
    """Fix a family of one application, or a care unit."""
    from core.households.groups import open_group
    from core.households.wishes import OpenGroup
    from core.wishes import checked

    wish = checked(OpenGroup, members=_parts(members), **given)
    with begin(context) as work:
        data = _data(open_group(work, wish))
    emit(context, data, _("已登记，编号 {id}", id=data["id"]))


@group.command("members", help=_("重新写明全部成员；没写到的人即退出"))
@click.argument("number", metavar="GROUP", type=int)
@_MEMBER
@_ON
@_REASON
@click.pass_context
def members(context: click.Context, number: int, members: tuple[str, ...], **given: Any) -> None:
    """Say anew who belongs to GROUP."""
    from core.households.groups import change_group
    from core.households.wishes import ChangeGroup
    from core.wishes import checked

    wish = checked(ChangeGroup, members=_parts(members), **given)
    with begin(context) as work:
        data = _data(change_group(work, number, wish))
    emit(context, data, _("已变更 {id} 号登记的成员", id=number))


@group.command("end", help=_("结束一个登记"))
@click.argument("number", metavar="GROUP", type=int)
@click.option("--on", "on", type=DATE, required=True, help=_("最后一天"))
@_REASON
@click.pass_context
def end(context: click.Context, number: int, on: date, reason: str) -> None:
    """End GROUP."""
    from core.households.groups import close_group

    with begin(context) as work:
        data = _data(close_group(work, number, on, reason))
    emit(context, data, _("{id} 号登记已于 {on} 结束", id=number, on=on))


def _parts(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    from core.households.group_queries import part_of_words

    found = []
    for text in texts:
        person, _sign, rest = text.partition("=")
        part, _colon, relation = rest.replace("：", ":").partition(":")
        if not row_id(person) or not part.strip():
            raise click.UsageError(_("“{text}”应写成 编号=身份[:关系]，例如 7=成员:妻", text=text))
        found.append({"person_id": row_id(person), "part": part_of_words(part.strip()), "relation": relation.strip()})
    return found


def _data(made: Any) -> dict[str, Any]:
    return {
        "id": made.id,
        "kind": made.kind,
        "area": made.area,
        "valid_from": made.valid_from,
        "valid_to": made.valid_to,
    }
