"""Small tables from which a force is judged: one row an indicator, counts that can be checked with a pencil."""

from dataclasses import replace

from assay.grading.characteristic_levels import characteristic_level
from assay.grading.force_evidence import EvidenceTables, characteristic_evidence
from assay.grading.grading_rules import rules
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics

FORMS = {indicator.key: indicator for indicator in indicators()}
FORCE = "INV01"
ALL_LEVELS = replace(rules(), levels_of_all=True, compared=False)
"""The rules with levels of every measure and no comparison, so that one measure alone shows how a level is drawn."""


def ladder(indicator, met, not_met, not_known=0, place=FORCE, **more):
    """One row of `ladders`, of everyone together."""
    return {"indicator": indicator, "place_code": place, "when_reported": "all", "not_askable": "", "suppressed_cells": "",
            "met": met, "not_met": not_met, "not_known": not_known, "not_known_if_counted": 0} | more  # fmt: skip


def estimate_row(indicator, *, is_outlier=False, direction="", q_value=None, place=FORCE, **more):
    """One row of `force_estimates`."""
    return {"indicator": indicator, "place_code": place, "outlier_alert": is_outlier, "direction": direction,
            "q_value": q_value, "share": None, "share_low": None, "share_high": None, "rank": None} | more  # fmt: skip


def source_row(characteristic, kind, verdict, place=FORCE):
    """One row of `source_verdicts`."""
    return {"place_code": place, "characteristic": characteristic, "evidence_source": kind, "verdict": verdict}


def claim(subject, verdict, place=FORCE):
    """One row of `claim_tests`."""
    return {"place_code": place, "subject": subject, "verdict": verdict}


def combined_test(mode, place=FORCE, measures=2):
    """One row of `combined_tests`: an alert of a combined test."""
    return {"failure_mode": mode, "place_code": place, "outlier_alert": True, "measures": measures}


def evidence_tables(ladders=(), estimates=(), sources=(), lessons=(), spread=(), claims=(), tests=()):
    """The tables that proposals rest on."""
    return EvidenceTables(ladders, estimates, sources, lessons, spread, claims, tests)


def level_of(
    characteristic, ladders=(), estimates=(), source_rows=(), rules=ALL_LEVELS, spread=(), claims=(), tests=()
):
    """The level of one characteristic in one force."""
    tables = evidence_tables(ladders, estimates, source_rows, (), spread, claims, tests)
    characteristic_found = characteristics().get(characteristic)
    return characteristic_level(
        characteristic_evidence(tables, tuple(FORMS.values()), characteristic_found, FORCE, rules), rules
    )
