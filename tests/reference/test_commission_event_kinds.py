"""What may happen in a case, and which clocks does it start and stop?"""

import csv
from collections import Counter

import pytest

from assay import reference
from reference_data import ROOT

pytestmark = pytest.mark.quick

KINDS = reference.event_kinds()


def test_of_the_124_kinds_76_are_sent_as_events_12_are_worked_out_and_3_are_not_asked():
    homes = KINDS.home_counts()
    assert len(KINDS) == 124
    assert (homes["events"], homes["worked out"], homes["not asked"]) == (76, 12, 3)
    assert sum(count for home, count in homes.items() if "." in home) == 124 - 76 - 12 - 3


def test_the_kinds_sent_as_events_are_about_what_the_contract_counts():
    subject_counts = Counter(kind.subject for kind in KINDS if kind.sent_in_events)
    expected = {"crime": 19, "victim": 16, "suspect": 18, "child": 14, "missing": 5, "exhibit": 3, "any": 1}
    assert subject_counts == expected


def test_a_kind_starts_and_ends_the_very_standards_that_name_it():
    standards = reference.standards()
    starts = {(kind.key, key) for kind in KINDS for key in kind.starts}
    ends = {(kind.key, key) for kind in KINDS for key in kind.ends}
    assert starts == {(standard.start_event, standard.key) for standard in standards if standard.start_event}
    assert ends == {(standard.end_event, standard.key) for standard in standards if standard.end_event}


def test_a_kind_says_in_which_table_and_column_its_time_stands():
    homes = {key: (KINDS.get(key).table, KINDS.get(key).column) for key in ("suspect_arrested", "crime_recorded")}
    assert homes == {"suspect_arrested": ("events", "happened_at"), "crime_recorded": ("crimes", "recorded_at")}
    assert (KINDS.get("bail_start").table, KINDS.get("bail_start").column) == ("", "")
    assert (KINDS.get("knowledge_of_csa").table, KINDS.get("knowledge_of_csa").column) == ("", "")


def test_every_detail_comes_from_a_closed_list():
    detail_lists = {kind.detail_list for kind in KINDS if kind.detail_list}
    assert len(detail_lists) == 24
    assert all(reference.list_values(name) for name in detail_lists)


def test_every_question_that_reads_a_kind_is_a_question():
    numbers = {question.key for question in reference.questions()}
    assert {name for kind in KINDS for name in kind.read_by} <= numbers


def test_the_table_has_a_row_a_kind_and_a_bar_between_keys():
    rows = {row["key"]: row for row in KINDS.table().to_pylist()}
    assert len(rows) == 124
    assert rows["report_received"]["starts"] == "hocr24|n100"
    assert rows["crime_recorded"]["ends"] == "hocr24"


@pytest.mark.reference
def test_every_kind_stands_as_in_the_contract():
    path = ROOT.parent / "shared" / "return-events.csv"
    if not path.exists():
        pytest.skip("reference data not here: return-events.csv")
    with path.open(encoding="utf-8") as file:
        documented = {row["kind"]: row for row in csv.DictReader(file)}
    assert tuple(documented) == KINDS.keys
    for kind in KINDS:
        row = documented[kind.key]
        assert (kind.meaning, kind.subject, kind.home, kind.detail_list) == (
            row["meaning"], row["about"], row["home"], row["detail_list"]
        )  # fmt: skip
