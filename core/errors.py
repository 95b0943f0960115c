"""What can go wrong, in words a clerk understands; one class is one HTTP status and one exit code.

Exit codes are those of ``ARCHITECTURE`` section 8: 2 wrong use, 3 refused, 4 not allowed, 5 not found,
6 clash, 7 partly done, 8 a plugin failed, 70 our fault, 75 try again.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Objection:
    """One reason against an act, at the place it belongs to.

    ``reason`` is a sentence in the reader's language: what is wrong and what to do. ``field`` is the form field or
    the column, ``code`` a code of the handbook (``E_ID_CHECK``), ``hint`` the nearest right value where there is one.
    ``plugin`` is filled in by the host.
    """

    reason: str
    field: str | None = None
    code: str | None = None
    hint: str | None = None
    plugin: str | None = None


class HuiminError(Exception):
    """The root of every error this project raises on purpose."""

    status = 500
    exit_code = 70
    code = "E_FAULT"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class WrongUse(HuiminError):
    """The request or the command line makes no sense."""

    status, exit_code, code = 400, 2, "E_USE"


class Refused(HuiminError):
    """Checked and refused; nothing was written. Carries every objection, to be shown together."""

    status, exit_code, code = 422, 3, "E_REFUSED"

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__("\n".join(objection.reason for objection in self.objections))
        self.code = next((objection.code for objection in self.objections if objection.code), type(self).code)


def refuse(reason: str, *, field: str | None = None, code: str | None = None, hint: str | None = None) -> Refused:
    """Make a refusal with one objection; the caller raises it."""
    return Refused([Objection(reason=reason, field=field, code=code, hint=hint)])


class Forbidden(HuiminError):
    """The actor has no right to this; said before any rule is looked at."""

    status, exit_code, code = 403, 4, "E_FORBIDDEN"


class NotSignedIn(HuiminError):
    """Nobody is signed in, or the sign-in has ended."""

    status, exit_code, code = 401, 4, "E_SIGN_IN"


class NotFound(HuiminError):
    """There is no such thing, or it lies outside the actor's area: the two look the same."""

    status, exit_code, code = 404, 5, "E_NOT_FOUND"


class Clash(HuiminError):
    """Somebody else changed it meanwhile, or it exists already."""

    status, exit_code, code = 409, 6, "E_CLASH"


class PartlyDone(HuiminError):
    """Some rows are in and some are not; the list says which."""

    status, exit_code, code = 200, 7, "E_PARTLY"


class PluginFailed(HuiminError):
    """A plugin raised or answered nonsense; names the plugin and the hook."""

    status, exit_code, code = 500, 8, "E_PLUGIN"

    def __init__(self, plugin: str, hook: str, message: str) -> None:
        super().__init__(message)
        self.plugin = plugin
        self.hook = hook


class Fault(HuiminError):
    """Our own fault: a promise of the code was broken. The log has the cause under ``number``."""

    status, exit_code, code = 500, 70, "E_FAULT"

    def __init__(self, message: str, *, number: str | None = None) -> None:
        super().__init__(message)
        self.number = number


class TryAgain(HuiminError):
    """Busy, disk full or not reachable; the same request may work later."""

    status, exit_code, code = 503, 75, "E_TRY_AGAIN"


class Unconfirmed(TryAgain):
    """The database went away while it was told to commit: nobody knows whether it did. Look first, then try again."""

    code = "E_UNCONFIRMED"
