"""No cell that somebody sent is run by the spreadsheet of whoever opens our files, and what comes back is what went out."""

import csv
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assay import cli
from assay.engine.safe_files.spreadsheet_cells import FORMULA_STARTS, csv_text, guard_cell, guard_table, unguard_cell
from assay.ingest import other_senders
from assay.ingest.inspection_folder import create_inspection
from assay.workflows.judge import answer_cards, closed_case_review
from assay.workflows.reading import label_sampling
from assay.workflows.release import accuracy_points
from ingest.other_sent import DOCUMENT, KENT, REQUEST, write_sent

SRC = Path(__file__).parents[2] / "src" / "assay"
EVIL = "=HYPERLINK(1)"
CELL = st.text(st.sampled_from("'=+-@\t\r\n\uff1dab"), max_size=6)


@given(CELL)
def test_no_cell_begins_as_a_formula_and_each_can_be_had_back(cell):
    assert not guard_cell(cell).startswith(FORMULA_STARTS)
    assert unguard_cell(guard_cell(cell)) == cell


@given(st.lists(st.none() | CELL, min_size=1, max_size=8))
def test_a_whole_table_is_guarded_as_its_cells_are(cells):
    rows = pa.table({"a": pa.array(cells, pa.string()), "n": range(len(cells))})
    table = guard_table(rows)
    assert table["a"].to_pylist() == [cell if cell is None else guard_cell(cell) for cell in cells]
    assert table["n"].equals(rows["n"])


def test_a_number_below_zero_stays_a_number():
    assert csv_text(["a", "b", "c", "d"], [[-1, -0.5, True, None]]) == "a,b,c,d\n-1,-0.5,yes,\n"


@pytest.fixture
def inspection(tmp_path, monkeypatch):
    """An inspection that was run, as far as a listing asks."""
    inspection = create_inspection(tmp_path / "trial", REQUEST, {})
    for module in (answer_cards, closed_case_review):
        monkeypatch.setattr(module, "open_run_inspection", lambda folder: inspection)
    return inspection


def command(*words):
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert done.exit_code == 0, done.output


def cells_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def test_a_formula_that_a_force_sends_as_a_reference_is_guarded_in_the_list_that_an_inspector_opens(
    inspection, tmp_path, monkeypatch
):
    row = {"indicator": "told_of_arrest", "force_code": KENT, "record_ref": EVIL, "answer": "met", "reason": "@SUM(1)"}
    monkeypatch.setattr(answer_cards, "read_stage", lambda folder, stage, name: pa.Table.from_pylist([row]))
    command("inspect", "show", "told_of_arrest", "--answer", "met", "--to", tmp_path / "list.csv")
    assert cells_of(tmp_path / "list.csv")[5:] == ["told_of_arrest", KENT, f"'{EVIL}", "met", "'@SUM(1)"]


def test_a_formula_as_a_crime_to_be_read_again_is_guarded(inspection, tmp_path, monkeypatch):
    case = closed_case_review.ClosedCase(KENT, EVIL, "+1", -1, 0, 0, 0, 0, -1, closed_case_review.NO)
    monkeypatch.setattr(closed_case_review, "_closed_cases", lambda folder: [case])
    command("casefile", "closed-cases", "--to", tmp_path / "list.csv")
    cells_written = cells_of(tmp_path / "list.csv")
    assert {f"'{EVIL}", "'+1", "-1"} <= set(cells_written)


def test_a_point_that_begins_as_a_formula_goes_to_its_force_guarded_and_is_known_when_it_comes_back(
    inspection, tmp_path, monkeypatch
):
    point = {"point": "1", "about": "claim 1", "sentence": "-1 of it", "answer": "", "why": ""}
    monkeypatch.setattr(accuracy_points, "accuracy_points", lambda folder, code: [dict(point)])
    accuracy_points.write_points(inspection.folder, KENT, tmp_path / "points.csv")
    assert "'-1 of it" in cells_of(tmp_path / "points.csv")
    command_result = accuracy_points.take_answers(inspection.folder, KENT, tmp_path / "points.csv")
    assert command_result.data["points"] == command_result.data["not_answered"] == 1


def test_a_text_that_begins_as_a_formula_is_guarded_in_a_sheet_and_its_id_is_known_when_it_comes_back(tmp_path):
    texts = [
        label_sampling.Text(f"={number}", KENT, f"={number}: the officer wrote to the unit.") for number in range(4)
    ]
    for sheet in label_sampling.draw_round(tmp_path, "blaming", texts, 4, 1).sheets:
        assert not [cell for cell in cells_of(sheet) if cell.startswith(FORMULA_STARTS)]
        answered = [line + "no" if line.endswith(",") else line for line in sheet.read_text().splitlines()]
        sheet.write_text("\n".join(answered))
        assert label_sampling.take_labels(tmp_path, sheet, sheet.stem[-1]) > 0


def test_a_reference_that_begins_as_a_formula_is_one_with_its_guarded_copy_in_our_own_empty_table(tmp_path):
    path = write_sent(tmp_path / "a", sender="INSPECTION", kind="inspection", documents=[DOCUMENT | {"document_ref": EVIL}],
                      document_questions=[{"document_ref": f"'{EVIL}", "question": "Q47"}])  # fmt: skip
    found = other_senders.read_submission(path, REQUEST, {})
    assert [error.rule for error in found.errors] == []
    assert found.rows["document_questions"][0]["document_ref"] == EVIL


BY_ITSELF = re.compile(r"\b(csv|pa_csv|pc)\.(writer|DictWriter|write_csv)\(")
"""How a module writes CSV that does not go through the guard."""
NOT_FOR_PEOPLE = {
    "engine/safe_files/spreadsheet_cells": "guards",
    "workflows/run/linkage_sensitivity": "guards the whole table",
    "feedback/force_return_letter": "guards the whole table",
    "workflows/reading/label_sampling": "what the program keeps of rounds and labels",
    "ingest/official_statistics/bundled_extraction": "a table of the program's own, of official counts",
    "workflows/registers/register_update": "the registers of the program, which it reads back",
    "workbench/label_rounds": "handed to the program's own reader, and gone",
    "workbench/record_pairs": "handed to the program's own reader, and gone",
    "workbench/force_account_pages": "handed to the program's own reader, and gone",
}


def test_every_csv_for_people_is_written_through_the_guard():
    files = {path.relative_to(SRC).with_suffix("").as_posix(): path for path in SRC.rglob("*.py")}
    found = {name for name, path in files.items() if BY_ITSELF.search(path.read_text(encoding="utf-8"))}
    assert {name for name in found if not name.startswith("synthetic/")} == set(NOT_FOR_PEOPLE)


def test_a_module_that_writes_csv_by_itself_would_be_seen():
    assert BY_ITSELF.search("csv.DictWriter(file, names)")
    assert not BY_ITSELF.search("write_csv(path, names, rows)")
