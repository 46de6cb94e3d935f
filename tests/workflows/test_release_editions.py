"""Is each released edition kept, so that a later one reveals nothing of it?"""

from shutil import rmtree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import read_stage, verify, write_stage
from assay.engine.provenance.stage_folders import list_stages
from assay.errors import UsageError
from assay.sdc import apply_policy, declared_tables
from assay.workflows.release import release_editions
from sdc.test_linear_programming_attack import FORCES, country
from sdc.test_record_level import RECORD_LEVEL, table

LATER = FORCES | {"INV03": {"met": 50, "not_met": 50, "outside": 50}}


def hold(folder, tables, with_counts=True):
    """The stages that a run leaves: what was let out and, apart from it, what was counted."""
    tables_by_stage = {"disclosure": apply_policy(tables, RECORD_LEVEL)} | (
        {release_editions.EXACT_STAGE: tables} if with_counts else {}
    )
    for stage, stage_tables in tables_by_stage.items():
        rows = sum(table.num_rows for table in stage_tables.values())
        write_stage(folder, stage, stage_tables, rows_in=rows, rows_out=rows)
    return tables


def prior_editions(folder, tables):
    """The prior editions of these exact tables, of which this version releases what the policy allows."""
    return release_editions.prior_editions(
        folder, tables, lambda priors: apply_policy(tables, RECORD_LEVEL, prior_releases=priors)
    )


def counts(edition):
    return edition.exact["ladders"].column("met").to_pylist()


def test_before_anything_is_out_nothing_has_to_be_thought_of(tmp_path):
    assert prior_editions(tmp_path, hold(tmp_path, country(FORCES))) == ([], [])


def test_the_same_counts_packed_twice_are_one_edition_and_none_before_themselves(tmp_path):
    tables = hold(tmp_path, country(FORCES))
    release_editions.keep_edition(tmp_path, "a")
    release_editions.keep_edition(tmp_path, "b")
    assert release_editions.issued_editions(tmp_path) == ["issued/edition_1"]
    assert prior_editions(tmp_path, tables) == ([], [])


def release_other_cells(folder):
    """An earlier version released the same counts: it suppressed the sum of the forces, not the count of INV02."""
    ladders = read_stage(folder, "disclosure", "ladders")
    rows = ladders.to_pylist()
    for row in rows:
        if row["place_code"] == "INV02":
            row |= {"not_met": 10, "suppressed_cells": ""}
        if row["place_code"] == "ALL":
            row |= {"not_met": None, "suppressed_cells": "secondary:not_met"}
    tables = {"ladders": pa.Table.from_pylist(rows, ladders.schema)}
    write_stage(folder, "disclosure", tables, rows_in=len(rows), rows_out=len(rows))


def not_met(ladders):
    return {row["place_code"]: row["not_met"] for row in ladders.to_pylist()}


def test_an_edition_with_other_suppressions_of_the_same_counts_is_a_prior_release(tmp_path):
    """Not met are 2 of INV01 and 9 of INV02, together 11. One edition shows INV02 as 10 (8 to 12), the other shows the
    sum as 10 (8 to 12): a reader of both knows that INV01 has 4 or fewer, not 7 or fewer."""
    tables = hold(tmp_path, country(FORCES))
    assert not_met(read_stage(tmp_path, "disclosure", "ladders")) == {"INV01": None, "INV02": None, "ALL": 10}
    release_other_cells(tmp_path)
    release_editions.keep_edition(tmp_path, "a")

    stages, editions = prior_editions(tmp_path, tables)
    assert stages == ["issued/edition_1"]
    assert not_met(editions[0].released["ladders"]) == {"INV01": None, "INV02": 10, "ALL": None}
    later = apply_policy(tables, RECORD_LEVEL, prior_releases=editions)["ladders"]
    assert not_met(later) == {"INV01": None, "INV02": 10, "ALL": None}


def test_two_packs_with_other_suppressions_of_the_same_counts_are_two_editions(tmp_path):
    hold(tmp_path, country(FORCES))
    release_editions.keep_edition(tmp_path, "a")
    release_other_cells(tmp_path)
    release_editions.keep_edition(tmp_path, "b")
    assert release_editions.issued_editions(tmp_path) == ["issued/edition_1", "issued/edition_2"]


def test_other_counts_are_held_against_the_edition_that_is_out_as_it_left_and_as_it_was_counted(tmp_path):
    first = hold(tmp_path, country(FORCES))
    out = apply_policy(first, RECORD_LEVEL)
    release_editions.keep_edition(tmp_path, "a")
    stages, (edition,) = prior_editions(tmp_path, hold(tmp_path, country(LATER)))
    assert stages == ["issued/edition_1"]
    assert counts(edition) == first["ladders"].column("met").to_pylist()
    assert edition.released["ladders"].to_pylist() == out["ladders"].to_pylist()


def test_the_tenth_edition_comes_after_the_ninth(tmp_path):
    for more in range(10):
        hold(tmp_path, country(FORCES | {"INV03": {"met": 50 + more, "not_met": 50, "outside": 50}}))
        release_editions.keep_edition(tmp_path, str(more))
    stages, editions = prior_editions(tmp_path, country(FORCES))
    assert stages[-2:] == ["issued/edition_9", "issued/edition_10"]
    assert max(counts(editions[-1])) == 30 + 41 + 59


def case_file_tables(**counts):
    """The table `case_files` with these counts of one question in all forces, as it is before disclosure control."""
    row = {"sample": "S1", "question_set": "Q", "question": "K", "place_code": "ALL", "why": ""} | counts
    schema = [field for field in declared_tables()["case_files"].schema if field.name != "suppressed_cells"]
    return {"case_files": pa.Table.from_pylist([row], schema=pa.schema(schema))}


FILES = {"answered": 40, "met": 30, "unmet": 10}


def store_with_former_names(folder):
    """An edition as an earlier version stored it, which called the files with an answer `told`."""
    former = {"answered": "told"}
    for part in ("released", "counted"):
        path = folder / "issued" / "edition_1" / f"{part}_case_files.parquet"
        stored = pq.read_table(path)
        pq.write_table(stored.rename_columns([former.get(name, name) for name in stored.column_names]), path)


@pytest.mark.parametrize(
    ("later", "stages"), [(FILES, []), (FILES | {"answered": 41, "met": 31}, ["issued/edition_1"])]
)
def test_an_edition_of_an_earlier_version_is_compared_under_the_present_names_of_its_columns(tmp_path, later, stages):
    """The same counts are the same edition, and other counts are compared with those that were released."""
    hold(tmp_path, case_file_tables(**FILES))
    release_editions.keep_edition(tmp_path, "a")
    store_with_former_names(tmp_path)
    found, editions = prior_editions(tmp_path, case_file_tables(**later))
    assert found == stages
    assert [edition.exact["case_files"]["answered"].to_pylist() for edition in editions] == [[40]] * len(stages)
    assert [edition.released["case_files"]["answered"].to_pylist() for edition in editions] == [[40]] * len(stages)


def excluded_records(records):
    row = {"indicator": "K", "place_code": "ALL", "reason": "no date", "records": records, "suppressed_cells": ""}
    return {"excluded_records": table("excluded_records", [row])}


def test_a_report_made_before_tables_were_renamed_is_stored_under_their_present_names(tmp_path):
    """`excluded_records` was called `excluded`. A pack of such a report is the same edition as one that is made today."""
    tables = excluded_records(40)
    hold(tmp_path, tables)
    for stage in ("disclosure", release_editions.EXACT_STAGE):
        stored = {"left_out": read_stage(tmp_path, stage, "excluded_records")}
        rmtree(tmp_path / stage)
        write_stage(tmp_path, stage, stored, rows_in=1, rows_out=1)
    release_editions.keep_edition(tmp_path, "a")
    names = sorted(path.stem for path in (tmp_path / "issued" / "edition_1").glob("*.parquet"))
    assert names == ["counted_excluded_records", "released_excluded_records"]
    assert prior_editions(tmp_path, tables) == ([], [])
    assert prior_editions(tmp_path, excluded_records(45))[0] == ["issued/edition_1"]


def test_a_report_whose_counts_were_not_kept_is_not_given_out(tmp_path):
    hold(tmp_path, country(FORCES), with_counts=False)
    with pytest.raises(UsageError, match="Run it again"):
        release_editions.keep_edition(tmp_path, "a")
    assert release_editions.issued_editions(tmp_path) == []


def test_of_published_figures_no_edition_is_kept(tmp_path):
    write_stage(tmp_path, "disclosure", {}, rows_in=0, rows_out=0)
    release_editions.keep_edition(tmp_path, "a")
    assert list_stages(tmp_path) == ["disclosure"]


def test_a_changed_byte_of_what_was_counted_is_found(tmp_path):
    hold(tmp_path, country(FORCES))
    release_editions.keep_edition(tmp_path, "a")
    (tmp_path / "issued" / "edition_1" / "counted_ladders.parquet").write_bytes(b"other")
    assert any("issued/edition_1" in str(difference) for difference in verify(tmp_path))
