"""The hooks of the core. The first word fixes how a hook is called; see ``huimin hooks`` for the reference.

No hook takes one person where many can come: columns are parallel numpy arrays of one length.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pluggy

from core.errors import Objection
from core.extension import (
    Chart,
    DemoStep,
    Detector,
    FundAccount,
    Headcount,
    HealthCheck,
    Import,
    Job,
    MenuItem,
    Panel,
    Permission,
    PolicyKey,
    Report,
    RetentionRule,
    Role,
    RowObjection,
    Scheme,
    Task,
    Tile,
    TownFigure,
)

if TYPE_CHECKING:
    import numpy

    from core.work import UnitOfWork
else:
    UnitOfWork = object

hookspec = pluggy.HookspecMarker("huimin")
hookimpl = pluggy.HookimplMarker("huimin")


class _Columns:
    """Columns that several plugins are shown: nobody changes them for the next."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if hasattr(value, "setflags"):
                object.__setattr__(self, name, _read_only(value))


def _read_only(column: "numpy.ndarray") -> "numpy.ndarray":
    shown = column.view()
    shown.setflags(write=False)
    return shown


@dataclass(frozen=True, kw_only=True)
class People(_Columns):
    """A chunk of persons in columns: ``ids`` (int64), ``areas`` (12-digit codes), ``on`` (ISO dates) of one length.

    ``household_ids`` is -1 where a person belongs to none. ``revoked`` says that the fact is being taken back.
    """

    ids: "numpy.ndarray"
    areas: "numpy.ndarray"
    on: "numpy.ndarray"
    household_ids: "numpy.ndarray"
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class Moves(_Columns):
    """A chunk of moves in columns: persons, from which area to which ("" = out of the county), on which day."""

    ids: "numpy.ndarray"
    from_areas: "numpy.ndarray"
    to_areas: "numpy.ndarray"
    on: "numpy.ndarray"
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class Merges(_Columns):
    """A chunk of merges in columns: the record that goes, the record that stays."""

    gone_ids: "numpy.ndarray"
    kept_ids: "numpy.ndarray"
    on: date
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class HouseholdChanges(_Columns):
    """A chunk of changed households in columns: ids (-1 = not yet opened), areas, what happens.

    ``kinds`` holds "opened", "members", "head", "split", "merged", "moved" or "closed".
    """

    ids: "numpy.ndarray"
    areas: "numpy.ndarray"
    kinds: "numpy.ndarray"
    on: date


@dataclass(frozen=True, kw_only=True)
class Payments:
    """A chunk of lines of one batch in columns, read from the database when a column is first looked at.

    ``ids``, ``beneficiary_ids``, ``person_ids`` (0 for a provider), ``source_ids`` and ``amounts`` (whole fen) are
    int64; ``areas`` (12-digit codes), ``months`` (YYYY-MM), ``components`` and ``categories`` are text.
    """

    batch_id: int
    scheme: str
    period: str
    load: "Callable[[], Mapping[str, numpy.ndarray]]"

    @cached_property
    def columns(self) -> "Mapping[str, numpy.ndarray]":
        """Every column by name."""
        return {name: _read_only(column) for name, column in self.load().items()}

    @property
    def ids(self) -> "numpy.ndarray":
        """Numbers of the lines."""
        return self.columns["ids"]

    @property
    def beneficiary_ids(self) -> "numpy.ndarray":
        """The person, or the family's file."""
        return self.columns["beneficiary_ids"]

    @property
    def person_ids(self) -> "numpy.ndarray":
        """Who receives it."""
        return self.columns["person_ids"]

    @property
    def source_ids(self) -> "numpy.ndarray":
        """The plugin's own rows behind the lines."""
        return self.columns["source_ids"]

    @property
    def areas(self) -> "numpy.ndarray":
        """12-digit codes."""
        return self.columns["areas"]

    @property
    def months(self) -> "numpy.ndarray":
        """The months the lines are for."""
        return self.columns["months"]

    @property
    def components(self) -> "numpy.ndarray":
        """What of a benefit each line is."""
        return self.columns["components"]

    @property
    def categories(self) -> "numpy.ndarray":
        """The categories of the scheme."""
        return self.columns["categories"]

    @property
    def amounts(self) -> "numpy.ndarray":
        """Whole fen."""
        return self.columns["amounts"]


@dataclass(frozen=True, kw_only=True)
class Entries(_Columns):
    """Transfers of one voucher in columns: ``ids``, ``fund_ids``, ``amounts`` (fen) int64; ``debits``, ``credits``."""

    voucher_id: int
    kind: str
    period: str
    ids: "numpy.ndarray"
    fund_ids: "numpy.ndarray"
    debits: "numpy.ndarray"
    credits: "numpy.ndarray"
    amounts: "numpy.ndarray"


# register_: what do you bring?


@hookspec
def register_permissions() -> Iterable[Permission]:
    """Name the rights of this plugin and the roles that get them.

    Called once while the host is built. Return ``Permission`` entries named ``<plugin>.<verb>``. Do not give a
    personal right to an administrator's role: the plugin would be quarantined.

    Example: ``Permission(name="canteen.book", title="登记用餐", roles=("clerk",))``. Since api 1.0.
    """


@hookspec
def register_roles() -> Iterable[Role]:
    """Bring roles of your own, such as the operator of a canteen.

    Called once while the host is built. Return ``Role`` entries named ``<plugin>_<word>``. Do not redefine a role of
    the core.

    Example: ``Role(name="canteen_operator", title="食堂操作员")``. Since api 1.0.
    """


@hookspec
def register_routes() -> Iterable[Any]:
    """Bring pages and API resources.

    Called once when the web application is built, never on the command line. Return Litestar routers under
    ``/<plugin>`` or ``/api/v1/<plugin>``; each handler names its right with ``guarded("<plugin>.<verb>")``. Do not
    open the database here.

    Example: ``[router]`` after ``from plugins.canteen.web import router``. Since api 1.0.
    """


@hookspec
def register_public_routes() -> Iterable[Any]:
    """Bring pages of the public application (``serve --public``), which anybody may open without signing in.

    Called once when that application is built. Return Litestar routers under ``/<plugin>`` with GET handlers only;
    they open ``public_work()``, which reads and holds no right. Do not show anything that has not passed the gate of
    notices. Keep counters in the router you return, never in the module.

    Example: ``[public_router()]``, where notices lets people check a sheet. Since api 1.0.
    """


@hookspec
def register_menu() -> Iterable[MenuItem]:
    """Add lines to the side menu.

    Called once while the host is built. Return ``MenuItem`` entries; those the reader has no right to are not drawn.
    Do not count anything here.

    Example: ``MenuItem(title="长者食堂", path="/canteen", icon="utensils", permission="canteen.show")``. Since api 1.0.
    """


@hookspec
def register_jobs() -> Iterable[Job]:
    """Name the work this plugin does in the background.

    Called once while the host is built. Return ``Job`` entries named ``<plugin>.<verb>``; ``run`` gets a unit of work
    and the arguments it was enqueued with. Do not keep a job running for longer than a chunk.

    Example: ``Job(name="canteen.settle", title="月结", run="plugins.canteen.settling:settle")``. Since api 1.0.
    """


@hookspec
def register_reports() -> Iterable[Report]:
    """Define reports: one definition gives the page, the Excel file and the command.

    Called once while the host is built. Return ``Report`` entries named ``<plugin>-<noun>``. Do not query here:
    ``rows`` is called when the report is asked for, and must go through ``scoped``.

    Example: ``Report(name="canteen-month", title="月报", permission="canteen.show", columns=…, rows=month)``.
    Since api 1.0.
    """


@hookspec
def register_imports() -> Iterable[Import]:
    """Define spreadsheets this plugin takes in.

    Called once while the host is built. Return ``Import`` entries named ``<plugin>-<noun>``; check and write get
    columns, never a row. The core reads the file, marks bad cells and gives the workbook back.

    Example: ``Import(name="canteen-diners", title="就餐名单", permission="canteen.import", …)``. Since api 1.0.
    """


@hookspec
def register_health_checks() -> Iterable[HealthCheck]:
    """Bring questions for ``doctor``.

    Called when the doctor is asked. Return ``HealthCheck`` entries; ``check(host)`` answers None when all is well,
    else one sentence with its mend. Do not write.

    Example: ``HealthCheck(name="canteen.terminals", title="终端", check=silent_terminals)``. Since api 1.0.
    """


@hookspec
def register_retention_rules() -> Iterable[RetentionRule]:
    """Say how long each kind of record is kept, and by which document.

    Called once while the host is built. Return ``RetentionRule`` entries named ``<plugin>.<records>``.

    Example: ``RetentionRule(name="canteen.meals", title="用餐记录", months=360, document="财政部令第79号")``.
    Since api 1.0.
    """


@hookspec
def register_policies() -> Iterable[PolicyKey]:
    """Declare every number, age, ratio, deadline or list that a document can change.

    Called once while the host is built. Return ``PolicyKey`` entries named ``<plugin>.<thing>`` with the handbook's
    default; read them only as ``work.policy(key, on=date)``. Keep defaults in a data file, not in code.

    Example: ``policy_keys(Path(__file__).with_name("policies.toml"))``. Since api 1.0.
    """


@hookspec
def register_fund_accounts() -> Iterable[FundAccount]:
    """Name bank accounts that your money needs besides the county's special account.

    Called once while the host is built. Return ``FundAccount`` entries; an account is made when money first goes to
    it. Do not name the special account again.

    Example: ``FundAccount(code="CHARITY", title="慈善会账户", kind="charity_account")``. Since api 1.0.
    """


@hookspec
def register_demo_steps() -> Iterable[DemoStep]:
    """Tell what happened with this plugin in the last year of the demo county.

    Called once while the demo county is made, after its people, staff and standards; never in a real county. Return
    ``DemoStep`` entries. The steps of all plugins are taken in the order of their days, each in a unit of work of its
    own, at that day's morning, as the member of staff it names: who enters something and who confirms it are two
    steps. ``cast`` draws people and holds the dice; the same seed gives the same. Use your own services only, so that
    every rule holds and the audit tells it; name no real unit, make no more than a few dozen of anything, and what is
    there by the thousand (meals of a year) through the doors that take columns. Do not write tables yourself, and do
    not read the machine's clock.

    Example: ``DemoStep(days_ago=20, by="clerk", run="plugins.canteen.demo:open_sites")``. Since api 1.0.
    """


@hookspec
def register_schemes() -> Iterable[Scheme]:
    """Bring benefits that are paid month by month.

    Called once while the host is built. Return ``Scheme`` entries; their standards are set by the county, never here.
    Do not give an amount.

    Example: ``Scheme(name="orphan_care", title="孤儿基本生活费", account="5007", categories=…)``. Since api 1.0.
    """


@hookspec
def register_detectors() -> Iterable[Detector]:
    """Bring questions of the internal audit: what deserves a second look, with its reason.

    Called once while the host is built. Return ``Detector`` entries named ``<plugin>.<kind>``; ``find`` is asked once
    a month. Do not stop anything: a finding is decided by an officer.

    Example: democratic review lists rolls that were paid without a ballot. Since api 1.0.
    """


# check_: any objection?


@hookspec
def check_allocation(work: UnitOfWork, fund_id: int, scheme: str, area: str, amount_fen: int) -> Iterable[Objection]:
    """Object to money of a fund being set apart for a scheme.

    Called inside the transaction, before the write. Return one ``Objection`` for each reason. Do not write.

    Example: the lottery plugin objects when a project was not approved. Since api 1.0.
    """


@hookspec
def check_payments(work: UnitOfWork, payments: Payments) -> Iterable[RowObjection]:
    """Object to lines of a batch that is about to be submitted.

    Called inside the transaction, before the freeze, with chunks of columns. Return ``RowObjection`` entries with the
    row in the chunk; the batch is refused and shows them. Do not write.

    Example: benefits objects when a line is no longer what is due. Since api 1.0.
    """


@hookspec
def check_household_change(work: UnitOfWork, changes: HouseholdChanges) -> Iterable[Objection]:
    """Object to households being opened, changed, split, merged, moved or closed.

    Called inside the transaction, before the write, with a chunk. Return one ``Objection`` for each reason; the
    person sees all of them together. Do not write: a check only looks.

    Example: benefits objects to closing a household that still has a family in payment. Since api 1.0.
    """


@hookspec
def check_person_erasure(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Object to personal data being erased after its time.

    Called inside the transaction, before the write, with a chunk. Return one ``Objection`` for each reason. Do not
    write.

    Example: funds objects while a payment of the person is younger than thirty years. Since api 1.0.
    """


# facts


@hookspec
def household_changed(work: UnitOfWork, changes: HouseholdChanges) -> None:
    """Hear that households were opened, changed, split, merged, moved or closed.

    Called inside the transaction, after the flush, with a chunk. Write only your own tables; raise to roll back.

    Example: dibao puts a split household on its review list. Since api 1.0.
    """


@hookspec
def person_died(work: UnitOfWork, deaths: People) -> None:
    """Hear that persons died (or, with ``deaths.revoked``, that the record of a death was wrong).

    Called inside the transaction, after the flush, with a chunk. Stop every benefit from the month after; with
    ``revoked`` let it go on. Write only your own tables; raise to roll back.

    Example: benefits ends the enrolments and opens recoveries for later months. Since api 1.0.
    """


@hookspec
def person_moved(work: UnitOfWork, moves: Moves) -> None:
    """Hear that persons moved within the county or out of it (or that the record of it was wrong).

    Called inside the transaction, after the flush, with a chunk. Write only your own tables; raise to roll back.

    Example: benefits hands the file to the new township from the next month. Since api 1.0.
    """


@hookspec
def people_merged(work: UnitOfWork, merges: Merges) -> None:
    """Hear that two records turned out to be one person (or, with ``revoked``, that they are two after all).

    Called inside the transaction, after the flush, with a chunk. Point your own rows at the record that stays and
    remember which they were; raise to roll back.

    Example: volunteers adds the hours of both records up. Since api 1.0.
    """


@hookspec
def entries_posted(work: UnitOfWork, entries: Entries) -> None:
    """Hear that a voucher was booked.

    Called inside the transaction, after the flush. Write only your own tables; raise to roll back.

    Example: donations marks what of a gift was used. Since api 1.0.
    """


@hookspec
def payments_settled(work: UnitOfWork, payments: Payments) -> None:
    """Hear that the bank paid lines of a batch.

    Called inside the transaction, after the flush, with chunks. Write only your own tables; raise to roll back.

    Example: the canteen marks a site's month as paid. Since api 1.0.
    """


@hookspec
def payments_returned(work: UnitOfWork, payments: Payments) -> None:
    """Hear that the bank returned lines of a batch.

    Called inside the transaction, after the flush, with chunks. Write only your own tables; raise to roll back.

    Example: orphan care asks the guardian for a new account. Since api 1.0.
    """


# resolve_: who can answer?


@hookspec
def resolve_payment_channel(work: UnitOfWork, scheme: str, area: str) -> str | None:
    """Say by which bank file layout a scheme is paid in an area.

    Called when a batch is submitted. Return a layout's name, or None when you do not know. Do not write.

    Example: a vendor's plugin for one rural bank answers its layout for three towns. Since api 1.0.
    """


@hookspec
def resolve_headcount(work: UnitOfWork, scheme: str, period: str) -> Headcount | None:
    """Count the persons of a scheme in a month, for the reconciliation.

    Called when a month is reconciled. Return ``Headcount``, or None when the scheme is not yours. Do not write.

    Example: benefits counts enrolments. Since api 1.0.
    """


@hookspec
def resolve_recomputed_sample(work: UnitOfWork, batch_id: int, seed: int, share: Decimal) -> "list[str] | None":
    """Compute a sample of a batch's lines again, from what was known when it was built.

    Called by ``funds verify``. Return one sentence for each line that comes out otherwise, [] when all agree, or None
    when the scheme is not yours. The same seed draws the same lines. Do not write.

    Example: benefits computes two in a hundred. Since api 1.0.
    """


@hookspec
def resolve_goods_counted(work: UnitOfWork, period: str) -> int | None:
    """Value the goods that were counted at the end of a month, in fen, for the reconciliation.

    Called when a month is reconciled. Return the value, or None when you keep no store. Do not write.

    Example: donations answers the counted store at its book prices. Since api 1.0.
    """


@hookspec
def resolve_audit_wording(action: str, details: dict[str, Any]) -> str | None:
    """Say an audit record in words.

    Called when the audit page or command shows a record of your plugin. Return one sentence, or None when the action
    is not yours. Do not query.

    Example: ``canteen.booked`` becomes 登记 2026-11-20 午餐. Since api 1.0.
    """


# show_: what should this page carry?


@hookspec
def show_household_panels(work: UnitOfWork, household_id: int, person_ids: "tuple[int, ...]") -> Iterable[Panel]:
    """Bring cards, lanes and tags to the page of a household.

    Called while the page is built; scope and right to the household were checked. Return ``Panel`` entries with
    plain data; at most one query each. Do not write, and do not name what the reader has no right to.

    Example: the canteen shows this month's meals. Since api 1.0.
    """


@hookspec
def show_person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    """Bring cards, lanes and tags to the page of a person; as ``show_household_panels``.

    Called while the page is built. Return ``Panel`` entries. Do not write.

    Example: volunteers shows hours and stars. Since api 1.0.
    """


@hookspec
def show_desk_tiles(work: UnitOfWork) -> Iterable[Tile]:
    """Bring figures to the desk, each with the list behind it.

    Called while the desk is built. Return ``Tile`` entries computed through ``scoped``. Do not write.

    Example: the canteen shows today's meals. Since api 1.0.
    """


@hookspec
def show_desk_tasks(work: UnitOfWork) -> Iterable[Task]:
    """Bring what waits for this reader to the desk; the core sorts by deadline.

    Called while the desk is built. Return ``Task`` entries computed through ``scoped``. Do not write.

    Example: an inspection that is due on Friday. Since api 1.0.
    """


@hookspec
def show_desk_charts(work: UnitOfWork) -> Iterable[Chart]:
    """Bring pictures to the desk, each drawn by the core with its figures in a table beside it.

    Called after the desk was shown, for a part of the page that comes by itself. Return ``Chart`` entries computed
    through ``scoped``, from sums that are kept, not from lines. Do not write.

    Example: the funds show what was paid in the last twelve months by scheme. Since api 1.0.
    """


@hookspec
def show_town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    """Bring a column to the desk's table of towns.

    Called like ``show_desk_charts``. Return ``TownFigure`` entries for the towns the reader may see, one question for
    all of them. Do not write.

    Example: the canteen shows which share of the old people eats there. Since api 1.0.
    """


# after_: after the commit, from the outbox


@hookspec
def after_commit(work: UnitOfWork, topic: str, payload: dict[str, Any]) -> None:
    """Act on what was committed: a message, a file for another system.

    Called from the outbox after the commit, at least once, in order; ``payload["event"]`` tells repeats apart. Raise
    to be called again later: until then, or until it is given up, nothing later is told. Do not expect the request
    that caused it.

    Example: a message to the family when a payment was returned. Since api 1.0.
    """
