"""One's own account: how pages look, the password, the second factor, tokens."""

from litestar import Request, Router, get, post
from litestar.response import Redirect, Template
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from core.documents import qr
from core.errors import Objection, Refused
from core.identity import signing_in
from core.identity.accounts import new_token, revoke_token
from core.identity.look import Look, set_look
from core.identity.models.accounts import Account, Token
from core.texts import LANGUAGES, _, mark
from core.values import row_id
from core.web import MEMBERS, FormData, begin, page, read_form, see_other
from core.web.answers import require_session, safe_path
from core.web.current import current
from core.wishes import checked
from core.work import UnitOfWork


class NewPassword(BaseModel):
    """What changing the password asks."""

    old: str = Field(title=mark("现在的密码"), min_length=1)
    password: str = Field(title=mark("新密码"), min_length=1)
    again: str = Field(title=mark("再输一次新密码"), min_length=1)


@get("/", sync_to_thread=True)
def show(request: Request) -> Template:
    """The account, its roles and tokens, and how pages look."""
    with begin(request) as work:
        return _profile(work, {}, ())


@post("/size", sync_to_thread=True)
def size(request: Request, data: FormData) -> Redirect:
    """Switch large type on or off from the top bar."""
    with begin(request) as work:
        set_look(work, checked(Look, language=work.actor.language, large_type=data.text("large") == "true"))
    return see_other(safe_path(data.text("back"), "/profile"))


@post("/look", sync_to_thread=True)
def look(request: Request, data: FormData) -> Redirect:
    """Keep language and size of type."""
    with begin(request) as work:
        set_look(work, read_form(Look, data))
    return see_other("/profile", _("已保存"))


@post("/password", sync_to_thread=True)
def password(request: Request, data: FormData) -> Template | Redirect:
    """Change the password; every session ends and the new one begins with the next sign-in."""
    try:
        wish = read_form(NewPassword, data)
        if wish.password != wish.again:
            raise Refused([Objection(field="again", reason=_("两次输入的密码不一样"))])
        with begin(request) as work:
            signing_in.change_password(work, wish.old, wish.password)
    except Refused as refusal:
        now = current()
        with now.site.host.begin(now.who(), write=False) as work:
            return _profile(work, {}, refusal.objections, 422)
    return see_other("/sign-in", _("密码已改，请用新密码登录"))


@get("/factor", sync_to_thread=True)
def factor(request: Request) -> Template:
    """Show the code for an authenticator."""
    return _factor(signing_in.new_factor(), ())


@post("/factor", sync_to_thread=True)
def set_factor(request: Request, data: FormData) -> Template | Redirect:
    """Keep the second factor once its first code was typed right."""
    try:
        with begin(request) as work:
            signing_in.set_factor(work, data.text("secret"), data.text("one_time"))
    except Refused as refusal:
        return _factor(signing_in.factor_or_new(data.text("secret")), refusal.objections, 422)
    return see_other("/profile", _("动态码已设好，下次登录要用"))


@post("/tokens", sync_to_thread=True)
def add_token(request: Request, data: FormData) -> Template:
    """Make a token for the API or the shell; shown once."""
    with begin(request) as work:
        scopes = [word for word in data.text("scopes").replace("，", " ").replace(",", " ").split() if word]
        token = new_token(work, work.actor.name, data.text("title") or _("接口"), scopes)
    return page("shown_once.html", heading=_("新的令牌"), codes=[(_("令牌"), token)], back="/profile")


@post("/tokens/revoke", sync_to_thread=True)
def end_token(request: Request, data: FormData) -> Redirect:
    """Make a token void."""
    with begin(request) as work:
        revoke_token(work, row_id(data.text("id")))
    return see_other("/profile", _("令牌已撤销"))


def _profile(work: UnitOfWork, values: object, objections: object, status: int = 200) -> Template:
    account = work.session.get_one(Account, work.actor.account_id)
    tokens = work.session.scalars(
        select(Token)
        .where(col(Token.account_id) == account.id, col(Token.revoked_at).is_(None))
        .order_by(col(Token.id))
    ).all()
    titles = {name: _(role.title) for name, role in work.host.roles.items()}
    roles = [(titles.get(held.role, held.role), held.area) for held in work.actor.grants]
    return page(
        "profile.html",
        status=status,
        account=account,
        roles=roles,
        tokens=tokens,
        languages=[(code, {"zh-CN": "中文", "en": "English"}[code]) for code in LANGUAGES],
        look={"language": account.language, "large_type": str(account.large_type)},
        values=values,
        objections=objections,
    )


def _factor(secret: str, objections: object, status: int = 200) -> Template:
    now, session = require_session()
    address = signing_in.factor_address(now.site.host, now.who().name, secret)
    missing = session.factor_missing
    return page(
        "factor.html", status=status, secret=secret, drawing=qr(address), missing=missing, objections=objections
    )


router = Router(
    "/profile",
    route_handlers=[show, size, look, password, factor, set_factor, add_token, end_token],
    guards=[MEMBERS],
)
