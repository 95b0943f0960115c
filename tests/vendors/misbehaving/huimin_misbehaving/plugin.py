"""The switchboard of the plugin that misbehaves; every hook asks ``_misbehave`` first."""

from typing import Any

from core.api import Plugin, hookimpl

PLUGIN = Plugin(name="misbehaving", title="捣乱", api=(1, 0))


def _misbehave(hook: str, *given: Any) -> Any:
    import huimin_misbehaving
    from huimin_misbehaving.faults import FAULTS, NOT_ITS_FAULT

    faults = FAULTS | NOT_ITS_FAULT
    return faults[huimin_misbehaving.HOW[0]](hook, given) if hook in huimin_misbehaving.WRONG_IN else None


@hookimpl
def register_permissions() -> Any:
    return _misbehave("register_permissions")


@hookimpl
def register_roles() -> Any:
    return _misbehave("register_roles")


@hookimpl
def register_routes() -> Any:
    return _misbehave("register_routes")


@hookimpl
def register_public_routes() -> Any:
    return _misbehave("register_public_routes")


@hookimpl
def register_menu() -> Any:
    return _misbehave("register_menu")


@hookimpl
def register_jobs() -> Any:
    return _misbehave("register_jobs")


@hookimpl
def register_reports() -> Any:
    return _misbehave("register_reports")


@hookimpl
def register_imports() -> Any:
    return _misbehave("register_imports")


@hookimpl
def register_health_checks() -> Any:
    return _misbehave("register_health_checks")


@hookimpl
def register_retention_rules() -> Any:
    return _misbehave("register_retention_rules")


@hookimpl
def register_demo_steps() -> Any:
    return _misbehave("register_demo_steps")


@hookimpl
def register_policies() -> Any:
    return _misbehave("register_policies")


@hookimpl
def check_household_change(work: Any, changes: Any) -> Any:
    return _misbehave("check_household_change", work, changes)


@hookimpl
def check_person_erasure(work: Any, people: Any) -> Any:
    return _misbehave("check_person_erasure", work, people)


@hookimpl
def household_changed(work: Any, changes: Any) -> Any:
    return _misbehave("household_changed", work, changes)


@hookimpl
def person_died(work: Any, deaths: Any) -> Any:
    return _misbehave("person_died", work, deaths)


@hookimpl
def person_moved(work: Any, moves: Any) -> Any:
    return _misbehave("person_moved", work, moves)


@hookimpl
def people_merged(work: Any, merges: Any) -> Any:
    return _misbehave("people_merged", work, merges)


@hookimpl
def resolve_audit_wording(action: Any, details: Any) -> Any:
    return _misbehave("resolve_audit_wording", action, details)


@hookimpl
def show_household_panels(work: Any, household_id: Any, person_ids: Any) -> Any:
    return _misbehave("show_household_panels", work, household_id, person_ids)


@hookimpl
def show_person_panels(work: Any, person_id: Any) -> Any:
    return _misbehave("show_person_panels", work, person_id)


@hookimpl
def show_desk_tiles(work: Any) -> Any:
    return _misbehave("show_desk_tiles", work)


@hookimpl
def show_desk_charts(work: Any) -> Any:
    return _misbehave("show_desk_charts", work)


@hookimpl
def show_town_figures(work: Any) -> Any:
    return _misbehave("show_town_figures", work)


@hookimpl
def show_desk_tasks(work: Any) -> Any:
    return _misbehave("show_desk_tasks", work)


@hookimpl
def after_commit(work: Any, topic: Any, payload: Any) -> Any:
    return _misbehave("after_commit", work, topic, payload)


@hookimpl
def register_fund_accounts() -> Any:
    return _misbehave("register_fund_accounts")


@hookimpl
def register_schemes() -> Any:
    return _misbehave("register_schemes")


@hookimpl
def register_detectors() -> Any:
    return _misbehave("register_detectors")


@hookimpl
def check_allocation(work: Any, fund_id: Any, scheme: Any, area: Any, amount_fen: Any) -> Any:
    return _misbehave("check_allocation", work, fund_id, scheme, area, amount_fen)


@hookimpl
def check_payments(work: Any, payments: Any) -> Any:
    return _misbehave("check_payments", work, payments)


@hookimpl
def entries_posted(work: Any, entries: Any) -> Any:
    return _misbehave("entries_posted", work, entries)


@hookimpl
def payments_settled(work: Any, payments: Any) -> Any:
    return _misbehave("payments_settled", work, payments)


@hookimpl
def payments_returned(work: Any, payments: Any) -> Any:
    return _misbehave("payments_returned", work, payments)


@hookimpl
def resolve_payment_channel(work: Any, scheme: Any, area: Any) -> Any:
    return _misbehave("resolve_payment_channel", work, scheme, area)


@hookimpl
def resolve_headcount(work: Any, scheme: Any, period: Any) -> Any:
    return _misbehave("resolve_headcount", work, scheme, period)


@hookimpl
def resolve_recomputed_sample(work: Any, batch_id: Any, seed: Any, share: Any) -> Any:
    return _misbehave("resolve_recomputed_sample", work, batch_id, seed, share)


@hookimpl
def resolve_goods_counted(work: Any, period: Any) -> Any:
    return _misbehave("resolve_goods_counted", work, period)
