"""Is a grade shown with its reasons and its proposal, and linked to its indicators and back?"""

import re

import pytest


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def section(text, spot):
    """The section headed by an anchor."""
    return text.split(f'aria-labelledby="{spot}"', 1)[1].split("</section>", 1)[0]


def test_a_grade_that_a_panel_moved_shows_what_was_proposed_and_the_reason(record_pages):
    grades_text = words(record_pages["grades.html"])
    assert "good (proposed: adequate)" in grades_text
    assert "Files read on the visit show it in every one." in words(section(record_pages["grades.html"], "decided"))


def test_a_force_without_enough_evidence_is_given_no_grade_on_map_or_page(record_pages):
    two = [
        path
        for path, text in record_pages.items()
        if path.endswith("reasons.html") and 'aria-labelledby="grades"' in text
    ]
    [ungraded_page] = [path for path in two if ": not enough evidence" in words(section(record_pages[path], "grades"))]
    assert len(two) == 2
    main_page = ungraded_page.replace("/reasons", "")
    tile = record_pages["grades.html"].split(f'href="{main_page}#grades" class="', 1)[1]
    assert tile.startswith("tile none")  # not shaded


def test_from_a_grade_one_step_leads_to_its_indicators_and_one_back(record_pages):
    force = next(path for path, text in record_pages.items() if path.endswith("reasons.html") and 'id="grades"' in text)
    grade_section = section(record_pages[force], "grades")
    assert 'id="grade-kept_informed"' in grade_section
    assert "indicators/told-of-arrest.html" in grade_section
    back = section(record_pages["indicators/told-of-arrest.html"], "rests")
    assert f"{force}#grade-kept_informed" in back


def test_a_grade_on_attitudes_without_voices_carries_that_sentence(record_pages):
    force = next(text for path, text in record_pages.items() if path.endswith("reasons.html") and 'id="grades"' in text)
    assert "No victim or survivor was heard on this" in section(force, "grades")


def test_no_probability_of_a_grade_is_called_certain_and_each_is_one_under_the_rules(record_pages):
    for path, text in record_pages.items():
        if path.endswith("reasons.html") and 'id="grades"' in text:
            grade_text = words(section(text, "grades"))
            assert "under these rules" in grade_text, path
            assert "100%" not in grade_text, path


def test_a_cause_of_concern_says_what_is_asked_for_and_what_would_show_it(record_pages):
    concerns_page = record_pages["concerns.html"]
    assert "Tell each victim in time." in concerns_page
    assert "indicators/told-of-arrest.html" in concerns_page


def test_a_force_page_gives_each_figure_and_why_other_evidence_does_not_count(record_pages):
    force = next(text for path, text in record_pages.items() if path.endswith("reasons.html") and 'id="grades"' in text)
    text = words(section(force, "grades"))
    assert "Not met: told: 22% of 45 notices." in text
    assert "It does not count: a document shows that something is written down." in text


def test_a_national_problem_is_stated_once_and_a_cause_of_concern_stands_on_the_front_page(record_pages):
    assert words(record_pages["concerns.html"]).count("Most forces miss this standard.") == 1
    front = record_pages["index.html"].split('<p id="concerns">', 1)[1].split("</p>")[0]
    assert words(front).strip() == "Cause of concern proposed: Alderwick . Reasons and recommendations"


def test_the_number_of_concerns_is_the_same_on_the_page_of_concerns_and_on_the_pages_of_forces(record_pages):
    on_forces = sum(
        len(re.findall(r"<li><strong>(?:Accelerated c|C)ause of concern", text))
        for path, text in record_pages.items()
        if path.startswith("forces/")
    )
    heads = re.findall(r"[Cc]ause of concern: (\d+)", words(record_pages["concerns.html"]))
    assert sum(map(int, heads)) == on_forces == 1


def test_the_matrix_has_a_column_for_each_recommendation_that_the_police_can_apply_and_no_other(record_pages):
    matrix = section(record_pages["lessons.html"], "matrix").split("</table>", 1)[0]
    heads = re.findall(r'scope="col"[^>]*>([^<]+)', matrix)
    assert heads == ["Force", "One"]  # two is for others, and of three nobody read the text
    assert "not applied (says more)" in words(matrix)
    for key in ("one", "two", "three"):
        assert f'id="{key}"' in record_pages["lessons.html"]


def test_a_claim_shows_by_how_much_it_is_off_and_how_sure_that_is(record_pages):
    claims_text = words(section(record_pages["claims.html"], "each"))
    assert "+30 points (20 to 40)" in claims_text
    assert "contradicted" in claims_text


@pytest.mark.parametrize(
    ("page", "sentence"),
    [("plan.html", "sealed before the first return"), ("plan.html", "not sealed"),
     ("plan.html", "Under the rules as they were first sealed"), ("assurance.html", "Three in four is the line."),
     ("assurance.html", "Factual accuracy"), ("method.html", "By which rules a grade is proposed"),
     ("lessons.html", "What an earlier inspection asked for")],
)  # fmt: skip
def test_the_plan_the_assumptions_and_the_rules_are_pages_of_the_report(record_pages, page, sentence):
    assert sentence in words(record_pages[page])
