"""Is it on the wane? All published series side by side, each with its probability, and no verdict from any one.

The inquiry found a flawed belief that exploitation was "on the wane". What can be said from published tables is, for
each count, how surely its level fell; and what else would explain it. Whether exploitation fell cannot be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay.enquiries.finding import Finding, address, quote
from assay.enquiries.scale.measures import BY_KEY
from assay.enquiries.scale.trend import Series
from assay.enquiries.wording import chance, change, change_interval, direction
from assay.records.quarters import financial_year, quarter

HEADLINE_SPAN = 3
FACTORS = {
    "Child_sexual_exploitation": "Assessments that name child sexual exploitation as a factor",
    "Child_criminal_exploitation": "Assessments that name child criminal exploitation as a factor",
    "Going_missing": "Assessments that name going missing as a factor",
    "Trafficking": "Assessments that name trafficking as a factor",
    "Gangs": "Assessments that name gangs as a factor",
}


def assessed_series(rows: Iterable[Mapping[str, Any]], factor: str, area_code: str = "E") -> Series:
    """The yearly series of one factor in England (or a police force area), years ending 31 March."""
    counts = {row["year"]: row["episodes"] for row in rows if row["factor"] == factor and row["area_code"] == area_code}
    first, last = (min(counts), max(counts)) if counts else (2000, 1999)
    values = tuple(counts.get(year) for year in range(first, last + 1))
    starts = quarter(financial_year(first - 1), 4)
    return Series(FACTORS[factor], area_code, "", (), starts, values, period=1)


def findings(
    trends: Iterable[Mapping[str, Any]], *, names: Mapping[str, str], editions: Mapping[str, str]
) -> Iterator[Finding]:
    """One finding for each series' change over three years; a refusal is said as such.

    `editions` maps 'offences' and 'assessments' to the words for the source.
    """
    for row in trends:
        if row["years_apart"] == HEADLINE_SPAN:
            partner = not row["offence_key"]
            yield _finding(row, names[row["place_code"]], editions["assessments" if partner else "offences"], partner)


def _finding(row: Mapping[str, Any], place: str, edition: str, partner: bool) -> Finding:
    measure = BY_KEY["assessed-factor" if partner else "trend"]
    sentence = trend_sentence(row, place, partner=partner)
    first, last = (_time(row[at], partner) for at in ("earlier_from", "latest_to"))
    base = f"the published counts from {first} to {last} ({place})"
    series_key = row["offence_key"] or row["series"]
    return Finding(
        key=address("trend", series_key, row["place_code"], row["latest_to"]),
        question="Q26",
        line="scale",
        place_code=row["place_code"],
        offence_key=row["offence_key"],
        measure="trend",
        period=f"{row['earlier_to']} to {row['latest_to']}",
        sentence=sentence,
        quote=quote(sentence, base=base, edition=edition, cannot_tell=measure.cannot_tell),
        value=row.get("probability_fell"),
        low=row.get("change_low"),
        high=row.get("change_high"),
        base=None,
        unit=BY_KEY["trend"].unit,
        cannot_tell=measure.cannot_tell,
        leans_on=measure.leans_on,
        source=edition,
        receipt="enquiries",
    )


def trend_sentence(row: Mapping[str, Any], place: str, *, partner: bool = False) -> str:
    """What the count did over the span, how surely, and what changed in practice, in one sentence.

    The subject is always the count.
    """
    subject = f"The count of {_lower(row['series'])} ({place})"
    periods = f"between the four quarters to {row['earlier_to']} and the four quarters to {row['latest_to']}"
    if partner:
        periods = (
            f"between the years ending March {_year_end(row['earlier_to'])} and March {_year_end(row['latest_to'])}"
        )
    if row["refusal"]:
        return f"{subject} {periods}: nothing can be said of its level, since {_lower(row['refusal']).rstrip('.')}."
    fell = row["probability_fell"]
    size = (
        f"its level was {change(row['change'])}, 95% interval {change_interval(row['change_low'], row['change_high'])}"
    )
    return (
        f"{subject} {direction(fell)} {periods}: the probability that its level fell is {chance(fell)} ({size}; a fall "
        f"of 5% or more: {chance(row['probability_fell_5_percent'])}); {_practice(row)}."
    )


def _time(label: str, partner: bool) -> str:
    return f"the year ending March {_year_end(label)}" if partner else label


def _practice(row: Mapping[str, Any]) -> str:
    words = _lower(row["explanation"]).rstrip(".")
    if row["across_break"]:
        return f"what is counted changed in between, and the step is taken out by estimate: {words}"
    return words


def together_finding(
    trends: Sequence[Mapping[str, Any]],
    definition: str,
    codes: Sequence[str],
    *,
    names: Mapping[str, str],
    edition: str,
) -> list[Finding]:
    """The finding over all national series, for the set of offences `definition` and its `codes`.

    None where England and Wales has no series, since not all 43 forces are in the files.
    """
    measure = BY_KEY["trend"]
    latest = max((row["latest_to"] for row in trends if row["place_code"] == "EW"), default="")
    if not latest:
        return []
    sentence = together(trends, codes, f"{HEADLINE_SPAN} years to {latest} ({names['EW']})")
    finding = Finding(
        key=address("all-series", definition, "EW", latest),
        question="Q26",
        line="scale",
        place_code="EW",
        offence_key=definition,
        measure="trend",
        period=latest,
        sentence=sentence,
        quote=quote(
            sentence, base="the published counts of each series", edition=edition, cannot_tell=measure.cannot_tell
        ),
        value=None,
        low=None,
        high=None,
        base=None,
        unit=measure.unit,
        cannot_tell=measure.cannot_tell,
        leans_on=measure.leans_on,
        source=edition,
        receipt="enquiries",
    )
    return [finding]


def together(trends: Sequence[Mapping[str, Any]], codes: Sequence[str], period: str) -> str:
    """One sentence over the national series that do not overlap: single offence codes, and partner series.

    It says how many very probably fell and rose, and never makes a verdict of them.
    """
    said = [row for row in trends if row["years_apart"] == HEADLINE_SPAN and row["place_code"] in ("EW", "E")]
    offences = _tally([row for row in said if row["offence_key"] in codes], "offence codes that name a child")
    partner = _tally([row for row in said if not row["offence_key"]], "factors that social workers name")
    return (
        f"Over {period}, {offences}; {partner}. They count different things, none of them counts exploitation, "
        "and so whether it is on the wane cannot be said from published tables."
    )


def _tally(rows: Sequence[Mapping[str, Any]], what: str) -> str:
    """'of 11 ..., the counts of 6 very probably fell, of 3 very probably rose, and of 2 neither is clear'."""
    if not rows:
        return f"there are no counts of {what}"
    answered = [row["probability_fell"] for row in rows if not row["refusal"]]
    fell, rose = sum(p >= 0.9 for p in answered), sum(p <= 0.1 for p in answered)
    refused = len(rows) - len(answered)
    tail = f", and {refused} cannot be said" if refused else ""
    unclear = len(answered) - fell - rose
    said = (
        f"the counts of {fell} very probably fell (9 in 10 or more), {rose} very probably rose, {unclear} are not clear"
    )
    return f"of {len(rows)} {what}, {said}{tail}"


def _year_end(label: str) -> int:
    return int(label[:4]) + 1


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text
