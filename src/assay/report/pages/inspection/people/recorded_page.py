"""What is recorded of victims and suspects, by field, body, month and reason?"""

from __future__ import annotations

from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, count_words
from assay.report.pages.inspection.people.page_sections import Part, page_of
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

NOT_KNOWN = "not known"


SURE_RECORDED = (
    "A count of cells. Whether what stands there is right, and whether the person was asked, it does not tell. Nothing "
    "that is missing is filled in anywhere in this report."
)


def recorded_page(site: Inspection) -> Page:
    """Fields, states, months and bodies."""
    lead = "What is recorded of victims and suspects: by field, force, month, and the reason why it is not."
    parts = []
    for role, words in (("victim", "Victims"), ("suspect", "Suspects who are identified")):
        rows = list(site.by("fields_recorded", role=role))
        fields = list(dict.fromkeys(row["field"] for row in rows))
        parts.append(
            Part(
                words,
                (),
                [_states(rows, words)] if rows else (),
                [(f"{name.capitalize()}, month by month", _months(rows, name, words)) for name in fields]
                + [(f"{name.capitalize()}, body by body", _bodies(site, rows, name, words)) for name in fields],
            )
        )
    return page_of("recorded", "What is recorded of people", lead, SURE_RECORDED, (), parts)


def _states(rows: list[Row], words: str) -> Grid:
    mine = {(r["field"], r["state"]): r for r in rows if r["place_code"] == ALL and r["month"] == "all"}
    return _state_grid(f"{words}, all bodies, the whole period", "Field", mine)


def _months(rows: list[Row], name: str, words: str) -> Grid:
    mine = {(r["month"], r["state"]): r for r in rows
            if r["field"] == name and r["place_code"] == ALL and r["month"] != "all"}  # fmt: skip
    return _state_grid(f"{words}: {name}, month by month", "Month recorded", mine)


def _bodies(site: Inspection, rows: list[Row], name: str, words: str) -> Grid:
    mine = {(site.name(r["place_code"]), r["state"]): r for r in rows if r["field"] == name and r["place_code"] != ALL}
    return _state_grid(f"{words}: {name}, body by body", "Body", mine)


def _state_grid(caption: str, first: str, held: dict[tuple[str, str], Row]) -> Grid:
    states = sorted({state for _, state in held}, key=lambda state: (state != "recorded", state == NOT_KNOWN, state))
    told = [
        (key, *(count_words(held[key, state], "people") if (key, state) in held else "0" for state in states))
        for key in dict.fromkeys(key for key, _ in sorted(held))
    ]
    return grid(caption, (first, *(f"#{state.capitalize()}" for state in states)), told, note=HIDDEN_NOTE, dense=True)
