"""The closed list of tables that may be released, with their columns (`tables.toml`).

A table or column that `tables.toml` does not declare cannot be released. The file is also the data dictionary that is
published with the figures.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.sdc.cell_status import FORMER_STATUS_COLUMN, STATUS_COLUMN, status_with_current_names
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
    numerator_counts, base_counts
        Count columns of the numerator and of the base of a share of counts; `base_counts` also of an estimate.
    bound
        "lowest" or "highest" in a bound of a share: primary suppressed counts have the value that makes it wider.
    plain_without
        The value is a share of counts only in rows in which this column is empty; in other rows it is an estimate.
    counts_table
        The table that has the numerator and base counts, in the row of the same key or of its totals.
    rounded
        True if the column must be rounded before `release`.
    statistic, count_source
        The kind of statistic (`STATISTIC_KINDS`), and the counts that it is computed from (`COUNT_SOURCES`).
    step
        The smallest difference between two values.
    full_value
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
    zero_or_sufficient
        Counts that must each be 0 or reach the minimum base of a share.
    base_rule
        The smallest base, in words, of an estimate whose base is in no released table.
    formerly
        The name of the column in releases of earlier versions (`with_current_names`).
    former_values
        By a value in releases of earlier versions: its present value.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    empty: bool = False
    values: tuple[str, ...] = ()
    protect: bool = False
    numerator_counts: tuple[str, ...] = ()
    base_counts: tuple[str, ...] = ()
    bound: str = ""
    plain_without: str = ""
    counts_table: str = ""
    rounded: bool = False
    statistic: str = ""
    count_source: str = ""
    step: float = 0.0
    full_value: float = 0.0
    records_a_step: int = 1
    weeks_from: int = 0
    margin: int = 0
    at_most: str = ""
    outward: str = ""
    clear_of: str = ""
    zero_or_sufficient: tuple[str, ...] = ()
    base_rule: str = ""
    formerly: str = ""
    former_values: Mapping[str, str] = field(default_factory=dict, hash=False)

    def present_value(self, value: str | None) -> str | None:
        """Return the present form of a value that an earlier version stored."""
        return value if value is None else self.former_values.get(value, value)

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
    formerly
        The name of the table in releases of earlier versions (`with_current_names`).
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
    formerly: str = ""

    @property
    def protected_counts(self) -> tuple[str, ...]:
        """The counts that a policy suppresses and rounds."""
        return tuple(column.name for column in self.columns if column.protect and column.kind == "count")

    @property
    def internal_columns(self) -> tuple[str, ...]:
        """Columns that disclosure control or analysts need, and that are never released."""
        largest = (name for parts in self.largest_contributions.values() for name in parts)
        return (*largest, *self.alert_columns.get("disclosure_columns", {}).values(), *self.analyst_columns)

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


LISTS = ("values", "numerator_counts", "base_counts", "zero_or_sufficient")
PUBLISHED_AS = {"count": COUNT, "whole": LABEL, "number": ESTIMATE, "share": ESTIMATE}


def _column(name: str, form: Mapping[str, Any], published: bool = False) -> Column:
    parts: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in form.items()}
    if name == STATUS_COLUMN:
        parts |= {"formerly": FORMER_STATUS_COLUMN, "meaning": _status_meaning(parts.pop("also", ""))}
    return Column(name=name, **(_resolution(form, published) | parts))


def _status_meaning(also: str) -> str:
    """Return the meaning of the status column, with the suppression threshold of the policy for records."""
    threshold = policy("record level").suppression_threshold + 1
    meaning = (
        f"Suppressed columns of this row, separated by spaces. NAME: a count below {threshold}, or a figure that rests "
        "on such a count or would reveal it. secondary:NAME: secondary suppression, because a suppressed count could "
        "be derived from it"
    )
    return f"{meaning}. {also}" if also else meaning


def _resolution(form: Mapping[str, Any], published: bool) -> dict[str, Any]:
    """Return the default statistic, source and step of a column, if its kind has a safe default.

    A number without a safe default gets none, and `_resolution_errors` then refuses the declaration.
    """
    kind, protect = form["kind"], form.get("protect", False)
    if kind in TEXT_KINDS or kind == "flag":
        return {"statistic": FLAG if kind == "flag" else TEXT, "count_source": NO_RECORDS}
    if published:
        return {"statistic": PUBLISHED_AS.get(kind, ""), "count_source": PUBLISHED}
    if protect and kind == "count":
        return {"statistic": COUNT, "count_source": EXACT}
    if protect and form.get("numerator_counts") and not form.get("plain_without"):
        return {"statistic": SHARE_OF_COUNTS, "count_source": RELEASED, "step": 0.01}
    if protect:
        is_share = kind == "share"
        is_recomputed = form.get("count_source") == RELEASED or form.get("statistic") == TEST_STATISTIC
        full_value = 1.0 if is_share and not is_recomputed else 0.0
        step = 0.01 if is_share else 1.0
        return {"statistic": ESTIMATE, "count_source": EXACT, "step": step, "full_value": full_value}
    return {"count_source": NO_RECORDS} if form.get("statistic") in (TALLY, LABEL, STATED) else {}


def _resolution_errors(column: Column, published: bool) -> Iterator[str]:
    """Yield what the declaration of a column lacks: its statistic, its resolution, or the counts of an estimate."""
    if column.statistic not in STATISTIC_KINDS or column.count_source not in COUNT_SOURCES:
        yield (
            f"what it is ({', '.join(STATISTIC_KINDS)}) and from what counts it is computed "
            f"({', '.join(COUNT_SOURCES)})"
        )
    if published:
        return
    if column.count_source == PUBLISHED:
        yield "`published = true` for its table, if all its counts are public"
    if column.is_float and column.step <= 0:
        yield "its resolution (`step`)"
    is_computed = column.statistic in (ESTIMATE, TEST_STATISTIC, SHARE_OF_COUNTS)
    if is_computed and column.count_source == EXACT and not (column.base_counts or column.base_rule):
        yield "the counts that it rests on (`base_counts`), or its smallest base in words (`base_rule`)"


def _table(name: str, form: Mapping[str, Any]) -> Table:
    if undeclared := sorted(set(form) - {known.name for known in fields(Table)}):
        raise DefinitionError(f"tables.toml, table {name}: unknown key {', '.join(undeclared)}.")
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
        curve_source=form.get("curve_source", {}),
        separate_columns=tuple(form.get("separate_columns", ())),
        overlapping_counts=tuple(form.get("overlapping_counts", ())),
        subadditive_counts=tuple(form.get("subadditive_counts", ())),
        voice=form.get("voice", False),
        respondents_column=form.get("respondents_column", ""),
        suppressed_values=form.get("suppressed_values", {}),
        total_only=form.get("total_only", {}),
        conduct=form.get("conduct", {}),
        breakdowns=form.get("breakdowns", {}),
        ascending_counts=tuple(tuple(names) for names in form.get("ascending_counts", ())),
        largest_contributions={total: tuple(parts) for total, parts in form.get("largest_contributions", {}).items()},
        alert_columns=form.get("alert_columns", {}),
        published=published,
        computed_from=form.get("computed_from", ""),
        verdict_rule=form.get("verdict_rule", {}),
        depends_on=form.get("depends_on", {}),
        analyst_columns=tuple(form.get("analyst_columns", ())),
        formerly=form.get("formerly", ""),
    )


@lru_cache
def declared_tables() -> Mapping[str, Table]:
    """Return every table that may be released, by name."""
    text = files("assay.sdc").joinpath("tables.toml").read_text(encoding="utf-8")
    return {name: _table(name, form) for name, form in tomllib.loads(text).items()}


def with_current_names(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return tables of a release of this or an earlier version, under the present names of tables and columns.

    A stored release is never rewritten, because its hashes were published.
    """
    forms = declared_tables()
    current = {current_table_name(name): table for name, table in tables.items()}
    return {
        name: _with_current_names(table, forms[name]) if name in forms else table for name, table in current.items()
    }


def current_table_name(name: str) -> str:
    """Return the present name of a table that is named as in this or an earlier version."""
    return _present_table_names().get(name, name)


@lru_cache
def _present_table_names() -> Mapping[str, str]:
    return {form.formerly: name for name, form in declared_tables().items() if form.formerly}


def _with_current_names(table: pa.Table, form: Table) -> pa.Table:
    current_names = form.former_names
    if not current_names.keys().isdisjoint(table.column_names):
        table = table.rename_columns([current_names.get(name, name) for name in table.column_names])
    table = _replace_texts(table, STATUS_COLUMN, lambda text: status_with_current_names(text, current_names))
    for column in (column for column in form.columns if column.former_values):
        table = _replace_texts(table, column.name, column.present_value)
    return table


def _replace_texts(table: pa.Table, name: str, replace: Callable[[str | None], str | None]) -> pa.Table:
    """Return the table with each text of a column replaced; the same table if it lacks the column or none changes."""
    if name not in table.column_names:
        return table
    stored = table[name].to_pylist()
    texts = [replace(text) for text in stored]
    if texts == stored:
        return table
    position = table.column_names.index(name)
    return table.set_column(position, table.schema.field(position), pa.array(texts, pa.string()))
