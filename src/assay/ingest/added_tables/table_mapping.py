"""The mapping file of a published table: how its columns become the long form, what it counts and what it leaves out.

A mapping is a TOML file, written by a person who looks at the table. Nothing is guessed: a column, word or marker that
the mapping does not name is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assay import reference
from assay.errors import DefinitionError, SourceError
from assay.ingest.added_tables.area_matching import LEVELS
from assay.ingest.added_tables.cell_values import MONTHS, is_period, may_be_two_years
from assay.ingest.added_tables.long_form import long_form
from assay.ingest.added_tables.mapping_sections import Section
from assay.reference.toml_files import InvalidTomlError, read_sent_toml

LAYOUTS = ("wide", "long")
PERIOD_FORMS = ("as printed", "YYYYYY", "YYYY-YY", MONTHS)
"""How a column of periods is written: in the long form's own way, 202425, 2024-25, or as months alone."""
PERIOD_ADVICE = "write a period as 2025, 2024/25, 2024/25 Q3, 2025-03 or 2025-03-31."
INDEX = "index"
"""The name of the page that lists the added tables, which no table may have as its key."""


@dataclass(frozen=True)
class AreaRule:
    """Rule that says where the area of a row is found: in a column of codes or names, or one code for all rows."""

    code_column: str
    name_column: str
    level: str
    code: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class PeriodRule:
    """Rule that says where the period of a row is found: in a column, or the same for all rows."""

    column: str
    form: str
    period: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class BreakdownRule:
    """The columns that give the group of a figure; none if the figure is not broken down."""

    columns: tuple[str, ...]
    words: Mapping[str, str]


@dataclass(frozen=True)
class AddedMeasure:
    """One measure in a published table: its names in the table (`words`), and the number for each grade (`scale`)."""

    key: str
    title: str
    unit: str
    words: tuple[str, ...]
    scale: Mapping[str, float]


@dataclass(frozen=True)
class ValueColumn:
    """Rule for one column of figures: its measure, or the column that names the measure of each row."""

    column: str
    measure: str
    measure_column: str
    period: str
    breakdown: str


@dataclass(frozen=True)
class RowFilter:
    """Rule that excludes the rows with one of these values in a column, with the reason."""

    column: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one published table.

    Parameters
    ----------
    file, sheet, header_row, last_row
        The file, its sheet ('' for a text), the row of the headers as a spreadsheet counts, and the last row of the
        table (0: the table goes on to the end).
    sha256
        The hash that the file must have; '' for any.
    """

    name: str
    key: str
    title: str
    publisher: str
    address: str
    edition: str
    licence: str
    retrieved_on: str
    counts: str
    does_not_count: str
    questions: tuple[str, ...]
    file: Path
    sheet: str
    header_row: int
    last_row: int
    sha256: str
    layout: str
    areas: AreaRule
    periods: PeriodRule
    breakdowns: BreakdownRule
    measures: Mapping[str, AddedMeasure]
    values: tuple[ValueColumn, ...]
    markers: Mapping[str, str]
    filters: tuple[RowFilter, ...]


def read_mapping(path: Path) -> TableMapping:
    """Read the mapping file of a published table.

    Raises
    ------
    SourceError
        With one sentence, if a key is unknown, missing or has another type, or if the sections contradict each other.
    """
    try:
        content = read_sent_toml(path)
    except FileNotFoundError:
        raise SourceError(
            f"{path.name}: there is no such mapping file. To write a template: assay look long-form"
        ) from None
    except InvalidTomlError as error:
        line = f" (line {error.line})" if error.line else ""
        raise SourceError(
            f"{path.name}: this cannot be read as TOML in UTF-8{line}. A table is added by its mapping file, not by "
            "the table itself; `assay look long-form` writes a template of one."
        ) from None
    whole = Section(f"{path.name}: ", content)
    found = _mapping(path, whole)
    whole.end()
    return found


def _mapping(path: Path, whole: Section) -> TableMapping:
    table = whole.section("table")
    layout = _choice(table, "layout", LAYOUTS)
    measures = {key: _measure(key, section) for key, section in whole.named_sections("measures").items()}
    if not measures:
        raise SourceError(f"{path.name}: no measure is named. Write a section [measures.KEY] with title and unit.")
    values = _long_values() if layout == "long" else _values(whole, measures)
    mapping = TableMapping(
        name=path.name,
        key=_key(table, "key"),
        **{name: table.text(name) for name in ("title", "publisher", "edition", "licence", "counts", "does_not_count")},
        address=_address(table),
        retrieved_on=_day(table, "retrieved_on"),
        questions=_questions(table),
        file=path.parent / table.text("file"),
        sheet=table.text("sheet", ""),
        header_row=table.number("header_row", 1),
        last_row=table.number("last_row", 0),
        sha256=table.text("sha256", "").lower(),
        layout=layout,
        areas=_areas(whole, layout),
        periods=_periods(whole, layout, values),
        breakdowns=_breakdowns(whole, layout),
        measures=measures,
        values=values,
        markers=whole.words("markers"),
        filters=tuple(_filter(section) for section in whole.sections("leave_out")),
    )
    table.end()
    return mapping


def _choice(section: Section, key: str, choices: tuple[str, ...]) -> str:
    found = section.text(key, choices[0])
    if found not in choices:
        raise SourceError(f"{section.place}: {key} must be one of {', '.join(choices)}.")
    return found


def _key(section: Section, key: str) -> str:
    found = section.text(key)
    if not long_form().fits("source", found):
        raise SourceError(
            f"{section.place}: write {key} in lower case letters, digits and hyphens, at most 60, such as csae-flags."
        )
    if found == INDEX:
        raise SourceError(f"{section.place}: {key} cannot be {INDEX}, which is the page that lists the added tables.")
    return found


def _address(table: Section) -> str:
    """Return where the table is published: a figure that nobody can look up is not a published figure."""
    address = table.text("address")
    if not address.startswith(("https://", "http://")):
        raise SourceError(
            f"{table.place}: write the address of the page on which the table is published, from https:// on. "
            "A table that is not published cannot be added."
        )
    return address


def _day(table: Section, key: str) -> str:
    try:
        return date.fromisoformat(table.text(key)).isoformat()
    except ValueError:
        raise SourceError(f"{table.place}: write {key} as a day, such as 2026-12-01.") from None


def _questions(table: Section) -> tuple[str, ...]:
    numbers = table.texts("questions")
    try:
        return tuple(reference.questions().get(number).number for number in numbers)
    except DefinitionError:
        raise SourceError(f"{table.place}: write the numbers of questions, from Q1 to Q50.") from None


def _measure(key: str, section: Section) -> AddedMeasure:
    if not long_form().fits("measure", key):
        raise SourceError(f"{section.place}: write the key of a measure in lower case letters, digits and hyphens.")
    measure = AddedMeasure(
        key, section.text("title"), section.text("unit"), section.texts("words"), section.numbers("scale")
    )
    section.end()
    return measure


def _values(whole: Section, measures: Mapping[str, AddedMeasure]) -> tuple[ValueColumn, ...]:
    values = tuple(_value_column(section, measures) for section in whole.sections("values"))
    if not values:
        raise SourceError(f"{whole.place}no column of figures is named. Write [[values]] with column and measure.")
    return values


def _value_column(section: Section, measures: Mapping[str, AddedMeasure]) -> ValueColumn:
    value = ValueColumn(
        section.text("column"),
        section.text("measure", ""),
        section.text("measure_column", ""),
        section.text("period", ""),
        section.text("breakdown", ""),
    )
    if bool(value.measure) == bool(value.measure_column):
        raise SourceError(f"{section.place}: name either measure or measure_column.")
    if value.measure and value.measure not in measures:
        raise SourceError(f"{section.place}: there is no section [measures.{value.measure}]. Write it, or correct it.")
    if value.period and not is_period(value.period):
        raise SourceError(f"{section.place}: {PERIOD_ADVICE}")
    section.end()
    return value


def _check_period(section: Section, period: str, form: str) -> None:
    """Refuse what is no period, and 2010-11 unless the form says that it is a month."""
    if period and not is_period(period):
        raise SourceError(f"{section.place}: {PERIOD_ADVICE}")
    if may_be_two_years(period) and form != MONTHS:
        raise SourceError(
            f"{section.place}: {period} may be a month or two years. Write the two years as "
            f'{period.replace("-", "/")}; for the month, say form = "{MONTHS}" under [periods].'
        )


def _areas(whole: Section, layout: str) -> AreaRule:
    section = whole.section("areas")
    if layout == "long":
        rule = AreaRule("area_code", "", "", "", {})
    else:
        rule = AreaRule(
            section.text("code_column", ""),
            section.text("name_column", ""),
            section.text("level", ""),
            section.text("code", ""),
            section.words("words"),
        )
        if sum(map(bool, (rule.code_column, rule.name_column, rule.code))) != 1:
            raise SourceError(
                f"{section.place}: name one of code_column, name_column, or code (one area for all rows)."
            )
        if rule.name_column and rule.level not in LEVELS:
            raise SourceError(
                f"{section.place}: state what the names are: level must be one of {', '.join(LEVELS)}. A name alone "
                "may be both a police force and a local authority."
            )
    section.end()
    return rule


def _periods(whole: Section, layout: str, values: tuple[ValueColumn, ...]) -> PeriodRule:
    section = whole.section("periods")
    if layout == "long":
        rule = PeriodRule("period", _choice(section, "form", PERIOD_FORMS), "", {})
    else:
        rule = PeriodRule(
            section.text("column", ""),
            _choice(section, "form", PERIOD_FORMS),
            section.text("period", ""),
            section.words("words"),
        )
        for period in (rule.period, *rule.words.values(), *(value.period for value in values)):
            _check_period(section, period, rule.form)
        ways = [bool(rule.column), bool(rule.period), all(value.period for value in values)]
        if sum(ways) != 1 or (any(value.period for value in values) and not ways[2]):
            raise SourceError(
                f"{section.place}: give the period of a figure once: column, or period (one for all rows), or a "
                "period in each [[values]]."
            )
    section.end()
    return rule


def _breakdowns(whole: Section, layout: str) -> BreakdownRule:
    section = whole.section("breakdowns")
    columns = ("breakdown",) if layout == "long" else section.texts("columns")
    rule = BreakdownRule(columns, {} if layout == "long" else section.words("words"))
    section.end()
    return rule


def _filter(section: Section) -> RowFilter:
    found = RowFilter(section.text("column"), section.texts("values"), section.text("reason"))
    if not found.values:
        raise SourceError(f"{section.place}: give the values of the rows that are not used.")
    section.end()
    return found


def _long_values() -> tuple[ValueColumn, ...]:
    return (ValueColumn("value", "", "measure", "", ""),)
