"""The switchboard of the plugin that misbehaves; every hook asks ``_misbehave`` first."""

from typing import Any

from core.api import Plugin, hookimpl

PLUGIN = Plugin(name="misbehaving", title="捣乱", api=(1, 0))


def _misbehave(hook: str) -> Any:
    import huimin_misbehaving

    if hook not in huimin_misbehaving.WRONG_IN:
        return None
    match huimin_misbehaving.HOW[0]:
        case "raise":
            raise ValueError(f"{hook} misbehaves")
        case "exit":
            raise SystemExit(3)
        case "text":
            return "not a list of answers"
        case _other:
            return [object()]


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
def register_policies() -> Any:
    return _misbehave("register_policies")


@hookimpl
def check_household_change(work: Any, changes: Any) -> Any:
    return _misbehave("check_household_change")


@hookimpl
def check_person_erasure(work: Any, people: Any) -> Any:
    return _misbehave("check_person_erasure")


@hookimpl
def household_changed(work: Any, changes: Any) -> Any:
    return _misbehave("household_changed")


@hookimpl
def person_died(work: Any, deaths: Any) -> Any:
    return _misbehave("person_died")


@hookimpl
def person_moved(work: Any, moves: Any) -> Any:
    return _misbehave("person_moved")


@hookimpl
def people_merged(work: Any, merges: Any) -> Any:
    return _misbehave("people_merged")


@hookimpl
def resolve_audit_wording(action: Any, details: Any) -> Any:
    return _misbehave("resolve_audit_wording")


@hookimpl
def show_household_panels(work: Any, household_id: Any, person_ids: Any) -> Any:
    return _misbehave("show_household_panels")


@hookimpl
def show_person_panels(work: Any, person_id: Any) -> Any:
    return _misbehave("show_person_panels")


@hookimpl
def show_desk_tiles(work: Any) -> Any:
    return _misbehave("show_desk_tiles")


@hookimpl
def show_desk_tasks(work: Any) -> Any:
    return _misbehave("show_desk_tasks")


@hookimpl
def after_commit(work: Any, topic: Any, payload: Any) -> Any:
    return _misbehave("after_commit")


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
    return _misbehave("check_allocation")


@hookimpl
def check_payments(work: Any, payments: Any) -> Any:
    return _misbehave("check_payments")


@hookimpl
def entries_posted(work: Any, entries: Any) -> Any:
    return _misbehave("entries_posted")


@hookimpl
def payments_settled(work: Any, payments: Any) -> Any:
    return _misbehave("payments_settled")


@hookimpl
def payments_returned(work: Any, payments: Any) -> Any:
    return _misbehave("payments_returned")


@hookimpl
def resolve_payment_channel(work: Any, scheme: Any, area: Any) -> Any:
    return _misbehave("resolve_payment_channel")


@hookimpl
def resolve_headcount(work: Any, scheme: Any, period: Any) -> Any:
    return _misbehave("resolve_headcount")


@hookimpl
def resolve_recomputed_sample(work: Any, batch_id: Any, seed: Any, share: Any) -> Any:
    return _misbehave("resolve_recomputed_sample")


@hookimpl
def resolve_goods_counted(work: Any, period: Any) -> Any:
    return _misbehave("resolve_goods_counted")
