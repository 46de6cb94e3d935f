"""The further topics of a force's page, one line each with a link: what was found, or that nothing can be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.narrowing_lists import TOO_WIDE, is_too_wide
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import join_list, plural, whole
from assay.report.page_elements import Cell
from assay.report.pages.inspection.failure_mode_page import force_failure_modes
from assay.report.pages.inspection.force_message import consultations, latest_hidden, nobody_asked_sentence
from assay.report.pages.inspection.force_record_pages import linked_page_paths
from assay.report.pages.inspection.lesson_pages import force_lessons
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.returns_page import return_summary
from assay.report.pages.inspection.trend_summary import trend_summary
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import HiddenVictimsRow, LessonsAppliedRow
from assay.sdc.released_rows.indicator_rows import ScaleTrendsRow, WaitMediansRow
from assay.sdc.released_rows.people_rows import DisparitiesRow, VoiceCollectionsRow

SERVICE_FIGURES = {
    "advocates": "figures of an advocacy service",
    "complaints": "counts of complaints and requests for review",
}
TESTED = ("applied", "partly", "not applied")


@dataclass(frozen=True)
class TopicLine:
    """One topic: its name, what was found in one or two sentences, and the page with the details."""

    topic: str
    finding: str
    links: tuple[Cell, ...]


def topic_lines(site: Inspection, force: Row) -> list[TopicLine]:
    """Return the topics on which the report has information about the force, in fixed order."""
    return list(_topic_lines(site, force))


def _topic_lines(site: Inspection, force: Row) -> Iterator[TopicLine]:
    code, paths = force["place_code"], linked_page_paths(force)
    if _has_waits(site, code):
        links = (Cell("All waiting times", f"{paths['measures']}#waits"),)
        yield TopicLine("Timeliness", timeliness_sentence(site, code), links)
    if site.find_rows(ScaleTrendsRow, place_code=code):
        links = (Cell("Each series", f"{paths['records']}#falling"),)
        yield TopicLine("Trends", trend_sentence(site, code), links)
    if site.rows(DisparitiesRow):
        text = "Compared for all forces together, because one force has too few records in each group."
        yield TopicLine("Disparities", text, (Cell("All forces", "people/disparities.html"),))
    if failings := force_failure_modes(site, code):
        links = (Cell("Each failure", f"{paths['reasons']}#failings"),)
        yield TopicLine("Failures of the past", _failure_sentence(failings), links)
    if force_lessons(site, code):
        links = (Cell("Each recommendation", f"{paths['reasons']}#lessons"),)
        yield TopicLine("Past recommendations", lesson_sentence(site, code), links)
    yield from _people_and_scale(site, force)
    if site.return_rows(code):
        links = (Cell("Table by table", f"{paths['records']}#returned"),)
        yield TopicLine("The return", _sentence(return_summary(site, code)), links)


def _has_waits(site: Inspection, code: str) -> bool:
    rows = [site.find_row(WaitMediansRow, wait=form["wait"], place_code=code) for form in site.waits]
    return any(row is not None and not row["not_askable"] for row in rows)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _people_and_scale(site: Inspection, force: Row) -> Iterator[TopicLine]:
    code, paths = force["place_code"], linked_page_paths(force)
    if site.find_rows(HiddenVictimsRow, place_code=code):
        links = (Cell("The lists", f"{paths['records']}#hidden"),)
        yield TopicLine("Hidden victims", hidden_sentence(site, code), links)
    if site.rows(VoiceCollectionsRow):
        voices = Cell("What they say", f"{paths['reasons']}#voices")
        yield TopicLine("Victims and survivors", voice_sentence(site, code), (voices,))


def timeliness_sentence(site: Inspection, code: str) -> str:
    """Return the median waiting time furthest from that of all forces, and how many waiting times have a median."""
    found = []
    for form in site.waits:
        row = site.find_row(WaitMediansRow, wait=form["wait"], place_code=code)
        overall = site.find_row(WaitMediansRow, wait=form["wait"], place_code=ALL)
        if row and overall and row["median_days"] is not None and overall["median_days"]:
            found.append((row["median_days"] / overall["median_days"], form, row, overall))
    if not found:
        return "No median can be shown: too few waits, or too few that have ended."
    _, form, row, overall = max(found, key=lambda item: (item[0], item[1]["wait"]))
    days, overall_days = (_days(median["median_days"] or 0) for median in (row, overall))
    interval = ""
    if row["median_low"] is not None and row["median_high"] is not None:
        interval = f" (95% interval {whole(row['median_low'])} to {whole(row['median_high'])})"
    return (
        f"{form['title']}: median {days}{interval}; all forces {overall_days}. "
        f"{row_count(len(found))} of {row_count(len(site.waits))} waiting times have a median here."
    )


def _days(number: float) -> str:
    return plural(number, "day") if number else "0 days"


def trend_sentence(site: Inspection, code: str) -> str:
    """Return which series of a force fell or rose and what follows, or that no series can be compared."""
    summary = trend_summary(site, code)
    if summary is None or not summary.answered:
        return "Nothing can be said: each series is too short, or incomplete."
    return summary.answer


def _failure_sentence(failings: dict[str, object]) -> str:
    outlier_modes = failings["named"]
    if not failings["looked"]:
        return f"None of {failings['asked']} combined tests could be made here."
    outliers = (
        f"an outlier on {row_count(len(outlier_modes))}"
        if isinstance(outlier_modes, list) and outlier_modes
        else "an outlier on none"
    )
    return f"{failings['looked']} of {failings['asked']} combined tests could be made: {outliers}."


def lesson_sentence(site: Inspection, code: str) -> str:
    """Return a sentence that counts the past recommendations that could be tested, by the result of the test."""
    counts = Counter(row["status"] for row in site.find_rows(LessonsAppliedRow, place_code=code))
    tested = [status for status in TESTED if counts[status]]
    if not tested:
        return "None of the past recommendations could be tested here."
    total = sum(counts[status] for status in tested)
    parts = [f"{row_count(counts[status])} {status}" for status in tested]
    noun = "recommendation" if total == 1 else "recommendations"
    return f"{row_count(total)} past {noun} could be tested here: {join_list(parts)}."


def hidden_sentence(site: Inspection, code: str) -> str:
    """Return the estimated range of the number of children, listed or not, or why there is no estimate."""
    row = latest_hidden(site, code)
    if row is None:
        return "Not estimated: there is no list of this force."
    if row["low"] is None or row["high"] is None:
        reason = (row["refusal"] or "the lists do not allow one").partition(". ")[0].rstrip(".")
        return f"Not estimated: {reason[:1].lower()}{reason[1:]}."
    if is_too_wide(row["low"], row["high"]):
        return " ".join(filter(None, (TOO_WIDE, row["ask_for"])))
    span = f"{whole(row['low'])} to {whole(row['high'])} children"
    return f"{span}, on a list or on none, is the range that the lists allow."


def voice_sentence(site: Inspection, code: str) -> str:
    """Return how often victims and survivors were consulted, or that nobody was, and which services sent figures."""
    rows = consultations(site, code)
    if rows:
        count = derived_number(plural(len(rows), "consultation"), "rows counted")
        sentence = f"{count} with victims and survivors. They speak for themselves alone."
    else:
        sentence = nobody_asked_sentence(site)
    kinds = {row["kind"] for row in site.find_rows(VoiceCollectionsRow, place_code=code)}
    figures = [text for kind, text in SERVICE_FIGURES.items() if kind in kinds]
    return f"{sentence} There are also {join_list(figures)}, by which nobody was asked." if figures else sentence
