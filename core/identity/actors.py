"""Who acts: the actor of an account or a token, with the roles held on the day."""

import hashlib
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, or_, select

from core.asking import Question
from core.errors import NotSignedIn
from core.identity.models.accounts import Account, Grant, Token
from core.roles import SHELL, SYSTEM
from core.tables import columns
from core.texts import _
from core.work import Actor, Held

if TYPE_CHECKING:
    from core.host import Host

_ACCOUNT, _GRANT, _TOKEN = columns(Account), columns(Grant), columns(Token)

_GRANTS = Question(
    select(_GRANT.role, _GRANT.area, _GRANT.deputy_for).where(
        _GRANT.account_id == bindparam("account"),
        _GRANT.valid_from <= bindparam("day"),
        or_(_GRANT.valid_to.is_(None), _GRANT.valid_to >= bindparam("day")),
    )
)

_WHO: Any = select(
    _ACCOUNT.id,
    _ACCOUNT.name,
    _ACCOUNT.title,
    _ACCOUNT.enabled,
    _ACCOUNT.language,
    _ACCOUNT.large_type,
)
_BY_TOKEN = Question(
    _WHO.add_columns(_TOKEN.scopes, _TOKEN.expires_at, _TOKEN.revoked_at)
    .join(_TOKEN.id.table, _TOKEN.account_id == _ACCOUNT.id)
    .where(_TOKEN.token_hash == bindparam("token_hash"))
)


def secret_hash(secret: str) -> bytes:
    """The form in which a token is kept; it is random and long, so a plain digest does."""
    return hashlib.sha256(secret.encode()).digest()


def grants_on(connection: Connection, account_id: int, day: date) -> tuple[Held, ...]:
    """The roles an account holds on a day, in areas, with whose deputy it is."""
    rows = _GRANTS.rows(connection, {"account": account_id, "day": day})
    return tuple(Held(row.role, row.area, row.deputy_for) for row in rows)


def actor_named(host: "Host", name: str, *, operating_user: str = "") -> Actor:
    """The actor of an account by name, not proven; raises ``NotSignedIn`` for an unknown or disabled account."""
    with host.database.transaction(write=False) as connection:
        row = connection.execute(_WHO.where(_ACCOUNT.name == name)).first()
        if row is None or not row.enabled:
            raise NotSignedIn(_("没有账号 {name}，或已停用", name=name))
        return actor_from(host, connection, row, operating_user=operating_user)


def actor_by_token(
    host: "Host", token: str, *, operating_user: str = "", address: str = "", connection: Connection | None = None
) -> Actor:
    """The proven actor a token belongs to, narrowed to the token's scopes; raises ``NotSignedIn``.

    ``connection`` is one that reads already.
    """
    now = host.clock.now()
    with nullcontext(connection) if connection is not None else host.database.transaction(write=False) as connection:
        found = _BY_TOKEN.rows(connection, {"token_hash": secret_hash(token)})
        row = found[0] if found else None
        if row is None or not row.enabled or row.revoked_at or (row.expires_at and row.expires_at <= now):
            raise NotSignedIn(_("令牌无效、已过期或已撤销"))
        scopes = frozenset(row.scopes.split()) if row.scopes else None
        return actor_from(
            host, connection, row, proven=True, scopes=scopes, operating_user=operating_user, address=address
        )


def actor_from(
    host: "Host",
    connection: Connection,
    row: Any,
    *,
    proven: bool = False,
    scopes: frozenset[str] | None = None,
    operating_user: str = "",
    address: str = "",
) -> Actor:
    """Build the actor of an account row (id, name, title, language, large_type) with today's grants."""
    from core.work import COUNTY_TIME

    today = host.clock.now().astimezone(COUNTY_TIME).date()
    return Actor(
        account_id=row.id,
        name=row.name,
        title=row.title,
        grants=grants_on(connection, row.id, today),
        proven=proven,
        scopes=scopes,
        operating_user=operating_user,
        address=address,
        language=row.language,
        large_type=row.large_type,
    )


def shell_actor(host: "Host", operating_user: str) -> Actor:
    """The account commands act as without ``--as``."""
    return actor_named(host, SHELL, operating_user=operating_user)


def system_actor(host: "Host") -> Actor:
    """The account background work acts as."""
    return actor_named(host, SYSTEM)
