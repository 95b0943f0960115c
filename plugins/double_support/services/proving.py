"""Proofs kept with projects, visits, sheets' items and agreements; photos show no insignia and no barracks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.api import NewAttachment, NotFound, _, add_attachment, attachment_lines
from plugins.double_support.models import Agreement, DefenceEvent, Plaque, Project, ScoreItem, Visit
from plugins.double_support.queries import own
from plugins.double_support.services.common import ASSESS, KEEP, PROJECT, TEACH, VISIT, require_public

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.double_support.wishes import KeepFile

OWNERS: Mapping[str, tuple[str, str, Any]] = {
    "projects": ("double_support_project", PROJECT, Project),
    "visits": ("double_support_visit", VISIT, Visit),
    "plaques": ("double_support_plaque", VISIT, Plaque),
    "items": ("double_support_item", ASSESS, ScoreItem),
    "agreements": ("double_support_agreement", KEEP, Agreement),
    "events": ("double_support_event", TEACH, DefenceEvent),
}
"""What each kind of thing is called as the owner of a file, the right that adds one, its table."""


def keep_file(work: "UnitOfWork", room: str, text: str, wish: "KeepFile") -> dict[str, Any]:
    """Keep a file with a thing; of an item it is a proof. Refused when its name tells a secret."""
    if room not in OWNERS:
        raise NotFound(_("这里不能上传材料"), hint=", ".join(OWNERS))
    require_public(work, wish)
    word, right, model = OWNERS[room]
    one = own(work, model, text, right)
    new = NewAttachment(
        owner=f"{word}:{one.id}",
        area=one.area,
        file_name=wish.file_name,
        data=wish.content,
        title=wish.title.strip(),
    )
    made = add_attachment(work, new)
    if room == "items":
        from plugins.double_support.services.assessing import add_evidence
        from plugins.double_support.work_wishes import AddEvidence

        add_evidence(work, str(one.id), AddEvidence(evidence=(wish.title.strip() or wish.file_name)[:400]))
    return {"id": one.id, "attachment": made.id}


def files_of(work: "UnitOfWork", room: str, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of a thing for who may see files."""
    if room not in OWNERS or not work.may("attachment.show", found["area"]):
        return []
    return attachment_lines(work, f"{OWNERS[room][0]}:{found['id']}")
