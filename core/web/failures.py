"""What a reader sees when something is refused or goes wrong: our own pages, and objects for the API."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Response

from core.calling import incident
from core.errors import Fault, HuiminError, NotSignedIn, PluginFailed, Refused, WrongUse
from core.host import AlreadyDone
from core.texts import _
from core.values import beyond
from core.web.access import FactorMissing
from core.web.answers import HTML, draw, see_other
from core.web.current import Current, current
from core.web.rendering import link
from core.web.repeating import first_answer

log = logging.getLogger("huimin.web")


def on_refusal(request: Request[Any, Any, Any], error: HuiminError) -> Response[Any]:
    """Answer an error that was raised on purpose."""
    now = current()
    if now.edge == "api":
        return (first_answer(error) if isinstance(error, AlreadyDone) else None) or as_object(error)
    if isinstance(error, NotSignedIn):
        return _to_sign_in(now)
    if isinstance(error, FactorMissing):
        return see_other("/profile/factor", error.message)
    if isinstance(error, AlreadyDone):
        return _again(now, error)
    number = ""
    if isinstance(error, Fault):
        number = error.number or _log(error)
        return error_page(now, 500, _("系统出了差错"), _("没有写入任何内容。稍后再试，或联系管理员"), number=number)
    heading = _headings().get(error.status, _("没有办理"))
    return error_page(now, error.status, heading, error.message, hint=error.hint or "", error=error)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses: unknown address, wrong method, unreadable body."""
    now = current()
    status = error.status_code
    messages = {
        404: _("没有这个页面。可能地址写错了，也可能这个业务没有启用"),
        405: _("这个地址不能这样打开"),
        413: _("上传的内容太大，请分成几份"),
    }
    message = messages.get(status, _("请求读不懂，请返回上一页再试"))
    if status >= 500:
        return on_fault(request, error)
    if now.edge == "api":
        objections = [{"field": _field(one), "reason": str(one.get("message", ""))} for one in _details(error)]
        body = {"code": _codes().get(status, "E_USE"), "message": message, "objections": objections}
        return Response({"error": body}, status_code=status)
    return error_page(now, status, _headings().get(status, _("没有办理")), message)


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of ours: a number for the reader, the cause under the same number in the log."""
    now = current()
    if isinstance(error, RecursionError) and "deserializing" in str(error):  # a body nested thousands deep
        return as_object(WrongUse(_("请求读不懂，请返回上一页再试")))
    if refusal := beyond(error):
        return on_refusal(request, refusal)
    number = _log(error)
    message = _("没有写入任何内容。稍后再试，或联系管理员")
    if now.edge == "api":
        body = {"code": "E_FAULT", "message": message, "hint": number}
        return Response({"error": body}, status_code=500)
    return error_page(now, 500, _("系统出了差错"), message, number=number)


def error_page(
    now: Current, status: int, heading: str, message: str, *, hint: str = "", number: str = "", error: Any = None
) -> Response[str]:
    """Our own page for an error, within the shell when somebody is signed in."""
    objections = error.objections if isinstance(error, Refused) and len(error.objections) > 1 else ()
    context = {
        "layout": "base.html" if now.actor else "bare.html",
        "heading": heading,
        "message": _("有几处不符合要求") if objections else message,
        "hint": hint,
        "number": number,
        "listed": objections,
    }
    return Response(draw(now, "error.html", context, count=False), status_code=status, media_type=HTML)


def as_object(error: HuiminError) -> Response[Any]:
    """The error object of the API."""
    message, hint = error.message, error.hint
    if isinstance(error, Fault):
        message, hint = _("没有写入任何内容。稍后再试，或联系管理员"), error.number or _log(error)
    body: dict[str, Any] = {"code": error.code, "message": message}
    if hint:
        body["hint"] = hint
    if isinstance(error, PluginFailed):
        body["plugin"] = error.plugin
    if isinstance(error, Refused):
        body["objections"] = [
            {name: value for name, value in vars(one).items() if value is not None} for one in error.objections
        ]
        body["field"] = next((one.field for one in error.objections if one.field), None)
    headers = {"www-authenticate": "Bearer"} if isinstance(error, NotSignedIn) else None
    return Response({"error": body}, status_code=error.status, headers=headers)


def _to_sign_in(now: Current) -> Response[Any]:
    back = now.path + (f"?{now.query}" if now.query else "")
    if now.writes or back == "/":
        back = "/"
    if now.partial:
        return Response("", status_code=401, headers={"hx-redirect": link("/sign-in")})
    return Redirect(link(f"/sign-in?next={quote(back)}" if back != "/" else "/sign-in"), status_code=303)


def _again(now: Current, error: AlreadyDone) -> Response[Any]:
    once = now.posted.text("_once") if now.posted else ""
    known = now.site.answered.get((now.who().account_id, once))
    return see_other(error.answer or known or "/", error.message)


def _log(error: Exception) -> str:
    number = incident()
    log.error("%s %s: %s", number, type(error).__name__, error, exc_info=error)
    return number


def _headings() -> dict[int, str]:
    return {
        400: _("请求读不懂"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("不能这样打开"),
        409: _("内容已有变化"),
        413: _("内容太大"),
        422: _("没有办理"),
        503: _("请稍后再试"),
    }


def _codes() -> dict[int, str]:
    return {
        404: "E_NOT_FOUND",
        405: "E_USE",
        401: "E_SIGN_IN",
        403: "E_FORBIDDEN",
        413: "E_TOO_LARGE",
        422: "E_REFUSED",
    }


def _details(error: HTTPException) -> list[dict[str, Any]]:
    return [one for one in error.extra if isinstance(one, dict)] if isinstance(error.extra, list) else []


def _field(one: dict[str, Any]) -> str | None:
    return one.get("key")
