"""Requests of the API that come twice under one Idempotency-Key: acted upon once, answered alike."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from litestar import Request
from litestar.response import Response
from litestar.types import Empty
from litestar.utils.scope.state import ScopeState

from core.host import AlreadyDone
from core.web.current import Current

if TYPE_CHECKING:
    from core.work import UnitOfWork

ANSWER_MAX = 2_000
REPLAYED = "idempotent-replayed"
"""The header of an answer that was given before."""


def answered(work: "UnitOfWork", body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    """Answer with ``body``, and keep it for the same request under the same key. Never hand it a secret.

    ``return answered(work, {"id": booking.id})`` in a handler that makes something.
    """
    kept = json.dumps({"status": status, "body": body}, ensure_ascii=False)
    work.answer = kept if len(kept) <= ANSWER_MAX else ""
    return body


def api_key(now: Current, request: Request[Any, Any, Any]) -> tuple[str | None, bytes]:
    """The one-time key of a request of the API, and the digest of what it asks: method, path and body."""
    key = request.headers.get("idempotency-key", "")
    if not key:
        return None, b""
    body = ScopeState.from_scope(request.scope).body
    content = now.posted.digest if now.posted is not None else b"" if body is Empty else body
    digest = hashlib.sha256(f"{now.method} {now.path}?{now.query}\0".encode() + content)
    return f"api:{key}"[:80], digest.digest()


def first_answer(error: AlreadyDone) -> Response[Any] | None:
    """What the first request was answered with; None when that was not kept."""
    if not error.answer.startswith("{"):
        return None
    kept = json.loads(error.answer)
    return Response(kept["body"], status_code=kept["status"], headers={REPLAYED: "true"})
