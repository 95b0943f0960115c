"""The kinds of notice there are: those of other plugins, and the county's own for lists that are kept by hand."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.api import _, refuse
from plugins.notices.api import NoticeColumn, NoticeType

if TYPE_CHECKING:
    from core.api import UnitOfWork

_PERSON = (
    NoticeColumn(name="name", title="申请人", rule="name"),
    NoticeColumn(name="area", title="村（社区）", rule="area"),
    NoticeColumn(name="group", title="村民小组", rule="group"),
    NoticeColumn(name="members", title="保障人数", rule="count", total=True),
)
_ROUNDS = {1: "第一次公示", 2: "第二次公示"}

OWN = (
    NoticeType(
        name="notices.proposed",
        title="拟享受救助待遇对象公示",
        intro="经本人申请和审核，下列 {count} 户家庭拟享受救助待遇，现予公示，接受群众监督。",
        columns=(*_PERSON, NoticeColumn(name="amount", title="拟月补助（元）", rule="money", total=True)),
        rounds=_ROUNDS,
    ),
    NoticeType(
        name="notices.recipients",
        title="在享救助待遇对象长期公示",
        intro="下列 {count} 户家庭正在享受救助待遇，现予公示，接受群众监督。",
        columns=(
            _PERSON[0],
            _PERSON[3],
            NoticeColumn(name="amount", title="月补助（元）", rule="money", total=True),
        ),
        long_term=True,
    ),
    NoticeType(
        name="notices.numbered",
        title="救助待遇公示",
        intro="下列 {count} 件拟按所列金额发放，现予公示，接受群众监督。",
        columns=(
            NoticeColumn(name="case", title="编号", rule="case_number"),
            NoticeColumn(name="amount", title="月补助（元）", rule="money", total=True),
        ),
        rounds=_ROUNDS,
        sensitive=True,
    ),
)
"""Public lists the county can make by hand: proposed recipients, the long-term list (D16), and the one by case number
alone, for children."""


def all_types(work: "UnitOfWork") -> Mapping[str, NoticeType]:
    """Every kind of notice by name; one that is not named after its plugin is left out."""
    return gathered(work.host)[0]


def gathered(host: Any) -> tuple[dict[str, NoticeType], dict[str, str]]:
    """The kinds of notice by name, and by plugin why what it brought is left out."""
    failures: dict[str, str] = {}
    found: dict[str, NoticeType] = {}
    for plugin, one in host.hooks.collect("register_notices_types", failures.__setitem__):
        if not one.name.startswith(f"{plugin}.") or one.name in found:
            failures[plugin] = one.name
            continue
        found[one.name] = one
    return found, failures


def type_named(work: "UnitOfWork", name: str) -> NoticeType:
    """A kind of notice; refused (``E_NOTICE_TYPE``) when no running plugin has it."""
    known = all_types(work)
    if name not in known:
        raise refuse(_("没有叫 {name} 的公示种类", name=name), field="type", code="E_NOTICE_TYPE")
    return known[name]


def title_of(work: "UnitOfWork", name: str) -> str:
    """The title of a kind of notice; its name when its plugin does not run."""
    known = all_types(work).get(name)
    return known.title if known else name


def is_sensitive(work: "UnitOfWork", name: str, declared: bool) -> bool:
    """Whether only case numbers and amounts may stand: the type says so, or the plugin it is named after."""
    plugin = name.partition(".")[0]
    return declared or any(one.manifest.name == plugin and one.manifest.sensitive for one in work.host.loaded)
