"""Findings on trends of published series, each with the probability of a fall; no verdict rests on a single series.

The inquiry found a flawed belief that exploitation was "on the wane". Published tables give, for each count, the
probability that its level fell, and other explanations. They cannot show whether exploitation fell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay import reference
from assay.facts.financial_quarters import financial_year, make_quarter
from assay.indicators.catalogue.scale.published_scale_measures import BY_KEY
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.findings import Finding, address, quote
from assay.indicators.indicator_wording import (
    change_interval_phrase,
    change_phrase,
    direction_phrase,
    join_words,
    probability_percent,
)
from assay.sdc.released_rows.published_rows import ChildrenInNeedRow, TrendsRow
from assay.wording import VERY_PROBABLY, listing_sentences, quarter_end, quarter_start

Row = Mapping[str, Any]
"""A `TrendsRow`. Its figures are read only where it has no refusal, and then none is missing."""
HEADLINE_SPAN = 3
SPANS = {1: "one year", 3: "three years", 5: "five years"}
"""The spans of years of a change, in words; a headline gives all of them."""
FACTORS = {
    "Child_sexual_exploitation": "Assessments that name child sexual exploitation as a factor",
    "Child_criminal_exploitation": "Assessments that name child criminal exploitation as a factor",
    "Going_missing": "Assessments that name going missing as a factor",
    "Trafficking": "Assessments that name trafficking as a factor",
    "Gangs": "Assessments that name gangs as a factor",
}


def assessed_series(rows: Iterable[ChildrenInNeedRow], factor: str, area_code: str = "E") -> Series:
    """Return the yearly number of assessments with one factor, in England or a police force area, years to 31 March."""
    counts = {row["year"]: row["episodes"] for row in rows if row["factor"] == factor and row["area_code"] == area_code}
    first, last = (min(counts), max(counts)) if counts else (2000, 1999)
    values = tuple(counts.get(year) for year in range(first, last + 1))
    starts = make_quarter(financial_year(first - 1), 4)
    return Series(FACTORS[factor], area_code, "", (), starts, values, period=1)


def findings(
    trends: Iterable[TrendsRow], *, names: Mapping[str, str], editions: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield one finding for each series: its change over one, three and five years, or why there is no estimate.

    `editions` maps 'offences' and 'assessments' to the words for the source.
    """
    series: dict[tuple[str, str | None, str], list[TrendsRow]] = {}
    for row in trends:
        series.setdefault((row["place_code"], row["offence_key"], row["series"]), []).append(row)
    for (place_code, offence_key, _), rows in series.items():
        yield _finding(_by_span(rows), names[place_code], editions["offences" if offence_key else "assessments"])


def _by_span(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["years_apart"])


def _finding(rows: Sequence[Row], place: str, edition: str) -> Finding:
    """Return the finding of one series; its machine-readable figure is that over three years."""
    row = rows[0]
    partner = not row["offence_key"]
    measure = BY_KEY["assessed-factor" if partner else "trend"]
    sentence = trend_sentence(rows, place)
    longest = max(_answered(rows) or rows[:1], key=lambda entry: entry["years_apart"])
    first = _year_text(longest["earlier_from"]) if partner else quarter_start(longest["earlier_from"])
    last = _end_text(longest["latest_to"], partner)
    base = f"the published counts from {first} to {last} ({place})"
    figure: Mapping[str, Any] = next((entry for entry in _answered(rows) if entry["years_apart"] == HEADLINE_SPAN), {})
    return Finding(
        key=address("trend", row["offence_key"] or row["series"], row["place_code"], row["latest_to"]),
        question="Q26",
        line="scale",
        place_code=row["place_code"],
        offence_key=row["offence_key"],
        measure="trend",
        period=f"{longest['earlier_to']} to {row['latest_to']}",
        sentence=sentence,
        quote=quote(sentence, base=base, edition=edition, cannot_tell=measure.cannot_tell),
        value=figure.get("probability_fell"),
        low=figure.get("change_low"),
        high=figure.get("change_high"),
        base=None,
        unit=BY_KEY["trend"].unit,
        cannot_tell=measure.cannot_tell,
        assumptions=measure.assumptions,
        source=edition,
        receipt="enquiries",
    )


def _answered(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row["refusal"]]


def trend_sentence(rows: Sequence[Row], place: str) -> str:
    """Describe the change of a count over one, three and five years, with probabilities and changes of practice.

    `rows` are the rows of one series, one a span. The first sentence says every span; one sentence on each follows.
    The subject is always the count.
    """
    rows = _by_span(rows)
    subject = f"The count of {_lower(rows[0]['series'])} ({place})"
    latest = _end_text(rows[0]["latest_to"], not rows[0]["offence_key"])
    answered = _answered(rows)
    if not answered:
        reason = _lower(rows[0]["refusal"]).rstrip(".")
        return f"{subject} to {latest}: nothing can be said of its level over {_spans(rows)}, since {reason}."
    first, *later = (
        f"{direction_phrase(row['probability_fell'])} over {SPANS[row['years_apart']]}" for row in answered
    )
    moved = f"{subject} to {latest} {first}."
    if later:
        moved = f"{subject} {first}. It {join_words(later)}, all to {latest}."
    explained = max(answered, key=lambda row: row["years_apart"])["explanation"]
    return " ".join([moved, *(_span_sentence(row) for row in rows), explained])


def _spans(rows: Sequence[Row], last: str = "or") -> str:
    """'one, three or five years'."""
    words = [SPANS[row["years_apart"]] for row in rows]
    if len(words) == 1:
        return words[0]
    return f"{', '.join(word.removesuffix(' years').removesuffix(' year') for word in words[:-1])} {last} {words[-1]}"


def _span_sentence(row: Row) -> str:
    """Describe one span: the probability of a fall, its size, and the registered breaks within it."""
    span_text = f"Over {SPANS[row['years_apart']]}"
    if row["refusal"]:
        return f"{span_text} nothing can be said of its level, since {_lower(row['refusal']).rstrip('.')}."
    periods = (
        f"It compares the year to {quarter_end(row['earlier_to'])} with the year to {quarter_end(row['latest_to'])}."
    )
    if not row["offence_key"]:
        previous, latest = _year_end(row["earlier_to"]), _year_end(row["latest_to"])
        periods = f"It compares the years ending March {previous} and March {latest}."
    size = (
        f"{change_phrase(row['change'])} (95% interval {change_interval_phrase(row['change_low'], row['change_high'])})"
    )
    return (
        f"{span_text}, its level was {size}. "
        f"The probability of a fall is {probability_percent(row['probability_fell'])}, and of a fall of 5% or more "
        f"{probability_percent(row['probability_fell_5_percent'])}. {periods}{_break_sentence(row)}"
    )


def _break_sentence(row: Row) -> str:
    """' A break lies between: counting rules 2023 (from April 2023).'; '' where none does."""
    names = break_names([row])
    if not names:
        return ""
    phrase = "A break lies" if len(names) == 1 else "Breaks lie"
    removed = " Their steps are taken out by estimate." if row["across_break"] else ""
    return f" {listing_sentences(f'{phrase} between', names, 'Later breaks')}{removed}"


def break_names(rows: Iterable[Row]) -> list[str]:
    """Return the registered breaks that these changes cross, in order of time: 'pandemic 2020 (from April 2020)'."""
    keys = {key for row in rows for key in (row["breaks_between"] or "").split(";") if key}
    return [
        f"{series_break.key.replace('-', ' ')} (from {quarter_start(series_break.starts)})"
        for series_break in reference.breaks()
        if series_break.key in keys
    ]


def _end_text(label: str, partner: bool) -> str:
    """Return the last period of a count: 'the year ending March 2025' of a partner, 'December 2025' of the police."""
    return _year_text(label) if partner else quarter_end(label)


def _year_text(label: str) -> str:
    return f"the year ending March {_year_end(label)}"


def national_finding(
    trends: Sequence[TrendsRow],
    definition: str,
    codes: Sequence[str],
    *,
    names: Mapping[str, str],
    edition: str,
) -> list[Finding]:
    """Return the finding over all national series, for the set of offences `definition` and its `codes`.

    None where England and Wales has no series, since not all 43 forces are in the files.
    """
    measure = BY_KEY["trend"]
    latest = max((row["latest_to"] or "" for row in trends if row["place_code"] == "EW"), default="")
    if not latest:
        return []
    sentence = national_statement(trends, codes, names)
    finding = Finding.from_measure(
        measure,
        key=address("all-series", definition, "EW", latest),
        place_code="EW",
        offence_key=definition,
        period=latest,
        sentence=sentence,
        base_text="the published counts of each series",
        value=None,
        source=edition,
        receipt="enquiries",
    )
    return [finding]


def national_statement(trends: Sequence[TrendsRow], codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Summarise the non-overlapping national series over one, three and five years, without a verdict.

    Single offence codes first, then the factors that social workers name; each sentence names its place and period.
    """
    offences = [row for row in trends if row["place_code"] == "EW" and row["offence_key"] in codes]
    partner = [row for row in trends if row["place_code"] == "E" and not row["offence_key"]]
    sentences = [
        _tally(offences, f"offence codes{' that name a child' * _all_name_a_child(codes)}", names["EW"]),
        _tally(partner, "factors that social workers name", names["E"]),
    ]
    crossed = break_names(_answered(offences))
    if crossed:
        opening = "Registered breaks lie between the periods"
        sentences.append(listing_sentences(opening, crossed, "Later breaks"))
    return (
        f"{' '.join(sentences)} They count different things, and none of them counts exploitation. So published tables "
        "cannot say whether it is on the wane."
    )


def _all_name_a_child(codes: Iterable[str]) -> bool:
    return all(reference.offences().get(code).child_specific == "yes" for code in codes)


def _tally(rows: Sequence[Row], noun: str, place: str) -> str:
    """'The counts are of 11 ..., to December 2025. Over one year, 1 very probably fell, ... Over three years, ...'."""
    if not rows:
        return f"There are no counts of {noun} ({place})."
    spans = [_by_span(row for row in rows if row["years_apart"] == span) for span in sorted(SPANS)]
    last = max(rows, key=lambda row: row["latest_to"])
    latest = _end_text(last["latest_to"], not last["offence_key"])
    subject = f"The counts are of {max(map(len, spans))} {noun} ({place}), to {latest}."
    phrases = [_tally_span(span_rows) for span_rows in spans if _answered(span_rows)]
    meaning = ["Very probably means 90% or more."] if phrases else []
    silent = [span_rows[0] for span_rows in spans if span_rows and not _answered(span_rows)]
    if silent:
        reason = _lower(silent[0]["refusal"]).rstrip(".")
        phrases.append(f"over {_spans(silent)} nothing can be said of their level, since {reason}")
    return " ".join([subject, *(f"{text[:1].upper()}{text[1:]}." for text in phrases), *meaning])


def _tally_span(rows: Sequence[Row]) -> str:
    """Count the series that very probably fell or rose over one span, and those that are unclear or unknown."""
    answered = [row["probability_fell"] for row in _answered(rows)]
    n_fell, n_rose = sum(p >= VERY_PROBABLY for p in answered), sum(1 - p >= VERY_PROBABLY for p in answered)
    n_unclear = len(answered) - n_fell - n_rose
    counts = (
        (n_fell, "very probably fell"),
        (n_rose, "very probably rose"),
        (n_unclear, "is not clear" if n_unclear == 1 else "are not clear"),
        (len(rows) - len(answered), "cannot be said"),
    )
    parts = [f"{number} {words}" for number, words in counts if number]
    return f"over {SPANS[rows[0]['years_apart']]}, {join_words(parts)}"


def _year_end(label: str) -> int:
    return int(label[:4]) + 1


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text
