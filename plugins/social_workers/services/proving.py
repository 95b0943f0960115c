"""Proofs kept with workers, agencies, projects, groups and events: certificates, reports, sign-in sheets, photos.

Cases have none: what belongs into their file is sealed in its forms.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.api import NewAttachment, NotFound, _, add_attachment, attachment_lines
from plugins.social_workers.queries import own_agency, own_event, own_group, own_project, own_worker
from plugins.social_workers.services.common import KEEP, RUN, SERVE

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.social_workers.wishes import KeepFile

OWNERS: Mapping[str, tuple[str, str, Any]] = {
    "workers": ("social_worker", KEEP, own_worker),
    "agencies": ("social_workers_agency", KEEP, own_agency),
    "projects": ("social_workers_project", RUN, own_project),
    "groups": ("social_workers_group", SERVE, own_group),
    "events": ("social_workers_event", SERVE, own_event),
}
"""What each kind of thing is called as the owner of a file, the right that adds one, how it is found."""


def keep_file(work: "UnitOfWork", room: str, text: str, wish: "KeepFile") -> dict[str, Any]:
    """Keep a file with a thing; refused when it is too large or not what its name says."""
    if room not in OWNERS:
        raise NotFound(_("这里不能上传材料"), hint=", ".join(OWNERS))
    word, right, own = OWNERS[room]
    one = own(work, text, right)
    made = add_attachment(
        work,
        NewAttachment(
            owner=f"{word}:{one.id}",
            area=one.area,
            file_name=wish.file_name,
            data=wish.content,
            title=wish.title.strip(),
        ),
    )
    return {"id": one.id, "attachment": made.id}


def files_of(work: "UnitOfWork", room: str, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of a thing for who may see files."""
    if room not in OWNERS or not work.may("attachment.show", found["area"]):
        return []
    return attachment_lines(work, f"{OWNERS[room][0]}:{found['id']}")
