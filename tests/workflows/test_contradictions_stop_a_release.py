"""A release whose grades contradict its alerts is stopped with a sentence, and one without contradictions is not."""

import pyarrow as pa
import pytest

from assay.errors import EvidenceError
from assay.grading.coherence import READ
from assay.workflows.release.release_stage import refuse_contradictions

EVIDENCE = {"place_code": "INV01", "characteristic": "recorded_rightly", "kind": "combined test", "key": "F2",
            "direction": "against", "counts": "alert", "not_counted": "", "alert": "worse", "figure": "An outlier."}  # fmt: skip
GRADE = {"place_code": "INV01", "line": "data-quality", "proposed": "requires improvement", "speaks_for": ""}
CONCERN = {"place_code": "INV01", "characteristic": "recorded_rightly", "kind": "cause of concern"}
TEST = {"place_code": "INV01", "failure_mode": "F2", "outlier_alert": True}


def tables(**rows):
    """The tables that are compared before a release, with these rows."""
    table_rows = {"evidence": [EVIDENCE], "grades": [GRADE], "concerns": [CONCERN], "combined_tests": [TEST]} | rows
    return {name: pa.Table.from_pylist(table_rows.get(name, [])) for name in READ}


def test_a_release_without_contradictions_goes_on():
    refuse_contradictions(tables())


def test_a_force_that_is_good_where_an_alert_names_it_stops_the_release():
    with pytest.raises(EvidenceError, match=r"1 contradiction would be printed.*INV01 is good on data-quality"):
        refuse_contradictions(tables(grades=[GRADE | {"proposed": "good"}]))


def test_an_overall_grade_that_is_better_than_those_of_most_themes_stops_the_release():
    """One of two graded themes may be worse than the overall grade; two of three may not."""
    overall = GRADE | {"line": "overall", "proposed": "adequate"}
    better = GRADE | {"line": "responses", "proposed": "good"}
    worse = GRADE | {"line": "scale"}
    evidence = [EVIDENCE, *(EVIDENCE | {"characteristic": key, "kind": "indicator", "key": key, "alert": ""}
                            for key in ("suspects_pursued", "scale_known"))]  # fmt: skip
    refuse_contradictions(tables(grades=[GRADE, better, overall], evidence=evidence))
    with pytest.raises(EvidenceError, match="INV01 is adequate overall, and 2 of 3 graded themes are worse"):
        refuse_contradictions(tables(grades=[GRADE, better, worse, overall], evidence=evidence))


def test_the_first_three_contradictions_are_printed_and_all_are_counted():
    codes = [f"INV{number:02}" for number in range(1, 6)]
    with pytest.raises(EvidenceError, match="5 contradictions") as refused:
        refuse_contradictions(
            tables(
                evidence=[EVIDENCE | {"place_code": code} for code in codes],
                grades=[GRADE | {"place_code": code, "proposed": "good"} for code in codes],
                concerns=[CONCERN | {"place_code": code} for code in codes],
            )
        )
    assert str(refused.value).count("is good on") == 3
