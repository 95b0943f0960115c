"""Host: one county put together. Settings, enabled plugins, database and keys meet here and nowhere else."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import loading
from core.asking import Question
from core.breaker import Breaker, degraded_in
from core.calling import Hooks, Traced
from core.database import Database, Watch
from core.disk import room
from core.errors import Clash, Fault, NotFound, Unconfirmed
from core.extension import (
    Detector,
    FundAccount,
    Import,
    Job,
    MenuItem,
    Permission,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    Scheme,
)
from core.keys import Vault
from core.models.plugins import AdmittedPlugin
from core.models.state import State, Submission
from core.policy import Policies
from core.roles import ADMINISTRATORS, SHELL, SHELL_STANDS_FOR, SYSTEM
from core.sample import say_sample
from core.settings import Settings
from core.tables import columns
from core.texts import _, add_catalogue, listed
from core.work import Actor, HeldSession, Undo, UnitOfWork

FOR_ALL = frozenset({"core.desk"})
"""What every role may, that of a plugin too."""

REGISTERS = {
    "register_roles": ("name", "_fit_role"),
    "register_permissions": ("name", "_fit_permission"),
    "register_policies": ("name", "_fit_policy"),
    "register_menu": ("path", "_fit_menu"),
    "register_jobs": ("name", "_fit_named"),
    "register_reports": ("name", "_fit_report"),
    "register_imports": ("name", "_fit_import"),
    "register_retention_rules": ("name", "_fit_named"),
    "register_schemes": ("name", "_fit_scheme"),
    "register_detectors": ("name", "_fit_named"),
    "register_fund_accounts": ("code", "_fits_always"),
}
"""By hook, what an entry is called by and the rule it has to fit."""

_STATE, _ADMITTED = columns(State), columns(AdmittedPlugin)


class AlreadyDone(Clash):
    """This very form or request was carried out before; ``answer`` is what it answered then."""

    def __init__(self, answer: str) -> None:
        super().__init__(_("这份表单已经提交过，没有重复办理"))
        self.answer = answer


def _machine_time() -> datetime:
    return datetime.now(UTC)


def _seconds_passed() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # goes on while the machine sleeps, and nobody sets it


class Clock:
    """Where the time comes from; tests and the demo set it.

    ``machine`` tells the machine's time, ``passed`` seconds that only ever go on.
    """

    def __init__(
        self,
        fixed: datetime | None = None,
        *,
        machine: Callable[[], datetime] = _machine_time,
        passed: Callable[[], float] = _seconds_passed,
    ) -> None:
        self._machine, self._passed = machine, passed
        self._began = machine(), passed()
        self.set(fixed)

    @property
    def is_set(self) -> bool:
        """Whether somebody set the clock."""
        return self._fixed is not None

    def now(self) -> datetime:
        """The instant, aware and in UTC, to the microsecond."""
        return self._fixed or self._machine()

    @property
    def leapt(self) -> timedelta:
        """How far the machine's time ran ahead of what passed since this clock was made; nothing for one that is set.

        Whoever sets the machine right, or wrong, is seen until the process begins anew.
        """
        if self._fixed is not None:
            return timedelta(0)
        instant, seconds = self._began
        return self._machine() - instant - timedelta(seconds=self._passed() - seconds)

    def set(self, fixed: datetime | None) -> None:
        """Stand on an instant (aware), or go on with the machine's time (None)."""
        if fixed is not None and fixed.tzinfo is None:
            raise Fault("the clock needs an aware instant")
        self._fixed: datetime | None = fixed.astimezone(UTC) if fixed else None


class Host:
    """One county's settings, plugins and database.

    ``no_plugins`` starts the core alone; ``strict`` makes a quarantined plugin fatal; ``trace`` keeps every hook call.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        no_plugins: bool = False,
        strict: bool = False,
        trace: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.database = _existing(settings)
        self.quarantined: dict[str, str] = {}
        self.generation = self._generation()
        enabled = () if no_plugins else settings.county.plugins
        outcome = loading.load(enabled, self._admitted()) if enabled else loading.Outcome([], {}, {})
        self.quarantined.update({**outcome.missing, **outcome.quarantined})
        self.missing = frozenset(outcome.missing)
        manager, self.loaded = loading.build_manager([*loading.rooms(), *outcome.running], self._quarantine)
        self._trace: list[Traced] | None = [] if trace else None
        self._brought: dict[str, dict[str, Any]] = {}
        self._rights: dict[str, frozenset[str]] = {}
        self.breaker = Breaker(degraded_in(self) if outcome.running else {})
        order = [one.manifest.name for one in self.loaded]
        self.hooks = Hooks(manager, order, self._trace, self.breaker, self._schemes_on)
        self._add_catalogues()
        if strict and self.complete().quarantined:
            reasons = "\n".join(f"{name}: {reason}" for name, reason in sorted(self.quarantined.items()))
            self.close()
            raise loading.Unfit(_("有插件没能运行：\n{reasons}", reasons=reasons))

    # Registration

    def _quarantine(self, name: str, reason: str) -> None:
        if name in (loading.FRAME, *loading.ROOMS):
            raise Fault(f"{name}: {reason}")
        self.quarantined[name] = reason

    def _collect(self, hook: str) -> list[tuple[str, Any]]:
        return self.hooks.collect(hook, self._quarantine)

    def _add_catalogues(self) -> None:
        for one in self.loaded:
            if not one.room and one.module.__file__:
                from pathlib import Path

                add_catalogue(one.manifest.name, Path(one.module.__file__).parent / "locale")

    def _bring(self, register: str) -> Mapping[str, Any]:
        """What rooms and plugins bring to a register, by name; gathered when it is first asked for.

        A command that shows one household is done before the modules of every report and import were read. Whoever
        brings something unfit is taken out, and the rest is gathered without it.
        """
        while register not in self._brought:
            known = set(self.quarantined)
            found = self._unique(register)
            unfit = set(self.quarantined) - known
            if unfit:
                self._take_out(unfit)
            else:
                self._brought[register] = found
        return self._brought[register]

    def complete(self) -> "Host":
        """Gather every register, and so learn of each plugin that brings something unfit.

        For whoever tells how the plugins are, and for what serves in many threads.
        """
        while not self._brought.keys() >= REGISTERS.keys():
            for register in REGISTERS:
                self._bring(register)
        return self

    def _unique(self, register: str) -> dict[str, Any]:
        name, rule = REGISTERS[register]
        fit: Callable[[str, Any], str | None] = getattr(self, rule)
        found: dict[str, Any] = {}
        for plugin, entry in self._collect(register):
            key = getattr(entry, name)
            reason = None if self._is_room(plugin) else fit(plugin, entry)
            if (
                reason is None
                and key in found
                and not (register == "register_policies" and self._from_register(found[key]))
            ):
                reason = _("{key} 已经有了", key=key)
            if reason:
                self._quarantine(plugin, f"{register}: {reason}")
                continue
            found[key] = entry
        return found

    @staticmethod
    def _from_register(key: PolicyKey) -> bool:
        # The handbook's register stands in the core until the plugin that owns a key declares it itself.
        return key.document == "handbook"

    def _is_room(self, plugin: str) -> bool:
        return any(one.room and one.manifest.name == plugin for one in self.loaded)

    def _fit_named(self, plugin: str, entry: Any) -> str | None:
        if entry.name.startswith(f"{plugin}."):
            return None
        return _("{entry} 要以 {prefix} 开头", entry=entry.name, prefix=f"{plugin}.")

    _fit_policy = _fit_named

    def _fit_permission(self, plugin: str, entry: Permission) -> str | None:
        if entry.personal and set(entry.roles) & set(ADMINISTRATORS):
            return _("{entry} 涉及个人信息，不能给管理员", entry=entry.name)
        return self._fit_named(plugin, entry)

    def _fit_role(self, plugin: str, entry: Role) -> str | None:
        if entry.name.startswith(f"{plugin}_"):
            return None
        return _("{entry} 要以 {prefix} 开头", entry=entry.name, prefix=f"{plugin}_")

    def _fit_report(self, plugin: str, entry: Report) -> str | None:
        lost = set(entry.chart) - {column.name for column in entry.columns}
        if lost:
            return _("{entry} 的图用了没有的列 {names}", entry=entry.name, names=listed(sorted(lost)))
        return self._fit_name(plugin, entry)

    def _fit_name(self, plugin: str, entry: Report | Import) -> str | None:
        prefix = plugin.replace("_", "-")
        if entry.name == prefix or entry.name.startswith(f"{prefix}-"):
            return None
        return _("{entry} 要以 {prefix} 开头", entry=entry.name, prefix=f"{prefix}-")

    def _fit_import(self, plugin: str, entry: Import) -> str | None:
        if entry.permission not in self.permissions:
            return _("{entry} 要的权限 {right} 没有登记", entry=entry.name, right=entry.permission)
        return self._fit_name(plugin, entry)

    def _fit_scheme(self, plugin: str, entry: Scheme) -> str | None:
        if entry.name == plugin or entry.name.startswith(f"{plugin}_"):
            return None
        return _("{entry} 要以 {prefix} 开头", entry=entry.name, prefix=plugin)

    @staticmethod
    def _fits_always(_plugin: str, _entry: Any) -> str | None:
        return None

    def _fit_menu(self, plugin: str, entry: MenuItem) -> str | None:
        prefix = "/" + plugin.replace("_", "-")
        if entry.path == prefix or entry.path.startswith(f"{prefix}/"):
            return None
        return _("{entry} 要以 {prefix} 开头", entry=entry.path, prefix=prefix)

    def take_out(self, name: str, reason: str) -> None:
        """Quarantine a plugin after the host was built, for what only the web application can see of it."""
        self._quarantine(name, reason)
        self._take_out({name})

    def _take_out(self, names: set[str]) -> None:
        gone = set(names)
        for one in self.loaded:
            lost = gone.intersection(one.manifest.requires)
            if lost and one.manifest.name not in gone:
                self._quarantine(one.manifest.name, _("要用到的插件没有运行：{names}", names=listed(sorted(lost))))
                gone.add(one.manifest.name)
        for one in self.loaded:
            if one.manifest.name in gone:
                self.hooks.manager.unregister(one.module)
        self.loaded = [one for one in self.loaded if one.manifest.name not in gone]
        self.hooks.order = [one.manifest.name for one in self.loaded]
        self._brought.clear()
        self._rights.clear()
        self.__dict__.pop("policies", None)

    def _schemes_on(self, plugin: str) -> frozenset[str]:
        """The schemes of a plugin and of all that stand on it."""
        names = {plugin}
        for one in self.loaded:  # whoever is stood on comes first
            if names.intersection(one.manifest.requires):
                names.add(one.manifest.name)
        return frozenset(scheme for scheme in self.schemes if self.plugin_behind(scheme) in names)

    def _rights_for(self, role: str) -> frozenset[str]:
        if role == SHELL:
            return frozenset(name for name, right in self.permissions.items() if self._shell_may(right))
        if role == SYSTEM:
            return frozenset(name for name, right in self.permissions.items() if not right.second_person)
        own = frozenset(name for name, right in self.permissions.items() if role in right.roles)
        return own | (FOR_ALL & self.permissions.keys())  # whoever holds a role of a plugin has a desk too

    def _shell_may(self, right: Permission) -> bool:
        narrowed = self.settings.security.shell == "admin"
        stands_for = ADMINISTRATORS if narrowed else SHELL_STANDS_FOR
        if right.second_person:
            return False
        return bool(set(right.roles) & set(stands_for)) or (right.shell and not narrowed)

    # Questions

    @property
    def roles(self) -> Mapping[str, Role]:
        """The roles of this county, by name."""
        return self._bring("register_roles")

    @property
    def permissions(self) -> Mapping[str, Permission]:
        """The rights that rooms and plugins declare, by name."""
        return self._bring("register_permissions")

    @property
    def schemes(self) -> Mapping[str, Scheme]:
        """The schemes that money is paid under, by name."""
        return self._bring("register_schemes")

    @property
    def fund_accounts(self) -> Mapping[str, FundAccount]:
        """The accounts of the ledger, by code."""
        return self._bring("register_fund_accounts")

    @property
    def jobs(self) -> Mapping[str, Job]:
        """What is done by the clock, by name."""
        return self._bring("register_jobs")

    @property
    def reports(self) -> Mapping[str, Report]:
        """The reports, by name."""
        return self._bring("register_reports")

    @property
    def imports(self) -> Mapping[str, Import]:
        """The spreadsheets that can be taken in, by name."""
        return self._bring("register_imports")

    @property
    def retention_rules(self) -> Mapping[str, RetentionRule]:
        """What is kept how long, by name."""
        return self._bring("register_retention_rules")

    @property
    def detectors(self) -> Mapping[str, Detector]:
        """What looks through a batch before it is paid, by name."""
        return self._bring("register_detectors")

    @property
    def menu(self) -> list[MenuItem]:
        """What stands in the menu, in its order."""
        return sorted(self._bring("register_menu").values(), key=lambda item: (item.order, item.path))

    @cached_property
    def policies(self) -> Policies:
        """What may be set for a time, and what was set."""
        keys = self._bring("register_policies").values()
        return Policies(keys, confirm_before_use=self.settings.policy.confirm_before_use)

    @cached_property
    def keys(self) -> Vault:
        """The county's keys; read when first needed, so that help and checks do without them."""
        return Vault.open(self.settings.key_file)

    @cached_property
    def is_demo(self) -> bool:
        """Whether the database carries the mark that only founding writes, and that stays for ever."""
        return self.state("demo") is not None

    @property
    def trace(self) -> list[Traced]:
        """Every hook call so far, when the host was started to keep them."""
        return self._trace or []

    def permission(self, name: str) -> Permission:
        """A declared right; asking for one that nobody declared is our own fault."""
        try:
            return self.permissions[name]
        except KeyError:
            raise Fault(f"no plugin or room declares the permission {name}") from None

    def rights_of(self, role: str) -> frozenset[str]:
        """The rights of a role; a role whose plugin is off has none."""
        if role not in self.roles:
            return frozenset()
        if role not in self._rights:
            self._rights[role] = self._rights_for(role)
        return self._rights[role]

    def plugin(self, name: str) -> loading.Loaded:
        """A running plugin or room by name; raises ``NotFound``."""
        for one in self.loaded:
            if one.manifest.name == name:
                return one
        raise NotFound(_("没有运行中的插件 {name}", name=name))

    def plugin_behind(self, scheme: str) -> str:
        """The plugin that brought a scheme: the longest name it begins with."""
        names = [one.manifest.name for one in self.loaded]
        return max((name for name in names if scheme == name or scheme.startswith(f"{name}_")), key=len, default="")

    # Work

    @contextmanager
    def begin(
        self,
        actor: Actor,
        *,
        write: bool = True,
        dry_run: bool = False,
        key: str | None = None,
        request_hash: bytes = b"",
        edge: str = "page",
        now: datetime | None = None,
    ) -> Iterator[UnitOfWork]:
        """Open a unit of work; commits at the end of the block, rolls back when it raises or is a dry run.

        ``key`` is a one-time key: the second time ``AlreadyDone`` carries the first answer, and another body under
        the same key raises ``Clash``.
        """
        say_sample(self.is_demo)
        watch, undoing = Watch(), list[Undo]()
        try:
            with (
                self.breaker.around(self, counts=not dry_run and edge != "public"),
                room(),
                self.database.transaction(write=write, watch=watch) as connection,
            ):
                if write and "keys" in self.__dict__:
                    # A key may have been exchanged beside a running server: what an act seals, it seals with the new.
                    self.keys.refresh()
                session = HeldSession(bind=connection, expire_on_commit=False)
                work = UnitOfWork(self, actor, session, now or self.clock.now(), edge, write, watch, undoing=undoing)
                try:
                    submission = _take_key(work, key, request_hash) if key else None
                    yield work
                    if submission:
                        submission.answer = work.answer
                    work.finish()
                    if dry_run:
                        raise _DryRun
                finally:
                    session.end()
            undoing.clear()
        except _DryRun:
            return
        except Unconfirmed:
            undoing[:] = [undo for undo in undoing if undo.in_doubt]
            raise
        finally:
            for undo in reversed(undoing):
                undo.act()

    def look(self, actor: Actor, *, edge: str = "page") -> Any:
        """Open a unit of work that only reads."""
        return self.begin(actor, write=False, edge=edge)

    # Life

    def _admitted(self) -> dict[str, str]:
        try:
            with self.database.transaction(write=False) as connection:
                rows = connection.execute(select(_ADMITTED.name, _ADMITTED.digest, _ADMITTED.bundled))
                return {row.name: "" if row.bundled else row.digest for row in rows}
        except self.database.troubles:
            return {}

    def _generation(self) -> int:
        try:
            with self.database.transaction(write=False) as connection:
                return generation_in(connection)
        except self.database.troubles:
            return 0

    def state(self, name: str) -> str | None:
        """A fact about this database: ``generation``, ``demo``, ``restored``."""
        with self.database.transaction(write=False) as connection:
            return connection.scalar(select(_STATE.value).where(_STATE.name == name))

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()


def _existing(settings: Settings) -> Database:
    """The county's database; a SQLite file that is gone is not quietly made anew."""
    database = Database(settings.database_url)
    if database.file is not None and not database.file.is_file():
        raise NotFound(_("没有找到数据库 {file}，请从备份恢复", file=database.file))
    return database


class _DryRun(Exception):
    """Rolls a dry run back on its way out."""


def _take_key(work: UnitOfWork, key: str, request_hash: bytes) -> Submission:
    _refuse_done(work, key, request_hash)
    submission = Submission(account_id=work.actor.account_id, key=key, request_hash=request_hash, at=work.now)
    try:
        with work.session.begin_nested():  # a second process with the same key waits here for the first
            work.session.add(submission)
    except IntegrityError as error:
        _refuse_done(work, key, request_hash)
        raise Clash(_("同一份表单正在办理，请稍后查看结果")) from error
    work.watch.wrote = False  # the key alone is no act that needs a record
    return submission


def _refuse_done(work: UnitOfWork, key: str, request_hash: bytes) -> None:
    done = work.session.get(Submission, (work.actor.account_id, key))
    if done is None:
        return
    if done.request_hash != request_hash:
        raise Clash(_("这个提交编号已经用过，内容不同。请重新打开表单再提交"))
    raise AlreadyDone(done.answer)


def generation_in(connection: Any) -> int:
    """The number that every change of plugins or settings raises; processes compare it at each request."""
    found = _GENERATION.rows(connection, {})
    return int(found[0].value) if found else 0


_GENERATION = Question(select(_STATE.value).where(_STATE.name == "generation"))
