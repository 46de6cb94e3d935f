"""Findings of one force on each measure: its share, interval and base, the other forces' share, and the certainty.

Every figure is a released one. The share, its interval and its base are those of one finding: the force's own records.
A force is called worse only by an outlier alert, or where the evidence of the grades says that it misses a standard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from assay.indicators.finding_phrases import finding_phrases
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import NOT_GIVEN, interval, join_list, plural, whole, whole_percent
from assay.report.page_elements import Cell
from assay.report.pages.inspection.figure_sentences import is_outside, page_path, record_noun, single_record_answer
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import CharacteristicStatesRow, EvidenceRow, GradeRulesRow
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow
from assay.wording import known_base

HALF = 0.5
"""A standard that fewer records than this share meet is broken."""
ENDED = "no longer shown"
STANDARD = "standard"
NO_SHARE = "The share is not shown, because a count is too small."
HIGHER, LOWER = "higher", "lower"


class Priority(IntEnum):
    """The reasons why a finding needs attention, in order of certainty, as in the list on the page of a force."""

    INADEQUATE_THEME = -1
    OUTLIER = 0
    BROKEN_STANDARD = 1
    PROBABLY_WORSE = 2
    BELOW_STANDARD = 3
    SHARE_SUPPRESSED = 4
    CONTRADICTED = 5
    LOOK_FIRST = 6
    NONE = 9


CERTAINTY = {
    Priority.OUTLIER: "Almost certainly worse than the other forces.",
    Priority.BROKEN_STANDARD: "Almost certainly fewer than half meet the standard.",
    Priority.PROBABLY_WORSE: "The standard is missed. Probably worse than the other forces.",
    Priority.BELOW_STANDARD: "The standard is missed. Not clearly different from the other forces.",
    Priority.SHARE_SUPPRESSED: "Look first at these cases.",
    Priority.LOOK_FIRST: "Look first: outside what the other forces predict, though chance may explain it.",
}
"""The graded words of certainty. Only an outlier alert is called almost certain (decision 0219)."""
READINGS = {
    Priority.BROKEN_STANDARD: "fewer than half meet the standard",
    Priority.PROBABLY_WORSE: "standard missed; probably worse",
    Priority.SHARE_SUPPRESSED: "standard missed; look first",
    Priority.LOOK_FIRST: "look first; may be chance",
}
"""The same words, short, for a table. An alert and a missed standard also depend on the comparison."""
BETTER_ALERT = "Almost certainly better than the other forces."
MISSED = "The standard is missed."
NOT_COMPARED = "Not compared with the other forces."
LEVEL_RULE, LEVEL_LIMIT = "Level", re.compile(r"We ask for (\d+%)")
"""The released rule for grades that says from which share a standard counts as met."""
STANDARD_MET = "the standard counts as met"


@dataclass(frozen=True)
class MeasureFinding:
    """The finding on one measure in one force, from the released figures.

    `gap` is the distance to the other forces or to the standard, on the side that is worse (0 to 1; negative: better).
    """

    sentence: str
    basis: str
    comparison: str
    certainty: str
    more: Cell
    priority: Priority
    gap: float = 0.0
    base: int = 0
    key: str = ""
    gap_to_others: float = 0.0

    @property
    def order(self) -> tuple[int, float, int, str]:
        """Sort key: the most certain first, then the largest gap, then the most records."""
        return self.priority, -self.gap, -self.base, self.key


def share_sentence(form: Row, share: float) -> str:
    """Return the share as a plain sentence: '55% of crimes were recorded within 24 hours of the report.'"""
    phrase = finding_phrases().get(form["indicator"])
    return f"{whole_percent(share)} {phrase}." if phrase else f"{form['title']}: {whole_percent(share)}."


def measure_finding(site: Inspection, form: Row, code: str) -> MeasureFinding:
    """Return the finding of one measure in one force, with its priority."""
    row, ladder = site.estimate(form["indicator"], code), site.ladder(form["indicator"], code)
    share = ladder["share"] if ladder else None
    priority = _priority(site, form, code)
    return MeasureFinding(
        _sentence(form, ladder, share, priority),
        _basis(site, form, code) if share is not None else NO_SHARE,
        _comparison(form, row),
        _certainty(form, row, priority),
        Cell(form["title"], page_path(form)),
        priority,
        _gap(form, row, share, priority),
        int((row["base"] if row else None) or 0),
        form["indicator"],
        _gap_to_others(form, row, ladder),
    )


def contradicting_people(site: Inspection, code: str, characteristic: str) -> str:
    """Return who of those asked about the force contradicts its records: 'staff and victims'; '' if nobody does."""
    row = site.find_row(CharacteristicStatesRow, place_code=code, characteristic=characteristic, state="at odds")
    return join_list(sorted((row["contradicted_by"] or "").split())) if row else ""


def contradiction_certainty(people: str) -> str:
    """Return the certainty of a contradiction: 'Look first: the records and staff asked about this force disagree.'"""
    return f"Look first: the records and {people} asked about this force disagree."


def alert_side(form: Row, row: Row, side: str) -> str:
    """Return `side` ('worse' or 'better') for a graded duty, and the direction ('lower' or 'higher') for any other
    measure.

    One rule for every page: only a duty with a verified standard, or a failure mode, is better or worse (0218).
    """
    return side if form["graded"] else str(row["direction"])


def alert_certainty(form: Row, row: Row, side: str) -> str:
    """Return the certainty of an outlier alert: 'Almost certainly worse than the other forces.'"""
    return f"Almost certainly {alert_side(form, row, side)} than the other forces."


def _certainty(form: Row, row: ForceEstimatesRow | None, priority: Priority) -> str:
    if priority is Priority.OUTLIER and row is not None:
        return alert_certainty(form, row, "worse")
    if priority is not Priority.BELOW_STANDARD or has_no_clear_difference(row):
        return CERTAINTY.get(priority, "")
    if is_better_outlier(form, row):
        return f"{MISSED} {BETTER_ALERT}"
    return f"{MISSED} {NOT_COMPARED}" if is_not_compared(row) else MISSED


def has_no_clear_difference(row: ForceEstimatesRow | None) -> bool:
    """Return True if the force is compared with the others, and has no outlier alert."""
    return row is not None and row["outlier_alert"] is False and not is_not_compared(row)


def is_not_compared(row: ForceEstimatesRow | None) -> bool:
    """Return True if the force was not compared; an alert that may not be published is empty, but was compared."""
    return row is None or not other_forces_text(row)


def _sentence(form: Row, ladder: Row | None, share: float | None, priority: Priority) -> str:
    if answer := single_record_answer(ladder):
        return f"{form['title']}: {answer}."
    if share is None:
        missed = "the standard is missed" if priority is Priority.SHARE_SUPPRESSED else "no share is shown"
        return f"{form['title']}: {missed}."
    return share_sentence(form, share)


def basis_parts(site: Inspection, form: Row, code: str) -> tuple[str, str, str]:
    """Return the interval, the base, and the share of records with an unknown answer, as texts; '' if not released."""
    finding: Row = site.finding(form["indicator"], code) or {}
    row: Row = site.estimate(form["indicator"], code) or {}
    ladder: Row = site.ladder(form["indicator"], code) or {}
    low, high = finding.get("low"), finding.get("high")
    is_own = finding.get("value") is not None and finding["value"] == ladder.get("share")
    interval_text = interval(low, high, whole_percent) if is_own and None not in (low, high) else ""
    base = row.get("base")
    unknown = row.get("not_known_share")
    unknown_text = whole_percent(unknown) if unknown and round(100 * unknown) else ""
    base_text = f"{whole(base)} {record_noun(form)}" if base and base > 1 else ""
    return interval_text, known_base(base_text, has_unknown(ladder) or bool(unknown_text)), unknown_text


def has_unknown(ladder: Row) -> bool:
    """Return True if some records have no known answer, also where their number is suppressed."""
    low, high = ladder.get("share_lowest"), ladder.get("share_highest")
    return None not in (low, high) and low != high


def _basis(site: Inspection, form: Row, code: str) -> str:
    if single_record_answer(site.ladder(form["indicator"], code)):
        return ""
    interval_text, base, unknown = basis_parts(site, form, code)
    parts = [base, f"95% interval {interval_text}" if interval_text else ""]
    parts.append(f"not known for {unknown}" if unknown else "")
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _comparison(form: Row, row: ForceEstimatesRow | None) -> str:
    expected = other_forces_text(row)
    fewer = " Fewer is better." if form["better"] == LOWER else ""
    return f"{f'The other forces: {expected}.' if expected else ''}{fewer}".strip()


def other_forces_text(row: ForceEstimatesRow | None) -> str:
    """Return as text the share expected from the other forces; '' if the force is not compared."""
    expected = row["expected"] if row and not row["not_comparable"] else None
    text = whole_percent(expected)
    return "" if text == NOT_GIVEN else text


def _priority(site: Inspection, form: Row, code: str) -> Priority:
    """Return why a measure needs attention; see `Priority`.

    The duty must be that of the police alone: those of other organisations never count against a force.
    """
    if not can_count_against(form):
        return Priority.NONE
    row, ladder = site.estimate(form["indicator"], code), site.ladder(form["indicator"], code)
    if is_worse_outlier(form, row):
        return Priority.OUTLIER
    if misses_standard(site, form, code):
        return _standard_priority(site, form, row, ladder)
    is_compared = row is not None and row["outlier_alert"] is False and not row["not_comparable"]
    if row is not None and is_compared and is_outside(row, ladder) and _gap_to_others(form, row, ladder) > 0:
        return Priority.LOOK_FIRST
    return Priority.NONE


def can_count_against(form: Row) -> bool:
    """Return True if one direction of the measure is better, and the measure is a duty of the police alone."""
    return form["holder"] == "police" and form["better"] in (HIGHER, LOWER)


def _standard_priority(site: Inspection, form: Row, row: Row | None, ladder: Row | None) -> Priority:
    if ladder is None or ladder["share"] is None:
        return Priority.SHARE_SUPPRESSED
    if form["better"] == HIGHER and _is_broken(site, form, ladder["place_code"]):
        return Priority.BROKEN_STANDARD
    return Priority.PROBABLY_WORSE if _lies_beyond_expected(form, row) else Priority.BELOW_STANDARD


def is_worse_outlier(form: Row, row: Row | None) -> bool:
    """Return True if the force has an outlier alert in the worse direction."""
    return _has_alert(row, LOWER if form["better"] == HIGHER else HIGHER)


def is_better_outlier(form: Row, row: Row | None) -> bool:
    """Return True if the force has an outlier alert in the better direction."""
    return form["better"] in (HIGHER, LOWER) and _has_alert(row, form["better"])


def _has_alert(row: Row | None, side: str) -> bool:
    return bool(row and row["outlier_alert"] and row["direction"] == side and row["alert_status"] != ENDED)


def misses_standard(site: Inspection, form: Row, code: str) -> bool:
    """Return True if the grade's evidence counts the measure against the force because a standard is missed.

    Evidence that is against the force by comparison alone does not name the standard.
    """
    return bool(_standard_counts(site, form, code, "against"))


def meets_standard(site: Inspection, form: Row, code: str) -> bool:
    """Return True if the grade's evidence counts the measure for the force because a standard is met."""
    return bool(_standard_counts(site, form, code, "for"))


def is_tested(site: Inspection, form: Row, code: str) -> bool:
    """Return True if the grade's evidence tests the measure by a standard: met, missed, or too uncertain to say."""
    return any(_standard_counts(site, form, code, direction) for direction in ("for", "against", "neither"))


def missed_of_tested(site: Inspection, form: Row) -> tuple[list[str], list[str]]:
    """Return the forces that miss a standard and those that it tests; a withheld force is in neither."""
    codes = [force["place_code"] for force in site.forces if not site.is_withheld(force["place_code"])]
    tested = [code for code in codes if is_tested(site, form, code)]
    return [code for code in tested if misses_standard(site, form, code)], tested


def tested_forces_text(missed_count: int, tested_count: int) -> str:
    """Return how many forces miss a standard: '5 of the 7 forces tested'."""
    forces = derived_number(plural(tested_count, "force"), "rows counted")
    return f"{row_count(missed_count) if missed_count else 'none'} of the {forces} tested"


def missed_text(site: Inspection, form: Row) -> str:
    """Return how many of the tested forces miss a standard, meet it, or are too uncertain; '' if none is tested.

    The three counts add up to the forces tested: 'Missed in 3 of the 7 forces tested; met in 2; too uncertain in 2'.
    """
    missing, tested = missed_of_tested(site, form)
    if not tested:
        return ""
    undecided = undecided_forces(site, form)
    met_count = len(tested) - len(missing) - len(undecided)
    remainder = [f"met in {row_count(met_count)}"] if met_count else []
    remainder += [f"too uncertain in {row_count(len(undecided))}"] if undecided else []
    return "; ".join([f"Missed in {tested_forces_text(len(missing), len(tested))}", *remainder])


def undecided_forces(site: Inspection, form: Row) -> list[str]:
    """Return the forces that a standard tests, but of which neither 'met' nor 'missed' is probable enough."""
    missing, tested = missed_of_tested(site, form)
    return [code for code in tested if code not in missing and not meets_standard(site, form, code)]


def not_tested_sentences(site: Inspection, form: Row, max_names: int) -> list[str]:
    """Return which forces a standard does not test, one sentence for each reason in the grades' evidence."""
    _, tested = missed_of_tested(site, form)
    by_reason: dict[str, list[str]] = {}
    for force in site.forces:
        code = force["place_code"]
        if code not in tested and not site.is_withheld(code) and (reason := _not_counted(site, form, code)):
            by_reason.setdefault(reason, []).append(site.name(code).split(" (")[0])
    return [
        f"Not tested: {named_or_counted(names, max_names)}, because {reason}."
        for reason, names in sorted(by_reason.items())
    ]


def named_or_counted(names: Sequence[str], max_names: int) -> str:
    """Return the names of forces in alphabetical order; only their number if there are too many."""
    if len(names) > max_names:
        return derived_number(plural(len(names), "force"), "rows counted")
    return join_list(sorted(names))


def _not_counted(site: Inspection, form: Row, code: str) -> str:
    rows = site.find_rows(EvidenceRow, place_code=code, kind="indicator", key=form["indicator"])
    return next((row["not_counted"] for row in rows if row["not_counted"]), "")


def target_text(site: Inspection, form: Row) -> str:
    """Return the standard as target and limit: 'standard: all crimes; missed if probably below 75%'.

    The limit is not one of the share itself: the verdict allows for chance and for records whose answer is not known.
    """
    rule = next((row["rule"] for row in site.rows(GradeRulesRow) if row["subject"] == LEVEL_RULE), "")
    found = LEVEL_LIMIT.search(rule)
    limit = derived_number(f"; missed if probably below {found[1]}", "rule for grades") if found else ""
    return f"standard: all {record_noun(form)}{limit}"


def is_disputed(site: Inspection, form: Row, code: str) -> bool:
    """Return True if case files, documents or people disagree with a characteristic for which the measure counts."""
    rows = site.find_rows("evidence", place_code=code, kind="indicator", key=form["indicator"], direction="for")
    return any(_is_contested(site, code, row["characteristic"]) for row in rows)


def _is_contested(site: Inspection, code: str, characteristic: str) -> bool:
    verdicts = site.find_rows("evidence", place_code=code, characteristic=characteristic, counts="verdict")
    state = site.find_row("characteristic_states", place_code=code, characteristic=characteristic) or {}
    return state.get("state") == "at odds" or any(row["direction"] == "against" for row in verdicts)


def _standard_counts(site: Inspection, form: Row, code: str, direction: str) -> set[str]:
    """Return the ways, with a standard among them, in which the measure counts in one direction."""
    rows = site.find_rows(EvidenceRow, place_code=code, kind="indicator", key=form["indicator"])
    ways = (row["counts"] or "" for row in rows if row["direction"] == direction)
    return {way for way in ways if STANDARD in way}


def breaks_standard(site: Inspection, form: Row, code: str) -> bool:
    """Return True if almost certainly fewer than half of the records meet a missed standard, by a released share."""
    ladder = site.ladder(form["indicator"], code)
    is_shown = ladder is not None and ladder["share"] is not None
    is_counted = can_count_against(form) and form["better"] == HIGHER and misses_standard(site, form, code)
    return is_shown and is_counted and _is_broken(site, form, code)


def _is_broken(site: Inspection, form: Row, code: str) -> bool:
    """Return True if the whole 95% interval of the own share says that fewer than half meet the standard."""
    finding: Row = site.finding(form["indicator"], code) or {}
    bound = finding.get("high" if form["better"] == HIGHER else "low")
    return bound is not None and bool(bound < HALF if form["better"] == HIGHER else bound > HALF)


def _lies_beyond_expected(form: Row, row: Row | None) -> bool:
    """Return True if the estimate's whole 95% interval is worse than the share expected from the other forces."""
    if row is None or row["not_comparable"] or None in (row["expected"], row["share_low"], row["share_high"]):
        return False
    if form["better"] == HIGHER:
        return bool(row["share_high"] < row["expected"])
    return bool(row["share_low"] > row["expected"])


def _gap_to_others(form: Row, row: Row | None, ladder: Row | None) -> float:
    share = ladder["share"] if ladder else None
    if row is None or share is None or row["expected"] is None or row["not_comparable"]:
        return 0.0
    if form["better"] not in (HIGHER, LOWER):
        return 0.0
    difference = row["expected"] - share
    return float(difference if form["better"] == HIGHER else -difference)


def _gap(form: Row, row: Row | None, share: float | None, priority: Priority) -> float:
    """Return the gap by which findings of one priority are ranked: to the standard, otherwise to the other forces."""
    if share is None:
        return 0.0
    if Priority.OUTLIER < priority < Priority.SHARE_SUPPRESSED and form["better"] == HIGHER:
        return float(1 - share)
    return _gap_to_others(form, row, {"share": share})
