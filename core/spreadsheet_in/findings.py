"""One thing to say about one cell of a file that came in."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any


@dataclass(frozen=True, order=True)
class Finding:
    """One thing about one cell. ``row`` is the sheet's row number, ``column`` its letter, ``value`` masked."""

    sheet_at: int
    row: int
    column_at: int
    sheet: str = dataclass_field(compare=False)
    column: str = dataclass_field(compare=False)
    field: str = dataclass_field(compare=False)
    value: str = dataclass_field(compare=False)
    code: str = dataclass_field(compare=False)
    message: str = dataclass_field(compare=False)

    def as_json(self) -> dict[str, Any]:
        """The finding as scripts read it."""
        names = ("sheet", "row", "column", "field", "value", "code", "message")
        return {name: getattr(self, name) for name in names}
