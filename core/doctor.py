"""Ask the core and every plugin whether all is well; a question that fails is a finding itself."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.calling import CallFailed
from core.errors import HuiminError, Objection, Refused
from core.extension import HealthCheck
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host


@dataclass(frozen=True)
class Finding:
    """One thing to mend: which question, of whom, and one sentence that says what to do."""

    check: str
    plugin: str
    title: str
    message: str


@dataclass(frozen=True)
class Examined:
    """What an examination found, and how many questions were asked."""

    findings: tuple[Finding, ...]
    asked: int

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def examine(host: "Host") -> Examined:
    """Ask everybody; writes nothing."""
    findings: list[Finding] = []

    def broken(plugin: str, reason: str) -> None:
        findings.append(Finding("register_health_checks", plugin, plugin, _unanswered(plugin, reason)))

    questions = host.hooks.collect("register_health_checks", broken)
    findings += [found for plugin, question in questions if (found := _ask(host, plugin, question)) is not None]
    return Examined(tuple(findings), len(questions))


def refuse_unfit(host: "Host") -> None:
    """Go on to serve only when no fatal question finds anything; raises ``Refused`` (``E_UNFIT``) with all of it."""
    questions = host.hooks.collect("register_health_checks", lambda _plugin, _reason: None)
    found = [_ask(host, plugin, question) for plugin, question in questions if question.fatal]
    objections = [Objection(reason=one.message, code="E_UNFIT", field=one.check) for one in found if one is not None]
    if objections:
        raise Refused(objections)


def _ask(host: "Host", plugin: str, question: HealthCheck) -> Finding | None:
    try:
        message = host.hooks.run(f"health check {question.name}", plugin, partial(_answer, host, question))
    except HuiminError as error:
        message = _unanswered(plugin, error.message)
    return Finding(question.name, plugin, _(question.title), message) if message else None


def _answer(host: "Host", question: HealthCheck) -> str | None:
    answer = question.check(host)
    if answer is not None and not isinstance(answer, str):
        raise CallFailed(_("应当返回 {wanted}，返回的是 {given}", wanted="str | None", given=type(answer).__name__))
    return answer


def _unanswered(plugin: str, reason: str) -> str:
    return _("{plugin} 的体检没有做完：{reason}。请联系插件的开发者", plugin=plugin, reason=reason)
