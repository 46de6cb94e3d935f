"""Sentences on the estimated number of hidden children in one place and year.

There are four: known to police; known to others only; the range that the lists allow; disagreement between methods. The
sentences are built from released rows, so they hold no suppressed count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.hidden.hidden_tables import ACROSS_FORCES
from assay.indicators.catalogue.scale.hidden.narrowing_lists import TOO_WIDE, is_too_wide
from assay.indicators.findings import Finding, address, quote
from assay.sdc.cell_status import CellStatus, cell_status
from assay.sdc.released_rows.grading_rows import HiddenVictimsRow
from assay.wording import count_phrase, format_number

Row = Mapping[str, Any]
MissingListCounts = tuple[int, int]
MEASURE = "hidden"
CANNOT_TELL = (
    "who is exploited and known to nobody, or whom no list could ever hold. It is inferred from how lists overlap, and "
    "no overlap can check that."
)
ASSUMPTIONS = (
    "How lists depend on one another, as declared pair by pair; that all lists mean the same children in the same "
    "year; and who was taken for one child."
)
UNIT = "children"
SMALL_COUNT, SUPPRESSED_COUNT, UNKNOWN_COUNT = "fewer than 8", "a suppressed number", "not known"
ALL_FORCES_TEXT = "all forces together, a child whom two forces know counted in each"


def sentences(row: HiddenVictimsRow, missing_lists: MissingListCounts = (0, 0)) -> tuple[str, str, str, str]:
    """Return sentences on children known to police, children known to partners only, the range, and the methods.

    `missing_lists`: for all places combined, the number of places without a police list, and without a partner list.
    """
    return (
        _police_sentence(row, missing_lists),
        _partner_sentence(row, missing_lists),
        _range_sentence(row),
        _disagreement(row),
    )


def _police_sentence(row: HiddenVictimsRow, missing_lists: MissingListCounts) -> str:
    if not row["lists"]:
        return "Known to police: it cannot be said, since no list came."
    if not was_counted(row, "known_to_police"):
        return "Known to police: not known, since no police list came."
    sentence = f"Known to police: {count_text(row, 'known_to_police')} children on a police list"
    missing_sentence = _missing_list_sentence(missing_lists[0], "police list")
    if not was_counted(row, "known_to_partners"):
        return (
            f"{sentence}; how many of them are on no partner's list is not known, since no partner's list "
            f"came.{missing_sentence}"
        )
    return f"{sentence}, {count_text(row, 'police_only')} of them on no partner's list.{missing_sentence}"


def _partner_sentence(row: HiddenVictimsRow, missing_lists: MissingListCounts) -> str:
    if not row["lists"]:
        return "Known to others only: it cannot be said, since no list came."
    if not was_counted(row, "known_to_partners"):
        return "Known to others only: not known, since no partner's list came."
    if not was_counted(row, "known_to_police"):
        return (
            f"Known to others only: not known, since no police list came; "
            f"{count_text(row, 'known_to_partners')} children are on a partner's list."
        )
    here = (
        f"Known to others only: {count_text(row, 'partners_only')} children on a partner's list and on no police list."
    )
    maybe = (
        f" From {count_phrase(missing_lists[0], 'place')} no police list came, so children there may be "
        f"known to police too."
    )
    return here + (maybe if missing_lists[0] else "") + _missing_list_sentence(missing_lists[1], "partner's list")


def _missing_list_sentence(places: int, list_name: str) -> str:
    """Say that the count lacks places, which are not counted as zero."""
    if not places:
        return ""
    return f" From {count_phrase(places, 'place')} no {list_name} came, so children there are not in this count."


def was_counted(row: Row, column: str) -> bool:
    """Return True if the count exists, suppressed or not.

    An empty cell counts only if disclosure control emptied it.
    """
    return row[column] is not None or count_text(row, column) != UNKNOWN_COUNT


def count_text(row: Row, column: str) -> str:
    """Format a released count, or say why it is not shown."""
    if row[column] is not None:
        return format_number(row[column])
    texts = {CellStatus.PRIMARY: SMALL_COUNT, CellStatus.SECONDARY: SUPPRESSED_COUNT}
    return texts.get(cell_status(row, column), UNKNOWN_COUNT)


def lowest_total(row: HiddenVictimsRow) -> float | None:
    """Return the lower end of a released range, which is never below the released count of children on any list.

    The release rounds the lower end down until it is clear of the exact count. The larger of two released numbers
    reveals nothing that the two do not.
    """
    if row["low"] is None or row["on_any"] is None:
        return None if row["low"] is None else float(row["low"])
    return max(float(row["low"]), float(row["on_any"]))


def _range_sentence(row: HiddenVictimsRow) -> str:
    low = lowest_total(row)
    if low is not None and row["low"] is not None and row["high"] is not None:
        interval = f"from {format_number(low)} to {format_number(row['high'])}"
        text = f"What the lists allow: {interval} children in all, on a list or on none."
        if not is_too_wide(row["low"], row["high"]):
            return text
        parts = (f"What the lists allow: {TOO_WIDE[:1].lower()}{TOO_WIDE[1:]}", row["ask_for"])
        return " ".join(filter(None, (*parts, f"It goes {interval} children in all.")))
    why = row["refusal"] or "The range rests on too few children to be shown."
    why = why.removeprefix("Not estimated: ")
    # A request without a refusal belongs to a range that is too wide: beside a suppressed range it would tell so.
    request = f" {row['ask_for']}" if row["refusal"] and row["ask_for"] else ""
    return f"What the lists allow: not estimated. {why[:1].upper()}{why[1:]}{request}"


def _disagreement(row: Row) -> str:
    if row["low"] is None:
        return "How far methods disagree: no method is quoted where nothing is estimated."
    if row["fold"] is None:
        return (
            f"How far methods disagree: see each force; {format_number(row['places_estimated'])} of "
            f"{format_number(row['places'])} "
            "forces could be estimated, and their ranges are added end to end."
        )
    leaning = f" {row['leaning']}" if row["leaning"] else ""
    return (
        f"How far methods disagree: {format_number(row['methods'])} methods, the largest answer "
        f"{row['fold']:.1f} times the "
        f"smallest.{leaning}"
    )


def _missing_lists(rows: Sequence[HiddenVictimsRow], whole: HiddenVictimsRow) -> MissingListCounts:
    """Return, for all forces combined, the number of places with lists but no police list, and with no partner list."""
    if whole["place_code"] != EVERYWHERE:
        return 0, 0
    aggregate_places = (EVERYWHERE, ACROSS_FORCES)
    places = [
        row for row in rows if row["window_from"] == whole["window_from"] and row["place_code"] not in aggregate_places
    ]
    places = [row for row in places if row["lists"]]
    police, partners = (
        sum(not was_counted(row, name) for row in places) for name in ("known_to_police", "known_to_partners")
    )
    return police, partners


def window_words(row: HiddenVictimsRow) -> str:
    """Format the window: '1 April 2025 to 31 March 2026'."""
    first = date.fromisoformat(row["window_from"])
    last = date.fromisoformat(row["window_to"]) - timedelta(days=1)
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def hidden_findings(rows: Iterable[HiddenVictimsRow], names: Mapping[str, str], request: str) -> Iterator[Finding]:
    """Yield one finding for each place and window, with its range and no value."""
    known = {**names, EVERYWHERE: ALL_FORCES_TEXT, ACROSS_FORCES: "a table of overlaps across forces"}
    rows = list(rows)
    for row in rows:
        window, place = window_words(row), known.get(row["place_code"], row["place_code"])
        text = " ".join(sentences(row, _missing_lists(rows, row)))
        sentence = f"Children exploited ({place}; {window}). {text}"
        base = f"{count_text(row, 'on_any')} children on any list"
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
            low=lowest_total(row),
            high=row["high"],
            base=row["on_any"],
            unit=UNIT,
            cannot_tell=CANNOT_TELL,
            assumptions=ASSUMPTIONS,
            source=edition,
            receipt="hidden",
        )
