"""What may be said of each indicator, of all bodies together and of each force, from the figures that everyone sees?

Give it `ladders` and `standing` as disclosure lets them out: a sentence is never exacter than the table beside it. A
bound is in every sentence in which records do not tell. Better and worse are said only of a police duty whose standard
is verified; elsewhere a force is higher or lower than expected, and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from assay.compare.comparison_tables import Rows, as_rows
from assay.indicators import ALL, EVERYWHERE, Indicator
from assay.indicators.findings import Finding, address, quote
from assay.indicators.form_sentences import SAID
from assay.indicators.indicator_wording import number
from assay.wording import counted

EVERYBODY = "all bodies that sent a return"
KEPT_BACK = "kept-back:"
"""How disclosure marks, in `hidden`, a count that is empty only so that another cannot be worked out."""
UNIT = "share of records of which it is known (0 to 1)"


def findings(
    indicators: Mapping[str, Indicator],
    ladders: Rows,
    standing: Rows,
    *,
    names: Mapping[str, str],
    request: str,
    period: str,
) -> Iterator[Finding]:
    """One finding for each indicator and place, in the order of `ladders` (rows that count everyone together).

    `names`: the name of each body by code; `request`: the key of the request; `period`: in words, see `in_words`.
    """
    beside = {(row["indicator"], row["place_code"]): row for row in as_rows(standing)}
    for row in as_rows(ladders):
        if row["when_reported"] == ALL and row["indicator"] in indicators:
            form, place = indicators[row["indicator"]], row["place_code"]
            name = EVERYBODY if place == EVERYWHERE else names[place]
            yield _finding(form, row, beside.get((form.key, place), {}), name, request, period)


def in_words(period_from: date, period_to: date) -> str:
    """A half-open period: '1 April 2025 to 31 March 2026'."""
    last = period_to - timedelta(days=1)
    return " to ".join(f"{day.day} {day:%B %Y}" for day in (period_from, last))


def _finding(
    form: Indicator, row: Mapping[str, Any], standing: Mapping[str, Any], place: str, request: str, period: str
) -> Finding:
    base = standing.get("base")
    source = f"returns to request {request}"
    limits = form.limits[:1].lower() + form.limits[1:]
    said = sentence(form, row, standing, place, period)
    return Finding(
        key=address("indicator", form.key, row["place_code"]),
        question=form.asks.split()[0],
        line=form.line,
        place_code=row["place_code"],
        offence_key="",
        measure=form.key,
        period=period,
        sentence=said,
        quote=quote(said, base=_base(form, base), edition=source, cannot_tell=limits),
        value=row["share"],
        low=standing.get("share_low"),
        high=standing.get("share_high"),
        base=base,
        unit=UNIT,
        cannot_tell=limits,
        leans_on=form.leans_on,
        source=source,
        receipt="comparison",
    )


def sentence(form: Indicator, row: Mapping[str, Any], standing: Mapping[str, Any], place: str, period: str) -> str:
    """The finding in words: a refusal, a share with its bounds, or that too few records tell.

    Of one body whose only record is itself there is no share to speak of: it is met or not met.
    """
    where = f"{place}, {period}"
    if row["not_askable"]:
        return f"{form.title} ({where}): {row['not_askable'][:1].lower()}{row['not_askable'][1:]}"
    if row["share"] is None:
        return f"{form.title} ({where}): {_no_share(row)}"
    if form.record == "force" and standing.get("base") == 1 and row["share"] in (0, 1):
        return f"{form.title} ({where}): {'met' if row['share'] == 1 else 'not met'}."
    known = f"{in_100(row['share'])} of {_base(form, standing.get('base'))} of which it is known"
    return f"{form.title} ({where}): {known}{_bounds(row)}{_beside(form, standing)}."


def in_100(share: float) -> str:
    """0.57 as '57 in 100'."""
    return f"{round(100 * share)} in 100"


def _base(form: Indicator, base: int | None) -> str:
    noun = SAID[form.key].noun
    if base is None:
        return f"the {noun}"
    if form.record == "force":
        return counted(base, noun.removesuffix("s"))
    return f"about {number(base)} {noun}"


def _no_share(row: Mapping[str, Any]) -> str:
    lowest, highest = row["share_lowest"], row["share_highest"]
    if any(f"{KEPT_BACK}{name}" in (row["hidden"] or "").split() for name in ("met", "not_met")):
        return "the share is kept back, so that a small count beside it cannot be worked out."
    if lowest is None or highest is None or row["met"] == row["not_met"] == 0:
        return "too few records tell for a share to be shown."
    span = f"between {round(100 * lowest)} and {in_100(highest)}"
    return f"{span}; too few lie on one side for the share itself to be shown."


def _bounds(row: Mapping[str, Any]) -> str:
    """'; of all, 54 to 61 in 100, since 7 records in 100 do not tell us'; '' where they do not differ."""
    lowest, highest = row["share_lowest"], row["share_highest"]
    unknown = [row["not_known"], row["not_known_if_counted"]]
    if lowest is None or highest is None or lowest == highest or unknown == [0, 0]:
        return ""
    counts = [row["met"], row["not_met"], *unknown]
    some = "a few records do not tell us"
    if None not in counts:
        share = sum(unknown) / sum(counts)
        some = _do_not_tell(round(100 * share)) if share >= 0.005 else some
    return f"; of all, {round(100 * lowest)} to {in_100(highest)}, since {some}"


def _do_not_tell(of_100: int) -> str:
    return "1 record in 100 does not tell us" if of_100 == 1 else f"{of_100} records in 100 do not tell us"


def _beside(form: Indicator, standing: Mapping[str, Any]) -> str:
    """How the force stands beside the others; nothing for a total, and the reason where it is not compared."""
    since = standing.get("called_since")
    if standing.get("unusual"):
        before = f", as it was in the records of {since}" if since else ""
        return f"; this is {_judged(form, standing['direction'])} than the other forces lead one to expect{before}"
    if since:
        return f"; in the records of {since} it stood apart from the other forces, and now it does so no longer"
    if standing.get("not_comparable") and form.record != "force":
        words = standing["not_comparable"].partition(": ")[2].rstrip(".")
        return f"; not compared with other forces: {words}"
    return ""


def _judged(form: Indicator, direction: str) -> str:
    if not form.graded or form.better == "neither":
        return direction
    return f"{direction}, and so {'better' if direction == form.better else 'worse'},"
