"""The sheet as it is frozen, and as it is printed. Public paper is in Chinese, whatever its clerk reads."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core.api import Column, Objection, Refused, Sheet, _, area_names
from plugins.notices.api import NewNotice, NoticeType
from plugins.notices.cells import KINDS, Cells
from plugins.notices.closed import all_findings, office_findings
from plugins.notices.codes import in_groups
from plugins.notices.settings import NoticesSettings, Office
from plugins.notices.states import level_area

if TYPE_CHECKING:
    from datetime import date

    from core.api import UnitOfWork
    from plugins.notices.models import Notice

_LEVEL_TITLES = {"village": "村（社区）", "township": "乡镇", "county": "县"}
_BOARDS = {"village": "村（社区）公开栏", "township": "乡镇便民服务中心", "county": "县民政局"}
CODE_COLUMN = "notices_notice.code_sealed"


@dataclass(frozen=True)
class Making:
    """What a sheet is made of beside its wish: the type, the masked cells, number, levels and days."""

    wish: NewNotice
    type: NoticeType
    cells: Cells
    number: str
    levels: Sequence[str]
    days: int


def content_of(work: "UnitOfWork", making: Making) -> dict[str, Any]:
    """Everything that stands on a sheet, as plain values; refused (``E_NOTICE_FIELD``) when any of it is closed."""
    kind, wish = making.type, making.wish
    kind_of_days = work.policy("notices.day_kind", area=wish.area)
    signer = office_of(work, level_area(wish.area, kind.office))
    content: dict[str, Any] = {
        "number": making.number,
        "type": kind.name,
        "title": kind.title,
        "round": "长期公示" if kind.long_term else kind.rounds.get(wish.round, f"第{wish.round}次公示"),
        "office": signer.name,
        "area": wish.area,
        "area_name": " ".join(_path(work, wish.area)),
        "scheme": wish.scheme.strip(),
        "period": wish.period,
        "opened_on": work.today.isoformat(),
        "days": making.days,
        "day_kind": kind_of_days,
        "levels": list(making.levels),
        "columns": [{"title": one.title, "kind": KINDS.get(one.rule, "text")} for one in kind.columns],
        "rows": [list(row) for row in making.cells.rows],
        "total": list(making.cells.total) if making.cells.total else None,
        "paragraphs": [*_intro(kind, len(making.cells.rows)), _days_in_words(making.days, kind_of_days)],
        "objection": work.policy("notices.objection_text", area=wish.area),
        "contacts": _contacts(work, wish.area),
    }
    _refuse_closed(work, content, making.cells.names)
    return content


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that are frozen: the same values are always the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_content(notice: "Notice") -> dict[str, Any]:
    """The values of a frozen sheet."""
    found: dict[str, Any] = json.loads(notice.content)
    return found


def public_content(work: "UnitOfWork", notice_id: int) -> dict[str, Any]:
    """What the public reads of a notice: nothing but the frozen sheet. ``headers`` and ``rows`` are its list."""
    from plugins.notices.queries import own_notice

    notice = own_notice(work, notice_id)
    content = read_content(notice)
    wanted = ("number", "title", "round", "office", "area_name", "scheme", "period", "paragraphs", "total", "contacts")
    return {
        **{name: content[name] for name in wanted},
        "headers": [one["title"] for one in content["columns"]],
        "rows": content["rows"],
        "state": notice.state,
        "ended_on": notice.ended_on,
    }


def is_intact(notice: "Notice") -> bool:
    """Whether the frozen bytes are those that were opened."""
    return hashlib.sha256(notice.content).digest() == notice.content_hash


def sheet_of(work: "UnitOfWork", notice: "Notice") -> Sheet:
    """The sheet for printing, with its check code and the address where people check it."""
    code = work.keys.unseal(CODE_COLUMN, notice.id or 0, notice.code_sealed)
    return draw_sheet(read_content(notice), in_groups(code), check_address(work, notice.number, code))


def draw_sheet(content: Mapping[str, Any], code: str, address: str) -> Sheet:
    """The sheet of some content: numbered lines, sum row, seal, and below it whom to tell."""
    day = _date(content["opened_on"])
    fields = [("公示轮次", content["round"]), ("公示范围", content["area_name"])]
    fields += [("业务", content["scheme"])] if content["scheme"] else []
    fields += [("所属月份", f"{content['period'][:4]}年{int(content['period'][5:])}月")] if content["period"] else []
    columns = [Column(name=str(n), title=one["title"], kind=one["kind"]) for n, one in enumerate(content["columns"])]
    return Sheet(
        layout="notice",
        title=content["title"],
        number=content["number"],
        office=content["office"],
        dated=day,
        fields=fields,
        paragraphs=content["paragraphs"],
        columns=(Column(name="number", title="序号"), *columns),
        rows=[(str(n), *row) for n, row in enumerate(content["rows"], start=1)],
        total=["", *content["total"]] if content["total"] else None,
        seal=True,
        notes=[_footer(content["levels"]), content["objection"], *content["contacts"]],
        check_code=code,
        check_address=address,
    )


def check_address(work: "UnitOfWork", number: str, code: str) -> str:
    """Where anybody checks the sheet; "" while the county has no public address."""
    base = work.settings.county.public_url.rstrip("/")
    return f"{base}/notices/check?{urlencode({'number': number, 'code': code})}" if base else ""


def office_of(work: "UnitOfWork", area: str) -> Office:
    """The office of a division: what the county's settings say, filled up with what follows from its name."""
    settings: Any = work.settings.plugin.get("notices") or NoticesSettings()
    own = settings.offices.get(area, Office())
    county = work.settings.county
    if len(area) == 6:
        name = own.name or county.bureau or f"{county.name}民政局"
        return Office(name=name, phone=own.phone or _phone(county.phone), address=own.address)
    names = _path(work, area)
    return Office(name=own.name or _office_name(area, county.name, names), phone=own.phone, address=own.address)


def _phone(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789() +转-")


def _office_name(area: str, county: str, names: Sequence[str]) -> str:
    last = names[-1] if names else area
    if len(area) == 9:
        return f"{county}{last}{'办事处' if last.endswith('街道') else '人民政府'}"
    town = names[0] if len(names) > 1 else ""
    if last.endswith("村"):
        return f"{town}{last}村民委员会"
    return f"{town}{last}{'居民委员会' if last.endswith('社区') else '村（居）民委员会'}"


def _path(work: "UnitOfWork", area: str) -> list[str]:
    """The names from the township down to the division; the county's own name for the county."""
    if len(area) == 6:
        return [work.settings.county.name]
    codes = [area[:size] for size in (9, 12) if len(area) >= size]
    names = area_names(work, codes)
    return [names[code] for code in codes if code in names]


def _intro(kind: NoticeType, count: int) -> list[str]:
    return [kind.intro.replace("{count}", str(count))] if kind.intro else []


def _days_in_words(days: int, kind: str) -> str:
    if not days:
        return "公示时间：自张贴之日起，享受待遇期间长期公示。"
    if kind == "working":
        return f"公示时间：自张贴次日起 {days} 个工作日。"
    return f"公示时间：自张贴次日起 {days} 天，期满日遇休息日的，顺延到下一个工作日。"


def _footer(levels: Sequence[str]) -> str:
    return f"张贴：{'、'.join(_BOARDS[level] for level in levels)}。姓名已按规定隐去，公示期满拍照存档"


def _contacts(work: "UnitOfWork", area: str) -> list[str]:
    """Village, township, county: who hears objections, by telephone and at which address."""
    lines = []
    levels = [level for level in ("village", "township", "county") if len(level_area(area, level)) >= _SIZES[level]]
    for level in levels:
        office = office_of(work, level_area(area, level))
        parts = [f"电话 {office.phone}" if office.phone else "", f"地址 {office.address}" if office.address else ""]
        lines.append("，".join([f"{_LEVEL_TITLES[level]}：{office.name}", *filter(None, parts)]))
    supervision = _phone(work.settings.county.supervision_phone)
    return [*lines, f"监督电话：{supervision}"] if supervision else lines


_SIZES = {"village": 12, "township": 9, "county": 6}


def _refuse_closed(work: "UnitOfWork", content: Mapping[str, Any], names: Iterable[str]) -> None:
    """The last gate over all words of the sheet but the cells, which have passed it one by one."""
    words = work.policy("notices.illness_words")
    texts = [content[name] for name in ("title", "round", "office", "area_name", "scheme", "objection")]
    texts += [*content["paragraphs"], *(column["title"] for column in content["columns"])]
    found = all_findings(texts, words)
    found += [one for line in content["contacts"] for one in office_findings(line)]
    said = [content["title"], content["scheme"], *content["paragraphs"]]
    if any(name in text for name in names for text in said):
        found.append(_("姓名"))
    if found:
        reason = _("公示单上有不得公示的内容：{what}", what="、".join(dict.fromkeys(found)))
        raise Refused([Objection(reason=reason, field="scheme", code="E_NOTICE_FIELD")])


def _date(text: str) -> "date":
    from datetime import date

    return date.fromisoformat(text)
