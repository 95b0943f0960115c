"""What plugins hand to the core: typed, frozen, keyword-only answers to hooks.

Standard library only, so that a plugin's switchboard can be read without starting anything heavy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from decimal import Decimal

API = (1, 0)
"""The version of the contract: adding an argument raises the second number, removing one the first."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command group of a plugin, named by strings so that help needs no import.

    ``target`` is ``"plugins.canteen.cli:group"``; ``help`` one line in the source language.
    """

    name: str
    target: str
    help: str


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """Who a plugin is. ``api`` is the contract it was written for, ``requires`` the plugins it stands on.

    ``settings`` ("module:Model"), ``hookspecs`` and ``models`` (modules) are strings, imported when they are needed.
    ``hue`` (1 to 8) and ``icon`` are the plugin's colour number and icon name of the stylesheet.
    """

    name: str
    title: str
    api: tuple[int, int]
    version: str = "0.1.0"
    requires: Sequence[str] = ()
    settings: str | None = None
    hookspecs: str | None = None
    models: str | None = None
    commands: Sequence[Command] = ()
    hue: int = 8
    icon: str = "blocks"
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One right, named ``<plugin>.<verb>``; ``roles`` get it unless the county says otherwise.

    ``personal`` marks a right that shows or changes personal data; administrators never hold one.
    ``second_person`` marks a step that only a person shown to be there may take: never the shell account, and
    with ``--as`` only together with that account's token. ``shell`` gives a right of the disburser to the shell
    account (its other rights follow from the roles it stands for).
    """

    name: str
    title: str
    roles: Sequence[str] = ()
    personal: bool = True
    second_person: bool = False
    shell: bool = False


@dataclass(frozen=True, kw_only=True)
class Role:
    """A bundle of rights that an account is granted in an area; ``excludes`` may not stand in one account with it."""

    name: str
    title: str
    excludes: Sequence[str] = ()
    second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One line of the side menu: ``group`` is "", "business", "money" or "administration"."""

    title: str
    path: str
    icon: str
    permission: str
    group: Literal["", "business", "money", "administration"] = "business"
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure of the desk; it links to the list behind it."""

    title: str
    figure: str
    unit: str = ""
    note: str = ""
    path: str = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Series:
    """One row of figures of a chart, one for each of its steps; None is unknown and draws nothing."""

    title: str
    hue: int
    values: Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Stacked columns over steps such as months; ``kind`` "money" counts fen. The last ``pale`` steps are not final.

    The page draws it and puts the same figures in a table beside it; ``path`` is the list behind it.
    """

    title: str
    steps: Sequence[str]
    series: Sequence[Series]
    kind: Literal["integer", "money"] = "integer"
    pale: int = 0
    note: str = ""
    path: str = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class TownFigure:
    """One column of the towns' table: ``values`` by 9-digit town code, a count or (part, whole) for a share.

    A share is drawn as a bar with the county's share as a mark; ``note`` says how it is computed.
    """

    title: str
    values: Mapping[str, int | tuple[int, int]]
    hue: int = 1
    unit: str = ""
    note: str = ""
    order: int = 100


TASKS_MAX = 500
"""The most pressing so many of a kind are asked for; nobody works through more in a day, and the desk says so."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for this person; ``due`` sorts the list."""

    title: str
    subject: str
    path: str
    step: str = ""
    area: str = ""
    number: str = ""
    due: date | None = None
    state: Literal["", "ok", "warn", "bad", "note"] = "note"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A bar in a household's lane: from, to (None = still running), label."""

    since: date
    until: date | None
    label: str


@dataclass(frozen=True, kw_only=True)
class Point:
    """A diamond in a household's lane: a single payment or event."""

    on: date
    label: str


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One benefit over time; the core draws all lanes of a household in one picture with a text version."""

    title: str
    spans: Sequence[Span] = ()
    points: Sequence[Point] = ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A card of a page: key and value rows, or a template of the plugin with its data; never a page shell.

    ``tags`` are shown beside the household's name as ``(text, state)``. ``order`` sorts within the plugin.
    """

    title: str
    rows: Sequence[tuple[str, str]] = ()
    template: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[tuple[str, str]] = ()
    lanes: Sequence[Lane] = ()
    path: str = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work done in the background: ``run`` names ``module:function``, called as ``function(work, **arguments)``.

    It is a string so that a command that runs no job imports none.
    ``every`` is "", "hourly", "daily" or "monthly" for work that comes by itself; the rest is enqueued.
    """

    name: str
    title: str
    run: str
    every: Literal["", "hourly", "daily", "monthly"] = ""


@dataclass(frozen=True, kw_only=True)
class DemoStep:
    """Something that happened in the demo county: ``run`` names ``module:function``.

    It happened so many days ago; or on a ``day`` of the month, so many ``months_ago`` (1 to 12, 0 for the month under
    way, several where it happened again and again); or so many days ``after_opening`` of the county, which lies before
    those twelve months.
    It is called as ``function(work, cast)`` by the member of staff who holds the role ``by``, "" for the command line.
    """

    run: str
    by: str = ""
    days_ago: int = 0
    months_ago: Sequence[int] = ()
    day: int = 1
    after_opening: int = 0


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a report, list or import: ``kind`` fixes alignment and the type of the Excel cell.

    Columns side by side with the same ``group`` stand below one merged title in a report's header. "number" is a figure
    of a report with as many decimals as it has, an ``int`` or ``Decimal``; imports know no such column.
    """

    name: str
    title: str
    kind: Literal["text", "integer", "money", "date", "month", "ratio", "number"] = "text"
    group: str = ""
    total: bool = False
    required: bool = False
    example: str = ""
    words: Sequence[str] = ()
    aliases: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A question a report asks before it runs; ``default`` "current" is today's month or year."""

    name: str
    title: str
    kind: Literal["text", "date", "month", "year", "area", "choice"] = "text"
    choices: Sequence[tuple[str, str]] = ()
    default: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One definition gives page, Excel and command. ``rows(work, **parameters)`` yields one sequence a row.

    ``chart`` draws its rows as lying bars: the column that names them, then columns of one kind to be stacked.
    ``whole_county`` asks for the right in the whole county: a report of what cannot be told apart by area.
    ``unit`` is what the line above the table says of its figures; without it that is 元 where there is money.
    """

    name: str
    title: str
    permission: str
    columns: Sequence[Column]
    rows: Callable[..., Any]
    parameters: Sequence[Parameter] = ()
    note: str = ""
    unit: str = ""
    chart: Sequence[str] = ()
    whole_county: bool = False


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure superiors ask for, one for each area: a floor, a rate, a count, or a deadline.

    ``name`` is ``<plugin>.<word>``. ``measure(work, since, until)`` yields ``Measured`` entries for the areas of the
    reader, in one question for all of them; several indicators may share it, it is asked once. With ``money`` the
    figure is fen. A ``cumulative`` one adds up over a year: a year's target is held against the year to date.
    ``policy`` names the dated parameter that holds the default target, "" for none: with ``county`` the target is for
    the county as a whole, else every area has to meet it.
    """

    name: str
    title: str
    kind: Literal["floor", "rate", "count", "deadline"]
    permission: str
    measure: Callable[..., Any]
    unit: str = ""
    money: bool = False
    cumulative: bool = False
    comparator: Literal[">=", "=", "<="] = ">="
    policy: str = ""
    county: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """An indicator in one area: ``part`` of ``base`` (a rate, an average), ``part`` alone (a count, fen), or a ``day``.

    None is unknown and so is a base of 0: never write 0 for what is not known. Several entries of one area are added.
    """

    indicator: str
    area: str
    part: "int | Decimal | None" = None
    base: int | None = None
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Import:
    """A spreadsheet a plugin takes: ``check(work, rows)`` yields objections by row, ``write(work, rows)`` saves.

    ``rows`` is a mapping of column name to a list of values, all of one length: never person by person. A value has the
    type of its column: text, ``int``, fen for money, ``date``, "YYYY-MM" for a month, ``Decimal`` for a ratio; an empty
    cell is "" for text and None for the rest. ``check`` gets the rows whose cells are good; an objection whose code
    begins with ``W_`` warns and stops nothing. ``write`` answers ``ImportCounts``, or how many rows were new.
    """

    name: str
    title: str
    permission: str
    columns: Sequence[Column]
    check: Callable[..., Any]
    write: Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class ImportCounts:
    """What an import wrote, in rows: new ones, changed ones, and those that were there just so."""

    imported: int = 0
    updated: int = 0
    skipped: int = 0


@dataclass(frozen=True, kw_only=True)
class RowObjection:
    """An objection to one row of a batch: ``row`` counts from 0 in the chunk that was handed over."""

    row: int
    reason: str
    column: str | None = None
    code: str | None = None
    hint: str | None = None


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """A question of ``doctor``: ``check(host)`` answers None when well, else a sentence with its mend.

    ``fatal``: nobody is served until it is mended.
    """

    name: str
    title: str
    check: Callable[..., str | None]
    fatal: bool = False


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """How long records are kept and by which document; ``months`` None is for ever."""

    name: str
    title: str
    months: int | None
    document: str


@dataclass(frozen=True, kw_only=True)
class PolicyKey:
    """A number, age, ratio, deadline or list that a document can change.

    ``kind`` fixes how a value is written and checked; ``default`` is the handbook's, in force since
    ``since`` (default: always) under ``document``. ``tag`` says how sure the handbook is of it:
    "seed" (a work plan that must be honoured), "national", "local" or "uncertain". ``unit`` is shown beside the
    value, and ``words`` instead of a choice's code.
    """

    name: str
    title: str
    kind: Literal["integer", "money", "ratio", "text", "boolean", "integers", "texts", "mapping"]
    default: Any
    unit: str = ""
    choices: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    minimum: Any = None
    maximum: Any = None
    tag: Literal["seed", "national", "local", "uncertain"] = "local"
    document: str = "handbook"


@dataclass(frozen=True, kw_only=True)
class FundAccount:
    """A bank account that a plugin's money needs, made when it is first asked for.

    ``kind`` is "special_account", "treasury_zero_balance" or "charity_account"; a charity's books are its own.
    """

    code: str
    title: str
    kind: Literal["special_account", "treasury_zero_balance", "charity_account"] = "special_account"


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category of a scheme with a standard of its own, such as ``ORPHAN_INST``.

    ``payee`` is who is paid: "person" (the beneficiary or who keeps their account) or "institution".
    """

    code: str
    title: str
    payee: Literal["person", "institution"] = "person"


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Another sum paid beside a scheme to the same people in some months, as a ``component`` of its own (``PRICE``).

    ``amounts`` names ``module:function`` as in ``Scheme``; 0 is nothing. The scheme's own history is not touched by it.
    """

    component: str
    title: str
    amounts: str


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A benefit paid by the month: ``name`` is the plugin's or begins with it, ``account`` its expense account (5007).

    ``beneficiary`` says whether a line is one person's or one family's. ``amounts`` names ``module:function``, called
    as ``function(work, due)`` with the columns of who is enrolled in a month; it answers whole fen and stands beside
    the standards. None pays the standard of the category. ``sensitive`` keeps names off everything public.
    ``exclusion`` is the scheme's row in the matrix of exclusivity, ``exclusion_code`` the error when it is broken.
    ``payable`` is the account in which it is owed: 2001 to people, 2003 to providers, whose lines name no person.
    ``extras`` are other sums for the same people. ``rests_on`` names ``module:function``, called as ``function(work)``:
    a short text that changes whenever something does that the amounts read beside enrolments and standards: policies,
    tables of the plugin. With it rolls look only at what is new; without it, at every month of everybody.
    """

    name: str
    title: str
    account: str
    beneficiary: Literal["person", "family"] = "person"
    categories: Sequence[Category] = ()
    component: str = "BASIC"
    amounts: str | None = None
    sensitive: bool = False
    exclusion: str = ""
    exclusion_code: str = "E_EXCLUSIVE"
    payable: Literal["2001", "2003"] = "2001"
    extras: Sequence[Extra] = ()
    rests_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """Persons of a scheme in a month, as who enrols them counts: active, suspended, and paid for other months only."""

    active: int
    suspended: int
    back_pay_only: int


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """What a detector noticed: ``subject`` ("payment:7"), how much money in fen, and the reason in words."""

    subject: str
    reason: str
    area: str = ""
    amount_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Detector:
    """A question of the internal audit: ``find`` names ``module:function``, called as ``function(work, period)``.

    It answers ``Suspicion`` entries. It is a string so that nothing is imported until the question is asked.
    """

    name: str
    title: str
    find: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A document as data; ``core.documents`` draws it as an HTML sheet or a PDF.

    ``fields`` are label and value pairs, ``rows`` the lines of the one table, ``total`` its sum row.
    """

    layout: Literal["form", "list", "letter", "notice", "receipt"]
    title: str
    number: str = ""
    office: str = ""
    dated: date | None = None
    fields: Sequence[tuple[str, str]] = ()
    paragraphs: Sequence[str] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Any]] = ()
    total: Sequence[Any] | None = None
    unit: str = ""
    signatures: Sequence[str] = ()
    seal: bool = False
    notes: Sequence[str] = ()
    check_code: str = ""
    check_address: str = ""
    landscape: bool = False
