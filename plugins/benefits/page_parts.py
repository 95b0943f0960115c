"""What the pages of benefits share: words for states, choices of forms, rights that decide which buttons stand."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from core.api import UnitOfWork, _, mark
from plugins.benefits import queries
from plugins.benefits.schemes import schemes_of

STATES = {
    "active": (mark("在发"), "ok"),
    "suspended": (mark("暂停"), "warn"),
    "ended": (mark("停发"), ""),
    "building": (mark("生成中"), "note"),
    "draft": (mark("待提交"), "note"),
    "submitted": (mark("待复核"), "note"),
    "reviewed": (mark("待审批"), "note"),
    "approved": (mark("待发放"), "note"),
    "released": (mark("已放行"), "ok"),
    "sent": (mark("已送银行"), "ok"),
    "settled": (mark("已发放"), "ok"),
    "cancelled": (mark("已作废"), ""),
}


def with_category(data: Any) -> dict[str, str]:
    """A form whose one choice names the scheme and the category."""
    scheme, _slash, category = data.text("place").partition("/")
    return {**dict(data), "scheme": scheme, "category": category}


def scheme_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    return [(name, queries.scheme_title(work, name)) for name in sorted(schemes_of(work))]


def category_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    return [
        (f"{name}/{one.code}", _("{scheme} · {category}", scheme=title, category=_(one.title)))
        for name, title in scheme_choices(work)
        for one in schemes_of(work)[name].categories
    ]


def categories_of(work: UnitOfWork, scheme: str) -> Any:
    found = schemes_of(work).get(scheme)
    return found.categories if found else ()


def states_in_words() -> dict[str, tuple[str, str]]:
    return {name: (_(words), state) for name, (words, state) in STATES.items()}


def rights(work: UnitOfWork) -> dict[str, bool]:
    return {
        "enrol": work.may("benefits.enrol"),
        "standard": work.may("benefits.set_standard"),
        "build": work.may("funds.build"),
        "batch": work.may("funds.show"),
    }


def address(path: str, given: Mapping[str, str]) -> str:
    return f"{path}?{urlencode({name: text for name, text in given.items() if text})}"
