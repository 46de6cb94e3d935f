"""What may be said of words that blame and of exploitation without a flag, and what may never be?

Made from the tables as disclosure lets them out, so no sentence is exacter than the table beside it. Few blaming words
found is never said to be a good attitude. Where nobody marked a text, one sentence says so and no figure stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.indicators.catalogue.scale import unflagged_exploitation
from assay.indicators.findings import Finding, address, quote
from assay.wording import number, percent

Row = Mapping[str, Any]
EVERYBODY = "all bodies that sent a return"
WORDS, FLAGS, RIGHT_FLAGS = blaming_language.BLAMING, "flag_sensitivity", "flag_precision"
NOT_GOOD = "Words are one sign of an attitude: few of them are no finding that attitudes are good."


def text_findings(
    words: Iterable[Row],
    flags: Iterable[Row],
    read: Iterable[Row],
    *,
    names: Mapping[str, str],
    request: str,
    period: str,
) -> Iterator[Finding]:
    """A finding for each place of which something may be said, and for all together in any case. `words`, `flags` and
    `read`: the rows of `words_confirmed`, `unflagged_confirmed` and `texts_read` as released."""
    held = {(row["table_name"], row["place_code"]): row for row in read}
    about = {"request": request, "period": period}
    for row in words:
        if row["measure"] == WORDS and row["part_of"] == blaming_language.WHOLE and _told(row, "per_1000"):
            place = _name(row, names)
            said = words_sentence(row, held.get((blaming_language.ENTRIES, row["place_code"]), {}), place, period)
            figures = (row["per_1000"], row["per_1000_low"], row["per_1000_high"])
            yield _finding(row, WORDS, "Q1", "attitudes", said, figures, "per 1,000 entries", blaming_language, about)
    for row in flags:
        if _told(row, "sensitivity"):
            said = flags_sentence(row, _name(row, names), period)
            figures = (row["sensitivity"], row["sensitivity_low"], row["sensitivity_high"])
            unit = "share of summaries that tell of exploitation (0 to 1)"
            yield _finding(row, FLAGS, "Q19", "scale", said, figures, unit, unflagged_exploitation, about)
        if row["precision"] is not None:
            said = right_flags_sentence(row, _name(row, names), period)
            figures = (row["precision"], row["precision_low"], row["precision_high"])
            unit = "share of crimes with the flag (0 to 1)"
            yield _finding(row, RIGHT_FLAGS, "Q19", "data-quality", said, figures, unit, unflagged_exploitation, about)


def words_sentence(row: Row, read: Row, place: str, period: str) -> str:
    """How often the police's own words blame the child, with how much was written."""
    head = f"Words that blame the child ({place}, {period})"
    if row["per_1000"] is None:
        return f"{head}: {_why(row)}"
    rate = (
        f"people confirmed them in about {number(row['per_1000'])} of 1,000 entries of the police's own "
        f"({number(row['per_1000_low'])} to {number(row['per_1000_high'])}), from {_marked(row)} marked"
    )
    return f"{head}: {rate}{_volume(read)}{_beside(row)}. {NOT_GOOD}"


def flags_sentence(row: Row, place: str, period: str) -> str:
    """How much exploitation bears no flag."""
    head = f"Exploitation without a flag ({place}, {period})"
    if row["sensitivity"] is None:
        return f"{head}: {_why(row)}"
    flagged = (
        f"of summaries in which people found exploitation {percent(row['sensitivity'], 0)} bear a flag "
        f"({percent(row['sensitivity_low'], 0)} to {percent(row['sensitivity_high'], 0)}), from {_marked(row)} marked"
    )
    if row["unflagged"] is None:
        return f"{head}: {flagged}{_beside(row)}."
    span = f"{number(row['unflagged_low'])} to {number(row['unflagged_high'])}"
    return f"{head}: {flagged}; about {number(row['unflagged'])} crimes ({span}) bear none{_beside(row)}."


def right_flags_sentence(row: Row, place: str, period: str) -> str:
    """How often a flag stands on a crime whose summary tells of exploitation."""
    beside = ""
    if row["specificity_unusual"]:
        more = "more" if row["specificity_direction"] == "lower" else "fewer"
        beside = f"; of summaries that do not tell of it {more} bear a flag than the other forces lead one to expect"
    return (
        f"Flags that people confirmed ({place}, {period}): of crimes with the flag for exploitation the summary of "
        f"{percent(row['precision'], 0)} tells of it ({percent(row['precision_low'], 0)} to "
        f"{percent(row['precision_high'], 0)}), from {_marked(row)} marked{beside}. A summary may not tell why a flag "
        "was set."
    )


def _told(row: Row, figure: str) -> bool:
    return row["place_code"] == EVERYWHERE or row[figure] is not None


def _name(row: Row, names: Mapping[str, str]) -> str:
    return EVERYBODY if row["place_code"] == EVERYWHERE else names.get(row["place_code"], row["place_code"])


def _marked(row: Row) -> str:
    return "few" if row["marked"] is None else f"about {number(row['marked'])}"


def _why(row: Row) -> str:
    said = row["why"] or "Too few were marked for a figure to be shown."
    return said[:1].lower() + said[1:]


def _volume(read: Row) -> str:
    """'; 51,000 entries hold about 2,400 thousand words': a rate never stands without it."""
    if read.get("read") is None or read.get("words_thousands") is None:
        return "; how much was written is not told"
    return f"; about {number(read['read'])} entries of {number(read['words_thousands'])} thousand words were read"


def _beside(row: Row) -> str:
    if row["unusual"]:
        return f"; this is {row['direction']} than the other forces lead one to expect"
    if row["not_comparable"]:
        return f"; not compared with other forces: {row['not_comparable'].partition(': ')[2].rstrip('.')}"
    return ""


def _finding(
    row: Row, measure: str, question: str, line: str, said: str, figures: tuple[Any, Any, Any], unit: str, enquiry: Any,
    about: Mapping[str, str],
) -> Finding:  # fmt: skip
    source = f"returns to request {about['request']}, and marks of people"
    value, low, high = figures
    return Finding(
        key=address("texts", measure, row["place_code"]), question=question, line=line, place_code=row["place_code"],
        offence_key="", measure=measure, period=about["period"], sentence=said,
        quote=quote(said, base=f"{_marked(row)} texts marked", edition=source, cannot_tell=enquiry.LIMITS),
        value=value, low=low, high=high, base=row["marked"], unit=unit, cannot_tell=enquiry.LIMITS,
        leans_on=enquiry.LEANS_ON, source=source, receipt="confirmed",
    )  # fmt: skip
