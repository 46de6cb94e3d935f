"""Is the secondary suppression of a group of linked tables solved once, and reused only for that group?"""

import shutil
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet
import pytest

from assay.engine.provenance import Ledger, read_stage, verify
from assay.engine.stage_runner import StageRunner
from assay.sdc import (
    apply_policy,
    cached_suppressions,
    declared_tables,
    disclosure_control,
    policy,
    restore_suppressions,
    secondary_suppression,
    start_recording,
    suppression_cache,
)
from assay.sdc.independent_tables import independent_tables
from assay.workflows.release.suppression_stage import (
    STAGE,
    cache_suppressions,
    keep_cached_suppressions,
    restore_cached_suppressions,
)
from sdc.test_equal_everywhere import country
from sdc.test_record_level import table

POLICY = policy("record level")
THREE = {"P1": {"met": 1}, "P2": {"met": 1}, "P3": {"met": 9}, "ALL": {"met": 11}}
"""11 is shown as 10; beside a 9 that is shown as 10 too, the other two would be known to be 1 to 3: P3 is suppressed."""


@pytest.fixture(autouse=True)
def _nothing_is_cached(monkeypatch):
    monkeypatch.setattr(suppression_cache, "_CACHE", {})
    monkeypatch.setattr(disclosure_control, "_LAST_RESULTS", {})


def released(places):
    return apply_policy({"ladders": country(places)["ladders"]}, POLICY)["ladders"].to_pylist()


def forget():
    suppression_cache._CACHE.clear()
    disclosure_control._LAST_RESULTS.clear()


def refuse_to_solve(monkeypatch):
    def solve(*_):
        raise AssertionError("a group was solved")

    monkeypatch.setattr(secondary_suppression._GroupSuppressor, "suppress_until_safe", solve)


def test_a_group_that_an_earlier_run_solved_is_released_the_same_without_solving_it(monkeypatch):
    start_recording()
    first = released(THREE)
    stored = cached_suppressions()
    assert "P3" in str(stored["suppressed_row"].to_pylist())
    forget()
    restore_suppressions(stored)
    refuse_to_solve(monkeypatch)
    assert released(THREE) == first


def test_a_group_in_which_one_count_differs_is_solved_again(monkeypatch):
    released(THREE)
    disclosure_control._LAST_RESULTS.clear()
    refuse_to_solve(monkeypatch)
    with pytest.raises(AssertionError, match="solved"):
        released({**THREE, "P3": {"met": 14}, "ALL": {"met": 16}})


def test_only_groups_that_this_run_used_are_stored():
    released(THREE)
    start_recording()
    assert cached_suppressions().num_rows == 0


def test_a_table_that_no_relation_links_to_the_others_leaves_them_as_they_were(monkeypatch):
    ladders = country(THREE)["ladders"]
    row = {
        "place_code": "ALL",
        "characteristic": "told",
        "evidence_source": "files",
        "verdict": "agrees",
        "answered": 12,
    }
    evidence = table("source_verdicts", [dict.fromkeys(declared_tables()["source_verdicts"].schema.names) | row])
    first, protect, names = apply_policy({"ladders": ladders}, POLICY), disclosure_control._protect_tables, []
    monkeypatch.setattr(disclosure_control, "_protect_tables", lambda *args: names.append([*args[1]]) or protect(*args))
    later = apply_policy({"ladders": ladders, "source_verdicts": evidence}, POLICY)
    assert later["ladders"] is first["ladders"]
    assert names == [["source_verdicts"]]
    assert later["source_verdicts"]["answered"].to_pylist() == [10]


def test_tables_are_protected_together_if_a_relation_links_them_or_both_count_in_several_places():
    forms = {
        name: declared_tables()[name]
        for name in ("tiers", "ladders", "source_verdicts", "tier_order", "wait_disparities")
    }
    groups = [[*group] for group in independent_tables(forms)]
    # The two tables of tiers have no place. The strands have their count in the row of all places only.
    assert sorted(groups) == [["ladders", "wait_disparities"], ["source_verdicts"], ["tiers", "tier_order"]]


def run_in(folder):
    ledger = Ledger(folder / "ledger.jsonl")
    return SimpleNamespace(folder=folder, inspection=SimpleNamespace(ledger=ledger), stage_runner=StageRunner(folder))


def test_a_run_takes_up_what_the_run_before_stored(tmp_path, monkeypatch):
    start_recording()
    first = released(THREE)
    cache_suppressions(run_in(tmp_path))
    forget()
    restore_cached_suppressions(run_in(tmp_path))
    refuse_to_solve(monkeypatch)
    assert released(THREE) == first


@pytest.mark.parametrize("removed_part", ["the table", "the table and its receipt"])
def test_a_stored_suppression_that_somebody_took_out_is_computed_again(tmp_path, removed_part):
    start_recording()
    first = released(THREE)
    cache_suppressions(run_in(tmp_path))
    stored = cached_suppressions()
    empty = {name: [None] * stored.num_rows for name in stored.schema.names[2:]}
    forged = pa.table({**empty, "group": stored["group"], "number": stored["number"]}).select(stored.schema.names)
    forget()
    if removed_part == "the table":
        pa.parquet.write_table(forged.cast(stored.schema), tmp_path / STAGE / f"{STAGE}.parquet")
    else:
        ledger = (tmp_path / "ledger.jsonl").read_bytes()
        restore_suppressions(forged.cast(stored.schema))
        cache_suppressions(run_in(tmp_path))
        (tmp_path / "ledger.jsonl").write_bytes(ledger)
        forget()
    restore_cached_suppressions(run_in(tmp_path))
    assert released(THREE) == first


def test_a_run_that_used_no_suppression_keeps_those_that_are_stored(tmp_path):
    start_recording()
    released(THREE)
    cache_suppressions(run_in(tmp_path))
    stored = read_stage(tmp_path, STAGE, STAGE)
    start_recording()
    keep_cached_suppressions(run := run_in(tmp_path))
    assert run.stage_runner.cached_stages == [STAGE]
    assert read_stage(tmp_path, STAGE, STAGE) == stored


def test_where_the_stored_suppressions_were_deleted_the_folder_verifies_after_a_run_that_used_none(tmp_path):
    start_recording()
    released(THREE)
    cache_suppressions(run_in(tmp_path))
    shutil.rmtree(tmp_path / STAGE)
    assert verify(tmp_path)
    keep_cached_suppressions(run_in(tmp_path))
    assert verify(tmp_path) == []
    assert read_stage(tmp_path, STAGE, STAGE).num_rows == 0
