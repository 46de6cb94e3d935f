"""Findings on blaming language and on exploitation without a flag.

They are built from released tables, so no sentence is more exact than its table. A low rate of blaming language is
never described as a good attitude. Without ratings, one sentence says so and gives no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.indicators.catalogue.scale import unflagged_exploitation
from assay.indicators.findings import Finding, address, quote
from assay.sdc.released_rows.people_rows import BlamingLanguageRatesRow, TextCoverageRow, UnflaggedExploitationRatesRow
from assay.wording import format_number, percent

Row = Mapping[str, Any]
ALL_FORCES_TEXT = "all organisations that sent a return"
WORDS, FLAGS, RIGHT_FLAGS = blaming_language.BLAMING, "flag_sensitivity", "flag_precision"
NOT_GOOD = "Words are one sign of an attitude: few of them are no finding that attitudes are good."


def text_findings(
    words: Iterable[BlamingLanguageRatesRow],
    flags: Iterable[UnflaggedExploitationRatesRow],
    read: Iterable[TextCoverageRow],
    *,
    names: Mapping[str, str],
    request: str,
    period: str,
) -> Iterator[Finding]:
    """Yield a finding for all forces combined, and for each place with a figure that may be published.

    `words`, `flags` and `read`: the rows of `blaming_language_rates`, `unflagged_exploitation_rates` and
    `text_coverage` as released.
    """
    volumes = {(row["table_name"], row["place_code"]): row for row in read}
    context = {"request": request, "period": period}
    for row in words:
        if row["measure"] == WORDS and row["part_of"] == blaming_language.WHOLE and _is_publishable(row, "per_1000"):
            place = _name(row, names)
            sentence = words_sentence(
                row, volumes.get((blaming_language.ENTRIES, row["place_code"]), {}), place, period
            )
            figures = (row["per_1000"], row["per_1000_low"], row["per_1000_high"])
            yield _finding(
                row, WORDS, "Q1", "attitudes", sentence, figures, "per 1,000 entries", blaming_language, context
            )
    for flag in flags:
        if _is_publishable(flag, "sensitivity"):
            sentence = flags_sentence(flag, _name(flag, names), period)
            figures = (flag["sensitivity"], flag["sensitivity_low"], flag["sensitivity_high"])
            unit = "share of summaries that describe exploitation (0 to 1)"
            yield _finding(flag, FLAGS, "Q19", "scale", sentence, figures, unit, unflagged_exploitation, context)
        if flag["precision"] is not None:
            sentence = right_flags_sentence(flag, _name(flag, names), period)
            figures = (flag["precision"], flag["precision_low"], flag["precision_high"])
            unit = "share of crimes with the flag (0 to 1)"
            yield _finding(
                flag, RIGHT_FLAGS, "Q19", "data-quality", sentence, figures, unit, unflagged_exploitation, context
            )


def words_sentence(row: Row, read: Row, place: str, period: str) -> str:
    """Return the sentence on the rate of blaming language in police entries, with the volume of text."""
    head = f"Words that blame the child ({place}, {period})"
    if row["per_1000"] is None:
        return f"{head}: {_why(row)}"
    rate = (
        f"people confirmed them in about {format_number(row['per_1000'])} of 1,000 entries of the police's own "
        f"({format_number(row['per_1000_low'])} to {format_number(row['per_1000_high'])}), from {_marked(row)} marked"
    )
    return f"{head}: {rate}{_volume(read)}{_comparison_clause(row)}. {NOT_GOOD}"


def flags_sentence(row: Row, place: str, period: str) -> str:
    """Return the sentence on exploitation without a flag: sensitivity of flags, and number of unflagged crimes."""
    head = f"Exploitation without a flag ({place}, {period})"
    if row["sensitivity"] is None:
        return f"{head}: {_why(row)}"
    flagged = (
        f"of summaries in which people found exploitation {percent(row['sensitivity'], 0)} bear a flag "
        f"({percent(row['sensitivity_low'], 0)} to {percent(row['sensitivity_high'], 0)}), from {_marked(row)} marked"
    )
    if row["unflagged"] is None:
        return f"{head}: {flagged}{_comparison_clause(row)}."
    span = f"{format_number(row['unflagged_low'])} to {format_number(row['unflagged_high'])}"
    return (
        f"{head}: {flagged}; about {format_number(row['unflagged'])} crimes ({span}) bear "
        f"none{_comparison_clause(row)}."
    )


def right_flags_sentence(row: Row, place: str, period: str) -> str:
    """Return the sentence on the precision of flags: the share of flagged summaries that describe exploitation."""
    comparison = ""
    if row["specificity_outlier_alert"]:
        more = "more" if row["specificity_direction"] == "lower" else "fewer"
        comparison = f"; of the other summaries {more} bear a flag than the other forces predict"
    return (
        f"Flags that people confirmed ({place}, {period}): of crimes with the flag for exploitation the summary of "
        f"{percent(row['precision'], 0)} describes it ({percent(row['precision_low'], 0)} to "
        f"{percent(row['precision_high'], 0)}), from {_marked(row)} marked{comparison}. A summary may not tell "
        f"why a flag "
        "was set."
    )


def _is_publishable(row: Row, figure: str) -> bool:
    return row["place_code"] == EVERYWHERE or row[figure] is not None


def _name(row: Row, names: Mapping[str, str]) -> str:
    return ALL_FORCES_TEXT if row["place_code"] == EVERYWHERE else names.get(row["place_code"], row["place_code"])


def _marked(row: Row) -> str:
    return "few" if row["marked"] is None else f"about {format_number(row['marked'])}"


def _why(row: Row) -> str:
    text = row["why"] or "Too few were marked for a figure to be shown."
    return text[:1].lower() + text[1:]


def _volume(read: Row) -> str:
    """'; 51,000 entries hold about 2,400 thousand words': a rate is always given with it."""
    if read.get("read") is None or read.get("words_thousands") is None:
        return "; how much was written is not told"
    return (
        f"; about {format_number(read['read'])} entries of {format_number(read['words_thousands'])} thousand "
        f"words were read"
    )


def _comparison_clause(row: Row) -> str:
    if row["outlier_alert"]:
        return f"; this is {row['direction']} than the other forces predict"
    if row["not_comparable"]:
        return f"; not compared with other forces: {row['not_comparable'].partition(': ')[2].rstrip('.')}"
    return ""


def _finding(
    row: Row,
    measure: str,
    question: str,
    line: str,
    sentence: str,
    figures: tuple[Any, Any, Any],
    unit: str,
    enquiry: Any,
    context: Mapping[str, str],
) -> Finding:
    source = f"returns to request {context['request']}, and marks of people"
    value, low, high = figures
    return Finding(
        key=address("texts", measure, row["place_code"]), question=question, line=line, place_code=row["place_code"],
        offence_key="", measure=measure, period=context["period"], sentence=sentence,
        quote=quote(sentence, base=f"{_marked(row)} texts marked", edition=source, cannot_tell=enquiry.LIMITS),
        value=value, low=low, high=high, base=row["marked"], unit=unit, cannot_tell=enquiry.LIMITS,
        assumptions=enquiry.ASSUMPTIONS, source=source, receipt="confirmed",
    )  # fmt: skip
