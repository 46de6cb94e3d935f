"""How were the figures made, what can they not tell, and how can one check them?"""

from __future__ import annotations

from dataclasses import replace

from assay.report.derived_numbers import worked_out
from assay.report.page_elements import Grid, Page, grid
from assay.report.pages import evidence_pages
from assay.report.pages.inspection.figure_sentences import SURE, path_of, status
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.strands_section import rules

METHOD_SURE = (
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


MANY = ("returns", "plan", "accuracy", "panel", "recommended", "revisited")
"""Stages of which there may be several, or none: no single receipt is the one to lead to."""


def method_page(site: Inspection) -> Page:
    """How the figures were made, and the limits of each."""
    told = {
        "forms": [(form, status(form), path_of(form)) for form in (*site.indicators, *site.waits)],
        "policy": site.released.policy,
        "rounding": worked_out(site.released.policy.rounding, "rule of release"),
        "strand_rules": rules(),
        "grade_rules": _grade_rules(site),
    }
    return Page("method.html", "inspected/method.html", "Method and limits", METHOD_SURE, (), told)


def _grade_rules(site: Inspection) -> Grid | None:
    rows = [(row["about"], row["rule"]) for row in sorted(site.rows("grade_rules"), key=lambda row: row["place"])]
    return grid("By which rules a grade is proposed", ("About", "Rule"), rows) if rows else None


def figures_page(site: Inspection) -> Page:
    """Every released table to download."""
    return replace(evidence_pages.figures_page(site), how_sure=SURE)


def receipts_page(site: Inspection) -> Page:
    """The receipts of every stage and table."""
    return replace(evidence_pages.receipts_page(site, STAGES, many=MANY), how_sure=SURE)
