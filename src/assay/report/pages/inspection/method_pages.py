"""Pages on the method of an inspection report, its limits, and its provenance."""

from __future__ import annotations

from dataclasses import replace

from assay.report.derived_numbers import derived_number
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages import evidence_pages
from assay.report.pages.inspection.figure_sentences import CERTAINTY_NOTE, grading_status, page_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.triangulation_section import series_rules

METHOD_CERTAINTY_NOTE = (
    "The methods were tried on invented forces whose truth is known, and in worlds in which nothing is wrong. "
    "What no record "
    "holds, no method finds: offences that were never reported, and reports that were never recorded."
)

STAGES = (
    ("returns", "reads what each force sent, row by row, and writes its letter"),
    ("answerability", "says before any result which question can be asked of which body"),
    ("persons", "finds out who is the same person"),
    ("groups", "finds out who belongs together"),
    ("narratives", "looks whether each assessment has words, and words of its own"),
    ("records", "makes the facts that every enquiry reads"),
    ("enquiries", "asks every indicator, wait and count of every record"),
    ("comparison", "sets the forces side by side"),
    ("people", "sets victims and suspects side by side by who they are, and ways of working by what went with them"),
    ("scale", "sets side by side the parts of how much there is, and every series of it"),
    ("voices", "gathers what victims and survivors say, with who was asked and how"),
    ("triangulation", "sets the strands of evidence side by side, for every characteristic of good"),
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
    rows = [(row["about"], row["rule"]) for row in sorted(site.rows("grade_rules"), key=lambda row: row["place"])]
    return grid("By which rules a grade is proposed", ("About", "Rule"), rows) if rows else None


def figures_page(site: Inspection) -> Page:
    """Return the page of released tables to download."""
    return replace(evidence_pages.figures_page(site), certainty_note=CERTAINTY_NOTE)


def receipts_page(site: Inspection) -> Page:
    """Return the page of receipts of every stage and table."""
    return replace(
        evidence_pages.receipts_page(site, STAGES, stages_with_several_receipts=STAGES_WITH_SEVERAL_RECEIPTS),
        certainty_note=CERTAINTY_NOTE,
    )
