"""Does every part of a report say where something is wrong, and only there? Two forces, by pencil."""

import pytest

from assay.grading.grading_rules import NOT_ENOUGH
from assay.reference import failure_modes
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.released_report import named_with_concern
from assay.synthetic.simulation.report_scores import (
    ReportContents,
    affected_themes,
    denied_characteristics,
    score_report,
    theme_of_failing,
)
from assay.synthetic.simulation.truth_folder import Truth

TRUTH = Truth(7, "by pencil", {"late_recording": ("INV01",)}, {"late_recording": 1.0}, {})
RECORDS = {("INV01", "recorded_in_24_hours"): 45}
THEMES = ("attitudes", "assessments", "scale", "data-quality", "responses", "lessons")


def contents(grade="requires improvement", clean_grade="good", **options):
    """Force INV01 records its crimes late; nothing is wrong in INV02."""
    grades = [
        {
            "place_code": place,
            "line": theme,
            "proposed": grade if (place, theme) == ("INV01", "data-quality") else other,
        }
        for place, other in (("INV01", "good"), ("INV02", clean_grade))
        for theme in (*THEMES, "overall")
    ]
    evidence = [{"place_code": "INV02", "characteristic": "kept_informed", "counts": "standard"}]
    evidence += options.get("evidence", [])
    states = [{"place_code": "INV01", "characteristic": "recorded_rightly", "state": options.get("state", "not shown")}]
    return ReportContents(
        grades, options.get("concerns", []), evidence, options.get("brief", {}), options.get("named"), states
    )


def concern(place="INV01", characteristic="recorded_rightly", kind="cause of concern"):
    return {"place_code": place, "characteristic": characteristic, "kind": kind}


def score(**options):
    return score_report(contents(**options), TRUTH, RECORDS)


def test_a_failing_that_every_part_states_is_shown_in_every_part():
    found = score(concerns=[concern()], brief={"INV01": ["recorded_in_24_hours"]}, named=frozenset({"INV01"}))
    [failing] = found.failings
    assert failing.shown_in == ("grade", "concerns", "brief", "front page")
    assert (failing.theme, failing.records) == ("data-quality", 45)


@pytest.mark.parametrize("grade", ["good", "outstanding", NOT_ENOUGH])
def test_a_failing_on_a_theme_that_is_good_or_not_graded_is_missed_by_the_grade(grade):
    [failing] = score(grade=grade).failings
    assert not failing.is_found_by_grade


def test_a_theme_that_is_adequate_is_not_called_good():
    assert score(grade="adequate").failings[0].is_found_by_grade


def test_a_grade_that_is_low_for_another_reason_does_not_show_the_failing():
    """Data quality is inadequate because people are not recorded; whether crimes are recorded in time is open."""
    assert not score(grade="inadequate", state="open").failings[0].is_found_by_grade


@pytest.mark.parametrize("kind", ["test", "combined test"])
def test_a_grade_that_a_test_of_the_failing_lowers_shows_it(kind):
    row = {"place_code": "INV01", "characteristic": "recorded_rightly", "counts": kind, "kind": kind,
           "direction": "against"}  # fmt: skip
    assert score(grade="adequate", state="open", evidence=[row]).failings[0].is_found_by_grade


@pytest.mark.parametrize("kind", ["promising practice", "national problem"])
def test_praise_and_a_problem_of_all_forces_are_no_concern_of_the_force(kind):
    [failing] = score(concerns=[concern(kind=kind)], named=frozenset({"INV01"})).failings
    assert not {"concerns", "front page"} & set(failing.shown_in)


def test_a_concern_about_another_characteristic_does_not_show_the_failing():
    [failing] = score(concerns=[concern(characteristic="people_recorded")]).failings
    assert "concerns" not in failing.shown_in


@pytest.mark.parametrize(("key", "is_police_duty"), [("late_recording", True), ("return_interviews_late", False)])
def test_a_failing_says_whether_it_is_the_duty_of_the_police(key, is_police_duty):
    truth = Truth(7, "by pencil", {key: ("INV01",)}, {key: 1.0}, {})
    assert score_report(contents(), truth, {}).failings[0].is_police_duty is is_police_duty


def test_an_area_for_improvement_is_a_concern_that_the_front_page_does_not_state():
    [failing] = score(concerns=[concern(kind="area for improvement")], named=frozenset({"INV01"})).failings
    assert ("concerns" in failing.shown_in, "front page" in failing.shown_in) == (True, False)


def test_each_part_that_claims_a_failing_of_a_clean_theme_is_counted():
    """A question about notices to victims belongs to the theme of responses, on which nothing is wrong in INV02."""
    found = score(clean_grade="adequate", brief={"INV02": ["told_of_arrest"]})
    claims = {item.theme: item.claimed_in for item in found.clean_themes if item.place == "INV02"}
    assert claims["responses"] == ("grade", "brief")
    assert claims["scale"] == ("grade",)
    assert [item.theme for item in found.clean_themes if item.has_data] == ["responses"]


def test_a_theme_whose_measures_a_failing_moves_is_neither_failing_nor_clean():
    """Crimes that are recorded late also send victims to support late, which is asked about responses."""
    clean = {item.theme for item in score().clean_themes if item.place == "INV01"}
    assert affected_themes(["late_recording"]) == {"data-quality", "responses"}
    assert clean == set(THEMES) - {"data-quality", "responses"}


def test_a_cause_of_concern_that_the_front_page_leaves_out_is_listed():
    found = score(concerns=[concern()], named=frozenset())
    assert found.missing_from_front_page == ("INV01",)
    assert "  INV01 has a cause of concern, and the front page does not name it." in found.summary_lines()


def test_without_a_written_front_page_the_other_parts_are_scored():
    found = score(concerns=[concern()])
    assert found.parts == ("grade", "concerns", "brief")
    assert found.missing_from_front_page == ()


def test_the_table_for_readers_counts_each_part_and_lists_what_is_missing():
    lines = score(concerns=[concern()]).summary_lines()
    assert lines[0].split() == ["grade", "concerns", "brief"]
    assert lines[1].split("  ")[0] == "Injected failings shown"
    assert [part.strip() for part in lines[1].split("   ") if " of " in part] == ["1 of 1", "1 of 1", "0 of 1"]
    assert (
        "  INV01, Crimes recorded late (strength 1, 45 records): not in brief; data-quality is requires improvement."
        in lines
    )


def test_programs_get_a_row_for_each_failing_and_each_clean_theme():
    values = score().as_dict()
    assert [row["place"] for row in values["failings"]] == ["INV01"]
    assert len(values["clean_themes"]) == 4 + 6


def test_a_failing_whose_failure_mode_may_not_grade_still_denies_a_characteristic():
    """The finding of F3 was read only in a copy, so its test counts in no grade; the injected failing is there."""
    assert not failure_modes().get("F3").grades
    assert denied_characteristics("flags_wrong") == ("recorded_rightly",)


def test_every_failing_denies_a_characteristic_and_so_has_a_theme():
    assert all(denied_characteristics(key) for key in failings())
    assert {theme_of_failing(key) for key in failings()} == set(THEMES)


def test_a_force_is_named_on_the_front_page_only_if_its_name_stands_among_the_causes_of_concern():
    page = (
        '<p><a href="forces/b.html">Beta</a></p><p id="concerns">Cause of concern proposed: '
        '<a href="forces/a.html#grades">Alpha &amp; Co</a>.</p>'
    )
    assert named_with_concern(page, {"INV01": "Alpha & Co (synthetic)", "INV02": "Beta"}) == {"INV01"}
