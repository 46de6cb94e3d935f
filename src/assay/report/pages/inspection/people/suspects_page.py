"""Who are the suspects, as counts with those not recorded beside them?"""

from __future__ import annotations

from assay.report.number_words import NOT_GIVEN, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, count_words, place_cell
from assay.report.pages.inspection.people.page_sections import Part, page_of
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row

ALL_AGES, UNDER_18, NOT_KNOWN = "all ages", "under 18", "not known"
AGES = (ALL_AGES, UNDER_18, "18 and over", NOT_KNOWN)
YOUNG_VICTIMS = "under 18 and a known victim"
DEFINITIONS = {
    "flagged_or_titled_cse": "Flagged for child sexual exploitation, or so titled",
    "contact_by_several": "A contact offence against a child by two or more",
    "child_sexual_offence": "A sexual offence against a child",
}


SURE_SUSPECTS = (
    "These are people whom a force suspects, not people who were found to have done it, and only those whom somebody "
    "reported, looked for and wrote down. What is not recorded may be of any group. There is no share and no rate "
    "here, and none can be made of these counts."
)


def suspects_page(site: Inspection) -> Page:
    """Counts under each definition, with bounds."""
    lead = "Suspects by ethnicity, age, sex and nationality: counts, with those not recorded beside them."
    whole_country = any(row["place_code"] == ALL for row in site.rows("suspects_counted"))
    intro = [
        "Each cell says from how many to how many: the count as recorded, and the count if all those not recorded "
        "belonged to this group; one number where none is missing.",
        "The ethnicity that people state and the one that an officer saw are two tables.",
        "Suspects under 18 stand apart, with how many of them stand in the records as a victim too. Those whose age is "
        "not known have a column or a line of their own, and may belong to either.",
    ]
    if not whole_country:
        intro.append("Not every body sent what it takes, so nothing is said of all together: a figure of some forces "
                     "is no figure of the country.")  # fmt: skip
    parts = [part for key, words in DEFINITIONS.items() if (part := _of_definition(site, key, words))]
    return page_of("suspects", "Who the suspects are", lead, SURE_SUSPECTS, intro, parts)


def _of_definition(site: Inspection, definition: str, words: str) -> Part | None:
    rows = list(site.by("suspects_counted", definition=definition))
    if not rows:
        return None
    names = list(dict.fromkeys(row["characteristic"] for row in rows))
    shown = [_of_ages(site, definition, words), *(_of_all(site, rows, definition, name, words) for name in names)]
    folded = [(f"Every body, by {name}", _of_bodies(site, rows, name, words)) for name in names]
    return Part(words, (), [one for one in shown if one], folded)


def _of_ages(site: Inspection, definition: str, words: str) -> Grid | None:
    """Body by body, everybody by age, whether or not there is a table of all bodies."""
    mine = list(site.by("suspects_all", definition=definition))
    told: list[tuple[Cell | str, ...]] = []
    for place in sorted({row["place_code"] for row in mine} - {ALL}, key=site.name):
        held = {row["age_group"]: row for row in mine if row["place_code"] == place}
        told.append((place_cell(site, place), *_by_age(held)))
    heads = ("Body", *(f"#{age.capitalize()}" for age in AGES), f"#{YOUNG_VICTIMS.capitalize()}")
    return grid(f"{words}, every body: by age", heads, told, note=HIDDEN_NOTE, dense=True) if told else None


def _by_age(held: dict[str, Row]) -> list[str]:
    """Everybody of each age, and those under 18 who are known victims too."""
    cells = [_count(held.get(age), "suspects") for age in AGES]
    return [*cells, _count(held.get(UNDER_18), "known_victims")]


def _count(row: Row | None, column: str) -> str:
    return count_words(row, column) if row else NOT_GIVEN


def _of_all(site: Inspection, rows: list[Row], definition: str, name: str, words: str) -> Grid | None:
    mine = [row for row in rows if row["characteristic"] == name and row["place_code"] == ALL]
    if not mine:
        return None
    held = {(row["people"], row["age_group"]): row for row in mine}
    told: list[tuple[str, ...]] = []
    for people in dict.fromkeys(row["people"] for row in mine):
        cells = [_from_to(held, people, age) for age in AGES]
        told.append((people, *cells, _from_to(held, people, UNDER_18, "known_victims")))
    everybody = site.by("suspects_all", place_code=ALL, definition=definition)
    told.append(("everybody", *_by_age({row["age_group"]: row for row in everybody})))
    heads = (name.capitalize(), *(f"#{age.capitalize()}" for age in AGES), f"#{YOUNG_VICTIMS.capitalize()}")
    return grid(f"{words}, all bodies: by {name}", heads, told, note=HIDDEN_NOTE, dense=True)


def _from_to(held: dict[tuple[str, str], Row], people: str, age: str, column: str = "suspects") -> str:
    row, lost = held.get((people, age)), held.get((NOT_KNOWN, age))
    if row is None:
        return NOT_GIVEN
    if people == NOT_KNOWN or lost is None or row[column] is None or not lost[column]:
        return count_words(row, column)
    return f"{whole(row[column])} to {whole(row[column] + lost[column])}"


def _of_bodies(site: Inspection, rows: list[Row], name: str, words: str) -> Grid:
    """Each body with a line for each age, and one for those under 18 who are known victims too."""
    mine = [row for row in rows if row["characteristic"] == name and row["place_code"] != ALL]
    groups = [*sorted({row["people"] for row in mine} - {NOT_KNOWN}), NOT_KNOWN]
    told: list[tuple[Cell | str, ...]] = []
    for place in sorted({row["place_code"] for row in mine}, key=site.name):
        held = {(row["people"], row["age_group"]): row for row in mine if row["place_code"] == place}
        lines = [(age, age, "suspects") for age in AGES]
        lines.insert(2, (YOUNG_VICTIMS, UNDER_18, "known_victims"))
        for head, age, column in lines:
            told.append((place_cell(site, place), head, *(_from_to(held, people, age, column) for people in groups)))
    heads = ("Body", "Age", *(f"#{people}" for people in groups[:-1]), "#Not known")
    return grid(f"{words}, every body: by {name}", heads, told, note=HIDDEN_NOTE, dense=True)
