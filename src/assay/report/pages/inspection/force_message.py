"""The summary at the top of a force's page: its grade, what needs attention, what works, and what is not known.

Everything is read from released tables. The lists are ranked by `Priority` and cut at fixed lengths, so that the
message fits on one screen; what is left out stands on the page of all measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list, whole
from assay.report.page_elements import Cell
from assay.report.pages.inspection.combined_alerts import (
    alerted_modes,
    clearest_measure,
    combined_test_rows,
    gap_on_side,
    illustrating_measures,
    measure_keys,
    tested_measures,
)
from assay.report.pages.inspection.grade_pages import NOT_ENOUGH
from assay.report.pages.inspection.measure_findings import (
    BETTER_ALERT,
    CERTAINTY,
    MISSED,
    NO_SHARE,
    STANDARD_MET,
    MeasureFinding,
    Priority,
    alert_certainty,
    contradicting_people,
    contradiction_certainty,
    is_better_outlier,
    is_disputed,
    measure_finding,
    meets_standard,
)
from assay.report.pages.inspection.overall_grade import GradeLine, grade_line
from assay.report.pages.inspection.released_tables import ALL, NEVER_RANKED, Inspection
from assay.report.pages.inspection.theme_findings import inadequate_theme_findings
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import (
    CharacteristicsRow,
    CharacteristicStatesRow,
    EvidenceRow,
    GradesRow,
    HiddenVictimsRow,
)
from assay.sdc.released_rows.indicator_rows import (
    CombinedTestsRow,
    DistinctCountsRow,
    ForceEstimatesRow,
    ScaleTrendsRow,
)
from assay.sdc.released_rows.people_rows import VoiceCollectionsRow

MAX_ATTENTION, MAX_WORKS, MAX_UNKNOWN = 7, 5, 5
BASE_DEFINITION = "child_sexual_offence"
NOTHING_STANDS_OUT = "No measure of this force is an outlier for the worse, and none counts as a missed standard."
SPOKEN_KINDS = ("survey", "conversations")
NOTHING_WORKS = "No standard counts as met, and no measure is an outlier for the better."
BETTER_BUT_MISSED = (
    "No standard counts as met. Where the force is almost certainly better than the other forces, it still misses the "
    "standard: see What needs attention."
)
MET_BUT_DISPUTED = (
    "No standard counts as met without dispute: where one does, case files, documents or people disagree. See the "
    "reasons for the grades."
)
NOTHING_COMPARED = "This force is compared on no measure, so nothing is said for it or against it."


@dataclass(frozen=True)
class ForceMessage:
    """The summary on the first screen of a force's page: ranked lists, each cut to its first items;
    `attention_count` says how many findings need attention in all."""

    base: str
    grade: GradeLine | None
    attention: tuple[MeasureFinding, ...]
    attention_count: str
    no_attention: str
    works: tuple[MeasureFinding, ...]
    no_works: str
    no_worse: str
    unknown: tuple[tuple[str, str], ...]
    all_known: str


def force_message(site: Inspection, force: Row) -> ForceMessage:
    """Return the summary of one force."""
    code = force["place_code"]
    attention = attention_findings(site, code)
    works = working_findings(site, code)
    return ForceMessage(
        base_sentence(site, code),
        grade_line(site, code),
        tuple(attention[:MAX_ATTENTION]),
        row_count(len(attention)) if len(attention) > MAX_ATTENTION else "",
        "" if attention else _no_attention_sentence(site, code),
        tuple(works[:MAX_WORKS]),
        _no_works_sentence(site, code, attention),
        _not_worse_sentence(site, code) if len(works) < MAX_WORKS else "",
        tuple(unknown_lines(site, code)[:MAX_UNKNOWN]),
        _all_known_sentence(site, code),
    )


def base_sentence(site: Inspection, code: str) -> str:
    """Return the base as text: '35 crimes of sexual offences against children, 35 victims under 18'."""
    found = site.find_rows(DistinctCountsRow, place_code=code, definition=BASE_DEFINITION)
    numbers = {row["counting_unit"]: row["number"] for row in found}
    crimes, children = numbers.get("crimes"), numbers.get("children")
    parts = [f"{whole(crimes)} sexual offences against children recorded"] if crimes is not None else []
    parts += [f"{whole(children)} victims under 18"] if children is not None else []
    return ", ".join(parts)


def attention_findings(site: Inspection, code: str) -> list[MeasureFinding]:
    """Return every finding that needs attention: inadequate themes, then the most certain and largest first.

    An alert of a combined test is listed only where no measure of it has an alert of its own, which says more; that
    measure then names the combined alert too.
    """
    if site.places[code]["kind"] in NEVER_RANKED:
        return []
    single = [measure_finding(site, form, code) for form in site.indicators]
    modes = alerted_modes(site, code)
    combined = [_combined_finding(site, form, code) for form in modes]
    covered = {key for form in modes for key in measure_keys(form)}
    illustrated = illustrating_measures(site, code)
    combined_rows = combined_test_rows(site, code)
    listed = (
        _with_combined_alert(item, combined_rows.get(item.key))
        for item in single
        if item.key not in illustrated and _needs_attention(item, covered)
    )
    found = [*inadequate_theme_findings(site, code), *combined, *listed, *_contradictions(site, code)]
    return sorted(found, key=lambda item: item.order)


def _needs_attention(finding: MeasureFinding, covered: set[str]) -> bool:
    """Return True if a measure is listed; one that a combined alert covers is listed by its own alert alone."""
    if finding.priority is Priority.LOOK_FIRST and finding.key in covered:
        return False
    return finding.priority is not Priority.NONE


def _with_combined_alert(finding: MeasureFinding, test: Row | None) -> MeasureFinding:
    """Return the finding of an outlier; if its measure belongs to a combined alert, its certainty says so."""
    if finding.priority is not Priority.OUTLIER or test is None:
        return finding
    certainty = f"{finding.certainty} Almost certainly worse on {tested_measures(test)} together."
    return replace(finding, certainty=certainty)


def _combined_finding(site: Inspection, form: Row, code: str) -> MeasureFinding:
    """Return the finding of a combined test with an alert, with the figure of its clearest measure."""
    row: Row = site.find_row(CombinedTestsRow, failure_mode=form["failure_mode"], place_code=code) or {}
    measure = clearest_measure(site, form, code)
    largest = measure_finding(site, measure, code) if measure else None
    gap = gap_on_side(site, form, measure, code) if measure else 0.0
    is_missed = largest is not None and Priority.OUTLIER < largest.priority < Priority.SHARE_SUPPRESSED
    test = tested_measures(row)
    text = form["text"].rstrip(".")
    return MeasureFinding(
        f"Signs of a failure of the past: \u2018{text}\u2019.",
        f"{largest.sentence} {largest.basis}" if largest else "",
        f"{largest.comparison if largest else ''}{f' {MISSED}' if is_missed else ''} "
        f"An outlier on a combined test of {test}.".strip(),
        CERTAINTY[Priority.OUTLIER],
        Cell("Combined test", f"failures.html#{form['failure_mode'].lower()}"),
        Priority.OUTLIER,
        gap,
        largest.base if largest else 0,
        form["failure_mode"],
    )


def _contradictions(site: Inspection, code: str) -> Iterable[MeasureFinding]:
    """Yield the characteristics that the records show and that people who were asked contradict."""
    texts = {row["characteristic"]: row["text"] for row in site.rows(CharacteristicsRow)}
    for row in site.find_rows(CharacteristicStatesRow, place_code=code, state="at odds"):
        if people := contradicting_people(site, code, row["characteristic"]):
            yield MeasureFinding(
                f"{people.capitalize()} contradict the records.",
                "",
                f"The records show: {texts[row['characteristic']]}",
                contradiction_certainty(people),
                Cell("The evidence", reasons_path(site, code)),
                Priority.CONTRADICTED,
                key=row["characteristic"],
            )


def reasons_path(site: Inspection, code: str) -> str:
    """Return the path of the page with the reasons for the grades of one force."""
    return f"forces/{site.places[code]['slug']}/reasons.html"


def working_findings(site: Inspection, code: str) -> list[MeasureFinding]:
    """Return the positive outliers, followed by the standards that count as met."""
    if site.places[code]["kind"] in NEVER_RANKED:
        return []
    better, met = [], []
    for form in site.indicators:
        finding = measure_finding(site, form, code)
        if form["holder"] != "police" or finding.priority is not Priority.NONE or is_disputed(site, form, code):
            continue
        row = site.estimate(form["indicator"], code)
        if row is not None and is_better_outlier(form, row):
            better.append(replace(finding, certainty=alert_certainty(form, row, "better")))
        elif meets_standard(site, form, code):
            met.append(_met_finding(site, form, finding, code))
    return [*sorted(better, key=_largest_lead), *sorted(met, key=_largest_lead)]


def _met_finding(site: Inspection, form: Row, finding: MeasureFinding, code: str) -> MeasureFinding:
    """Return the finding of a standard that counts as met; without a share, its sentence says that it is met."""
    ladder = site.ladder(form["indicator"], code)
    if ladder is None or ladder["share"] is None:
        return replace(finding, sentence=f"{form['title']}: {STANDARD_MET}.", certainty="")
    return replace(finding, certainty=f"{STANDARD_MET[:1].upper()}{STANDARD_MET[1:]}.")


def _largest_lead(finding: MeasureFinding) -> tuple[bool, float, int, str]:
    return finding.basis == NO_SHARE, finding.gap, -finding.base, finding.key


def _no_works_sentence(site: Inspection, code: str, attention: Iterable[MeasureFinding]) -> str:
    if any(meets_standard(site, form, code) and is_disputed(site, form, code) for form in site.indicators):
        return MET_BUT_DISPUTED
    is_better = any(item.certainty.endswith(BETTER_ALERT) for item in attention)
    return BETTER_BUT_MISSED if is_better else NOTHING_WORKS


def _not_worse_sentence(site: Inspection, code: str) -> str:
    """Return how many characteristics are shown by comparison alone, without a standard; '' if none."""
    keys = list(_compared_characteristics(site, code))
    if not keys:
        return ""
    noun = "characteristic" if len(keys) == 1 else "characteristics"
    return f"Not worse than the other forces on {row_count(len(keys))} {noun} that have no standard."


def _compared_characteristics(site: Inspection, code: str) -> Iterable[str]:
    """Yield the characteristics that are shown by comparison with the other forces alone."""
    for row in site.rows(CharacteristicsRow):
        key = row["characteristic"]
        state = site.find_row(CharacteristicStatesRow, place_code=code, characteristic=key)
        evidence = site.find_rows(EvidenceRow, place_code=code, characteristic=key, direction="for")
        is_by_comparison = bool(evidence) and all(item["counts"] == "comparison" for item in evidence)
        if state and state["state"] == "shown" and is_by_comparison:
            yield key


def _no_attention_sentence(site: Inspection, code: str) -> str:
    compared = [row for row in site.find_rows(ForceEstimatesRow, place_code=code) if row["outlier_alert"] is not None]
    return NOTHING_STANDS_OUT if compared else NOTHING_COMPARED


def unknown_lines(site: Inspection, code: str) -> list[tuple[str, str]]:
    """Return what is not known about a force, each as (subject, sentence), the largest gap first."""
    lines = (
        _ungraded_themes(site, code),
        _unshown_measures(site, code),
        _unknown_trends(site, code),
        _unknown_hidden(site, code),
        _unheard(site, code),
    )
    return [line for line in lines if line]


def _ungraded_themes(site: Inspection, code: str) -> tuple[str, str] | None:
    names = {theme["line"]: theme["name"] for theme in site.themes}
    rows = site.find_rows(GradesRow, place_code=code)
    themes = [names[row["line"]] for row in rows if row["line"] in names and not _has_grade(row)]
    if not themes:
        return None
    return "Grades", f"There is too little evidence for a grade on {join_list([name.lower() for name in themes])}."


def _all_known_sentence(site: Inspection, code: str) -> str:
    """Return what is known where nothing is unknown; grades are named only in an inspection that has them."""
    themes = {theme["line"] for theme in site.themes}
    graded = {row["line"] for row in site.find_rows(GradesRow, place_code=code) if _has_grade(row)}
    has_grades = bool(themes) and themes <= graded
    return "Every measure has a figure, and every theme has a grade." if has_grades else "Every measure has a figure."


def _has_grade(row: Row) -> bool:
    return bool(row["decided"]) or row["proposed"] != NOT_ENOUGH


def _unshown_measures(site: Inspection, code: str) -> tuple[str, str] | None:
    rows = [site.ladder(form["indicator"], code) for form in site.indicators]
    cannot = sum(row is None or bool(row["not_askable"]) for row in rows)
    hidden = sum(row is not None and not row["not_askable"] and row["share"] is None for row in rows)
    if not cannot and not hidden:
        return None
    parts = [f"{row_count(hidden)} {'shows' if hidden == 1 else 'show'} no share"] if hidden else []
    parts += (
        [f"{row_count(cannot)} {'needs' if cannot == 1 else 'need'} records that the return does not hold"]
        if cannot
        else []
    )
    return "Measures", f"Of {row_count(len(rows))} measures, {' and '.join(parts)}."


def _unknown_trends(site: Inspection, code: str) -> tuple[str, str] | None:
    rows = site.find_rows(ScaleTrendsRow, place_code=code)
    if not rows or any(not row["refusal"] for row in rows):
        return None
    return "Trends", "No series is long enough, or complete enough, to say whether anything rose or fell."


def latest_hidden(site: Inspection, code: str) -> Row | None:
    """Return the latest estimate of hidden victims; None if there is none."""
    return max(site.find_rows(HiddenVictimsRow, place_code=code), key=lambda row: row["window_from"], default=None)


def _unknown_hidden(site: Inspection, code: str) -> tuple[str, str] | None:
    row = latest_hidden(site, code)
    if row is None or not row["refusal"]:
        return None
    first_sentence = row["refusal"].partition(". ")[0].rstrip(".")
    return "Hidden victims", f"{first_sentence}."


def _unheard(site: Inspection, code: str) -> tuple[str, str] | None:
    if not site.rows(VoiceCollectionsRow) or consultations(site, code):
        return None
    return "Victims and survivors", nobody_asked_sentence(site)


def consultations(site: Inspection, place: str) -> list[Row]:
    """Return the surveys and conversations in one place; figures sent by services are not a consultation."""
    return [row for row in site.find_rows(VoiceCollectionsRow, place_code=place) if row["kind"] in SPOKEN_KINDS]


def nobody_asked_sentence(site: Inspection) -> str:
    """Return a sentence that nobody was consulted about one force, and whether people were consulted across forces."""
    elsewhere = " Those asked across forces say nothing about one force." if consultations(site, ALL) else ""
    return f"No victim or survivor was asked about this force.{elsewhere}"
