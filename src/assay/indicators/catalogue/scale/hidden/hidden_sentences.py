"""What may be said of hidden children in one place and year, and in which order?

The order is fixed: known to police; known to others only; what the lists allow, from A to B; how far methods disagree.
The sentences are made of rows that disclosure has passed, so no count in them is one that may not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.hidden.hidden_tables import ACROSS
from assay.indicators.findings import Finding, address, quote
from assay.wording import counted, number

Row = Mapping[str, Any]
Without = tuple[int, int]
MEASURE = "hidden"
CANNOT_TELL = (
    "whom no list could ever hold, nor who is exploited and known to nobody: it is inferred from how lists overlap, "
    "and no overlap can check that."
)
LEANS_ON = (
    "How lists depend on one another, as declared pair by pair; that all lists mean the same children in the same "
    "year; and who was taken for one child."
)
UNIT = "children"
FEW, KEPT, NOTHING = "fewer than 8", "a number kept back", "not known"
TOGETHER = "all forces together, a child whom two forces know counted in each"


def sentences(row: Row, without: Without = (0, 0)) -> tuple[str, str, str, str]:
    """The four sentences of one place and year, in their order. `without`: of all together, from how many places no
    list of the police came, and from how many none of partners."""
    return _police(row, without), _others(row, without), _allowed(row), _disagreement(row)


def _police(row: Row, without: Without) -> str:
    if not row["lists"]:
        return "Known to police: it cannot be said, since no list came."
    if not came(row, "known_to_police"):
        return "Known to police: not known, since no police list came."
    here = f"Known to police: {count(row, 'known_to_police')} children on a police list"
    more = _nothing_from(without[0], "police list")
    if not came(row, "known_to_partners"):
        return f"{here}; how many of them are on no partner's list is not known, since no partner's list came.{more}"
    return f"{here}, {count(row, 'police_only')} of them on no partner's list.{more}"


def _others(row: Row, without: Without) -> str:
    if not row["lists"]:
        return "Known to others only: it cannot be said, since no list came."
    if not came(row, "known_to_partners"):
        return "Known to others only: not known, since no partner's list came."
    if not came(row, "known_to_police"):
        return (
            f"Known to others only: not known, since no police list came; "
            f"{count(row, 'known_to_partners')} children are on a partner's list."
        )
    here = f"Known to others only: {count(row, 'partners_only')} children on a partner's list and on no police list."
    maybe = f" From {counted(without[0], 'place')} no police list came, so children there may be known to police too."
    return here + (maybe if without[0] else "") + _nothing_from(without[1], "partner's list")


def _nothing_from(places: int, what: str) -> str:
    """That the count lacks places, which are no zero in it."""
    if not places:
        return ""
    return f" From {counted(places, 'place')} no {what} came, so children there are not in this count."


def came(row: Row, column: str) -> bool:
    """Whether there is such a count, shown or not: an empty one that disclosure did not empty was never counted."""
    return row[column] is not None or count(row, column) != NOTHING


def count(row: Row, column: str) -> str:
    """A count as it may be said, or why it may not."""
    if row[column] is not None:
        return number(row[column])
    words = (row.get("hidden") or "").split()
    return FEW if column in words else KEPT if f"kept-back:{column}" in words else NOTHING


def _allowed(row: Row) -> str:
    if row["low"] is not None and row["high"] is not None:
        between = f"from {number(row['low'])} to {number(row['high'])}"
        nearer = "" if row["verdict"] == "range" else "; nearer than that it cannot be said"
        return f"What the lists allow: {between} children in all, on a list or on none{nearer}."
    why = row["refusal"] or "The range rests on too few children to be shown."
    why = why.removeprefix("Not estimated: ")
    asked = f" {row['ask_for']}" if row["ask_for"] else ""
    return f"What the lists allow: not estimated. {why[:1].upper()}{why[1:]}{asked}"


def _disagreement(row: Row) -> str:
    if row["low"] is None:
        return "How far methods disagree: no method is quoted where nothing is estimated."
    if row["fold"] is None:
        return (
            f"How far methods disagree: see each force; {number(row['places_estimated'])} of {number(row['places'])} "
            "forces could be estimated, and their ranges are added end to end."
        )
    leaning = f" {row['leaning']}" if row["leaning"] else ""
    return (
        f"How far methods disagree: {number(row['methods'])} methods, the largest answer {row['fold']:.1f} times the "
        f"smallest.{leaning}"
    )


def _without(rows: Sequence[Row], whole: Row) -> Without:
    """Of the row of all together: from how many places with a list no list of the police came, or none of partners."""
    if whole["place_code"] != EVERYWHERE:
        return 0, 0
    apart = (EVERYWHERE, ACROSS)
    places = [row for row in rows if row["window_from"] == whole["window_from"] and row["place_code"] not in apart]
    places = [row for row in places if row["lists"]]
    police, partners = (sum(not came(row, name) for row in places) for name in ("known_to_police", "known_to_partners"))
    return police, partners


def window_words(row: Row) -> str:
    """'1 April 2025 to 31 March 2026'."""
    first = date.fromisoformat(row["window_from"])
    last = date.fromisoformat(row["window_to"]) - timedelta(days=1)
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def hidden_findings(rows: Iterable[Row], names: Mapping[str, str], request: str) -> Iterator[Finding]:
    """One finding a place and window, with its range and no value."""
    known = {**names, EVERYWHERE: TOGETHER, ACROSS: "a table of overlaps across forces"}
    rows = list(rows)
    for row in rows:
        window, place = window_words(row), known.get(row["place_code"], row["place_code"])
        told = " ".join(sentences(row, _without(rows, row)))
        sentence = f"Children exploited ({place}; {window}). {told}"
        base = f"{count(row, 'on_any')} children on any list"
        edition = f"returns to request {request}"
        yield Finding(
            key=address(MEASURE, row["place_code"], row["window_from"]),
            question="Q25",
            line="scale",
            place_code=row["place_code"],
            offence_key="",
            measure=MEASURE,
            period=window,
            sentence=sentence,
            quote=quote(sentence, base=base, edition=edition, cannot_tell=CANNOT_TELL),
            value=None,
            low=row["low"],
            high=row["high"],
            base=row["on_any"],
            unit=UNIT,
            cannot_tell=CANNOT_TELL,
            leans_on=LEANS_ON,
            source=edition,
            receipt="hidden",
        )
