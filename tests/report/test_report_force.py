"""Does the page of a force lead with what needs attention, what works, and what is not known?"""

import re

import pytest

from assay.report import write_report
from assay.report.pages.inspection.force_index_page import force_index_page
from assay.report.pages.inspection.force_measures import chart_finding, measure_table, overview_chart, ranked_measures
from assay.report.pages.inspection.force_message import (
    MAX_ATTENTION,
    MAX_UNKNOWN,
    MAX_WORKS,
    attention_findings,
    force_message,
    unknown_lines,
    working_findings,
)
from assay.report.pages.inspection.force_topics import (
    lesson_sentence,
    timeliness_sentence,
    trend_sentence,
)
from assay.report.pages.inspection.overall_grade import grade_line
from report.force_rows import CODE, NEIGHBOUR, TEXT, estimate_row, measure, released_world, world
from report.scoped import figures_of

LATE = "recorded_in_24_hours"
WORSE = {"outlier_alert": True, "direction": "lower"}


def force(site):
    return next(row for row in site.forces if row["place_code"] == CODE)


def keys(findings):
    return [finding.key for finding in findings]


def text_of(finding):
    return " ".join((finding.sentence, finding.basis, finding.comparison, finding.certainty))


# What needs attention


def test_an_outlier_stands_before_a_missed_standard_and_that_before_what_chance_may_explain():
    site = world(
        [
            measure("chance", 0.1, band=(0.3, 0.9)),
            measure("hidden", None, standard="against"),
            measure("missed", 0.7, standard="against"),
            measure("likely", 0.6, standard="against", estimate=(0.5, 0.7)),
            measure("broken", 0.2, high=0.4, standard="against"),
            measure("outlier", 0.5, **WORSE),
            measure("like_others", 0.8),
        ]
    )
    assert keys(attention_findings(site, CODE)) == ["outlier", "broken", "likely", "missed", "hidden", "chance"]


def test_of_two_missed_standards_the_larger_gap_stands_first():
    site = world([measure("near", 0.9, standard="against"), measure("far", 0.6, standard="against")])
    assert keys(attention_findings(site, CODE)) == ["far", "near"]


def test_a_finding_says_its_share_interval_base_and_the_other_forces():
    [finding] = attention_findings(
        world([measure(LATE, 0.55, low=0.41, high=0.67, expected=0.89, unknown=0.06, graded=True, **WORSE)]), CODE
    )
    assert finding.sentence == "55% of crimes were recorded within 24 hours of the report."
    assert finding.basis == "40 crimes with a known answer; 95% interval 41% to 67%; not known for 6%."
    assert finding.comparison == "The other forces: 89%."
    assert finding.certainty == "Almost certainly worse than the other forces."


def test_the_interval_of_another_share_does_not_stand_beside_this_one():
    tables = {"findings": [{"key": "k", "place_code": CODE, "measure": LATE, "value": 0.9, "low": 0.8, "high": 0.95}]}
    [finding] = attention_findings(world([measure(LATE, 0.55, **WORSE)], **tables), CODE)
    assert "interval" not in finding.basis


@pytest.mark.parametrize(
    "more", [{}, {"outlier_alert": None}, {"band": (0.01, 0.99)}, {"outlier_alert": True, "direction": "higher"},
             {**WORSE, "alert_status": "no longer shown"}],
)  # fmt: skip
def test_no_force_is_called_worse_without_an_alert_or_a_standard(more):
    found = attention_findings(world([measure(LATE, 0.1, **{"band": (0.3, 0.9), **more})]), CODE)
    assert not [finding for finding in found if "worse" in text_of(finding)]


def test_a_share_of_which_no_alert_may_be_published_is_not_listed_at_all():
    assert attention_findings(world([measure(LATE, 0.1, band=(0.3, 0.9), outlier_alert=None)]), CODE) == []


@pytest.mark.parametrize("more", [{"holder": "justice"}, {"holder": "police with others"}, {"better": "neither"}])
def test_a_duty_of_others_and_a_measure_without_a_better_side_never_count_against_a_force(more):
    assert attention_findings(world([measure(LATE, 0.1, standard="against", **WORSE, **more)]), CODE) == []


def test_where_fewer_is_better_a_high_share_is_the_worse_one():
    worse = measure("still_pending", 0.6, better="lower", outlier_alert=True, direction="higher", expected=0.2)
    better = measure("missing_graded_low", 0.1, better="lower", outlier_alert=True, direction="lower", expected=0.4)
    site = world([worse, better])
    assert keys(attention_findings(site, CODE)) == ["still_pending"]
    assert keys(working_findings(site, CODE)) == ["missing_graded_low"]


def test_a_missed_standard_with_a_suppressed_share_has_no_number():
    site = world([measure("told_of_arrest", None, low=None, high=None, base=None, expected=None, standard="against")])
    [finding] = attention_findings(site, CODE)
    assert not re.search(r"\d", text_of(finding))
    assert "The share is not shown" in finding.basis


def counted_as(counts, item):
    row = {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "indicator", "key": item["key"],
           "direction": "against", "counts": counts, "not_counted": "", "alert": "", "figure": "A figure."}  # fmt: skip
    return world([item], evidence=[row])


def test_a_share_that_counts_against_the_force_by_comparison_alone_is_no_missed_standard():
    likely = measure(LATE, 0.9, low=0.85, high=0.94, expected=0.98, estimate=(0.86, 0.95))
    assert attention_findings(counted_as("comparison", likely), CODE) == []
    for way in ("standard", "standard and comparison"):
        [finding] = attention_findings(counted_as(way, likely), CODE)
        assert "The standard is missed." in finding.certainty


@pytest.mark.parametrize("more", [{"share": 0.3, "high": 0.4}, {"share": 0.7, "low": 0.6, "better": "lower"}])
def test_a_share_whose_whole_interval_breaks_the_standard_misses_it_whatever_else_counts(more):
    site = counted_as("standard and comparison", measure(LATE, **{"low": 0.2, "high": 0.8, "expected": None, **more}))
    assert "standard" in text_of(attention_findings(site, CODE)[0])


@pytest.mark.parametrize(
    ("more", "certainty", "reading"),
    [
        ({"not_comparable": "different records"}, "Not compared with the other forces.", "not compared"),
        ({"expected": None}, "Not compared with the other forces.", "not compared"),
        ({"outlier_alert": None}, "", ""),
        ({"outlier_alert": True, "direction": "higher"}, "Almost certainly better than the other forces.",
         "almost certainly better than the others"),
        ({}, "Not clearly different from the other forces.", "no clear difference"),
    ],
)  # fmt: skip
def test_a_missed_standard_says_whether_the_force_was_compared_and_how_it_lies(more, certainty, reading):
    row = measure(LATE, 0.7, standard="against")
    estimate = estimate_row(row) | more
    site = world([row], force_estimates=[estimate])
    [finding] = attention_findings(site, CODE)
    assert finding.certainty == f"The standard is missed. {certainty}".strip()
    assert measure_table(site, CODE).rows[0][4].text == f"standard missed; {reading}".rstrip("; ")


def test_a_force_that_is_better_on_a_missed_standard_alone_is_not_said_to_be_better_on_nothing():
    missed = measure(LATE, 0.7, standard="against", outlier_alert=True, direction="higher")
    site = world([missed])
    assert "better than the other forces" in force_message(site, force(site)).no_works
    site = world([measure(LATE, 0.7, standard="against")])
    message = force_message(site, force(site))
    assert message.no_works == "No standard counts as met, and no measure is an outlier for the better."


def test_no_finding_says_that_the_standard_is_every_one():
    items = [measure("missed", 0.7), measure("broken", 0.2, high=0.4), measure("hidden", None)]
    found = attention_findings(world([item | {"standard": "against"} for item in items]), CODE)
    assert len(found) == 3
    assert not [finding for finding in found if "every one" in text_of(finding)]


def test_an_alert_of_a_combined_test_gives_the_figure_that_lies_furthest_and_lists_its_measures_once():
    mode = {"failure_mode": "F5", "line": "responses", "text": "It was not recorded.", "shown_by": "near far",
            "sides": "lower lower", "elsewhere": "", "place": 1}  # fmt: skip
    alert = {"failure_mode": "F5", "place_code": CODE, "measures": 2, "outlier_alert": True, "alert_status": "new"}
    site = world(
        [measure("near", 0.7, band=(0.75, 0.9)), measure("far", 0.3)], failure_modes=[mode], combined_tests=[alert]
    )
    [finding] = attention_findings(site, CODE)
    assert finding.sentence == "Signs of a failure of the past: \u2018It was not recorded\u2019."
    assert "Title of far: 30%." in finding.basis
    assert "combined test of 2 measures" in finding.comparison


def combined_world(measures, sides="lower lower"):
    keys_text = " ".join(item["key"] for item in measures)
    mode = {"failure_mode": "F5", "line": "responses", "text": "It was not recorded.", "shown_by": keys_text,
            "sides": sides, "elsewhere": "", "place": 1}  # fmt: skip
    alert = {
        "failure_mode": "F5",
        "place_code": CODE,
        "measures": len(measures),
        "outlier_alert": True,
        "alert_status": "new",
    }
    return world(measures, failure_modes=[mode], combined_tests=[alert])


def test_a_combined_alert_is_never_illustrated_with_a_measure_on_which_the_force_is_better():
    better = measure("better", 0.2, expected=0.15, standard="against")
    found = attention_findings(combined_world([better, measure("worse", 0.5, expected=0.8)]), CODE)
    assert "Title of worse: 50%." in found[0].basis
    assert "The other forces: 80%." in found[0].comparison
    assert keys(found) == ["F5", "better"]


def test_the_measure_that_illustrates_a_combined_alert_is_not_listed_again():
    missed = measure("missed", 0.5, expected=0.8, standard="against")
    assert keys(attention_findings(combined_world([missed, measure("near", 0.78)]), CODE)) == ["F5"]


def test_a_combined_alert_without_a_clear_measure_has_no_figure():
    [finding] = attention_findings(combined_world([measure("a", 0.77), measure("b", 0.78)]), CODE)
    assert finding.basis == ""
    assert finding.comparison == "An outlier on a combined test of 2 measures."


@pytest.mark.parametrize(("share", "side", "is_given"), [(0.9, "higher", True), (0.3, "higher", False)])
def test_the_side_of_the_failure_says_which_measure_illustrates_it(share, side, is_given):
    item = measure("aside", share, expected=0.6, better="neither")
    [finding] = attention_findings(combined_world([item], side), CODE)
    assert ("Title of aside" in finding.basis) is is_given


def test_an_alert_of_a_combined_test_is_not_listed_beside_the_alert_of_one_of_its_measures():
    mode = {"failure_mode": "F5", "line": "responses", "text": "It was not recorded.", "shown_by": "near far",
            "sides": "lower lower", "elsewhere": "", "place": 1}  # fmt: skip
    alert = {"failure_mode": "F5", "place_code": CODE, "measures": 2, "outlier_alert": True, "alert_status": "new"}
    measures = [measure("near", 0.7), measure("far", 0.3, **WORSE)]
    site = world(measures, failure_modes=[mode], combined_tests=[alert])
    assert keys(attention_findings(site, CODE)) == ["far"]


def test_what_people_contradict_is_listed_with_who_they_are():
    state = {"place_code": CODE, "characteristic": "recorded_rightly", "state": "at odds", "probability": 0.9,
             "evidence_keys": "", "outlier_indicators": "", "contradicted_by": "staff victims", "not_asked": ""}  # fmt: skip
    [finding] = attention_findings(world([measure("like_others", 0.8)], characteristic_states=[state]), CODE)
    assert finding.sentence == "Staff and victims contradict the records."
    assert finding.certainty == "Look first: the records and staff and victims asked about this force disagree."
    assert TEXT in finding.comparison


def test_the_lists_are_cut_at_seven_five_and_five():
    items = [measure(f"missed_{number}", 0.5 + number / 100, standard="against") for number in range(9)]
    items += [measure(f"met_{number}", 0.9, standard="for") for number in range(7)]
    site = world(items)
    message = force_message(site, force(site))
    assert (len(message.attention), message.attention_count) == (MAX_ATTENTION, "9") == (7, "9")
    assert len(message.works) == MAX_WORKS == 5
    assert len(message.unknown) <= MAX_UNKNOWN == 5


def test_where_nothing_stands_out_one_sentence_says_so_and_not_that_all_is_well():
    site = world([measure("like_others", 0.8)])
    message = force_message(site, force(site))
    assert message.attention == ()
    assert message.no_attention == (
        "No measure of this force is an outlier for the worse, and none counts as a missed standard."
    )
    none_compared = world([measure("like_others", 0.8, outlier_alert=None)])
    assert "nothing is said for it or against it" in force_message(none_compared, force(none_compared)).no_attention


# What works


def test_an_outlier_for_the_better_stands_before_a_standard_that_is_met():
    site = world(
        [
            measure("met", 0.95, standard="for"),
            measure("best", 0.9, outlier_alert=True, direction="higher", graded=True),
        ]
    )
    found = working_findings(site, CODE)
    assert keys(found) == ["best", "met"]
    assert [finding.certainty for finding in found] == [
        "Almost certainly better than the other forces.", "The standard counts as met.",
    ]  # fmt: skip


def test_a_standard_that_is_met_with_a_suppressed_share_has_no_number_and_stands_last():
    site = world([measure("hidden", None, low=None, high=None, base=None, expected=None, standard="for"),
                  measure("met", 0.95, standard="for")])  # fmt: skip
    found = working_findings(site, CODE)
    assert keys(found) == ["met", "hidden"]
    assert not re.search(r"\d", text_of(found[1]))
    assert "the standard counts as met" in found[1].sentence


def test_what_is_shown_by_comparison_alone_is_counted_and_never_said_to_work():
    state = {"place_code": CODE, "characteristic": "recorded_rightly", "state": "shown", "probability": 0.9,
             "evidence_keys": "", "outlier_indicators": "", "contradicted_by": "", "not_asked": ""}  # fmt: skip
    item = {"place_code": CODE, "characteristic": "recorded_rightly", "kind": "indicator", "key": "like_others",
            "direction": "for", "counts": "comparison", "not_counted": "", "alert": "", "figure": "F."}  # fmt: skip
    site = world([measure("like_others", 0.8)], characteristic_states=[state], evidence=[item])
    message = force_message(site, force(site))
    assert message.works == ()
    assert message.no_worse == "Not worse than the other forces on 1 characteristic that have no standard."


# What cannot be said, and the grade


def grade(line, proposed, **more):
    return {"place_code": CODE, "line": line, "proposed": proposed, "probability": 0.8, "why_none": "", "known": 3,
            "characteristics": 7, "certainty": "It rests on much. Under these rules: good 78%.",
            "speaks_for": "", "speaks_against": "", "would_change": "", "not_known": "", "voices": "", **more}  # fmt: skip


def test_a_grade_is_said_in_one_line_with_its_certainty_and_what_it_leaves_out():
    found = grade_line(world([measure("met", 0.9)], grades=[grade("overall", "good")]), CODE)
    assert (found.head, found.grade) == ("Proposed grade", "good")
    assert found.certainty == "Certainty under the published rules: good 78%."
    assert found.covered == "3 of 7 characteristics could be assessed. The panel has not decided yet."


def test_a_grade_that_the_panel_decided_names_the_day_and_what_was_proposed():
    row = grade(
        "overall", "adequate", decided="good", decided_on="2026-06-01", decided_upon="adequate", decided_why="Why."
    )
    found = grade_line(world([measure("met", 0.9)], grades=[row]), CODE)
    assert (found.head, found.grade) == ("Grade", "good")
    assert found.certainty == "Decided by the panel on 2026-06-01 (proposed: adequate)."


def test_no_grade_is_neither_good_nor_bad_and_a_force_that_is_not_graded_has_no_line():
    found = grade_line(world([measure("met", 0.9)], grades=[grade("overall", "not enough evidence")]), CODE)
    assert found.grade.startswith("none")
    assert "neither good nor bad" in found.reason
    assert grade_line(world([measure("met", 0.9)]), CODE) is None


def test_what_cannot_be_said_names_the_themes_the_measures_and_the_trends():
    questions = [{"number": "Q1", "text": "Q?", "line": "responses", "line_name": "Responses", "answered": "not"}]
    trend = {"place_code": CODE, "kind": "recorded", "series": "Crimes", "years_apart": 3, "refusal": "Too short.",
             "explanation": ""}  # fmt: skip
    site = world([measure("hidden", None), measure("met", 0.9)], questions=questions, scale_trends=[trend],
                 grades=[grade("responses", "not enough evidence")])  # fmt: skip
    lines = dict(unknown_lines(site, CODE))
    assert lines["Grades"] == "There is too little evidence for a grade on responses."
    assert lines["Measures"].startswith("Of 2 measures, 1 shows no share")
    assert lines["Trends"].startswith("No series is long enough")
    assert trend_sentence(site, CODE).startswith("Nothing can be said")


def test_a_topic_of_which_nothing_is_known_is_one_sentence():
    site = world([measure("met", 0.9)])
    assert timeliness_sentence(site, CODE) == "No median can be shown: too few waits, or too few that have ended."
    assert lesson_sentence(site, CODE) == "None of the past recommendations could be tested here."


# The detail


def test_only_an_inspection_with_grades_says_that_every_theme_has_one():
    site = world([measure("met", 0.9)])
    assert force_message(site, force(site)).all_known == "Every measure has a figure."
    site = world([measure("met", 0.9)], grades=[grade("overall", "good"), grade("responses", "good")])
    assert force_message(site, force(site)).all_known == "Every measure has a figure, and every theme has a grade."


def test_the_table_ranks_as_the_list_does_and_reads_in_the_same_words():
    site = world(
        [
            measure("like_others", 0.8),
            measure("missed", 0.7, standard="against"),
            measure("outlier", 0.5, graded=True, **WORSE),
        ]
    )
    table = measure_table(site, CODE)
    assert [row[0].text for row in table.rows] == ["Title of outlier", "Title of missed", "Title of like_others"]
    assert [row[-1].text for row in table.rows] == [
        "almost certainly worse", "standard missed; no clear difference", "no clear difference",
    ]  # fmt: skip
    assert len(measure_table(site, CODE, 2).rows) == 2


def test_only_a_graded_duty_is_called_worse_or_better_and_any_other_measure_lower_or_higher():
    better = {"outlier_alert": True, "direction": "higher"}
    site = world([measure("slow", 0.5, **WORSE), measure("quick", 0.9, **better)])
    assert [finding.certainty for finding in attention_findings(site, CODE)] == [
        "Almost certainly lower than the other forces."
    ]
    assert [finding.certainty for finding in working_findings(site, CODE)] == [
        "Almost certainly higher than the other forces."
    ]
    readings = {row[0].text: row[-1].text for row in measure_table(site, CODE).rows}
    assert readings == {"Title of slow": "almost certainly lower", "Title of quick": "almost certainly higher"}
    assert "an outlier on the adverse side on 1 of 2 measures" in chart_finding("Alder", ranked_measures(site, CODE))


def test_a_measure_that_illustrates_a_combined_alert_stands_with_the_outliers_in_the_table_too():
    modes = {"failure_modes": [{"failure_mode": "F1", "text": "It failed.", "line": "responses",
                                "shown_by": "sign", "sides": "lower"}],
             "combined_tests": [{"failure_mode": "F1", "place_code": CODE, "measures": 1, "outlier_alert": True}]}  # fmt: skip
    site = world([measure("missed", 0.7, standard="against"), measure("sign", 0.6)], **modes)
    assert attention_findings(site, CODE)[0].key == "F1"
    table = measure_table(site, CODE)
    assert [row[0].text for row in table.rows] == ["Title of sign", "Title of missed"]
    assert table.rows[0][-1].text == "almost certainly worse by a combined test"
    assert chart_finding("Alder", ranked_measures(site, CODE)) == (
        "Alder: almost certainly worse by a combined test; no single measure is an outlier for the worse"
    )


def test_a_suppressed_share_stands_in_the_table_only_as_a_missed_standard_and_without_a_number():
    site = world([measure("hidden", None, low=None, high=None, base=None, expected=None, standard="against"),
                  measure("unknown", None)])  # fmt: skip
    [row] = measure_table(site, CODE).rows
    assert row[0].text == "Title of hidden"
    assert not re.search(r"\d", "".join(cell.text for cell in row))


def test_the_title_of_the_chart_is_its_finding():
    compared = ranked_measures(world([measure("like_others", 0.85)]), CODE)
    assert chart_finding("Alder", compared) == "Alder: worse than the other forces on none of 1 measure"
    compared = ranked_measures(
        world([measure("outlier", 0.5, graded=True, **WORSE), measure("like_others", 0.8)]), CODE
    )
    assert chart_finding("Alder", compared).endswith(
        "almost certainly worse on 1 of 2 measures. Namely: \u2018Title of outlier\u2019"
    )
    compared = ranked_measures(world([measure("near", 0.7), measure("far", 0.6)]), CODE)
    assert (
        chart_finding("Alder", compared)
        == "Alder: an outlier for the worse on none of 2 measures. Furthest behind on \u2018Title of far\u2019"
    )


@pytest.mark.parametrize("more", [{"holder": "justice"}, {"holder": "police with others"}, {"better": "neither"}])
def test_the_chart_names_no_force_as_behind_on_what_never_counts_against_it(more):
    excluded = measure("aside", 0.1, expected=0.9, **more)
    site = world([excluded, measure("near", 0.78)])
    assert "Furthest behind on \u2018Title of near\u2019" in chart_finding("Alder", ranked_measures(site, CODE))
    single = world([excluded])
    assert chart_finding("Alder", ranked_measures(single, CODE)) == (
        "Alder: none of these measures counts for the force or against it"
    )


def test_a_measure_without_a_better_side_has_no_gap_to_the_other_forces():
    site = world([measure("cancelled", 0.9, expected=0.5, better="neither")])
    assert ranked_measures(site, CODE)[0].finding.gap_to_others == 0


def test_a_measure_whose_alert_may_not_be_published_is_not_drawn():
    site = world([measure("unpublished", 0.5, outlier_alert=None)])
    assert overview_chart(site, force(site)) is None


def test_forces_are_ranked_by_what_most_needs_attention_and_a_withheld_force_says_nothing():
    site = world([measure("outlier", 0.5, **WORSE)])
    rows = force_index_page(site).context["ranked"].rows
    assert [row[0].text for row in rows] == ["Alder", "Birch"]
    assert rows[0][2].text == "Title of outlier: 50%."
    waiting = force_index_page(world([measure("outlier", 0.5, **WORSE)], withheld=[CODE])).context["ranked"].rows
    assert [cell.text for cell in waiting[-1]] == ["Alder", "", "Its page awaits approval.", ""]


# The pages


FORCE_PAGES = ("", "/measures", "/reasons", "/records")


def force_text(record_pages, slug):
    return " ".join(record_pages[f"forces/{slug}{page}.html"] for page in FORCE_PAGES)


FIGURES = {
    "ladders": ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known", "share"),
    "force_estimates": ("share", "share_low", "share_high", "rank", "expected_low", "expected_high", "not_known_share"),
    "wait_medians": ("median_days", "ended", "still_waiting"), "counts_by_definition": ("records", "not_known"),
    "returned": ("accepted", "set_aside"), "grades": ("known",),
}  # fmt: skip


@pytest.mark.parametrize(("code", "slug"), [("INV01", "alderwick"), ("INV06", "fernleigh"), ("INV45", "north-unit")])
def test_every_released_figure_of_a_force_stands_on_one_of_its_pages(record_report, record_pages, code, slug):
    figures = figures_of(record_report)
    text = re.sub(r"<[^>]+>", " ", force_text(record_pages, slug))
    printed = set(re.findall(r"\d[\d,.]*%?", text))
    printed |= {number.rstrip(".,") for number in printed}
    lost = []
    for figure in figures:
        table, column = figure["id"].partition("/")[0], figure["id"].rpartition("#")[2]
        is_split = table == "ladders" and not figure["id"].rpartition("#")[0].endswith("/ all")
        is_shown = figure.get("force") == code and column in FIGURES.get(table, ()) and not is_split
        if is_shown and not _is_unranked(slug, table, column) and not set(figure["printed"]) & printed:
            lost.append(figure["id"])
    assert lost == []


def _is_unranked(slug, table, column):
    return slug == "north-unit" and (table == "force_estimates" or column == "share")


def test_the_first_screen_of_a_force_stands_before_its_tables_and_links_to_its_evidence(record_pages):
    text = record_pages["forces/fernleigh.html"]
    order = [text.index(f'id="{spot}"') for spot in ("attention", "works", "cannot", "measures", "topics", "evidence")]
    assert order == sorted(order)
    for page in FORCE_PAGES[1:]:
        assert f'href="../forces/fernleigh{page}.html"' in text
    assert "Almost certainly worse than the other forces." in text


def test_a_force_without_any_figure_has_no_empty_table(tmp_path):
    write_report(released_world([measure("hidden", None)], return_contents=[]), tmp_path)
    for page in ("alder.html", "birch.html"):
        text = (tmp_path / "forces" / page).read_text(encoding="utf-8")
        assert "<table" not in text
        assert "nothing can be said of it. That is neither good nor bad." in text


def test_the_linked_pages_of_a_withheld_force_are_withheld_too(tmp_path):
    from assay.report.release_approvals import ReleaseApprovals

    approvals = ReleaseApprovals(withheld=frozenset({CODE, NEIGHBOUR}))
    write_report(released_world([measure("outlier", 0.5, **WORSE)]), tmp_path, approvals=approvals)
    for path in [*tmp_path.glob("forces/alder/*.html"), tmp_path / "forces/alder.html"]:
        main = re.search(r"<main.*</main>", path.read_text(encoding="utf-8"), re.S)[0]
        assert "This page is not released yet." in main
        assert "%" not in main


# In a browser

SCREEN = 900
BOTTOM = "document.querySelector('main').getBoundingClientRect().bottom + window.scrollY"
MESSAGE = "document.querySelector('.message').getBoundingClientRect().height"


@pytest.mark.browser
@pytest.mark.parametrize("slug", ["alderwick", "fernleigh", "juniper-coast", "north-unit"])
def test_the_message_is_under_one_screen_and_the_page_under_four(browser, record_report, slug):
    page = browser.new_page(viewport={"width": 1280, "height": SCREEN})
    page.goto((record_report.folder / f"forces/{slug}.html").as_uri())
    assert page.evaluate(MESSAGE) <= SCREEN
    assert page.evaluate(BOTTOM) <= 4 * SCREEN
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("page_name", ["measures", "reasons", "records"])
def test_a_linked_page_of_a_force_is_under_eight_screens(browser, record_report, page_name):
    page = browser.new_page(viewport={"width": 1280, "height": SCREEN})
    page.goto((record_report.folder / f"forces/alderwick/{page_name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") <= 8 * SCREEN
    page.close()
