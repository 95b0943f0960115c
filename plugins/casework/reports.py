"""Lists for superiors, by page, command and Excel."""

from typing import Any

REPORTS: list[Any] = []
