"""Return the registers of laws, recommendations, questions and sources as tables for the report."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.indicators.catalogue.responses.published_outcomes import MEASURES as RESPONSES
from assay.indicators.catalogue.scale.published_scale_measures import MEASURES as SCALE
from assay.indicators.failure_mode_measures import ELSEWHERE, MEASURES_OF_MODE
from assay.indicators.findings import measures_table
from assay.ingest.official_statistics import ReceivedStatistics, StatisticsFile
from assay.ingest.official_statistics.local_tables import LOCAL_TABLES
from assay.ingest.official_statistics.newest_edition import YEAR_COLUMN
from assay.reference.later_questions import LISTS
from assay.sdc import declared_tables

MISSING = " What is missing: "
_ANSWERED = {"answered": "answered", "partly": "partly", "no": "not from published statistics"}
NATIONS = (
    ("EW", "england-and-wales", "England and Wales, 43 forces", "England and Wales"),
    (
        "EW44",
        "england-and-wales-with-btp",
        "England and Wales, 43 forces and British Transport Police",
        "England and Wales",
    ),
    ("E", "england", "England", "England"),
)


def _schema(name: str) -> pa.Schema:
    """Return the columns and types under which a table is released, whatever its rows hold."""
    return declared_tables()[name].schema


def place_names() -> dict[str, str]:
    """Return the name of every place code."""
    return {force.code: force.name for force in reference.forces()} | {code: name for code, _, name, _ in NATIONS}


def place_table(present: Iterable[str]) -> pa.Table:
    """Return one row for each place that has a figure, and for England, Wales and both together."""
    place_codes = set(present)
    empty_columns = dict.fromkeys(("tile_column", "tile_row", "children", "population"))
    rows: list[dict[str, Any]] = [
        {
            "place_code": code,
            "slug": slug,
            "name": name,
            "kind": "nation",
            "country": country,
            "region": "",
            **empty_columns,
        }
        for code, slug, name, country in NATIONS
    ]
    rows += [
        {
            "place_code": force.code,
            "slug": force.slug,
            "name": force.name,
            "kind": force.kind,
            "country": force.country,
            "region": force.region,
            "tile_column": force.tile_column,
            "tile_row": force.tile_row,
            "children": force.children_mid2020,
            "population": force.population_mid2020,
        }
        for force in reference.forces()
        if force.code in place_codes
    ]
    return pa.Table.from_pylist(rows, _schema("places"))


def offence_table(present: Iterable[str], default: str) -> pa.Table:
    """Return one row for each offence code or set that has a figure."""
    rows = [_offence_row(key, default) for key in sorted(set(present))]
    return pa.Table.from_pylist(rows, _schema("offences"))


def offence_name(key: str) -> str:
    """Return the name of an offence code or of a set of codes, in words."""
    sets = reference.offence_sets()
    return sets.get(key).name if key in sets else reference.offences().get(key).name


def count_name(key: str) -> str:
    """Return what a count of this offence code or set counts, in words that can be the subject of a sentence."""
    name = offence_name(key)
    if key not in reference.offence_sets():
        return f"Offences under code {key} ({name}) recorded by police"
    return name if name.endswith("recorded by police") else f"{name} recorded by police"


def _offence_row(key: str, default: str) -> dict[str, Any]:
    sets = reference.offence_sets()
    is_set = key in sets
    note = (
        f"{sets.get(key).why} It cannot tell {sets.get(key).cannot_tell}"
        if is_set
        else reference.offences().get(key).note
    )
    return {
        "offence_key": key,
        "name": offence_name(key),
        "kind": "set" if is_set else "code",
        "codes": " ".join(reference.offence_codes(key)),
        "is_default": key == default,
        "note": note,
    }


def break_table() -> pa.Table:
    """Return the register of series breaks."""
    rows = [
        {
            "key": series_break.key,
            "concerns": series_break.concerns,
            "offence_codes": " ".join(series_break.offence_codes),
            "starts": series_break.starts,
            "reason": series_break.reason,
            "compare_across": series_break.compare_across,
            "evidence": series_break.evidence,
            "source": series_break.source,
        }
        for series_break in reference.breaks()
    ]
    return pa.Table.from_pylist(rows, _schema("breaks"))


def question_table() -> pa.Table:
    """Return the fifty questions: how far published statistics answer each, and what to request for the rest."""
    rows = [
        {
            "number": question.number,
            "line": question.line,
            "line_name": question.line_name,
            "text": question.text,
            "mode": ", ".join(question.modes),
            "measure": question.measure,
            "standard": question.standard,
            "answered": _ANSWERED[question.from_published],
            "how": f"{question.how_published}{MISSING}{question.missing}"
            if question.missing
            else question.how_published,
            "partial_area": question.partial_area,
            "request": question.request,
        }
        for question in reference.questions()
    ]
    return pa.Table.from_pylist(rows, _schema("questions"))


def later_question_table() -> pa.Table:
    """Return the questions of 2026 that are not among the fifty inspection questions, with data on each and whom to
    ask.
    """
    form = _schema("later_questions")
    rows = [
        {
            **{name: getattr(question, name) for name in form.names},
            **{name: " ".join(getattr(question, name)) for name in LISTS},
        }
        for question in reference.later_questions()
    ]
    return pa.Table.from_pylist(rows, form)


def failure_mode_table() -> pa.Table:
    """Return the inquiry's failure modes, each with the measures that would show it or other evidence to look at."""
    rows = [
        {
            "failure_mode": failure_mode.code,
            "line": failure_mode.line,
            "text": failure_mode.text,
            "shown_by": " ".join(MEASURES_OF_MODE.get(failure_mode.code, {})),
            "sides": " ".join(MEASURES_OF_MODE.get(failure_mode.code, {}).values()),
            "elsewhere": ELSEWHERE.get(failure_mode.code, ""),
            "place": number,
        }
        for number, failure_mode in enumerate(reference.failure_modes(), start=1)
    ]
    return pa.Table.from_pylist(rows, _schema("failure_modes"))


def measure_table() -> pa.Table:
    """Return one row for each measure of the themes scale and responses."""
    return measures_table((*SCALE, *RESPONSES))


SOURCE_COLUMNS = (
    *("source", "title", "edition", "publisher", "licence", "period"),
    *("rows_taken", "rows_passed_on", "rows_set_aside", "sha256", "note"),
)


def source_table(received: ReceivedStatistics) -> pa.Table:
    """Return one row for each file that was read: what it is, and its row counts."""
    rows = [_source_row(file, received.tables) for file in received.files]
    schema = pa.schema(
        [
            (column_name, pa.int64() if column_name.startswith("rows_") else pa.string())
            for column_name in SOURCE_COLUMNS
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


@lru_cache
def local_sources() -> tuple[dict[str, str], ...]:
    """Return what each source of a local page counts and does not count (`local_sources.toml`)."""
    return tuple(tomllib.loads((files(__package__) / "local_sources.toml").read_text("utf-8"))["source"])


def local_source_table(editions: Mapping[str, str]) -> pa.Table:
    """Return the sources of a local page; `editions` describes the file that was read, by key of the source."""
    rows = [{"source_key": row["key"], **row, "edition": editions.get(row["key"], "")} for row in local_sources()]
    return pa.Table.from_pylist(rows, _schema("local_sources"))


TITLES = {
    "recorded": ("Police recorded crime open data, by police force area", "Home Office"),
    "outcomes": ("Crime outcomes open data", "Home Office"),
    "children_in_need": ("Children in need: factors identified at the end of assessment", "Department for Education"),
    "population": ("Mid-year population estimates, ages 0 to 17", "Office for National Statistics"),
    **{row["key"]: (row["title"], row["publisher"]) for row in local_sources() if row["key"] in LOCAL_TABLES},
}


def source_text(name: str, edition: str) -> str:
    """Return a source as it is cited; the text says if the file does not state its edition."""
    if "not stated" in edition:
        return f"{name}, {edition}"
    return f"{name}, edition {edition or 'not stated'}"


def _covered_years(file: StatisticsFile, tables: dict[str, pa.Table]) -> str:
    """Return the first and the last year that a file gave."""
    if file.return_kind not in YEAR_COLUMN:
        return ""
    table = tables[file.return_kind]
    file_rows = table.filter(pc.equal(table["source"], file.name))
    years = sorted(str(year) for year in file_rows[YEAR_COLUMN[file.return_kind]].unique().to_pylist())
    return " to ".join(dict.fromkeys((years[0], years[-1]))) if years else ""


def _source_row(file: StatisticsFile, tables: dict[str, pa.Table]) -> dict[str, Any]:
    title, publisher = TITLES.get(file.return_kind, (file.return_kind or "Not recognised", ""))
    set_aside_text = "; ".join(f"{rows:,} rows set aside: {reason}" for reason, rows in sorted(file.set_aside.items()))
    notes = [note.rstrip(".") for note in (file.edition_note, file.header_note, file.note, set_aside_text) if note]
    return {
        "source": file.name,
        "title": title,
        "edition": file.edition,
        "publisher": publisher,
        "licence": "Open Government Licence v3.0" if publisher else "",
        "period": _covered_years(file, tables),
        "rows_taken": file.row_count,
        "rows_passed_on": file.passed_on,
        "rows_set_aside": sum(file.set_aside.values()),
        "sha256": file.sha256,
        "note": ". ".join(notes),
    }
