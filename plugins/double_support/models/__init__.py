"""What is kept of double support; every table of the plugin."""

from plugins.double_support.models.arranging import (
    Milestone,
    Progress,
    Project,
    ScoreItem,
    ScoreSheet,
    SupportMoney,
    Title,
)
from plugins.double_support.models.educating import (
    Activity,
    Agreement,
    Base,
    DefenceBudget,
    DefenceClass,
    DefenceEvent,
    ServicePoint,
    SupportGroup,
)
from plugins.double_support.models.families import Job, Offer, SchoolRequest, Spouse, Stretch, Subsidy
from plugins.double_support.models.visiting import Category, MeritNews, Need, Plan, Plaque, Unit, Visit

__all__ = [
    "Activity",
    "Agreement",
    "Base",
    "Category",
    "DefenceBudget",
    "DefenceClass",
    "DefenceEvent",
    "Job",
    "MeritNews",
    "Milestone",
    "Need",
    "Offer",
    "Plan",
    "Plaque",
    "Progress",
    "Project",
    "SchoolRequest",
    "ScoreItem",
    "ScoreSheet",
    "ServicePoint",
    "Spouse",
    "Stretch",
    "Subsidy",
    "SupportGroup",
    "SupportMoney",
    "Title",
    "Unit",
    "Visit",
]
