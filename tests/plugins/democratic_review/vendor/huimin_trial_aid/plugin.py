"""The switchboard of the small aid: one type of case, no money."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from core.api import Plugin, PolicyKey, hookimpl

PLUGIN = Plugin(name="trial_aid", title="Trial aid", api=(1, 0), requires=("casework",), icon="heart")
STEPS = ("apply", "accept", "ballot", "notice_1", "township_review", "county_review", "decide")


@hookimpl
def register_policies() -> Iterable[PolicyKey]:
    flow = {"steps": [{"step": name} for name in STEPS]}
    return [PolicyKey(name="trial_aid.flow", title="Flow", kind="mapping", default=flow)]


@hookimpl(optionalhook=True)
def register_casework_types() -> Iterable[Any]:
    from plugins.casework.api import CaseType

    return [
        CaseType(
            name="trial_aid",
            title="Trial aid",
            prefix="TA",
            flow_key="trial_aid.flow",
            compute="huimin_trial_aid.plugin:compute",
            legal_basis="Rule 1",
        )
    ]


def compute(work: Any, case: Any, on: date) -> Any:
    """Everybody is eligible."""
    from plugins.casework.api import Computation

    return Computation(eligible=True, monthly_fen=10000, lines=(), digest="00")
