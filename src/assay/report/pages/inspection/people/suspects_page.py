"""The page on suspects: counts by characteristic, with bounds that allow for unrecorded ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.report.number_words import NOT_GIVEN, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, place_cell
from assay.report.pages.inspection.people.page_sections import Section, people_page
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.people_rows import SuspectsByAgeRow, SuspectsByCharacteristicRow

ALL_AGES, UNDER_18, NOT_KNOWN = "all ages", "under 18", "not known"
AGES = (ALL_AGES, UNDER_18, "18 and over", NOT_KNOWN)
YOUNG_VICTIMS = "under 18 and a known victim"
DEFINITIONS = {
    "flagged_or_titled_cse": "Flagged for child sexual exploitation, or so titled",
    "contact_by_several": "A contact offence against a child by two or more",
    "child_sexual_offence": "A sexual offence against a child",
}


CERTAINTY_NOTE = (
    "These are people whom a force suspects, not people who were found to have done it, and only those whom somebody "
    "reported, looked for and wrote down. What is not recorded may be of any group. There is no share and no rate "
    "here, and none can be made of these counts."
)


def suspects_page(site: Inspection) -> Page:
    """Return the page on suspects: counts under each definition, with bounds."""
    lead = "Suspects by ethnicity, age, sex and nationality: counts, with those not recorded beside them."
    whole_country = any(row["place_code"] == ALL for row in site.rows(SuspectsByCharacteristicRow))
    intro = [
        "Each cell says from how many to how many: the count as recorded, and the count if all those not recorded "
        "belonged to this group; one number where none is missing.",
        "The ethnicity that people state and the one that an officer saw are two tables.",
        "Suspects under 18 are counted separately, with how many of them are also recorded as a victim. Those whose "
        "age is not known have a column or a line of their own, and may belong to either.",
    ]
    if not whole_country:
        intro.append("Not every force sent what it takes, so nothing is said of all together: a figure of some forces "
                     "is no figure of the country.")  # fmt: skip
    parts = [part for key, words in DEFINITIONS.items() if (part := _definition_section(site, key, words))]
    return people_page("suspects", "Suspects", lead, CERTAINTY_NOTE, intro, parts)


def _definition_section(site: Inspection, definition: str, words: str) -> Section | None:
    rows = list(site.find_rows(SuspectsByCharacteristicRow, definition=definition))
    if not rows:
        return None
    names = list(dict.fromkeys(row["characteristic"] for row in rows))
    tables = [
        _age_table(site, definition, words),
        *(_overall_table(site, rows, definition, name, words) for name in names),
    ]
    folded_tables = [(f"Every force, by {name}", _force_table(site, rows, name, words)) for name in names]
    return Section(words, (), [table for table in tables if table], folded_tables)


def _age_table(site: Inspection, definition: str, words: str) -> Grid | None:
    """Return the counts of suspects by age, by force."""
    rows = list(site.find_rows(SuspectsByAgeRow, definition=definition))
    cells: list[tuple[Cell | str, ...]] = []
    for place in sorted({row["place_code"] for row in rows} - {ALL}, key=site.name):
        row_by_age = {row["age_group"]: row for row in rows if row["place_code"] == place}
        cells.append((place_cell(site, place), *_age_counts(row_by_age)))
    heads = ("Force", *(f"#{age.capitalize()}" for age in AGES), f"#{YOUNG_VICTIMS.capitalize()}")
    return grid(f"{words}, every force: by age", heads, cells, note=SUPPRESSION_NOTE, dense=True) if cells else None


def _age_counts(row_by_age: Mapping[str, Row]) -> list[str]:
    """Format the counts by age, and of those under 18 who are also known victims."""
    cells = [_count(row_by_age.get(age), "suspects") for age in AGES]
    return [*cells, _count(row_by_age.get(UNDER_18), "known_victims")]


def _count(row: Row | None, column: str) -> str:
    return count_text(row, column) if row else NOT_GIVEN


def _overall_table(site: Inspection, rows: Sequence[Row], definition: str, name: str, words: str) -> Grid | None:
    characteristic_rows = [row for row in rows if row["characteristic"] == name and row["place_code"] == ALL]
    if not characteristic_rows:
        return None
    row_by_group_and_age = {(row["people"], row["age_group"]): row for row in characteristic_rows}
    table_rows: list[tuple[str, ...]] = []
    for people in dict.fromkeys(row["people"] for row in characteristic_rows):
        cells = [_bounds_text(row_by_group_and_age, people, age) for age in AGES]
        table_rows.append((people, *cells, _bounds_text(row_by_group_and_age, people, UNDER_18, "known_victims")))
    total_rows = site.find_rows(SuspectsByAgeRow, place_code=ALL, definition=definition)
    table_rows.append(("everybody", *_age_counts({row["age_group"]: row for row in total_rows})))
    heads = (name.capitalize(), *(f"#{age.capitalize()}" for age in AGES), f"#{YOUNG_VICTIMS.capitalize()}")
    return grid(f"{words}, all forces: by {name}", heads, table_rows, note=SUPPRESSION_NOTE, dense=True)


def _bounds_text(
    row_by_group_and_age: dict[tuple[str, str], Row], people: str, age: str, column: str = "suspects"
) -> str:
    row, not_recorded = row_by_group_and_age.get((people, age)), row_by_group_and_age.get((NOT_KNOWN, age))
    if row is None:
        return NOT_GIVEN
    if people == NOT_KNOWN or not_recorded is None or row[column] is None or not not_recorded[column]:
        return count_text(row, column)
    return f"{whole(row[column])} to {whole(row[column] + not_recorded[column])}"


def _force_table(site: Inspection, rows: Sequence[Row], name: str, words: str) -> Grid:
    """Return a table with rows by force and age, and a row for those under 18 who are also known victims."""
    characteristic_rows = [row for row in rows if row["characteristic"] == name and row["place_code"] != ALL]
    groups = [*sorted({row["people"] for row in characteristic_rows} - {NOT_KNOWN}), NOT_KNOWN]
    table_rows: list[tuple[Cell | str, ...]] = []
    for place in sorted({row["place_code"] for row in characteristic_rows}, key=site.name):
        row_by_group_and_age = {
            (row["people"], row["age_group"]): row for row in characteristic_rows if row["place_code"] == place
        }
        lines = [(age, age, "suspects") for age in AGES]
        lines.insert(2, (YOUNG_VICTIMS, UNDER_18, "known_victims"))
        for head, age, column in lines:
            table_rows.append(
                (
                    place_cell(site, place),
                    head,
                    *(_bounds_text(row_by_group_and_age, people, age, column) for people in groups),
                )
            )
    heads = ("Force", "Age", *(f"#{people}" for people in groups[:-1]), "#Not known")
    return grid(f"{words}, every force: by {name}", heads, table_rows, note=SUPPRESSION_NOTE, dense=True)
