"""What do victims and survivors say on one line of enquiry, or of one force; who was asked, and where was nobody?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from assay.report.number_words import listed, plural
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.inspection.figure_sentences import count_words, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

NO_SHARE = (
    "They stand for themselves and for nobody who did not answer, so there is no share, no rate and no rank. Counts "
    "are rounded to 5; from 1 to 7 they are not shown."
)
TITLES = {
    "survey": "A survey",
    "conversations": "Conversations",
    "advocates": "Figures of an advocacy service",
    "complaints": "Complaints and requests for a review",
}
OF_ADVOCATES = "responses"
"""The line of enquiry to which the figures of advocates speak."""
COMPLAINTS = {"complaint": "Complaint", "right_to_review": "Request for a review"}


def of_line(site: Inspection, line: str) -> dict[str, Any]:
    """What the section of one line of enquiry is told: across forces, force by force, and where nobody was asked."""
    national = [asking for row in site.by("voices_asked", place_code=ALL) if (asking := _asking(site, row, line))]
    local, silent = [], []
    for force in site.forces:
        rows = site.by("voices_asked", place_code=force["place_code"])
        askings = [asking for row in rows if (asking := _asking(site, row, line))]
        cell = place_cell(site, force["place_code"])
        if askings:
            local.append((cell, askings))
        if not any(one["spoken"] for one in askings):
            silent.append(cell)
    return {
        "national": national,
        "local": local,
        "silent": silent,
        "heard": _heard_words(len(site.forces) - len(silent), len(site.forces), bool(national)),
        "themes": _themes_together(site, line),
        "quotes": [row["text"] for row in site.by("voices_quoted", line=line)],
        "note": NO_SHARE,
    }


def of_force(site: Inspection, place: str) -> dict[str, Any]:
    """What the section of one force is told: every asking there, on every line."""
    rows = site.by("voices_asked", place_code=place)
    return {"askings": [_asking(site, row, "") for row in rows], "note": NO_SHARE}


def _heard_words(asked: int, bodies: int, national: bool) -> str:
    """In how many bodies, and whether across forces, victims and survivors were asked about a line of enquiry."""
    of = plural(bodies, "body", "bodies")
    some = f"In {asked} of {of} victims and survivors were asked about this; in the others, nobody was."
    here = some if 0 < asked < bodies else (
        f"In every one of {of} victims and survivors were asked about this." if asked else
        f"Nobody was asked about this in any of {of}."
    )  # fmt: skip
    across = "They were asked across forces too; what was said there belongs to no force."
    return f"{here} {across if national else 'Nobody was asked across forces.'}"


def _asking(site: Inspection, row: Row, line: str) -> dict[str, Any] | None:
    """One asking as a block, with what it says on a line ('' for every line); None if it does not speak to that line.

    One of which too few answered is shown on every line: that they were asked is all that is known of it here.
    """
    key = {"place_code": row["place_code"], "voice": row["voice"]}
    name = f"{_place(site, row['place_code'])}, {row['voice']}"  # so that no two tables of a page bear one name
    tables = [
        table
        for table in (
            *_answers(name, _on(line, site.by("voices_said", **key))),
            _themes(name, _on(line, site.by("voices_themes", **key))),
            _advocates(name, site.by("voices_advocates", **key)) if line in ("", OF_ADVOCATES) else None,
            _complaints(name, _on(line, site.by("voices_complaints", **key))),
        )
        if table
    ]
    spoken = row["kind"] in ("survey", "conversations")
    quiet = spoken and bool(row["too_few"])
    if line and not tables and not quiet:
        return None
    return {
        "title": f"{TITLES[row['kind']]}, {_days(row['began_on'], row['ended_on'])} ({row['voice']})",
        "who": _who(row, spoken),
        "spoken": spoken,
        "consent": row["consent"],
        "not_reached": row["not_reached"].rstrip("."),
        "quiet": "Too few answered for what they said to be shown: somebody might tell who said it." if quiet else "",
        "tables": tables,
        "id": "".join(letter if letter.isalnum() else "-" for letter in row["voice"].lower()),
    }


def _place(site: Inspection, place: str) -> str:
    return "Across forces" if place == ALL else site.name(place)


def _on(line: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if line in ("", row["line"])]


def _who(row: Row, spoken: bool) -> str:
    if not spoken:
        return f"Nobody was asked anew: these are counts. {row['chosen'].capitalize()}."
    asked = f"{count_words(row, 'asked')} were asked" if row["asked"] is not None or row["hidden"] else (
        "how many were asked is not known"
    )  # fmt: skip
    answered = f"{count_words(row, 'answered')} answered"
    return f"{row['asked_of'].capitalize()}, {row['how_asked']}; {row['chosen']}. {asked.capitalize()}, {answered}."


def _days(first: str, last: str) -> str:
    start, stop = date.fromisoformat(first), date.fromisoformat(last)
    return f"{start.day} {start:%B %Y} to {stop.day} {stop:%B %Y}"


def _answers(name: str, rows: Sequence[Row]) -> list[Grid]:
    """One table a question, its options as they were offered."""
    questions: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["place"]):
        questions.setdefault(row["question"], []).append(row)
    return [
        grid(f"{name}: {asked}", ("Answer", "#People"), [(row["option"], count_words(row, "people")) for row in mine])
        for asked, mine in questions.items()
    ]


def _themes(name: str, rows: Sequence[Row]) -> Grid | None:
    order = sorted(rows, key=lambda row: (-(row["people"] or 0), row["theme_words"]))
    told = [(row["theme_words"].capitalize(), count_words(row, "people")) for row in order]
    note = "A person may bring up several."
    return grid(f"{name}: in their own words, by theme", ("Theme", "#People"), told, note=note) if told else None


def _advocates(name: str, rows: Sequence[Row]) -> Grid | None:
    counts = ("offered", "taken_up", "declined", "no_answer")
    told = [
        (_quarter(row["quarter"]), *(count_words(row, name) for name in counts), _wait(row["median_wait_days"]))
        for row in rows
    ]
    heads = ("Quarter from", "#Offered", "#Taken up", "#Declined", "#No answer yet", "#Half met somebody within")
    return grid(f"{name}: whether an advocate was offered", heads, told, dense=True) if told else None


def _wait(days: int | None) -> str:
    return "not given" if days is None else plural(days, "day")


def _complaints(name: str, rows: Sequence[Row]) -> Grid | None:
    counts = ("received", "answered_in_time", "upheld")
    told = [
        (_quarter(row["quarter"]), COMPLAINTS[row["kind"]], *(count_words(row, name) for name in counts))
        for row in rows
    ]
    heads = ("Quarter from", "Kind", "#Received", "#Answered in time", "#Upheld or decided anew")
    return grid(f"{name}: complaints and requests for a review", heads, told) if told else None


def _quarter(day: str) -> str:
    start = date.fromisoformat(day)
    return f"{start.day} {start:%B %Y}"


def _themes_together(site: Inspection, line: str) -> Grid | None:
    """In how many forces a theme came up: a count of forces, for the numbers of people do not add up across them."""
    places: dict[str, set[str]] = {}
    for row in _on(line, site.rows("voices_themes")):
        if row["place_code"] != ALL:
            places.setdefault(row["theme_words"], set()).add(row["place_code"])
    order = sorted(places.items(), key=lambda one: (-len(one[1]), one[0]))
    rows: list[tuple[str | Cell, ...]] = [
        (words.capitalize(), str(len(codes)), listed(sorted(site.name(code) for code in codes)))
        for words, codes in order
    ]
    heads = ("Theme", "#Forces where it came up", "Which")
    return grid("What came up, and in how many forces", heads, rows) if rows else None
