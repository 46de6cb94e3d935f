"""The closed list of tables that may be released, with their columns (`tables.toml`).

The list stands in `tables.toml`; it is closed, and it is also the data dictionary that is published with the figures.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError

TEXT_KINDS = ("code", "name", "sentence")
PUBLISHED, EXACT, RELEASED, NO_RECORDS = "published", "exact", "released", "none"
COUNT, SHARE_OF_COUNTS, ESTIMATE, TEST_STATISTIC = "count", "share of counts", "estimate", "test statistic"
TALLY, LABEL, STATED, TEXT, FLAG = "tally", "label", "stated", "text", "flag"
STATISTIC_KINDS = (COUNT, SHARE_OF_COUNTS, ESTIMATE, TEST_STATISTIC, TALLY, LABEL, STATED, TEXT, FLAG)
"""Kinds of statistic. `tally`: a number of forces, questions or rules, not of records; `label`: a position in an order,
a day or a setting; `stated`: a figure that somebody supplied or published."""
COUNT_SOURCES = (PUBLISHED, EXACT, RELEASED, NO_RECORDS)
"""Source of a column: published counts, exact counts, counts as released, or no records."""
TYPES: Mapping[str, pa.DataType] = {
    "code": pa.string(),
    "name": pa.string(),
    "sentence": pa.string(),
    "count": pa.int64(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """A declared column: its kind (see `tables.toml`), unit, meaning, and whether a cell may be empty.

    `protect`: it is made from records, and a policy that protects them hides and rounds it. `over` are the counts that
    a protected share or number rests on; `part` those that make its numerator, where it is a plain share (with
    `plain_without`: where that column is empty; `of`: where they stand in the row of another table that has the same
    key, or its totals); `bound` ("lowest", "highest") the end at which hidden counts are taken. `rounded`: it must come
    rounded already.

    Resolution (`rounding.py` rounds by it, `release_checks.py` refuses finer values). `what`: one of `STATISTIC_KINDS`;
    `counts`: one of `COUNT_SOURCES`; `step`: the smallest difference between two values. `per`: in a share computed
    from exact counts, the value that stands for all records of the base (1, or 100 for percentage points); the step is
    then at least one record, or `records_a_step` records. `weeks_from`: from this number of days on, values are whole
    weeks. `outward` ("down", "up"): the direction in which an interval limit is rounded. `margin`: the limit is first
    moved outward by this number of days, but not beyond the column `at_most`. `clear_of`: the limit differs from this
    count by at least one step. `none_or_enough`: counts that must each be 0 or reach the minimum base of a share.
    `least`: the smallest base, in words, of an estimate whose base is in no released table.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    empty: bool = False
    values: tuple[str, ...] = ()
    protect: bool = False
    part: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    bound: str = ""
    plain_without: str = ""
    of: str = ""
    rounded: bool = False
    what: str = ""
    counts: str = ""
    step: float = 0.0
    per: float = 0.0
    records_a_step: int = 1
    weeks_from: int = 0
    margin: int = 0
    at_most: str = ""
    outward: str = ""
    clear_of: str = ""
    none_or_enough: tuple[str, ...] = ()
    least: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it holds words or codes."""
        return self.kind in TEXT_KINDS

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers."""
        return not self.is_text and self.kind != "flag"

    @property
    def is_float(self) -> bool:
        """Whether its numbers need a step: whole numbers have one."""
        return self.kind in ("number", "share")


@dataclass(frozen=True)
class Table:
    """A declared table: what one row is, its key, and its columns in the order in which they are written.

    `sums`: which columns of a row add up to which; `totals`: which value of a key column stands for all the others
    together; `adds_up_to`: which column of another table the rows add up to, rows that differ in `separate_columns`
    apart; `curve_source`: of a curve, how much of what it follows must be shown (`curves`). `voice`: it holds what
    people said, so it may hold no share (DefinitionError); `respondents_column`: of how many who answered, in another
    table, it may leave; where it is a column of its own, rows of too few leave with what `suppressed_values` says in
    place of what they said. `total_only`: that count leaves of these values of the key alone. `conduct`: it tells what
    members of staff did (`staff`); `largest_contributions`: of a total of amounts, the columns that hold its largest
    contributions, which never leave (`dominance`); `breakdowns`: a count of which the table holds several partings, and
    the part of the key at which their whole stands (its first column names the parting); `ascending_counts`: counts of
    a row in rising order; `alert_columns`: the columns that say whether a place is named, how probable that is, and for
    each count the column that says whether a call would tell of it, which never leaves (`alert_columns`). `published`:
    it is computed from public counts, so every resolution is allowed. `computed_from`: the table, as released, that its
    statistics are computed from; it is released only together with it. `verdict_rule`: the texts that replace a verdict
    if one of its `counts` is suppressed (`alert_columns`). `depends_on`: the estimate of another table with which its
    `columns` are suppressed (`dependent_figures`). `analyst_columns`: columns for analysts, which are never released.
    """

    name: str
    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sums: Mapping[str, tuple[str, ...]]
    totals: Mapping[str, str]
    adds_up_to: Mapping[str, str]
    curve_source: Mapping[str, Any]
    separate_columns: tuple[str, ...] = ()
    voice: bool = False
    respondents_column: str = ""
    suppressed_values: Mapping[str, str] = field(default_factory=dict)
    total_only: Mapping[str, str] = field(default_factory=dict)
    conduct: Mapping[str, Any] = field(default_factory=dict)
    breakdowns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    largest_contributions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ascending_counts: tuple[tuple[str, ...], ...] = ()
    alert_columns: Mapping[str, Any] = field(default_factory=dict)
    published: bool = False
    computed_from: str = ""
    verdict_rule: Mapping[str, Any] = field(default_factory=dict)
    depends_on: Mapping[str, Any] = field(default_factory=dict)
    analyst_columns: tuple[str, ...] = ()

    @property
    def protected_counts(self) -> tuple[str, ...]:
        """The counts that a policy hides and rounds."""
        return tuple(column.name for column in self.columns if column.protect and column.kind == "count")

    @property
    def internal_columns(self) -> tuple[str, ...]:
        """Columns that whoever makes the table gives to disclosure, and that never leave."""
        largest = (name for parts in self.largest_contributions.values() for name in parts)
        return (*largest, *self.alert_columns.get("tells", {}).values(), *self.analyst_columns)

    @property
    def protects(self) -> bool:
        """Whether anything in it is made from records."""
        return any(column.protect for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema that a released table has."""
        return pa.schema([(column.name, TYPES[column.kind]) for column in self.columns])


LISTS = ("values", "part", "over", "none_or_enough")
PUBLISHED_AS = {"count": COUNT, "whole": LABEL, "number": ESTIMATE, "share": ESTIMATE}


def _column(name: str, form: Mapping[str, Any], published: bool = False) -> Column:
    parts: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in form.items()}
    return Column(name=name, **(_resolution(form, published) | parts))


def _resolution(form: Mapping[str, Any], published: bool) -> dict[str, Any]:
    """Return the default statistic, source and step of a column, if its kind has a safe default.

    A number without a safe default gets none, and `_resolution_errors` then refuses the declaration.
    """
    kind, protect = form["kind"], form.get("protect", False)
    if kind in TEXT_KINDS or kind == "flag":
        return {"what": FLAG if kind == "flag" else TEXT, "counts": NO_RECORDS}
    if published:
        return {"what": PUBLISHED_AS.get(kind, ""), "counts": PUBLISHED}
    if protect and kind == "count":
        return {"what": COUNT, "counts": EXACT}
    if protect and form.get("part") and not form.get("plain_without"):
        return {"what": SHARE_OF_COUNTS, "counts": RELEASED, "step": 0.01}
    if protect:
        is_share = kind == "share"
        is_recomputed = form.get("counts") == RELEASED or form.get("what") == TEST_STATISTIC
        full_value = 1.0 if is_share and not is_recomputed else 0.0
        return {"what": ESTIMATE, "counts": EXACT, "step": 0.01 if is_share else 1.0, "per": full_value}
    return {"counts": NO_RECORDS} if form.get("what") in (TALLY, LABEL, STATED) else {}


def _resolution_errors(column: Column, published: bool) -> Iterator[str]:
    """Yield what a declaration lacks, of the resolution of the column and of the counts under it."""
    if column.what not in STATISTIC_KINDS or column.counts not in COUNT_SOURCES:
        yield (
            f"what it is ({', '.join(STATISTIC_KINDS)}) and from what counts it is computed "
            f"({', '.join(COUNT_SOURCES)})"
        )
    if published:
        return
    if column.counts == PUBLISHED:
        yield "`published = true` for its table, if all its counts are public"
    if column.is_float and column.step <= 0:
        yield "its resolution (`step`)"
    is_computed = column.what in (ESTIMATE, TEST_STATISTIC, SHARE_OF_COUNTS)
    if is_computed and column.counts == EXACT and not (column.over or column.least):
        yield "the counts that it rests on (`over`), or its least base in words (`least`)"


def _table(name: str, form: Mapping[str, Any]) -> Table:
    published = form.get("published", False)
    columns = tuple(_column(column, values, published) for column, values in form["columns"].items())
    unknown = {column.kind for column in columns} - set(TYPES)
    if unknown:
        raise DefinitionError(f"tables.toml, table {name}: unknown kind {', '.join(sorted(unknown))}.")
    for column in columns:
        for error in _resolution_errors(column, published):
            raise DefinitionError(f"tables.toml, table {name}, column {column.name}: declare {error}.")
    if form.get("voice") and any(column.kind in ("share", "number") for column in columns):
        raise DefinitionError(f"tables.toml, table {name}: what people said is counted, and never a share.")
    return Table(
        name=name,
        title=form["title"],
        row=form["row"],
        key=tuple(form["key"]),
        columns=columns,
        sums={total: tuple(parts) for total, parts in form.get("sums", {}).items()},
        totals=form.get("totals", {}),
        adds_up_to=form.get("adds_up_to", {}),
        curve_source=form.get("follows", {}),
        separate_columns=tuple(form.get("each", ())),
        voice=form.get("voice", False),
        respondents_column=form.get("enough", ""),
        suppressed_values=form.get("quiet", {}),
        total_only=form.get("together_only", {}),
        conduct=form.get("conduct", {}),
        breakdowns=form.get("parted", {}),
        ascending_counts=tuple(tuple(names) for names in form.get("never_more", ())),
        largest_contributions={total: tuple(parts) for total, parts in form.get("largest", {}).items()},
        alert_columns=form.get("calls", {}),
        published=published,
        computed_from=form.get("made_from", ""),
        verdict_rule=form.get("verdict_rule", {}),
        depends_on=form.get("depends_on", {}),
        analyst_columns=tuple(form.get("inside_only", ())),
    )


@lru_cache
def declared_tables() -> Mapping[str, Table]:
    """Every table that may be released, by name."""
    text = files("assay.sdc").joinpath("tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, form) for name, form in tomllib.loads(text).items()}
