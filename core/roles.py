"""The roles of the core, which may not meet in one account, and what the account of the shell stands for."""

from core.extension import Role
from core.texts import mark

SHELL = "shell"
SYSTEM = "system"

ROLES = (
    Role(name="clerk", title=mark("经办员")),
    Role(name="township_officer", title=mark("乡镇经办人")),
    # Whoever acted on a batch may not act on it again, whatever roles an account holds: the batch's steps see to that.
    Role(name="proposer", title=mark("制单人"), second_factor=True),
    Role(name="reviewer", title=mark("复核人"), second_factor=True),
    Role(name="approver", title=mark("审批人"), excludes=("disburser",), second_factor=True),
    Role(name="disburser", title=mark("出纳"), excludes=("accountant",), second_factor=True),
    Role(name="accountant", title=mark("会计"), excludes=("auditor",), second_factor=True),
    Role(
        name="auditor",
        title=mark("审计员"),
        excludes=("system_admin", "security_admin", "proposer", "reviewer", "approver", "disburser", "clerk"),
    ),
    Role(name="system_admin", title=mark("系统管理员"), excludes=("security_admin",)),
    Role(name="security_admin", title=mark("安全管理员")),
    Role(name=SHELL, title=mark("命令行账号")),
    Role(name=SYSTEM, title=mark("后台任务")),
)

BUILT_IN = (SHELL, SYSTEM)
"""Held by the two accounts that ``init`` makes, and by nobody else."""

ADMINISTRATORS = ("system_admin", "security_admin")

SHELL_STANDS_FOR = ("clerk", "proposer", "accountant", *ADMINISTRATORS)
"""The roles whose rights the shell account has (issue contract), apart from every step of a second person."""


def exclusions(roles: tuple[Role, ...] = ROLES) -> list[tuple[str, str]]:
    """Every pair of roles that may not meet, in both directions, for the table the trigger reads."""
    pairs = {(role.name, other) for role in roles for other in role.excludes}
    return sorted(pairs | {(other, name) for name, other in pairs})
