"""The page on completeness: how often each field about victims and suspects is recorded, by force, month and reason for
a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text
from assay.report.pages.inspection.people.page_sections import Section, people_page
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.people_rows import FieldCompletenessRow

NOT_KNOWN = "not known"


CERTAINTY_NOTE = (
    "A count of cells. Whether what stands there is right, and whether the person was asked, it does not tell. Nothing "
    "that is missing is filled in anywhere in this report."
)


def recorded_page(site: Inspection) -> Page:
    """Return the page on the completeness of recorded fields: how often each is filled, by month and by force."""
    lead = "What is recorded of victims and suspects: by field, force, month, and the reason why it is not."
    parts = []
    for role, words in (("victim", "Victims"), ("suspect", "Suspects who are identified")):
        rows = list(site.find_rows(FieldCompletenessRow, role=role))
        fields = list(dict.fromkeys(row["field"] for row in rows))
        parts.append(
            Section(
                words,
                (),
                [_overall_table(rows, words)] if rows else (),
                [(f"{name.capitalize()}, month by month", _month_table(rows, name, words)) for name in fields]
                + [(f"{name.capitalize()}, force by force", _force_table(site, rows, name, words)) for name in fields],
            )
        )
    return people_page("recorded", "Recording of people", lead, CERTAINTY_NOTE, (), parts)


def _overall_table(rows: Sequence[Row], words: str) -> Grid:
    row_by_state = {(r["field"], r["state"]): r for r in rows if r["place_code"] == ALL and r["month"] == "all"}
    return _state_table(f"{words}, all forces, the whole period", "Field", row_by_state)


def _month_table(rows: Sequence[Row], name: str, words: str) -> Grid:
    row_by_state = {(r["month"], r["state"]): r for r in rows
            if r["field"] == name and r["place_code"] == ALL and r["month"] != "all"}  # fmt: skip
    return _state_table(f"{words}: {name}, month by month", "Month recorded", row_by_state)


def _force_table(site: Inspection, rows: Sequence[Row], name: str, words: str) -> Grid:
    row_by_state = {
        (site.name(r["place_code"]), r["state"]): r for r in rows if r["field"] == name and r["place_code"] != ALL
    }
    return _state_table(f"{words}: {name}, force by force", "Force", row_by_state)


def _state_table(caption: str, first: str, row_by_key_and_state: dict[tuple[str, str], Row]) -> Grid:
    states = sorted(
        {state for _, state in row_by_key_and_state}, key=lambda state: (state != "recorded", state == NOT_KNOWN, state)
    )
    cells = [
        (
            key,
            *(
                count_text(row_by_key_and_state[key, state], "people") if (key, state) in row_by_key_and_state else "0"
                for state in states
            ),
        )
        for key in dict.fromkeys(key for key, _ in sorted(row_by_key_and_state))
    ]
    return grid(
        caption, (first, *(f"#{state.capitalize()}" for state in states)), cells, note=SUPPRESSION_NOTE, dense=True
    )
