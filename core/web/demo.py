"""What only a demo county has: one-click roles, and what goes with them; on this very machine and nowhere else."""

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.identity.signing_in import has_password
from core.texts import mark

if TYPE_CHECKING:
    from core.web.current import Current

CARDS = {
    "approver": (mark("社会救助股长"), mark("看全县待办和资金，批准低保，审批发放")),
    "township_officer": (mark("乡镇经办员"), mark("受理申请、入户调查、公示，只看本镇")),
    "clerk": (mark("县经办员"), mark("家庭和人员档案、导入名册、各项业务登记")),
    "canteen_operator": (mark("食堂操作员"), mark("柜台刷卡用餐，断网也能登记")),
    "auditor": (mark("审计员"), mark("核验审计链、抽查、内审线索、月结")),
    "system_admin": (mark("县配置员"), mark("启用和停用业务，改政策参数")),
}
"""The six roles a newcomer needs: what each is called in a county, and what is found there."""

MORE = {
    "proposer": mark("生成名册，提交批次"),
    "reviewer": mark("复核批次，拟定低保结论"),
    "disburser": mark("放行批次、银行文件和回盘"),
    "accountant": mark("到账、追回、对账、月结"),
    "security_admin": mark("账号、角色、一次性登录码"),
}
"""The others: four people pay a month."""

FORWARDING = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via")


def demo_allowed(marked: bool, client: str, headers: Mapping[bytes, bytes], *, posting: bool) -> bool:
    """Whether one-click roles may answer: loopback socket, loopback Host, no proxy, and a post from our own page."""
    if not marked or not is_loopback(client) or any(name in headers for name in FORWARDING):
        return False
    host = headers.get(b"host", b"").decode("latin-1")
    if not is_loopback(urlsplit(f"//{host}").hostname or ""):
        return False
    origin = headers.get(b"origin", b"").decode("latin-1")
    return urlsplit(origin).netloc == host if posting else True


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def allowed_now(now: "Current", *, posting: bool) -> bool:
    """Whether what only a demo has may answer this request."""
    client = now.scope["client"][0] if now.scope.get("client") else ""
    return demo_allowed(now.site.demo, client, dict(now.scope["headers"]), posting=posting)


def needs_no_password(now: "Current", *, posting: bool) -> bool:
    """Whether who came in by one click may confirm by one click: nobody ever gave that account a password."""
    return allowed_now(now, posting=posting) and not has_password(now.site.host, now.who().account_id)
