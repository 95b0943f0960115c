"""Found a county: folders, county file, keys, database, areas, the first accounts, the handbook's policy.

No account has a password: the first administrator comes from ``user add`` with a one-time code.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import tomlkit
from sqlalchemy import Connection, insert, update
from sqlmodel import col

from core import loading, migrating
from core.database import Database
from core.errors import Clash, Objection, Refused
from core.host import Clock, Host
from core.identity.models.accounts import Account, Grant
from core.identity.models.exclusions import RoleExclusion
from core.keys import Vault
from core.models.plugins import AdmittedPlugin
from core.models.state import State
from core.roles import BUILT_IN, ROLES, SHELL, exclusions
from core.sequences import take_ids
from core.settings import Settings, counties_folder, load
from core.texts import _
from core.work import Actor


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a new county needs. ``areas`` is a CSV of code, name, level; ``database_url`` "" is a SQLite file.

    ``mark`` says for ever what the database was made for: one-click sign-in and numbers of the test area 999 exist in
    a database with a mark only, and nothing but founding writes it.
    """

    home: Path
    code: str
    name: str
    areas: Path
    plugins: Sequence[str] = ()
    database_url: str = ""
    mark: Literal["", "demo", "tests"] = ""


@dataclass(frozen=True)
class Founded:
    """What was made: the county file, how many areas of each level, and every plugin switched on."""

    file: Path
    areas: dict[str, int]
    plugins: list[str]
    brought: list[str] = field(default_factory=list)


def found(wish: Founding, clock: Clock | None = None) -> Founded:
    """Make a county; refused when it is there already, and nothing half made is left behind on a refusal."""
    from core.households.areas import import_areas, read_area_file

    _check(wish)
    rows = read_area_file(wish.areas)
    plugins, brought = with_requirements(wish.plugins)
    clock = clock or Clock()
    _make_folders(wish.home)
    file = _write_county_file(wish, plugins)
    try:
        settings = load(wish.home, wish.code)
        key = settings.keys_folder / f"{wish.code}.key"
        if not key.exists():
            Vault.create(key)
        _make_database(settings, clock.now())
        host = Host(settings, clock=clock)
        founder = Actor(account_id=1, name=SHELL, operating_user=os.environ.get("USER", ""))
        with host.begin(founder, edge="command") as work:
            connection = work.session.connection()
            _plant_state(connection, wish.mark)
            counts = import_areas(work, rows, founding=True)
            _plant_accounts(connection, wish.code, work.now, work.today)
            host.policies.plant(connection, work.now)
            work.record("county.founded", f"county:{wish.code}", plugins=plugins, areas=counts)
        host.close()
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return Founded(file, counts, plugins, brought)


def _check(wish: Founding) -> None:
    objections = []
    if not re.fullmatch(r"\d{6}", wish.code):
        objections.append(
            Objection(reason=_("区划代码是六位数字，现在是 {code}", code=wish.code), field="code", code="E_DIV_CODE")
        )
    for name in wish.plugins:
        if loading.find(name) is None:
            import difflib

            near = difflib.get_close_matches(name, loading.known_names(), 1)
            objections.append(
                Objection(
                    reason=_("没有插件 {name}", name=name),
                    field="plugins",
                    code="E_PLUGIN_UNKNOWN",
                    hint=near[0] if near else None,
                )
            )
    if objections:
        raise Refused(objections)
    file = counties_folder(wish.home) / f"{wish.code}.toml"
    if file.exists():
        raise Clash(_("{code} 已经建好了（{file}），没有改动", code=wish.code, file=file))
    database = wish.home / "data" / f"{wish.code}.db"
    if not wish.database_url and database.exists():
        raise Clash(_("{file} 已存在，没有改动。请先移走旧数据库", file=database))


def with_requirements(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The plugins asked for together with what they stand on; the second list is what was brought along."""
    wanted: list[str] = []
    for name in names:
        for one in [*loading.requirements(name), name]:
            if one not in wanted:
                wanted.append(one)
    return wanted, [name for name in wanted if name not in names]


def _make_folders(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    for folder in (home / "data", counties_folder(home), home / "cache"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _write_county_file(wish: Founding, plugins: Sequence[str]) -> Path:
    document = tomlkit.document()
    document.add(tomlkit.comment(_("本县的设置。检查：huimin config check；每一项的说明：huimin config schema")))
    county = tomlkit.table()
    county["code"] = wish.code
    county["name"] = wish.name
    county["plugins"] = list(plugins)
    county["plugins"].comment(_("启用的插件，顺序不限"))
    document["county"] = county
    database = tomlkit.table()
    database["url"] = wish.database_url or f"sqlite:///data/{wish.code}.db"
    database["url"].comment(_("PostgreSQL 写 postgresql://…，密码放环境变量"))
    document["database"] = database
    file = counties_folder(wish.home) / f"{wish.code}.toml"
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    return file


def _make_database(settings: Settings, now: datetime) -> None:
    database = Database(settings.database_url)
    if database.file:
        database.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database.file.touch(mode=0o600)
    migrating.import_models(migrating.core_models())
    migrating.upgrade(database, [migrating.CORE])
    with database.transaction(write=True) as connection:
        admit_bundled(connection, now)
    migrating.upgrade(database, plugin_lines(settings.county.plugins))
    database.close()


def plugin_lines(names: Sequence[str]) -> list[migrating.Line]:
    """The migration lines of plugins, in the order they must run."""
    lines = []
    for name in with_requirements(names)[0]:
        plugin, manifest = loading.find(name), loading.find_manifest(name)
        if plugin is None or manifest is None:
            continue
        if manifest.models:
            migrating.import_models([manifest.models])
        line = migrating.line_of(manifest, plugin.package)
        if line:
            lines.append(line)
    return lines


def admit_bundled(connection: Connection, now: datetime) -> None:
    """Admit every plugin that comes with Huimin, at its present version."""
    from sqlalchemy import select

    known = set(connection.scalars(select(col(AdmittedPlugin.name))))
    for name, plugin in loading.bundled().items():
        manifest = loading.find_manifest(name)
        if manifest is None:
            continue
        values = {"version": manifest.version, "bundled": True, "digest": loading.digest(plugin), "admitted_at": now}
        if name in known:
            connection.execute(update(AdmittedPlugin).where(col(AdmittedPlugin.name) == name).values(**values))
        else:
            connection.execute(insert(AdmittedPlugin).values(name=name, **values))


def _plant_state(connection: Connection, mark: str) -> None:
    rows = [{"name": "generation", "value": "1"}]
    if mark:
        rows.append({"name": mark, "value": datetime.now(UTC).isoformat(timespec="seconds")})
    connection.execute(insert(State), rows)


def _plant_accounts(connection: Connection, area: str, now: datetime, today: object) -> None:
    connection.execute(insert(RoleExclusion), [{"role": role, "other": other} for role, other in exclusions(ROLES)])
    titles = {role.name: role.title for role in ROLES}
    for number, name in zip(take_ids(connection, "identity_account", len(BUILT_IN)), BUILT_IN, strict=True):
        connection.execute(insert(Account).values(id=number, name=name, title=titles[name], created_at=now))
        connection.execute(insert(Grant).values(account_id=number, role=name, area=area, valid_from=today))


def founded(home: Path, code: str) -> bool:
    """Whether a county of this code is in this home."""
    return (counties_folder(home) / f"{code}.toml").is_file()
