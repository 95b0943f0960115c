"""What the description of the API says of every operation: its routers stand in it, and how it refuses."""

from typing import Any

from litestar import Router
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Response
from pydantic import BaseModel, Field


class ErrorObject(BaseModel):
    """Why nothing was done: ``code`` for programs, ``message`` for people, ``objections`` by field."""

    code: str
    message: str
    hint: str | None = None
    field: str | None = None
    plugin: str | None = None
    objections: list[dict[str, Any]] = Field(default=[])


class ErrorBody(BaseModel):
    """The body of every answer that is a refusal."""

    error: ErrorObject


REFUSALS = {
    400: "The request cannot be read.",
    401: "No token, or one that is not valid.",
    403: "The account or the token lacks the right.",
    404: "No such thing, or none in the areas of the token.",
    405: "No such method at this address.",
    409: "It changed meanwhile, or the Idempotency-Key was used for another request.",
    413: "The body is too large.",
    422: "Refused by a rule; objections name the fields.",
    503: "Try again: somebody else is writing, or a limit was reached.",
}


FILES = (Response[bytes],)
FILE = ResponseSpec(bytes, generate_examples=False, description="A file.", media_type="*/*")


def described(router: Any, root: str) -> Any:
    """A router whose addresses stand in the description, with every way they refuse, when they lie under ``root``."""
    if isinstance(router, Router) and f"{router.path}/".startswith(f"{root}/"):
        router.include_in_schema = True
        spec = {
            status: ResponseSpec(ErrorBody, generate_examples=False, description=words)
            for status, words in REFUSALS.items()
        }
        for route in router.routes:
            for handler in getattr(route, "route_handlers", ()):
                own = {handler.status_code: FILE} if handler.parsed_fn_signature.return_type.raw in FILES else {}
                handler.responses = {**spec, **own, **(handler.responses or {})}
    return router
