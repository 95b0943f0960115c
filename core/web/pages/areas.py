"""The areas of the county: the tree from town to village, urban or rural."""

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from core.households import areas
from core.texts import _
from core.web import FormData, begin, guarded, page, see_other

KINDS = ("urban", "rural")


@get("/", sync_to_thread=True, guards=[guarded("area.show")])
def show(request: Request, town: FromQuery[str] = "", q: FromQuery[str] = "") -> Template:
    """The towns, and the villages of the town that was chosen."""
    with begin(request) as work:
        found = areas.list_areas(work)
        kinds = {
            one["code"]: areas.kind_of(work, one["code"])
            for one in found
            if one["level"] == "town" or one["parent"] == town
        }
        may_set = work.may("area.set")
    towns = [one for one in found if one["level"] == "town"]
    villages = [one for one in found if one["level"] == "village" and (one["parent"] == town if town else bool(q))]
    counts: dict[str, int] = {}
    for one in found:
        if one["level"] == "village":
            counts[one["parent"]] = counts.get(one["parent"], 0) + 1
    if q:
        villages = [one for one in villages if q in one["name"] or one["code"].startswith(q)]
        towns = [one for one in towns if q in one["name"] or one["code"].startswith(q)]
    return page(
        "areas.html",
        block="list",
        towns=towns,
        villages=villages[:300],
        town=next((one for one in found if one["code"] == town), None),
        counts=counts,
        kinds={code: {"urban": _("城镇"), "rural": _("农村")}.get(kind, "--") for code, kind in kinds.items()},
        q=q,
        may_set=may_set,
    )


@post("/{code:str}/kind", sync_to_thread=True, guards=[guarded("area.set")])
def set_kind(request: Request, code: FromPath[str], data: FormData) -> Redirect:
    """Say whether an area counts as urban or rural."""
    with begin(request) as work:
        areas.set_kind(work, code, data.text("kind"))
    back = f"/areas?town={code[:9]}" if len(code) == 12 else "/areas"
    return see_other(back, _("已保存"))


router = Router("/areas", route_handlers=[show, set_kind])
