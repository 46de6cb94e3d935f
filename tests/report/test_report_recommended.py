"""Does each recommendation have a page with where it is seen, how certain that is, and why?"""

import re

import pytest

from assay.report import write_report
from assay.report.page_elements import Cell
from assay.report.pages.inspection.recommendation_pages import gravity, recommendation_links
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.release_approvals import ReleaseApprovals
from made_once import without_spreadsheets
from report.record_fixture import record_released

PAST, ASKED_PAGE = "recommendations/one.html", "recommendations/asked-kept-informed.html"


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def main(text):
    return text.split("<main", 1)[1].split("</main>", 1)[0]


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """The pages of a report in which the page of one force, Alderwick, waits for its yes."""
    folder = tmp_path_factory.mktemp("waiting")
    approvals = ReleaseApprovals(withheld=frozenset({"INV01"}))
    with without_spreadsheets():
        report_written = write_report(record_released(), folder, approvals=approvals)
    return {path: (folder / path).read_text(encoding="utf-8") for path in report_written.pages}


def test_every_past_recommendation_and_every_one_of_our_own_has_a_page_that_the_index_leads_to(record_pages):
    past = {row["recommendation"] for row in record_released().rows("lessons_register")}
    own_characteristics = {row["characteristic"] for row in record_released().rows("concerns") if row["recommendation"]}
    past_pages = {f"recommendations/{key}.html" for key in past}
    past_pages |= {f"recommendations/asked-{key.replace('_', '-')}.html" for key in own_characteristics}
    assert past_pages <= set(record_pages)
    assert {
        path for path in past_pages if f'href="../{path}"' not in record_pages["recommendations/index.html"]
    } == set()


def test_a_past_recommendation_says_of_how_many_forces_it_is_shown_with_its_base_and_how_sure(record_pages):
    page_text = words(record_pages[PAST])
    assert "Of 2 forces, 1 shows it in practice and 1 does not show it." in page_text
    overall_row = next(row for row in record_released().rows("force_estimates")
                    if (row["indicator"], row["place_code"]) == ("told_of_arrest", "ALL"))  # fmt: skip
    assert f"Victims told of the arrest in time {100 * share():.0f}% 47% to 59% {overall_row['base']:,}" in page_text
    assert "What they cannot show may still be done." in page_text
    assert "31 December 2024" in page_text


def share():
    return next(row["share"] for row in record_released().rows("ladders")
                if (row["indicator"], row["place_code"], row["when_reported"]) == ("told_of_arrest", "ALL", "all"))  # fmt: skip


@pytest.mark.parametrize(
    ("key", "why"), [("two", "It was asked of others"), ("three", "Its text was not read in any source")]
)
def test_no_force_is_held_to_what_was_asked_of_others_or_what_nobody_read(record_pages, key, why):
    text = main(record_pages[f"recommendations/{key}.html"])
    assert f"{why}" in words(text)
    assert "so no force is held to it" in words(text)
    assert "Alderwick" not in text


def test_our_own_says_of_whom_it_is_asked_under_which_probability_and_what_would_show_it(record_pages):
    text = record_pages[ASKED_PAGE]
    assert (
        "Asked of all forces, because most miss a standard. Victims told of the arrest in time: missed in 2 of the 2 forces tested."
        in words(text)
    )
    assert "A concern of their own: 1 force, as a cause of concern." in words(text)
    assert "forces/alderwick/reasons.html#grade-kept_informed" in text
    assert "2% (2% to 12%)" in words(text)
    assert "indicators/told-of-arrest.html" in text
    assert "By the same definition as then." in words(text)  # what an earlier inspection asked for under it


@pytest.mark.parametrize(
    ("page", "way"),
    [("lessons.html", PAST), ("forces/alderwick/reasons.html", PAST), ("concerns.html", ASKED_PAGE), ("forces/alderwick/reasons.html", ASKED_PAGE),
     ("indicators/told-of-arrest.html", PAST), ("indicators/told-of-arrest.html", ASKED_PAGE)],
)  # fmt: skip
def test_a_page_that_names_a_recommendation_leads_to_its_page(record_pages, page, way):
    assert f'href="{"../" * page.count("/")}{way}"' in main(record_pages[page])


def test_of_a_force_whose_page_waits_no_page_of_a_recommendation_tells_anything(waiting):
    for path in (PAST, ASKED_PAGE):
        text = main(waiting[path])
        assert re.search(r"Alderwick[^<]*</th><td[^>]*>waits for a named yes</td>(<td[^>]*></td>)+</tr>", text), path
        assert 'aria-label="Alderwick (invented): waits for a named yes: waits"' in text
    assert (
        "cause of concern"
        not in re.search(r"<tr[^>]*>\s*<th[^>]*>Alderwick.*?</tr>", main(waiting[ASKED_PAGE]), re.S)[0]
    )
    concerns = main(waiting["concerns.html"])
    assert "This is not shown." not in concerns
    assert "counted, and not shown here" in concerns
    row = re.search(
        r'<tr[^>]*><th[^>]*><a href="forces/alderwick/reasons.html#lessons">.*?</tr>', waiting["lessons.html"]
    )[0]
    assert ">waits<" in row
    assert "not applied" not in row
    assert "By the same definition as then." not in main(waiting[ASKED_PAGE]) + main(waiting["lessons.html"])


def test_an_indicator_that_tests_nothing_leads_nowhere():
    site = Inspection(record_released())
    assert recommendation_links(site, "charged_of_all") == []
    assert Cell("Tell each victim in time", ASKED_PAGE) in recommendation_links(site, "told_of_arrest")


def test_no_page_of_grades_shows_or_counts_a_force_whose_page_awaits_approval(waiting, record_pages):
    assert "Alderwick" in main(record_pages["grades.html"])
    assert "Alderwick" not in main(waiting["grades.html"])
    assert "neither shown nor counted" in waiting["grades.html"]
    assert "neither shown nor counted" not in record_pages["grades.html"]
    resting = [path for path in waiting if "Grades that rest on it" in waiting[path]]
    assert resting
    assert [
        path
        for path in resting
        if "Alderwick" in waiting[path].split("Grades that rest on it", 1)[1].split("</table>")[0]
    ] == []


def test_a_recommendation_to_all_forces_is_told_apart_from_the_forces_with_evidence_against_them(record_pages):
    row = re.search(
        rf'<tr[^>]*><th[^>]*><a href="[^"]*{ASKED_PAGE.rpartition("/")[2]}".*?</tr>',
        main(record_pages["recommendations/index.html"]),
        re.S,
    )
    cells = [words(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[0], re.S)]
    assert cells == ["All forces, because most miss 1 standard", "1 force, as a cause of concern"]


def test_recommendations_to_all_forces_stand_first_then_causes_of_concern_then_areas_for_improvement():
    recommendation = {"recommendation": "Do it."}
    area, cause, national = (
        [{"kind": kind, **recommendation}] for kind in ("area for improvement", "cause of concern", "most forces")
    )
    assert sorted([area, area + cause, area + national], key=gravity) == [area + national, area + cause, area]


def test_the_menu_leads_to_the_recommendations_before_search(record_pages):
    menu = record_pages["index.html"].split('<nav aria-label="Report">', 1)[1].split("</nav>", 1)[0]
    links = re.findall(r'href="([^"]+)">([^<]+)<', menu)
    assert links.index(("recommendations/index.html", "Recommendations")) == links.index(("search.html", "Search")) - 1
    assert "Forces with a concern of their own" in record_pages["recommendations/index.html"]
