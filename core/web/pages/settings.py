"""The settings page: made from the models that check the county file, written back so that hand edits survive."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sqlalchemy.engine import make_url

from core.errors import NotFound, Objection, Refused
from core.settings import SECTIONS, Settings, SettingsRefused, load
from core.settings_writer import Difference, differences, edited, read_wish, values_of, write
from core.texts import _, listed, mark
from core.web import FormData, begin, guarded, page, see_other
from core.web.current import current
from core.work import UnitOfWork

if TYPE_CHECKING:
    from core.host import Host

TITLES = {
    "county": mark("县"),
    "database": mark("数据库"),
    "security": mark("登录与安全"),
    "web": mark("网页服务"),
    "files": mark("文件"),
    "backup": mark("备份"),
    "policy": mark("政策参数的生效"),
    "breaker": mark("插件出错"),
}
SHELL_ONLY = {"county.code", "county.plugins", "database.url"}
"""Set elsewhere: the code never changes, plugins have their page, the database is moved on the shell."""


SECRET = {"database.url"}
"""May hold a password when it comes from the environment; never shown."""


@dataclass(frozen=True)
class Setting:
    """One key as the page shows it. ``kind`` is "boolean", "choice", "integer", "lines", "text" or "toml"."""

    key: str
    name: str
    title: str
    help: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...]
    origin: str
    fixed: bool


@get("/", sync_to_thread=True, guards=[guarded("settings.show")])
def show(request: Request) -> Template:
    """Every section with its values and where they come from."""
    with begin(request) as work:
        sections = [
            {"name": name, "title": title, "settings": settings_of(work.settings, name, model)}
            for name, title, model in sections_of(work.settings, titles_of(work.host))
        ]
        file, may_set = work.settings.file.name, work.may("settings.set")
    return page("settings.html", sections=sections, file=file, may_set=may_set)


@get("/{section:str}", sync_to_thread=True, guards=[guarded("settings.set")])
def ask(request: Request, section: FromPath[str]) -> Template:
    """The form of one section."""
    with begin(request) as work:
        found, title = _section(work, section)
    return _form(section, title, found, {one.name: one.value for one in found})


@post("/{section:str}", sync_to_thread=True, guards=[guarded("settings.set")])
def check(request: Request, section: FromPath[str], data: FormData) -> Template:
    """Check the wish and say in words what will change, before anything is written."""
    now = current()
    with now.site.host.begin(now.who(), write=False) as work:
        work.require("settings.set")
        found, title = _section(work, section)
        settings = work.settings
    try:
        text = edited(settings, changes(settings, found, data))
        wish = load(settings.home, settings.county.code, text=text)
    except SettingsRefused as refusal:
        return _form(section, title, found, data, _objections(refusal, section), 422)
    changed = differences(settings, wish)
    if not changed:
        return _form(section, title, found, data, [Objection(reason=_("没有改动"))], 422)
    return page(
        "settings_confirm.html",
        section=section,
        title=title,
        lines=[in_words(one, found) for one in changed],
        keep=[(name, text) for name in data if not name.startswith("_") for text in data.all(name)],
    )


@post("/{section:str}/save", sync_to_thread=True, guards=[guarded("settings.set")])
def save(request: Request, section: FromPath[str], data: FormData) -> Template | Redirect:
    """Write the section into the county file; every process takes it up at its next request."""
    try:
        with begin(request) as work:
            found, title = _section(work, section)
            written = write(work, edited(work.settings, changes(work.settings, found, data)))
    except SettingsRefused as refusal:
        return _form(section, title, found, data, _objections(refusal, section), 422)
    except Refused as refusal:
        return _form(section, title, found, data, refusal.objections, 422)
    return see_other("/settings", _("已保存 {count} 项设置", count=len(written)))


def titles_of(host: "Host") -> dict[str, str]:
    """The titles of running plugins by name."""
    return {one.manifest.name: one.manifest.title for one in host.loaded if not one.room}


def sections_of(settings: Settings, titles: Mapping[str, str]) -> list[tuple[str, str, BaseModel]]:
    """Every section: the frame's, then one for each plugin that has settings."""
    own = [(name, _(TITLES.get(name, name)), getattr(settings, name)) for name in SECTIONS]
    plugins = [(f"plugin.{name}", _(titles.get(name, name)), model) for name, model in settings.plugin.items()]
    return [*own, *plugins]


def settings_of(settings: Settings, section: str, model: BaseModel) -> list[Setting]:
    """The keys of one section, ready for the form."""
    values = values_of(settings)
    return [
        _setting(settings, f"{section}.{name}", name, info, values[f"{section}.{name}"])
        for name, info in type(model).model_fields.items()
    ]


def _setting(settings: Settings, key: str, name: str, info: FieldInfo, value: Any) -> Setting:
    kind, choices = kind_of(info.annotation)
    if key in SECRET:
        value = without_password(value)
    return Setting(
        key=key,
        name=name,
        title=_(info.title) if info.title else name,
        help=_(info.description) if info.description else "",
        kind=kind,
        value=written(kind, value),
        choices=choices,
        origin=str(settings.origins.get(key, "")),
        fixed=key in SHELL_ONLY,
    )


def without_password(url: str) -> str:
    """A database address as it may be shown."""
    return make_url(url).render_as_string(hide_password=True)


def kind_of(annotation: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Which field asks for a type, with its choices."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return kind_of(next(one for one in inner if one is not type(None)))
    if origin is Literal:
        return "choice", tuple((str(one), str(one)) for one in inner)
    if annotation is bool:
        return "boolean", ()
    if annotation is int:
        return "integer", ()
    if annotation is str:
        return "text", ()
    if origin in (list, tuple) and inner and inner[0] is str:
        return "lines", ()
    return "toml", ()


def written(kind: str, value: Any) -> str:
    """A value as it stands in its field."""
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "lines":
        return "\n".join(value)
    if kind == "toml":
        import tomlkit

        return tomlkit.item(value).as_string()
    return str(value)


def changes(settings: Settings, found: list[Setting], data: FormData) -> dict[str, Any]:
    """The keys that the form changes, in the types the file wants; an emptied key goes back to its default."""
    wanted: dict[str, Any] = {}
    for one in found:
        text = data.text(one.name) if one.name in data else ("false" if one.kind == "boolean" else one.value)
        text = text.replace("\r\n", "\n")
        if one.fixed or text == one.value:
            continue
        match one.kind:
            case "boolean":
                wanted[one.key] = text == "true"
            case "lines":
                wanted[one.key] = [line.strip() for line in text.splitlines() if line.strip()]
            case "text" | "choice":
                wanted[one.key] = text or None
            case _:
                wanted[one.key] = read_wish(settings, one.key, text) if text else None
    return wanted


def in_words(one: Difference, found: list[Setting]) -> dict[str, str]:
    """A difference as (title, before, after)."""
    titles = {setting.key: setting.title for setting in found}
    return {
        "title": titles.get(one.key, one.key),
        "key": one.key,
        "before": _word(one.before),
        "after": _word(one.after),
    }


def _word(value: Any) -> str:
    if value is None or value == "":
        return "--"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return listed(value) if isinstance(value, list | tuple) else str(value)


def _section(work: UnitOfWork, section: str) -> tuple[list[Setting], str]:
    for name, title, model in sections_of(work.settings, titles_of(work.host)):
        if name == section:
            return settings_of(work.settings, name, model), title
    raise NotFound(_("没有“{section}”这组设置", section=section))


def _objections(refusal: SettingsRefused, section: str) -> list[Objection]:
    return [
        Objection(
            field=one.key.removeprefix(f"{section}.") if one.key.startswith(f"{section}.") else None,
            reason=one.message,
            code=one.code,
            hint=one.hint,
        )
        for one in refusal.problems
    ]


def _form(
    section: str, title: str, found: list[Setting], values: Any, objections: Any = (), status: int = 200
) -> Template:
    return page(
        "settings_form.html",
        status=status,
        section=section,
        title=title,
        settings=[one for one in found if not one.fixed],
        values=values,
        objections=objections,
    )


router = Router("/settings", route_handlers=[show, ask, check, save])
