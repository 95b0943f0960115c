"""The file of one household: what its page and its paper show, read in a few prepared questions."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from core.asking import Question
from core.extension import Column, Sheet
from core.households.models.changes import Change
from core.households.models.groups import Group, GroupMember
from core.households.models.households import Membership
from core.households.queries import show_household
from core.identity.models.accounts import Account
from core.tables import columns
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

CHANGES_SHOWN = 6
HEAD = "02"

KINDS = {
    "opened": mark("登记新户"),
    "members": mark("变更成员"),
    "head": mark("变更户主"),
    "split": mark("分户"),
    "merged": mark("并户"),
    "moved": mark("迁移"),
    "closed": mark("注销"),
    "imported": mark("导入名册"),
}
"""What can change in a household, in words."""

AREA_KINDS = {"urban": mark("城镇"), "rural": mark("农村")}


def household_file(work: "UnitOfWork", household_id: int) -> dict[str, Any]:
    """The household with its head's name, how many live, urban or rural, its family and its latest changes.

    Raises ``NotFound`` outside the area.
    """
    found = show_household(work, household_id)
    members = found["members"]
    return {
        **found,
        "head": next((one["name"] for one in members if one["relation"] == HEAD), found["number"]),
        "living": sum(one["died_on"] is None for one in members),
        "kind": next((_(AREA_KINDS[one["kind"]]) for one in reversed(found["areas"]) if one["kind"]), ""),
        "place": "".join(one["name"] for one in found["areas"][1:]),
        "families": families_of(work, household_id),
        "changes": latest_changes(work, household_id),
    }


def families_of(work: "UnitOfWork", household_id: int) -> list[dict[str, Any]]:
    """The families counted for a benefit in which members of a household stand now, with how many they are."""
    return [row._asdict() for row in work.ask(_FAMILIES, household=household_id)]


def latest_changes(work: "UnitOfWork", household_id: int, limit: int = CHANGES_SHOWN) -> list[dict[str, Any]]:
    """What was changed last and by whom; what stood before stays sealed. The caller has looked at the area."""
    return [
        {"on": row.happened_on, "at": row.recorded_at, "who": row.title or row.name, "what": kind_in_words(row.kind)}
        for row in work.ask(_CHANGES, subject=f"household:{household_id}", limit=limit)
    ]


def kind_in_words(kind: str) -> str:
    """The name of a change."""
    return _(KINDS[kind]) if kind in KINDS else kind


def file_sheet(work: "UnitOfWork", found: dict[str, Any]) -> Sheet:
    """The household's file as paper; numbers are masked there too."""
    columns = (
        Column(name="name", title=_("姓名")),
        Column(name="relation", title=_("与户主关系")),
        Column(name="sex", title=_("性别")),
        Column(name="age", title=_("年龄"), kind="integer"),
        Column(name="number", title=_("证件号码")),
        Column(name="since", title=_("入户日期"), kind="date"),
        Column(name="note", title=_("备注")),
    )
    rows = [
        (
            one["name"],
            one["relation_name"],
            one["sex"],
            one["age"],
            _("尾号 {tail}", tail=one["id_masked"][-4:]) if one["id_masked"] else "",
            one["since"],
            _("{day} 死亡", day=one["died_on"]) if one["died_on"] else "",
        )
        for one in found["members"]
    ]
    place = " ".join(part for part in (found["place"], found["village_group"], found["address"]) if part)
    return Sheet(
        layout="form",
        title=_("户籍登记档案"),
        number=found["number"],
        office=work.settings.county.office,
        dated=work.today,
        fields=(
            (_("户主"), found["head"]),
            (_("户号"), found["number"]),
            (_("地址"), place),
            (_("城乡"), found["kind"]),
            (_("立户日期"), str(found["opened_on"])),
            (_("在册成员"), _("{count} 人", count=found["living"])),
        ),
        columns=columns,
        rows=rows,
        signatures=(_("经办人"), _("审核人")),
        notes=(_("证件号码只印末四位。打印人：{who}", who=work.actor.title or work.actor.name),),
    )


_CHANGE, _GROUP, _PART, _STAFF = columns(Change), columns(Group), columns(GroupMember), columns(Account)
_MEMBERSHIP = columns(Membership)

_CHANGES = Question(
    select(_CHANGE.kind, _CHANGE.happened_on, _CHANGE.recorded_at, _STAFF.name, _STAFF.title)
    .join(_STAFF.id.table, _STAFF.id == _CHANGE.recorded_by)
    .where(_CHANGE.subject == bindparam("subject"))
    .order_by(_CHANGE.id.desc())
    .limit(bindparam("limit"))
)

_HERE = select(_MEMBERSHIP.person_id).where(
    _MEMBERSHIP.household_id == bindparam("household"), _MEMBERSHIP.valid_to.is_(None)
)
_COUNTED = (_PART.valid_to.is_(None)) & (_PART.part == "member")
_FAMILIES = Question(
    select(
        _GROUP.id,
        _GROUP.case_number,
        _GROUP.scheme,
        select(func.count()).where(_PART.group_id == _GROUP.id, _COUNTED).scalar_subquery().label("members"),
    )
    .where(_GROUP.kind == "assistance_family", _GROUP.valid_to.is_(None))
    .where(_GROUP.id.in_(select(_PART.group_id).where(_PART.person_id.in_(_HERE), _COUNTED)))
    .order_by(_GROUP.id)
)
