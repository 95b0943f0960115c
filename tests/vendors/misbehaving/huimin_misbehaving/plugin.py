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
