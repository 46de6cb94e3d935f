"""Scale of exploitation in one force by component: flagged, unflagged, known to partners only, and hidden.

The parts are never added to one figure; each has its own range. The number of unflagged crimes comes from an audited
sample, and the hidden part from overlaps of lists; if one is missing, the table says so and what to request. The hidden
part has a range or a refusal, never a midpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypedDict, cast

import pyarrow as pa

from assay.engine.row_schemas import arrow_schema
from assay.indicators.catalogue.scale.hidden.narrowing_lists import TOO_WIDE, is_too_wide
from assay.indicators.indicator_wording import join_words

MARKED, UNMARKED, OTHERS_ONLY, HIDDEN = "marked", "unmarked", "others only", "hidden"
POLICE_ONLY = "police only"
PARTS = (MARKED, UNMARKED, OTHERS_ONLY, HIDDEN)
"""The parts, in fixed order."""
CHILDREN, CRIMES = "children", "crimes"
TEXT, WHOLE = pa.string(), pa.int64()
ACCURACY = pa.schema(
    [("sample", TEXT), ("place_code", TEXT), ("files", WHOLE), ("correctly", WHOLE), ("should_be", WHOLE)]
    + [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
    + [("why_not", TEXT)]
)
"""Recording accuracy: the share of crimes that were correctly recorded, from a rated random sample of files."""
NO_SAMPLE = (
    "No audited sample of unmarked crimes was read, so how many there are cannot be said. Draw one: files with and "
    "without the mark, each read by somebody who does not know which it is."
)
WHOLE_PERIOD_NOTE = "The number of unmarked crimes is of the whole period."
NO_ESTIMATE = "The overlap of lists was not estimated, so nothing can be said of children on no list."
FEWEST_LISTS = 3


class ScalePartRow(TypedDict):
    """One part of the scale in one place, such as unrecorded or hidden: a number, a range, or why there is none.

    `span`: the financial year of the parts if the period is longer than one year; otherwise empty.
    """

    place_code: str
    part: str
    span: str
    unit: str
    number: int | None
    low: int | None
    high: int | None
    why_not: str | None
    methods: str | None


SCHEMA = arrow_schema(ScalePartRow)


@dataclass(frozen=True)
class PartRange:
    """The range of one estimated component of the scale, in `unit`, or the reason why there is none.

    `methods`: the disagreement between methods, in a sentence without a midpoint.
    """

    low: int | None
    high: int | None
    unit: str = CHILDREN
    why_not: str = ""
    methods: str = ""


def read_unmarked(table: pa.Table | None) -> dict[str, PartRange]:
    """Return the range of unflagged exploitation in crimes by place, from rated summaries.

    Empty for None. Columns with a midpoint are never read.
    """
    return {
        row["place_code"]: PartRange(
            _whole(row["unflagged_low"]), _whole(row["unflagged_high"]), CRIMES, row["why"] or ""
        )
        for row in (table.to_pylist() if table is not None else [])
    }


def read_hidden(table: pa.Table | None) -> dict[str, PartRange]:
    """Return the range of hidden victims in the latest year by place: all children minus those on any list.

    Columns: place_code, window_from, on_any, low, high (all children), refusal, ask_for, fold, leaning.
    """
    latest: dict[str, Mapping[str, Any]] = {}
    for row in table.to_pylist() if table is not None else []:
        latest_row = latest.get(row["place_code"])
        if latest_row is None or row["window_from"] > latest_row["window_from"]:
            latest[row["place_code"]] = row
    return {place: _hidden_range(row) for place, row in latest.items()}


def _hidden_range(row: Mapping[str, Any]) -> PartRange:
    if row["low"] is None or row["high"] is None or row["on_any"] is None:
        explanations = [words for words in (row["refusal"], row["ask_for"]) if words]
        return PartRange(None, None, why_not=" ".join(explanations) or NO_ESTIMATE)
    low, high = (max(_whole(row[end] - row["on_any"]) or 0, 0) for end in ("low", "high"))
    fold = f"Of the methods the largest answer is {row['fold']:.1f} times the smallest." if row["fold"] else ""
    too_wide = (TOO_WIDE, row["ask_for"]) if is_too_wide(row["low"], row["high"]) else ()
    return PartRange(low, high, methods=" ".join(words for words in (*too_wide, fold, row["leaning"]) if words))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def part_rows(
    places: Sequence[str],
    marked: Mapping[str, tuple[int, int, int]],
    lists: Mapping[str, Mapping[str, int]],
    only: Mapping[str, tuple[int, int]],
    unmarked: Mapping[str, PartRange],
    hidden: Mapping[str, PartRange],
    span: str = "",
    not_sent: Mapping[str, str] = MappingProxyType({}),
) -> list[ScalePartRow]:
    """Return the known, unrecorded and hidden parts of the amount of exploitation, by place.

    `span` is a financial year, or empty for the whole period.

    `marked`: children in flagged crimes by place, with their range over linkages. `lists`: entries by place and
    partner list. `only`: children known to partners only, and to police only. `not_sent`: by place, why the children
    known to police are unknown, if records were not sent.
    """
    rows: list[ScalePartRow] = []
    for place in places:
        why = not_sent.get(place, "")
        number, low, high = marked.get(place, (0, 0, 0))
        known = {"why_not": why} if why else {"number": number, "low": low, "high": high}
        rows.append(_row(place, MARKED, CHILDREN, **known))
        rows.append(_range_row(place, UNMARKED, unmarked.get(place), NO_SAMPLE))
        if span and rows[-1]["high"] is not None:
            rows[-1]["methods"] = WHOLE_PERIOD_NOTE
        rows += _partner_rows(place, lists.get(place, {}), only.get(place), why)
        rows.append(_range_row(place, HIDDEN, hidden.get(place), _why_no_hidden(lists.get(place, {}))))
    return [row | {"span": span} for row in rows]


def _row(place: str, part: str, unit: str, **more: Any) -> ScalePartRow:
    columns = {"place_code": place, "part": part, "unit": unit} | more
    return cast(ScalePartRow, dict.fromkeys(SCHEMA.names) | columns)


def _range_row(place: str, part: str, part_range: PartRange | None, fallback: str) -> ScalePartRow:
    if part_range is None or (part_range.low is None and not part_range.why_not):
        return _row(place, part, CHILDREN, why_not=fallback)
    if part_range.why_not or part_range.high is None:
        return _row(place, part, part_range.unit, why_not=part_range.why_not or fallback, methods=part_range.methods)
    return _row(place, part, part_range.unit, low=part_range.low, high=part_range.high, methods=part_range.methods)


def _partner_rows(
    place: str, lists: Mapping[str, int], only: tuple[int, int] | None, police: str
) -> list[ScalePartRow]:
    if lists and police:
        return [_row(place, part, CHILDREN, why_not=police) for part in (OTHERS_ONLY, POLICE_ONLY)]
    if not lists or only is None:
        why = f"No partner's list came, so whom only others know cannot be said. {request_sentence(lists)}"
        return [_row(place, part, CHILDREN, why_not=why) for part in (OTHERS_ONLY, POLICE_ONLY)]
    return [
        _row(place, part, CHILDREN, number=number)
        for part, number in zip((OTHERS_ONLY, POLICE_ONLY), only, strict=True)
    ]


def _why_no_hidden(lists: Mapping[str, int]) -> str:
    """Say why there is no hidden part: fewer than three partner lists are too few. Police crimes and missing episodes
    are one list each."""
    if len(lists) >= FEWEST_LISTS - 1:
        return NO_ESTIMATE
    count = "No partner's list" if not lists else "One partner's list"
    return f"{count} came: of children on no list nothing can be estimated. {request_sentence(lists)}"


def request_sentence(lists: Iterable[str]) -> str:
    """Return the sentence that says which missing partner lists to request next."""
    list_texts = {
        "local_authority": "the local authority's list of children at risk of exploitation",
        "health": "a list of health services",
        "education": "one of schools",
        "voluntary": "one of voluntary organisations",
    }
    ask = [words for kind, words in list_texts.items() if kind not in set(lists)]
    return f"Ask for {join_words(ask)}." if ask else "Ask for the lists of earlier years."


def sentences(rows: Iterable[Mapping[str, Any]], say: Any) -> list[str]:
    """Return the sentences on one place: children known to police, to partners only, the range, and disagreements.

    `say(row, column)` formats a released figure.
    """
    by_part = {row["part"]: row for row in rows}
    marked, unmarked, partners_only, hidden = (by_part.get(part) for part in PARTS)
    texts = []
    if marked:
        texts.append(_known_sentence(marked, unmarked, say))
    if partners_only:
        texts.append(
            (f"Known to others only: {_follows(partners_only['why_not'])}" if partners_only["why_not"] else "")
            or (
                f"Known to others only: {say(partners_only, 'number')} children on partners' lists, and in no "
                f"crime or missing "
                "episode that the police hold."
            )
        )
    if hidden:
        texts += _hidden_sentences(hidden, say)
    return texts


def _hidden_sentences(hidden: Mapping[str, Any], say: Any) -> list[str]:
    """Return the sentences on hidden victims; where the range is too wide to be of use, they begin with that."""
    methods = hidden["methods"] or "How far methods disagree cannot be said: none gave an estimate here."
    if hidden["why_not"]:
        return [f"What the lists allow: {_follows(hidden['why_not'])}", methods]
    interval = f"from {say(hidden, 'low')} to {say(hidden, 'high')} children on no list."
    if has_wide_range(hidden):
        return [f"What the lists allow: {_follows(methods)}", f"It goes {interval}"]
    return [f"What the lists allow: {interval}", methods]


def has_wide_range(hidden: Mapping[str, Any]) -> bool:
    """Return True if the row on hidden victims says that the range is too wide to be of use."""
    return (hidden["methods"] or "").startswith(TOO_WIDE)


def _follows(why: str) -> str:
    """Format the reason why a part is missing, to follow the name of the part."""
    return why[:1].lower() + why[1:]


def _known_sentence(marked: Mapping[str, Any], unmarked: Mapping[str, Any] | None, say: Any) -> str:
    first = f"Known to the police and marked: {say(marked, 'number')} children{_linkage_range(marked, say)}"
    if marked["why_not"]:
        first = f"Known to the police and marked: {_follows(marked['why_not']).rstrip('.')}"
    if unmarked is None or unmarked["why_not"]:
        more = f" Known and not marked: {_follows(unmarked['why_not'])}" if unmarked else ""
        return f"{first}.{more}"
    more = f" {unmarked['methods']}" if unmarked["methods"] else ""
    ends = f"from {say(unmarked, 'low')} to {say(unmarked, 'high')} {unmarked['unit']}"
    return f"{first}; known and not marked: {ends}.{more}"


def _linkage_range(marked: Mapping[str, Any], say: Any) -> str:
    """Format the range of the number over alternative linkages; '' if it does not vary."""
    if None in (marked["low"], marked["high"]) or marked["low"] == marked["high"]:
        return ""
    return f" ({say(marked, 'low')} to {say(marked, 'high')}, by choice of record linkage)"
