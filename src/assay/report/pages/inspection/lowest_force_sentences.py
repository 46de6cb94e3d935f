"""The first sentences of an indicator's page: which force ranks worst, how sure that is, and what standard it misses.

Every figure is a released one. A force without a released rank and share, or whose page is withheld, is never named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.number_words import whole_percent
from assay.report.page_elements import Trust
from assay.report.pages.force_points import MAX_NAMES
from assay.report.pages.inspection.figure_sentences import is_outside, record_noun
from assay.report.pages.inspection.finding_candidates import force_name
from assay.report.pages.inspection.measure_findings import (
    HIGHER,
    LOWER,
    alert_certainty,
    basis_parts,
    breaks_standard,
    is_worse_outlier,
    missed_of_tested,
    missed_text,
    misses_standard,
    named_or_counted,
    not_tested_sentences,
    target_text,
    undecided_forces,
)
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.trust_sentences import trust
from assay.report.report_tables import Row

WORST_RANKS = {HIGHER: "lowest", LOWER: "highest"}
"""The end of the ranking that is worse, by the direction that is better."""

PROBABLY_BELOW = (
    "The verdict allows for chance and for records whose answer is not known. So of two forces with nearly the same "
    "share, one can miss the standard."
)
MAX_LISTED = 7
"""More forces than these are counted, and not named in one sentence."""
NO_ALERT = "With so many comparisons, that alone is not enough for an outlier alert."


@dataclass(frozen=True)
class LowestForces:
    """What opens an indicator's page: the worst force with its figure, then remarks on comparison and standard.

    `trust` is the verdict on the figure of the worst force; None if several forces share the worst rank.
    """

    lead: str
    remarks: tuple[str, ...]
    trust: Trust | None = None


def lowest_forces(site: Inspection, form: Row) -> LowestForces:
    """Return the sentences on the worst force or forces, on shares outside the prediction, and on missed standards."""
    remarks = (*_standard_sentences(site, form), *_outside_sentences(site, form))
    worst = worst_forces(site, form)
    verdict = trust(site, form, worst[0]["place_code"]) if len(worst) == 1 else None
    return LowestForces(" ".join(_worst_sentences(site, form)), remarks, verdict)


def worst_forces(site: Inspection, form: Row) -> list[Row]:
    """Return the estimates of the forces with the worst rank; none if no direction is better, or nothing is ranked."""
    candidates = _ranked_and_shown(site, form)
    if form["better"] not in WORST_RANKS or len(candidates) < 2:
        return []
    limit = max if form["better"] == HIGHER else min
    worst = limit(round(row["rank"]) for row in candidates)
    return [row for row in candidates if round(row["rank"]) == worst]


def _ranked_and_shown(site: Inspection, form: Row) -> list[Row]:
    """Return the ranked estimates of forces whose own share is released and whose page is not withheld."""
    rows = site.released_force_rows("force_estimates", indicator=form["indicator"])
    ranked = [row for row in rows if row["rank"] is not None and not row["not_comparable"]]
    candidates = [row for row in ranked if _own_share(site, form, row["place_code"]) is not None]
    return sorted(candidates, key=lambda row: site.name(row["place_code"]))


def _own_share(site: Inspection, form: Row, place: str) -> float | None:
    ladder = site.ladder(form["indicator"], place)
    return ladder["share"] if ladder else None


def _worst_sentences(site: Inspection, form: Row) -> list[str]:
    worst, shown_count = worst_forces(site, form), len(_ranked_and_shown(site, form))
    if not worst:
        return []
    end = WORST_RANKS[form["better"]]
    is_partial = shown_count < sum(not row["not_comparable"] for row in site.estimates(form["indicator"]))
    scope = "Of the forces whose figures are shown, " if is_partial else ""
    if len(worst) > MAX_NAMES:
        none = "no force" if scope else "No force"
        return [f"{scope}{none} ranks clearly {end}."]
    place = f"joint {end}" if len(worst) > 1 else end
    return [f"{scope}{_figure_sentences(site, form, row, place)}" for row in worst]


def _figure_sentences(site: Inspection, form: Row, row: Row, place: str) -> str:
    """Return the share, base and interval of a force, and its alert."""
    code = row["place_code"]
    interval_text, base, _ = basis_parts(site, form, code)
    share = whole_percent(_own_share(site, form, code))
    sentence = f"{force_name(site, code)} ranks {place}: {share}{f' of {base}' if base else ''}"
    sentence += f" (95% interval {interval_text})." if interval_text else "."
    if not is_worse_outlier(form, row):
        return sentence
    return " ".join(filter(None, (sentence, alert_certainty(form, row, "worse"), _expected_sentence(row))))


def _expected_sentence(row: Row) -> str:
    """Return the range that the other forces predict; '' if it is not released."""
    low, high = row["expected_low"], row["expected_high"]
    if low is None or high is None:
        return ""
    return f"Expected from the other forces: between {whole_percent(low)} and {whole_percent(high)}."


def _outside_sentences(site: Inspection, form: Row) -> list[str]:
    """Say what it means that a force without an outlier alert lies outside the range that the others predict."""
    rows = site.released_force_rows("force_estimates", indicator=form["indicator"])
    places = [row["place_code"] for row in rows if _is_outside_without_alert(site, row)]
    if not places:
        return []
    if len(places) > MAX_NAMES:
        return [f"Several forces lie outside the range that the other forces predict. {NO_ALERT}"]
    return [*(_outside_sentence(site, form, place) for place in places), NO_ALERT]


def _outside_sentence(site: Inspection, form: Row, place: str) -> str:
    row = site.estimate(form["indicator"], place)
    expected = _expected_sentence(row) if row else ""
    sentence = f"{force_name(site, place)} lies outside the range that the other forces predict."
    return f"{sentence} {expected}".strip()


def _is_outside_without_alert(site: Inspection, row: Row) -> bool:
    is_compared = row["outlier_alert"] is False and not row["not_comparable"]
    return is_compared and is_outside(row, site.ladder(row["indicator"], row["place_code"]))


def _standard_sentences(site: Inspection, form: Row) -> list[str]:
    """Name the forces where fewer than half of the records meet the standard, and those that miss it otherwise."""
    candidates = [force["place_code"] for force in site.forces if not site.is_withheld(force["place_code"])]
    missed = [place for place in candidates if misses_standard(site, form, place)]
    broken = [place for place in missed if breaks_standard(site, form, place)]
    sentences = _target_sentence(site, form)
    if broken:
        ending = " in each" if len(broken) > 1 else ""
        half = f"almost certainly fewer than half of {record_noun(form)} meet the standard{ending}."
        sentences.append(f"{_names(site, broken)}: {half}")
    otherwise_missed = [place for place in missed if place not in broken]
    if otherwise_missed:
        verb = "misses" if len(otherwise_missed) == 1 else "miss"
        sentences.append(f"{_names(site, otherwise_missed)} {verb} the standard{' too' if broken else ''}.")
    return [*sentences, *_uncertain_sentences(site, form, bool(missed))]


def _target_sentence(site: Inspection, form: Row) -> list[str]:
    """Return the target of a standard, from which share it counts as met, and how many forces miss it."""
    if not _has_comparison(site, form):
        return []
    target = target_text(site, form)
    return [f"{target[:1].upper()}{target[1:]}. {missed_text(site, form)}."]


def _has_comparison(site: Inspection, form: Row) -> bool:
    """Return True if a standard tests two forces or more."""
    _, tested = missed_of_tested(site, form)
    return len(tested) >= 2


def _uncertain_sentences(site: Inspection, form: Row, is_missed: bool) -> list[str]:
    """Return which forces are too uncertain or not tested, and what the verdict allows for."""
    if not _has_comparison(site, form):
        return []
    undecided = undecided_forces(site, form)
    unclear = [f"Too uncertain to say whether it is met: {_names(site, undecided)}."] if undecided else []
    return [*unclear, *not_tested_sentences(site, form, MAX_LISTED), *([PROBABLY_BELOW] if is_missed else [])]


def _names(site: Inspection, places: Sequence[str]) -> str:
    return named_or_counted([force_name(site, place) for place in places], MAX_LISTED)
