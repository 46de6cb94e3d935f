"""Are files of a part of the country inspected, and is the rest reported as missing?"""

import csv

import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.engine.provenance import read_stage, verify
from assay.errors import UsageError
from assay.workflows.run.published_pipeline import inspect_published

HEAD = (
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Code",
    "Offence Description",
    "Number of Offences",
)
CODES = {
    "71": "Abuse of children through sexual exploitation",
    "88A": "Sexual grooming",
    "22B": "Sexual activity involving child under 16",
}
YEARS = [f"{year}/{year - 1999}" for year in range(2018, 2025)]


def recorded(path, forces):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for force in forces:
            for year in YEARS:
                writer.writerows(
                    [year, quarter, force, code, name, 20 + quarter]
                    for quarter in (1, 2, 3, 4)
                    for code, name in CODES.items()
                )
    return path


def test_one_force_alone_is_inspected_and_no_figure_is_made_for_the_country(tmp_path):
    done = inspect_published([recorded(tmp_path / "kent.csv", ["Kent"])], tmp_path / "out")
    assert "not all 43 forces" in done.headline[0]
    assert verify(done.folder) == []
    recorded_rows = read_stage(done.folder, "disclosure", "recorded").to_pylist()
    assert {row["place_code"] for row in recorded_rows} == {"E23000032"}
    assert (done.folder / "report" / "forces" / "kent.html").exists()


def test_an_official_list_of_similar_forces_leaves_ours_for_the_forces_it_does_not_name(tmp_path):
    forces = ["Kent", "Essex", "Surrey", "Sussex", "Dorset", "Devon and Cornwall", "Norfolk", "Suffolk", "Cumbria"]
    official = tmp_path / "official.csv"
    official.write_text("force,similar_force\nKent,Essex\n", encoding="utf-8")
    done = inspect_published([recorded(tmp_path / "nine.csv", forces)], tmp_path / "out", similar=official)
    rows = read_stage(done.folder, "disclosure", "similar_forces").to_pylist()
    assert [row["grouping"] for row in rows if row["place_code"] == "E23000032"] == ["official"]
    assert {row["grouping"] for row in rows if row["place_code"] == "E23000028"} == {"ours"}


def test_a_folder_that_holds_other_things_is_never_written_into(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds other files"):
        inspect_published([recorded(tmp_path / "kent.csv", ["Kent"])], tmp_path / "out")


def test_a_folder_without_a_ledger_is_not_verified(tmp_path):
    assert isinstance(CliRunner().invoke(app, ["inspect", "verify", str(tmp_path)]).exception, UsageError)


def test_the_summary_and_the_sources_say_what_a_newer_edition_revised(tmp_path):
    older = recorded(tmp_path / "prc-mar2025.csv", ["Kent"])
    newer = tmp_path / "prc-mar2026.csv"
    newer.write_text(older.read_text(encoding="utf-8").replace("exploitation,21", "exploitation,20"), encoding="utf-8")
    done = inspect_published([older, newer], tmp_path / "out")
    [revision_line] = [line for line in done.summary_lines() if "revises prc-mar2025.csv" in line]
    assert "7 of 84 cells that both hold changed" in revision_line
    sources = read_stage(done.folder, "disclosure", "sources").to_pylist()
    assert any("revises prc-mar2025.csv" in row["note"] for row in sources)
