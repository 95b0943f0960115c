"""Staff accounts, their roles in areas, deputies, codes and tokens. There is no default password anywhere."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.errors import Clash, NotFound, Objection, Refused
from core.identity.actors import secret_hash
from core.identity.models.accounts import Account, Grant, Token
from core.identity.models.exclusions import RoleExclusion
from core.identity.models.signing_in import SignInAttempt, SignInCode, SignInSession
from core.roles import BUILT_IN
from core.texts import _, listed
from core.work import UnitOfWork

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
TOKEN_MARK = "hm_"  # noqa: S105 - a prefix by which leaked tokens are found, not a secret


class NewAccount(BaseModel):
    """What a new account needs. ``area`` "" is the whole county."""

    name: str = Field(min_length=2, max_length=40, pattern=r"^[\w.@-]+$")
    roles: list[str] = Field(min_length=1)
    area: str = ""
    title: str = Field(default="", max_length=50)
    office: str = Field(default="", max_length=80)


class NewGrant(BaseModel):
    """A role for an account in an area from a day to a day; ``deputy_for`` names whose work is done."""

    account: str
    role: str
    area: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    deputy_for: str | None = None


@dataclass(frozen=True)
class Made:
    """A new account with its one-time sign-in code and its token: shown once, kept as hashes."""

    account: Account
    roles: tuple[str, ...]
    area: str
    code: str
    token: str


def code_hash(account_id: int, code: str) -> bytes:
    """The form in which one-time codes are kept: stretched, because a person has to type them."""
    salt = b"huimin sign-in code" + account_id.to_bytes(8, "big")
    return hashlib.pbkdf2_hmac("sha256", code.upper().replace("-", "").encode(), salt, 20_000)


def find_account(work: UnitOfWork, name: str) -> Account:
    """An account by name; raises ``NotFound``."""
    account = work.session.scalars(select(Account).where(col(Account.name) == name)).first()
    if account is None:
        raise NotFound(_("没有账号 {name}", name=name))
    return account


def add_account(work: UnitOfWork, wish: NewAccount) -> Made:
    """Make an account with its first roles; the one-time code and the token are shown once."""
    work.require("account.set")
    area = wish.area or work.settings.county.code
    _check_roles(work, wish.roles)
    if work.session.scalars(select(col(Account.id)).where(col(Account.name) == wish.name)).first():
        raise Clash(_("账号 {name} 已经有了", name=wish.name))
    account = Account(name=wish.name, title=wish.title or wish.name, office=wish.office, created_at=work.now)
    work.session.add(account)
    work.session.flush()
    for role in wish.roles:
        _grant(work, account, role, area, work.today, None, None)
    code = _issue_code(work, account)
    token = _issue_token(work, account, _("命令行"), (), None)
    work.record(
        "account.added", f"account:{account.id}", area=area, after={"name": wish.name, "roles": sorted(wish.roles)}
    )
    return Made(account, tuple(wish.roles), area, code, token)


def grant_role(work: UnitOfWork, wish: NewGrant) -> Grant:
    """Give an account a role in an area, for some time; refuses roles that may not meet."""
    work.require("account.set")
    account = find_account(work, wish.account)
    if account.id == work.actor.account_id:
        raise Refused([Objection(reason=_("不能给自己授权"), field="account", code="E_SOD")])
    _check_roles(work, [wish.role])
    deputy_for = find_account(work, wish.deputy_for) if wish.deputy_for else None
    if deputy_for is not None and wish.valid_to is None:
        raise Refused([Objection(reason=_("代理要有截止日期"), field="valid_to", code="E_DEPUTY_END")])
    area = wish.area or work.settings.county.code
    grant = _grant(work, account, wish.role, area, wish.valid_from or work.today, wish.valid_to, deputy_for)
    end_sessions(work, account.id or 0)
    work.record(
        "account.granted",
        f"account:{account.id}",
        area=area,
        after={"role": wish.role, "area": area, "until": str(wish.valid_to or ""), "deputy_for": wish.deputy_for or ""},
    )
    return grant


def end_grant(work: UnitOfWork, grant_id: int, reason: str = "") -> None:
    """End a role today; sessions of the account end with it, so that the change counts at once."""
    work.require("account.set")
    grant = work.session.get(Grant, grant_id)
    if grant is None or grant.role in BUILT_IN:
        raise NotFound(_("没有编号为 {id} 的授权", id=grant_id))
    if grant.valid_from >= work.today:
        work.session.delete(grant)
    else:
        grant.valid_to = work.today - timedelta(days=1)
    work.session.flush()
    end_sessions(work, grant.account_id)
    work.record(
        "account.grant_ended",
        f"account:{grant.account_id}",
        area=grant.area,
        reason=reason,
        before={"role": grant.role},
    )


def switch_account(work: UnitOfWork, name: str, *, enabled: bool, reason: str = "") -> Account:
    """Enable or disable an account; disabling ends its sessions and tokens in the same transaction."""
    work.require("account.set")
    account = find_account(work, name)
    if account.name in BUILT_IN:
        raise Refused([Objection(reason=_("内置账号不能停用"), field="name", code="E_BUILT_IN")])
    account.enabled = enabled
    account.version += 1
    work.session.add(account)
    if not enabled:
        end_sessions(work, account.id or 0)
        work.session.connection().execute(
            update(Token)
            .where(col(Token.account_id) == account.id, col(Token.revoked_at).is_(None))
            .values(revoked_at=work.now)
        )
    work.session.flush()
    action = "account.enabled" if enabled else "account.disabled"
    work.record(action, f"account:{account.id}", reason=reason)
    return account


def new_code(work: UnitOfWork, name: str) -> str:
    """A new one-time code for an account that cannot sign in; the old ones are void."""
    work.require("account.set")
    account = find_account(work, name)
    code = _issue_code(work, account)
    # Whoever was shut out by somebody's tries gets in with the code.
    work.session.connection().execute(delete(SignInAttempt).where(col(SignInAttempt.name) == account.name))
    work.record("account.code_issued", f"account:{account.id}")
    return code


def reset_second_factor(work: UnitOfWork, name: str, reason: str) -> Account:
    """Take a lost second factor off; the account must set a new one at its next sign-in. Seen by the auditor."""
    work.require("account.set")
    account = find_account(work, name)
    if not reason.strip():
        raise Refused([Objection(reason=_("请写明原因"), field="reason", code="E_REASON")])
    account.second_factor_sealed = None
    account.second_factor_step = 0
    work.session.add(account)
    end_sessions(work, account.id or 0)
    work.session.flush()
    work.record("account.second_factor_reset", f"account:{account.id}", reason=reason)
    return account


def new_token(
    work: UnitOfWork, name: str, title: str, scopes: Sequence[str] = (), expires_at: datetime | None = None
) -> str:
    """A token for the API or the shell; ``scopes`` narrows it to some rights. Shown once."""
    account = find_account(work, name)
    if account.id != work.actor.account_id:
        work.require("account.set")
    for scope in scopes:
        work.host.permission(scope) if scope in work.host.permissions else _unknown_scope(scope)
    token = _issue_token(work, account, title, scopes, expires_at)
    work.record("account.token_issued", f"account:{account.id}", after={"title": title, "scopes": sorted(scopes)})
    return token


def revoke_token(work: UnitOfWork, token_id: int) -> None:
    """Make a token void from now on."""
    token = work.session.get(Token, token_id)
    if token is None:
        raise NotFound(_("没有编号为 {id} 的令牌", id=token_id))
    if token.account_id != work.actor.account_id:
        work.require("account.set")
    token.revoked_at = token.revoked_at or work.now
    work.session.add(token)
    work.session.flush()
    work.record("account.token_revoked", f"account:{token.account_id}", token=token_id)


def end_sessions(work: UnitOfWork, account_id: int) -> None:
    """Sign an account out everywhere."""
    work.session.connection().execute(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account_id, col(SignInSession.ended_at).is_(None))
        .values(ended_at=work.now)
    )


def _unknown_scope(scope: str) -> None:
    raise Refused([Objection(reason=_("没有权限 {scope}", scope=scope), field="scopes", code="E_SCOPE")])


def _check_roles(work: UnitOfWork, roles: Sequence[str]) -> None:
    import difflib

    for role in roles:
        if role in BUILT_IN or role not in work.host.roles:
            known = [name for name in work.host.roles if name not in BUILT_IN]
            near = difflib.get_close_matches(role, known, 1)
            raise Refused(
                [
                    Objection(
                        reason=_("没有角色 {role}，可用：{known}", role=role, known=listed(known)),
                        field="roles",
                        code="E_ROLE",
                        hint=near[0] if near else None,
                    )
                ]
            )


def _grant(
    work: UnitOfWork,
    account: Account,
    role: str,
    area: str,
    valid_from: date,
    valid_to: date | None,
    deputy_for: Account | None,
) -> Grant:
    from core.households.areas import require_area

    require_area(work, area, valid_from)
    _refuse_pair(work, account, role, valid_from, valid_to)
    grant = Grant(
        account_id=account.id or 0,
        role=role,
        area=area,
        valid_from=valid_from,
        valid_to=valid_to,
        deputy_for=deputy_for.id if deputy_for else None,
        granted_by=work.actor.account_id,
    )
    work.session.add(grant)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise Refused([Objection(reason=_("这些角色不能由同一人担任"), field="roles", code="E_ROLE_PAIR")]) from error
    return grant


def _refuse_pair(work: UnitOfWork, account: Account, role: str, valid_from: date, valid_to: date | None) -> None:
    meets = (
        select(col(Grant.role))
        .join(RoleExclusion, col(RoleExclusion.other) == col(Grant.role))
        .where(
            col(RoleExclusion.role) == role,
            col(Grant.account_id) == account.id,
            or_(col(Grant.valid_to).is_(None), col(Grant.valid_to) >= valid_from),
        )
    )
    if valid_to is not None:
        meets = meets.where(col(Grant.valid_from) <= valid_to)
    other = work.session.scalars(meets).first()
    if other:
        titles = {name: _(known.title) for name, known in work.host.roles.items()}
        reason = _("{one}和{other}不能由同一人担任", one=titles.get(role, role), other=titles.get(other, other))
        raise Refused([Objection(reason=reason, field="roles", code="E_ROLE_PAIR")])


def _issue_code(work: UnitOfWork, account: Account) -> str:
    work.session.connection().execute(
        update(SignInCode)
        .where(col(SignInCode.account_id) == account.id, col(SignInCode.used_at).is_(None))
        .values(used_at=work.now)
    )
    plain = "".join(secrets.choice(CODE_LETTERS) for _position in range(12))
    code = f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"
    expires = work.now + timedelta(hours=work.settings.security.code_hours)
    work.session.add(
        SignInCode(account_id=account.id or 0, code_hash=code_hash(account.id or 0, code), expires_at=expires)
    )
    work.session.flush()
    return code


def _issue_token(
    work: UnitOfWork, account: Account, title: str, scopes: Sequence[str], expires_at: datetime | None
) -> str:
    token = TOKEN_MARK + secrets.token_urlsafe(32)
    work.session.add(
        Token(
            account_id=account.id or 0,
            title=title,
            token_hash=secret_hash(token),
            scopes=" ".join(scopes),
            created_at=work.now,
            expires_at=expires_at,
        )
    )
    work.session.flush()
    return token
