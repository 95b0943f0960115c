"""Hooks that notices offers to other plugins."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.api import Objection, UnitOfWork, hookspec

if TYPE_CHECKING:
    from plugins.notices.api import NewNotice, NoticeType, ObjectionDecided, PublicPage


@hookspec
def register_notices_types() -> "Iterable[NoticeType]":
    """Name the kinds of notice this plugin opens, each with its columns and their masking rules.

    Called when a notice is opened or notices are listed. Return ``NoticeType`` entries named ``<plugin>.<word>``. Do
    not put personal data into titles, intros or words: the gate refuses the whole sheet.

    Example: ``NoticeType(name="casework.first", title="评议结果公示", columns=[…])``. Since api 1.0.
    """


@hookspec
def check_notices_opening(work: UnitOfWork, notice: "NewNotice") -> Iterable[Objection]:
    """Object to a notice being opened.

    Called once for each notice, inside the transaction, after the gate and before the write. Return one ``Objection``
    for each reason. Do not write: a check only looks.

    Example: casework objects to a list that holds a case without ballot. Since api 1.0.
    """


@hookspec
def notices_objection_decided(work: UnitOfWork, decided: "ObjectionDecided") -> None:
    """Hear that an objection to a notice was verified: upheld or not, with the reason.

    Called inside the transaction, after the flush, for every objection. What was upheld strikes the line, or withdraws
    the whole sheet: send that back, and open a new notice later. Write only your own tables; raise to roll back.

    Example: casework returns the case of ``decided.subject`` to the visit. Since api 1.0.
    """


@hookspec
def show_notices_public_pages(work: UnitOfWork) -> "Iterable[PublicPage]":
    """Publish lists on the public application: they pass the same gate and the same masking as a notice.

    Called while a public page is built; ``work`` reads and holds no right. Return ``PublicPage`` entries with plain
    values; a page that the gate refuses is not shown. Do not write, and do not count readers.

    Example: the canteen publishes its sites and prices. Since api 1.0.
    """
