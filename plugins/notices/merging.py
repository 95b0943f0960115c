"""What a merge of two records means for notices: the lines follow the record that stays, and go back if undone."""

from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlmodel import col

from core.api import Merges
from plugins.notices.models import Line

if TYPE_CHECKING:
    from core.api import UnitOfWork


def follow_merges(work: "UnitOfWork", merges: Merges) -> None:
    """Point lines at the record that stays; the merge itself is recorded by the registry."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            back = update(Line).where(col(Line.person_id) == kept, col(Line.first_person_id) == gone)
            work.session.execute(back.values(person_id=gone))
        else:
            work.session.execute(update(Line).where(col(Line.person_id) == gone).values(person_id=kept))
