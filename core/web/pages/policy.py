"""The policy page: every dated parameter, its history, and setting one under a document number."""

from datetime import date
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from core.errors import Refused
from core.extension import PolicyKey
from core.identity.models.accounts import Account
from core.policy import SetPolicy, Version, choice_in_words, confirm_policy, read_value, set_policy, shown
from core.texts import _, mark
from core.values import row_id
from core.web import FormData, begin, guarded, page, read_form, see_other
from core.web.current import current
from core.web.pages.desk import titles_of
from core.work import UnitOfWork

TAGS = {
    "seed": mark("工作方案"),
    "national": mark("国家规定"),
    "local": mark("本地可定"),
    "uncertain": mark("待核实"),
}


GROUPS = {
    "dibao": mark("最低生活保障"),
    "workflow": mark("办理流程"),
    "community": mark("社区"),
    "ballot": mark("评议票决"),
    "tekun": mark("特困供养"),
    "donation": mark("慈善募捐"),
    "medical": mark("医疗救助"),
    "temp": mark("临时救助"),
    "housing": mark("住房救助"),
    "review": mark("动态复核"),
    "orphan": mark("孤困儿童"),
    "double_support": mark("双拥"),
    "veterans": mark("优抚"),
    "elder": mark("养老"),
    "spotcheck": mark("抽查"),
    "disability": mark("残疾人两项补贴"),
    "study": mark("学习积分"),
    "town": mark("乡镇"),
    "public": mark("公开查询"),
    "statistics": mark("统计"),
    "notice": mark("公示"),
    "canteen": mark("长者食堂"),
    "volunteer": mark("志愿服务"),
    "sw": mark("社会工作"),
    "pay": mark("资金发放"),
    "calendar": mark("工作日历"),
    "backup": mark("备份"),
    "jobs": mark("后台任务"),
}
"""Titles of the handbook's groups, for keys whose plugin is not running."""


class PolicyForm(BaseModel):
    """What the form of a parameter asks. ``area`` "" is the whole county; no day means it always held."""

    value: str = Field(title=mark("新的值"), min_length=1, max_length=20_000)
    valid_from: date | None = Field(default=None, title=mark("生效日期"))
    document: str = Field(title=mark("文号"), min_length=1, max_length=120)
    area: str = Field(default="", title=mark("区域"), max_length=12)


@get("/", sync_to_thread=True, guards=[guarded("policy.show")])
def show(request: Request, q: FromQuery[str] = "", on: FromQuery[str] = "") -> Template:
    """Every parameter with its value on a day."""
    with begin(request) as work:
        day = _day(on) or work.today
        connection = work.session.connection()
        lines = []
        for key in work.host.policies.keys.values():
            title = _(key.title)
            if q and q.lower() not in key.name.lower() and q not in title:
                continue
            version = work.host.policies.find(connection, key.name, day)
            lines.append(_line(key, version))
        titles = {**{name: _(words) for name, words in GROUPS.items()}, **titles_of(work)}
        groups: dict[str, list[dict[str, Any]]] = {}
        for line in lines:
            group = line["key"].name.partition(".")[0]
            groups.setdefault(titles.get(group, group), []).append(line)
    return page("policy.html", groups=groups, q=q, on=day, count=len(lines))


@get("/{name:str}", sync_to_thread=True, guards=[guarded("policy.show")])
def history(request: Request, name: FromPath[str]) -> Template:
    """One parameter: every version, and the form for a new one."""
    with begin(request) as work:
        return _key_page(work, name, {}, ())


@post("/{name:str}", sync_to_thread=True, guards=[guarded("policy.set")])
def check(request: Request, name: FromPath[str], data: FormData) -> Template:
    """Say in words what the new value means, before it is written."""
    now = current()
    with now.site.host.begin(now.who(), write=False) as work:
        work.require("policy.set")
        key = work.host.policies.key(name)
        try:
            wish = read_form(PolicyForm, data)
            stored = read_value(key, wish.value)
        except Refused as refusal:
            return _key_page(work, name, data, refusal.objections, 422)
        before = work.host.policies.find(work.session.connection(), name, wish.valid_from or work.today, wish.area)
        since = wish.valid_from.isoformat() if wish.valid_from else _("一直以来")
        sentences = [
            _(
                "{title}：{before} → {after}{unit}",
                title=_(key.title),
                before=shown(key, before.value),
                after=shown(key, stored),
                unit=f" {_(key.unit)}" if key.unit else "",
            ),
            _("自 {since} 起按新值计算，以前的日期仍按旧值。文号 {document}", since=since, document=wish.document),
        ]
        if work.host.policies.confirm_before_use:
            sentences.append(_("还要由另一人确认，确认前仍按旧值。"))
    return page(
        "confirm.html",
        question=_("设置“{title}”？", title=_(key.title)),
        action=f"/policy/{name}/set",
        back=f"/policy/{name}",
        safe=_("再改改"),
        verb=_("设置"),
        danger=False,
        sentences=sentences,
        lines=[],
        keep=[(field, data.text(field)) for field in PolicyForm.model_fields],
        ask_reason=False,
        ask_password=False,
    )


@post("/{name:str}/set", sync_to_thread=True, guards=[guarded("policy.set")])
def set_(request: Request, name: FromPath[str], data: FormData) -> Template | Redirect:
    """Write the new value."""
    try:
        wish = read_form(PolicyForm, data)
        with begin(request) as work:
            set_policy(work, SetPolicy(key=name, **wish.model_dump()))
    except Refused as refusal:
        now = current()
        with now.site.host.begin(now.who(), write=False) as work:
            return _key_page(work, name, data, refusal.objections, 422)
    return see_other(f"/policy/{name}", _("已设置，自生效日期起按新值计算"))


@post("/{name:str}/confirm", sync_to_thread=True, guards=[guarded("policy.confirm")])
def confirm(request: Request, name: FromPath[str], data: FormData) -> Redirect:
    """Say the second yes to a value somebody else set."""
    with begin(request) as work:
        confirm_policy(work, row_id(data.text("id")))
    return see_other(f"/policy/{name}", _("已确认"))


def _line(key: PolicyKey, version: Version) -> dict[str, Any]:
    return {
        "key": key,
        "title": _(key.title),
        "unit": _(key.unit) if key.unit else "",
        "value": shown(key, version.value),
        "version": version,
        "tag": _(TAGS[key.tag]),
        "choices": [(one, choice_in_words(key, str(one))) for one in key.choices],
        "document": _("手册") if version.document == "handbook" else version.document,
    }


def _key_page(work: UnitOfWork, name: str, values: Any, objections: Any, status: int = 200) -> Template:
    key = work.host.policies.key(name)
    connection = work.session.connection()
    versions = work.host.policies.history(connection, name)
    wanted = {one for version in versions for one in (version.set_by, version.confirmed_by) if one}
    names = {one.id: one.name for one in work.session.scalars(select(Account).where(col(Account.id).in_(wanted)))}
    return page(
        "policy_key.html",
        status=status,
        line=_line(key, work.host.policies.find(connection, name, work.today)),
        versions=[
            {**_line(key, one), "by": names.get(one.set_by, ""), "second": names.get(one.confirmed_by, "")}
            for one in versions
        ],
        may_set=work.may("policy.set"),
        may_confirm=work.may("policy.confirm"),
        me=work.actor.account_id,
        values=values,
        objections=objections,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


router = Router("/policy", route_handlers=[show, history, check, set_, confirm])
