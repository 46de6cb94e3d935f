"""The closed list of tables that may be released, with their columns (`tables.toml`).

A table or column that `tables.toml` does not declare cannot be released. The file is also the data dictionary that is
published with the figures.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.sdc.cell_status import rename_in_status
from assay.sdc.suppression_policy import policy

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
    """A declared column: its kind, unit and meaning, the counts that it is computed from, and its resolution.

    `rounding` rounds to the resolution, and `release_checks` refuses finer values.

    Parameters
    ----------
    kind
        A key of `TYPES`; `tables.toml` describes them.
    empty
        True if a cell may be empty.
    values
        The closed list of texts, if there is one.
    protect
        True if the column is made from records; a policy that protects records suppresses and rounds it.
    part, over
        Count columns of the numerator and of the base of a share of counts; `over` also of an estimate.
    bound
        "lowest" or "highest" in a bound of a share: primary suppressed counts have the value that makes it wider.
    plain_without
        The value is a share of counts only in rows in which this column is empty; in other rows it is an estimate.
    of
        The table that has the counts of `part` and `over`, in the row of the same key or of its totals.
    rounded
        True if the column must be rounded before `release`.
    what, counts
        The kind of statistic (`STATISTIC_KINDS`), and the counts that it is computed from (`COUNT_SOURCES`).
    step
        The smallest difference between two values.
    per
        In a share computed from exact counts, the value of all records of the base (1, or 100 for percentage points);
        the step is then at least `records_a_step` records of the base.
    weeks_from
        From this number of days on, values are whole weeks.
    outward
        "down" or "up": the direction in which an interval limit is rounded.
    margin, at_most
        An interval limit is moved outward by `margin` days before rounding, but not beyond the column `at_most`.
    clear_of
        A count from which an interval limit must differ by at least one step.
    none_or_enough
        Counts that must each be 0 or reach the minimum base of a share.
    least
        The smallest base, in words, of an estimate whose base is in no released table.
    formerly
        The name of the column in releases of earlier versions (`with_current_names`).
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
    formerly: str = ""

    @property
    def is_text(self) -> bool:
        """True if the column has text: codes, names or sentences."""
        return self.kind in TEXT_KINDS

    @property
    def is_numeric(self) -> bool:
        """True if the column has numbers."""
        return not self.is_text and self.kind != "flag"

    @property
    def is_float(self) -> bool:
        """True if the numbers are not whole, so that the column must declare its rounding step."""
        return self.kind in ("number", "share")


@dataclass(frozen=True)
class Table:
    """A declared table: what one row is, its key, and its columns in the order in which they are written.

    Parameters
    ----------
    row
        What one row is, in words.
    sums
        Additivity constraints within a row: the columns that add up to each total column.
    totals
        Additivity constraints between rows: the value of each key column that is the total of all its other values.
    adds_up_to, separate_columns
        Additivity constraints with other tables: by column, the `table.column` that its rows add up to, separately for
        each value of `separate_columns`. "table.a + table.b" names a target that is the sum of two columns.
    overlapping_counts, subadditive_counts
        Counts of things that can be in several parts, such as a person in two places. Instead of the additivity
        constraints of `totals` and `adds_up_to`, a total is at least each of its parts, and a subadditive count at most
        their sum. Where the exact counts add up, this is used too (`usual_constraints`).
    breakdowns
        By count, the key values of the total row, if the table has several breakdowns of the same total. The first of
        these key columns names the breakdown.
    ascending_counts
        Counts of a row in ascending order.
    curve_source
        In a table of curves: the table and columns of the counts that must be shown (`estimate_suppression`).
    voice
        True if the table has what people said. It must not have a share or another number (DefinitionError).
    respondents_column, suppressed_values, total_only
        The number of people who answered, as a column of this or of another table. If they are too few, the rows are
        omitted, or get `suppressed_values` if the column is in this table. The number itself is released only in rows
        with the key values of `total_only` (`estimate_suppression`).
    conduct
        Columns with the conduct of members of staff, and the numbers of authors and teams (`estimate_suppression`).
    largest_contributions
        By total of amounts, the internal columns with its largest contributions (`dominance`).
    alert_columns
        Columns with an outlier alert, its probability and its texts, and by count the internal column that is True if
        the alert would reveal it (`alert_suppression`).
    verdict_rule
        The texts that replace a verdict if one of its `counts` is suppressed (`alert_suppression`).
    published
        True if the table is computed from public counts, so that every resolution is allowed.
    computed_from
        The released table that its statistics are computed from. The two can be released only together.
    depends_on
        The estimate of another table; if it is suppressed, so are the `columns` (`estimate_suppression`).
    analyst_columns
        Internal columns for analysts.
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
    overlapping_counts: tuple[str, ...] = ()
    subadditive_counts: tuple[str, ...] = ()
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
        """The counts that a policy suppresses and rounds."""
        return tuple(column.name for column in self.columns if column.protect and column.kind == "count")

    @property
    def internal_columns(self) -> tuple[str, ...]:
        """Columns that disclosure control or analysts need, and that are never released."""
        largest = (name for parts in self.largest_contributions.values() for name in parts)
        return (*largest, *self.alert_columns.get("tells", {}).values(), *self.analyst_columns)

    @property
    def protects(self) -> bool:
        """True if a column of the table is made from records."""
        return any(column.protect for column in self.columns)

    @property
    def former_names(self) -> dict[str, str]:
        """By the name in releases of earlier versions: the present name of each renamed column."""
        return {column.formerly: column.name for column in self.columns if column.formerly}

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the released table."""
        return pa.schema([(column.name, TYPES[column.kind]) for column in self.columns])


STATUS_COLUMN = "hidden"
"""The column of a table that lists its suppressed cells."""
LISTS = ("values", "part", "over", "none_or_enough")
PUBLISHED_AS = {"count": COUNT, "whole": LABEL, "number": ESTIMATE, "share": ESTIMATE}


def _column(name: str, form: Mapping[str, Any], published: bool = False) -> Column:
    parts: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in form.items()}
    if name == STATUS_COLUMN and "meaning" not in form:
        parts["meaning"] = _status_meaning(parts.pop("also", ""))
    return Column(name=name, **(_resolution(form, published) | parts))


def _status_meaning(also: str) -> str:
    """Return the meaning of the status column, with the suppression threshold of the policy for records."""
    threshold = policy("record level").hide_up_to + 1
    meaning = (
        f"Columns of this row that are empty because they hold fewer than {threshold} (or rest on such a count, or "
        "would reveal one), separated by spaces; kept-back:NAME is a column that is empty because another could be "
        "derived from it"
    )
    return f"{meaning}; {also}" if also else meaning


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
    """Yield what the declaration of a column lacks: its statistic, its resolution, or the counts of an estimate."""
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
        overlapping_counts=tuple(form.get("overlapping", ())),
        subadditive_counts=tuple(form.get("at_most_sum", ())),
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
    """Return every table that may be released, by name."""
    text = files("assay.sdc").joinpath("tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, form) for name, form in tomllib.loads(text).items()}


def with_current_names(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return tables of a release of this or an earlier version, with the names that their columns have now.

    A stored release is never rewritten, because its hashes were published.
    """
    forms = declared_tables()
    return {name: _with_current_names(table, forms[name]) if name in forms else table for name, table in tables.items()}


def _with_current_names(table: pa.Table, form: Table) -> pa.Table:
    current_names = form.former_names
    if current_names.keys().isdisjoint(table.column_names):
        return table
    if STATUS_COLUMN in table.column_names:
        statuses = [rename_in_status(text, current_names) for text in table[STATUS_COLUMN].to_pylist()]
        position = table.column_names.index(STATUS_COLUMN)
        table = table.set_column(position, table.schema.field(position), pa.array(statuses, pa.string()))
    return table.rename_columns([current_names.get(name, name) for name in table.column_names])
