"""A form between the browser and a service: what was typed, what is objected to, and the model it becomes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from litestar.enums import RequestEncodingType
from litestar.params import Body
from pydantic import BaseModel

from core.errors import Objection
from core.wishes import checked

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Uploaded:
    """A file that came with a form: its own name without folders, its bytes and what the browser called it."""

    name: str
    content: bytes
    media_type: str


class Posted(Mapping[str, str]):
    """The fields of a posted form, in order; a name that came several times gives its first value.

    Texts are stripped at both ends, as a clerk expects. Files are kept apart in ``files``.
    """

    def __init__(
        self, pairs: Iterable[tuple[str, str]] = (), files: Mapping[str, Uploaded] | None = None, digest: bytes = b""
    ) -> None:
        self._all: dict[str, list[str]] = {}
        for name, text in pairs:
            self._all.setdefault(name, []).append(text.strip())
        self.files: Mapping[str, Uploaded] = files or {}
        self.digest = digest

    def __getitem__(self, name: str) -> str:
        return self._all[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def text(self, name: str) -> str:
        """The text of a field, "" when the form has none."""
        return self._all.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of a name: the ticked boxes of one group."""
        return list(self._all.get(name, ()))


FormData: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The posted form of a handler: ``data: FormData``; files are in ``data.files``."""


class Typed:
    """What the macros of a form ask: the text typed in a field, and the objections to it."""

    def __init__(self, values: Mapping[str, Any] | None = None, objections: Sequence[Objection] = ()) -> None:
        self._values = values or {}
        self._objections = tuple(objections)

    def text(self, name: str) -> str:
        """The text to stand in the field again."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def chosen(self, name: str) -> list[str]:
        """Every value of a group of boxes."""
        if isinstance(self._values, Posted):
            return self._values.all(name)
        value = self._values.get(name)
        return [str(one) for one in value] if isinstance(value, (list, tuple, set)) else [self.text(name)]

    def wrong(self, name: str) -> str:
        """The objections to one field as one text, or nothing."""
        return " ".join(objection.reason for objection in self._objections if objection.field == name)


def read_form(model: type[Model], data: Mapping[str, Any], **more: object) -> Model:
    """Make the model of a wish from form data; raises Refused with every objection at its field.

    An empty field of something optional counts as not given. ``more`` are values the page knows itself.
    """
    given: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in more:
            given[name] = more[name]
        elif name in data:
            value = data.all(name) if isinstance(data, Posted) and _is_list(field.annotation) else data[name]
            if value != "" or field.is_required():
                given[name] = value
        elif isinstance(data, Posted) and _is_list(field.annotation):
            given[name] = []
    return checked(model, **given)


def _is_list(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) in (list, tuple, set, frozenset, Sequence)
