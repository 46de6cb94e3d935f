"""From returns to persons, to counts under draws, to reviewed pairs that are received again."""

import csv
import json
import shutil

import pyarrow.parquet as pq
import pytest

from assay.contract.separated_columns import identity_column_names
from assay.engine.provenance import read_receipt, verify
from assay.errors import UsageError
from assay.linkage.linkage_database import MAXIMUM_CHARACTERS
from assay.workflows.run.inspection_pipeline import run_inspection, run_stages
from assay.workflows.run.linkage_sensitivity import receive_verdicts, show_spread, write_review_pairs


@pytest.fixture(scope="module")
def country(demo, tmp_path_factory):
    return shutil.copytree(demo.folder, tmp_path_factory.mktemp("linked") / "demo")


def test_persons_keep_how_sure_they_are_and_nothing_that_tells_who_anybody_is(country):
    linkage_folder = country / "persons"
    files = {path.name for path in linkage_folder.iterdir()}
    assert {"people.parquet", "list_people.parquet", "tied.parquet", "pairs.parquet", "joins.parquet", "splits.parquet",
            "weights.parquet", "model.json", "weights.svg", "linkage.html", "linkage.toml", "told.json"} <= files  # fmt: skip
    columns = {name for path in linkage_folder.glob("*.parquet") for name in pq.read_schema(path).names}
    assert columns & identity_column_names() == set()
    summary = json.loads((linkage_folder / "told.json").read_text(encoding="utf-8"))
    people, listed = (pq.read_table(linkage_folder / f"{name}.parquet") for name in ("people", "list_people"))
    assert summary["entries"] == people.num_rows + listed.num_rows
    assert verify(country) == []


def test_the_receipt_of_persons_holds_what_was_run_to_link_them_and_not_more_than_it_can_bear(country):
    receipt = read_receipt(country, "persons")
    assert receipt.settings["engine"] == "duckdb"
    assert any(item.startswith("create table holdings as") for item in receipt.sql)
    assert any("__splink__df_predict" in item for item in receipt.sql)
    assert sum(map(len, receipt.sql)) < 2 * MAXIMUM_CHARACTERS


def test_counts_of_children_and_of_suspects_are_repeated_at_every_threshold_and_in_every_draw(country):
    found = show_spread(country, 3).as_dict()["spread"]
    assert [item["of"] for item in found] == ["children who were victims", "suspects"]
    for pair in found:
        assert list(pair["by"]) == ["low", "main", "high", "exact", "draw 1", "draw 2", "draw 3"]
        assert pair["by"]["low"] <= pair["by"]["main"] <= pair["by"]["high"] <= pair["by"]["exact"]
        assert pair["low"] <= pair["mean"] <= pair["high"]


def test_drawn_pairs_come_back_with_verdicts(country, tmp_path):
    pairs_file = tmp_path / "pairs.csv"
    write_review_pairs(country, 20, "a word", pairs_file)
    with pytest.raises(UsageError, match="is there already"):
        write_review_pairs(country, 20, "a word", pairs_file)
    with pairs_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    back = tmp_path / "verdicts.csv"
    with back.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, ["pair_ref", "verdict"])
        lines.writeheader()
        lines.writerows({"pair_ref": row["pair_ref"], "verdict": "same"} for row in rows)
    verdict_summary = receive_verdicts(country, back).as_dict()
    assert verdict_summary["verdicts"] == len(rows)
    assert [item["threshold"] for item in verdict_summary["at"]] == [0.05, 0.5, 0.9, 0.99]


def test_a_run_by_exact_keys_alone_says_so_in_its_receipt_and_makes_persons_no_second_time(country):
    before = read_receipt(country, "persons")
    run_stages(country, compare_forces=False, persons="exact").stage_runner.end_run()
    assert read_receipt(country, "persons").hash == before.hash
    assert read_receipt(country, "records").settings["persons"] == "exact"
    with pytest.raises(UsageError, match="says nothing of persons"):
        run_inspection(country, persons="some")
