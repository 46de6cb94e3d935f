"""Findings on the outcomes of each force and of England and Wales."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from assay.indicators.catalogue.responses.published_outcomes import BY_KEY
from assay.indicators.findings import Finding, address
from assay.indicators.indicator_wording import format_number, percent, percent_interval
from assay.sdc.released_rows.published_rows import SharesRow

Row = Mapping[str, Any]
"""A `SharesRow` with a base, so that its counts and its share are known."""
_ALL = "all {base} {offences} recorded by police in {year} ({place})"
_CLOSED = "the {base} {offences} recorded by police in {year} ({place}) that have an outcome"
_SUSPECT_KNOWN = (
    "the {base} {offences} recorded by police in {year} ({place}) whose outcome says whether a suspect was identified"
)
_SENTENCE_PARTS = {
    "charged-of-all": (_ALL, "led to a charge or summons"),
    "charged-of-closed": (_CLOSED, "led to a charge or summons"),
    "pending": (_ALL, "have no outcome yet"),
    "suspect-identified-of-closed": (_SUSPECT_KNOWN, "had a suspect identified"),
    "victim-does-not-support-of-closed": (
        _CLOSED,
        "were closed under the official label \u2018victim not supporting\u2019",
    ),
    "victim-does-not-support-suspect-identified": (
        _CLOSED,
        "were closed under the official label \u2018victim not supporting\u2019, with a suspect identified",
    ),
}


SUMMED_ROWS = "summed by assay from published rows"
INFERRED_CODES = "; their offence codes are inferred"
MIN_PERCENT_BASE = 20
"""Below this number of offences a sentence gives the counts and no percentage."""


def findings(
    shares: Iterable[SharesRow],
    *,
    names: Mapping[str, str],
    offence: str,
    offences: str,
    editions: Mapping[str, str],
    inferred_years: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield one finding per place, measure and year of an offence set.

    Parameters
    ----------
    shares
        Rows of the table `shares`.
    names
        Names of the places, by code.
    offence, offences
        Key of the offence set, and its name in sentences.
    editions
        Text for the source of each year, by 'outcomes 2024/25'.
    inferred_years
        Financial years whose offence codes were inferred.
    """
    for row in shares:
        if row["offence_key"] == offence and row["base"] and row["measure"] in BY_KEY:
            edition = editions[f"outcomes {row['financial_year']}"]
            is_inferred = row["financial_year"] in inferred_years
            yield _finding(row, names[row["place_code"]], offences, edition, is_inferred=is_inferred)


def _finding(row: Row, place: str, offences: str, edition: str, *, is_inferred: bool) -> Finding:
    measure = BY_KEY[row["measure"]]
    sentence = _sentence(row, place, offences)
    base = (
        f"{format_number(row['base'])} offences ({row['financial_year']}, {place}; counted over "
        f"{measure.denominator}), {SUMMED_ROWS}{INFERRED_CODES if is_inferred else ''}"
    )
    return Finding.from_measure(
        measure,
        key=address(measure.measure, row["offence_key"], row["place_code"], row["financial_year"]),
        place_code=row["place_code"],
        offence_key=row["offence_key"],
        period=row["financial_year"],
        sentence=sentence,
        base_text=base,
        value=row["raw_share"],
        low=row["share_low"],
        high=row["share_high"],
        base=row["base"],
        source=edition,
        receipt="comparison",
    )


def _sentence(row: Row, place: str, offences: str) -> str:
    base_text, clause = _SENTENCE_PARTS[row["measure"]]
    base = base_text.format(base=format_number(row["base"]), offences=offences, year=row["financial_year"], place=place)
    is_small = row["base"] < MIN_PERCENT_BASE
    share = (
        f"{format_number(row['numerator'])} of {format_number(row['base'])}" if is_small else percent(row["raw_share"])
    )
    return f"Of {base}, {share} {clause}{_interval_clause(row)}{_pending_clause(row, place)}"


def _interval_clause(row: Row) -> str:
    if row["share_low"] is None:
        return " (a full count of these offences so far, so it has no sampling interval)"
    interval = f"95% interval {percent_interval(row['share_low'], row['share_high'])}"
    if row["rank"] is None:
        return f" ({interval})"
    return f" (shrunk towards the other forces by as much as chance could explain: {percent(row['share'])}, {interval})"


def _pending_clause(row: Row, place: str) -> str:
    if row["measure"] == "pending" or row["pending_share"] is None:
        return "."
    pending = f"{percent(row['pending_share'])} of all are pending"
    if row["not_comparable"]:
        return f"; {pending}, and {place} is not comparable here, neither good nor bad."
    return f"; {pending}."
