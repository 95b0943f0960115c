"""The money of ``tests/core/funds`` for proofs of crashes and clocks."""

from tests.core.funds.conftest import county, money, money_class, with_scheme

__all__ = ["county", "money", "money_class", "with_scheme"]
