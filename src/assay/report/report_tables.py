"""The released tables of a report, indexed by place, offence and year."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypedDict, TypeVar, overload

import pyarrow as pa

from assay.report.number_words import slug
from assay.sdc import Released
from assay.sdc.released_rows import table_name
from assay.sdc.released_rows.published_rows import (
    BreaksRow,
    FindingsRow,
    MeasuresRow,
    OffencesRow,
    OutcomesRow,
    PlacesRow,
    QuestionsRow,
    RecordedRow,
    SharesRow,
    SourcesRow,
    SpreadRow,
)
from assay.wording import quarter_start

Row = Mapping[str, Any]
"""A row of a table that is chosen while the program runs; rows of a fixed table have the row type of that table."""
R = TypeVar("R")
THEMES = ("attitudes", "assessments", "scale", "responses", "lessons")
NATIONAL = ("EW", "EW44", "E")
BATCH_ROWS = 1000
"""Rows that are Python objects at a time while a table is written: all at once need ten times its memory."""


def column_rows(batch: pa.RecordBatch, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Return the values of some columns, row by row; a tuple is made much faster than the dictionary of a row."""
    if not columns:
        return [()] * batch.num_rows
    return zip(*(batch[column].to_pylist() for column in columns), strict=True)


def table_rows(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of some columns of a table, row by row; never are all in memory."""
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        yield from column_rows(batch, columns)


class InspectionTheme(TypedDict):
    """An inspection theme: its key, its name, and the name of its page."""

    line: str
    name: str
    slug: str


def source_note(row: Row) -> str:
    """Return what is known of a source, with each part of its note as a sentence."""
    parts = [f"{row['title'] or row['source']}, edition {row['edition']}", *row["note"].split("; ")]
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts)


class ReleasedTables:
    """The released tables, indexed. Read only."""

    def __init__(self, released: Released, withheld: frozenset[str] = frozenset()) -> None:
        self.released = released
        self.withheld = withheld
        self._rows: dict[str, list[Any]] = {}
        self._indexes: dict[tuple[str, ...], Mapping[tuple[Any, ...], Sequence[Any]]] = {}

    def is_withheld(self, place_code: str) -> bool:
        """Return True if the page of this force awaits approval, so that no other page may quote it."""
        return place_code in self.withheld

    @overload
    def rows(self, table: str) -> list[Row]: ...
    @overload
    def rows(self, table: type[R]) -> list[R]: ...
    def rows(self, table: Any) -> list[Any]:
        """Return all rows of a table, given by its row type or its name; none if it was not released."""
        name = table_name(table)
        if name not in self._rows:
            self._rows[name] = self.released.rows(name)
        return self._rows[name]

    @overload
    def find_rows(self, table: str, **values: Any) -> Sequence[Row]: ...
    @overload
    def find_rows(self, table: type[R], **values: Any) -> Sequence[R]: ...
    def find_rows(self, table: Any, **values: Any) -> Sequence[Any]:
        """Return the rows of a table whose columns have these values, in order."""
        names = (table_name(table), *values)
        if names not in self._indexes:
            index: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
            for row in self.rows(names[0]):
                index[tuple(row[name] for name in values)].append(row)
            self._indexes[names] = dict(index)
        return self._indexes[names].get(tuple(values.values()), ())

    @overload
    def find_row(self, table: str, **values: Any) -> Row | None: ...
    @overload
    def find_row(self, table: type[R], **values: Any) -> R | None: ...
    def find_row(self, table: Any, **values: Any) -> Any:
        """Return the first row of a table whose columns have these values, or None."""
        found = self.find_rows(table, **values)
        return found[0] if found else None

    @cached_property
    def places(self) -> Mapping[str, PlacesRow]:
        """The places, by code."""
        return {row["place_code"]: row for row in self.rows(PlacesRow)}

    @cached_property
    def forces(self) -> list[PlacesRow]:
        """Forces that have a page: territorial forces by name, then transport police."""
        kinds: Mapping[str | None, int] = {"territorial": 0, "transport": 1}
        found = [row for row in self.rows(PlacesRow) if row["kind"] in kinds]
        return sorted(found, key=lambda row: (kinds[row["kind"]], row["name"]))

    @cached_property
    def offences(self) -> Mapping[str, OffencesRow]:
        """Offences and offence sets by key: sets first, the default first of all, then codes in order."""
        found = sorted(
            self.rows(OffencesRow), key=lambda r: (not r["is_default"], r["kind"] == "code", r["offence_key"])
        )
        return {row["offence_key"]: row for row in found}

    @cached_property
    def default(self) -> str:
        """The set of offences that the report uses unless it names another."""
        default_keys = [key for key, row in self.offences.items() if row["is_default"]]
        return default_keys[0] if default_keys else next(iter(self.offences), "")

    @cached_property
    def full_year(self) -> str:
        """The latest financial year with all four quarters published."""
        years = [
            row["financial_year"]
            for row in self.find_rows(RecordedRow, offence_key=self.default)
            if row["quarters"] == 4
        ]
        return max(years, default="")

    @cached_property
    def outcome_years(self) -> list[str]:
        """Financial years of recording for which outcomes are known, latest first."""
        return sorted({row["financial_year"] for row in self.rows(OutcomesRow)}, reverse=True)

    @cached_property
    def compared_year(self) -> str:
        """The latest year for which forces' outcome shares were compared."""
        return max((row["financial_year"] for row in self.rows(SharesRow)), default="")

    @cached_property
    def rate_measure(self) -> str:
        """The key of the measure in the table of rates."""
        share_measures = {row["measure"] for row in self.rows(SharesRow)}
        found = [row["measure"] for row in self.rows(SpreadRow) if row["measure"] not in share_measures]
        return str(found[0]) if found else "recorded-rate"

    @cached_property
    def themes(self) -> list[InspectionTheme]:
        """The inspection themes in the commission's order, with their names; any others last."""
        names = {row["line"]: row["line_name"] for row in self.rows(QuestionsRow)}
        order = sorted(names, key=lambda key: (self._theme_order(key, names[key]), names[key]))
        return [{"line": key, "name": names[key], "slug": slug(names[key])} for key in order]

    def _theme_order(self, key: str, name: str) -> int:
        words = f"{key} {name}".lower()
        return next((i for i, line in enumerate(THEMES) if line in words), len(THEMES))

    @cached_property
    def headlines(self) -> list[FindingsRow]:
        """National findings in the order of the inspection themes."""
        order = {line["line"]: i for i, line in enumerate(self.themes)}
        found = [row for row in self.rows(FindingsRow) if row["place_code"] in NATIONAL]
        return sorted(found, key=lambda row: order.get(self.finding_theme(row), len(order)))

    def finding_theme(self, finding: Row) -> str:
        """Return the inspection theme of a finding: that of its question, otherwise its own."""
        question = self.find_row(QuestionsRow, number=finding["question"])
        return str(question["line"] if question else finding["line"])

    @cached_property
    def caveats(self) -> list[str]:
        """Notes on sources that assay had to infer in part, shown beside the figures from those sources."""
        return [source_note(row) for row in self.rows(SourcesRow) if "inference" in (row["note"] or "")]

    def has_inferred_codes(self, edition: str) -> bool:
        """Return True if the offence codes of an edition, as a row names it, were inferred."""
        sources = (row["source"] for row in self.rows("sources") if "inference" in (row["note"] or ""))
        return any(edition.startswith(f"{source}, ") for source in sources)

    @cached_property
    def edition_slug(self) -> str:
        """The edition as part of a URL: 'april-2026'."""
        match = re.search(r"edition ([^,;(]+)", self.released.edition)
        return slug(match[1] if match else self.released.edition)[:40]

    def name(self, place_code: str) -> str:
        """Return the name of a place."""
        row = self.places.get(place_code)
        return str(row["name"]) if row else {"EW": "England and Wales", "E": "England"}.get(place_code, place_code)

    def offence(self, key: str) -> str:
        """Return the name of an offence or offence set in running text, always with 'recorded by police'."""
        if key == self.default:
            return "child sexual offences recorded by police"
        if key == "all-sexual":
            return "all sexual offences recorded by police"
        row = self.offences.get(key)
        name = row["name"] if row else key
        if row and row["kind"] == "code":
            return f"offences recorded by police under code {key} ({name})"
        phrase = name[:1].lower() + name[1:]
        return phrase if "recorded by police" in phrase else f"{phrase}, recorded by police"

    def measure(self, key: str) -> MeasuresRow:
        """Return the row of a measure, or a default row if it has none."""
        found = self.find_row(MeasuresRow, measure=key)
        return found or MeasuresRow(
            measure=key,
            title=key.replace("-", " "),
            question="",
            line="",
            unit="",
            better="neither",
            why="",
            population="",
            cannot_tell="",
            assumptions="",
            denominator="",
        )

    def has_page(self, place_code: str) -> bool:
        """Return True if a place has a page of its own."""
        return any(row["place_code"] == place_code for row in self.forces)

    def breaks_between(self, trend: Row) -> list[str]:
        """Return the registered breaks between the two periods of a trend: 'pandemic 2020 (from April 2020)'."""
        keys = (trend["breaks_between"] or "").split(";")
        found = [(self.find_row(BreaksRow, key=key), key) for key in keys if key]
        return [f"{_words(key)} (from {quarter_start(row['starts'])})" if row else _words(key) for row, key in found]

    def receipt_href(self, table: str | None) -> str:
        """Return the link to the provenance record of a released table."""
        return f"receipts/index.html#table-{table}" if table in self.released.tables else "receipts/index.html"


def _words(key: str) -> str:
    return key.replace("-", " ")
