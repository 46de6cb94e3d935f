"""Sentences and cell texts for counted figures, including why a suppressed figure is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.indicators.form_sentences import FORM_WORDING
from assay.report.derived_numbers import derived_number
from assay.report.number_words import NOT_GIVEN, interval, rank, slug, whole, whole_percent
from assay.report.page_elements import Cell, Figure
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.quotable_figures import finding_figure, row_key
from assay.report.report_tables import Row
from assay.sdc import policy
from assay.sdc.cell_status import CellStatus, cell_status, is_primary_suppressed
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow, LaddersRow
from assay.wording import known_base

FEWER_THAN_8, SUPPRESSED, TOO_FEW, NOT_ANSWERABLE = "fewer than 8", "suppressed", "too few to say", "cannot be asked"
SUPPRESSED_SMALL_SIDE, MIN_RECORDS = "suppressed: few on one side", policy("record level").minimum_base
ALL_OUT_OF_SCOPE = "out of scope here: all its records are outside the question"
OUTSIDE = "outside the predicted range, no outlier alert"
OUTSIDE_NOTE = (
    "\u2018Outside the predicted range, no outlier alert\u2019: the share lies outside the range that the other forces "
    "predict. With all the comparisons made, this is not enough for an outlier alert (false discovery rate 5%)."
)
SUPPRESSION_NOTE = (
    "Each count is rounded to 5 by itself, so parts may add up to more or less than their total. "
    "\u2018Fewer than 8\u2019: a count from 1 to 7 is not shown. \u2018Suppressed\u2019: left "
    "empty so that such a count cannot be worked out. \u2018Too few to say\u2019: a share on fewer than 20 "
    "records is not "
    "shown. \u2018Few on one side\u2019: fewer than 8 records met it, or fewer than 8 did not, so the share would give "
    "that count away."
)
EXACT_NOTE = "Counts here are of {noun}, not of people or crimes. They are exact: not rounded, and none is left out."
SHARES = ("share", "share_lowest", "share_highest", "share_low", "share_high")
ANSWERS = ("met", "not_met", "not_known", "not_known_if_counted", "excluded", "outside")
CERTAINTY_NOTE = (
    "Every figure was counted from the records that forces sent. The five answers, and the records outside the "
    "question, add up to all records. A missing value is never counted as a no. What could not be asked is listed."
)


@dataclass(frozen=True)
class Status:
    """Whether an indicator counts towards grades, as shown on a page: style sheet key, text of its tag, and meaning."""

    key: str
    tag: str
    meaning: str


def grading_status(form: Row) -> Status:
    """Return whether an indicator counts towards grades, is only shown, or is another organisation's duty."""
    if not form["holder"].startswith("police"):
        return Status(
            "system",
            "The system around the child",
            "Another organisation holds this duty. It is shown because the child depends on it; it never counts for or "
            "against a police force.",
        )
    if form["graded"] and form["holder"] == "police":
        return Status("graded", "Graded", "The police hold this duty, and its standard is verified.")
    if form.get("standard") and form["holder"] == "police":
        meaning = "Its standard is not used for grades: the card says why."
        return Status("shown", "Shown, not graded", meaning)
    reason = "It has no standard. " if form.get("standard", "a wait has none") in ("", None) else ""
    reason = "The police share this duty with others. " if form["holder"] != "police" else reason
    grading_note = "A low or high share breaks no duty. It counts only by comparison with the other forces."
    return Status("shown", "Shown, not graded", f"{reason}{grading_note}")


def duty_holder(form: Row) -> str:
    """Return who holds the duty: 'The police', 'The police with others' or another organisation."""
    holder = str(form["holder"])
    return f"The {holder}" if holder.startswith("police") else holder[:1].upper() + holder[1:]


def counts_no_people(row: Row) -> bool:
    """Return True if the records of an indicator are forces or tables, whose counts disclosure control leaves exact."""
    return row.get("indicator") in policy("record level").organisation_counts


def record_noun(form: Row) -> str:
    """Return what an indicator counts, in the plural: 'victims'."""
    wording = FORM_WORDING.get(form["indicator"])
    return wording.noun if wording else "records"


def suppression_note(form: Row) -> str:
    """Return the note on rounding and suppression of an indicator's counts, or that they are exact."""
    return EXACT_NOTE.format(noun=record_noun(form)) if counts_no_people(form) else SUPPRESSION_NOTE


def count_text(row: Row, column: str) -> str:
    """Format a released count, or say why it is not shown."""
    if row[column] is not None:
        return whole(row[column])
    status = cell_status(row, column)
    if status is CellStatus.PRIMARY:
        return FEWER_THAN_8
    if status is CellStatus.SECONDARY:
        return SUPPRESSED
    return NOT_ANSWERABLE if row.get("not_askable") else NOT_GIVEN


def share_text(row: Row | None, column: str = "share") -> str:
    """Format a released share, or say why it is not shown."""
    if row is None:
        return NOT_GIVEN
    if row[column] is not None:
        return whole_percent(row[column])
    if row.get("not_askable"):
        return NOT_ANSWERABLE
    if not is_primary_suppressed(row, column):
        return NOT_GIVEN
    return suppression_reason(row) if column in SHARES else SUPPRESSED


def suppression_reason(row: Row) -> str:
    """Explain why a share is suppressed: too few records, or a small count on one side."""
    known_records = row.get("base") or max(row.get("met") or 0, row.get("not_met") or 0)
    is_few = known_records < MIN_RECORDS or "fewer than" in (row.get("not_comparable") or "")
    return TOO_FEW if is_few else SUPPRESSED_SMALL_SIDE


def is_all_out_of_scope(ladder: Row | None) -> bool:
    """Return True if a force has records, and all of them are out of scope of the question."""
    if ladder is None or ladder["not_askable"] or ladder["records"] == 0:
        return False
    return all(ladder[column] == 0 for column in ANSWERS if column != "outside")


def interval_text(row: Row | None, low: str, high: str, format_value: Any = whole_percent) -> str:
    """Format a released interval, or say why it is not shown."""
    if row is None or row[low] is None or row[high] is None:
        return share_text(row, low) if row is not None else NOT_GIVEN
    return interval(row[low], row[high], format_value)


def single_record_answer(ladder: Row | None) -> str:
    """Return the answer ('met', 'not met' ...) of a force with one record of an indicator; '' if it has more.

    A count of one is released only where forces are counted, not people.
    """
    if ladder is None or ladder["records"] != 1:
        return ""
    found = [column for column in ANSWERS if ladder[column]]
    return found[0].replace("_", " ") if found else ""


def own_share_text(ladder: LaddersRow | None, base: ForceEstimatesRow | None) -> str:
    """Return a force's own share and its base: '67% of 120'; where no people are counted, '95% of 21 tables'."""
    if answer := single_record_answer(ladder):
        return answer
    if is_all_out_of_scope(ladder):
        return "out of scope"
    if ladder and ladder["share"] is not None:
        base_text = f" of {count_text(base, 'base')}" if base and base["base"] is not None else ""
        base_text += f" {record_noun(ladder)}" if base_text and counts_no_people(ladder) else ""
        return share_text(ladder) + base_text
    known = {name: base[name] for name in ("base", "not_comparable")} if base else {}
    return share_text({**ladder, **known} if ladder else None)


def estimate_text(row: Row | None) -> str:
    """Return the shrunken estimate with its interval, '66% (58% to 74%)'; only the interval if not compared."""
    if row is None or (row["share_low"] is None and not is_primary_suppressed(row, "share_low")):
        return "none"
    interval_words = interval_text(row, "share_low", "share_high")
    if row["share"] is None or row["not_comparable"]:
        return interval_words
    return f"{share_text(row)} ({interval_words})"


def bounds_sentence(ladder: Row) -> str:
    """Return the missing-data bounds as a sentence; '' where they are not shown."""
    low, high = ladder["share_lowest"], ladder["share_highest"]
    if low is None or high is None:
        return ""
    lowest, highest = round(100 * low), round(100 * high)
    if lowest == highest:
        return "Answers that are not known move it by less than 1%"
    difference = derived_number(f"{highest - lowest}%", "how far what is not known could move a share")
    return f"Between {lowest}% and {highest}%, as {difference} are not known"


def rank_text(site: Inspection, row: Row | None) -> str:
    """Format a rank with its interval, or say that there is none."""
    if row and is_primary_suppressed(row, "rank"):
        return SUPPRESSED
    if row is None or row["rank"] is None or row["not_comparable"]:
        return "not ranked"
    text = rank(row, site.ranked_count(row["indicator"]))
    return "not ranked" if text == NOT_GIVEN else text


def is_outside(row: Row, ladder: Row | None = None) -> bool:
    """Return True if the force's own share, or its estimate, lies outside the leave-one-out predictive interval."""
    low, high = row["expected_low"], row["expected_high"]
    if low is None or high is None:
        return False
    shares = [row["share"], ladder["share"] if ladder else None]
    return any(share is not None and not low <= share <= high for share in shares)


def prediction_texts(row: Row | None, ladder: Row | None = None) -> tuple[str, str]:
    """Return the leave-one-out predictive interval of a force, and whether its share lies inside.

    `ladder` holds the force's own share: a share outside the interval must not be described as predicted.
    """
    if row is None or row["not_comparable"]:
        return "none", "not compared"
    alert_text = (row["direction"] or "unlike") if row["outlier_alert"] else ""
    alert_text += f", as in the records of {row['alerted_since']}" if alert_text and row.get("alerted_since") else ""
    if is_primary_suppressed(row, "expected_low"):
        return SUPPRESSED, alert_text or SUPPRESSED
    if row["expected_low"] is None or row["expected_high"] is None:
        return "none", alert_text or "not compared"
    predicted = interval(row["expected_low"], row["expected_high"], whole_percent)
    if row["outlier_alert"] is None:
        return predicted, "not compared"
    return predicted, alert_text or (OUTSIDE if is_outside(row, ladder) else "as predicted")


def probability_text(probability: float) -> str:
    """Format a probability in whole per cent, never as 0% or 100%."""
    return "over 99%" if probability > 0.995 else "under 1%" if probability < 0.005 else whole_percent(probability)


def indicator_path(indicator: str) -> str:
    """Return the path of the page of an indicator."""
    return f"indicators/{slug(indicator)}.html"


def page_path(form: Row) -> str:
    """Return the path of the page of an indicator or a waiting time."""
    if "indicator" in form:
        return indicator_path(form["indicator"])
    return f"waits/{slug(form['wait'])}.html"


def place_cell(site: Inspection, place: str) -> Cell:
    """Return a force's name, linked to its page."""
    return Cell(site.name(place), f"forces/{site.places[place]['slug']}.html" if site.has_page(place) else "")


def indicator_figure(site: Inspection, form: Row, place: str = ALL) -> Figure | None:
    """Return the quotable figure of an indicator in one place: its finding, or a sentence from its answers."""
    key = form["indicator"]
    if is_all_out_of_scope(site.ladder(key, place)):
        return None
    finding = site.finding(key, place)
    if finding:
        return replace(finding_figure(site, finding), anchor=slug(f"{key} {place}" if place != ALL else key))
    ladder = site.ladder(key, place)
    return _figure_from_ladder(site, form, ladder) if ladder and ladder["share"] is not None else None


def without_heading(site: Inspection, form: Row, sentence_figure: Figure, lead: str = "") -> Figure:
    """Return the sentence without the subject, place and period that the page heading already gives.

    `lead` may name the subject again. The quotation stays complete, because it is read on its own.
    """
    head, is_cut, rest = sentence_figure.label.partition(f"{site.period}): ")
    if not is_cut or not head.startswith(form["title"]):
        return sentence_figure
    return replace(sentence_figure, label=f"{lead}{rest}" if lead else rest[:1].upper() + rest[1:])


def _figure_from_ladder(site: Inspection, form: Row, ladder: Row) -> Figure:
    place, bounds_text = ladder["place_code"], bounds_sentence(ladder)
    sentence = f"{form['title']}: {whole_percent(ladder['share'])} of {known_base('records', True)}"
    sentence = f"{sentence}. {bounds_text}." if bounds_text else f"{sentence}."
    base = f"{count_text(ladder, 'met')} met and {count_text(ladder, 'not_met')} not met"
    base += "" if counts_no_people(form) else ", rounded to 5"
    lead = f"{site.name(place)}. " if place != ALL else ""
    quote = (
        f"{lead}{sentence} Base: {base}. Period: {site.period}. Source: returns to request {site.request['request']}. "
        f"It cannot tell: {form['limits']}"
    )
    return quotable_figure(form["indicator"], place, lead + sentence, quote, form, "ladders", ladder)


def quotable_figure(
    key: str, place: str, sentence: str, quote: str, form: Mapping[str, Any], table: str, row: Row
) -> Figure:
    """Return a quotable sentence, with the released row that it comes from."""
    return Figure(
        slug(f"{key} {place}" if place != ALL else key),
        sentence,
        "",
        quote=quote,
        cannot_tell=form["limits"],
        assumptions=form["assumptions"],
        table=table,
        row=row_key(table, row),
    )


def share_phrase(site: Inspection, form: Row) -> str:
    """Return the share of all forces with its missing-data bounds, as a phrase."""
    row = site.ladder(form["indicator"], ALL)
    if row is None or row["share"] is None:
        return "No share for all together"
    low, high = share_text(row, "share_lowest"), share_text(row, "share_highest")
    has_bounds = None not in (row["share_lowest"], row["share_highest"]) and low != high
    bounds_text = f" ({low} to {high} if the unknown are counted)" if has_bounds else ""
    return f"{share_text(row)}{bounds_text}"
