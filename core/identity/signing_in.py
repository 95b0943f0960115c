"""Signing in: password, one-time code, second factor, sessions of browsers, and how tries are slowed down."""

import secrets
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import Session, col

from core.asking import Question
from core.errors import NotSignedIn, Objection, Refused, TryAgain
from core.identity.accounts import code_hash, end_sessions
from core.identity.actors import actor_from, secret_hash
from core.identity.models.accounts import Account
from core.identity.models.signing_in import SignInAttempt, SignInCode, SignInSession
from core.roles import BUILT_IN
from core.tables import columns
from core.texts import _
from core.work import Actor, UnitOfWork

if TYPE_CHECKING:
    from core.host import Host

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last sign of life of a session is kept: a write at every page would cost more than it tells."""

CONFIRMED_FOR = timedelta(minutes=5)
"""How long a password that was typed again counts for what asks for it."""

FACTOR_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
"""The letters of base 32."""

_NEVER = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b7dWRWJTmaaJObGqTj2kPZ3PkU"


@dataclass(frozen=True)
class SignedIn:
    """A browser's session: the actor, the key its forms carry, and what is still to be done.

    ``confirmed_at`` is when the password was last typed; ``factor_missing`` says that a money role has no second
    factor yet: nothing but setting one up is open until then.
    """

    session_id: int
    actor: Actor
    form_key: str
    confirmed_at: datetime | None
    factor_missing: bool


def _hasher() -> Any:
    from argon2 import PasswordHasher

    # Measured: the library's defaults stall a two-core server at eight o'clock in the morning.
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def _fits(password_hash: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(password_hash or _NEVER, password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(host: "Host", name: str, password: str, one_time: str = "", address: str = "") -> str:
    """Sign in by password, and by second factor where one is set; answers the new session's token.

    Raises ``NotSignedIn`` in the same words for every reason, and ``TryAgain`` after too many tries in an hour.
    """
    _slow_down(host, name, address)
    with host.database.transaction(write=False) as connection:
        account = _account(Session(bind=connection), name)
    step = None
    good = _fits(account.password_hash if account else "", password)
    if good and account and account.second_factor_sealed:
        step = _factor_step(host, account, one_time)
        good = step is not None
    if not good or account is None or not account.enabled:
        _remember_failure(host, name, address)
        raise NotSignedIn(_("账号、密码或动态码不对"))
    return _open_session(host, account, address, step)


def sign_in_with_code(host: "Host", name: str, code: str, password: str, address: str = "") -> str:
    """First sign-in or a forgotten password: the one-time code sets the password and signs in.

    Raises ``Refused`` for a weak password (the code stays good), ``NotSignedIn`` for a wrong or used code.
    """
    _slow_down(host, name, address)
    now = host.clock.now()
    with host.database.transaction(write=False) as connection:
        account = _account(Session(bind=connection), name)
        row = connection.execute(
            select(col(SignInCode.id), col(SignInCode.expires_at), col(SignInCode.used_at)).where(
                col(SignInCode.account_id) == (account.id if account else 0),
                col(SignInCode.code_hash) == code_hash(account.id if account and account.id else 0, code),
            )
        ).first()
    if account is None or not account.enabled or row is None or row.used_at or row.expires_at <= now:
        _remember_failure(host, name, address)
        raise NotSignedIn(_("账号或一次性登录码不对，或登录码已过期"))
    check_password(host, account.name, password)
    with host.begin(_bare(account, address), edge="page") as work:
        work.session.connection().execute(update(SignInCode).where(col(SignInCode.id) == row.id).values(used_at=now))
        _store_password(work, account.id or 0, password)
        work.record("account.password_set", f"account:{account.id}")
    return _open_session(host, account, address, None)


def check_password(host: "Host", name: str, password: str) -> None:
    """Refuse a password that is short, common or the account's own name."""
    length = host.settings.security.password_length
    problems = []
    if len(password) < length:
        problems.append(Objection(reason=_("密码至少 {length} 位", length=length), field="password", code="E_PASSWORD"))
    plain = password.lower()
    if (
        name.lower() in plain
        or len(set(plain)) < 5
        or plain.strip("0123456789") in {"", "password", "qwerty", "huimin"}
    ):
        problems.append(
            Objection(reason=_("密码太容易猜：不要用账号名、单一数字或常见词"), field="password", code="E_PASSWORD")
        )
    if problems:
        raise Refused(problems)


def change_password(work: UnitOfWork, old: str, new: str) -> None:
    """Change one's own password; every other session of the account ends."""
    account = work.session.get(Account, work.actor.account_id)
    if account is None or not _fits(account.password_hash, old):
        raise Refused([Objection(reason=_("现在的密码不对"), field="old", code="E_PASSWORD")])
    check_password(work.host, account.name, new)
    _store_password(work, account.id or 0, new)
    work.record("account.password_set", f"account:{account.id}")


def _store_password(work: UnitOfWork, account_id: int, password: str) -> None:
    work.session.connection().execute(
        update(Account)
        .where(col(Account.id) == account_id)
        .values(password_hash=_hasher().hash(password), password_since=work.now)
    )
    end_sessions(work, account_id)


# Sessions


def _open_session(host: "Host", account: Account, address: str, step: int | None) -> str:
    token = secrets.token_urlsafe(32)
    with host.begin(_bare(account, address), edge="page") as work:
        connection = work.session.connection()
        if step is not None:
            used = connection.execute(
                update(Account)
                .where(col(Account.id) == account.id, col(Account.second_factor_step) < step)
                .values(second_factor_step=step)
            )
            if used.rowcount != 1:
                raise NotSignedIn(_("这个动态码已经用过，请等下一个"))
        connection.execute(
            insert(SignInSession).values(
                account_id=account.id,
                token_hash=secret_hash(token),
                form_key=secrets.token_urlsafe(32),
                started_at=work.now,
                seen_at=work.now,
                confirmed_at=work.now,
                address=address,
            )
        )
        connection.execute(delete(SignInAttempt).where(col(SignInAttempt.name) == account.name))
        work.record("account.signed_in", f"account:{account.id}")
    return token


def sign_in_demo(host: "Host", name: str, address: str = "") -> str:
    """One click into a demo county: only in a database that carries the demo mark; the page checks the rest."""
    with host.database.transaction(write=False) as connection:
        account = _account(Session(bind=connection), name)
    if host.state("demo") is None or account is None or not account.enabled or account.name in BUILT_IN:
        raise NotSignedIn(_("这里没有示例账号 {name}", name=name))
    return _open_session(host, account, address, None)


def session_of(host: "Host", token: str, address: str = "", connection: Connection | None = None) -> SignedIn | None:
    """The session of a browser's token, or None when it is unknown, ended, idle or too old; never adopted.

    ``connection`` is one that reads already.
    """
    now = host.clock.now()
    security = host.settings.security
    reading = nullcontext(connection) if connection is not None else host.database.transaction(write=False)
    with reading as connection:
        row = next(iter(_SESSION.rows(connection, {"token_hash": secret_hash(token)})), None)
        if row is None or row.ended_at or not row.enabled:
            return None
        # A clock set back would lend a session life: what lies in the future counts as long ago.
        idle = abs(now - row.seen_at) > timedelta(minutes=security.idle_minutes)
        if idle or abs(now - row.started_at) > timedelta(hours=security.session_hours):
            return None
        actor = actor_from(host, connection, row, proven=True, address=address)
    if now - row.seen_at > SEEN_EVERY:
        with host.database.transaction(write=True) as connection:
            connection.execute(update(SignInSession).where(col(SignInSession.id) == row.session_id).values(seen_at=now))
    roles = {grant.role for grant in actor.grants}
    wants = any(host.roles[role].second_factor for role in roles if role in host.roles)
    missing = wants and not row.has_factor and host.state("demo") is None
    return SignedIn(row.session_id, actor, row.form_key, row.confirmed_at, missing)


def _session_select():  # noqa: ANN202 - a select over thirteen columns
    from sqlalchemy import bindparam

    account, session = columns(Account), columns(SignInSession)
    return (
        select(
            account.id,
            account.name,
            account.title,
            account.enabled,
            account.language,
            account.large_type,
            account.second_factor_sealed.is_not(None).label("has_factor"),
            session.id.label("session_id"),
            session.form_key,
            session.started_at,
            session.seen_at,
            session.ended_at,
            session.confirmed_at,
        )
        .join(session.id.table, session.account_id == account.id)
        .where(session.token_hash == bindparam("token_hash"))
    )


_SESSION = Question(_session_select())


def sign_out(host: "Host", token: str) -> None:
    """End the session of a token; the token is worth nothing afterwards."""
    found = session_of(host, token)
    if found is None:
        return
    with host.begin(found.actor, edge="page") as work:
        work.session.connection().execute(
            update(SignInSession).where(col(SignInSession.id) == found.session_id).values(ended_at=work.now)
        )
        work.record("account.signed_out", f"account:{found.actor.account_id}")


def confirm_password(host: "Host", signed_in: SignedIn, password: str) -> None:
    """Type the password again before something that matters; counts for five minutes of this session."""
    _slow_down(host, signed_in.actor.name, signed_in.actor.address)
    with host.database.transaction(write=False) as connection:
        account = _account(Session(bind=connection), signed_in.actor.name)
    if account is None or not _fits(account.password_hash, password):
        _remember_failure(host, signed_in.actor.name, signed_in.actor.address)
        raise Refused([Objection(reason=_("密码不对"), field="password", code="E_PASSWORD")])
    with host.database.transaction(write=True) as connection:
        connection.execute(
            update(SignInSession)
            .where(col(SignInSession.id) == signed_in.session_id)
            .values(confirmed_at=host.clock.now())
        )


def has_password(host: "Host", account_id: int) -> bool:
    """Whether an account can sign in by a password at all."""
    with host.database.transaction(write=False) as connection:
        return bool(connection.scalar(select(col(Account.password_hash)).where(col(Account.id) == account_id)))


def is_confirmed(host: "Host", signed_in: SignedIn) -> bool:
    """Whether the password was typed within the last minutes."""
    return signed_in.confirmed_at is not None and host.clock.now() - signed_in.confirmed_at < CONFIRMED_FOR


# Second factor


def new_factor() -> str:
    """A fresh secret for a second factor, in base 32; kept only once a code of it was typed."""
    import pyotp

    return pyotp.random_base32()


def factor_or_new(secret: str) -> str:
    """The secret a form brought back, or a fresh one when it is none of ours."""
    return secret if _is_factor(secret) else new_factor()


def _is_factor(secret: str) -> bool:
    return len(secret) == len(new_factor()) and set(secret) <= FACTOR_LETTERS


def factor_address(host: "Host", name: str, secret: str) -> str:
    """The address behind the QR code that an authenticator reads."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=host.settings.county.office)


def set_factor(work: UnitOfWork, secret: str, one_time: str) -> None:
    """Keep a second factor after its first code was typed right; raises ``Refused``."""
    import pyotp

    if not _is_factor(secret) or not pyotp.TOTP(secret).verify(one_time, for_time=work.now, valid_window=1):
        raise Refused([Objection(reason=_("动态码不对，请看手机上最新的 6 位数字"), field="one_time", code="E_FACTOR")])
    account = work.session.get(Account, work.actor.account_id)
    if account is None:
        raise NotSignedIn(_("请重新登录"))
    account.second_factor_sealed = work.keys.seal("identity_account.second_factor", account.id or 0, secret)
    work.session.add(account)
    work.session.flush()
    work.record("account.second_factor_set", f"account:{account.id}")


def _factor_step(host: "Host", account: Account, one_time: str) -> int | None:
    """The time step a one-time code belongs to, or None; a step is used once."""
    import pyotp

    sealed = account.second_factor_sealed or b""
    factor = pyotp.TOTP(host.keys.unseal("identity_account.second_factor", account.id or 0, sealed))
    now = host.clock.now()
    for drift in (0, -1, 1):
        at = now + timedelta(seconds=drift * factor.interval)
        step = int(at.timestamp()) // factor.interval
        if step > account.second_factor_step and secrets.compare_digest(factor.at(at), one_time.strip()):
            return step
    return None


# Tries


def _slow_down(host: "Host", name: str, address: str) -> None:
    since = host.clock.now() - timedelta(hours=1)
    limit = host.settings.security.attempts_per_hour
    tries = select(func.count()).select_from(SignInAttempt).where(col(SignInAttempt.at) > since)
    of_name = tries.where(col(SignInAttempt.name) == name[:40])
    with host.database.transaction(write=False) as connection:
        if address and connection.scalar(_was_here(name, address)):
            # Where the account was at home before, others' tries elsewhere do not shut its owner out.
            of_name = of_name.where(col(SignInAttempt.address) == address)
        by_name = connection.scalar(of_name) or 0
        # An office shares one address: it may fail oftener than one account.
        by_address = connection.scalar(tries.where(col(SignInAttempt.address) == address)) if address else 0
    if by_name >= limit or (by_address or 0) >= limit * 10:
        raise TryAgain(_("登录次数太多，请一小时后再试，或请安全管理员发一次性登录码"))


def _was_here(name: str, address: str) -> Any:
    return (
        select(col(SignInSession.id))
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .where(col(Account.name) == name, col(SignInSession.address) == address)
        .limit(1)
    )


def _remember_failure(host: "Host", name: str, address: str) -> None:
    now = host.clock.now()
    with host.database.transaction(write=True) as connection:
        connection.execute(insert(SignInAttempt).values(name=name[:40], address=address[:60], at=now))
        connection.execute(delete(SignInAttempt).where(col(SignInAttempt.at) < now - timedelta(days=2)))


def _account(session: Session, name: str) -> Account | None:
    return session.scalars(select(Account).where(col(Account.name) == name)).first()


def _bare(account: Account, address: str) -> Actor:
    return Actor(account_id=account.id or 0, name=account.name, title=account.title, proven=True, address=address)
