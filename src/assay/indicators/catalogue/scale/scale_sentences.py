"""Findings on the scale of exploitation, on trends and on forces' own claims, from the released figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import scale_parts
from assay.indicators.catalogue.scale.record_series import PARTNERS, TITLES, headline
from assay.indicators.findings import Finding, address, quote
from assay.indicators.indicator_wording import format_number, probability_phrase
from assay.sdc.cell_status import is_primary_suppressed

ALL_FORCES_TEXT = "all organisations that sent a return"
DEFINITION = "flagged_or_titled_cse"
Row = Mapping[str, Any]
CANNOT_TELL_SCALE = (
    "how much exploitation there is: what nobody recorded, marked or listed is in no part that was counted"
)
CANNOT_TELL_TREND = "whether exploitation rose or fell: each series counts or estimates something else"
CANNOT_TELL_CLAIM = "whether the claim is true of exploitation: it is held against counts, and nothing more"
CLAIM_TEXT = {
    "no groups": "there are no groups", "none": "there is none", "falling": "it is falling", "rising": "it is rising",
    "unchanged": "it has not changed",
}  # fmt: skip


def findings(safe: Mapping[str, pa.Table], *, names: Mapping[str, str], request: str, period: str) -> Iterator[Finding]:
    """Yield one finding on the scale and one on the trends of each place, and one for each tested claim.

    `safe`: released tables.
    """
    rows = {
        name: safe[name].to_pylist() for name in ("scale_parts", "scale_trends", "scale_statements", "scale_claims")
    }
    known = {
        (row["place_code"], row.get("value", "")): row
        for name in ("distinct_counts", "distinct_counts_by_group")
        for row in safe[name].to_pylist()
        if row["counting_unit"] == "children" and row["definition"] == DEFINITION
    }
    groups = {
        row["place_code"]: row
        for row in safe["counts_by_definition"].to_pylist()
        if row["count"] == "groups_found" and row["definition"] == "found_network"
    }
    name = {EVERYWHERE: ALL_FORCES_TEXT} | dict(names)
    for place in dict.fromkeys(row["place_code"] for row in rows["scale_parts"]):
        place_parts = [row for row in rows["scale_parts"] if row["place_code"] == place]
        span = place_parts[0]["span"] or ""
        year = f", of it the financial year {span}" if span else ""
        text = " ".join(scale_parts.sentences(add_marked_counts(place_parts, known.get((place, span))), figure_text))
        sentence = f"{name[place][:1].upper()}{name[place][1:]}, {period}{year}. {text}"
        yield _finding("parts", "Q24", place, sentence, CANNOT_TELL_SCALE, request, period)
    for row in rows["scale_statements"]:
        place = row["place_code"]
        text = _series_base([trend for trend in rows["scale_trends"] if trend["place_code"] == place])
        sentence = f"{name[place][:1].upper()}{name[place][1:]}, {period}. {row['statement']}"
        yield _finding("series", "Q26", place, sentence, CANNOT_TELL_TREND, request, period, base=text)
    for row in rows["scale_claims"]:
        if row["verdict"] != "cannot be said":
            place = row["place_code"]
            sentence = claim_sentence(row, name[place], groups.get(place))
            yield _finding(
                "claim",
                "Q12" if row["subject"] == "groups" else "Q26",
                place,
                sentence,
                CANNOT_TELL_CLAIM,
                request,
                period,
                address_suffix=f"{row['claim']} {row['statement']} {row['compared_with']}",
                value=row["probability_fell"],
            )


def add_marked_counts(rows: list[Row], known: Row | None) -> list[Row]:
    """Fill in the number of children in flagged crimes, in the rows about scale for one force or country."""
    marked_counts = {name: known[name] if known else None for name in ("number", "suppressed_cells")}
    marked_counts |= {"low": known["number_low"], "high": known["number_high"]} if known else {}
    return [dict(row) | marked_counts if row["part"] == scale_parts.MARKED else row for row in rows]


def figure_text(row: Row, column: str) -> str:
    """Format a released figure; a suppressed one is 'fewer than 8'."""
    if row[column] is not None:
        return format_number(row[column])
    return "fewer than 8" if is_primary_suppressed(row, column) else "a suppressed number"


def _day(day: str) -> str:
    """Format a date: '2025-10-12' is '12 October 2025'."""
    date_value = date.fromisoformat(day)
    return f"{date_value.day} {date_value:%B %Y}"


def claim_sentence(row: Row, place: str, groups: Row | None) -> str:
    """'Fernshire said on 12 October 2025 that there are no groups. ...', with the evidence and its probability."""
    claimed = f"{place} said on {_day(row['statement_date'])} that {CLAIM_TEXT[row['statement']]}. "
    if row["subject"] == "groups":
        group_count = f" ({figure_text(groups, 'records')} under the definition of a network)" if groups else ""
        return (
            f"{claimed}Its own records show groups{group_count}. They hold two or more named suspects of one marked "
            f"crime against a child. That holds under {row['readings_with_groups']} of {row['readings']} choices of "
            "record linkage."
        )
    if row["probability_fell"] is None:
        return f"{claimed}{row['why']}"
    series_title = TITLES[row["compared_with"]]
    series_title = series_title[:1].lower() + series_title[1:]
    holds = "contradict" if row["verdict"] == "contradicted" else "bear out"
    source = "Partners\u2019 lists" if row["compared_with"] == PARTNERS else "Its own records"
    return (
        f"{claimed}{source} {holds} it for the count of {series_title}: the probability that the level "
        f"of this count "
        f"fell is {probability_phrase(row['probability_fell'])}."
    )


def _series_base(rows: list[Row]) -> str:
    """Name the probabilities that the statement is based on."""
    phrases = []
    for kind, title in TITLES.items():
        row = headline([dict(trend) for trend in rows if trend["kind"] == kind])
        if row and not row["refusal"]:
            years = "1 year" if row["years_apart"] == 1 else f"{row['years_apart']} years"
            phrases.append(f"{title}: {probability_phrase(row['probability_fell'])} that it fell over {years}")
    return "; ".join(phrases) or "no series could be followed"


def _finding(
    part: str,
    question: str,
    place: str,
    sentence: str,
    cannot_tell: str,
    request: str,
    period: str,
    *,
    base: str = "records sent, and their record linkage",
    address_suffix: str = "",
    value: float | None = None,
) -> Finding:
    source = f"returns to request {request}"
    return Finding(
        key=address("scale", part, place, address_suffix),
        question=question,
        line="scale",
        place_code=place,
        offence_key="",
        measure=f"scale_{part}",
        period=period,
        sentence=sentence,
        quote=quote(sentence, base=f"{base} ({period})", edition=source, cannot_tell=cannot_tell),
        value=value,
        low=None,
        high=None,
        base=None,
        unit="children, or the probability that a series fell",
        cannot_tell=cannot_tell,
        assumptions=f"{base[:1].upper()}{base[1:]}.",
        source=source,
        receipt="scale",
    )
