"""The county's settings: platform defaults, county file and environment, checked and frozen.

One loader serves ``config check``, ``serve`` and the settings page, so what the check accepts is what runs.
Every error is found in one run, with file, line, column, what was expected and the nearest right name.
"""

import difflib
import importlib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import HuiminError, NotFound
from core.texts import _, listed, mark
from core.toml_places import Path as KeyPath
from core.toml_places import Place, place_of, places_of


class Section(BaseModel):
    """A table of the county file; an unknown key is an error, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CountySection(Section):
    """``[county]``: who this is, and which plugins are on."""

    code: str = Field(pattern=r"^\d{6}$", title=mark("区划代码"), description=mark("六位行政区划代码，例如 430223"))
    name: str = Field(min_length=1, max_length=40, title=mark("县名"), description=mark("例如 攸县"))
    bureau: str = Field(default="", max_length=60, title=mark("单位名称"), description=mark("空着就是县名加“民政局”"))
    phone: str = Field(default="", max_length=40, title=mark("办公电话"), description=mark("印在通知和公示上"))
    supervision_phone: str = Field(default="", max_length=40, title=mark("监督电话"), description=mark("印在公示上"))
    public_url: str = Field(
        default="",
        max_length=200,
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        title=mark("公开查询地址"),
        description=mark("群众核验公示单的地址，例如 https://gongshi.example.gov.cn；空着就不开放"),
    )
    plugins: list[str] = Field(default_factory=list, title=mark("启用的插件"), description=mark("顺序不限"))

    @property
    def office(self) -> str:
        """The name of the bureau as it is printed."""
        return self.bureau or _("{name}民政局", name=self.name)


class DatabaseSection(Section):
    """``[database]``: where the county's data live. A password comes from the environment, never from this file."""

    url: str = Field(title=mark("数据库地址"), description=mark("sqlite:///data/430223.db 或 postgresql://…"))


class SecuritySection(Section):
    """``[security]``: sign-in and sessions."""

    shell: Literal["full", "admin"] = Field(
        default="full", title=mark("命令行账号"), description=mark("admin：命令行账号只做管理，不办业务")
    )
    idle_minutes: int = Field(default=15, ge=1, le=480, title=mark("闲置退出（分钟）"))
    session_hours: int = Field(default=8, ge=1, le=24, title=mark("最长登录（小时）"))
    code_hours: int = Field(default=72, ge=1, le=720, title=mark("一次性登录码有效（小时）"))
    password_length: int = Field(default=10, ge=8, le=64, title=mark("密码最短长度"))
    attempts_per_hour: int = Field(default=20, ge=3, le=200, title=mark("每小时登录次数上限"))
    digest: Literal["sha256", "sm3"] = Field(default="sha256", title=mark("审计链的摘要算法"))


class WebSection(Section):
    """``[web]``: how ``serve`` answers: TLS, or plain on loopback, or plain behind a named proxy."""

    host: str = Field(default="127.0.0.1", title=mark("监听地址"))
    port: int = Field(default=8765, ge=1, le=65535, title=mark("端口"))
    certificate: str = Field(default="", title=mark("证书文件"), description=mark("PEM，含中间证书"))
    certificate_key: str = Field(default="", title=mark("私钥文件"), description=mark("PEM，权限 0600"))
    proxy: str = Field(default="", title=mark("前置代理地址"), description=mark("只信任这个地址转来的来源信息"))
    body_limit: int = Field(default=10, ge=1, le=200, title=mark("上传上限（MB）"))
    request_seconds: int = Field(
        default=300, ge=1, le=3600, title=mark("请求时限（秒）"),
        description=mark("一次请求连同上传要在这么多秒内到齐，到时不齐就断开"),
    )  # fmt: skip


class FilesSection(Section):
    """``[files]``: attachments and uploaded rosters."""

    attachment_limit: int = Field(default=10, ge=1, le=200, title=mark("附件上限（MB）"))
    font: str = Field(default="", title=mark("印刷字体文件"), description=mark("公文要用的仿宋字体，没有就用系统字体"))


class BackupSection(Section):
    """``[backup]``: where copies go and how old the newest may be."""

    folder: str = Field(default="backup", title=mark("备份目录"))
    keep: int = Field(default=35, ge=1, le=1000, title=mark("保留份数"))


class PolicySection(Section):
    """``[policy]``: how policy values come into force."""

    confirm_before_use: bool = Field(
        default=False, title=mark("确认后生效"), description=mark("新设的政策参数须由另一人确认才生效")
    )


class BreakerSection(Section):
    """``[breaker]``: when a plugin that fails again and again is degraded."""

    faults: int = Field(default=3, ge=0, le=1000, title=mark("出错几次降级"), description=mark("0：从不降级"))
    minutes: int = Field(default=10, ge=1, le=1440, title=mark("在几分钟之内"))


SECTIONS: Mapping[str, type[Section]] = {
    "county": CountySection,
    "database": DatabaseSection,
    "security": SecuritySection,
    "web": WebSection,
    "files": FilesSection,
    "backup": BackupSection,
    "policy": PolicySection,
    "breaker": BreakerSection,
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file, at its place. Columns and lines count from 1."""

    file: str
    line: int
    column: int
    key: str
    code: str
    message: str
    hint: str | None = None


class SettingsRefused(HuiminError):
    """The settings have errors; carries every ``Problem``."""

    status, exit_code, code = 422, 3, "E_SETTINGS"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.file}:{p.line}:{p.column} {p.code} {p.message}" for p in self.problems))


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: a file with its line, the environment, or a default."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True)
class Settings:
    """One county's settings, validated and frozen. ``home`` is the folder that holds config/, data/ and keys/."""

    home: Path
    file: Path
    county: CountySection
    database: DatabaseSection
    security: SecuritySection
    web: WebSection
    files: FilesSection
    backup: BackupSection
    policy: PolicySection
    breaker: BreakerSection
    plugin: Mapping[str, BaseModel] = field(default_factory=dict)
    plugin_tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The folder of databases, attachments and anchors."""
        return self.home / "data"

    @property
    def keys_folder(self) -> Path:
        """The folder of keys: ``HUIMIN_KEYS``, else ``keys`` beside the data. Never part of a backup."""
        return Path(os.environ.get("HUIMIN_KEYS") or self.home / "keys")

    @property
    def key_file(self) -> Path:
        """The county's key file."""
        return self.keys_folder / f"{self.county.code}.key"

    @property
    def database_url(self) -> str:
        """The address of the database with paths of SQLite taken from ``home``."""
        url = self.database.url
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith("sqlite:////"):
            return prefix + str(self.home / url.removeprefix(prefix))
        return url


def counties_folder(home: Path) -> Path:
    """Where the county files are."""
    return home / "config" / "counties"


def county_file(home: Path, code: str | None) -> Path:
    """The file of the county asked for, or of the only county there is; raises ``NotFound``."""
    folder = counties_folder(home)
    if code:
        found = folder / f"{code}.toml"
        if not found.is_file():
            raise NotFound(_("没有区划代码为 {code} 的县，目录是 {folder}", code=code, folder=folder))
        return found
    files = sorted(folder.glob("*.toml"))
    if len(files) == 1:
        return files[0]
    if not files:
        raise NotFound(
            _("{home} 里还没有县，先运行 huimin init", home=home),
            hint="huimin --home DIR init CODE --name NAME --areas FILE",
        )
    names = listed(file.stem for file in files)
    raise NotFound(_("{home} 里有几个县（{names}），用 --county 指明", home=home, names=names))


def platform_file(home: Path) -> Path:
    """The platform's defaults: the home's own file if there is one, else the file that ships."""
    own = home / "config" / "platform.toml"
    if own.is_file():
        return own
    shipped = Path(__file__).parent / "config_templates" / "platform.toml"
    return shipped if shipped.is_file() else Path(__file__).parent.parent / "config" / "platform.toml"


ENVIRONMENT = {"HUIMIN_DATABASE_URL": ("database", "url")}


@dataclass
class _Source:
    """One file as read: its data and the places of its keys."""

    name: str
    data: dict[str, Any]
    places: dict[KeyPath, Place]


def _read(file: Path, shown: str) -> _Source:
    try:
        raw = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsRefused(
            [Problem(shown, 1, 1, "", "E100", _("文件不是 UTF-8 编码，第 {at} 个字节读不出来", at=error.start + 1))]
        ) from error
    except OSError as error:
        raise SettingsRefused(
            [Problem(shown, 1, 1, "", "E100", _("文件读不出来：{reason}", reason=error.strerror or error))]
        ) from error
    try:
        return _Source(shown, tomllib.loads(raw), places_of(raw))
    except tomllib.TOMLDecodeError as error:
        line, column = _decode_place(str(error), raw)
        reason = str(error).split(" (at")[0]
        raise SettingsRefused(
            [Problem(shown, line, column, "", "E100", _("这一行不合 TOML 的写法：{reason}", reason=reason))]
        ) from error


def _decode_place(message: str, raw: str) -> tuple[int, int]:
    numbers = [int(word.strip(",)")) for word in message.replace("(at", " ").split() if word.strip(",)").isdigit()]
    return (numbers[-2], numbers[-1]) if len(numbers) >= 2 else (raw.count("\n") + 1, 1)


def load(home: Path, code: str | None = None, *, text: str | None = None, plugins: bool = True) -> Settings:
    """Read and check the settings of one county.

    ``text`` checks a wish instead of the file on disk (the settings page); ``plugins`` False leaves plugin tables
    unread, for ``--no-plugins``. Raises ``SettingsRefused`` with every problem, ``NotFound`` for an unknown county.
    """
    file = county_file(home, code)
    shown = os.path.relpath(file, home)
    source = _read(file, shown) if text is None else _read_text(text, shown)
    platform = _read(platform_file(home), "platform.toml")
    check = _Checker([source, platform])
    sections = {name: check.section(name, model) for name, model in SECTIONS.items()}
    check.unknown_tables()
    models = check.plugin_tables() if plugins else {}
    if check.problems:
        raise SettingsRefused(sorted(check.problems, key=lambda p: (p.file, p.line, p.column)))
    return Settings(
        home=home,
        file=file,
        plugin=models,
        plugin_tables=source.data.get("plugin", {}),
        origins=check.origins,
        **sections,
    )


def _read_text(text: str, shown: str) -> _Source:
    try:
        return _Source(shown, tomllib.loads(text), places_of(text))
    except tomllib.TOMLDecodeError as error:
        line, column = _decode_place(str(error), text)
        raise SettingsRefused([Problem(shown, line, column, "", "E100", str(error))]) from error


class _Checker:
    """Checks every section and gathers problems instead of stopping at the first."""

    def __init__(self, sources: list[_Source]) -> None:
        self.sources = sources
        self.problems: list[Problem] = []
        self.origins: dict[str, Origin] = {}

    def section(self, name: str, model: type[BaseModel]) -> Any:
        """The section as a frozen model, merged from platform, county and environment."""
        merged: dict[str, Any] = {}
        owner: dict[str, _Source] = {}
        for source in reversed(self.sources):
            table = source.data.get(name, {})
            if not isinstance(table, dict):
                self._add(source, (name,), "E102", _("{key} 应当是一个表，写成 [{key}]", key=name))
                continue
            merged.update(table)
            owner.update(dict.fromkeys(table, source))
        for variable, (section, key) in ENVIRONMENT.items():
            if section == name and os.environ.get(variable):
                merged[key] = os.environ[variable]
                self.origins[f"{name}.{key}"] = Origin(variable)
                owner.pop(key, None)
        return self._validate((name,), model, merged, owner)

    def _validate(
        self, prefix: KeyPath, model: type[BaseModel], merged: dict[str, Any], owner: Mapping[str, _Source]
    ) -> Any:
        dotted = ".".join(prefix)
        for key, field_info in model.model_fields.items():
            if key in owner:
                place = place_of(owner[key].places, (*prefix, key))
                self.origins[f"{dotted}.{key}"] = Origin(owner[key].name, place.line)
            else:
                self.origins.setdefault(f"{dotted}.{key}", Origin("default"))
            del field_info
        try:
            return model.model_validate(merged)
        except ValidationError as error:
            for detail in error.errors():
                path = (*prefix, *(str(part) for part in detail["loc"]))
                source = owner.get(str(detail["loc"][0]), self.sources[0]) if detail["loc"] else self.sources[0]
                self._explain(source, path, prefix, detail, model)
            return None

    def _explain(self, source: _Source, path: KeyPath, prefix: KeyPath, detail: Any, model: type[BaseModel]) -> None:
        key = ".".join(path)
        match detail["type"]:
            case "extra_forbidden":
                near = difflib.get_close_matches(path[-1], list(model.model_fields), 1)
                hint = near[0] if near else None
                message = (
                    _("没有 {key} 这一项，是不是 {near}？", key=path[-1], near=hint)
                    if hint
                    else _("没有 {key} 这一项", key=path[-1])
                )
                self._add(source, path, "E101", message, hint)
            case "missing":
                self._add(source, path, "E103", _("缺少 {key}", key=key))
            case _:
                info = model.model_fields.get(path[len(prefix)])
                expected = expectation(info) if info else str(detail["msg"])
                given = repr(detail["input"])
                self._add(
                    source,
                    path,
                    "E102",
                    _("{key} 要{expected}，现在是 {given}", key=key, expected=expected, given=given),
                )

    def unknown_tables(self) -> None:
        """A table nobody knows is an error, with the nearest name."""
        known = [*SECTIONS, "plugin"]
        for source in self.sources:
            for name in source.data:
                if name not in known:
                    near = difflib.get_close_matches(name, known, 1)
                    hint = near[0] if near else None
                    message = (
                        _("没有 [{name}] 这个表，是不是 [{near}]？", name=name, near=hint)
                        if hint
                        else _("没有 [{name}] 这个表", name=name)
                    )
                    self._add(source, (name,), "E101", message, hint)

    def plugin_tables(self) -> dict[str, BaseModel]:
        """The settings model of each enabled plugin that has one, filled from ``[plugin.<name>]``."""
        from core.loading import find, find_manifest, known_names

        source = self.sources[0]
        county = source.data.get("county", {})
        enabled = county.get("plugins", []) if isinstance(county, dict) else []
        tables = source.data.get("plugin", {})
        if not isinstance(tables, dict) or not isinstance(enabled, list):
            return {}
        for name in enabled:
            if isinstance(name, str) and find(name) is None:
                near = difflib.get_close_matches(name, known_names(), 1)
                hint = near[0] if near else None
                if hint:
                    self._add(
                        source,
                        ("county", "plugins"),
                        "E101",
                        _("没有插件 {name}，是不是 {near}？", name=name, near=hint),
                        hint,
                    )
        filled: dict[str, BaseModel] = {}
        for name in sorted({*tables, *(name for name in enabled if isinstance(name, str))}):
            manifest = find_manifest(name) if name in enabled else None
            if manifest is None or manifest.settings is None:
                if tables.get(name) and manifest is not None:
                    self._add(source, ("plugin", name), "E101", _("插件 {name} 没有设置项", name=name))
                continue
            model = load_model(manifest.settings)
            table = tables.get(name, {})
            filled[name] = self._validate(("plugin", name), model, dict(table), dict.fromkeys(table, source))
        return {name: model for name, model in filled.items() if model is not None}

    def _add(self, source: _Source, path: KeyPath, code: str, message: str, hint: str | None = None) -> None:
        place = place_of(source.places, path)
        column = place.value_column if code == "E102" and path in source.places else place.column
        self.problems.append(Problem(source.name, place.line, column, ".".join(path), code, message, hint))


def load_model(reference: str) -> type[BaseModel]:
    """The settings model named by "module:Model"; a county's model always forbids unknown keys."""
    module, _colon, name = reference.partition(":")
    model: type[BaseModel] = getattr(importlib.import_module(module), name)
    if model.model_config.get("extra") == "forbid":
        return model
    return type(model.__name__, (model,), {"model_config": ConfigDict(extra="forbid"), "__module__": model.__module__})


def expectation(info: FieldInfo) -> str:
    """What a key takes, in words: type, choices and range."""
    choices = get_args(info.annotation)
    if choices and all(isinstance(choice, str) for choice in choices):
        return _("填 {choices} 之一", choices=listed(choices))
    limits = {type(limit).__name__: limit for limit in info.metadata}
    if info.annotation is int:
        low, high = getattr(limits.get("Ge"), "ge", None), getattr(limits.get("Le"), "le", None)
        if low is not None and high is not None:
            return _("填 {low} 到 {high} 的整数", low=low, high=high)
        return _("填整数")
    if info.annotation is bool:
        return _("填 true 或 false")
    if info.annotation is str:
        return _("填文字（{about}）", about=_(info.description)) if info.description else _("填文字")
    return _('填成列表，例如 ["a", "b"]') if "list" in str(info.annotation) else _("填对应的值")
