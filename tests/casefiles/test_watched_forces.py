"""Are more files drawn where a failing is most probable, with an inclusion probability that stays known?"""

from fractions import Fraction

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.casefiles.file_sampling import frame_stages
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import SAMPLED, draw
from assay.casefiles.sampling_frames import build_frame
from assay.compare.comparison_tables import as_table
from assay.compare.watch_list import OTHER_FORCES, WATCH_LIST
from assay.engine.provenance import Ledger, write_stage
from assay.errors import UsageError

PROBABILITIES = {"INV01": 0.6, "INV02": 0.02, "INV03": None}


def design(**changes):
    values = {
        "key": "missing", "title": "Missing", "subject": "crime", "seed": "read out", "where": "in_base", "watch": "F12",
        "strata": ("on_watch_list",), "files": 30, "oversample": {"on_watch_list": {"true": 4.0}},
    }  # fmt: skip
    return Design(**{**values, **changes})


@pytest.fixture
def folder(tmp_path):
    """Three forces of a hundred crimes: the first is on the watch list, the last is not compared."""
    (tmp_path / "records").mkdir()
    crimes = [{"force_code": code, "crime_ref": f"C{n}", "in_base": True} for code in PROBABILITIES for n in range(100)]
    pq.write_table(pa.Table.from_pylist(crimes), tmp_path / "records" / "crime.parquet")
    rows = [
        {
            "failing": "F12",
            "place_code": code,
            "probability": probability,
            "comparator": OTHER_FORCES,
            "side": "lower",
            "share": 0.2,
            "expected": 0.5,
        }
        for code, probability in PROBABILITIES.items()
    ]
    tables = {"watch_list": as_table(rows, WATCH_LIST)}
    write_stage(tmp_path, "comparison", tables, rows_in=3, rows_out=3, ledger=Ledger(tmp_path / "ledger.jsonl"))
    return tmp_path


def test_files_of_a_watched_force_are_drawn_four_times_as_often_with_the_chance_written_down(folder):
    files = [file for file in draw(design(), build_frame(folder, design()).units) if file.status == SAMPLED]
    files_by_force = {code: [file for file in files if file.force_code == code] for code in PROBABILITIES}
    assert {code: len(found) for code, found in files_by_force.items()} == {"INV01": 20, "INV02": 5, "INV03": 5}
    assert {file.chance for file in files_by_force["INV01"]} == {Fraction(20, 100)}
    assert {file.chance for file in files_by_force["INV02"]} == {Fraction(5, 100)}


def test_a_force_that_is_not_compared_is_a_stratum_of_its_own_and_not_one_that_is_in_order(folder):
    strata = {row["force_code"]: row["stratum"] for row in build_frame(folder, design()).units.to_pylist()}
    assert strata == {
        "INV01": "on_watch_list true", "INV02": "on_watch_list false", "INV03": "on_watch_list: not known",
    }  # fmt: skip


def test_the_sample_rests_on_the_comparison_so_that_its_provenance_names_it():
    assert "comparison" in frame_stages(design())
    assert "comparison" not in frame_stages(design(watch="", strata=("force_code",), oversample={}))


@pytest.mark.parametrize("changes", [{"watch": ""}, {"strata": ("force_code",), "oversample": {}}])
def test_a_failing_and_its_column_go_together(changes):
    with pytest.raises(UsageError, match="need each other"):
        design(**changes)


def test_an_unknown_failing_is_refused_with_those_that_there_are(folder):
    with pytest.raises(UsageError, match=r"has no failing 'F99'\. It has F12"):
        build_frame(folder, design(watch="F99"))
