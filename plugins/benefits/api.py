"""What plugins that stand on benefits may import: enrol, change, end; what somebody gets; rolls and their checks."""

from plugins.benefits.checking import recompute_sample
from plugins.benefits.due import Due
from plugins.benefits.exclusivity import excluded_people
from plugins.benefits.explaining import explain
from plugins.benefits.gaps import Amounts, amounts_in_month
from plugins.benefits.hookspecs import Enrolments, NewStandard
from plugins.benefits.known import Known, known_now
from plugins.benefits.months import rounded
from plugins.benefits.queries import enrolments_of, find_institution, institutions, show_enrolment
from plugins.benefits.services.changing import (
    ChangeEnrolment,
    change_enrolment,
    end_enrolment,
    reopen,
    resume,
    suspend,
)
from plugins.benefits.services.decisions import (
    change_decided,
    cover,
    end_decided,
    enrol_decided,
    go_on_decided,
    pause_decided,
    plan_end_decided,
    reopen_decided,
)
from plugins.benefits.services.enrolling import enrol, enrol_many
from plugins.benefits.services.examining import NewEnrolment
from plugins.benefits.services.institutions import SetInstitution, set_institution
from plugins.benefits.services.rolls import BuildRoll, build_roll
from plugins.benefits.services.standards import SetStandard, set_standard
from plugins.benefits.standards_now import standard_in_month
from plugins.benefits.what_if import what_if

__all__ = [
    "Amounts",
    "BuildRoll",
    "ChangeEnrolment",
    "Due",
    "Enrolments",
    "Known",
    "NewEnrolment",
    "NewStandard",
    "SetInstitution",
    "SetStandard",
    "amounts_in_month",
    "build_roll",
    "change_decided",
    "change_enrolment",
    "cover",
    "end_decided",
    "end_enrolment",
    "enrol",
    "enrol_decided",
    "enrol_many",
    "enrolments_of",
    "excluded_people",
    "explain",
    "find_institution",
    "go_on_decided",
    "institutions",
    "known_now",
    "pause_decided",
    "plan_end_decided",
    "recompute_sample",
    "reopen",
    "reopen_decided",
    "resume",
    "rounded",
    "set_institution",
    "set_standard",
    "show_enrolment",
    "standard_in_month",
    "suspend",
    "what_if",
]
