"""Pages on the evidence: method, data quality, downloads and provenance records; and the glossary."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assay.report.derived_numbers import derived_number
from assay.report.figure_exports import code_lists
from assay.report.number_words import NOT_GIVEN, join_list, slug, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.place_names import with_name_columns
from assay.report.report_tables import ReleasedTables, Row, source_note
from assay.sdc import declared_tables
from assay.sdc.released_rows.published_rows import (
    BreaksRow,
    FindingsRow,
    MeasuresRow,
    SimilarForcesRow,
    SourcesRow,
    ValidationErrorsRow,
)

CERTAINTY_NOTE = (
    "Rows that were taken equal rows that were passed on and rows that were set aside, for every file. A cell that "
    "could not be read "
    "is listed by its place and rule, and is never guessed."
)
METHOD_CERTAINTY_NOTE = (
    "The methods were tried in worlds whose truth is known: how often intervals cover, and how often a world in "
    "which nothing is "
    "wrong raises an alarm. The tables are in the documentation of the program."
)


def method_page(site: ReleasedTables) -> Page:
    """Return the page on the method of a report on published statistics."""
    context = {
        "measures": site.rows(MeasuresRow),
        "offences": list(site.offences.values()),
        "breaks": _breaks(site),
        "grouping": sorted({r["grouping"] for r in site.rows(SimilarForcesRow)}),
    }
    return Page("method.html", "method.html", "Method", METHOD_CERTAINTY_NOTE, (), context)


def _breaks(site: ReleasedTables) -> Grid:
    rows = sorted(site.rows(BreaksRow), key=lambda r: (r["starts"], r["key"]))
    return grid(
        "The register of breaks in the series",
        ("From", "Codes", "What changed", "Compare across?", "Known from"),
        [
            (
                r["starts"],
                "every code" if r["offence_codes"] == "*" else r["offence_codes"] or "",
                r["reason"],
                r["compare_across"],
                r["source"] or r["evidence"] or NOT_GIVEN,
            )
            for r in rows
        ],
    )


def data_quality_page(site: ReleasedTables) -> Page:
    """Return the page of sources, row counts, and validation errors by rule."""
    sources = grid(
        "Sources: files, editions, and what became of their rows",
        ("Source", "Edition", "Publisher", "Licence", "Period", "#Rows taken", "#Passed on", "#Set aside"),
        [
            (
                Cell(r["title"] or r["source"], css="wide"),
                r["edition"] or NOT_GIVEN,
                r["publisher"] or NOT_GIVEN,
                r["licence"] or NOT_GIVEN,
                r["period"] or NOT_GIVEN,
                whole(r["rows_taken"]),
                whole(r["rows_passed_on"]),
                whole(r["rows_set_aside"]),
            )
            for r in site.rows(SourcesRow)
        ],
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for r in site.rows(ValidationErrorsRow):
        counts[r["source"], r["rule"], r["what_to_do"] or ""] += r["times"]
    errors = grid(
        "Validation errors, by source and rule",
        ("Source", "Rule", "What to do", "#Times"),
        [(source, rule, todo, whole(n)) for (source, rule, todo), n in sorted(counts.items())],
    )
    context = {
        "sources": sources,
        "files": site.rows(SourcesRow),
        "errors": errors if counts else None,
        "limits": [source_note(row) for row in _sources_with_note(site)],
        "shared": _shared_file_sentences(site),
    }
    return Page("data-quality.html", "quality.html", "Data quality", CERTAINTY_NOTE, (), context)


def _sources_with_note(site: ReleasedTables) -> list[Row]:
    return [r for r in site.rows(SourcesRow) if r["note"]]


def _shared_file_sentences(site: ReleasedTables) -> list[str]:
    """Yield a sentence for each file that holds more than one edition, since its rows share one hash."""
    by_hash: dict[str, list[str]] = {}
    for r in site.rows(SourcesRow):
        if r["sha256"]:
            by_hash.setdefault(r["sha256"], []).append(f"\u2018{r['source']}\u2019")
    return [
        f"{join_list(names)} bear the same hash, {sha256[:12]}\u2026: one file that the program carries holds them all."
        for sha256, names in by_hash.items()
        if len(names) > 1
    ]


REGISTERS = ("offences", "places", "measures", "breaks", "questions", "indicators", "waits", "definitions_used")


def figures_page(site: ReleasedTables) -> Page:
    """Return the page of released tables to download."""
    rows = []
    for name, table in site.released.tables.items():
        form = declared_tables()[name]
        rows.append(
            (
                form.title,
                form.row,
                derived_number(whole(table.num_rows), "rows of a table"),
                Cell(f"{name}.csv", f"figures/{name}.csv"),
                Cell(f"{name}.json", f"figures/{name}.json"),
            )
        )
    table = grid(
        "Every table of this report, as CSV and as JSON", ("Table", "One row is", "#Rows", "CSV", "JSON"), rows
    )
    columns = [
        (with_name_columns(form), site.released.tables[name].num_rows)
        for name, form in declared_tables().items()
        if name in site.released.tables
    ]
    registers = [name for name in REGISTERS if name in site.released.tables]
    context = {"table": table, "forms": columns, "registers": registers, "code_lists": list(code_lists())}
    return Page("figures/index.html", "figures.html", "Figures to download", CERTAINTY_NOTE, (), context)


STAGES = (
    ("returns", "reads what was sent: every file by name and hash, and what became of its rows"),
    ("records", "makes the facts that every enquiry reads"),
    ("enquiries", "works out counts, rates, trends, outcomes and process limits"),
    ("comparison", "compares the forces"),
    ("disclosure", "lets the tables of this report out, under its policy"),
    ("report", "writes these pages"),
)
# Tables of an inspection of records; the release reads the same ones.
RECORD_TABLES = (
    "ladders",
    "excluded_records",
    "wait_curves",
    "wait_medians",
    "wait_medians_by_report",
    "counts_by_definition",
)
RECORD_COMPARISON_TABLES = ("force_estimates", "indicator_spread", "indicator_funnel", "combined_tests")
STAGE_TABLES = {
    "returns": ("sources", "validation_errors", "added_tables", "added_measures", "added_values", "added_markers"),
    "records": ("recorded_quarterly", "children_in_need"),
    "enquiries": (
        *("recorded", "levels", "trends", "outcomes", "process", "process_control_statements"),
        *("children_services", "authorities", "residents_by_ethnicity"),
        *("last_outcomes", "court_outcomes", "national_outcomes", *RECORD_TABLES),
    ),
    "comparison": ("shares", "rates", "spread", "funnel", "case_mix", "similar_forces", *RECORD_COMPARISON_TABLES),
}
"""The stage that produced each released table; all other tables are registers, written at release."""


def receipts_page(
    site: ReleasedTables,
    stages: Sequence[tuple[str, str]] = STAGES,
    *,
    stages_with_several_receipts: Sequence[str] = (),
) -> Page:
    """Return the page of provenance records: what each stage produced, and the hash of every released table.

    `stages_with_several_receipts`: stages with more than one receipt, so that no single receipt can be linked.
    """
    finding_counts = Counter(r["receipt"] for r in site.rows(FindingsRow) if r["receipt"])
    stage_rows = [
        {
            "name": name,
            "does": does,
            "where": "" if name in stages_with_several_receipts else f"../../{name}/receipt.json",
            "findings": derived_number(whole(finding_counts.get(name, 0)), "findings of a stage")
            if finding_counts.get(name)
            else "",
            "tables": [_released_table(site, table) for table in _stage_tables(site, name)],
        }
        for name, does in stages
    ]
    context = {"receipt": site.released.public_receipt, "stages": stage_rows, "policy": site.released.policy}
    return Page("receipts/index.html", "receipts.html", "Receipts", CERTAINTY_NOTE, (), context)


def _stage_tables(site: ReleasedTables, stage: str) -> list[str]:
    stage_tables = [table for tables in STAGE_TABLES.values() for table in tables]
    released_tables = site.released.public_receipt["tables"]
    return [
        name
        for name in released_tables
        if name in STAGE_TABLES.get(stage, ()) or (stage == "disclosure" and name not in stage_tables)
    ]


def _released_table(site: ReleasedTables, table: str) -> dict[str, str]:
    entry, form = site.released.public_receipt["tables"][table], declared_tables()[table]
    return {
        "name": table,
        "title": form.title,
        "key": ", ".join(form.key),
        "rows": derived_number(whole(entry["rows"]), "rows of a table"),
        "columns": derived_number(whole(entry["columns"]), "columns of a table"),
        "content": entry["content"],
    }


# The glossary page of the report.

GLOSSARY_NOTE = "What these words mean in this report. Other publications may use some of them differently."


@dataclass(frozen=True)
class GlossaryTerm:
    """A word of the glossary, its meaning, and the forms in which a sentence uses it (none: it is not linked)."""

    word: str
    means: str
    forms: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the word on the glossary page."""
        return slug(self.word)


@lru_cache
def glossary_terms() -> tuple[GlossaryTerm, ...]:
    """Return every word with its meaning, in order."""
    glossary = tomllib.loads(files("assay.report").joinpath("glossary.toml").read_text(encoding="utf-8"))
    return tuple(GlossaryTerm(row["word"], row["means"], tuple(row.get("forms", ()))) for row in glossary["word"])


def glossary_page() -> Page:
    """Return the glossary page."""
    return Page("glossary.html", "glossary.html", "Glossary", GLOSSARY_NOTE, (), {"terms": glossary_terms()})
