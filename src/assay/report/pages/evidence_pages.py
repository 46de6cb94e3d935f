"""Where do the figures come from, what was set aside, how were they made, and how can one check them?"""

from collections import Counter
from collections.abc import Sequence

from assay.report.derived_numbers import worked_out
from assay.report.figure_exports import code_lists
from assay.report.number_words import NOT_GIVEN, listed, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.report_tables import Row, Site
from assay.sdc import declared_tables

SURE = (
    "Rows that were taken equal rows that were passed on and rows that were set aside, for every file. A cell that "
    "could not be read "
    "is listed by its place and rule, and is never guessed."
)
METHOD_SURE = (
    "The methods were tried in worlds whose truth is known: how often intervals cover, and how often a world in "
    "which nothing is "
    "wrong raises an alarm. The tables are in the documentation of the program."
)


def method_page(site: Site) -> Page:
    """How the figures were made."""
    told = {
        "measures": site.rows("measures"),
        "offences": list(site.offences.values()),
        "breaks": _breaks(site),
        "grouping": sorted({r["grouping"] for r in site.rows("similar")}),
    }
    return Page("method.html", "method.html", "Method", METHOD_SURE, (), told)


def _breaks(site: Site) -> Grid:
    rows = sorted(site.rows("breaks"), key=lambda r: (r["starts"], r["key"]))
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


def quality_page(site: Site) -> Page:
    """Sources, rows, and faults by rule."""
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
            for r in site.rows("sources")
        ],
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for r in site.rows("faults"):
        counts[r["source"], r["rule"], r["what_to_do"] or ""] += r["times"]
    faults = grid(
        "Faults, by source and rule",
        ("Source", "Rule", "What to do", "#Times"),
        [(source, rule, todo, whole(n)) for (source, rule, todo), n in sorted(counts.items())],
    )
    told = {
        "sources": sources,
        "files": site.rows("sources"),
        "faults": faults if counts else None,
        "limits": [f"{r['title'] or r['source']}, edition {r['edition']}: {r['note']}." for r in _limited(site)],
        "shared": _shared(site),
    }
    return Page("data-quality.html", "quality.html", "Data quality", SURE, (), told)


def _limited(site: Site) -> list[Row]:
    return [r for r in site.rows("sources") if r["note"]]


def _shared(site: Site) -> list[str]:
    """A sentence for each file that holds more than one edition: their rows bear one and the same hash."""
    by_hash: dict[str, list[str]] = {}
    for r in site.rows("sources"):
        if r["sha256"]:
            by_hash.setdefault(r["sha256"], []).append(f"\u2018{r['source']}\u2019")
    return [
        f"{listed(names)} bear the same hash, {sha256[:12]}\u2026: one file that the program carries holds them all."
        for sha256, names in by_hash.items()
        if len(names) > 1
    ]


REGISTERS = ("offences", "places", "measures", "breaks", "questions", "indicators", "waits", "definitions_used")


def figures_page(site: Site) -> Page:
    """Every released table to download."""
    rows = []
    for name, table in site.released.tables.items():
        form = declared_tables()[name]
        rows.append(
            (
                form.title,
                form.row,
                worked_out(whole(table.num_rows), "rows of a table"),
                Cell(f"{name}.csv", f"figures/{name}.csv"),
                Cell(f"{name}.json", f"figures/{name}.json"),
            )
        )
    table = grid(
        "Every table of this report, as CSV and as JSON", ("Table", "One row is", "#Rows", "CSV", "JSON"), rows
    )
    columns = [
        (form, site.released.tables[name].num_rows)
        for name, form in declared_tables().items()
        if name in site.released.tables
    ]
    registers = [name for name in REGISTERS if name in site.released.tables]
    told = {"table": table, "forms": columns, "registers": registers, "code_lists": list(code_lists())}
    return Page("figures/index.html", "figures.html", "Figures to download", SURE, (), told)


STAGES = (
    ("returns", "reads what was sent: every file by name and hash, and what became of its rows"),
    ("records", "makes the facts that every enquiry reads"),
    ("enquiries", "works out counts, rates, trends, outcomes and process limits"),
    ("comparison", "sets the forces side by side"),
    ("disclosure", "lets the tables of this report out, under its policy"),
    ("report", "writes these pages"),
)
ASKED_OF_RECORDS = ("ladders", "left_out", "wait_curves", "wait_medians", "wait_medians_apart", "counts")
COMPARED_RECORDS = ("standing", "indicator_spread", "indicator_funnel", "taken_together")
MADE_BY = {
    "returns": ("sources", "faults"),
    "records": ("recorded_quarterly", "children_in_need"),
    "enquiries": ("recorded", "levels", "trends", "outcomes", "process", "process_words", *ASKED_OF_RECORDS),
    "comparison": ("shares", "rates", "spread", "funnel", "case_mix", "similar", *COMPARED_RECORDS),
}
"""Which stage made which released table; all others are registers, written as they leave."""


def receipts_page(site: Site, stages: Sequence[tuple[str, str]] = STAGES, *, many: Sequence[str] = ()) -> Page:
    """The receipts: what each stage made, where its own receipt lies, and the hash of every table that left.

    `many`: stages that leave more than one receipt, so that none of them is the one to lead to.
    """
    leaning = Counter(r["receipt"] for r in site.rows("findings") if r["receipt"])
    told_stages = [
        {
            "name": name,
            "does": does,
            "where": "" if name in many else f"../../{name}/receipt.json",
            "findings": worked_out(whole(leaning.get(name, 0)), "findings of a stage") if leaning.get(name) else "",
            "tables": [_left(site, table) for table in _tables_of(site, name)],
        }
        for name, does in stages
    ]
    told = {"receipt": site.released.public_receipt, "stages": told_stages, "policy": site.released.policy}
    return Page("receipts/index.html", "receipts.html", "Receipts", SURE, (), told)


def _tables_of(site: Site, stage: str) -> list[str]:
    made = [table for tables in MADE_BY.values() for table in tables]
    there = site.released.public_receipt["tables"]
    return [name for name in there if name in MADE_BY.get(stage, ()) or (stage == "disclosure" and name not in made)]


def _left(site: Site, table: str) -> dict[str, str]:
    held, form = site.released.public_receipt["tables"][table], declared_tables()[table]
    return {
        "name": table,
        "title": form.title,
        "key": ", ".join(form.key),
        "rows": worked_out(whole(held["rows"]), "rows of a table"),
        "columns": worked_out(whole(held["columns"]), "columns of a table"),
        "content": held["content"],
    }
