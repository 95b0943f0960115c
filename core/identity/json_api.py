"""The JSON API of persons: find, one, papers, events, what needs two people, files; scoped like every page."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody
from litestar.response import Response
from pydantic import BaseModel, Field

from core.errors import NotFound, Objection, Refused
from core.households.search import find_people
from core.identity import attachments, bank_accounts, documents, events, persons, queries, second_person
from core.identity.act_web import CorrectionWish
from core.identity.attachments import NewAttachment
from core.identity.cards import card_data, found_people
from core.identity.corrections import Correction
from core.identity.erasure import erasable_people
from core.identity.models.history import Proposal
from core.identity.taking_back import standing_event
from core.identity.web import number_of
from core.texts import _
from core.web import Posted, answered, begin, download, guarded, limited
from core.web.paging import Limit, plain

Upload: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.MULTI_PART)]
SEE, ALTER = [guarded("person.show")], [guarded("person.change")]
CONFIRM, ERASE = [guarded("person.confirm")], [guarded("person.erase")]
UPLOAD_MEGABYTES = 60


class FindWish(BaseModel):
    """What to find people by. It comes in the body: a whole number never stands in an address."""

    text: str = Field(min_length=1, max_length=80)
    limit: int = Field(default=20, ge=1, le=200)


class RevealWish(BaseModel):
    """Which whole number is wanted (``number``, ``phone``, ``document:3``, ``account:4``), and why."""

    what: str = Field(default="number", pattern=r"^(number|phone|document:\d+|account:\d+)$")
    reason: str = Field(min_length=1, max_length=200)


class MergeWish(BaseModel):
    """The record that stays, and why the two are one person."""

    kept_id: int
    reason: str = Field(min_length=1, max_length=200)


class Why(BaseModel):
    """The reason of an act; it stands in the audit."""

    reason: str = Field(min_length=1, max_length=200)


@post("/people/find", sync_to_thread=True, status_code=200, guards=SEE, tags=["person"])
def person_find(request: Request, data: JSONBody[FindWish]) -> dict[str, Any]:
    """People by part of a name, pinyin initials, tail of a number, whole number or household number."""
    with begin(request) as work:
        found = find_people(work, data.text, data.limit)
        found = found if found["people"] else found_people(work, data.text)
    return {"items": [plain(one) for one in found["people"]], "more": found["more"]}


@get("/people/{person:int}", sync_to_thread=True, guards=SEE, tags=["person"])
def person_show(request: Request, person: FromPath[int]) -> dict[str, Any]:
    """One person in full, numbers masked; leaves a read record."""
    with begin(request) as work:
        data = card_data(work, queries.person_card(work, person))
        work.record_read("person.shown", f"person:{person}", area=data["area"])
    return plain(data)


@get("/people/{person:int}/events", sync_to_thread=True, guards=SEE, tags=["person"])
def person_events(request: Request, person: FromPath[int]) -> dict[str, Any]:
    """The life events of a person, oldest first; ``revokes`` names the event that one takes back."""
    with begin(request) as work:
        data = card_data(work, queries.person_card(work, person))
        work.record_read("person.shown", f"person:{person}", area=data["area"])
    return {"items": plain(data["events"]), "next": None}


@get("/people/{person:int}/documents", sync_to_thread=True, guards=SEE, tags=["person"])
def person_documents(request: Request, person: FromPath[int]) -> dict[str, Any]:
    """The papers of a person, numbers masked."""
    with begin(request) as work:
        data = card_data(work, queries.person_card(work, person))
        work.record_read("person.shown", f"person:{person}", area=data["area"])
    return {"items": plain(data["documents"]), "next": None}


@post(
    "/people/{person:int}/reveal",
    sync_to_thread=True,
    status_code=200,
    guards=[guarded("person.reveal")],
    tags=["person"],
)
def person_reveal(request: Request, person: FromPath[int], data: JSONBody[RevealWish]) -> dict[str, str]:
    """One whole number, for a reason; the read is recorded before it is answered."""
    with begin(request) as work:
        number = number_of(queries.person_card(work, person), data.what)
        return {"what": data.what, "number": number.reveal(work, data.reason)}


@post("/people", sync_to_thread=True, guards=[guarded("person.add")], tags=["person"])
def person_add(request: Request, data: JSONBody[persons.NewPerson]) -> dict[str, Any]:
    """Register a person."""
    with begin(request) as work:
        return answered(work, {"id": persons.register_person(work, data).id})


@post("/people/unidentified", sync_to_thread=True, guards=[guarded("person.add")], tags=["person"])
def person_add_unidentified(request: Request, data: JSONBody[persons.NewPerson]) -> dict[str, Any]:
    """Register somebody nobody knows, under a temporary number."""
    with begin(request) as work:
        return answered(work, {"id": persons.register_unidentified(work, data).id})


@post("/people/{person:int}/name", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_name(request: Request, person: FromPath[int], data: JSONBody[persons.NewName]) -> dict[str, Any]:
    """Give a person another legal name; the one before stays as a former name."""
    with begin(request) as work:
        return answered(work, {"id": person, "version": persons.change_name(work, person, data).version})


@post("/people/{person:int}/contact", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_contact(request: Request, person: FromPath[int], data: JSONBody[persons.Contact]) -> dict[str, Any]:
    """Change phone and address; null leaves what is there."""
    with begin(request) as work:
        return answered(work, {"id": person, "version": persons.change_contact(work, person, data).version})


@post("/people/{person:int}/attributes", sync_to_thread=True, guards=ALTER, tags=["person"])
def person_attributes(request: Request, person: FromPath[int], data: JSONBody[persons.Attributes]) -> dict[str, Any]:
    """Change sex or ethnicity; null leaves what is there."""
    with begin(request) as work:
        return answered(work, {"id": person, "version": persons.change_attributes(work, person, data).version})


@post("/people/{person:int}/documents", sync_to_thread=True, guards=ALTER, tags=["person"])
def document_add(request: Request, person: FromPath[int], data: JSONBody[documents.NewDocument]) -> dict[str, Any]:
    """Add a paper."""
    with begin(request) as work:
        return answered(work, {"id": documents.add_document(work, person, data).id})


@post("/people/{person:int}/documents/{document:int}/primary", sync_to_thread=True, guards=ALTER, tags=["person"])
def document_primary(request: Request, person: FromPath[int], document: FromPath[int]) -> dict[str, Any]:
    """Make one paper the one that is shown first."""
    with begin(request) as work:
        return answered(work, {"id": documents.make_primary(work, person, document).id})


@post("/people/{person:int}/account", sync_to_thread=True, guards=ALTER, tags=["person"])
def account_set(
    request: Request, person: FromPath[int], data: JSONBody[bank_accounts.NewBankAccount]
) -> dict[str, Any]:
    """Give a person a bank account from today on; ``warning`` speaks of a check digit that does not fit."""
    with begin(request) as work:
        account, warning = bank_accounts.set_account(work, person, data)
        return answered(work, {"id": account.id, "warning": warning.reason if warning else None})


@post("/people/{person:int}/account/end", sync_to_thread=True, guards=ALTER, tags=["person"])
def account_end(request: Request, person: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """End the bank account in use."""
    with begin(request) as work:
        return answered(work, {"id": bank_accounts.end_account(work, person, data.reason).id})


@post("/people/{person:int}/death", sync_to_thread=True, guards=ALTER, tags=["event"])
def person_death(request: Request, person: FromPath[int], data: JSONBody[events.Death]) -> dict[str, Any]:
    """Record a death; every benefit hears of it."""
    with begin(request) as work:
        return answered(work, {"event": events.record_death(work, person, data).id})


@post("/people/{person:int}/move", sync_to_thread=True, guards=ALTER, tags=["event"])
def person_move(request: Request, person: FromPath[int], data: JSONBody[events.Move]) -> dict[str, Any]:
    """Record a move within the county."""
    with begin(request) as work:
        return answered(work, {"event": events.record_move(work, person, data).id})


@post("/people/{person:int}/move-out", sync_to_thread=True, guards=ALTER, tags=["event"])
def person_move_out(request: Request, person: FromPath[int], data: JSONBody[events.MoveOut]) -> dict[str, Any]:
    """Record that a person's hukou left the county."""
    with begin(request) as work:
        return answered(work, {"event": events.record_move_out(work, person, data).id})


@post("/people/{person:int}/events/{event:int}/take-back", sync_to_thread=True, guards=ALTER, tags=["event"])
def event_take_back(
    request: Request, person: FromPath[int], event: FromPath[int], data: JSONBody[Why]
) -> dict[str, Any]:
    """Take an event back: at once as the second person (``event``), else by asking for one (``proposal``)."""
    with begin(request) as work:
        if standing_event(work, event)[0].person_id != person:
            raise NotFound(_("没有找到这条记录，或不在你的辖区"))
        done = second_person.take_back(work, event, data.reason)
        waits = isinstance(done, Proposal)
        return answered(work, {"event": None if waits else done.id, "proposal": done.id if waits else None})


@post("/people/{person:int}/correction", sync_to_thread=True, guards=ALTER, tags=["event"])
def person_correct(request: Request, person: FromPath[int], data: JSONBody[CorrectionWish]) -> dict[str, Any]:
    """Ask for a correction of identity; a second person confirms it."""
    with begin(request) as work:
        wish = Correction(**data.model_dump(exclude={"reason"}))
        return answered(work, {"proposal": second_person.propose_correction(work, person, wish, data.reason).id})


@post("/people/{person:int}/merge", sync_to_thread=True, guards=ALTER, tags=["event"])
def person_merge(request: Request, person: FromPath[int], data: JSONBody[MergeWish]) -> dict[str, Any]:
    """Ask for this record to go into another; a second person confirms it."""
    with begin(request) as work:
        return answered(work, {"proposal": second_person.propose_merge(work, person, data.kept_id, data.reason).id})


@get("/people/erasable", sync_to_thread=True, guards=ERASE, tags=["event"])
def erasable_list(request: Request, limit: Limit = 200) -> dict[str, Any]:
    """People whose time to be kept is over, in the token's areas; ``more`` says that the list goes on."""
    with begin(request) as work:
        found = erasable_people(work, limit)
    return {"items": plain(found["people"]), "more": found["more"], "next": None}


@post("/people/{person:int}/erasure", sync_to_thread=True, guards=ERASE, tags=["event"])
def person_erase(request: Request, person: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Ask for what names a person to be erased, once the time is over; a second person confirms it."""
    with begin(request) as work:
        return answered(work, {"proposal": second_person.propose_erasure(work, person, data.reason).id})


@get("/proposals", sync_to_thread=True, guards=SEE, tags=["event"])
def proposal_list(request: Request) -> dict[str, Any]:
    """What waits for a second person in the token's areas, oldest first, at most 200."""
    with begin(request) as work:
        found = [
            {
                "id": one.id,
                "kind": one.kind,
                "person": person.id,
                "name": person.name,
                "reason": one.reason,
                "proposed_at": one.proposed_at,
                "mine": one.proposed_by == work.actor.account_id,
            }
            for one, person in queries.open_proposals(work)
        ]
    return {"items": plain(found), "next": None}


@post("/proposals/{proposal:int}/confirm", sync_to_thread=True, guards=CONFIRM, tags=["event"])
def proposal_confirm(request: Request, proposal: FromPath[int]) -> dict[str, Any]:
    """Carry out what somebody else asked for, as the second person."""
    with begin(request) as work:
        return answered(work, {"event": second_person.confirm(work, proposal).id})


@post("/proposals/{proposal:int}/refuse", sync_to_thread=True, guards=CONFIRM, tags=["event"])
def proposal_refuse(request: Request, proposal: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Turn down what somebody else asked for."""
    with begin(request) as work:
        return answered(
            work, {"proposal": proposal, "decision": second_person.turn_down(work, proposal, data.reason).decision}
        )


@get("/attachments", sync_to_thread=True, guards=[guarded("attachment.show")], tags=["attachment"])
def attachment_list(request: Request, owner: FromQuery[str]) -> dict[str, Any]:
    """The files of ``person:7`` or ``household:12``, newest first."""
    with begin(request) as work:
        attachments.owner_area(work, owner, "", "attachment.show")
        return {"items": plain(attachments.attachment_lines(work, owner)), "next": None}


@post(
    "/attachments",
    sync_to_thread=True,
    guards=[guarded("attachment.add")],
    tags=["attachment"],
    opt=limited(UPLOAD_MEGABYTES),
)
def attachment_add(request: Request, data: Upload) -> dict[str, Any]:
    """Keep a file with its owner (multipart: ``owner``, ``file`` and, optionally, ``title``)."""
    file = data.files.get("file")
    if file is None or not file.content:
        raise Refused([Objection(field="file", reason=_("请先选一个文件"))])
    wish = NewAttachment(owner=data.text("owner"), file_name=file.name, data=file.content, title=data.text("title"))
    with begin(request) as work:
        return answered(work, {"id": attachments.add_attachment(work, wish).id})


@get("/attachments/{attachment:int}", sync_to_thread=True, guards=[guarded("attachment.show")], tags=["attachment"])
def attachment_open(request: Request, attachment: FromPath[int]) -> Response[bytes]:
    """The bytes of a file, as a download; leaves a read record."""
    with begin(request) as work:
        found = attachments.open_attachment(work, attachment)
    return download(found.data, found.title, found.media_type)


@post(
    "/attachments/{attachment:int}/remove",
    sync_to_thread=True,
    guards=[guarded("attachment.remove")],
    tags=["attachment"],
)
def attachment_remove(request: Request, attachment: FromPath[int], data: JSONBody[Why]) -> dict[str, Any]:
    """Delete a file before its time; the audit keeps its hash."""
    with begin(request) as work:
        attachments.remove_attachment(work, attachment, data.reason)
        return answered(work, {"id": attachment, "removed": True})


router = Router(
    "/api/v1",
    route_handlers=[
        person_find, person_show, person_events, person_documents, person_reveal, person_add, person_add_unidentified,
        person_name, person_contact, person_attributes, document_add, document_primary, account_set, account_end,
        person_death, person_move, person_move_out, event_take_back, person_correct, person_merge,
        erasable_list, person_erase, proposal_list, proposal_confirm, proposal_refuse,
        attachment_list, attachment_add, attachment_open, attachment_remove,
    ],
)  # fmt: skip
