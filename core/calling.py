"""How a hook is called: one way per family, one implementation at a time, and the plugin that failed is named.

pluggy keeps the specifications, checks arguments and holds the registry; it stops at the first exception without
saying whose it was, so the host calls the implementations itself.
"""

import importlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any, get_args, get_origin, get_type_hints

import pluggy

from core.breaker import Breaker
from core.errors import HuiminError, Objection, PluginFailed, Refused, TryAgain
from core.extension import RowObjection
from core.texts import _

log = logging.getLogger("huimin.plugins")

MONEY = ("check_allocation", "check_payments")
"""The vetoes of money: a degraded plugin is not asked, what it would be asked about is refused."""

FAMILIES = ("register", "check", "show", "resolve", "after")
SLOW_SECONDS = 0.8
"""From here on a ``show_`` hook is noted as slow; what it brought is shown all the same: the wait is over."""

ENTRIES_MAX = 200_000
"""So many entries an answer may have; a generator without an end is left at the next one."""


class CallFailed(Exception):
    """An implementation raised, or answered with something it must not."""


@dataclass(frozen=True)
class Shown:
    """What one plugin brought to a page: its entries, or the number under which its failure stands in the log."""

    plugin: str
    entries: tuple[Any, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class Traced:
    """One call: hook, plugin, seconds, and the failure if there was one."""

    hook: str
    plugin: str
    seconds: float
    failure: str = ""


def _no_schemes(_plugin: str) -> frozenset[str]:
    return frozenset()


@dataclass
class Hooks:
    """The hooks of one Host. ``order`` is the plugins' order: dependencies first, then alphabet.

    ``schemes_on`` tells the schemes of a plugin and of those that stand on it.
    """

    manager: pluggy.PluginManager
    order: Sequence[str]
    trace: list[Traced] | None = None
    breaker: Breaker = field(default_factory=Breaker)
    schemes_on: Callable[[str], frozenset[str]] = _no_schemes
    failures: list[Traced] = field(default_factory=list)

    def _implementations(self, hook: str) -> list[tuple[str, Callable[..., Any], tuple[str, ...]]]:
        caller = getattr(self.manager.hook, hook, None)
        if caller is None:
            raise LookupError(f"no hook is named {hook}")
        found = {item.plugin_name: item for item in caller.get_hookimpls()}
        return [(name, found[name].function, found[name].argnames) for name in self.order if name in found]

    def implementers(self, hook: str) -> list[str]:
        """Names of the plugins that answer a hook, in calling order."""
        return [name for name, _function, _arguments in self._implementations(hook)]

    def _call(self, hook: str, plugin: str, function: Callable[..., Any], given: dict[str, Any]) -> Any:
        started = time.perf_counter()
        failure = ""
        try:
            answer = function(**given)
            # A generator runs when it is read: read it here, where its author can be named.
            return _within(answer) if isinstance(answer, Iterator) else answer
        except KeyboardInterrupt:  # whoever sits at the keyboard ends the command; nothing is committed
            raise
        except BaseException as error:
            failure = f"{type(error).__name__}: {_said(error)}"
            if isinstance(error, HuiminError) and not isinstance(error, PluginFailed):
                raise
            raise _why(error, failure) from error
        finally:
            if self.trace is not None:
                self.trace.append(Traced(hook, plugin, time.perf_counter() - started, failure))

    def _entries(self, hook: str, plugin: str, function: Callable[..., Any], given: dict[str, Any]) -> tuple[Any, ...]:
        answer = self._call(hook, plugin, function, given)
        if answer is None:
            return ()
        wanted = _answer_types(getattr(self.manager.hook, hook).spec)
        names = "/".join(kind.__name__ for kind in wanted) or "…"
        if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
            raise CallFailed(_("应当返回一列 {wanted}，返回的是 {given}", wanted=names, given=type(answer).__name__))
        try:
            entries = tuple(_within(answer))
        except CallFailed:
            raise
        except Exception as error:  # noqa: BLE001 - a list of the plugin's own making may raise when it is read
            raise _why(error, f"{type(error).__name__}: {_said(error)}") from error
        for entry in entries:
            if wanted and not isinstance(entry, wanted):
                raise CallFailed(_("应当返回一列 {wanted}，返回的是 {given}", wanted=names, given=type(entry).__name__))
        return entries

    def collect(self, hook: str, quarantine: Callable[[str, str], None], **given: Any) -> list[tuple[str, Any]]:
        """``register_``: every entry with the plugin it comes from; a plugin that fails is quarantined."""
        gathered: list[tuple[str, Any]] = []
        for plugin, function, arguments in self._implementations(hook):
            try:
                entries = self._entries(hook, plugin, function, _chosen(given, arguments))
            except (CallFailed, HuiminError) as error:
                quarantine(plugin, f"{hook}: {error}")
                continue
            gathered.extend((plugin, entry) for entry in entries)
        return gathered

    def check(self, hook: str, **given: Any) -> None:
        """``check_``: raises ``Refused`` with all objections; a plugin that fails refuses the act and is named."""
        objections: list[Objection] = []
        for plugin, function, arguments in self._implementations(hook):
            if hook in MONEY and plugin in self.breaker.degraded:
                objections.extend(self._refusals(plugin, given))
                continue
            try:
                found = self._entries(hook, plugin, function, _chosen(given, arguments))
            except CallFailed as error:
                number = self._note(hook, plugin, error)
                reason = _("插件 {plugin} 没能完成检查，本次没有写入（编号 {number}）", plugin=plugin, number=number)
                objections.append(Objection(reason=reason, code="E_PLUGIN", plugin=plugin))
                if _spoilt_by(error):
                    break
                continue
            objections.extend(replace(objection, plugin=plugin) for objection in found)
        if objections:
            raise Refused(objections)

    def check_rows(self, hook: str, **given: Any) -> list[RowObjection]:
        """``check_`` over a batch: objections by row from every plugin; a plugin that fails refuses the batch."""
        objections: list[RowObjection] = []
        for plugin, function, arguments in self._implementations(hook):
            if hook in MONEY and plugin in self.breaker.degraded:
                if refusals := self._refusals(plugin, given):
                    raise Refused(refusals)
                continue
            try:
                objections.extend(self._entries(hook, plugin, function, _chosen(given, arguments)))
            except CallFailed as error:
                number = self._note(hook, plugin, error)
                reason = _("插件 {plugin} 没能完成检查，本次没有写入（编号 {number}）", plugin=plugin, number=number)
                raise Refused([Objection(reason=reason, code="E_PLUGIN", plugin=plugin)]) from error
        return objections

    def _refusals(self, plugin: str, given: Mapping[str, Any]) -> list[Objection]:
        """Why a degraded plugin stands in the way of money; nothing for schemes that are not its own, if it has any."""
        own = self.schemes_on(plugin)
        scheme = given["scheme"] if "scheme" in given else given["payments"].scheme
        if own and scheme not in own:
            return []
        reason = _("插件 {plugin} 出错太多，已降级，没有它的检查不能办理。请管理员恢复它或停用它", plugin=plugin)
        return [Objection(reason=reason, code="E_DEGRADED", plugin=plugin)]

    def announce(self, hook: str, **given: Any) -> None:
        """``<thing>_<past verb>``: every plugin hears the fact inside the transaction; a failure rolls it back."""
        for plugin, function, arguments in self._implementations(hook):
            try:
                self._call(hook, plugin, function, _chosen(given, arguments))
            except CallFailed as error:
                raise self._failed(hook, plugin, error) from error

    def run(self, what: str, plugin: str, act: Callable[[], Any]) -> Any:
        """Run what a plugin registered, such as the check of an import; ``PluginFailed`` names it when it fails."""
        try:
            return self._call(what, plugin, act, {})
        except CallFailed as error:
            raise self._failed(what, plugin, error) from error

    def resolve(self, hook: str, **given: Any) -> Any:
        """``resolve_``: the first answer that is not None; a failure rolls the act back."""
        for plugin, function, arguments in self._implementations(hook):
            try:
                answer = self._call(hook, plugin, function, _chosen(given, arguments))
            except CallFailed as error:
                raise self._failed(hook, plugin, error) from error
            if answer is not None:
                return answer
        return None

    def show(self, hook: str, **given: Any) -> list[Shown]:
        """``show_``: what each plugin brings to a page; one that fails loses only its own part, a degraded one too."""
        shown: list[Shown] = []
        work = given.get("work")
        for plugin, function, arguments in self._implementations(hook):
            if plugin in self.breaker.degraded:
                shown.append(Shown(plugin, failure=self.breaker.degraded[plugin].number))
                continue
            started = time.perf_counter()
            try:
                with _fence(work):
                    entries = self._entries(hook, plugin, function, _chosen(given, arguments))
            except (CallFailed, HuiminError) as error:
                shown.append(Shown(plugin, failure=self._note(hook, plugin, error)))
                continue
            if time.perf_counter() - started > SLOW_SECONDS:
                log.warning("%s %s took more than %s seconds", plugin, hook, SLOW_SECONDS)
            if entries:
                shown.append(Shown(plugin, entries))
        return shown

    def deliver(self, hook: str, plugin: str, **given: Any) -> None:
        """``after_``: hand one outbox row to one plugin; the jobs thread retries and parks what raises."""
        for name, function, arguments in self._implementations(hook):
            if name == plugin:
                try:
                    self._call(hook, plugin, function, _chosen(given, arguments))
                except CallFailed as error:
                    raise self._failed(hook, plugin, error) from error

    def _note(self, hook: str, plugin: str, error: Exception) -> str:
        number = incident()
        log.error("%s %s %s: %s", number, plugin, hook, error, exc_info=error.__cause__ or error)
        self.failures.append(Traced(hook, plugin, 0.0, f"{number} {error}"))
        if isinstance(error, CallFailed):
            self.breaker.note(plugin, hook, number)
        return number

    def _failed(self, hook: str, plugin: str, error: Exception) -> PluginFailed:
        number = self._note(hook, plugin, error)
        reason = _(
            "插件 {plugin} 在 {hook} 出错，本次没有写入（编号 {number}）", plugin=plugin, hook=hook, number=number
        )
        return PluginFailed(plugin, hook, reason)


def _within(answer: Iterable[Any]) -> list[Any]:
    entries = list(islice(answer, ENTRIES_MAX + 1))
    if len(entries) > ENTRIES_MAX:
        raise CallFailed(_("一次返回了 {most} 项以上", most=ENTRIES_MAX))
    return entries


def _spoilt_by(error: CallFailed) -> bool:
    """Whether a query failed: PostgreSQL then answers nobody else, who would be blamed for it."""
    from sqlalchemy.exc import DBAPIError

    return isinstance(error.__cause__, DBAPIError)


def _why(error: BaseException, failure: str) -> Exception:
    """``TryAgain`` when the database was busy, full or away, for which no plugin is to blame; else ``CallFailed``."""
    from sqlalchemy.exc import OperationalError

    from core.database import as_try_again

    said = as_try_again(error, error.orig) if isinstance(error, OperationalError) else None
    return said if isinstance(said, TryAgain) else CallFailed(failure)


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error that cannot even say what it is
        return "?"


def incident() -> str:
    """A short number that stands on the page and in the log, without letters that are easily mixed up."""
    return "E-" + "".join(secrets.choice("23456789ACDEFGHJKLMNPQRSTUVWXYZ") for _position in range(6))


@cache
def _answer_types(spec: Any) -> tuple[type, ...]:
    """What a hook's entries must be, read once from its annotation."""
    answer = _hints(spec.function).get("return") if spec else None
    inner = get_args(answer)[0] if get_origin(answer) is not None and get_args(answer) else None
    kinds = get_args(inner) or (inner,)
    return tuple(kind for kind in kinds if isinstance(kind, type) and kind not in (object, Any))


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The types a hook names. Those in quotes stand in its plugin's ``api``, which is imported when one answers.

    The hooks themselves are read by every command.
    """
    try:
        return get_type_hints(function)
    except NameError:
        api = importlib.import_module(f"{function.__module__.rpartition('.')[0]}.api")
        return get_type_hints(function, localns=vars(api))


def _chosen(given: dict[str, Any], arguments: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in arguments if name in given}


@contextmanager
def _fence(work: Any) -> Iterator[None]:
    """Keep a failed query of a panel from spoiling the page's transaction (PostgreSQL aborts it as a whole)."""
    session = getattr(work, "session", None)
    if session is None or work.host.database.dialect == "sqlite":
        yield
        return
    from core.database import held_in_words

    with session.begin_nested(), held_in_words(session.connection()):
        yield
