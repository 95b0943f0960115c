"""Commands for staff accounts, roles, deputies, codes and tokens."""

from datetime import date, datetime, time

import click
from sqlalchemy import select
from sqlmodel import col

from core.cli import DATE, Group, begin, emit, look, table
from core.identity import accounts, staff_queries
from core.identity.models.accounts import Token
from core.texts import _, listed
from core.work import COUNTY_TIME


@click.group("user", cls=Group, help=_("账号、角色和令牌"))
def group() -> None:
    """Staff accounts."""


@group.command(
    "add",
    help=_(
        "新建账号。给出一次性登录码和令牌，只显示这一次\n\n例：huimin user add 李文华 --role clerk --area 430223101"
    ),
)
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help=_("角色，可以写几次"))
@click.option("--area", default="", help=_("区划代码；不写就是全县"))
@click.option("--title", default="", help=_("姓名或职务"))
@click.option("--office", default="", help=_("科室或单位"))
@click.pass_context
def add(context: click.Context, name: str, roles: tuple[str, ...], area: str, title: str, office: str) -> None:
    """Make an account NAME."""
    from core.wishes import checked

    wish = checked(accounts.NewAccount, name=name, roles=list(roles), area=area, title=title, office=office)
    with begin(context) as work:
        made = accounts.add_account(work, wish)
    data = {"name": name, "roles": list(made.roles), "area": made.area, "code": made.code, "token": made.token}
    text = _(
        "已建立账号 {name}\n一次性登录码  {code}\n命令行令牌    {token}\n两者只显示这一次，请交给本人",
        name=name,
        code=made.code,
        token=made.token,
    )
    emit(context, data, text)


@group.command("list", help=_("列出账号和角色"))
@click.pass_context
def list_(context: click.Context) -> None:
    """Accounts with their roles."""
    with look(context) as work:
        rows = staff_queries.account_list(work)
    lines = [
        [row["name"], row["title"], listed(row["roles"]), _("已启用") if row["enabled"] else _("已停用")]
        for row in rows
    ]
    emit(context, rows, table([_("账号"), _("姓名"), _("角色"), _("状态")], lines))


@group.command("show", help=_("看一个账号：角色、区域、代理、令牌"))
@click.argument("name")
@click.pass_context
def show(context: click.Context, name: str) -> None:
    """One account in full."""
    with look(context) as work:
        found = staff_queries.account_card(work, name)
    lines = [
        [grant["role"], grant["area"], grant["valid_from"], grant["valid_to"] or "--", grant["deputy_for"] or "--"]
        for grant in found["grants"]
    ]
    emit(context, found, table([_("角色"), _("区域"), _("起"), _("止"), _("代谁")], lines))


@group.command("grant", help=_("授权：给账号一个角色，可限区域和日期；--deputy-for 表示代理"))
@click.argument("name")
@click.option("--role", required=True)
@click.option("--area", default="")
@click.option("--from", "since", type=DATE, default=None)
@click.option("--until", type=DATE, default=None)
@click.option("--deputy-for", default=None)
@click.pass_context
def grant(
    context: click.Context,
    name: str,
    role: str,
    area: str,
    since: date | None,
    until: date | None,
    deputy_for: str | None,
) -> None:
    """Give NAME a role."""
    wish = accounts.NewGrant(
        account=name, role=role, area=area, valid_from=since, valid_to=until, deputy_for=deputy_for
    )
    with begin(context) as work:
        made = accounts.grant_role(work, wish)
    emit(
        context,
        {"id": made.id, "account": name, "role": role, "area": made.area},
        _("已授权 {name}：{role}", name=name, role=role),
    )


@group.command("end-grant", help=_("结束一项授权"))
@click.argument("grant_id", type=int)
@click.option("--reason", default="")
@click.pass_context
def end_grant(context: click.Context, grant_id: int, reason: str) -> None:
    """End the grant GRANT_ID today."""
    with begin(context) as work:
        accounts.end_grant(work, grant_id, reason)
    emit(context, {"id": grant_id, "ended": True}, _("授权 {id} 已结束", id=grant_id))


@group.command("disable", help=_("停用账号：登录和令牌立即失效"))
@click.argument("name")
@click.option("--reason", default="")
@click.pass_context
def disable(context: click.Context, name: str, reason: str) -> None:
    """Disable NAME."""
    with begin(context) as work:
        accounts.switch_account(work, name, enabled=False, reason=reason)
    emit(context, {"name": name, "enabled": False}, _("已停用 {name}", name=name))


@group.command("enable", help=_("重新启用账号"))
@click.argument("name")
@click.option("--reason", default="")
@click.pass_context
def enable(context: click.Context, name: str, reason: str) -> None:
    """Enable NAME."""
    with begin(context) as work:
        accounts.switch_account(work, name, enabled=True, reason=reason)
    emit(context, {"name": name, "enabled": True}, _("已启用 {name}", name=name))


@group.command("code", help=_("发一个新的一次性登录码"))
@click.argument("name")
@click.pass_context
def code(context: click.Context, name: str) -> None:
    """A new one-time code for NAME."""
    with begin(context) as work:
        fresh = accounts.new_code(work, name)
    emit(context, {"name": name, "code": fresh}, _("一次性登录码  {code}（只显示这一次）", code=fresh))


@group.command("reset-factor", help=_("动态码丢失：取消后本人下次登录重新设置"))
@click.argument("name")
@click.option("--reason", required=True)
@click.pass_context
def reset_factor(context: click.Context, name: str, reason: str) -> None:
    """Take the lost second factor of NAME off."""
    with begin(context) as work:
        accounts.reset_second_factor(work, name, reason)
    emit(context, {"name": name, "second_factor": False}, _("已取消 {name} 的动态码", name=name))


@group.command("roles", help=_("列出角色和它们的权限"))
@click.pass_context
def roles(context: click.Context) -> None:
    """Roles and what they may do."""
    with look(context) as work:
        rows = staff_queries.role_list(work.host)
    lines = [[row["name"], row["title"], len(row["permissions"])] for row in rows]
    emit(context, rows, table([_("角色"), _("名称"), _("权限数")], lines))


@group.group("token", cls=Group, help=_("令牌：接口和命令行用"))
def token() -> None:
    """Tokens."""


@token.command("new", help=_("发一个新令牌，只显示这一次"))
@click.argument("name")
@click.option("--title", required=True, help=_("用途"))
@click.option("--scope", "scopes", multiple=True, help=_("只给这些权限，可以写几次"))
@click.option("--until", type=DATE, default=None, help=_("到这一天为止有效"))
@click.pass_context
def new_token(context: click.Context, name: str, title: str, scopes: tuple[str, ...], until: date | None) -> None:
    """A new token for NAME."""
    expires = datetime.combine(until, time.max, COUNTY_TIME) if until else None
    with begin(context) as work:
        fresh = accounts.new_token(work, name, title, scopes, expires)
    emit(context, {"name": name, "token": fresh}, fresh)


@token.command("list", help=_("列出一个账号的令牌"))
@click.argument("name")
@click.pass_context
def list_tokens(context: click.Context, name: str) -> None:
    """Tokens of NAME, without their secrets."""
    with look(context) as work:
        work.require("account.show")
        account = accounts.find_account(work, name)
        rows = work.session.scalars(
            select(Token).where(col(Token.account_id) == account.id).order_by(col(Token.id))
        ).all()
        data = [
            {
                "id": row.id,
                "title": row.title,
                "scopes": row.scopes.split(),
                "expires_at": row.expires_at,
                "revoked": bool(row.revoked_at),
            }
            for row in rows
        ]
    emit(
        context,
        data,
        table([_("编号"), _("用途"), _("撤销")], [[row["id"], row["title"], row["revoked"]] for row in data]),
    )


@token.command("revoke", help=_("撤销令牌"))
@click.argument("token_id", type=int)
@click.pass_context
def revoke(context: click.Context, token_id: int) -> None:
    """Make TOKEN_ID void."""
    with begin(context) as work:
        accounts.revoke_token(work, token_id)
    emit(context, {"id": token_id, "revoked": True}, _("令牌 {id} 已撤销", id=token_id))
