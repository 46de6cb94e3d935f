"""The page of what victims, survivors, staff and partners say: counts and verdicts, never a share (decision 0046)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from assay.indicators.evidence_sources import AGREE, BY_KEY, DISAGREE
from assay.report.derived_numbers import row_count
from assay.report.number_words import plural
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import count_text, place_cell
from assay.report.pages.inspection.force_message import consultations, reasons_path
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.voices_section import NO_SHARE, TITLES, theme_voices
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import CharacteristicStatesRow, SourceVerdictsRow
from assay.sdc.released_rows.people_rows import VoiceCollectionsRow, VoiceThemeCountsRow

PATH, TITLE = "voices.html", "What people say"
MAX_THEMES = 5
PEOPLE = ("staff", "partners")
"""The evidence series of people who were asked, besides victims and survivors."""
CERTAINTY_NOTE = (
    "People who answered speak for themselves. They were invited or came forward, and are no sample. So there are "
    "counts, and no share, no rate and no rank. A force where nobody was asked is neither better nor worse."
)
NOTHING_SENT = (
    "Nobody sent what victims, survivors, staff or partners say. That is a gap of the inspection, and says nothing of "
    "any force."
)


def voices_page(site: Inspection) -> Page:
    """Return the page on the views of victims and survivors: who was asked and what came up, by force."""
    all_voices = theme_voices(site, "")
    context: dict[str, Any] = {
        "nothing_sent": "" if site.rows(VoiceCollectionsRow) or _was_anybody_asked(site) else NOTHING_SENT,
        "answered": [_answered_sentence(row) for row in consultations(site, ALL)],
        "heard": all_voices["heard"] if site.rows(VoiceCollectionsRow) else "",
        "themes": _main_themes(site),
        "contradicted": _contradiction_sentence(site),
        "forces": _force_table(site),
        "summary": all_voices,
        "note": NO_SHARE,
    }
    return Page(PATH, "inspected/voices_page.html", TITLE, CERTAINTY_NOTE, (), context)


def _was_anybody_asked(site: Inspection) -> bool:
    rows = [row for row in site.rows(SourceVerdictsRow) if row["evidence_source"] in PEOPLE]
    return any(row["verdict"] in (AGREE, DISAGREE) for row in rows)


def _answered_sentence(row: Row) -> str:
    """Return how many people answered one consultation across forces."""
    return f"{TITLES[row['kind']]} across forces: {count_text(row, 'answered')} people answered."


def _main_themes(site: Inspection) -> list[tuple[str, str]]:
    """Return what came up most across forces, as (theme, number of people), the most people first."""
    rows = [row for row in site.find_rows(VoiceThemeCountsRow, place_code=ALL) if row["people"] is not None]
    ranked = sorted(rows, key=lambda row: (-(row["people"] or 0), row["theme_words"]))[:MAX_THEMES]
    return [(f"{row['theme_words'][:1].upper()}{row['theme_words'][1:]}", count_text(row, "people")) for row in ranked]


def _contradiction_sentence(site: Inspection) -> str:
    """Return in how many forces people contradict the records; '' where no verdict was released."""
    if not site.rows(CharacteristicStatesRow):
        return ""
    places = {row["place_code"] for row in _contradictions(site)}
    if not places:
        return "In no force do people asked about that force contradict its records."
    return f"In {plural(len(places), 'force')} people asked about that force contradict its records."


def _contradictions(site: Inspection) -> list[Row]:
    return [row for row in site.released_force_rows(CharacteristicStatesRow, state="at odds") if row["contradicted_by"]]


def _force_table(site: Inspection) -> Grid | None:
    """Return one row per force: how many victims and survivors answered, and the verdicts of staff and of partners."""
    contradicted = Counter(row["place_code"] for row in _contradictions(site))
    rows: list[tuple[int, str, tuple[Cell | str, ...]]] = []
    for force in site.forces:
        code = force["place_code"]
        if not site.is_withheld(code):
            cell = Cell(place_cell(site, code).text, f"{reasons_path(site, code)}#voices")
            verdicts = (_verdicts(site, code, series) for series in PEOPLE)
            number = row_count(contradicted[code])
            rows.append((-contradicted[code], force["name"], (cell, _answered(site, code), *verdicts, number)))
    heads = ("Force", "Victims and survivors", *(BY_KEY[key].name for key in PEOPLE), "#Contradict the records on")
    note = (
        "Characteristics of good: on how many the people who were asked agree that they are there, and on how many not."
    )
    ordered = [cells for _, _, cells in sorted(rows, key=lambda item: item[:2])]
    return grid("Who was asked, and what they say", heads, ordered, note=note) if ordered else None


def _answered(site: Inspection, code: str) -> str:
    """Return how many people answered in one force, consultation by consultation."""
    texts = [f"{count_text(row, 'answered')} answered" for row in consultations(site, code)]
    return "; ".join(texts) or "nobody was asked"


def _verdicts(site: Inspection, code: str, series: str) -> str:
    """Return on how many characteristics one kind of people agree and disagree in one force."""
    found = Counter(
        row["verdict"] for row in site.find_rows(SourceVerdictsRow, place_code=code, evidence_source=series)
    )
    if not found[AGREE] and not found[DISAGREE]:
        return "cannot tell" if found["cannot tell"] else "were not asked"
    return f"agree on {row_count(found[AGREE])}, disagree on {row_count(found[DISAGREE])}"
