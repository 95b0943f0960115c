"""Who works in the demo county: one invented member of staff for each role, signed in by their own token."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.demo.cast import TOWN
from core.identity.accounts import NewAccount, add_account
from core.identity.actors import actor_by_token, shell_actor, system_actor
from core.roles import SYSTEM

if TYPE_CHECKING:
    from core.host import Host
    from core.work import Actor

STAFF = (
    NewAccount(name="liwenhua", title="李文华", roles=["approver"], office="社会救助股"),
    NewAccount(name="zhoumin", title="周敏", roles=["clerk"], office="社会救助股"),
    NewAccount(name="zhaoli", title="赵丽", roles=["township_officer"], office="桃水镇民政办", area=TOWN),
    NewAccount(name="tangqiu", title="唐秋", roles=["proposer"], office="社会救助股"),
    NewAccount(name="pengjun", title="彭军", roles=["reviewer"], office="社会救助股"),
    NewAccount(name="xiaoyan", title="肖燕", roles=["disburser"], office="财务股"),
    NewAccount(name="chenguang", title="陈光", roles=["accountant"], office="财务股"),
    NewAccount(name="wujing", title="吴静", roles=["auditor"], office="审计室"),
    NewAccount(name="hetao", title="何涛", roles=["system_admin"], office="信息中心"),
    NewAccount(name="sunjie", title="孙洁", roles=["security_admin"], office="信息中心"),
    NewAccount(name="luoguihua", title="罗桂花", roles=["canteen_operator"], office="桃水街长者食堂", area=TOWN),
)
"""Eleven invented members of staff. Their one-time codes are thrown away, the demo page signs them in."""


@dataclass(frozen=True)
class Staff:
    """The staff with their tokens, by role: kept while the county is made, and nowhere afterwards."""

    tokens: dict[str, str]

    def actor(self, host: "Host", role: str) -> "Actor":
        """The member of staff who holds a role, shown to be there by the account's token.

        "" is the command line, "system" what the county does by itself.
        """
        if role == SYSTEM:
            return system_actor(host)
        return actor_by_token(host, self.tokens[role]) if role else shell_actor(host, "demo")


def hire(host: "Host") -> Staff:
    """Make the accounts; a role whose plugin is not on is left out."""
    tokens = {}
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        for wish in STAFF:
            if set(wish.roles) <= set(host.roles):
                tokens[wish.roles[0]] = add_account(work, wish).token
    return Staff(tokens)
