"""Candidates for the key findings of an inspection: outliers, missed standards, trends, disparities and claims.

Every figure is a released one. A force is named only where an outlier alert names it or where it misses a standard
that grades; "worse" is said only of a duty with a verified standard, or of a failure mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assay.indicators.catalogue.scale.hidden.hidden_sentences import lowest_total
from assay.indicators.finding_phrases import finding_phrase
from assay.report import easy_read
from assay.report.derived_numbers import derived_number, row_count
from assay.report.easy_read import EasyLine
from assay.report.key_findings import KeyFinding, choose_key_findings
from assay.report.number_words import direction, join_list, plural, whole, whole_percent, years
from assay.report.page_elements import Cell
from assay.report.pages.inspection.combined_alerts import ALONE_LOOK_FIRST, clearest_measure, tested_measures
from assay.report.pages.inspection.figure_sentences import page_path, place_cell
from assay.report.pages.inspection.measure_findings import CERTAINTY as MEASURE_CERTAINTY
from assay.report.pages.inspection.measure_findings import (
    Priority,
    alert_side,
    measure_finding,
    missed_of_tested,
    not_tested_sentences,
    target_text,
    tested_forces_text,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.trend_summary import trend_summary
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import ClaimTestsRow, ConcernsRow, EvidenceRow, HiddenVictimsRow
from assay.sdc.released_rows.indicator_rows import (
    CombinedTestsRow,
    FailureModesRow,
    ForceEstimatesRow,
    IndicatorsRow,
)
from assay.sdc.released_rows.people_rows import BlamingLanguageRatesRow, DisparitiesRow, UnflaggedExploitationRatesRow

ALMOST_CERTAIN_Q = 0.01
"""Largest q-value of an outlier alert that has the larger certainty in its weight; the words are those of any alert."""
CERTAINTY = {"alert": 0.99, "likely alert": 0.95, "standard": 0.9, "national": 0.9, "claim": 0.8, "group": 0.9}
"""The certainty of each kind of candidate in its weight."""
MAX_NAMES = 3
MIN_CLAIMS = 10
"""Fewest tested statements of which the number contradicted is a candidate."""
NATIONAL_PROBLEM, STANDARD = "national problem", "standard"
RANGE = "range"
"""The verdict on a hidden-victim estimate that is narrow enough to be a finding."""
DIFFERENCE_SHOWN = "a difference is shown"


def key_findings(site: Inspection) -> list[KeyFinding]:
    """Return the key findings of an inspection, the national one first."""
    return choose_key_findings(finding_candidates(site))


def finding_candidates(site: Inspection) -> Iterator[KeyFinding]:
    """Yield every candidate for the key findings."""
    yield from _combined_outliers(site)
    yield from _outliers(site)
    yield from _missed_standards(site)
    yield from _national_problems(site)
    yield from _language_outliers(site)
    yield from _trends(site)
    yield from _hidden_victims(site)
    yield from _disparities(site)
    yield from _contradicted_claims(site)


def no_outlier_sentence(site: Inspection) -> str:
    """Return a sentence if no candidate names a force: no force is an outlier, or none could be compared.

    Every candidate counts, not only those that are chosen as key findings.
    """
    if _has_text_alert(site) or any(item.names_force for item in finding_candidates(site)):
        return ""
    rows = [row for row in site.rows(ForceEstimatesRow) if not site.is_withheld(row["place_code"])]
    compared = {row["indicator"] for row in rows if row["outlier_alert"] is not None}
    scope = " among those whose pages are released" if site.withheld else ""
    if not compared:
        return f"No force{scope} could be compared with others: too few records came."
    return (
        f"No force stands out{scope}. {plural(len(compared), 'indicator')} could be compared, and none shows a force"
        f"{' among these' if scope else ''} that is worse."
    )


def force_name(site: Inspection, place: str) -> str:
    """Return the name of a force without a note in brackets."""
    return site.name(place).split(" (")[0]


def _outliers(site: Inspection) -> Iterator[KeyFinding]:
    """Yield one candidate for each indicator that shows an outlier on its worse side."""
    combined = {pair for row in alerted_mode_rows(site) for pair in _measures_of(site, row)}
    for form in site.indicators:
        rows = [row for row in site.estimates(form["indicator"]) if has_adverse_alert(site, form, row)]
        rows = [row for row in rows if (row["indicator"], row["place_code"]) not in combined]
        if rows:
            yield from _outlier_finding(site, form, sorted(rows, key=lambda row: _alert_order(site, row)))


def has_adverse_alert(site: Inspection, form: Row, row: Row) -> bool:
    """Return True if an alert names a force on the worse side of a measure of police work."""
    is_named = bool(row["outlier_alert"]) and not site.is_withheld(row["place_code"])
    is_police = form["holder"].startswith("police")
    return is_named and is_police and form["better"] != "neither" and row["direction"] != form["better"]


def _alert_order(site: Inspection, row: Row) -> tuple[float, str]:
    return -(_gap(site, row) or 0.0), site.name(row["place_code"])


def _gap(site: Inspection, row: Row) -> float | None:
    """Return the distance of the own share from the other forces; None where either is not released."""
    share = _share(site, row["indicator"], row["place_code"])
    return None if share is None or row["expected"] is None else abs(share - row["expected"])


def _share(site: Inspection, indicator: str, place: str) -> float | None:
    ladder = site.ladder(indicator, place)
    return ladder["share"] if ladder else None


def _outlier_finding(site: Inspection, form: Row, rows: Sequence[Row]) -> Iterator[KeyFinding]:
    lead = rows[0]
    gap = _gap(site, lead)
    is_certain = lead["q_value"] is not None and lead["q_value"] <= ALMOST_CERTAIN_Q
    certainty = alert_words(alert_side(form, lead, "worse"))
    also = _also(site, [row["place_code"] for row in rows[1:]])
    yield KeyFinding(
        f"{_alert_sentence(site, form, lead, certainty)}{also}",
        form["line"],
        form["indicator"],
        _links(site, form, lead["place_code"]),
        gap or 0.0,
        CERTAINTY["alert" if is_certain else "likely alert"],
        _known_records(site, form["indicator"], lead["place_code"]),
        names_force=True,
        easy=_easy_outlier(site, form, lead, is_worse=bool(form["graded"])),
    )


def _easy_outlier(site: Inspection, form: Row, row: Row, *, is_worse: bool) -> tuple[EasyLine, ...]:
    place, key = row["place_code"], form["indicator"]
    share = _share(site, key, place)
    return easy_read.outlier_lines(force_name(site, place), key, share, row["expected"], is_worse=is_worse)


def alert_words(side: str) -> str:
    """Return the certainty of an outlier alert in the words of a force's page: 'almost certainly worse'.

    `side` is 'worse' only of a duty with a verified standard or of a failure mode, otherwise 'lower' or 'higher'.
    """
    words = MEASURE_CERTAINTY[Priority.OUTLIER].partition(" than ")[0].replace("worse", side)
    return _lower_first(words)


def _alert_sentence(site: Inspection, form: Row, row: Row, certainty: str) -> str:
    """Return the shares and how certain the alert is; without a figure where the own share or the others' is hidden."""
    if _gap(site, row) is None:
        return f"{force_name(site, row['place_code'])}: {certainty} on \u2018{form['title']}\u2019 (share not shown)."
    return f"{_compared_share(site, form, row)} ({_base_text(row)}{certainty})."


def _compared_share(site: Inspection, form: Row, row: Row) -> str:
    """Return 'Dialshire: 55% of crimes were recorded within 24 hours; other forces 88%'."""
    share = whole_percent(_share(site, form["indicator"], row["place_code"]))
    phrase = finding_phrase(form["indicator"], "records")
    return f"{force_name(site, row['place_code'])}: {share} {phrase}; other forces {whole_percent(row['expected'])}"


def _base_text(row: Row) -> str:
    """Return the base of a share before the words of certainty: '45 records; '; '' if the base is suppressed."""
    return f"{plural(row['base'], 'record')}; " if row["base"] else ""


def _also(site: Inspection, places: Sequence[str]) -> str:
    if not places:
        return ""
    if len(places) > MAX_NAMES:
        return f" {row_count(len(places))} more forces are outliers too."
    names = join_list([force_name(site, place) for place in places])
    return f" {names} {'is an outlier' if len(places) == 1 else 'are outliers'} too."


def _links(site: Inspection, form: Row, place: str) -> tuple[Cell, ...]:
    return (Cell(form["title"], page_path(form)), force_link(site, place))


def force_link(site: Inspection, place: str) -> Cell:
    """Return the short name of a force with the link to its page."""
    return Cell(force_name(site, place), place_cell(site, place).href)


def _known_records(site: Inspection, indicator: str, place: str) -> int:
    """Return the number of records with a known answer, from released counts."""
    ladder: Row = site.ladder(indicator, place) or {}
    return (ladder.get("met") or 0) + (ladder.get("not_met") or 0)


# Combined tests of a failure mode.


def alerted_mode_rows(site: Inspection) -> list[Row]:
    """Return the released rows of combined tests with an alert."""
    return [
        row for row in site.rows(CombinedTestsRow) if row["outlier_alert"] and not site.is_withheld(row["place_code"])
    ]


def _measures_of(site: Inspection, row: Row) -> list[tuple[str, str]]:
    mode: Row = site.find_row(FailureModesRow, failure_mode=row["failure_mode"]) or {}
    return [(measure, row["place_code"]) for measure in (mode.get("shown_by") or "").split()]


def _combined_outliers(site: Inspection) -> Iterator[KeyFinding]:
    """Yield one candidate for each failure mode in which a force is an outlier, with its clearest measure."""
    rows = sorted(alerted_mode_rows(site), key=lambda row: row["failure_mode"])
    for key, group in groupby(rows, key=lambda row: row["failure_mode"]):
        mode = site.find_row(FailureModesRow, failure_mode=key)
        if mode is not None:
            found = sorted(
                (_combined_finding(site, mode, row) for row in group), key=lambda item: (-item.weight, item.sentence)
            )
            yield found[0]
            yield from (_further_finding(item, index) for index, item in enumerate(found[1:], start=2))


def _further_finding(item: KeyFinding, index: int) -> KeyFinding:
    """Return a further force of one failure mode as a subject of its own."""
    return KeyFinding(**{**vars(item), "subject": f"{item.subject} {index}"})


def _combined_finding(site: Inspection, mode: Row, row: Row) -> KeyFinding:
    place, worse, is_one = row["place_code"], alert_words("worse"), row["measures"] == 1
    test = worse if is_one else f"{worse} on {tested_measures(row)} together"
    links = (Cell(mode["text"].rstrip("."), f"failures.html#{mode['failure_mode'].lower()}"), force_link(site, place))
    form = clearest_measure(site, mode, place)
    estimate = site.estimate(form["indicator"], place) if form else None
    if form is None or estimate is None:
        signs = f"{test} on one measure. It may be a sign" if is_one else f"{test}. They may be signs"
        failure = mode["text"].rstrip(".")
        sentence = f"{force_name(site, place)}: {signs} of a failure of the past: \u2018{failure}\u2019."
        gap, records, easy = 0.0, 0, easy_read.past_failure_lines(force_name(site, place))
    else:
        sentence = (
            f"{_compared_share(site, form, estimate)} ({_base_text(estimate)}{test}).{_alone_text(site, form, row)}"
        )
        gap, records = _gap(site, estimate) or 0.0, _known_records(site, form["indicator"], place)
        easy = _easy_outlier(site, form, estimate, is_worse=True)
    certainty = CERTAINTY["likely alert"]
    subject = f"failure mode {mode['failure_mode']}"
    return KeyFinding(sentence, mode["line"], subject, links, gap, certainty, records, names_force=True, easy=easy)


def _alone_text(site: Inspection, form: Row, row: Row) -> str:
    """Return that one measure of a combined test is alone only a reason to look first; '' if it is more or less."""
    is_look_first = measure_finding(site, form, row["place_code"]).priority is Priority.LOOK_FIRST
    return f" {ALONE_LOOK_FIRST}" if row["measures"] != 1 and is_look_first else ""


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


# Standards.


def _missed_standards(site: Inspection) -> Iterator[KeyFinding]:
    """Yield one candidate for each standard that forces miss by the evidence of their grades.

    A standard that most forces miss is a national problem, and names no force. Evidence that counts by standard and
    comparison may be against a force by comparison alone, so it names no force here: an outlier alert may.
    """
    national = {measure for measure, _ in _national_measures(site)}
    for form in site.indicators:
        rows = site.find_rows(EvidenceRow, key=form["indicator"], direction="against", counts=STANDARD)
        places = {row["place_code"] for row in rows}
        force_codes = sorted(place for place in places if not site.is_withheld(place))
        if force_codes and form["indicator"] not in national:
            yield from _standard_finding(site, form, force_codes)


def _standard_finding(site: Inspection, form: Row, places: Sequence[str]) -> Iterator[KeyFinding]:
    key, phrase = form["indicator"], finding_phrase(form["indicator"], "records")
    theme, certainty = form["line"], CERTAINTY["standard"]
    national = _share(site, key, ALL)
    if _is_one_record_each(site, key, places):
        if national is not None:
            names = join_list([force_name(site, place) for place in places])
            forces = names if len(places) <= MAX_NAMES else f"{row_count(len(places))} forces"
            verb = "does" if len(places) == 1 else "do"
            sentence, page = (
                f"{whole_percent(national)} {phrase}; {forces} {verb} not.",
                Cell(form["title"], page_path(form)),
            )
            easy = easy_read.forces_missing_lines([force_name(site, place) for place in places[:MAX_NAMES]], key)
            yield KeyFinding(sentence, theme, key, (page,), 1 - national, certainty, 0, names_force=True, easy=easy)
        return
    shares = [(share, place) for place in places if (share := _share(site, key, place)) is not None]
    if shares:
        share, place = min(shares, key=lambda pair: (pair[0], site.name(pair[1])))
        sentence = f"{force_name(site, place)}: {whole_percent(share)} {phrase}. {_standard_sentence(site, form)}"
        sentence = f"{sentence}{_missing_sentence(site, form)}"
        links, records = _links(site, form, place), _known_records(site, key, place)
        easy = easy_read.missed_standard_lines(force_name(site, place), key, share)
        yield KeyFinding(sentence, theme, key, links, 1 - share, certainty, records, names_force=True, easy=easy)


def _is_one_record_each(site: Inspection, indicator: str, places: Sequence[str]) -> bool:
    ladders = [site.ladder(indicator, place) for place in places]
    return all(ladder is not None and ladder["records"] == 1 for ladder in ladders)


def _national_measures(site: Inspection) -> list[tuple[str, Row]]:
    """Return the measures of the national problems, each with its indicator."""
    keys = [key for row in site.find_rows(ConcernsRow, kind=NATIONAL_PROBLEM) for key in (row["test"] or "").split()]
    forms = [(key, site.find_row(IndicatorsRow, indicator=key)) for key in dict.fromkeys(keys)]
    return [(key, form) for key, form in forms if form is not None]


def _national_problems(site: Inspection) -> Iterator[KeyFinding]:
    """Yield one candidate for each standard of a national problem: most forces miss it, and none is singled out."""
    for measure, form in _national_measures(site):
        finding, share = site.finding(measure, ALL), _share(site, measure, ALL)
        if form["graded"] and finding and share is not None:
            figure = finding["sentence"].partition("): ")[2]
            standard = f"{_standard_sentence(site, form)}{_missing_sentence(site, form)}"
            sentence = f"Nationally, {figure} {standard}"
            links = (Cell(form["title"], page_path(form)),)
            records = _known_records(site, measure, ALL)
            yield KeyFinding(sentence, form["line"], f"national {measure}", links, 1 - share, CERTAINTY["national"],
                             records, is_national=True, easy=easy_read.national_lines(measure, share))  # fmt: skip


def _missing_sentence(site: Inspection, form: Row) -> str:
    """Return how many of the forces tested miss a standard, with a space before it; '' below two."""
    missing, tested = missed_of_tested(site, form)
    if len(missing) < 2:
        return ""
    return " ".join(
        ["", f"{tested_forces_text(len(missing), len(tested))} miss it.", *not_tested_sentences(site, form, MAX_NAMES)]
    )


def _standard_sentence(site: Inspection, form: Row) -> str:
    """Return the standard and its limit: 'Standard: all crimes; missed if probably below 75%.'"""
    target = target_text(site, form)
    return f"{target[:1].upper()}{target[1:]}."


# Texts, trends, hidden victims, disparities and claims.


def _language_outliers(site: Inspection) -> Iterator[KeyFinding]:
    """Yield the outliers in confirmed readings of texts: victim-blaming language, and exploitation without a flag."""
    rows: Sequence[Row] = site.find_rows(BlamingLanguageRatesRow, measure="blaming_language", part_of="all")
    overall = next((row["per_1000"] for row in rows if row["place_code"] == ALL), None)
    for row in rows:
        rate = row["per_1000"]
        if _is_text_alert(site, row, "higher") and None not in (rate, overall) and rate:
            sentence = (
                f"{force_name(site, row['place_code'])}: {whole(rate)} of 1,000 entries hold victim-blaming language; "
                f"all forces {whole(overall)} ({alert_words('higher')})."
            )
            links = (Cell("Victim-blaming language", "texts.html"), force_link(site, row["place_code"]))
            gap, subject = (rate - overall) / rate, f"blaming language {row['place_code']}"
            yield KeyFinding(sentence, "attitudes", subject, links, gap, CERTAINTY["likely alert"], row["marked"] or 0,
                             names_force=True,
                             easy=easy_read.blaming_lines(force_name(site, row["place_code"])))  # fmt: skip
    yield from _unflagged(site)


def _unflagged(site: Inspection) -> Iterator[KeyFinding]:
    total = site.find_row(UnflaggedExploitationRatesRow, place_code=ALL)
    overall = total["sensitivity"] if total else None
    for row in site.rows(UnflaggedExploitationRatesRow):
        share = row["sensitivity"]
        if _is_text_alert(site, row, "lower") and share is not None and overall is not None:
            sentence = (
                f"{force_name(site, row['place_code'])}: {whole_percent(share)} of exploitation crimes found in texts "
                f"bear the flag; all forces {whole_percent(overall)} ({alert_words('lower')})."
            )
            links = (Cell("Exploitation without a flag", "texts.html"), force_link(site, row["place_code"]))
            yield KeyFinding(sentence, "scale", f"unflagged {row['place_code']}", links, overall - share,
                             CERTAINTY["likely alert"], row["marked"] or 0, names_force=True,
                             easy=easy_read.unmarked_lines(force_name(site, row["place_code"])))  # fmt: skip


def _has_text_alert(site: Inspection) -> bool:
    """Return True if texts show an outlier, with a rate that is released or without."""
    blaming = site.find_rows(BlamingLanguageRatesRow, measure="blaming_language", part_of="all")
    return any(_is_text_alert(site, row, "higher") for row in blaming) or any(
        _is_text_alert(site, row, "lower") for row in site.rows(UnflaggedExploitationRatesRow)
    )


def _is_text_alert(site: Inspection, row: Row, side: str) -> bool:
    is_named = row["place_code"] != ALL and not site.is_withheld(row["place_code"])
    return is_named and bool(row["outlier_alert"]) and row["direction"] == side


def _trends(site: Inspection) -> Iterator[KeyFinding]:
    """Yield the answer of the page on trends if a series of all forces together clearly fell or rose."""
    summary = trend_summary(site, ALL)
    if summary is None or not summary.clear:
        return
    first = summary.clear[0]
    probability, ends = first["probability_fell"], (first["change_low"], first["change_high"])
    gap = min(1.0, min(abs(end) for end in ends)) if None not in ends else 0.0
    span = years(first["years_apart"])
    easy = easy_read.trend_lines(first["series"].partition(":")[0], direction(probability), span)
    links = (Cell("Trends", "falling.html"),)
    yield KeyFinding(summary.answer, "scale", f"trend {first['series']}", links, gap,
                     max(probability, 1 - probability), 0, easy=easy)  # fmt: skip


def _hidden_victims(site: Inspection) -> Iterator[KeyFinding]:
    """Yield the range of all children that the lists of the latest window allow; the gap is the share on no list."""
    rows = site.find_rows(HiddenVictimsRow, place_code=ALL)
    row = max(rows, key=lambda row: row["window_from"], default=None)
    if row and row["verdict"] == RANGE and row["low"] and row["high"] is not None and row["on_any"]:
        low = lowest_total(row) or 0.0
        sentence = (
            f"The lists allow {whole(low)} to {whole(row['high'])} exploited children in all, on a list or on "
            "none (estimate)."
        )
        gap = (low - row["on_any"]) / low
        links = (Cell("Hidden victims (estimate)", "hidden.html"),)
        easy = easy_read.hidden_lines(whole(low), whole(row["high"]))
        yield KeyFinding(
            sentence, "scale", "hidden victims", links, gap, CERTAINTY["claim"], round(row["low"]), easy=easy
        )


def _disparities(site: Inspection) -> Iterator[KeyFinding]:
    """Yield each group of victims for whom an indicator is worse than for others."""
    for row in site.find_rows(DisparitiesRow, side="victim", verdict=DIFFERENCE_SHOWN):
        form, points = site.find_row(IndicatorsRow, indicator=row["indicator"]), row["points"]
        if form is None or row["share"] is None or points is None or form["better"] == "neither":
            continue
        if (points < 0) == (form["better"] == "higher"):
            size = derived_number(f"{abs(points):.0f} percentage points", "size of a difference between groups")
            phrase = finding_phrase(form["indicator"], "records")
            sentence = (
                f"Victims ({row['characteristic']}: {row['people']}): {whole_percent(row['share'])} {phrase}, "
                f"{size} {'below' if points < 0 else 'above'} others."
            )
            subject = f"disparity {row['characteristic']} {row['people']}"
            links = (Cell("Disparities", "people/disparities.html"), Cell(form["title"], page_path(form)))
            yield KeyFinding(sentence, "disparities", subject, links, abs(points) / 100, CERTAINTY["group"],
                             row["base"] or 0,
                             easy=easy_read.group_lines(row["people"], form["indicator"], row["share"]))  # fmt: skip


def _contradicted_claims(site: Inspection) -> Iterator[KeyFinding]:
    rows = [row for row in site.rows(ClaimTestsRow) if not site.is_withheld(row["place_code"])]
    contradicted = sum(row["verdict"] == "contradicted" for row in rows)
    tested = sum(row["verdict"] in ("contradicted", "supported") for row in rows)
    if contradicted and tested >= MIN_CLAIMS:
        sentence = (
            f"Records contradict {row_count(contradicted)} of the {row_count(tested)} statements of forces about "
            "themselves that could be tested."
        )
        links = (Cell("What forces say about themselves", "claims.html"),)
        easy = easy_read.claim_lines(row_count(contradicted), row_count(tested))
        yield KeyFinding(
            sentence, "lessons", "claims", links, contradicted / tested, CERTAINTY["claim"], tested, easy=easy
        )
