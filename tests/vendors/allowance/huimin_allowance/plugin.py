"""The switchboard of the allowances."""

from collections.abc import Iterable

from core.api import Category, Plugin, RowObjection, Scheme, UnitOfWork, hookimpl

PLUGIN = Plugin(name="allowance", title="Allowances", api=(1, 0), requires=("benefits",), icon="baby")


@hookimpl
def register_schemes() -> Iterable[Scheme]:
    return [
        Scheme(
            name="allowance",
            title="Allowance",
            account="5007",
            categories=(
                Category(code="INST", title="In a home", payee="institution"),
                Category(code="HOME", title="At home"),
            ),
            exclusion="orphan",
            sensitive=True,
        ),
        Scheme(
            name="allowance_gap",
            title="Gap",
            account="5007",
            categories=(Category(code="GAP", title="Gap"),),
            amounts="huimin_allowance.amounts:gap",
        ),
        Scheme(
            name="allowance_family",
            title="Family",
            account="5001",
            beneficiary="family",
            categories=(Category(code="FAMILY", title="Family"),),
            exclusion="dibao_of_tests",
        ),
        Scheme(
            name="allowance_pair",
            title="Pair",
            account="5002",
            categories=(Category(code="BASIC", title="Basic"),),
            exclusion="tekun",
            exclusion_code="E_PAIR",
        ),
        Scheme(
            name="allowance_broken",
            title="Broken",
            account="5007",
            categories=(Category(code="X", title="X"),),
            amounts="huimin_allowance.amounts:nonsense",
        ),
    ]


@hookimpl(optionalhook=True)
def check_benefits_enrolment(work: UnitOfWork, enrolments) -> Iterable[RowObjection]:
    for row, month in enumerate(enrolments.from_months.tolist()):
        if month < "2000-01":
            yield RowObjection(row=row, reason="too long ago", column="from_month", code="E_LONG_AGO")
