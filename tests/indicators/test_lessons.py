"""A lesson is applied where practice shows it; a claim stands or falls by the force's own records."""

import datetime as dt

import numpy as np
import pytest

from assay.indicators.catalogue.lessons.force_claims import claims_table
from assay.indicators.catalogue.lessons.practice_change import NOTICE, change_table
from assay.indicators.catalogue.lessons.recommendation_register import lessons, register_table, reports
from assay.indicators.catalogue.lessons.recommendations_applied import applied_table as applied
from assay.indicators.catalogue.lessons.recommendations_applied import compare_with_claim, status_of, verdict_of
from assay.indicators.indicator_catalogue import indicators
from assay.reference import recommendations
from assay.stats.change_point import NO_CHANGE, OTHER_MONTH, change_point_probabilities

FORMS = {indicator.key: indicator for indicator in indicators()}
LESSONS = {lesson.key: lesson for lesson in lessons()}
ROCHDALE = LESSONS["rochdale-2024"]  # three measures of suspects and of other children
SAID_ON = dt.date(2025, 10, 22)


def ladder(indicator, met, not_met, not_known=0, **more):
    return {"indicator": indicator, "place_code": "INV01", "when_reported": "all", "not_askable": "", "suppressed_cells": "",
            "met": met, "not_met": not_met, "not_known": not_known, "not_known_if_counted": 0} | more  # fmt: skip


def claim(kind, key=None, value=None, status=None):
    return {"force_code": "INV01", "about_kind": kind, "about_key": key, "claimed_value": value,
            "claimed_status": status, "said_on": SAID_ON}  # fmt: skip


def applied_lesson(rows, claims=(), key="rochdale-2024"):
    applied_rows = applied(rows, (), claims, FORMS, ["INV01"]).to_pylist()
    return next(row for row in applied_rows if row["recommendation"] == key)


def test_every_recommendation_has_an_owner_a_test_or_the_reason_why_it_has_none():
    rows = register_table({key: form.title for key, form in FORMS.items()}).to_pylist()
    assert [row["recommendation"] for row in rows] == list(recommendations().keys)
    assert all(row["test"] and row["owed_by"] in ("police", "both", "others") for row in rows)


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (((90, 10), (90, 10), (90, 10)), "applied"),
        (((90, 10), (90, 10), (10, 90)), "partly"),
        (((90, 10), (90, 10), (3, 0)), "partly"),  # of three records the third measure cannot tell
        (((10, 90), (10, 90), (3, 0)), "not applied"),
        (((3, 0), (3, 0), (3, 0)), "cannot be shown"),
    ],
)
def test_the_status_is_what_the_measures_show(counts, status):
    rows = [ladder(key, *counts) for key, counts in zip(ROCHDALE.test.indicators, counts, strict=True)]
    assert applied_lesson(rows)["status"] == status


def test_what_others_must_do_depends_on_others_whatever_the_records_say():
    assert applied_lesson((), key="hmicfrs-2023-5")["status"] == "depends on others"


def test_a_recommendation_whose_text_nobody_read_is_listed_and_never_tested():
    for key in ("hmicfrs-2023-7-9-a", "hmicfrs-2025-6", "casey-2025-police-systems", "casey-2025-progress-reports"):
        assert applied_lesson((), key=key)["status"] == "listed, not tested"


def test_a_paper_that_says_so_is_not_practice():
    tested = dict.fromkeys(ROCHDALE.test.indicators, "disagrees")
    status, why = status_of(ROCHDALE, tested, {key: key for key in tested}, "agrees")
    assert status == "not applied"
    assert "It is written down; practice does not show it." in why


def test_a_hidden_count_leaves_open_what_it_may_be():
    form = FORMS["named_suspect_met"]
    assert (
        verdict_of(form, ladder("named_suspect_met", 60, None, suppressed_cells="not_met")) == "agrees"
    )  # 60 of 61 to 64
    assert (
        verdict_of(form, ladder("named_suspect_met", 10, None, suppressed_cells="not_met")) == "cannot tell"
    )  # 71 to 91 in 100
    assert (
        verdict_of(form, ladder("named_suspect_met", 60, None, suppressed_cells="secondary:not_met")) == "cannot tell"
    )


def test_a_force_that_says_more_than_is_shown_is_told_so_and_one_that_cannot_be_tested_is_not():
    assert compare_with_claim("applied", "not applied", denied=True) == "says more than is shown"
    assert compare_with_claim("applied", "partly", denied=False) == ""
    assert compare_with_claim("partly", "applied", denied=False) == "says less than is shown"
    assert compare_with_claim("applied", "cannot be shown", denied=False) == ""


def test_the_last_word_of_a_force_on_a_recommendation_counts():
    first = claim("recommendation", "rochdale-2024", status="not_applied") | {"said_on": dt.date(2024, 1, 1)}
    row = applied_lesson((), [claim("recommendation", "rochdale-2024", status="applied"), first])
    assert (row["claimed_status"], row["statement_date"]) == ("applied", "2025-10-22")


def checked_claims(claims, rows=(), scale=()):
    return claims_table(claims, rows, (), scale, FORMS, ["INV01"]).to_pylist()


def test_a_figure_far_above_the_records_is_contradicted_with_the_size_of_the_difference():
    [row] = checked_claims(
        [claim("indicator", "recorded_in_24_hours", 0.9)], [ladder("recorded_in_24_hours", 600, 400)]
    )
    assert row["verdict"] == "contradicted"
    assert row["difference"] == pytest.approx(0.30, abs=0.01)
    assert row["difference_low"] < 0.30 < row["difference_high"]
    assert row["probability"] == 1.0


def test_a_figure_that_the_records_fit_and_little_else_is_supported():
    [row] = checked_claims(
        [claim("indicator", "recorded_in_24_hours", 0.61)], [ladder("recorded_in_24_hours", 600, 400)]
    )
    assert row["verdict"] == "supported"


def test_a_figure_on_few_or_unknown_records_cannot_be_tested():
    for rows in ((), [ladder("recorded_in_24_hours", 5, 4)], [ladder("recorded_in_24_hours", 10, 6)],
                 [ladder("recorded_in_24_hours", 60, 40, 100)]):  # fmt: skip
        [row] = checked_claims([claim("indicator", "recorded_in_24_hours", 0.61)], rows)
        assert row["verdict"] == "cannot be tested"


def test_claims_of_scale_keep_the_verdict_that_they_were_given():
    row = {"place_code": "INV01", "subject": "groups", "statement": "no groups", "compared_with": "groups",
           "why": "Its own records show groups.", "verdict": "contradicted", "statement_date": "2025-10-22"}  # fmt: skip
    assert [item["verdict"] for item in checked_claims((), scale=[row])] == ["contradicted"]


def test_statements_are_numbered_force_by_force():
    claims = [claim("indicator", "recorded_in_24_hours", 0.6), claim("indicator", "told_of_arrest", 0.6)]
    assert [row["number"] for row in checked_claims(claims)] == [1, 2]


def test_a_change_at_a_known_month_is_found_and_no_change_is_said_to_be_none():
    before, after = [8] * 6, [18] * 6
    found = change_point_probabilities(before + after, [20] * 12, {"report": 6})
    assert found["report"] > 0.95
    assert change_point_probabilities([16] * 12, [20] * 12, {"report": 6})[NO_CHANGE] > 0.9
    assert sum(found.values()) == pytest.approx(1)


def test_a_change_at_another_month_is_not_given_to_the_report():
    found = change_point_probabilities([4] * 3 + [18] * 9, [20] * 12, {"report": 6})
    assert max(found, key=found.get) == OTHER_MONTH


def test_months_without_records_say_nothing():
    with_gap = change_point_probabilities([8, 0, 8, 18, 0, 18], [20, 0, 20, 20, 0, 20], {"report": 3})
    no_change = change_point_probabilities([8, 8, 18, 18], [20, 20, 20, 20], {"report": 2})
    assert with_gap["report"] > 0.5
    assert no_change["report"] > 0.5


def test_where_nothing_changes_few_measures_are_said_to_change():
    random = np.random.default_rng(7)
    alerts = 0
    for _ in range(300):
        change_probabilities = change_point_probabilities(
            random.binomial(20, 0.8, 12), [20] * 12, {"report": 6, NOTICE: 9}
        )
        alerts += (
            max(change_probabilities, key=change_probabilities.get) != NO_CHANGE
            and max(change_probabilities.values()) >= 0.9
        )
    assert alerts <= 6  # two in a hundred


def months(first, second, *, change_month, key="told_of_arrest"):
    return [{"force_code": "INV01", "indicator": key, "month": f"{2025 + (3 + i) // 12}-{(3 + i) % 12 + 1:02d}",
             "met": first if i < change_month else second, "base": 20} for i in range(12)]  # fmt: skip


def changed(rows, notice=dt.date(2026, 1, 15)):
    [row] = change_table(rows, FORMS, ("2025-04", "2026-04"), notice).to_pylist()
    return row


def test_practice_that_turned_better_after_notice_is_said_to_have():
    row = changed(months(6, 19, change_month=9))
    assert (row["changed"], row["way"]) == (f"after the {NOTICE}", "better")


def test_practice_that_turned_worse_after_the_report_is_said_to_have():
    row = changed(
        months(19, 6, change_month=7)
    )  # the progress report came out on 24 October 2025: November is the first month
    assert (row["changed"], row["way"]) == ("after the progress report of 2025", "worse")
    assert [report.key for report in reports()][-1] == "progress report of 2025"


def test_of_too_few_records_it_cannot_be_said():
    rows = [row | {"met": 1, "base": 1} for row in months(1, 1, change_month=9)]
    assert changed(rows)["changed"] == "cannot be said"


def test_what_did_not_change_is_said_not_to_have():
    assert changed(months(16, 16, change_month=9))["changed"] == NO_CHANGE


def test_what_a_sender_wrote_in_the_place_of_a_name_of_ours_is_not_kept():
    rows = checked_claims(
        [claim("indicator", "Quernstone", 0.9), claim("recommendation", "Quernstone", status="applied")], []
    )
    assert {row["key"] for row in rows} == {""}
    assert "Quernstone" not in str(rows)
