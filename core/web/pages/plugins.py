"""The plugin page: what runs and why not, what each adds, and the switch."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from core import loading
from core.errors import NotFound, Refused
from core.identity.signing_in import confirm_password, is_confirmed
from core.plugin_life import PluginState, disable, enable, resume, states
from core.texts import _, listed, mark, plural
from core.web import FormData, begin, guarded, page, see_other
from core.web.answers import require_session
from core.web.current import current
from core.web.demo import needs_no_password
from core.work import UnitOfWork


@get("/", sync_to_thread=True, guards=[guarded("plugin.show")])
def show(request: Request) -> Template:
    """Every plugin with its state, reason and what it adds."""
    with begin(request) as work:
        lines = [_line(work, one) for one in states(work.host)]
        may_switch = work.may("plugin.switch")
        failures = list(work.host.hooks.failures[-10:])
    return page("plugins.html", lines=lines, may_switch=may_switch, failures=failures)


@get("/{name:str}/switch", sync_to_thread=True, guards=[guarded("plugin.switch")])
def ask(request: Request, name: FromPath[str]) -> Template:
    """Say what switching will do, and ask for the password."""
    with begin(request) as work:
        return _ask(work, _find(work, name), {}, ())


@get("/{name:str}/resume", sync_to_thread=True, guards=[guarded("plugin.switch")])
def ask_resume(request: Request, name: FromPath[str]) -> Template:
    """Say what going on will do, and ask for the reason."""
    with begin(request) as work:
        return _ask_resume(_find(work, name), {}, ())


@post("/{name:str}/resume", sync_to_thread=True, guards=[guarded("plugin.switch")])
def let_go_on(request: Request, name: FromPath[str], data: FormData) -> Template | Redirect:
    """Let a degraded plugin go on."""
    try:
        with begin(request) as work:
            one = _find(work, name)
            resume(work, name, data.text("reason"))
    except Refused as refusal:
        return _ask_resume(one, data, refusal.objections, 422)
    return see_other("/plugins", _("已恢复 {names}", names=one.title))


@post("/{name:str}/switch", sync_to_thread=True, guards=[guarded("plugin.switch")])
def switch(request: Request, name: FromPath[str], data: FormData) -> Template | Redirect:
    """Switch a plugin on or off after the password was typed again."""
    now, session = require_session()
    try:
        free = needs_no_password(now, posting=True)
        if not free and (not is_confirmed(now.site.host, session) or data.text("password")):
            confirm_password(now.site.host, session, data.text("password"))
        with begin(request) as work:
            one = _find(work, name)
            changed = disable(work, name) if one.enabled else enable(work, name)
    except Refused as refusal:
        with now.site.host.begin(now.who(), write=False) as work:
            return _ask(work, _find(work, name), data, refusal.objections, 422)
    names = listed(changed)
    said = _("已停用 {names}，数据都还在", names=names) if one.enabled else _("已启用 {names}", names=names)
    return see_other("/plugins", said)


def _find(work: UnitOfWork, name: str) -> PluginState:
    found = next((one for one in states(work.host) if one.name == name), None)
    if found is None:
        raise NotFound(_("没有插件 {name}", name=name))
    return found


def _ask(work: UnitOfWork, one: PluginState, values: Any, objections: Any, status: int = 200) -> Template:
    title = one.title
    if one.enabled:
        sentences = [_("菜单、页面、命令和后台任务会立即消失，登记的数据都保留，可以随时再启用。")]
    else:
        brought = [name for name in loading.requirements(one.name) if name not in work.settings.county.plugins]
        sentences = [_("菜单、页面和后台任务会立即出现，其他业务不受影响。")]
        if brought:
            sentences.append(_("会一起启用要用到的插件：{names}", names=listed(brought)))
    return page(
        "confirm.html",
        status=status,
        question=_("停用“{title}”？", title=title) if one.enabled else _("启用“{title}”？", title=title),
        action=f"/plugins/{one.name}/switch",
        back="/plugins",
        safe=_("不停用") if one.enabled else _("不启用"),
        verb=_("停用") if one.enabled else _("启用"),
        danger=one.enabled,
        sentences=sentences,
        lines=adds(work, one.name) if one.enabled else [],
        keep=[],
        ask_reason=False,
        ask_password=not needs_no_password(current(), posting=False),
        values=values,
        objections=objections,
    )


def _ask_resume(one: PluginState, values: Any, objections: Any, status: int = 200) -> Template:
    return page(
        "confirm.html",
        status=status,
        question=_("恢复“{title}”？", title=one.title),
        action=f"/plugins/{one.name}/resume",
        back="/plugins",
        safe=_("不恢复"),
        verb=_("恢复"),
        danger=False,
        sentences=[_("它会重新显示在页面上，等着的消息和后台任务接着办。先弄清出错的原因，否则还会降级。")],
        lines=[one.reason] if one.reason else [],
        keep=[],
        ask_reason=True,
        ask_password=False,
        values=values,
        objections=objections,
    )


def _line(work: UnitOfWork, one: PluginState) -> dict[str, Any]:
    words = {
        "on": (_("运行中"), "ok"),
        "degraded": (_("已降级"), "bad"),
        "off": (_("未启用"), ""),
        "quarantined": (_("没有运行"), "bad"),
        "missing": (_("没有安装"), "bad"),
        "not_admitted": (_("还没有准入"), "warn"),
    }
    running = one.state in ("on", "degraded")
    manifest = work.host.plugin(one.name).manifest if running else None
    return {
        "plugin": one,
        "state": words.get(one.state, (one.state, "")),
        "adds": adds(work, one.name) if running else [],
        "hue": manifest.hue if manifest else 8,
        "icon": manifest.icon if manifest else "blocks",
        "switchable": one.enabled or one.state == "off",
    }


def adds(work: UnitOfWork, name: str) -> list[str]:
    """What a running plugin brings, in words with counts."""
    host, own = work.host, name.replace("_", "-")
    menu = [_(item.title) for item in host.menu if item.path == f"/{own}" or item.path.startswith(f"/{own}/")]
    rights = [one for one in host.permissions if one.startswith(f"{name}.")]
    policies = [one for one in host.policies.keys if one.startswith(f"{name}.")]
    jobs = [one for one in host.jobs if one.startswith(f"{name}.")]
    reports = [one for one in host.reports if one == own or one.startswith(f"{own}-")]
    shows = [hook for hook in SHOWS if name in host.hooks.implementers(hook)]
    lines = [_("菜单：{names}", names=listed(menu))] if menu else []
    for found, words in (
        (rights, plural("{count} 项权限", len(rights))),
        (reports, plural("{count} 张报表", len(reports))),
        (policies, plural("{count} 个政策参数", len(policies))),
        (jobs, plural("{count} 个后台任务", len(jobs))),
    ):
        if found:
            lines.append(words)
    places = [_(SHOWS[hook]) for hook in shows]
    if places:
        lines.append(_("显示在：{names}", names=listed(places)))
    return lines


SHOWS = {
    "show_household_panels": mark("家庭档案"),
    "show_person_panels": mark("人员页"),
    "show_desk_tiles": mark("工作台数字"),
    "show_desk_tasks": mark("待办事项"),
}

router = Router("/plugins", route_handlers=[show, ask, switch, ask_resume, let_go_on])
