"""Turn what a person typed into a checked wish, with every objection at its field."""

from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticKnownError

from core.capitals import LARGEST_FEN
from core.errors import Objection, Refused
from core.texts import _

Wish = TypeVar("Wish", bound=BaseModel)


def _number(value: object) -> object:
    """Only a number is one: a text or a yes is not made an amount, however lenient the edge is."""
    if type(value) is not int:
        raise PydanticKnownError("int_type")
    return value


WholeFen: TypeAlias = Annotated[int, BeforeValidator(_number), Field(ge=-LARGEST_FEN, le=LARGEST_FEN)]
"""Fen of a wish as a whole number, no more of them than can be written out."""

Fen: TypeAlias = Annotated[WholeFen, Field(gt=0)]
"""An amount of a wish: whole fen, above nothing."""


def checked(model: type[Wish], **values: Any) -> Wish:
    """The wish as its model; raises ``Refused`` with one objection for each field that does not fit."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Refused([_objection(model, dict(detail)) for detail in error.errors()]) from error


def _objection(model: type[BaseModel], detail: dict[str, Any]) -> Objection:
    path = detail["loc"]
    field = ".".join(str(part) for part in path)
    info = model.model_fields.get(str(path[0])) if path else None
    title = _(info.title) if info and info.title else field
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing" | "string_too_short" if not detail.get("input") or detail["type"] == "missing":
            reason = _("请填写{title}", title=title)
        case "string_too_short" | "too_short":
            reason = _("{title}太短，至少 {limit} 个", title=title, limit=context.get("min_length", 1))
        case "string_too_long" | "too_long":
            reason = _("{title}太长，最多 {limit} 个", title=title, limit=context.get("max_length", ""))
        case "int_parsing" | "int_type" | "int_from_float":
            reason = _("{title}要填整数", title=title)
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            reason = _("{title}要填日期，例如 2026-11-20", title=title)
        case "decimal_parsing" | "float_parsing":
            reason = _("{title}请填数字，例如 1400 或 1400.50", title=title)
        case "bool_parsing":
            reason = _("{title}要选是或否", title=title)
        case "greater_than_equal" | "greater_than":
            reason = _("{title}不能小于 {limit}", title=title, limit=context.get("ge", context.get("gt")))
        case "less_than_equal" | "less_than":
            reason = _("{title}不能大于 {limit}", title=title, limit=context.get("le", context.get("lt")))
        case "literal_error" | "enum":
            reason = _("{title}要从列出的里面选", title=title)
        case "value_error":
            reason = str(context.get("error", detail["msg"]))
        case _other:
            reason = _("{title}的写法不对", title=title)
    return Objection(reason=reason, field=field, code="E_FIELD")
