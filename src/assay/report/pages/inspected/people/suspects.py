"""Who are the suspects, as counts with those not recorded beside them?"""

from __future__ import annotations

from assay.report.page import Cell, Grid, Page, grid
from assay.report.pages.inspected.book import ALL, Inspection
from assay.report.pages.inspected.people.parts import Part, page_of
from assay.report.pages.inspected.told import HIDDEN_NOTE, count_words, place_cell
from assay.report.site import Row
from assay.report.words import NOT_GIVEN, whole

ALL_AGES, NOT_KNOWN = "all ages", "not known"
AGES = (ALL_AGES, "under 18", "18 and over", NOT_KNOWN)
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
        "not known have a column of their own, and may belong to either.",
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
    together = [_of_all(site, rows, definition, name, words) for name in names]
    folded = [(f"Every body, by {name}", _of_bodies(site, rows, name, words)) for name in names]
    return Part(words, (), [one for one in together if one], folded)


def _of_all(site: Inspection, rows: list[Row], definition: str, name: str, words: str) -> Grid | None:
    mine = [row for row in rows if row["characteristic"] == name and row["place_code"] == ALL]
    if not mine:
        return None
    held = {(row["people"], row["age_group"]): row for row in mine}
    told: list[tuple[str, ...]] = []
    for people in dict.fromkeys(row["people"] for row in mine):
        cells = [_from_to(held, people, age) for age in AGES]
        young = held.get((people, "under 18"))
        told.append((people, *cells, count_words(young, "known_victims") if young else NOT_GIVEN))
    totals = [site.one("suspects_all", place_code=ALL, definition=definition, age_group=age) for age in AGES]
    victims = count_words(totals[1], "known_victims") if totals[1] else NOT_GIVEN
    told.append(("everybody", *(count_words(row, "suspects") if row else NOT_GIVEN for row in totals), victims))
    heads = (name.capitalize(), *(f"#{age.capitalize()}" for age in AGES), "#Under 18 and a known victim")
    return grid(f"{words}, all bodies: by {name}", heads, told, note=HIDDEN_NOTE, dense=True)


def _from_to(held: dict[tuple[str, str], Row], people: str, age: str) -> str:
    row, lost = held.get((people, age)), held.get((NOT_KNOWN, age))
    if row is None:
        return NOT_GIVEN
    if people == NOT_KNOWN or lost is None or row["suspects"] is None or lost["suspects"] is None:
        return count_words(row, "suspects")
    if not lost["suspects"]:
        return count_words(row, "suspects")
    return f"{whole(row['suspects'])} to {whole(row['suspects'] + lost['suspects'])}"


def _of_bodies(site: Inspection, rows: list[Row], name: str, words: str) -> Grid:
    mine = [r for r in rows if r["characteristic"] == name and r["age_group"] == ALL_AGES and r["place_code"] != ALL]
    groups = sorted({row["people"] for row in mine} - {NOT_KNOWN})
    told: list[tuple[Cell | str, ...]] = []
    for place in sorted({row["place_code"] for row in mine}, key=site.name):
        held = {(row["people"], ALL_AGES): row for row in mine if row["place_code"] == place}
        told.append((place_cell(site, place), *(_from_to(held, people, ALL_AGES) for people in (*groups, NOT_KNOWN))))
    heads = ("Body", *(f"#{people}" for people in groups), "#Not known")
    return grid(f"{words}, every body: by {name}", heads, told, note=HIDDEN_NOTE, dense=True)
