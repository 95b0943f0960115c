"""Devices at the counter: registered by the operator, confirmed by another person, given their key once."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, refuse, scoped
from plugins.canteen.counter.models import Terminal
from plugins.canteen.models import Site

KEY_PLACE = "canteen_terminal.key"
KEY_BYTES = 32


@dataclass(frozen=True)
class Registered:
    """A device that waits to be confirmed. ``claim`` is the secret with which it fetches its key: shown once."""

    serial: str
    claim: str


def register_terminal(work: UnitOfWork, site_number: str, title: str) -> Registered:
    """Register the device one sits at for a site; it may serve when another person has confirmed it."""
    site = _site(work, site_number, "canteen.serve")
    serial, claim = secrets.token_hex(8), secrets.token_hex(16)
    work.session.add(
        Terminal(
            serial=serial,
            site_id=site.id or 0,
            title=title.strip() or _("收银台"),
            claim=_digest(claim),
            registered_by=work.actor.account_id,
            registered_at=work.now,
        )
    )
    work.session.flush()
    work.record("canteen.terminal_registered", f"canteen-terminal:{serial}", area=site.area, site=site.number)
    return Registered(serial, claim)


def confirm_terminal(work: UnitOfWork, serial: str) -> None:
    """Let a registered device serve; raises ``Refused`` E_TERMINAL_SELF for who registered it, E_TERMINAL_STATE."""
    terminal, site = own_terminal(work, serial, "canteen.decide")
    if terminal.registered_by == work.actor.account_id:
        raise refuse(_("登记这台终端的人不能自己确认，请换一个人"), code="E_TERMINAL_SELF")
    _expect(terminal, "registered")
    terminal.state, terminal.confirmed_by, terminal.confirmed_at = "active", work.actor.account_id, work.now
    terminal.key = work.keys.seal(KEY_PLACE, terminal.id or 0, secrets.token_hex(KEY_BYTES))
    work.session.add(terminal)
    work.record("canteen.terminal_confirmed", f"canteen-terminal:{serial}", area=site.area, site=site.number)


def hand_key(work: UnitOfWork, serial: str, claim: str) -> str:
    """The key of a confirmed device as hexadecimal, once, to whoever holds its claim.

    Raises ``NotFound`` for another claim, ``Refused`` E_TERMINAL_STATE unless it is confirmed and still here.
    """
    terminal, site = own_terminal(work, serial, "canteen.serve")
    if not secrets.compare_digest(terminal.claim, _digest(claim)):
        raise NotFound(_("没有这台终端，或不在你的辖区"))
    _expect(terminal, "active")
    if terminal.handed_at is not None or terminal.key is None:
        raise refuse(_("这台终端的密钥已经领过；换了设备请重新登记"), code="E_TERMINAL_STATE")
    terminal.handed_at = work.now
    work.session.add(terminal)
    work.record("canteen.terminal_key_handed", f"canteen-terminal:{serial}", area=site.area, site=site.number)
    return work.keys.unseal(KEY_PLACE, terminal.id or 0, terminal.key)


def revoke_terminal(work: UnitOfWork, serial: str, reason: str) -> None:
    """Take a device out of service; what it sends later is kept and decided by a person."""
    terminal, site = own_terminal(work, serial, "canteen.decide")
    if terminal.state == "revoked":
        raise refuse(_("这台终端已经停用"), code="E_TERMINAL_STATE")
    if not reason.strip():
        raise refuse(_("请写明停用原因"), field="reason", code="E_REASON_MISSING")
    terminal.state, terminal.reason = "revoked", reason.strip()
    work.session.add(terminal)
    work.record("canteen.terminal_revoked", f"canteen-terminal:{serial}", area=site.area, reason=reason.strip())


def block_terminal(work: UnitOfWork, terminal_id: int, serial: str, area: str, reason: str) -> None:
    """Stop a device whose entries contradict each other: its key may have been copied."""
    table = col(Terminal.id)
    work.session.execute(
        update(Terminal)
        .where(table == terminal_id, col(Terminal.state) == "active")
        .values(state="blocked", reason=reason)
    )
    work.record("canteen.terminal_blocked", f"canteen-terminal:{serial}", area=area, reason=reason)


def list_terminals(work: UnitOfWork, state: str = "") -> list[dict[str, Any]]:
    """Devices of the sites one may see, newest first."""
    statement = (
        select(Terminal, Site).join(Site, col(Site.id) == col(Terminal.site_id)).order_by(col(Terminal.id).desc())
    )
    if state:
        statement = statement.where(col(Terminal.state) == state)
    rows = work.session.execute(scoped(work, statement, col(Site.area), "canteen.show"))
    return [terminal_facts(terminal, site) for terminal, site in rows]


def terminal_facts(terminal: Terminal, site: Site) -> dict[str, Any]:
    """What anybody who sees the site may know of a device; never its key."""
    return {
        "serial": terminal.serial,
        "site": site.number,
        "site_name": site.name,
        "title": terminal.title,
        "state": terminal.state,
        "reason": terminal.reason,
        "registered_at": terminal.registered_at,
        "registered_by": terminal.registered_by,
        "last_counter": terminal.last_counter,
        "last_upload_at": terminal.last_upload_at,
        "key_handed": terminal.handed_at is not None,
    }


def own_terminal(work: UnitOfWork, serial: str, permission: str) -> tuple[Terminal, Site]:
    """A device with its site, when the site lies in one's areas; else ``NotFound``."""
    work.require(permission)
    statement = (
        select(Terminal, Site).join(Site, col(Site.id) == col(Terminal.site_id)).where(col(Terminal.serial) == serial)
    )
    found = work.session.execute(scoped(work, statement, col(Site.area), permission)).first()
    if found is None:
        raise NotFound(_("没有这台终端，或不在你的辖区"))
    return found[0], found[1]


def _site(work: UnitOfWork, number: str, permission: str) -> Site:
    work.require(permission)
    statement = scoped(work, select(Site).where(col(Site.number) == number), col(Site.area), permission)
    found = work.session.execute(statement).scalar()
    if found is None:
        raise NotFound(_("没有这个助餐点，或不在你的辖区"))
    return found


def _expect(terminal: Terminal, state: str) -> None:
    if terminal.state != state:
        raise refuse(_("这台终端现在不能这样办理，请刷新后再看"), code="E_TERMINAL_STATE")


def _digest(claim: str) -> str:
    return hashlib.sha256(claim.encode()).hexdigest()
