"""Is the watch list shown to inspectors, by command and in the brief, and to nobody else?"""

from test_force_brief import GRADE, words_of

from assay.compare.comparison_tables import as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.compare.watch_list import OTHER_FORCES, WATCH_LIST
from assay.engine.provenance import Ledger, write_stage
from assay.sdc import declared_tables
from assay.workflows.briefing.force_brief import write_brief
from assay.workflows.briefing.inspector_watch_list import (
    brief_watch_entries,
    brief_watch_notes,
    show_watch_list,
    watch_sentence,
)
from assay.workflows.release.prepared_tables import RELEASED_TABLES
from ingest.other_sent import KENT

ROW = {
    "failing": "F8", "place_code": KENT, "rank": 1, "probability": 0.62, "measure": "harm_called_harm",
    "comparator": OTHER_FORCES, "side": "lower", "share": 0.55, "base": 40, "expected": 0.8, "beyond": 0.727,
    "not_compared": "",
}  # fmt: skip
NOT_COMPARED = ROW | dict.fromkeys(("rank", "probability", "expected", "beyond"))


def listed(country, *rows, tests=()):
    estimates = [{"indicator": "charged_of_closed", "place_code": KENT, "base": 100}]
    tables = {"force_estimates": as_table(estimates, FORCE_ESTIMATES), "watch_list": as_table(rows, WATCH_LIST)}
    if tests:
        tables["combined_tests"] = as_table(tests, FAILURE_MODE_TESTS)
    ledger = Ledger(country.folder / "ledger.jsonl")
    write_stage(country.folder, "comparison", tables, rows_in=1, rows_out=1, ledger=ledger)
    return country.folder


def test_a_row_says_probability_margin_share_and_base():
    text = watch_sentence(ROW)
    for part in ("62%", "below 73%", "other forces: 80%", "55% of 40 "):
        assert part in text


def test_the_brief_says_where_to_look_first_though_no_alert_names_the_force(country):
    folder = listed(country, ROW)
    text = words_of(write_brief(folder, KENT).path)
    assert "Where to look first" in text
    assert "Probably worse" in text
    assert "62%" in text
    assert not GRADE.search(text)


def test_a_force_that_is_not_compared_is_said_to_be_not_known_and_is_not_left_out(country):
    folder = listed(country, NOT_COMPARED)
    assert brief_watch_entries(folder, KENT) == []
    assert "Not compared, so not known: F8." in " ".join(show_watch_list(folder, KENT).lines)
    assert "Not compared, so not known: 1 force." in " ".join(show_watch_list(folder).lines)


def test_a_brief_says_whether_there_is_no_list_no_comparison_or_nothing_to_look_at(country):
    below = ROW | {"failing": "F9", "probability": 0.1}
    folder = listed(country, NOT_COMPARED, below)
    first, second = brief_watch_notes(folder, KENT)
    assert "(1 of 2 failings)" in first
    assert second == "Not compared, so not known: F8."
    assert "Not compared, so not known: F8." in words_of(write_brief(folder, KENT).path)
    (folder / "comparison" / "watch_list.parquet").unlink()
    [note] = brief_watch_notes(folder, KENT)
    assert "no watch list yet" in note
    assert "assay inspect run" in note


def test_a_brief_on_a_force_that_is_compared_on_no_failing_says_that_it_is_not_known(country):
    [note] = brief_watch_notes(listed(country, NOT_COMPARED), KENT)
    assert note == "This force is compared on no failing, so where to look first is not known."


def test_the_command_lists_forces_in_order_and_says_the_margin(country):
    folder = listed(country, ROW)
    text = " ".join(show_watch_list(folder, failing="f8").lines)
    assert "1. Kent" in text
    assert "factor of 1.5" in text
    assert "For inspectors only" in text


def test_two_failings_that_rest_on_the_same_measure_are_both_named_in_one_entry(country):
    folder = listed(country, ROW, ROW | {"failing": "harm_called_harm", "rank": 4})
    [(head, _, _)] = brief_watch_entries(folder, KENT)
    assert head.endswith("(F8, standard in law)")
    text = " ".join(show_watch_list(folder, KENT).lines)
    assert "F8 (rank 1), harm_called_harm (rank 4): probably worse." in text


def test_the_command_orders_forces_over_all_failings_together(country):
    """p = 0.05 makes a probability of at most 0.114, and p = 0.001 one of at most 0.737: together 0.9."""
    tests = [{"failure_mode": mode, "place_code": KENT, "p_value": p} for mode, p in (("F8", 0.05), ("F9", 0.001))]
    folder = listed(country, ROW, tests=tests)
    text, force_text = (" ".join(show_watch_list(folder, force).lines) for force in ("", KENT))
    assert "All failings together   1. Kent: at most 0.9 expected, of 2 failings compared." in text
    assert "All failings together: rank 1 of 1 force, at most 0.9 expected, of 2 failings compared." in force_text
    assert "All failings together" not in " ".join(show_watch_list(folder, failing="F8").lines)


def test_a_folder_without_combined_tests_has_no_order_over_all_failings(country):
    assert "All failings together" not in " ".join(show_watch_list(listed(country, ROW)).lines)


def test_no_release_holds_the_watch_list():
    assert "watch_list" not in declared_tables()
    assert "watch_list" not in {name for names in RELEASED_TABLES.values() for name in names}
