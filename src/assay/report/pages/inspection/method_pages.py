"""Pages on the method of an inspection report: its limits, the hours of work for forces, and its provenance."""

from __future__ import annotations

from dataclasses import replace

from assay.report.derived_numbers import derived_number
from assay.report.number_words import NOT_GIVEN, plural, whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages import evidence_pages
from assay.report.pages.inspection.figure_sentences import CERTAINTY_NOTE, grading_status, page_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.returns_page import table_title
from assay.report.pages.inspection.triangulation_section import series_rules
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import GradeRulesRow
from assay.sdc.released_rows.indicator_rows import BurdenRow

METHOD_CERTAINTY_NOTE = (
    "The methods were tried on synthetic forces whose truth is known, and in worlds in which nothing is wrong. "
    "What no record "
    "holds, no method finds: offences that were never reported, and reports that were never recorded."
)

STAGES = (
    ("returns", "reads what each force sent, row by row, and writes its letter"),
    ("answerability", "says before any result which question can be asked of which force"),
    ("persons", "finds which records are about the same person (record linkage)"),
    ("groups", "finds out who belongs together"),
    ("narratives", "looks whether each assessment has words, and words of its own"),
    ("records", "makes the facts that every enquiry reads"),
    ("enquiries", "asks every indicator, wait and count of every record"),
    ("comparison", "compares the forces"),
    ("people", "compares groups of victims and of suspects, and the results that went with ways of working"),
    ("scale", "compares the parts of the scale of exploitation, and every series of it"),
    ("voices", "gathers what victims and survivors say, with who was asked and how"),
    ("triangulation", "compares the sources of evidence on each characteristic of a good force"),
    ("lessons", "tests past recommendations and what forces say of themselves, and when practice changed"),
    ("judgement", "proposes a grade for every force, by written rules, from what this report shows"),
    ("panel", "holds what the panel decided"),
    ("plan", "holds the rules as they were sealed"),
    ("accuracy", "holds what forces answered to the points on them"),
    ("recommended", "holds what this inspection asks for, with owner, test and baseline"),
    ("revisited", "holds how what was asked for before stands now"),
    ("disclosure", "hides and rounds, and lets the tables of this report out, under its policy"),
    ("report", "writes these pages"),
)


STAGES_WITH_SEVERAL_RECEIPTS = ("returns", "plan", "accuracy", "panel", "recommended", "revisited")
"""Stages that may run several times or never, so that no single receipt can be linked."""


def method_page(site: Inspection) -> Page:
    """Return the page on method and its limits."""
    context = {
        "forms": [(form, grading_status(form), page_path(form)) for form in (*site.indicators, *site.waits)],
        "policy": site.released.policy,
        "rounding": derived_number(site.released.policy.rounding, "rule of release"),
        "strand_rules": series_rules(),
        "grade_rules": _grade_rules(site),
    }
    return Page("method.html", "inspected/method.html", "Method and limits", METHOD_CERTAINTY_NOTE, (), context)


def _grade_rules(site: Inspection) -> Grid | None:
    rows = [(row["subject"], row["rule"]) for row in sorted(site.rows(GradeRulesRow), key=lambda row: row["place"])]
    return grid("By which rules a grade is proposed", ("About", "Rule"), rows) if rows else None


def figures_page(site: Inspection) -> Page:
    """Return the page of released tables to download."""
    return replace(evidence_pages.figures_page(site), certainty_note=CERTAINTY_NOTE)


def receipts_page(site: Inspection) -> Page:
    """Return the page of provenance records of every stage and table."""
    return replace(
        evidence_pages.receipts_page(site, STAGES, stages_with_several_receipts=STAGES_WITH_SEVERAL_RECEIPTS),
        certainty_note=CERTAINTY_NOTE,
    )


# The page on the burden of the data request: hours of work for each table and tier.

BURDEN_NOTE = (
    "The hours are our own estimate until forces report theirs. Each report corrects it; our estimate counts for as "
    "much as three reports. Forces for which a table was too dear did not send it and reported nothing, so the hours "
    "lean low. What a second return costs is not estimated."
)
EVERY_TABLE = "all"
HEADS = ("#Before any report", "#Likely now", "#8 in 10 forces", "#Forces that reported")
NOTE = (
    "Hours of work for a first return of one force. \u2018Likely\u2019: half of the forces stay below. \u20188 in "
    "10\u2019: one force in ten stays below it, and one in ten above."
)


def burden_page(site: Inspection) -> Page:
    """Return the page on burden: the hours that each tier and table of the return costs forces."""
    context = {"tiers": _tiers(site), "tables": _tables(site)}
    return Page("burden.html", "inspected/burden.html", "Cost of the request", BURDEN_NOTE, (), context)


def _tiers(site: Inspection) -> Grid:
    rows = [
        (f"Tier {row['tier']}", row["work"] or "", *_hours(row))
        for row in site.find_rows(BurdenRow, table_name=EVERY_TABLE)
    ]
    note = f"{NOTE} The ends of a tier are the sums of those of its tables."
    return grid("Hours by tier", ("Tier", "What it answers, with those before it", *HEADS), rows, note=note)


def _tables(site: Inspection) -> Grid:
    rows = [
        (table_title(row["table_name"]), whole(row["tier"]), *_hours(row), row["work"] or "")
        for row in site.rows(BurdenRow)
        if row["table_name"] != EVERY_TABLE
    ]
    heads = ("Table", "#Tier", *HEADS, "What takes the time")
    return grid("Hours by table", heads, rows, note=NOTE, dense=True)


def _hours(row: Row) -> tuple[str, str, str, str]:
    reported = plural(row["reported"], "force") if row["reported"] else "none"
    span = f"{hours_text(row['low'])} to {hours_text(row['high'])}"
    return hours_text(row["prior_likely"]), hours_text(row["likely"]), span, reported


def hours_text(hours: float | None) -> str:
    """Format hours: whole hours from 10, halves from 1 to 10, quarters below 1."""
    if hours is None:
        return NOT_GIVEN
    step = 1 if hours >= 10 else 0.5 if hours >= 1 else 0.25
    return derived_number(f"{max(step, round(hours / step) * step):,g}", "hours, rounded to what they are worth")
