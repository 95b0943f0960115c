"""Hooks that casework offers to the plugins whose cases it carries, and to those that gate its steps."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.api import Objection, Panel, UnitOfWork, hookspec

if TYPE_CHECKING:
    from plugins.casework.api import CaseAdvanced, CaseDecided, CaseFacts, CaseStep, CaseType


@hookspec
def register_casework_types() -> "Iterable[CaseType]":
    """Name the kinds of case this plugin brings.

    Called when cases are listed, opened or moved. Return ``CaseType`` entries named as the plugin or beginning with its
    name. Do not read the database.

    Example: ``CaseType(name="dibao", title="最低生活保障", prefix="DB", flow_key="dibao.flow", …)``. Since api 1.0.
    """


@hookspec
def check_casework_step(work: UnitOfWork, step: "CaseStep") -> Iterable[Objection]:
    """Object to a step of the state table before it is taken.

    Called once for each step, inside the transaction, after casework's own rules. Return one ``Objection`` for each
    reason; the clerk sees all of them together. Do not write: a check only looks.

    Example: democratic_review objects to ``ballot_pass`` without a valid ballot. Since api 1.0.
    """


@hookspec
def casework_advanced(work: UnitOfWork, advanced: "CaseAdvanced") -> None:
    """Hear that a case took a step.

    Called inside the transaction, after the flush. Write only your own tables; raise to roll back.

    Example: democratic_review puts a case that reached ``appraising`` on the village's list. Since api 1.0.
    """


@hookspec
def casework_decided(work: UnitOfWork, decided: "CaseDecided") -> None:
    """Hear a decision on a case: granted, refused, changed, suspended, resumed, stopped.

    Called inside the transaction, after the flush. Write only your own tables and benefits; raise to roll back.

    Example: dibao enrols the family that was granted, from ``decided.effective_month``. Since api 1.0.
    """


@hookspec
def show_casework_sections(work: UnitOfWork, case: "CaseFacts") -> Iterable[Panel]:
    """Add sections to the page of a case.

    Called while the page is built; ``work`` reads. Return ``Panel`` entries; a failure shows a card with its number.

    Example: democratic_review shows the ballot with its bar. Since api 1.0.
    """
