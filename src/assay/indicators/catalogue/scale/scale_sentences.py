"""What may be said of how much there is, and of forces' own claims, from the figures that everyone sees?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import scale_parts
from assay.indicators.catalogue.scale.record_series import TITLES, headline
from assay.indicators.findings import Finding, address, quote
from assay.indicators.indicator_wording import chance, number

EVERYBODY = "all bodies that sent a return"
DEFINITION = "flagged_or_titled_cse"
Row = Mapping[str, Any]
CANNOT_TELL_SCALE = (
    "how much exploitation there is: what nobody recorded, marked or listed is in no part that was counted"
)
CANNOT_TELL_TREND = "whether exploitation rose or fell: each series counts or estimates something else"
CANNOT_TELL_CLAIM = "whether the claim is true of exploitation: it is held against counts, and nothing more"
SAID = {
    "no groups": "there are no groups", "none": "there is none", "falling": "it is falling", "rising": "it is rising",
    "unchanged": "it has not changed",
}  # fmt: skip


def findings(safe: Mapping[str, pa.Table], *, names: Mapping[str, str], request: str, period: str) -> Iterator[Finding]:
    """One finding on the parts and one on the series of each place, and one for each claim that its records contradict
    or bear out. `safe`: tables as disclosure lets them out."""
    rows = {
        name: safe[name].to_pylist() for name in ("scale_parts", "scale_trends", "scale_statements", "scale_claims")
    }
    known = {
        (row["place_code"], row.get("value", "")): row
        for name in ("distinct", "distinct_parts")
        for row in safe[name].to_pylist()
        if row["counted"] == "children" and row["definition"] == DEFINITION
    }
    groups = {
        row["place_code"]: row
        for row in safe["counts"].to_pylist()
        if row["count"] == "groups_found" and row["definition"] == "found_network"
    }
    name = {EVERYWHERE: EVERYBODY} | dict(names)
    for place in dict.fromkeys(row["place_code"] for row in rows["scale_parts"]):
        mine = [row for row in rows["scale_parts"] if row["place_code"] == place]
        span = mine[0]["span"] or ""
        year = f", of it the financial year {span}" if span else ""
        told = " ".join(scale_parts.sentences(with_known(mine, known.get((place, span))), say))
        said = f"{name[place][:1].upper()}{name[place][1:]}, {period}{year}. {told}"
        yield _finding("parts", "Q24", place, said, CANNOT_TELL_SCALE, request, period)
    for row in rows["scale_statements"]:
        place = row["place_code"]
        told = _of_series([one for one in rows["scale_trends"] if one["place_code"] == place])
        said = f"{name[place][:1].upper()}{name[place][1:]}, {period}. {row['statement']}"
        yield _finding("series", "Q26", place, said, CANNOT_TELL_TREND, request, period, base=told)
    for row in rows["scale_claims"]:
        if row["verdict"] != "cannot be said":
            place = row["place_code"]
            said = of_claim(row, name[place], groups.get(place))
            yield _finding(
                "claim", "Q12" if row["about"] == "groups" else "Q26", place, said, CANNOT_TELL_CLAIM, request, period,
                apart=f"{row['claim']} {row['said']} {row['held_against']}", value=row["probability_fell"],
            )  # fmt: skip


def with_known(rows: list[Row], known: Row | None) -> list[Row]:
    """The parts of a place, with the number of marked children from the table that holds it."""
    told = {name: known[name] if known else None for name in ("number", "hidden")}
    told |= {"low": known["number_low"], "high": known["number_high"]} if known else {}
    return [dict(row) | told if row["part"] == scale_parts.MARKED else row for row in rows]


def say(row: Row, column: str) -> str:
    """A released figure in words: one that is hidden is 'fewer than 8'."""
    if row[column] is not None:
        return number(row[column])
    words = (row.get("hidden") or "").split()
    return "fewer than 8" if column in words else "a number that is kept back"


def _day(day: str) -> str:
    """'2025-10-12' as '12 October 2025'."""
    held = date.fromisoformat(day)
    return f"{held.day} {held:%B %Y}"


def of_claim(row: Row, place: str, groups: Row | None) -> str:
    """'Fernshire said on 12 October 2025 that there are no groups. ...', with the evidence and its probability."""
    claimed = f"{place} said on {_day(row['said_on'])} that {SAID[row['said']]}. "
    if row["about"] == "groups":
        shown = f" ({say(groups, 'records')} under the definition of a network)" if groups else ""
        return (
            f"{claimed}Its own records show groups{shown}: in {row['readings_held']} of {row['readings']} ways to "
            "decide who is the same person they hold two or more named suspects of one marked crime against a child."
        )
    if row["probability_fell"] is None:
        return f"{claimed}{row['why']}"
    counted = TITLES[row["held_against"]]
    counted = counted[:1].lower() + counted[1:]
    holds = "contradict" if row["verdict"] == "contradicted" else "bear out"
    return (
        f"{claimed}Its own records {holds} it for the count of {counted}: the probability that the level of this count "
        f"fell is {chance(row['probability_fell'])}."
    )


def _of_series(rows: list[Row]) -> str:
    """Which probabilities the statement rests on."""
    told = []
    for kind, title in TITLES.items():
        row = headline([dict(one) for one in rows if one["kind"] == kind])
        if row and not row["refusal"]:
            years = "1 year" if row["years_apart"] == 1 else f"{row['years_apart']} years"
            told.append(f"{title}: {chance(row['probability_fell'])} that it fell over {years}")
    return "; ".join(told) or "no series could be followed"


def _finding(
    what: str,
    question: str,
    place: str,
    sentence: str,
    cannot_tell: str,
    request: str,
    period: str,
    *,
    base: str = "records sent, and who is the same person in them",
    apart: str = "",
    value: float | None = None,
) -> Finding:
    source = f"returns to request {request}"
    return Finding(
        key=address("scale", what, place, apart),
        question=question,
        line="scale",
        place_code=place,
        offence_key="",
        measure=f"scale_{what}",
        period=period,
        sentence=sentence,
        quote=quote(sentence, base=f"{base} ({period})", edition=source, cannot_tell=cannot_tell),
        value=value,
        low=None,
        high=None,
        base=None,
        unit="children, or the probability that a series fell",
        cannot_tell=cannot_tell,
        leans_on=f"{base[:1].upper()}{base[1:]}.",
        source=source,
        receipt="scale",
    )
