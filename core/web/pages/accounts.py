"""Staff accounts and roles: who may do what, where and until when."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.errors import Refused
from core.households.areas import list_areas
from core.identity import accounts, staff_queries
from core.roles import BUILT_IN
from core.texts import _
from core.values import row_id
from core.web import FormData, begin, guarded, page, read_form, see_other
from core.web.current import current
from core.web.pages.desk import titles_of
from core.work import UnitOfWork

SEE, SET = [guarded("account.show")], [guarded("account.set")]


@get("/", sync_to_thread=True, guards=SEE)
def show(request: Request, q: FromQuery[str] = "", role: FromQuery[str] = "") -> Template:
    """Every account with its roles of today."""
    with begin(request) as work:
        found = [one for one in staff_queries.account_list(work) if _fits(one, q, role)]
        context: dict[str, Any] = {"accounts": found, "roles": _roles(work), "may_set": work.may("account.set")}
    return page("accounts.html", q=q, role=role, **context)


@get("/roles", sync_to_thread=True, guards=SEE)
def roles(request: Request) -> Template:
    """Every role with its rights and the roles it may not meet."""
    with begin(request) as work:
        found = staff_queries.role_list(work.host)
        rights = {one["name"]: _by_plugin(work, one["permissions"]) for one in found}
        return page("roles.html", roles=found, rights=rights, words=dict(_roles(work)))


@get("/new", sync_to_thread=True, guards=SET)
def ask(request: Request) -> Template:
    """The form for a new account."""
    with begin(request) as work:
        return _new(work, {}, ())


@post("/new", sync_to_thread=True, guards=SET)
def add(request: Request, data: FormData) -> Template:
    """Make an account; its one-time code and token are shown once."""
    now = current()
    try:
        wish = read_form(accounts.NewAccount, data)
        with begin(request) as work:
            made = accounts.add_account(work, wish)
    except Refused as refusal:
        with now.site.host.begin(now.who(), write=False) as work:
            return _new(work, data, refusal.objections, 422)
    codes = [(_("账号"), made.account.name), (_("一次性登录码"), made.code), (_("令牌（接口和命令行用）"), made.token)]
    return page("shown_once.html", heading=_("账号已建立"), codes=codes, back=f"/accounts/{made.account.name}")


@get("/{name:str}", sync_to_thread=True, guards=SEE)
def card(request: Request, name: FromPath[str]) -> Template:
    """One account: grants of all time, tokens, and what can be done."""
    with begin(request) as work:
        return _card(work, name, {}, ())


@post("/{name:str}/grants", sync_to_thread=True, guards=SET)
def grant(request: Request, name: FromPath[str], data: FormData) -> Template | Redirect:
    """Give the account a role in an area, for some time, or as a deputy."""
    now = current()
    try:
        wish = read_form(accounts.NewGrant, data, account=name)
        with begin(request) as work:
            accounts.grant_role(work, wish)
    except Refused as refusal:
        with now.site.host.begin(now.who(), write=False) as work:
            return _card(work, name, data, refusal.objections, 422)
    return see_other(f"/accounts/{name}", _("已授权"))


@post("/{name:str}/grants/end", sync_to_thread=True, guards=SET)
def end_grant(request: Request, name: FromPath[str], data: FormData) -> Redirect:
    """Take a role away from today."""
    with begin(request) as work:
        accounts.end_grant(work, row_id(data.text("id")), data.text("reason"))
    return see_other(f"/accounts/{name}", _("已收回这个角色"))


@get("/{name:str}/{act:str}", sync_to_thread=True, guards=SET)
def confirm(request: Request, name: FromPath[str], act: FromPath[str]) -> Template:
    """Ask once more before something that cannot be taken back easily."""
    with begin(request) as work:
        title = accounts.find_account(work, name).title or name
    return _confirm(name, title, act, {}, ())


@post("/{name:str}/{act:str}", sync_to_thread=True, guards=SET)
def carry_out(request: Request, name: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Disable, enable, issue a new code, or take a lost second factor off."""
    reason = data.text("reason")
    code = ""
    try:
        with begin(request) as work:
            title = accounts.find_account(work, name).title or name
            match act:
                case "disable" | "enable":
                    accounts.switch_account(work, name, enabled=act == "enable", reason=reason)
                case "code":
                    code = accounts.new_code(work, name)
                case "factor":
                    accounts.reset_second_factor(work, name, reason)
                case _:
                    raise _unknown()
    except Refused as refusal:
        return _confirm(name, name, act, data, refusal.objections, 422)
    if code:
        return page("shown_once.html", heading=title, codes=[(_("一次性登录码"), code)], back=f"/accounts/{name}")
    said = {"disable": _("账号已停用"), "enable": _("账号已启用"), "factor": _("动态码已重置，下次登录要重新设置")}
    return see_other(f"/accounts/{name}", said[act])


def _unknown() -> Exception:
    from core.errors import NotFound

    return NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))


def _confirm(name: str, title: str, act: str, values: Any, objections: Any, status: int = 200) -> Template:
    words = {
        "disable": (
            _("停用 {who} 的账号？", who=title),
            _("会立即退出登录，令牌全部作废。以后可以再启用。"),
            _("停用"),
            _("不停用"),
        ),
        "enable": (
            _("启用 {who} 的账号？", who=title),
            _("角色照旧。令牌不会恢复，要重新发。"),
            _("启用"),
            _("不启用"),
        ),
        "code": (
            _("给 {who} 发新的一次性登录码？", who=title),
            _("旧的登录码会作废。登录码只显示一次，请当面交给本人。"),
            _("发新码"),
            _("不发"),
        ),
        "factor": (
            _("重置 {who} 的动态码？", who=title),
            _("只在手机丢失或更换时用。会立即退出登录，审计员看得到。"),
            _("重置"),
            _("不重置"),
        ),
    }
    if act not in words:
        raise _unknown()
    question, sentence, verb, safe = words[act]
    return page(
        "confirm.html",
        status=status,
        question=question,
        action=f"/accounts/{name}/{act}",
        back=f"/accounts/{name}",
        safe=safe,
        verb=verb,
        danger=act in ("disable", "factor"),
        sentences=[sentence],
        lines=[],
        keep=[],
        ask_reason=act != "code",
        ask_password=False,
        values=values,
        objections=objections,
    )


def _fits(one: dict[str, Any], q: str, role: str) -> bool:
    words = f"{one['name']} {one['title']} {one['office']}".lower()
    return q.lower() in words and (not role or role in one["roles"])


def _roles(work: UnitOfWork) -> list[tuple[str, str]]:
    return [(name, _(role.title)) for name, role in work.host.roles.items() if name not in BUILT_IN]


def area_choices(work: UnitOfWork) -> list[tuple[str, str]]:
    """County and towns as choices; a village is typed by its code."""
    found = [one for one in list_areas(work) if one["level"] in ("county", "town")]
    return [(one["code"], one["name"] if one["level"] == "town" else _("全县")) for one in found]


def _new(work: UnitOfWork, values: Any, objections: Any, status: int = 200) -> Template:
    context: dict[str, Any] = {"roles": _roles(work), "areas": area_choices(work)}
    return page("account_new.html", status=status, values=values, objections=objections, **context)


def _card(work: UnitOfWork, name: str, values: Any, objections: Any, status: int = 200) -> Template:
    found = staff_queries.account_card(work, name)
    areas = {one["code"]: one["name"] for one in list_areas(work)}
    return page(
        "account.html",
        status=status,
        account=found,
        grants=[_grant_line(work, one, areas) for one in found["grants"]],
        roles=_roles(work),
        areas=area_choices(work),
        may_set=work.may("account.set") and name not in BUILT_IN,
        values=values,
        objections=objections,
    )


def _grant_line(work: UnitOfWork, one: dict[str, Any], areas: dict[str, str]) -> dict[str, Any]:
    role = work.host.roles.get(one["role"])
    running = one["valid_from"] <= work.today and (one["valid_to"] is None or one["valid_to"] >= work.today)
    return {
        **one,
        "title": _(role.title) if role else one["role"],
        "area_name": areas.get(one["area"], one["area"]),
        "running": running,
    }


router = Router("/accounts", route_handlers=[show, roles, ask, add, card, grant, end_grant, confirm, carry_out])


def _by_plugin(work: UnitOfWork, names: Sequence[str]) -> dict[str, list[str]]:
    """The titles of rights under the title of the plugin that brings them, the core's own first."""
    plugins = titles_of(work)
    found: dict[str, list[str]] = {_("平台"): []}
    for name in sorted(names, key=lambda name: name.partition(".")[0]):
        title = plugins.get(name.partition(".")[0], _("平台"))
        found.setdefault(title, []).append(_(work.host.permissions[name].title))
    return {title: rights for title, rights in found.items() if rights}
