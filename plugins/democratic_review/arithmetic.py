"""The arithmetic of a ballot: sums, quorum and majority, in exact fractions."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.api import Objection, _

_SIMPLE = 10
"""A share such as 0.6667 stands for the simple fraction it rounds to; its denominator is at most this."""


@dataclass(frozen=True)
class Counts:
    """The papers of one vote. ``returned`` are the ballots cast; nothing here says who chose what."""

    issued: int
    returned: int
    valid: int
    invalid: int
    agree: int
    disagree: int
    abstain: int


def exact(share: Decimal) -> Fraction:
    """A share as the fraction it means: 0.6667 is two thirds, 0.65 stays 13/20."""
    plain = Fraction(share)
    simple = plain.limit_denominator(_SIMPLE)
    exponent = share.as_tuple().exponent
    step = Fraction(1, 10 ** max(-exponent, 0)) if isinstance(exponent, int) else Fraction(0)
    return simple if abs(simple - plain) * 2 <= step else plain


def in_fraction(share: Decimal) -> str:
    """A share as people say it: 2/3, 1/2; a share of no simple fraction in percent."""
    meant = exact(share)
    return f"{meant.numerator}/{meant.denominator}" if meant.denominator <= _SIMPLE else in_percent(meant)


def in_percent(share: Fraction) -> str:
    """A share in percent with one decimal, rounded half up: 78.9%."""
    tenths = int(share * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%"


def reaches(part: int, whole: int, share: Decimal) -> bool:
    """Whether ``part`` of ``whole`` reaches a share: 12 of 18 reach 0.6667."""
    return whole > 0 and Fraction(part, whole) >= exact(share)


def passes(agree: int, cast: int, share: Decimal) -> bool:
    """Whether the votes in favour are more than a share of the ballots cast; abstentions stay in the denominator."""
    return agree > exact(share) * cast


def votes_needed(cast: int, share: Decimal) -> int:
    """The fewest votes in favour that pass."""
    return int(exact(share) * cast) + 1


def sum_faults(counts: Counts, voters: int) -> Iterator[Objection]:
    """Every sum that does not hold (``E_BALLOT_SUM``)."""
    if counts.issued > voters:
        yield _fault(
            "issued", _("票数不平衡：投票人 {voters} 人，发出 {issued} 票", voters=voters, issued=counts.issued)
        )
    if counts.returned > counts.issued:
        reason = _("票数不平衡：发出 {issued} 票，收回 {returned} 票", issued=counts.issued, returned=counts.returned)
        yield _fault("returned", reason)
    if counts.valid + counts.invalid != counts.returned:
        reason = _(
            "票数不平衡：有效 {valid} 加无效 {invalid} 不等于收回 {returned}",
            valid=counts.valid,
            invalid=counts.invalid,
            returned=counts.returned,
        )
        yield _fault("valid", reason)
    if counts.agree + counts.disagree + counts.abstain != counts.valid:
        reason = _(
            "票数不平衡：同意 {agree} 加不同意 {disagree} 加弃权 {abstain} 不等于有效 {valid}",
            agree=counts.agree,
            disagree=counts.disagree,
            abstain=counts.abstain,
            valid=counts.valid,
        )
        yield _fault("agree", reason)


def _fault(field: str, reason: str) -> Objection:
    return Objection(field=field, reason=reason, code="E_BALLOT_SUM")
