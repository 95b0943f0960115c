"""Dated parameters: every number that a document can change, read by the date it is asked for.

Plugins declare keys; values are rows with a date, a document number, who set and who confirmed them. The
handbook's defaults are rows with the document "handbook". A decision keeps the versions it used.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, func, insert, or_, select
from sqlmodel import col

from core.asking import Question
from core.errors import Clash, NotFound, Objection, Refused
from core.extension import PolicyKey
from core.models.policy import PolicyConfirmation, PolicyValue
from core.showing import NOTHING, money
from core.tables import columns
from core.texts import _, listed
from core.values import read_number

if TYPE_CHECKING:
    from core.work import UnitOfWork

HANDBOOK = "handbook"


@dataclass(frozen=True)
class Version:
    """One value of a key: its row id (0 = the declared default), JSON value, day, document and people."""

    id: int
    key: str
    area: str
    value: Any
    valid_from: date | None
    document: str
    set_by: int | None
    confirmed_by: int | None
    set_at: datetime | None


def policy_keys(file: Path) -> list[PolicyKey]:
    """The keys a data file declares: one table for each key, with title, kind, default, unit, tag and document."""
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    return [PolicyKey(name=name, **entry) for name, entry in declared.items()]


def read_value(key: PolicyKey, given: Any) -> Any:
    """Check a value against its key and bring it into stored form; raises ``Refused`` with what is expected.

    Ratios are kept as decimal text, money as whole fen, never as float.
    """
    try:
        value = _READERS[key.kind](given)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise _unfit(key, given) from error
    if key.choices and value not in key.choices:
        raise _unfit(key, given)
    number = Decimal(str(value)) if key.kind in ("integer", "money", "ratio") else None
    if number is not None and (
        (key.minimum is not None and number < Decimal(str(key.minimum)))
        or (key.maximum is not None and number > Decimal(str(key.maximum)))
    ):
        raise _unfit(key, given)
    return value


def _unfit(key: PolicyKey, given: Any) -> Refused:
    expected = {
        "integer": _("整数"),
        "money": _("金额，例如 420.00"),
        "ratio": _("比例，例如 0.3 或 30%"),
        "boolean": _("true 或 false"),
        "text": _("文字"),
        "integers": _("整数列表，例如 [1, 2]"),
        "texts": _("文字列表"),
        "mapping": _("键和值的表"),
    }[key.kind]
    if key.choices:
        expected = listed(key.choices)
    if key.minimum is not None or key.maximum is not None:
        expected = _("{expected}（{range}）", expected=expected, range=_range(key))
    reason = _("{key} 要填{expected}，现在是 {given}", key=key.name, expected=expected, given=str(given)[:60])
    return Refused([Objection(reason=reason, field="value", code="E_POLICY_VALUE")])


def _range(key: PolicyKey) -> str:
    if key.minimum is None:
        return _("不大于 {high}", high=key.maximum)
    if key.maximum is None:
        return _("不小于 {low}", low=key.minimum)
    return _("{low} 至 {high}", low=key.minimum, high=key.maximum)


def _number(given: Any) -> Decimal:
    found = None if isinstance(given, bool) else read_number(str(given))
    if found is None:
        raise ValueError(given)
    return found


def _integer(given: Any) -> int:
    number = _number(given)
    if number != number.to_integral_value():
        raise ValueError(given)
    return int(number)


def _money(given: Any) -> int:
    return _integer(_number(given) * 100)


def _ratio(given: Any) -> str:
    words = str(given).strip()
    number = _number(words.removesuffix("%")) / 100 if words.endswith("%") else _number(given)
    return format(number.normalize(), "f")


def _boolean(given: Any) -> bool:
    return {True: True, False: False, "true": True, "false": False}[given if isinstance(given, bool) else given.lower()]


def _listed(given: Any) -> list[Any]:
    found = from_json(given) if isinstance(given, str) else given
    if not isinstance(found, list):
        raise TypeError(given)
    return found


def _mapped(given: Any) -> dict[str, Any]:
    found = from_json(given) if isinstance(given, str) else given
    if not isinstance(found, dict):
        raise TypeError(given)
    return found


_READERS = {
    "integer": _integer,
    "money": _money,
    "ratio": _ratio,
    "text": str,
    "boolean": _boolean,
    "integers": lambda given: [_integer(one) for one in _listed(given)],
    "texts": lambda given: [str(one) for one in _listed(given)],
    "mapping": _mapped,
}


def typed(key: PolicyKey, stored: Any) -> Any:
    """The stored form as the type code works with: ratios become ``Decimal``, the rest stays."""
    return Decimal(stored) if key.kind == "ratio" else stored


def shown(key: PolicyKey, stored: Any) -> str:
    """A value as a person reads it: money in yuan with two decimals, lists separated."""
    if key.kind == "money":
        return money(stored)
    if key.kind == "boolean":
        return _("是") if stored else _("否")
    if key.kind in ("integers", "texts"):
        return listed(choice_in_words(key, str(one)) for one in stored)
    return _told(key, stored)


def _told(key: PolicyKey, stored: Any) -> str:
    """A table or a list within a value, level by level, in the words of the key."""
    if isinstance(stored, Mapping):
        pairs = [
            f"{choice_in_words(key, str(name))}: {_told(key, one)}"
            if isinstance(one, (str, int)) or not one
            else f"{choice_in_words(key, str(name))}: [{_told(key, one)}]"
            for name, one in stored.items()
        ]
        return "; ".join(pairs) or NOTHING
    if isinstance(stored, list):
        return listed(f"({_told(key, one)})" if isinstance(one, Mapping) else _told(key, one) for one in stored)
    return choice_in_words(key, str(stored))


def choice_in_words(key: PolicyKey, code: str) -> str:
    """What a reader sees for a choice: its words where the key has them, else the code itself."""
    return _(key.words[code]) if code in key.words else code


class Policies:
    """The declared keys of a Host, and how a value is found."""

    def __init__(self, keys: Iterable[PolicyKey], *, confirm_before_use: bool) -> None:
        self.keys: Mapping[str, PolicyKey] = {key.name: key for key in keys}
        self.confirm_before_use = confirm_before_use
        self._kept: tuple[tuple[Any, ...], Mapping[str, Sequence[Any]]] | None = None

    def key(self, name: str) -> PolicyKey:
        """The declaration of a key; raises ``NotFound`` with the nearest name."""
        if name in self.keys:
            return self.keys[name]
        import difflib

        near = difflib.get_close_matches(name, list(self.keys), 1)
        hint = near[0] if near else None
        raise NotFound(
            _("没有政策参数 {name}，是不是 {near}？", name=name, near=hint)
            if hint
            else _("没有政策参数 {name}", name=name),
            hint=hint,
        )

    def find(self, connection: Connection, name: str, on: date, area: str = "") -> Version:
        """The version in force on a day, the nearest area first; raises ``NotFound`` for an unknown key."""
        areas = {f"level_{size}": area[:size] if len(area) >= size else "" for size in (0, 6, 9, 12)}
        return self._best(name, _IN_FORCE.rows(connection, {"key": name, "day": on, **areas}))

    def known(self, connection: Connection) -> Mapping[str, Sequence[Any]]:
        """Every version by key. They are read again only when one was added or confirmed: rows only ever come."""
        stamp = tuple(_STAMP.rows(connection, {})[0])
        kept = self._kept
        if kept is None or kept[0] != stamp:
            found: dict[str, list[Any]] = {}
            for row in _ALL.rows(connection, {}):
                found.setdefault(row.key, []).append(row)
            kept = self._kept = (stamp, found)
        return kept[1]

    def choose(self, known: Mapping[str, Sequence[Any]], name: str, on: date, area: str = "") -> Version:
        """What ``find`` answers, of versions that were read already."""
        places = {area[:size] for size in (0, 6, 9, 12) if len(area) >= size}
        rows = [
            row
            for row in known.get(name, ())
            if row.area in places and (row.valid_from is None or row.valid_from <= on)
        ]
        return self._best(name, rows)

    def _best(self, name: str, rows: Sequence[Any]) -> Version:
        key = self.key(name)
        usable = [row for row in rows if not self._waits(row)]
        if not usable:
            return Version(0, name, "", read_value(key, key.default), None, key.document, None, None, None)
        return _version(max(usable, key=lambda row: (len(row.area), row.valid_from or date.min, row.id)))

    def _waits(self, row: Any) -> bool:
        return self.confirm_before_use and row.set_by is not None and row.confirmed_by is None

    def history(self, connection: Connection, name: str) -> list[Version]:
        """Every version of a key, newest day first."""
        self.key(name)
        rows = connection.execute(_versions().where(_VALUE.key == name)).all()
        return sorted(map(_version, rows), key=lambda v: (v.valid_from or date.min, v.id), reverse=True)

    def plant(self, connection: Connection, now: datetime) -> int:
        """Write the handbook's default of every key that has no row yet; answers how many."""
        known = set(connection.scalars(select(col(PolicyValue.key)).distinct()))
        rows = [
            {
                "key": key.name,
                "area": "",
                "value": json.dumps(read_value(key, key.default), ensure_ascii=False, sort_keys=True),
                "valid_from": None,
                "document": key.document,
                "set_by": None,
                "set_at": now,
            }
            for key in self.keys.values()
            if key.name not in known
        ]
        if rows:
            connection.execute(insert(PolicyValue), rows)
        return len(rows)


_VALUE, _CONFIRMED = columns(PolicyValue), columns(PolicyConfirmation)


def _versions() -> Any:
    return select(
        _VALUE.id,
        _VALUE.key,
        _VALUE.area,
        _VALUE.value,
        _VALUE.valid_from,
        _VALUE.document,
        _VALUE.set_by,
        _VALUE.set_at,
        _CONFIRMED.confirmed_by,
    ).outerjoin(_CONFIRMED.policy_id.table, _CONFIRMED.policy_id == _VALUE.id)


_IN_FORCE = Question(
    _versions()
    .where(_VALUE.key == bindparam("key"))
    .where(_VALUE.area.in_([bindparam(f"level_{size}") for size in (0, 6, 9, 12)]))
    .where(or_(_VALUE.valid_from.is_(None), _VALUE.valid_from <= bindparam("day")))
)
_ALL = Question(_versions())
_COUNTED: Any = select(
    select(func.count()).select_from(_VALUE.id.table).scalar_subquery().label("versions"),
    select(func.sum(_VALUE.id)).scalar_subquery().label("which"),
    select(func.count()).select_from(_CONFIRMED.policy_id.table).scalar_subquery().label("confirmed"),
)
_STAMP = Question(_COUNTED)
"""How many versions there are, which, and how many are confirmed: asked once in a unit of work that reads policies."""


def _version(row: Any) -> Version:
    return Version(
        row.id,
        row.key,
        row.area,
        json.loads(row.value),
        row.valid_from,
        row.document,
        row.set_by,
        row.confirmed_by,
        row.set_at,
    )


@dataclass(frozen=True, kw_only=True)
class SetPolicy:
    """A wish to set a key from a day on (None = always), under a document number, for an area ("" = the county)."""

    key: str
    value: Any
    valid_from: date | None
    document: str
    area: str = ""


def set_policy(work: "UnitOfWork", wish: SetPolicy) -> PolicyValue:
    """Set a policy value from a day on; the older value stays for the days before."""
    work.require("policy.set", wish.area or work.host.settings.county.code)
    key = work.host.policies.key(wish.key)
    if not wish.document.strip():
        raise Refused(
            [Objection(reason=_("请填文号，没有文件的写会议纪要编号"), field="document", code="E_POLICY_DOCUMENT")]
        )
    stored = read_value(key, wish.value)
    before = work.host.policies.find(work.session.connection(), wish.key, wish.valid_from or work.today, wish.area)
    row = PolicyValue(
        key=wish.key,
        area=wish.area,
        value=json.dumps(stored, ensure_ascii=False, sort_keys=True),
        valid_from=wish.valid_from,
        document=wish.document.strip(),
        set_by=work.actor.account_id,
        set_at=work.now,
    )
    work.sets_policy = True
    work.session.add(row)
    work.session.flush()
    work.record(
        "policy.set",
        f"policy:{wish.key}",
        area=wish.area,
        before={"value": before.value, "document": before.document},
        after={"value": stored, "document": row.document, "valid_from": str(wish.valid_from or "")},
    )
    return row


def confirm_policy(work: "UnitOfWork", policy_id: int) -> PolicyConfirmation:
    """Confirm a value that somebody else set; raises ``Refused`` for one's own, ``Clash`` for a second time."""
    work.require("policy.confirm")
    row = work.session.get(PolicyValue, policy_id)
    if row is None or row.set_by is None:
        raise NotFound(_("没有编号为 {id} 的待确认参数", id=policy_id))
    if row.set_by == work.actor.account_id:
        raise Refused([Objection(reason=_("自己设的参数要由另一人确认"), code="E_SOD")])
    if work.session.get(PolicyConfirmation, policy_id):
        raise Clash(_("这个参数已经确认过"))
    work.sets_policy = True
    confirmation = PolicyConfirmation(policy_id=policy_id, confirmed_by=work.actor.account_id, confirmed_at=work.now)
    work.session.add(confirmation)
    work.session.flush()
    work.record("policy.confirmed", f"policy:{row.key}", area=row.area, version=policy_id)
    return confirmation
