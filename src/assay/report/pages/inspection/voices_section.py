"""The section on what victims and survivors say about a theme or a force, and in which forces nobody was consulted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from assay.report.number_words import join_list, plural
from assay.report.page_elements import Cell, Grid, grid
from assay.report.pages.inspection.figure_sentences import count_text, place_cell
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.cell_status import has_suppressed_cell
from assay.sdc.released_rows.people_rows import (
    AdvocateSupportRow,
    PublishedQuotationsRow,
    VoiceAnswerCountsRow,
    VoiceCollectionsRow,
    VoiceComplaintsRow,
    VoiceThemeCountsRow,
)

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
ADVOCATE_THEME = "responses"
"""The inspection theme of the figures on advocates."""
COMPLAINTS = {"complaint": "Complaint", "right_to_review": "Request for a review"}


def theme_voices(site: Inspection, line: str) -> dict[str, Any]:
    """Return what victims and survivors say on a theme ('': all), by force, and the forces that asked nobody."""
    national = [
        consultation
        for row in site.find_rows(VoiceCollectionsRow, place_code=ALL)
        if (consultation := _consultation(site, row, line))
    ]
    local, places_without_voices = [], []
    forces = [row for row in site.forces if not site.is_withheld(row["place_code"])]
    for force in forces:
        rows = site.find_rows(VoiceCollectionsRow, place_code=force["place_code"])
        consultations = [consultation for row in rows if (consultation := _consultation(site, row, line))]
        cell = place_cell(site, force["place_code"])
        if consultations:
            local.append((cell, consultations))
        if not any(item["spoken"] for item in consultations):
            places_without_voices.append(cell)
    return {
        "national": national,
        "local": local,
        "silent": places_without_voices,
        "heard": _coverage_sentence(len(forces) - len(places_without_voices), len(forces), bool(national)),
        "themes": _themes_by_force(site, line),
        "quotes": [row["text"] for row in _theme_rows(line, site.rows(PublishedQuotationsRow))],
        "note": NO_SHARE,
    }


def force_voices(site: Inspection, place: str) -> dict[str, Any]:
    """Return every consultation in one force, on every theme."""
    rows = site.find_rows(VoiceCollectionsRow, place_code=place)
    return {"askings": [_consultation(site, row, "") for row in rows], "note": NO_SHARE}


def _coverage_sentence(consulted: int, force_count: int, national: bool) -> str:
    """Say in how many forces, and whether nationally, victims and survivors were consulted on a theme."""
    total_text = plural(force_count, "force")
    partial_text = (
        f"In {consulted} of {total_text} victims and survivors were asked about this; in the others, nobody was."
    )
    here = partial_text if 0 < consulted < force_count else (
        f"In every one of {total_text} victims and survivors were asked about this." if consulted else
        f"Nobody was asked about this in any of {total_text}."
    )  # fmt: skip
    national_text = "They were asked across forces too; what was said there belongs to no force."
    return f"{here} {national_text if national else 'Nobody was asked across forces.'}"


def _consultation(site: Inspection, row: Row, line: str) -> dict[str, Any] | None:
    """Return one consultation with its results on a theme ('' for all themes); None if it has none.

    A consultation with too few answers is shown on every theme, because only the fact that it took place is released.
    """
    key = {"place_code": row["place_code"], "voice": row["voice"]}
    name = f"{_place(site, row['place_code'])}, {row['voice']}"  # so that no two tables of a page have the same name
    tables = [
        table
        for table in (
            *_answers(name, _theme_rows(line, site.find_rows(VoiceAnswerCountsRow, **key))),
            _themes(name, _theme_rows(line, site.find_rows(VoiceThemeCountsRow, **key))),
            _advocates(name, site.find_rows(AdvocateSupportRow, **key)) if line in ("", ADVOCATE_THEME) else None,
            _complaints(name, _theme_rows(line, site.find_rows(VoiceComplaintsRow, **key))),
        )
        if table
    ]
    spoken = row["kind"] in ("survey", "conversations")
    quiet = spoken and bool(row["too_few"])
    if line and not tables and not quiet:
        return None
    return {
        "title": f"{TITLES[row['kind']]}, {_days(row['began_on'], row['ended_on'])} ({row['voice']})",
        "who": _respondents_sentence(row, spoken),
        "spoken": spoken,
        "consent": row["consent"],
        "not_reached": row["not_reached"].rstrip("."),
        "quiet": "Too few answered for what they said to be shown: somebody might tell who said it." if quiet else "",
        "tables": tables,
        "id": "".join(letter if letter.isalnum() else "-" for letter in row["voice"].lower()),
    }


def _place(site: Inspection, place: str) -> str:
    return "Across forces" if place == ALL else site.name(place)


def _theme_rows(line: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if line in ("", row["line"])]


def _respondents_sentence(row: Row, is_spoken: bool) -> str:
    if not is_spoken:
        return f"Nobody was asked anew: these are counts. {row['selection_method'].capitalize()}."
    is_counted = row["people_asked"] is not None or has_suppressed_cell(row)
    asked_text = f"{count_text(row, 'people_asked')} were asked" if is_counted else "how many were asked is not known"
    answered = f"{count_text(row, 'answered')} answered"
    people = f"{row['asked_of'].capitalize()}, {row['how_asked']}; {row['selection_method']}."
    return f"{people} {asked_text.capitalize()}, {answered}."


def _days(first: str, last: str) -> str:
    start, stop = date.fromisoformat(first), date.fromisoformat(last)
    return f"{start.day} {start:%B %Y} to {stop.day} {stop:%B %Y}"


def _answers(name: str, rows: Sequence[Row]) -> list[Grid]:
    """Return one table for each question, with the options in the order offered."""
    questions: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["place"]):
        questions.setdefault(row["question"], []).append(row)
    return [
        grid(
            f"{name}: {question_text}",
            ("Answer", "#People"),
            [(row["option"], count_text(row, "people")) for row in question_rows],
        )
        for question_text, question_rows in questions.items()
    ]


def _themes(name: str, rows: Sequence[Row]) -> Grid | None:
    order = sorted(rows, key=lambda row: (-(row["people"] or 0), row["theme_words"]))
    cells = [(row["theme_words"].capitalize(), count_text(row, "people")) for row in order]
    note = "A person may bring up several."
    return grid(f"{name}: in their own words, by theme", ("Theme", "#People"), cells, note=note) if cells else None


def _advocates(name: str, rows: Sequence[Row]) -> Grid | None:
    counts = ("offered", "taken_up", "declined", "no_answer")
    cells = [
        (_quarter(row["quarter"]), *(count_text(row, name) for name in counts), _wait(row["median_wait_days"]))
        for row in rows
    ]
    heads = ("Quarter from", "#Offered", "#Taken up", "#Declined", "#No answer yet", "#Half met somebody within")
    return grid(f"{name}: whether an advocate was offered", heads, cells, dense=True) if cells else None


def _wait(days: int | None) -> str:
    return "not given" if days is None else plural(days, "day")


def _complaints(name: str, rows: Sequence[Row]) -> Grid | None:
    counts = ("received", "answered_in_time", "upheld")
    cells = [
        (_quarter(row["quarter"]), COMPLAINTS[row["kind"]], *(count_text(row, name) for name in counts)) for row in rows
    ]
    heads = ("Quarter from", "Kind", "#Received", "#Answered in time", "#Upheld or decided anew")
    return grid(f"{name}: complaints and requests for a review", heads, cells) if cells else None


def _quarter(day: str) -> str:
    start = date.fromisoformat(day)
    return f"{start.day} {start:%B %Y}"


def _themes_by_force(site: Inspection, line: str) -> Grid | None:
    """Count the forces in which a theme came up; numbers of people cannot be added across forces."""
    places: dict[str, set[str]] = {}
    for row in _theme_rows(line, site.rows(VoiceThemeCountsRow)):
        if row["place_code"] != ALL:
            places.setdefault(row["theme_words"], set()).add(row["place_code"])
    order = sorted(places.items(), key=lambda item: (-len(item[1]), item[0]))
    rows: list[tuple[str | Cell, ...]] = [
        (words.capitalize(), str(len(codes)), join_list(sorted(site.name(code) for code in codes)))
        for words, codes in order
    ]
    heads = ("Theme", "#Forces where it came up", "Which")
    return grid("What came up, and in how many forces", heads, rows) if rows else None
