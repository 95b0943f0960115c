"""The JSON API of the frame: the same services as pages and commands, with tokens, scopes and paging."""

from datetime import date, datetime
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter
from pydantic import BaseModel, Field

from core import jobs
from core.audit import queries as audit_queries
from core.errors import Refused
from core.households.areas import list_areas, show_area
from core.identity import accounts, staff_queries
from core.plugin_life import disable, enable, states
from core.policy import SetPolicy, Version, confirm_policy, set_policy, shown
from core.settings_writer import values_of
from core.web import EVERYONE, answered, begin, guarded
from core.web.pages.settings import without_password
from core.web.paging import Limit, Next, Paged, after_id, page_of, paged

NAME = r"\S+"


class AccountName(BaseModel):
    """An account by its name."""

    account: str = Field(pattern=NAME)


class PolicyWish(BaseModel):
    """A new value of a parameter, from a day on, under a document number."""

    value: Any
    valid_from: date | None = None
    document: str = Field(min_length=1, max_length=120)
    area: str = Field(default="", max_length=12)


class TokenWish(BaseModel):
    """A new token, narrowed to scopes (names of permissions)."""

    title: str = Field(min_length=1, max_length=80)
    scopes: list[str] = []
    expires_at: datetime | None = None


@get("/openapi.json", sync_to_thread=False, guards=[EVERYONE], include_in_schema=False)
def description(request: Request) -> dict[str, Any]:
    """What this API offers, as OpenAPI 3.1."""
    return request.app.openapi_schema.to_schema()


@get("/me", sync_to_thread=True, guards=[guarded("core.desk")], tags=["account"])
def me(request: Request) -> dict[str, Any]:
    """Who this token belongs to, and what it may do."""
    with begin(request) as work:
        rights = [name for name in work.host.permissions if work.may(name)]
        grants = [{"role": one.role, "area": one.area} for one in work.actor.grants]
        return {"name": work.actor.name, "title": work.actor.title, "grants": grants, "permissions": sorted(rights)}


@get("/areas", sync_to_thread=True, guards=[guarded("area.show")], tags=["area"])
def areas(request: Request, limit: Limit = 100, next: Next = "", parent: FromQuery[str] = "") -> Paged:
    """The divisions in the token's areas and above them, by code."""
    with begin(request) as work:
        found = [one for one in list_areas(work) if not parent or one["parent"] == parent]
    return paged(found, "code", limit, next)


@get("/areas/{code:str}", sync_to_thread=True, guards=[guarded("area.show")], tags=["area"])
def area(request: Request, code: FromPath[str]) -> dict[str, Any]:
    """One division."""
    with begin(request) as work:
        return show_area(work, code)


@get("/policy", sync_to_thread=True, guards=[guarded("policy.show")], tags=["policy"])
def policies(request: Request, limit: Limit = 100, next: Next = "", on: FromQuery[date | None] = None) -> Paged:
    """Every parameter with its value on a day (today)."""
    with begin(request) as work:
        connection, day = work.session.connection(), on or work.today
        keys = sorted(work.host.policies.keys)
        wanted = [name for name in keys if name > next][: limit + 1]
        found = [_policy(work, work.host.policies.find(connection, name, day)) for name in wanted]
    return paged(found, "key", limit, "")


@get("/policy/{name:str}", sync_to_thread=True, guards=[guarded("policy.show")], tags=["policy"])
def policy_history(request: Request, name: FromPath[str]) -> dict[str, Any]:
    """Every version of one parameter, newest day first."""
    with begin(request) as work:
        versions = work.host.policies.history(work.session.connection(), name)
        return {"key": name, "versions": [_policy(work, one) for one in versions]}


@post("/policy/{name:str}", sync_to_thread=True, guards=[guarded("policy.set")], tags=["policy"])
def policy_set(request: Request, name: FromPath[str], data: JSONBody[PolicyWish]) -> dict[str, Any]:
    """Set a parameter from a day on."""
    with begin(request) as work:
        row = set_policy(work, SetPolicy(key=name, **data.model_dump()))
        made = {"id": row.id, "key": name, "valid_from": _day(row.valid_from), "document": row.document}
        return answered(work, made)


@post(
    "/policy/{name:str}/{version:int}/confirm", sync_to_thread=True, guards=[guarded("policy.confirm")], tags=["policy"]
)
def policy_confirm(request: Request, name: FromPath[str], version: FromPath[int]) -> dict[str, Any]:
    """Say the second yes to a value somebody else set."""
    with begin(request) as work:
        confirm_policy(work, version)
        return {"id": version, "key": name, "confirmed": True}


@get("/settings", sync_to_thread=True, guards=[guarded("settings.show")], tags=["settings"])
def settings(request: Request) -> dict[str, Any]:
    """Every setting in force, with where it comes from."""
    with begin(request) as work:
        origins = work.settings.origins
        values = {**values_of(work.settings), "database.url": without_password(work.settings.database.url)}
        return {key: {"value": value, "origin": str(origins.get(key, ""))} for key, value in values.items()}


@get("/plugins", sync_to_thread=True, guards=[guarded("plugin.show")], tags=["plugin"])
def plugins(request: Request, limit: Limit = 100, next: Next = "") -> Paged:
    """Every plugin with its state and reason."""
    with begin(request) as work:
        found = [{**vars(one), "requires": list(one.requires)} for one in states(work.host)]
    return paged(found, "name", limit, next)


@post("/plugins/{name:str}/{act:str}", sync_to_thread=True, guards=[guarded("plugin.switch")], tags=["plugin"])
def plugin_switch(
    request: Request, name: FromPath[str], act: Annotated[str, PathParameter(pattern="^(enable|disable)$")]
) -> dict[str, Any]:
    """Switch a plugin on or off; ``changed`` names all that were switched."""
    with begin(request) as work:
        return answered(work, {"changed": enable(work, name) if act == "enable" else disable(work, name)})


@get("/accounts", sync_to_thread=True, guards=[guarded("account.show")], tags=["account"])
def account_list(request: Request, limit: Limit = 100, next: Next = "") -> Paged:
    """Every account with its roles of today."""
    with begin(request) as work:
        found = staff_queries.account_list(work)
    return paged(found, "name", limit, next)


@get("/accounts/{name:str}", sync_to_thread=True, guards=[guarded("account.show")], tags=["account"])
def account_show(request: Request, name: FromPath[str]) -> dict[str, Any]:
    """One account in full."""
    with begin(request) as work:
        return staff_queries.account_card(work, name)


@post("/accounts", sync_to_thread=True, guards=[guarded("account.set")], tags=["account"])
def account_add(request: Request, data: JSONBody[accounts.NewAccount]) -> dict[str, Any]:
    """Make an account; ``code`` and ``token`` are shown this once."""
    with begin(request) as work:
        made = accounts.add_account(work, data)
        # Shown once: what is kept for a repeated request has no secrets.
        plain = answered(work, {"name": made.account.name, "roles": list(made.roles), "area": made.area})
        return {**plain, "code": made.code, "token": made.token}


@post("/grants", sync_to_thread=True, guards=[guarded("account.set")], tags=["account"])
def grant_add(request: Request, data: JSONBody[accounts.NewGrant]) -> dict[str, Any]:
    """Give an account a role in an area."""
    with begin(request) as work:
        return answered(work, {"id": accounts.grant_role(work, data).id})


@post("/grants/{grant:int}/end", sync_to_thread=True, guards=[guarded("account.set")], tags=["account"])
def grant_end(request: Request, grant: FromPath[int]) -> dict[str, Any]:
    """Take a role away from today."""
    with begin(request) as work:
        accounts.end_grant(work, grant)
        return {"id": grant, "ended": True}


@post("/accounts/{name:str}/{act:str}", sync_to_thread=True, guards=[guarded("account.set")], tags=["account"])
def account_switch(
    request: Request, name: FromPath[str], act: Annotated[str, PathParameter(pattern="^(enable|disable|code)$")]
) -> dict[str, Any]:
    """Enable or disable an account, or issue a new one-time code (shown this once)."""
    with begin(request) as work:
        if act == "code":
            return {"name": name, "code": accounts.new_code(work, name)}
        return {"name": name, "enabled": accounts.switch_account(work, name, enabled=act == "enable").enabled}


@post("/tokens", sync_to_thread=True, guards=[guarded("core.desk")], tags=["account"])
def token_add(request: Request, data: JSONBody[TokenWish]) -> dict[str, Any]:
    """Make a token for oneself, never wider than the one that asks; shown this once."""
    with begin(request) as work:
        scopes = work.actor.scopes
        if scopes is not None and (not data.scopes or not set(data.scopes) <= scopes):
            raise _too_wide()
        return {"token": accounts.new_token(work, work.actor.name, data.title, data.scopes, data.expires_at)}


@get("/roles", sync_to_thread=True, guards=[guarded("account.show")], tags=["account"])
def role_list(request: Request, limit: Limit = 100, next: Next = "") -> Paged:
    """Every role with its rights and the roles it may not meet."""
    with begin(request) as work:
        found = staff_queries.role_list(work.host)
    return paged(sorted(found, key=lambda one: one["name"]), "name", limit, next)


@get("/audit", sync_to_thread=True, guards=[guarded("audit.show")], tags=["audit"])
def audit_list(
    request: Request,
    limit: Limit = 50,
    next: Next = "",
    actor: FromQuery[str] = "",
    action: FromQuery[str] = "",
    subject: FromQuery[str] = "",
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
) -> Paged:
    """Audit records, newest first."""
    before = after_id(next) or None
    wish = audit_queries.Filter(
        actor=actor, action=action, subject=subject, since=since, until=until, before=before, limit=limit + 1
    )
    with begin(request) as work:
        return page_of(audit_queries.list_records(work, wish), limit, "seq")


@get("/audit/verify", sync_to_thread=True, guards=[guarded("audit.verify")], tags=["audit"])
def audit_verify(request: Request) -> dict[str, Any]:
    """Recompute the whole chain."""
    with begin(request) as work:
        verdict = audit_queries.verify(work)
    return verdict._asdict()


@get("/audit/{seq:int}", sync_to_thread=True, guards=[guarded("audit.show")], tags=["audit"])
def audit_show(request: Request, seq: FromPath[int]) -> dict[str, Any]:
    """One audit record in full."""
    with begin(request) as work:
        return audit_queries.show_record(work, seq)


@get("/jobs", sync_to_thread=True, guards=[guarded("job.show")], tags=["job"])
def job_list(request: Request, limit: Limit = 50, next: Next = "") -> dict[str, Any]:
    """The newest jobs, and what gave up."""
    with begin(request) as work:
        found = page_of(jobs.queue(work, limit + 1, after_id(next)), limit)
        return {"items": found.items, "parked": jobs.parked(work), "next": found.next}


@post("/jobs/{kind:str}/{number:int}/retry", sync_to_thread=True, guards=[guarded("job.run")], tags=["job"])
def job_retry(request: Request, kind: FromPath[str], number: FromPath[int]) -> dict[str, Any]:
    """Put a parked job or outbox row back into the queue."""
    with begin(request) as work:
        jobs.retry(work, kind, number)
        return {"kind": kind, "id": number}


@get("/reports", sync_to_thread=True, guards=[guarded("report.show")], tags=["report"])
def report_list(request: Request, limit: Limit = 100, next: Next = "") -> Paged:
    """The reports this token may run."""
    from core.reports import open_to

    with begin(request) as work:
        found = [
            {"name": one.name, "title": one.title, "parameters": [vars(question) for question in one.parameters]}
            for one in open_to(work)
        ]
    return paged(found, "name", limit, next)


@get("/reports/{name:str}", sync_to_thread=True, guards=[guarded("report.show")], tags=["report"])
def report_run(request: Request, name: FromPath[str]) -> dict[str, Any]:
    """Run a report; its parameters are query parameters, money is whole fen."""
    from core.errors import NotFound
    from core.reports import as_records, run
    from core.texts import _

    with begin(request) as work:
        if name not in work.host.reports:
            raise NotFound(_("没有报表 {name}", name=name))
        answer = run(work, work.host.reports[name], dict(request.query_params.items()))
    return {"name": name, "rows": as_records(answer), "total": list(answer.total) if answer.total else None}


def _policy(work: Any, version: Version) -> dict[str, Any]:
    return {
        "key": version.key,
        "id": version.id,
        "value": version.value,
        "shown": shown(work.host.policies.key(version.key), version.value),
        "area": version.area,
        "valid_from": _day(version.valid_from),
        "document": version.document,
        "confirmed": version.confirmed_by is not None or version.set_by is None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _too_wide() -> Refused:
    from core.errors import Objection
    from core.texts import _

    return Refused([Objection(reason=_("新令牌不能比现在的令牌权限大，请写明范围"), field="scopes", code="E_SCOPE")])


router = Router(
    "/api/v1",
    route_handlers=[
        description, me, areas, area, policies, policy_history, policy_set, policy_confirm, settings, plugins,
        plugin_switch,
        account_list, account_show, account_add, grant_add, grant_end, account_switch, token_add, role_list,
        audit_list, audit_verify, audit_show, job_list, job_retry, report_list, report_run,
    ],
)  # fmt: skip
