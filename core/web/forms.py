"""A form between the browser and a service: what was typed, what is objected to, and the model it becomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import Objection, Refused
from core.texts import _

Model = TypeVar("Model", bound=BaseModel)


class FormData(Mapping[str, Any]):
    """The fields of a posted form, in order; a name that came several times gives its first value.

    Files are kept apart in ``files``. Texts are stripped at both ends, as a clerk expects.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), files: Mapping[str, Any] | None = None) -> None:
        self._all: dict[str, list[str]] = {}
        for name, text in pairs:
            self._all.setdefault(name, []).append(text.strip())
        self.files: Mapping[str, Any] = files or {}

    def __getitem__(self, name: str) -> str:
        return self._all[name][0]

    def __iter__(self):  # noqa: ANN204 - the iterator type of dict keys
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def all(self, name: str) -> list[str]:
        """Every value of a name: the ticked boxes of one group."""
        return list(self._all.get(name, ()))


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
        if isinstance(self._values, FormData):
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
            value = data.all(name) if isinstance(data, FormData) and _is_list(field.annotation) else data[name]
            if value != "" or field.is_required():
                given[name] = value
        elif isinstance(data, FormData) and _is_list(field.annotation):
            given[name] = []
    return validated(model, given)


def validated(model: type[Model], given: Mapping[str, Any]) -> Model:
    """The model made of plain values; raises Refused in the reader's words instead of pydantic's."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Refused(_objection(one) for one in error.errors(include_url=False)) from error


def _is_list(annotation: object) -> bool:
    return getattr(annotation, "__origin__", None) in (list, tuple, set, frozenset, Sequence)


def _objection(error: Mapping[str, Any]) -> Objection:
    place = ".".join(str(part) for part in error["loc"])
    return Objection(field=place or None, reason=sentence(error), code="E_FIELD")


def sentence(error: Mapping[str, Any]) -> str:
    """One pydantic error in words that say what to do."""
    kind, limits = error["type"], error.get("ctx") or {}
    match kind:
        case "missing":
            return _("这一项要填")
        case "string_too_short":
            return _("这一项要填") if limits["min_length"] == 1 else _("至少要 {n} 个字", n=limits["min_length"])
        case "string_too_long":
            return _("最多 {n} 个字，请缩短", n=limits["max_length"])
        case "int_parsing" | "int_type" | "int_from_float":
            return _("请填整数，例如 12") if error.get("input") else _("这一项要填")
        case "float_parsing" | "float_type" | "decimal_parsing":
            return _("请填数字，例如 1400 或 1400.50")
        case "date_from_datetime_parsing" | "date_parsing" | "date_type" | "date_from_datetime_inexact":
            return _("请填日期，例如 2026-11-20") if error.get("input") else _("这一项要填")
        case "greater_than_equal":
            return _("不能小于 {limit}", limit=limits["ge"])
        case "greater_than":
            return _("要大于 {limit}", limit=limits["gt"])
        case "less_than_equal":
            return _("不能大于 {limit}", limit=limits["le"])
        case "less_than":
            return _("要小于 {limit}", limit=limits["lt"])
        case "literal_error" | "enum":
            return _("没有这一项，可选：{choices}", choices=str(limits.get("expected", "")))
        case "string_pattern_mismatch":
            return _("写法不对，请照例子填写")
        case "value_error":
            return str(limits.get("error", error["msg"]))
    return _("填写的内容不合要求，请检查")
