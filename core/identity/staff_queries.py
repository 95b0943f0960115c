"""Questions about staff accounts and roles."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from core.identity.accounts import find_account
from core.identity.models import Account, Grant, Token
from core.roles import BUILT_IN
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork


def account_list(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Every account with its roles of today."""
    work.require("account.show")
    rows = work.session.execute(
        select(Account.id, Account.name, Account.title, Account.office, Account.enabled, Account.second_factor_sealed)
        .where(Account.name.not_in(BUILT_IN))  # type: ignore[attr-defined]
        .order_by(Account.name)  # type: ignore[arg-type]
    ).all()
    roles: dict[int, list[str]] = {}
    held = select(Grant.account_id, Grant.role).where(
        Grant.valid_from <= work.today,  # type: ignore[arg-type]
        or_(Grant.valid_to.is_(None), Grant.valid_to >= work.today),  # type: ignore[union-attr,operator]
    )
    for grant in work.session.execute(held):
        roles.setdefault(grant.account_id, []).append(grant.role)
    return [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title,
            "office": row.office,
            "enabled": bool(row.enabled),
            "second_factor": row.second_factor_sealed is not None,
            "roles": sorted(set(roles.get(row.id, ()))),
        }
        for row in rows
    ]


def account_card(work: "UnitOfWork", name: str) -> dict[str, Any]:
    """One account in full: grants of all time, tokens without their secrets; raises ``NotFound``."""
    work.require("account.show")
    account = find_account(work, name)
    principal = aliased(Account)
    grants = work.session.execute(
        select(Grant.id, Grant.role, Grant.area, Grant.valid_from, Grant.valid_to, principal.name.label("deputy_for"))  # type: ignore[attr-defined]
        .outerjoin(principal, principal.id == Grant.deputy_for)  # type: ignore[arg-type]
        .where(Grant.account_id == account.id)  # type: ignore[arg-type]
        .order_by(Grant.valid_from.desc(), Grant.id.desc())  # type: ignore[attr-defined,union-attr]
    )
    tokens = work.session.execute(
        select(Token.id, Token.title, Token.scopes, Token.created_at, Token.expires_at, Token.revoked_at)
        .where(Token.account_id == account.id)  # type: ignore[arg-type]
        .order_by(Token.id.desc())  # type: ignore[union-attr]
    )
    return {
        "id": account.id,
        "name": account.name,
        "title": account.title,
        "office": account.office,
        "enabled": account.enabled,
        "second_factor": account.second_factor_sealed is not None,
        "grants": [dict(row._mapping) for row in grants],
        "tokens": [dict(row._mapping) for row in tokens],
    }


def role_list(host: "Host") -> list[dict[str, Any]]:
    """Every role with its rights and the roles it may not meet."""
    return [
        {
            "name": role.name,
            "title": _(role.title),
            "excludes": list(role.excludes),
            "second_factor": role.second_factor,
            "permissions": sorted(host.rights_of(role.name)),
        }
        for role in host.roles.values()
        if role.name not in BUILT_IN
    ]
