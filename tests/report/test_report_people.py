"""Do the pages on people show the unrecorded beside every count, and claim no more?"""

import re

import pytest

from assay.report.page_elements import Grid
from assay.report.pages.inspection.people import people_pages
from assay.report.pages.inspection.profiles_page import profiles_page
from assay.report.pages.inspection.released_tables import Inspection
from assay.sdc import policy, release
from report.record_fixture import arrow, raw_tables

NOT_SHOWN = "no difference is shown"
SERVED = {"side": "victim", "characteristic": "sex", "indicator": "looked_at", "not_known": 0, "points": None}
GROUPS = [
    {**SERVED, "people": "female", "met": 180, "not_met": 20, "base": 200, "points": 40.0, "points_low": 25.0,
     "points_high": 55.0, "points_least": 30.0, "points_most": 45.0, "q_value": 0.001, "verdict": "a difference is shown"},
    {**SERVED, "people": "male", "met": 10, "not_met": 5, "base": 15, "verdict": "too few to see"},
    {**SERVED, "people": "not known", "met": 20, "not_met": 20, "base": 40, "verdict": "not a group"},
    {**SERVED, "people": "nobody is described", "met": 20, "not_met": 5, "base": 25, "verdict": "not a group"},
    {**SERVED, "indicator": "another", "people": "female", "met": 50, "not_met": 50, "base": 100, "points": 1.0,
     "points_low": -9.0, "points_high": 11.0, "points_least": -20.0, "points_most": 22.0, "q_value": 0.9,
     "verdict": NOT_SHOWN},
    {**SERVED, "indicator": "another", "people": "not known", "met": 20, "not_met": 20, "base": 40, "verdict": "not a group"},
    {**SERVED, "indicator": "a third", "people": "female", "met": 50, "not_met": 50, "base": 100, "verdict": NOT_SHOWN},
    {**SERVED, "indicator": "a third", "people": "not known", "met": 2, "not_met": 1, "base": 3, "verdict": "not a group"},
    {**SERVED, "indicator": "another", "people": "other", "met": 2, "not_met": 1, "base": 3, "verdict": "too few to see"},
]  # fmt: skip
KEY = {"definition": "flagged_or_titled_cse", "age_group": "all ages"}
ETHNIC = "ethnicity, as they define it"
YOUNG = KEY | {"age_group": "under 18"}
SUSPECT_COUNTS = [("White", 60, 10), ("Asian", 30, 0), ("not known", 215, 10)]
COUNTED_YOUNG = [("White", 45, 10), ("Asian", 0, 0), ("not known", 35, 10)]
PROFILE = {"place_code": "INV01", "age_days": 410, "months_of_data": 12.0}
NOT_PARTED = [{"form": "flag_removed", "reason": "Its records name neither a person nor a crime."}]
ASSESSED = {"tool": "SERAF", "split": "everybody", "people": "everybody", "tier": "high"}
TIERS = [
    {**ASSESSED, "harmed": 30, "not_harmed": 70, "share": 0.3, "share_low": 0.219, "share_high": 0.396},
    {**ASSESSED, "split": "sex", "people": "male", "harmed": 15, "not_harmed": 35, "share": 0.3, "share_low": 0.191,
     "share_high": 0.438},
    {**ASSESSED, "split": "sex", "people": "female", "tier": "all", "harmed": 15, "not_harmed": 0, "share": 1.0,
     "share_low": 0.8, "share_high": 1.0},
]  # fmt: skip
TABLES = {
    "disparities": GROUPS,
    "without_breakdown": NOT_PARTED,
    "tiers": TIERS,
    "suspects_by_age": [
        {**KEY, "place_code": "INV01", "suspects": 305, "known_victims": 20},
        {**YOUNG, "place_code": "INV01", "suspects": 80, "known_victims": 20},
    ],
    "suspects_by_characteristic": [
        {
            **key,
            "place_code": "INV01",
            "characteristic": ETHNIC,
            "people": people,
            "suspects": suspect_count,
            "known_victims": known,
        }
        for key, counts in ((KEY, SUSPECT_COUNTS), (YOUNG, COUNTED_YOUNG))
        for people, suspect_count, known in counts
    ],
    "problem_profile_checks": [
        {
            **PROFILE,
            "crimes_claimed": 400,
            "crimes_lowest": 200,
            "crimes_highest": 320,
            "crimes_outside": 25.0,
            "children_claimed": 100,
            "children_lowest": 90,
            "children_highest": 130,
            "children_outside": 0.0,
            "suspects_claimed": 100,
            "suspects_lowest": 3,
            "suspects_highest": 90,
            "suspects_outside": 15.0,
        },
        {**PROFILE, "place_code": "INV02", "months_of_data": 3.0, "crimes_claimed": 200},
    ],
    "approach_associations": [{"approach": "", "indicator": "", "look": "", "sentence": "No force sent the tables."}],
}


@pytest.fixture(scope="module")
def site():
    released_tables = arrow(raw_tables() | TABLES)
    return Inspection(release(released_tables, policy=policy("record level"), ledger_head="0" * 64, edition="a test"))


@pytest.fixture(scope="module")
def pages(site):
    return {page.path.removeprefix("people/").removesuffix(".html"): page for page in people_pages(site)}


def words(thing):
    """Every word that stands on a page, sentence by sentence."""
    if isinstance(thing, Grid):
        return [
            thing.caption,
            thing.note,
            *(head for head, _ in thing.columns),
            *(c.text for r in thing.rows for c in r),
        ]
    if isinstance(thing, dict):
        return [word for value in thing.values() for word in words(value)]
    if isinstance(thing, list | tuple):
        return [word for value in thing for word in words(value)]
    return [str(thing)]


def all_words(pages):
    return [word for page in pages.values() for word in (*words(page.context), page.title, page.certainty_note)]


def test_no_difference_shown_is_never_written_as_no_difference(pages):
    for sentence in all_words(pages):
        for found in re.finditer(r"no difference", sentence, re.I):
            assert sentence[found.start() :].casefold().startswith("no difference is shown"), sentence


def test_nothing_on_these_pages_speaks_of_cause(pages):
    never = re.compile(r"\b(led to|leads to|caus\w*|because of|thanks to|works better|effective)\b", re.I)
    assert [word for word in all_words(pages) if never.search(word)] == []


def test_who_cannot_be_seen_stands_on_the_page(pages):
    page_words = words(pages["disparities"].context)
    assert "male (sex)" in page_words
    assert "Who is too few, or too seldom recorded, to be seen" in page_words


def test_what_was_not_written_down_and_whom_nobody_describes_are_said_apart(pages):
    # Of 200 + 15 + 40 + 25 = 280 records 40 have no sex, 14 in 100, and 25 describe nobody, 9. Of the second indicator it
    # is 40 of 140 and a few who are hidden: of 141 it is 28. On the third it is hidden how many, which is not none.
    (sentence,) = [word for word in words(pages["disparities"].context) if word.startswith("Not recorded for ")]
    assert sentence == (
        "Not recorded for 14% to 28% of records, by indicator. In 0% to 9% of records nobody is described: no "
        "entry says who they are about, by indicator."
    )


def test_what_is_not_told_by_who_the_victims_are_is_named_with_why(pages):
    page_words = words(pages["disparities"].context)
    assert {"flag_removed", "Its records name neither a person nor a crime."} <= set(page_words)


def test_the_share_of_a_tier_stands_with_its_interval_for_all_and_for_each_group(pages):
    grid_words = words(pages["tiers"].context["parts_shown"][0]["grids"][0])
    assert grid_words[-5:] == ["high", "30", "70", "30%", "22% to 40%"]
    ((_, by_sex),) = pages["tiers"].context["parts_shown"][0]["folded"]
    cells = [tuple(cell.text for cell in row) for row in by_sex.rows]
    # Of fifteen no share is given: a base below twenty.
    assert cells[0][:2] == ("female (sex)", "every tier")
    assert cells[0][-1] == cells[0][-2] != "100%"
    assert cells[1] == ("male (sex)", "high", "15", "35", "30%", "20% to 45%")


def test_a_tier_is_never_said_to_be_the_chance_of_a_child(pages):
    page = pages["tiers"]
    assert "Nothing here is the chance of any child." in page.certainty_note
    assert not [
        word for word in words(page.context) if re.search(r"probab|likel|predict|chance of a child", word, re.I)
    ]


def test_a_difference_stands_with_its_interval_and_its_bounds(pages):
    page_words = words(pages["disparities"].context)
    assert "+40 (+25 to +55)" in page_words
    assert "+30 to +45" in page_words


def test_a_count_of_suspects_never_stands_without_those_not_recorded(pages):
    page_words = words(pages["suspects"].context)
    assert "60 to 275" in page_words  # 60, and 60 + 215
    assert "30 to 245" in page_words
    assert "60" not in page_words


def lines_of(page, caption):
    """The lines of a table of a page, as words, by its caption."""
    parts = page.context["parts_shown"]
    tables = [table for part in parts for table in (*part["grids"], *(folded for _, folded in part["folded"]))]
    (found,) = (table for table in tables if caption in table.caption)
    return [[cell.text for cell in row] for row in found.rows]


def test_suspects_under_18_are_outliers_with_known_victims_where_not_every_body_sent(pages):
    assert lines_of(pages["suspects"], "every force: by age") == [
        ["Alderwick (invented)", "305", "80", "not given", "not given", "20"],
    ]
    lines_by_group = {line[1]: line[2:] for line in lines_of(pages["suspects"], f"every force: by {ETHNIC}")}
    assert lines_by_group["under 18"] == ["0 to 35", "45 to 80", "35"]  # Asian; White, 45 + 35; not known
    assert lines_by_group["under 18 and a known victim"] == ["0 to 10", "10 to 20", "10"]
    assert lines_by_group["all ages"][1] == "60 to 275"


def test_no_share_of_suspects_is_printed(pages):
    assert [word for word in words(pages["suspects"].context) if "%" in word or " in 100" in word] == []


def test_some_forces_are_said_to_be_no_figure_of_the_country(pages):
    assert any("no figure of the country" in word for word in words(pages["suspects"].context))


def test_without_the_returns_the_page_of_approaches_says_so(pages):
    assert "No force sent the tables." in words(pages["approaches"].context)


def test_each_profile_stands_in_one_row_with_age_months_and_its_counts_beside_the_records(site):
    """400 crimes are (400 - 320) / 320 = 25% more than the most; 3 suspects are too few to be shown, and so is what rests
    on them."""
    rows = [[cell.text for cell in row] for row in profiles_page(site).context["table"].rows]
    assert rows == [
        ["Alderwick (invented)", "410", "12", "400 beside 200 to 320: 25% more", "100 beside 90 to 130: within",
         "100 beside fewer than 8 to 90"],
        ["Brackenshire (invented)", "410", "3", "200; the records cannot tell", "not given", "not given"],
    ]  # fmt: skip
