"""The vendors' door: everything a plugin may use of the core. Names are re-exported here, nothing is defined here.

Heavy names are imported when they are first asked for, so that a plugin's switchboard stays quick to read.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.errors import (
    Clash,
    Forbidden,
    HuiminError,
    NotFound,
    Objection,
    PartlyDone,
    Refused,
    TryAgain,
    WrongUse,
    refuse,
)
from core.extension import (
    API,
    Column,
    Command,
    HealthCheck,
    Import,
    ImportCounts,
    Job,
    Lane,
    MenuItem,
    Panel,
    Parameter,
    Permission,
    Plugin,
    Point,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    RowObjection,
    Sheet,
    Span,
    Task,
    Tile,
)
from core.texts import _, mark, plural

if TYPE_CHECKING:
    from core.calendar import Calendar, calendar_of
    from core.documents import pdf
    from core.guards import append_only
    from core.hookspecs import HouseholdChanges, Merges, Moves, People, hookimpl, hookspec
    from core.households.areas import area_names
    from core.identity.attachments import NewAttachment, add_attachment, open_attachment
    from core.identity.queries import PersonFacts, facts_of, find_person
    from core.policy import policy_keys
    from core.scope import scoped, within
    from core.tables import Bytes, Key, Table, only_one
    from core.values import AreaCode, BankAccount, IdNumber, Period, Phone, age_on
    from core.wishes import checked
    from core.work import Actor, UnitOfWork

_LATE = {
    "Calendar": "core.calendar",
    "calendar_of": "core.calendar",
    "append_only": "core.guards",
    "HouseholdChanges": "core.hookspecs",
    "Merges": "core.hookspecs",
    "Moves": "core.hookspecs",
    "People": "core.hookspecs",
    "hookimpl": "core.hookspecs",
    "hookspec": "core.hookspecs",
    "NewAttachment": "core.identity.attachments",
    "add_attachment": "core.identity.attachments",
    "open_attachment": "core.identity.attachments",
    "area_names": "core.households.areas",
    "pdf": "core.documents",
    "PersonFacts": "core.identity.queries",
    "facts_of": "core.identity.queries",
    "find_person": "core.identity.queries",
    "policy_keys": "core.policy",
    "scoped": "core.scope",
    "within": "core.scope",
    "Bytes": "core.tables",
    "Key": "core.tables",
    "Table": "core.tables",
    "only_one": "core.tables",
    "AreaCode": "core.values",
    "BankAccount": "core.values",
    "IdNumber": "core.values",
    "Period": "core.values",
    "Phone": "core.values",
    "age_on": "core.values",
    "checked": "core.wishes",
    "Actor": "core.work",
    "UnitOfWork": "core.work",
}

__all__ = [
    "API",
    "Actor",
    "AreaCode",
    "BankAccount",
    "Bytes",
    "Calendar",
    "Clash",
    "Column",
    "Command",
    "Forbidden",
    "HealthCheck",
    "HouseholdChanges",
    "HuiminError",
    "IdNumber",
    "Import",
    "ImportCounts",
    "Job",
    "Key",
    "Lane",
    "MenuItem",
    "Merges",
    "Moves",
    "NewAttachment",
    "NotFound",
    "Objection",
    "Panel",
    "Parameter",
    "PartlyDone",
    "People",
    "Period",
    "Permission",
    "PersonFacts",
    "Phone",
    "Plugin",
    "Point",
    "PolicyKey",
    "Refused",
    "Report",
    "RetentionRule",
    "Role",
    "RowObjection",
    "Sheet",
    "Span",
    "Table",
    "Task",
    "Tile",
    "TryAgain",
    "UnitOfWork",
    "WrongUse",
    "_",
    "add_attachment",
    "age_on",
    "append_only",
    "area_names",
    "calendar_of",
    "checked",
    "facts_of",
    "find_person",
    "hookimpl",
    "hookspec",
    "mark",
    "only_one",
    "open_attachment",
    "pdf",
    "plural",
    "policy_keys",
    "refuse",
    "scoped",
    "within",
]


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(import_module(_LATE[name]), name)
