"""The JSON API of democratic review: the acts of the pages, the same scope; every panel and ballot read is recorded."""

import base64
from typing import Any, Literal, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, Field

from core.api import _, checked, mark, refuse
from core.web import Limit, Next, Paged, after_id, answered, begin, guarded, limited, page_of, plain
from plugins.democratic_review import acts, queries, ranking, statistics, wishes
from plugins.democratic_review.services import panels, proving, violating

SHOW = [guarded("democratic_review.show")]
PANEL = [guarded("democratic_review.panel")]
RECORD = [guarded("democratic_review.record")]
ASSESS = [guarded("democratic_review.assess")]
TAGS = ["democratic-review"]
UPLOAD_MEGABYTES = 30
Body: TypeAlias = JSONBody[dict[str, Any]]


class File(BaseModel):
    """A photo or a signed record, its bytes in base64."""

    kind: Literal["photo", "signed"] = Field(default="photo", title=mark("材料"))
    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: str = Field(title=mark("文件"))


@get("/panels", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_panels(request: Request, area: FromQuery[str] = "", limit: Limit = 50, next: Next = "") -> Paged:
    """Standing panels in the token's areas."""
    with begin(request) as work:
        found = queries.list_panels(work, area, next, limit)
    return page_of(found, limit, "village")


@get("/panels/{village:str}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_panel(request: Request, village: FromPath[str]) -> dict[str, Any]:
    """The panel of a village with its members."""
    with begin(request) as work:
        return plain(queries.show_panel(work, village))


@post("/panels", sync_to_thread=True, guards=PANEL, tags=TAGS)
def democratic_review_set_panel(request: Request, data: Body) -> dict[str, Any]:
    """Set the panel of a village; a standing one is superseded."""
    with begin(request) as work:
        made, warnings = panels.set_panel(work, checked(wishes.SetPanel, **data))
        done = {"id": made.id, "village": made.area, "term_from": made.term_from, "term_to": made.term_to}
        return answered(work, _said(done, warnings))


@post("/panels/{village:str}/replace", sync_to_thread=True, guards=PANEL, tags=TAGS)
def democratic_review_replace_member(request: Request, village: FromPath[str], data: Body) -> dict[str, Any]:
    """Put somebody in the place of a member inside the term."""
    with begin(request) as work:
        made, warnings = panels.replace_member(work, village, checked(wishes.ReplaceMember, **data))
        return answered(work, _said({"id": made.id, "replaces": made.replaces}, warnings))


@post("/panels/{village:str}/relative", sync_to_thread=True, guards=PANEL, tags=TAGS)
def democratic_review_relative(request: Request, village: FromPath[str], data: Body) -> dict[str, Any]:
    """Keep a near relative whom a member declares."""
    with begin(request) as work:
        made = panels.declare_relative(work, village, checked(wishes.DeclareRelative, **data))
        return answered(work, {"id": made.id})


@get("/ballots", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_ballots(request: Request, area: FromQuery[str] = "", limit: Limit = 50, next: Next = "") -> Paged:
    """Votes in the token's areas, newest first."""
    wish = queries.BallotFilter(area=area, before=after_id(next), limit=limit)
    with begin(request) as work:
        found = queries.list_ballots(work, wish)
    return page_of(found, limit)


@get("/ballots/{ballot:int}", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_ballot(request: Request, ballot: FromPath[int]) -> dict[str, Any]:
    """One meeting with its votes."""
    with begin(request) as work:
        return plain(queries.show_ballot(work, ballot))


@post("/ballots", sync_to_thread=True, guards=RECORD, tags=TAGS)
def democratic_review_record(request: Request, data: Body) -> dict[str, Any]:
    """Record a meeting with its votes; refused with everything that does not hold, and nothing is written then."""
    with begin(request) as work:
        done, warnings = acts.record(work, checked(wishes.RecordBallots, **data))
        return answered(work, _said(done, warnings))


@post("/items/{item:int}/replace", sync_to_thread=True, guards=RECORD, tags=TAGS)
def democratic_review_replace(request: Request, item: FromPath[int], data: Body) -> dict[str, Any]:
    """Record a vote anew; the old record stays."""
    with begin(request) as work:
        done, warnings = acts.replace(work, item, checked(wishes.ReplaceBallot, **data))
        return answered(work, _said(done, warnings))


@post(
    "/ballots/{ballot:int}/evidence",
    sync_to_thread=True,
    guards=RECORD,
    tags=TAGS,
    opt=limited(UPLOAD_MEGABYTES),
)
def democratic_review_evidence(request: Request, ballot: FromPath[int], data: JSONBody[File]) -> dict[str, Any]:
    """Keep a photo or the signed record."""
    wish = wishes.KeepEvidence(kind=data.kind, file_name=data.file_name, content=_bytes(data.content))
    with begin(request) as work:
        made = proving.keep_evidence(work, ballot, wish)
        return answered(work, {"id": made.id, "attachment": made.attachment_id})


@post("/ballots/{ballot:int}/post", sync_to_thread=True, guards=RECORD, tags=TAGS)
def democratic_review_post(request: Request, ballot: FromPath[int], data: Body) -> dict[str, Any]:
    """Say when the result was posted."""
    with begin(request) as work:
        made = proving.post_result(work, ballot, checked(wishes.PostResult, **data))
        return answered(work, plain({"ballot": ballot, "posted_on": made.posted_on}))


@get("/waiting", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_waiting(request: Request, village: FromQuery[str] = "") -> dict[str, Any]:
    """Cases that wait for a vote of their panel."""
    with begin(request) as work:
        found = queries.waiting_entries(work, queries.SHOW, village)
        items = [plain({"case": one.number, "village": one.area, "since": one.since}) for one in found]
    return {"items": items, "next": None}


@get("/violations", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_violations(request: Request, quarter: FromQuery[str] = "") -> dict[str, Any]:
    """Violations in the token's areas."""
    with begin(request) as work:
        return {"items": [plain(one) for one in ranking.list_violations(work, quarter)], "next": None}


@post("/violations", sync_to_thread=True, guards=ASSESS, tags=TAGS)
def democratic_review_violation(request: Request, data: Body) -> dict[str, Any]:
    """Enter a violation under a document."""
    with begin(request) as work:
        made = violating.enter_violation(work, checked(wishes.EnterViolation, **data))
        return answered(work, {"id": made.id, "quarter": made.quarter})


@post("/violations/{violation:int}/lift", sync_to_thread=True, guards=ASSESS, tags=TAGS)
def democratic_review_lift(request: Request, violation: FromPath[int], data: Body) -> dict[str, Any]:
    """Take a violation back for a reason."""
    with begin(request) as work:
        made = violating.lift_violation(work, violation, checked(wishes.LiftViolation, **data))
        return answered(work, plain({"id": made.id, "lifted_on": made.lifted_on}))


@post("/scores", sync_to_thread=True, guards=ASSESS, tags=TAGS)
def democratic_review_scores(request: Request, data: Body) -> dict[str, Any]:
    """Keep the scores of a quarter."""
    with begin(request) as work:
        return answered(work, {"villages": violating.set_scores(work, checked(wishes.SetScores, **data))})


@get("/rank", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_rank(request: Request, quarter: FromQuery[str]) -> dict[str, Any]:
    """The order of villages in a quarter."""
    with begin(request) as work:
        return {"items": [plain(one) for one in ranking.ranking(work, quarter)], "next": None}


@get("/report", sync_to_thread=True, guards=SHOW, tags=TAGS)
def democratic_review_report(request: Request, month: FromQuery[str] = "") -> dict[str, Any]:
    """The indicators of a month."""
    with begin(request) as work:
        return {"items": statistics.summary(work, month or None), "next": None}


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # also of letters that are not ASCII
        raise refuse(_("文件要用 base64 写"), field="content", code="E_FILE") from error


def _said(data: dict[str, Any], warnings: Any) -> dict[str, Any]:
    return plain({**data, "warnings": [{"code": one.code, "reason": one.reason} for one in warnings]})


router = Router(
    "/api/v1/democratic-review",
    route_handlers=[
        democratic_review_panels, democratic_review_panel, democratic_review_set_panel,
        democratic_review_replace_member, democratic_review_relative, democratic_review_ballots,
        democratic_review_ballot, democratic_review_record, democratic_review_replace, democratic_review_evidence,
        democratic_review_post, democratic_review_waiting, democratic_review_violations, democratic_review_violation,
        democratic_review_lift, democratic_review_scores, democratic_review_rank, democratic_review_report,
    ],
)  # fmt: skip
