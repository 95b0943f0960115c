"""The schemes benefits answers for: people are enrolled in them, by category. What a plugin pays by itself has none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import Scheme, UnitOfWork


def schemes_of(work: "UnitOfWork") -> "Mapping[str, Scheme]":
    """Schemes with categories, by name: whoever has none is never enrolled here, and no roll is built for it."""
    return {name: one for name, one in work.host.schemes.items() if one.categories}
