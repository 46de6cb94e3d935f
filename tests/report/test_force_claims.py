"""The page of a force counts its measures rightly, says nothing twice, and praises nothing that evidence disputes."""

import pytest

from assay.report.pages.inspection.concerns_page import _concern_table, _contradiction_note, concern_pages
from assay.report.pages.inspection.force_measures import listed_measures_text
from assay.report.pages.inspection.force_message import (
    MET_BUT_DISPUTED,
    attention_findings,
    force_message,
    working_findings,
)
from assay.report.pages.inspection.grade_pages import grade_pages, theme_grade_table
from assay.report.pages.inspection.overall_grade import grade_line
from report.force_rows import CODE, NEIGHBOUR, evidence_row, measure, world
from report.judged_rows import UNDECIDED

HIDDEN = {"low": None, "high": None, "base": None, "expected": None}


def force(site):
    return next(row for row in site.forces if row["place_code"] == CODE)


def verdict(direction):
    return {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "documents", "key": "documents",
            "direction": direction, "counts": "verdict", "not_counted": "", "alert": "",
            "figure": "Documents."}  # fmt: skip


def state_row(state):
    return {"place_code": CODE, "characteristic": "recorded_rightly", "state": state, "probability": 0.9,
            "evidence_keys": "", "outlier_indicators": "", "contradicted_by": "staff", "not_asked": ""}  # fmt: skip


def test_the_page_of_concerns_and_the_page_of_the_force_name_the_same_people_who_contradict_the_records():
    """Staff were asked about this force; victims were asked across forces only, and contradict nothing."""
    concern = {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "area for improvement", "rank": 1,
               "statement": "The records show it, and staff asked about the force say otherwise: Crimes are recorded.",
               "recommendation": "Record.", "test": "", "evidence_keys": ""}  # fmt: skip
    site = world([measure("like_others", 0.8)], characteristic_states=[state_row("at odds")], concerns=[concern])
    [finding] = attention_findings(site, CODE)
    table = _concern_table(site, "area for improvement", [concern])
    assert table.rows[0][-1].text == finding.certainty
    assert finding.certainty == "Look first: the records and staff asked about this force disagree."
    assert "only if they were asked about that force" in _contradiction_note(site)
    assert _contradiction_note(world([measure("like_others", 0.8)], characteristic_states=[state_row("shown")])) == ""


def test_measures_without_a_share_are_not_counted_as_figures():
    """Seven shares and four missed standards whose share is not shown are eleven rows, of which seven have a figure."""
    shares = [measure(f"shown_{number}", 0.8) for number in range(7)]
    missed = [measure(f"hidden_{number}", None, standard="against", **HIDDEN) for number in range(4)]
    expected = "11 measures: 7 with a figure, the others with a missed standard"
    assert listed_measures_text(world(shares + missed), CODE) == expected
    assert listed_measures_text(world(shares), CODE) == "7 measures with a figure"


def test_that_a_standard_is_missed_is_said_once():
    [finding] = attention_findings(world([measure("told_of_arrest", None, standard="against", **HIDDEN)]), CODE)
    text = " ".join((finding.sentence, finding.basis, finding.comparison, finding.certainty))
    assert text.count("standard is missed") == 1
    assert finding.certainty == "Look first at these cases."


@pytest.mark.parametrize(
    ("rows", "states", "is_named"),
    [
        ([], [], True),
        ([verdict("for")], [state_row("shown")], True),
        ([verdict("against")], [state_row("open")], False),
        ([], [state_row("at odds")], False),
    ],
)
def test_what_works_names_no_standard_that_documents_or_people_dispute(rows, states, is_named):
    met = measure("problem_profile_current", 0.95, standard="for")
    site = world([met], evidence=[evidence_row(met), *rows], characteristic_states=states)
    assert bool(working_findings(site, CODE)) is is_named
    if not is_named:
        assert force_message(site, force(site)).no_works == MET_BUT_DISPUTED


def test_the_first_lines_of_a_force_say_why_its_grade_is_no_better():
    reason = "It stops at adequate because 3 of 5 graded themes are no better. By its characteristics alone it would be good."
    row = {"place_code": CODE, "line": "overall", "proposed": "adequate", "why_none": reason, "known": 14,
           "characteristics": 20, "certainty": "It rests on 9 pieces of evidence. Under these rules: adequate 99%.",
           **UNDECIDED}  # fmt: skip
    found = grade_line(world([], grades=[row]), CODE)
    assert found.reason == reason
    assert found.certainty == "Certainty under the published rules: adequate 99%."


@pytest.mark.parametrize(
    ("grade", "kinds", "expected"),
    [
        ("adequate", [], "By theme: 1 good, 2 adequate."),
        ("adequate", ["cause of concern"], "By theme: 1 good, 2 adequate, although a cause of concern is proposed."),
        (
            "requires improvement",
            ["cause of concern"],
            "By theme: 1 good, 2 adequate, and a cause of concern is proposed.",
        ),
        ("adequate", ["area for improvement"], "By theme: 1 good, 2 adequate."),
    ],
)
def test_every_overall_grade_gives_its_reason_by_theme_and_names_a_cause_of_concern(grade, kinds, expected):
    themes = {"overall": grade, "responses": "good", "scale": "adequate", "lessons": "adequate"}
    rows = [{"place_code": CODE, "line": line, "proposed": name, "known": 14, "characteristics": 20, **UNDECIDED}
            for line, name in themes.items()]  # fmt: skip
    concerns = [{"place_code": CODE, "characteristic": "recorded_rightly", "kind": kind} for kind in kinds]
    assert grade_line(world([], grades=rows, concerns=concerns), CODE).reason == expected


def graded(line, proposed, **more):
    return {"place_code": CODE, "line": line, "proposed": proposed, "known": 2, "characteristics": 2,
            "certainty": f"Under these rules: {proposed} 95%.", **UNDECIDED, **more}  # fmt: skip


def with_inadequate_theme(overall, **more):
    questions = [{"number": "Q1", "text": "Q?", "line": "responses", "line_name": "Responses", "answered": "not"}]
    concern = {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "cause of concern",
               "statement": "Failing: Crimes are recorded late. Recorded in time: 22% of 45 crimes."}  # fmt: skip
    return world(
        [measure("outlier", 0.5, outlier_alert=True, direction="lower")],
        grades=[graded("overall", overall, **more), graded("responses", "inadequate")],
        questions=questions,
        concerns=[concern],
    )


def test_an_inadequate_theme_stands_first_with_what_it_fails_and_how_sure_that_is():
    first, second = attention_findings(with_inadequate_theme("requires improvement"), CODE)
    assert (first.sentence, first.basis) == ("Responses: inadequate.", "Crimes are recorded late.")
    assert first.certainty == "Certainty under the published rules: inadequate 95%."
    assert first.more.href == "forces/alder/reasons.html#theme-responses"
    assert second.key == "outlier"


def test_a_force_without_an_overall_grade_still_has_its_cause_of_concern():
    why = "Only 1 of 6 themes have a grade; an overall grade needs 2."
    found = grade_line(with_inadequate_theme("not enough evidence", why_none=why), CODE)
    assert found.reason == f"{why} That is neither good nor bad. A cause of concern is proposed all the same."


def test_the_table_of_grades_says_why_a_grade_is_no_better_and_why_there_is_none():
    probabilities = [{"place_code": CODE, "line": "responses", "grade": "inadequate", "place": 5, "probability": 0.95}]
    rows = [graded("responses", "inadequate", why_none="It stops there."),
            graded("scale", "not enough evidence", why_none="No characteristic could be assessed.")]  # fmt: skip
    questions = [{"number": number, "text": "Q?", "line": line, "line_name": line, "answered": "not"}
                 for number, line in (("Q1", "responses"), ("Q2", "scale"))]  # fmt: skip
    site = world([], grades=rows, grade_chances=probabilities, questions=questions)
    cells = [row[2].text for row in theme_grade_table(site, CODE).rows]
    assert sorted(cells) == ["No characteristic could be assessed.", "inadequate 95%. It stops there."]


def test_the_page_of_grades_opens_with_how_many_forces_have_which_grade_and_has_no_empty_column():
    rows = [graded("overall", "adequate"), graded("overall", "not enough evidence") | {"place_code": NEIGHBOUR}]
    page = grade_pages(world([], grades=rows))[0]
    assert page.context["answer"] == "Overall: 1 adequate; 1 has not enough evidence."
    assert [heading for heading, _ in page.context["counts"].columns] == ["Theme", "Adequate", "Not enough evidence"]
    assert page.context["counts"].note.startswith("An empty cell means none. No force has this grade: outstanding,")


def test_a_national_problem_is_a_list_with_the_figure_of_each_standard_and_the_forces_that_miss_it():
    item = measure("told_of_arrest", 0.5, standard="against")
    met_row = evidence_row(item) | {"place_code": NEIGHBOUR, "direction": "for"}
    problem = {"place_code": "ALL", "characteristic": "recorded_rightly", "kind": "national problem", "test": item["key"],
               "statement": "Most forces miss this standard. Victims are told late. Told: 51% of the notices."}  # fmt: skip
    site = world(
        [item], evidence=[evidence_row(item), met_row], concerns=[problem], grades=[graded("overall", "adequate")]
    )
    [page] = concern_pages(site)
    [found] = page.context["national"]
    assert found["headline"] == "Victims are told late."
    [standard] = found["standards"]
    assert standard.missed == "Missed in 1 of the 2 forces tested; met in 1"
    assert [cell.text for cell in standard.forces] == ["Alder"]


LATE_NOTICE = measure("told_of_arrest", 0.39, outlier_alert=False, band=(0.5, 0.9), base=45)


def concern_cells(row, measures=(LATE_NOTICE,), more_concerns=(), **tables):
    """The cells of the one cause of concern on the page of concerns."""
    concern = {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "cause of concern", "rank": 1,
               "statement": "Failing: Late.", "recommendation": "", "test": "told_of_arrest", "evidence_keys": "told_of_arrest"}  # fmt: skip
    concerns = [concern | row, *more_concerns]
    site = world(measures, concerns=concerns, grades=[graded("overall", "adequate")], **tables)
    (page,) = concern_pages(site)
    (table,) = [table for _, _, table, _, _ in page.context["found"] if table]
    return [getattr(cell, "text", cell) for cell in table.rows[0]]


def test_a_combined_test_is_certain_and_its_single_measure_is_only_to_look_at_first():
    tests = [{"failure_mode": "F5", "place_code": CODE, "measures": 4, "outlier_alert": True}]
    certainty = concern_cells({"evidence_keys": "F5 told_of_arrest"}, combined_tests=tests)[-1]
    assert certainty == (
        "Almost certainly worse on 4 measures together. By itself, this measure is only a reason to look first."
    )
    assert "together" not in concern_cells({})[-1]


def test_a_concern_without_a_measure_says_on_what_it_rests_and_by_which_rule():
    figure, certainty = concern_cells({"test": "", "evidence_keys": "files"})[-2:]
    assert figure == "No share of records: it rests on other evidence."
    assert certainty.startswith("Case files: of those read, the whole 95% interval")


def test_a_standard_of_a_national_problem_is_not_taken_for_one_whose_name_is_longer():
    """Neither measure needs attention in this force, `told` has the larger gap, and its name is part of the other."""
    problem = {"place_code": "ALL", "characteristic": "recorded_rightly", "kind": "national problem", "test": "told",
               "statement": "Most forces miss this standard. Victims are told late."}  # fmt: skip
    measures = [LATE_NOTICE | {"band": (0.05, 0.9)}, measure("told", 0.1, band=(0.05, 0.9))]
    assert concern_cells({}, measures, [problem])[2].startswith("39% of")


def test_the_figure_of_a_concern_has_its_base():
    assert "45 notices owed" in concern_cells({})[2]
