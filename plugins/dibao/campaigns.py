"""Questions about campaigns and lists for other departments."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import _
from plugins.dibao.models import Campaign, LinkedList
from plugins.dibao.queries import SHOW
from plugins.dibao.services.campaigns import progress
from plugins.dibao.words import CAMPAIGNS, LINKED

if TYPE_CHECKING:
    from core.api import UnitOfWork


def list_campaigns(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Campaigns with their progress, newest first, within the reader's areas."""
    work.require(SHOW)
    rows = work.session.scalars(select(Campaign).order_by(col(Campaign.id).desc())).all()
    return [{**progress(work, one), "kind_title": _(CAMPAIGNS[one.kind])} for one in rows if work.may(SHOW, one.area)]


def list_linked(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Lists given to other departments, newest first."""
    work.require(SHOW, work.settings.county.code)
    rows = work.session.scalars(select(LinkedList).order_by(col(LinkedList.id).desc())).all()
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "kind_title": _(LINKED[one.kind]),
            "month": one.month,
            "department": one.department,
            "persons": one.persons,
            "answered": one.answered,
            "given_on": one.given_on,
        }
        for one in rows
    ]
