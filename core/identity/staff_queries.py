"""Questions about staff accounts and roles."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.identity.accounts import find_account
from core.identity.models.accounts import Account, Grant, Token
from core.roles import BUILT_IN
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork


def account_list(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Every account with its roles of today."""
    work.require("account.show")
    rows = work.session.execute(
        select(
            col(Account.id),
            col(Account.name),
            col(Account.title),
            col(Account.office),
            col(Account.enabled),
            col(Account.second_factor_sealed),
        )
        .where(col(Account.name).not_in(BUILT_IN))
        .order_by(col(Account.name))
    ).all()
    roles: dict[int, list[str]] = {}
    held = select(col(Grant.account_id), col(Grant.role)).where(
        col(Grant.valid_from) <= work.today,
        or_(col(Grant.valid_to).is_(None), col(Grant.valid_to) >= work.today),
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
        select(
            col(Grant.id),
            col(Grant.role),
            col(Grant.area),
            col(Grant.valid_from),
            col(Grant.valid_to),
            col(principal.name).label("deputy_for"),
        )
        .outerjoin(principal, col(principal.id) == col(Grant.deputy_for))
        .where(col(Grant.account_id) == account.id)
        .order_by(col(Grant.valid_from).desc(), col(Grant.id).desc())
    )
    tokens = work.session.execute(
        select(
            col(Token.id),
            col(Token.title),
            col(Token.scopes),
            col(Token.created_at),
            col(Token.expires_at),
            col(Token.revoked_at),
        )
        .where(col(Token.account_id) == account.id)
        .order_by(col(Token.id).desc())
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


def staff_titles(work: "UnitOfWork", names: Collection[str]) -> dict[str, tuple[str, int]]:
    """Name as it is shown and id of the accounts that are named; who has none is absent. No right is asked."""
    rows = select(col(Account.name), col(Account.title), col(Account.id)).where(col(Account.name).in_(sorted(names)))
    found = work.session.connection().execute(rows)
    return {row.name: (row.title or row.name, row.id) for row in found}


def staff_by_id(work: "UnitOfWork", ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Name as it is shown and office of some accounts by id. No right is asked: papers say who acted."""
    rows = select(col(Account.id), col(Account.name), col(Account.title), col(Account.office))
    found = work.session.connection().execute(rows.where(col(Account.id).in_(sorted(set(ids)))))
    return {row.id: (row.title or row.name, row.office) for row in found}
