"""Findings of each indicator, for all forces and for each force, from the released figures.

The input is `ladders` and `force_estimates` as released, so a sentence is never more exact than the table beside it.
Every sentence about an indicator gives the share that is not known, or the missing-data bounds where that is hidden.
"Better" and "worse" are used only for a police duty whose standard is verified; for other indicators a force is higher
or lower than others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import ceil, floor
from typing import cast

from assay.compare.comparison_tables import Rows, as_rows
from assay.indicators import ALL, EVERYWHERE, Indicator
from assay.indicators.finding_phrases import finding_phrase
from assay.indicators.findings import Finding, address, quote
from assay.indicators.form_sentences import FORM_WORDING
from assay.indicators.indicator_wording import format_number
from assay.sdc.cell_status import is_secondary_suppressed
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow, LaddersRow
from assay.stats.binomial_intervals import wilson
from assay.wording import count_phrase, known_base, percent

ALL_FORCES_NAME = "all forces"
UNIT = "share of records with a known answer (0 to 1)"
SMALLEST_PERCENT = 0.01
"""Smallest share of not known records that is given as a percentage: less could round to 0%."""


def findings(
    indicators: Mapping[str, Indicator],
    ladders: Rows,
    estimates: Rows,
    *,
    names: Mapping[str, str],
    request: str,
    period: str,
) -> Iterator[Finding]:
    """Yield one finding per indicator and place, in the order of `ladders` (answer counts for all reports together).

    Parameters
    ----------
    ladders, estimates
        Rows of `ladders` and `force_estimates`, as released.
    names
        Names of the organisations, by place code.
    request
        Key of the request.
    period
        The period as text (`period_text`).
    """
    estimate_rows = cast(list[ForceEstimatesRow], as_rows(estimates))
    ladder_rows = cast(list[LaddersRow], as_rows(ladders))
    estimate_at = {(row["indicator"], row["place_code"]): row for row in estimate_rows}
    for row in ladder_rows:
        if row["when_reported"] == ALL and row["indicator"] in indicators:
            indicator, place = indicators[row["indicator"]], row["place_code"]
            name = ALL_FORCES_NAME if place == EVERYWHERE else names[place]
            yield _finding(indicator, row, estimate_at.get((indicator.key, place)), name, request, period)


def period_text(period_from: date, period_to: date) -> str:
    """Return a half-open period as text: '1 April 2025 to 31 March 2026'."""
    last = period_to - timedelta(days=1)
    return " to ".join(f"{day.day} {day:%B %Y}" for day in (period_from, last))


def _finding(
    indicator: Indicator, row: LaddersRow, estimate: ForceEstimatesRow | None, place: str, request: str, period: str
) -> Finding:
    base = estimate["base"] if estimate else None
    low, high = _own_interval(row)
    source = f"returns to request {request}"
    limits = indicator.limits[:1].lower() + indicator.limits[1:]
    text = indicator_sentence(indicator, row, estimate, place, period)
    return Finding(
        key=address("indicator", indicator.key, row["place_code"]),
        question=indicator.asks.split()[0],
        line=indicator.line,
        place_code=row["place_code"],
        offence_key="",
        measure=indicator.key,
        period=period,
        sentence=text,
        quote=quote(text, base=_base(indicator, base), edition=source, cannot_tell=limits),
        value=row["share"],
        low=low,
        high=high,
        base=base,
        unit=UNIT,
        cannot_tell=limits,
        assumptions=indicator.assumptions,
        source=source,
        receipt="comparison",
    )


def _own_interval(row: LaddersRow) -> tuple[float | None, float | None]:
    """Return the Wilson interval of the share in a row of `ladders`, rounded outward; None without a share.

    A finding gives a force's own share, so its interval is that of the same records. The shrunken estimate, with its
    own interval, is in `force_estimates`.
    """
    met, not_met, share = row["met"], row["not_met"], row["share"]
    if share is None or met is None or not_met is None or met + not_met < 2:
        return None, None
    low, high = wilson(met, met + not_met)
    return min(floor(100 * low) / 100, share), max(ceil(100 * high) / 100, share)


def indicator_sentence(
    indicator: Indicator, row: LaddersRow, estimate: ForceEstimatesRow | None, place: str, period: str
) -> str:
    """Return the sentence of a finding: a share with its bounds, or the reason why there is none.

    An indicator with one record per force has no share for one force: it is met or not met.
    """
    where = f"{place}, {period}"
    if row["not_askable"]:
        return f"{indicator.title} ({where}): {row['not_askable'][:1].lower()}{row['not_askable'][1:]}"
    if row["share"] is None:
        return f"{indicator.title} ({where}): {_no_share(indicator, row)}"
    base = estimate["base"] if estimate else None
    if indicator.record == "force" and base == 1 and row["share"] in (0, 1):
        return f"{indicator.title} ({where}): {'met' if row['share'] == 1 else 'not met'}."
    share_words = f"{percent(row['share'], 0)} {finding_phrase(indicator.key, FORM_WORDING[indicator.key].noun)}"
    basis = _basis(indicator, row, base)
    return f"{indicator.title} ({where}): {share_words}{basis}.{_comparison_sentence(indicator, estimate)}"


def _base(indicator: Indicator, base: int | None) -> str:
    noun = FORM_WORDING[indicator.key].noun
    if base is None:
        return f"the {noun}"
    if indicator.record == "force":
        return count_phrase(base, noun.removesuffix("s"))
    return f"{format_number(base)} {noun}"


def _no_share(indicator: Indicator, row: LaddersRow) -> str:
    lowest, highest = row["share_lowest"], row["share_highest"]
    if any(is_secondary_suppressed(row, name) for name in ("met", "not_met")):
        return "the share is suppressed, so that a small count cannot be worked out."
    if lowest is None or highest is None or row["met"] == row["not_met"] == 0:
        return "too few records for a share."
    bounds = f"between {percent(lowest, 0)} and {percent(highest, 0)}"
    phrase = finding_phrase(indicator.key, FORM_WORDING[indicator.key].noun)
    return f"{bounds} {phrase}; too few are on one side to show the share."


def _basis(indicator: Indicator, row: LaddersRow, base: int | None) -> str:
    """Return the base and how many are not known: ' (98 crimes with a known answer; not known for 2%)'."""
    unknown = _unknown_clause(row)
    parts = [known_base(_base(indicator, base), bool(unknown))] if base is not None else []
    parts += [unknown] if unknown else []
    return f" ({'; '.join(parts)})" if parts else ""


def _unknown_clause(row: LaddersRow) -> str:
    """Return for how many records the answer is not known; with the missing-data bounds where that share is hidden."""
    lowest, highest = row["share_lowest"], row["share_highest"]
    unknown = [row["not_known"], row["not_known_if_counted"]]
    if lowest is None or highest is None or lowest == highest or unknown == [0, 0]:
        return ""
    counts = [count for count in (row["met"], row["not_met"], *unknown) if count is not None]
    if len(counts) == 4:
        share = sum(counts[2:]) / sum(counts)
        return f"not known for {percent(share, 0) if share >= SMALLEST_PERCENT else 'under 1%'}"
    # A suppressed count is small, but the other of the two may be hundreds.
    amount = "a few" if all(not count for count in unknown) else "some"
    return f"not known for {amount}, so {percent(lowest, 0)} to {percent(highest, 0)}"


def _comparison_sentence(indicator: Indicator, estimate: ForceEstimatesRow | None) -> str:
    """Return the sentence that compares the force with other forces, or says why it is not compared."""
    if not estimate:
        return ""
    since = estimate["alerted_since"]
    if estimate["outlier_alert"]:
        history = f", as in the records of {since}" if since else ""
        return f" This is an outlier: {_direction_text(indicator, estimate['direction'])} than other forces{history}."
    if since:
        return f" It was an outlier in the records of {since} and is no longer."
    if estimate["not_comparable"] and indicator.record != "force":
        reason = estimate["not_comparable"].partition(": ")[2].rstrip(".")
        return f" Not compared with other forces: {reason}."
    return ""


def _direction_text(indicator: Indicator, direction: str | None) -> str:
    direction = direction or ""
    if not indicator.graded or indicator.better == "neither":
        return direction
    return f"{direction}, and so {'better' if direction == indicator.better else 'worse'},"
