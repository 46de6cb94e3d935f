"""Does the front page of an inspection state only what the released rows show?"""

from assay.report.key_findings import MAX_KEY_FINDINGS, KeyFinding, choose_key_findings
from assay.report.pages.inspection.finding_candidates import finding_candidates, key_findings, no_outlier_sentence
from assay.report.pages.inspection.inspection_front_page import front_page
from assay.report.pages.inspection.measure_findings import measure_finding
from assay.report.pages.inspection.trend_summary import LEVEL_TOO_WIDE, trend_summary
from assay.report.pages.inspection.trends_page import trends_page
from report.force_rows import CODE, NEIGHBOUR, estimate_row, ladder_row, measure, world

MEASURE = measure("told_of_arrest", 0.9)


def hidden_row(start, low, high, verdict="range", on_any=800):
    """The children whom the lists allow in one window, of all forces together."""
    return {"place_code": "ALL", "window_from": start, "window_to": f"{int(start[:4]) + 1}{start[4:]}", "low": low,
            "high": high, "on_any": on_any, "verdict": verdict}  # fmt: skip


def findings_on(subject, site):
    """The candidates on one subject."""
    return [item for item in finding_candidates(site) if item.subject == subject]


def sentences_of(site):
    return " ".join(item.sentence for item in key_findings(site))


def test_the_range_of_children_is_of_all_children_and_the_gap_is_the_share_on_no_list():
    (finding,) = findings_on("hidden victims", world([MEASURE], hidden_victims=[hidden_row("2025-04-01", 900, 2000)]))
    assert (
        finding.sentence == "The lists allow 900 to 2,000 exploited children in all, on a list or on none (estimate)."
    )
    assert round(finding.gap, 3) == round(100 / 900, 3)


def test_the_range_of_children_is_that_of_the_latest_window():
    rows = [hidden_row("2024-04-01", 900, 2000), hidden_row("2025-04-01", 1000, 1500)]
    for order in (rows, rows[::-1]):
        (finding,) = findings_on("hidden victims", world([MEASURE], hidden_victims=order))
        assert "1,000 to 1,500" in finding.sentence


def test_a_range_too_wide_to_be_of_use_is_no_finding():
    assert not findings_on(
        "hidden victims", world([MEASURE], hidden_victims=[hidden_row("2025-04-01", 900, 9000, "order of magnitude")])
    )


def evidence(counts, place=CODE):
    """What the grade of a force makes of the measure."""
    return {"place_code": place, "characteristic": "recorded_rightly", "kind": "indicator", "key": "told_of_arrest",
            "direction": "against", "counts": counts, "not_counted": "", "alert": "", "figure": "A figure."}  # fmt: skip


def test_a_force_that_is_against_by_comparison_alone_misses_no_standard():
    site = world([measure("told_of_arrest", 0.9, expected=0.98)], evidence=[evidence("comparison")])
    assert "Alder" not in sentences_of(site)


def test_a_force_whose_level_counts_by_the_standard_alone_is_named_by_it_and_only_such_forces_are_counted():
    site = world([measure("told_of_arrest", 0.3)], evidence=[evidence("standard"), evidence("comparison", NEIGHBOUR)])  # fmt: skip
    assert "Alder: 30%" in sentences_of(site)
    assert "Standard: all notices owed; missed if probably below 75%." in sentences_of(site)
    assert "forces miss it" not in sentences_of(site)


def test_an_outlier_that_is_against_by_comparison_alone_is_named_by_its_alert_and_by_no_standard():
    alert = measure("told_of_arrest", 0.9, expected=0.98, outlier_alert=True, direction="lower", standard="against")
    found = sentences_of(world([alert], evidence=[evidence("comparison")]))
    assert "Alder: 90%" in found
    assert "Standard: all" not in found


LOWER = {"outlier_alert": True, "direction": "lower"}
CALM = "No force stands out"


def finding(sentence, **more):
    values = {"theme": sentence, "subject": sentence, "links": (), "gap": 0.9, "certainty": 1.0, "records": 100}
    return KeyFinding(sentence, **{**values, **more})


def test_one_finding_that_names_a_force_is_kept_even_if_it_is_the_lightest_of_all():
    middling = [finding(f"Theme {number}.") for number in range(MAX_KEY_FINDINGS)]
    for first in ([], [finding("Nationally.", is_national=True)]):
        found = choose_key_findings([*first, *middling, finding("Alder.", gap=0.0, records=0, names_force=True)])
        assert len(found) == MAX_KEY_FINDINGS
        assert "Alder." in [item.sentence for item in found]
        assert [item.sentence for item in found if item.is_national] == [item.sentence for item in first]


def test_an_alert_whose_share_is_suppressed_is_stated_without_a_figure():
    site = world([measure("told_of_arrest", None, **LOWER)])
    assert "on \u2018Title of told_of_arrest\u2019 (share not shown)." in sentences_of(site)
    assert "%" not in sentences_of(site)
    assert no_outlier_sentence(site) == ""


def test_an_outlier_with_a_share_is_the_lead_before_one_without():
    site = world([measure("told_of_arrest", None, **LOWER), measure("recorded_in_24_hours", 0.2, **LOWER)])
    assert "Alder: 20%" in key_findings(site)[0].sentence


def test_a_text_alert_without_a_rate_is_no_reason_to_say_that_no_force_stands_out():
    row = {
        "place_code": CODE,
        "measure": "blaming_language",
        "part_of": "all",
        "outlier_alert": True,
        "direction": "higher",
    }
    assert CALM not in no_outlier_sentence(world([MEASURE], blaming_language_rates=[row]))


def test_where_a_page_awaits_approval_the_front_page_speaks_only_of_the_other_forces():
    alert = measure("told_of_arrest", 0.2, **LOWER)
    site = world([alert], withheld=[CODE], force_estimates=[estimate_row(alert), estimate_row(MEASURE, NEIGHBOUR)])
    assert "Alder" not in sentences_of(site)
    assert no_outlier_sentence(site).startswith("No force stands out among those whose pages are released. ")
    assert no_outlier_sentence(world([MEASURE])).startswith("No force stands out. ")


def test_every_outlier_alert_has_the_certainty_of_the_page_of_the_force_whatever_its_q_value():
    for q in (0.001, 0.04, None):
        alert = measure("told_of_arrest", 0.2, standard="for", **LOWER)
        row = {**estimate_row(alert), "q_value": q}
        site = world([alert], force_estimates=[row])
        assert "other forces 80% (40 records; almost certainly worse)." in sentences_of(site)
        (form,) = site.indicators
        assert measure_finding(site, form, CODE).certainty.startswith("Almost certainly worse")


def test_a_measure_without_a_grading_standard_is_lower_or_higher_and_never_worse():
    assert "(40 records; almost certainly lower)." in sentences_of(world([measure("told_of_arrest", 0.2, **LOWER)]))
    higher = measure("told_of_arrest", 0.9, better="lower", outlier_alert=True, direction="higher")
    assert "(40 records; almost certainly higher)." in sentences_of(world([higher]))


def combined(count, share):
    """A world with an outlier on a combined test of a failure mode that one measure shows."""
    mode = {"failure_mode": "F1", "line": "responses", "text": "Victims were not told.", "shown_by": "told_of_arrest",
            "sides": "lower"}  # fmt: skip
    row = {"failure_mode": "F1", "place_code": CODE, "measures": count, "outlier_alert": True}
    return world([measure("told_of_arrest", share)], failure_modes=[mode], combined_tests=[row])


def test_a_combined_alert_is_as_certain_as_any_alert():
    assert "(40 records; almost certainly worse on 3 measures together)." in sentences_of(combined(3, 0.2))


def test_a_combined_alert_without_a_clear_measure_is_a_possible_sign_and_no_finding_that_the_failure_happened():
    assert sentences_of(combined(3, 0.79)) == (
        "Alder: almost certainly worse on 3 measures together. They may be signs of a failure of the past: \u2018Victims "
        "were not told\u2019."
    )
    assert sentences_of(combined(1, 0.79)) == (
        "Alder: almost certainly worse on one measure. It may be a sign of a failure of the past: \u2018Victims were not "
        "told\u2019."
    )


def test_an_alert_in_texts_is_as_certain_as_any_alert():
    base = {"measure": "blaming_language", "part_of": "all"}
    rows = [{**base, "place_code": CODE, "outlier_alert": True, "direction": "higher", "per_1000": 40.0, "marked": 100},
            {**base, "place_code": "ALL", "per_1000": 10.0}]  # fmt: skip
    assert "(almost certainly higher)." in sentences_of(world([MEASURE], blaming_language_rates=rows))


def front(site):
    return front_page(site).context


def grade_row(place):
    return {"place_code": place, "line": "overall", "proposed": "inadequate"}


def test_the_front_page_holds_no_grade_of_a_force_whose_page_awaits_approval():
    grades = [grade_row(CODE), grade_row(NEIGHBOUR)]
    entries = {
        cell.text: (grade, css)
        for cell, grade, css, _ in front(world([MEASURE], withheld=[CODE], grades=grades))["forces"]
    }
    assert entries["Alder"] == ("awaits approval", "none")
    assert entries["Birch"] == front(world([MEASURE], grades=grades))["forces"][1][1:3]
    assert "1 inadequate" in str(front(world([MEASURE], withheld=[CODE], grades=grades))["grades"])


def test_the_page_that_compares_two_forces_is_linked_only_where_it_is_written():
    assert "compare.html" not in dict(front(world([MEASURE]))["links"])
    two = world([MEASURE], ladders=[ladder_row(MEASURE), ladder_row(MEASURE, NEIGHBOUR)])
    assert "compare.html" in dict(front(two)["links"])


def test_units_and_agencies_are_not_counted_as_forces():
    assert front(world([MEASURE]))["came"] == "All 2 forces and units sent a return, and all were accepted."


def test_an_inspection_without_a_request_has_a_front_page():
    assert front(world([MEASURE], inspection_summary=[]))["period"] == "a period that was not given"


def trend_row(kind, series, probability):
    return {"place_code": "ALL", "kind": kind, "series": series, "years_apart": 1, "probability_fell": probability,
            "change_low": -0.4, "change_high": -0.1, "refusal": "", "explanation": ""}  # fmt: skip


def test_the_front_page_and_the_page_on_trends_give_the_same_answer():
    statement = (
        "Each set beside itself 1 year earlier. Very probably fell: the count corrected for what nobody marked. "
        "No clear direction: the count of crimes recorded. So no statement on a fall or a rise follows."
    )
    site = world(
        [],
        scale_trends=[
            trend_row("recorded", "Crimes recorded", 0.7),
            trend_row("unflagged", "Crimes, as estimated", 0.96),
        ],
        scale_statements=[{"place_code": "ALL", "statement": statement}],
    )
    [finding] = [item for item in finding_candidates(site) if item.subject.startswith("trend")]
    assert finding.sentence == trends_page(site).context["answer"]
    assert finding.sentence == (
        "Crimes, as estimated: very probably fell over one year (probability 96%). 1 other series shows no clear "
        "direction. So no statement on a fall or a rise follows."
    )


def test_no_trend_is_a_key_finding_where_no_series_clearly_moved():
    site = world([], scale_trends=[trend_row("recorded", "Crimes recorded", 0.7)])
    assert not [item for item in finding_candidates(site) if item.subject.startswith("trend")]
    assert trends_page(site).context["answer"] == "No series clearly fell or rose: 1 of 1 series can be followed."


def test_a_force_with_a_cause_of_concern_or_an_outlier_alert_is_marked_in_words():
    concern = {
        "place_code": NEIGHBOUR,
        "characteristic": "recorded_rightly",
        "kind": "cause of concern",
        "statement": "Failing: It.",
    }
    outlier = measure("told_of_arrest", 0.3, outlier_alert=True, direction="lower")
    site = world([outlier], concerns=[concern])
    assert [entry[3] for entry in front_page(site).context["forces"]] == ["outlier alert", "cause of concern"]
    assert [cell.text for cell in front_page(site).context["concerns"]] == ["Birch"]
    waiting = world([outlier], concerns=[concern], withheld=[CODE, NEIGHBOUR])
    assert [entry[3] for entry in front_page(waiting).context["forces"]] == ["", ""]


def trends_of_alder(*, low, high, years_apart=1):
    """A report in which hidden victims in Alder clearly fell, with this range of their latest number."""
    rows = [trend_row("recorded", "Crimes recorded", 0.7), trend_row("hidden", "Children on no list", 0.99)]
    trends = [row | {"place_code": CODE} for row in rows]
    trends[0]["years_apart"] = years_apart
    hidden = {
        "place_code": CODE,
        "window_from": "2025-04-01",
        "window_to": "2026-04-01",
        "year": 1,
        "low": low,
        "high": high,
    }
    return world([], scale_trends=trends, hidden_victims=[hidden])


def test_a_fall_of_hidden_victims_whose_number_is_too_uncertain_says_so():
    uncertain, usable = trends_of_alder(low=35, high=880), trends_of_alder(low=35, high=90)
    note = trends_page(uncertain).context["places"].note
    assert "Hidden victims in Alder: only the change is estimated." in note
    assert LEVEL_TOO_WIDE in trend_summary(uncertain, CODE).answer
    assert "Hidden victims in" not in trends_page(usable).context["places"].note
    assert LEVEL_TOO_WIDE not in trend_summary(usable, CODE).answer


def test_the_table_of_forces_states_the_one_period_or_one_in_each_cell():
    places = trends_page(trends_of_alder(low=35, high=90)).context["places"]
    assert places.note.startswith("Probability that the level of each series fell over 1 year.")
    assert [cell.text for cell in places.rows[0]] == ["Alder", "70%", "99%"]
    mixed = trends_page(trends_of_alder(low=35, high=90, years_apart=3)).context["places"]
    assert [cell.text for cell in mixed.rows[0]] == ["Alder", "70% over 3 years", "99% over 1 year"]
