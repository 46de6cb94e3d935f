"""Convert cells to their declared types, with the first rule that each cell breaks (R10 to R26, R67 to R71).

Each rule is applied to the distinct texts of a column. Only what depends on another cell of the row is decided row by
row: the list of an event's detail, whether 00:00 is a day in an event, a reason beside a value, and the reason without
which an old crime is outside the request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay import contract
from assay.contract import FORCE_CODE, Column, Table
from assay.ingest import offence_codes, time_cells
from assay.ingest.cell_expressions import NOT_IN_FORMAT, TIME_KINDS
from assay.ingest.distinct_texts import (
    Branch,
    DistinctTexts,
    Mask,
    RuleNumbers,
    as_mask,
    distinct_texts,
    first_rule,
    has_match,
    is_one_of,
    matches,
    only_where,
)
from assay.ingest.midnight_times import MidnightReading
from assay.ingest.missing_value_codes import is_missing_value
from assay.ingest.return_manifest import ReturnManifest
from assay.ingest.spreadsheet_damage import DAMAGED_OFFENCE, DAMAGED_REFERENCE, SPREADSHEET_ERROR, is_reference
from assay.ingest.time_cells import OUTSIDE, PLACEHOLDER, WRONG

RULES_KEEPING_VALUE = (20, 22, 24, 26)
"""Numbers of the rules of a cell after which its value stays."""
OTHER_FORCE, EMPTY, MARKED, TWO_ANSWERS, NO_CHARACTER = 10, 15, 17, 24, 26
MISSING_VALUE_CODE, DAMAGED, WRONG_DATE_FORMAT, INCOMPLETE_DATE = 27, 28, 29, 30
ADDED_RULES = {MISSING_VALUE_CODE: "R67", DAMAGED: "R68", WRONG_DATE_FORMAT: "R70", INCOMPLETE_DATE: "R71"}
"""Rules of cells whose names do not follow from their numbers here."""

CONTROL_CHARACTERS = r"[\x00-\x1F\x7F-\x{9F}]"
UNREADABLE_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{FFFD}]"
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*\\.?"
_YEAR = "(?:'?[0-9]{2}|[0-9]{4})"
INCOMPLETE_DATE_PATTERN = (
    rf"[0-9]{{4}}([-/. ][0-9]{{1,2}})?|[0-9]{{1,2}}[-/. ][0-9]{{4}}|{_MONTH}([-/., ]*{_YEAR})?|{_YEAR}[-/., ]*{_MONTH}"
    rf"|[0-9]{{1,2}}(st|nd|rd|th)?[-/. ]*(of )?{_MONTH}|[0-9]{{4}} ?[-/] ?([0-9]{{2}}|[0-9]{{4}})"
    rf"|{_YEAR}[-/. ]*[Qq][1-4]|[Qq][1-4][-/. ]*({_YEAR}([-/][0-9]{{2}})?)?"
    rf"|(?i:fy|year|spring|summer|autumn|winter)[-/ ]*[0-9]{{2,4}}([-/][0-9]{{2,4}})?"
)
"""A month, a quarter or a year, as text or as a spreadsheet displays it; a day without its year."""
LONGEST_REFERENCE = 64
SHORTEST_PHONE = 7
EQUIVALENT_VALUES = {"ethnicity_self": {"O1": "A4"}}
DETAIL_LISTS = {"force_code": "other_force"}
"""A transfer event may name a force that is not in the list (return contract, section 9.2)."""
REASON_SUFFIX = "_missing_reason"
GROUP_HISTORY = "group_history"

BROKEN_SCHEMA = pa.schema([("line", pa.int64()), ("column_name", pa.string()), ("rule", pa.uint8())])
"""The cells that break a rule, each with the number of the first that it breaks."""
Values = Mapping[str, pa.Array]


@dataclass(frozen=True)
class ColumnFindings:
    """The results of checks on whole columns, which precede the reading of single cells."""

    days: Mapping[str, MidnightReading]
    """How 00:00 is read, by column."""
    marked_lines: Mapping[str, Collection[int]] = field(default_factory=dict)
    """Column -> lines of its cells that hold a formula or a spreadsheet error."""
    damaged: Mapping[str, Callable[[pa.Array], Mask]] = field(default_factory=dict)
    """Column of references -> which of its texts a spreadsheet or an export changed."""
    rejected_dates: Collection[str] = ()
    """Date columns that contradict their format, so that no value is read."""


@dataclass(frozen=True)
class TypedCells:
    """The typed cells of one column: the number of the rule that each breaks (0 for none), and the values by field."""

    rules: RuleNumbers
    values: Values

    def with_rules(self, rules: RuleNumbers) -> TypedCells:
        """Return the cells with new rule numbers, and without the values that these rules reject."""
        is_kept = np.isin(rules, (0, *RULES_KEEPING_VALUE))
        if not (is_kept ^ np.isin(self.rules, (0, *RULES_KEEPING_VALUE))).any():
            return replace(self, rules=rules)
        return TypedCells(rules, {name: only_where(is_kept, _plain(values)) for name, values in self.values.items()})


@dataclass(frozen=True)
class TypedRows:
    """Typed rows of a table, and the cells that break a rule (`BROKEN_SCHEMA`)."""

    rows: pa.Table
    broken: pa.Table


@dataclass(frozen=True)
class RowTyping:
    """Converts the rows of one table from text to the types of the contract: its columns, manifest and findings."""

    table: Table
    manifest: ReturnManifest
    findings: ColumnFindings

    def typed(self, cells: pa.Table) -> TypedRows:
        """Convert rows of text to typed rows, and record the cells that break a rule."""
        found = {name: distinct_texts(cells[name]) for name in self.table.column_names}
        lines = cells["line"].combine_chunks()
        values: dict[str, pa.Array] = {}
        broken = [self._other_force(cells[FORCE_CODE], lines)]
        for column in self.table.columns:
            typed = self._typed_column(column, found)
            if column.name in self.findings.marked_lines:
                is_marked = np.isin(lines.to_numpy(), list(self.findings.marked_lines[column.name]))
                typed = typed.with_rules(np.where(is_marked, np.uint8(MARKED), typed.rules))
            values |= typed.values
            broken.append(_broken_cells(column.name, lines, typed.rules))
        sender = pa.repeat(self.manifest.force_code, len(lines)).dictionary_encode()
        return TypedRows(pa.table({FORCE_CODE: sender, **values, "line": lines}), pa.concat_tables(broken))

    def _other_force(self, codes: pa.ChunkedArray, lines: pa.Array) -> pa.Table:
        found = distinct_texts(codes)
        is_own = as_mask(pc.equal(pc.utf8_lower(found.texts), self.manifest.force_code.casefold()))
        return _broken_cells(FORCE_CODE, lines, np.where(found.mask_by_row(is_own), 0, OTHER_FORCE).astype(np.uint8))

    def _typed_column(self, column: Column, found: Mapping[str, DistinctTexts]) -> TypedCells:
        cells = found[column.name]
        empty = EMPTY if self.table.requirement(column) == "yes" else 0
        if not len(cells.texts):
            nulls = {part.name: pa.nulls(len(cells.codes), part.type) for part in column.fields}
            return TypedCells(np.full(len(cells.codes), empty, np.uint8), nulls)
        if column.kind in TIME_KINDS:
            return self._typed_times(column, found, empty)
        if column.values_by:
            return self._typed_details(column, found, empty)
        rules, values = _typed_texts(column, cells.texts)
        numbers = first_rule([*self._text_damage(column, cells.texts), *rules], len(cells.texts))
        typed = _by_row(cells, numbers, {column.name: values}, empty)
        if column.name.endswith(REASON_SUFFIX):
            is_second = ~found[column.name.removesuffix(REASON_SUFFIX)].is_empty & ~cells.is_empty
            typed = typed.with_rules(np.where(is_second & (typed.rules == 0), np.uint8(TWO_ANSWERS), typed.rules))
        return typed

    def _text_damage(self, column: Column, texts: pa.Array) -> list[Branch]:
        """Return what an export or a spreadsheet did to a text, which comes before the rules of its type."""
        branches = [(is_missing_value(column, texts), MISSING_VALUE_CODE)]
        if column.kind in ("ref", "text") or column.values == "offence_code":
            branches.append((matches(texts, SPREADSHEET_ERROR), MARKED))
        if is_reference(column):
            branches.append((matches(texts, DAMAGED_REFERENCE), DAMAGED))
        if column.values == "offence_code":
            branches.append((matches(texts, DAMAGED_OFFENCE), DAMAGED))
        if column.name in self.findings.damaged:
            branches.append((self.findings.damaged[column.name](texts), DAMAGED))
        return branches

    def _typed_times(self, column: Column, found: Mapping[str, DistinctTexts], empty: int) -> TypedCells:
        cells, table = found[column.name], self.table
        reading = self.findings.days.get(column.name) if column.kind == "when" else None
        moments = time_cells.moments(cells.texts)
        form_rules = [*self._time_damage(column, cells.texts, ~moments.is_time), (~moments.is_time, WRONG)]
        type_rules = time_cells.type_rules(column, table, self.manifest, reading, moments)
        numbers = first_rule([*form_rules, *type_rules], len(cells.texts))
        values = time_cells.time_values(column, moments, midnight_is_day=bool(reading and reading.is_day))
        typed = _by_row(cells, numbers, values, empty)
        if reading and reading.day_kinds:
            as_day = time_cells.time_values(column, moments, midnight_is_day=True)
            is_day = self._has_kind(found, reading.day_kinds)
            typed = replace(
                typed, values=_values_where(is_day, _by_row(cells, numbers, as_day, empty).values, typed.values)
            )
        if table.name in time_cells.DATED_TABLES and column.name == table.date:
            outside = time_cells.outside_request(table, self.manifest, moments)
            rules = [first_rule([*form_rules, (mask, OUTSIDE), *type_rules], len(cells.texts)) for mask in outside]
            return typed.with_rules(self._outside_by_row(found, typed.rules, [cells.by_row(n, empty) for n in rules]))
        return typed

    def _time_damage(self, column: Column, texts: pa.Array, is_no_time: Mask) -> list[Branch]:
        if not is_no_time.any() and column.name not in self.findings.rejected_dates:
            return []
        cells = pc.replace_substring_regex(texts, f"^{NOT_IN_FORMAT}", "")
        branches = [(is_missing_value(column, cells), MISSING_VALUE_CODE)]
        if column.name in self.findings.rejected_dates:
            branches.append((np.ones(len(texts), bool), WRONG_DATE_FORMAT))
        return [*branches, (is_no_time & matches(cells, INCOMPLETE_DATE_PATTERN), INCOMPLETE_DATE)]

    def _outside_by_row(
        self, found: Mapping[str, DistinctTexts], inside: RuleNumbers, outside: list[RuleNumbers]
    ) -> RuleNumbers:
        """Apply R14; a crime that was sent as group history is never outside the request."""
        if self.table.name != "crimes":
            return outside[0]
        reasons = found["scope_reason"]
        is_group_history = reasons.mask_by_row(is_one_of(pc.utf8_lower(reasons.texts), (GROUP_HISTORY,)))
        return np.select([is_group_history, reasons.is_empty], [inside, outside[1]], outside[0])

    def _has_kind(self, found: Mapping[str, DistinctTexts], kinds: Collection[str]) -> Mask:
        return found["kind"].mask_by_row(is_one_of(_listed(self.table.column("kind"), found["kind"].texts), kinds))

    def _typed_details(self, column: Column, found: Mapping[str, DistinctTexts], empty: int) -> TypedCells:
        """Type a column whose list depends on the kind of its row; a kind without a list takes any text."""
        cells, kinds = found[column.name], found[column.values_by]
        by_kind = _details_by_kind()
        kind_names = [*_listed(self.table.column(column.values_by), kinds.texts).to_pylist(), None]
        words = [*pc.utf8_lower(cells.texts).to_pylist(), None]
        kind_codes, codes = kinds.codes_or(len(kind_names) - 1), cells.codes_or(len(words) - 1)
        pairs, pair_of_row = np.unique(kind_codes * len(words) + codes, return_inverse=True)
        details = [(by_kind.get(kind_names[pair // len(words)]), words[pair % len(words)]) for pair in pairs]
        listed = [values.get(word) if values and word is not None else None for values, word in details]
        is_unlisted = [
            values is not None and word is not None and value is None
            for (values, word), value in zip(details, listed, strict=True)
        ]
        values = pa.array(listed, pa.string()).take(pa.array(pair_of_row))
        values = pc.coalesce(values, _plain(cells.values_by_row(cells.texts)))
        damage = cells.by_row(first_rule(self._text_damage(column, cells.texts), len(cells.texts)), empty)
        is_wrong = np.array(is_unlisted, bool)[pair_of_row] & (damage == 0)
        typed = TypedCells(np.zeros(len(codes), np.uint8), {column.name: values})
        return typed.with_rules(np.where(is_wrong, np.uint8(WRONG), damage))


def _by_row(cells: DistinctTexts, numbers: RuleNumbers, values: Values, empty: int) -> TypedCells:
    is_kept = np.isin(numbers, (0, *RULES_KEEPING_VALUE))
    by_row = {name: cells.values_by_row(only_where(is_kept, texts)) for name, texts in values.items()}
    return TypedCells(cells.by_row(numbers, empty), by_row)


def _values_where(mask: Mask, first: Values, second: Values) -> Values:
    """Return the first values in the rows of the mask, the second in all others."""
    return {name: pc.if_else(pa.array(mask), _plain(first[name]), _plain(second[name])) for name in first}


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def _broken_cells(column: str, lines: pa.Array, rules: RuleNumbers) -> pa.Table:
    rows = np.flatnonzero(rules)
    columns = (lines.take(pa.array(rows)), pa.repeat(column, len(rows)), pa.array(rules[rows]))
    return pa.table(columns, schema=BROKEN_SCHEMA)


def _typed_texts(column: Column, texts: pa.Array) -> tuple[list[Branch], pa.Array]:
    """Return the rules that texts break by their type, first rule first, and their values."""
    if column.values:
        values = _listed(column, texts)
        return [(as_mask(values.is_null()), WRONG)], values
    if column.kind in ("ref", "code"):
        is_long = as_mask(pc.greater(pc.utf8_length(texts), LONGEST_REFERENCE))
        return [(is_long | has_match(texts, CONTROL_CHARACTERS), WRONG)], texts
    if column.kind == "yesno":
        answers = pc.utf8_lower(texts)
        return [(~is_one_of(answers, ("yes", "no")), WRONG)], pc.equal(answers, "yes")
    if column.kind in ("int", "num"):
        return _typed_numbers(column, texts)
    return _typed_free_texts(column, texts)


def _typed_numbers(column: Column, texts: pa.Array) -> tuple[list[Branch], pa.Array]:
    is_whole = column.kind == "int"
    is_number = matches(texts, r"-?[0-9]{1,18}" if is_whole else r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
    numbers = pc.cast(only_where(is_number, texts), pa.int64() if is_whole else pa.float64())
    branches = [(~is_number, WRONG)]
    for is_beyond, bound in ((pc.less, column.minimum), (pc.greater, column.maximum)):
        if bound is not None:
            branches.append((as_mask(is_beyond(numbers, bound)), WRONG))
    return branches, numbers


def _typed_free_texts(column: Column, texts: pa.Array) -> tuple[list[Branch], pa.Array]:
    is_unreadable = has_match(texts, UNREADABLE_CHARACTERS)
    branches = [(is_unreadable, NO_CHARACTER)]
    if column.pattern:
        branches.insert(0, (~matches(texts, column.pattern), WRONG))
    if column.name == "phone":
        digits = pc.replace_substring_regex(texts, "[^0-9]", "").to_pylist()
        is_placeholder = np.array([len(number) < SHORTEST_PHONE or len(set(number)) == 1 for number in digits], bool)
        branches.insert(0, (is_placeholder, PLACEHOLDER))
    if not is_unreadable.any():
        return branches, texts
    return branches, pc.replace_substring_regex(texts, UNREADABLE_CHARACTERS, " ")


def _listed(column: Column, texts: pa.Array) -> pa.Array:
    """Return the value of the closed list for each text; null if the list does not have it."""
    if column.values == "offence_code":
        return pa.array([offence_codes.offence_code(text) for text in texts.to_pylist()], pa.string())
    words = pc.utf8_lower(texts)
    if column.values == "outcome_code":
        words = pc.utf8_ltrim(words, "0")
    known_words, values = _closed_list(column.values)
    return values.take(pc.index_in(words, known_words))


@lru_cache
def _closed_list(name: str) -> tuple[pa.Array, pa.Array]:
    """Return the lower-case words of a closed list, and the value of each.

    A kind of event that belongs in another table is known too; R33 reports it later.
    """
    values = tuple(contract.event_kinds()) if name == "event_kind" else contract.list_values(name)
    read_as = EQUIVALENT_VALUES.get(name, {})
    words = pa.array([value.casefold() for value in values], pa.string())
    return words, pa.array([read_as.get(value, value) for value in values], pa.string())


@lru_cache
def _details_by_kind() -> Mapping[str, Mapping[str, str]]:
    """Return the lists of the details of events: kind -> lower-case word -> value; only kinds that have a list."""
    return {
        kind.key: {
            value.casefold(): value
            for value in contract.list_values(DETAIL_LISTS.get(kind.detail_list, kind.detail_list))
        }
        for kind in contract.event_kinds().values()
        if kind.detail_list
    }
