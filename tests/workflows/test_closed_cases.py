"""Which closed cases are listed for review, and in which order?"""

import pyarrow as pa
import pytest

from assay.workflows.judge import closed_case_review
from assay.workflows.judge.closed_case_review import ClosedCase

GROUP = {
    "tied_by": "crimes", "group_ref": "G1", "suspects": 2, "victims": 2, "unreviewed": True, "suspect_living": True,
}  # fmt: skip
CASE = {
    "force_code": "INV01", "closed_no_further": True, "lines_ended": True, "reviewed": True, "days_to_closed": 30,
    "referred_for_review": False,
}  # fmt: skip


@pytest.fixture
def listed(monkeypatch, tmp_path):
    """listed(cases, suspects, group): the list, most undone first, as (crime, undone, in words)."""

    def facts_of(cases, suspects=(), **group):
        tables = {
            "found_group": [GROUP | group],
            "found_crimes": [
                {"tied_by": "crimes", "group_ref": "G1", "force_code": "INV01", "crime_ref": crime_row["crime_ref"]}
                for crime_row in cases
                if crime_row["crime_ref"] != "alone"
            ],
            "investigation": [CASE | case for case in cases],
            "pursuit": [{"force_code": "INV01", "crime_ref": ref, "named": n, "met": m} for ref, n, m in suspects],
            "victim": [
                {"force_code": "INV01", "crime_ref": case["crime_ref"], "child_at_offence": True, "person_id": "c",
                 "involvement_ref": "V"}
                for case in cases
            ],
        }  # fmt: skip
        monkeypatch.setattr(
            closed_case_review, "read_stage", lambda folder, stage, name: pa.Table.from_pylist(tables[name])
        )
        return [(row.crime_ref, row.undone, row.summary) for row in closed_case_review._closed_cases(tmp_path)]

    return facts_of


def test_most_undone_comes_first_and_what_is_not_known_is_not_counted(listed):
    found = listed(
        [
            {"crime_ref": "1", "lines_ended": None},
            {"crime_ref": "2", "reviewed": False},
            {"crime_ref": "3", "lines_ended": False},
        ],
        [("3", True, False), ("3", True, True), ("3", False, False), ("1", True, None)],
    )
    assert found == [
        ("3", 2, "1 named suspect not met; a line of enquiry left; not referred"),
        ("2", 1, "no review; not referred"),
        ("1", 0, "lines of enquiry not known; not referred"),
    ]


@pytest.mark.parametrize(
    ("referred", "expected"),
    [(True, "referred"), (False, "not referred"), (None, "whether referred is not known")],
)
def test_each_case_says_whether_it_was_referred_to_a_review_and_where_that_is_not_known(listed, referred, expected):
    found = listed([{"crime_ref": "1", "referred_for_review": referred}])
    assert found == [("1", 0, f"nothing undone; {expected}")]


def test_a_case_of_no_group_an_open_one_and_a_group_that_does_not_meet_the_test_are_not_on_it(listed):
    assert listed([{"crime_ref": "alone"}, {"crime_ref": "2", "closed_no_further": False}]) == []
    assert listed([{"crime_ref": "1"}], victims=1) == []
    assert listed([{"crime_ref": "1"}], unreviewed=None) == []


def test_of_two_alike_the_one_that_was_closed_sooner_comes_first():
    slow, fast = (ClosedCase("INV01", ref, "G1", 1, 1, 0, 0, 1, days, "no") for ref, days in (("1", 40), ("2", 3)))
    assert sorted([slow, fast], key=lambda closed_case: closed_case.order) == [fast, slow]
