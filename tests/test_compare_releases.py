"""Does the comparison of two releases find every released value that a change of names alters?"""

import importlib.util
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "compare_releases.py"


def _script():
    spec = importlib.util.spec_from_file_location("compare_releases", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


compare_releases = _script()


def release(folder: Path, **tables: dict) -> Path:
    (folder / "disclosure").mkdir(parents=True)
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / "disclosure" / f"{name}.parquet")
    return folder


LADDERS = {"place": ["A", "B"], "met": [10, None]}


def lines(tmp_path: Path, after: dict, before: dict | None = None) -> list[str]:
    releases = {"before": before or {"ladders": LADDERS}, "after": after}
    tables = [compare_releases.read_tables(release(tmp_path / name, **rows)) for name, rows in releases.items()]
    return list(compare_releases.differences(*tables))


def test_the_same_figures_are_equal(tmp_path):
    assert lines(tmp_path, {"ladders": LADDERS}) == []


def test_the_same_figures_under_the_present_name_of_a_column_are_equal(tmp_path):
    """The status of a cell names its column, so it changes with the name."""
    before = {"case_files": {"told": [None, 5], "met": [None, 5], "hidden": ["told secondary:met", ""]}}
    after = {"case_files": {"answered": [None, 5], "met": [None, 5], "hidden": ["answered secondary:met", ""]}}
    assert lines(tmp_path, after, before) == []


def test_another_figure_under_the_present_name_of_a_column_is_named(tmp_path):
    after = {"case_files": {"answered": [6]}}
    assert lines(tmp_path, after, {"case_files": {"told": [5]}}) == [
        "case_files.answered: 1 of 1 cells differ: row 1: 5 -> 6"
    ]


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ({"ladders": {"place": ["A", "B"], "met": [15, None]}}, "ladders.met: 1 of 2 cells differ: row 1: 10 -> 15"),
        ({"ladders": {"place": ["A", "B"], "met": [10, 0]}}, "ladders.met: 1 of 2 cells differ: row 2: None -> 0"),
        (
            {"ladders": {"place": ["A", "B"], "met": [10.0, None]}},
            "ladders.met: 1 of 2 cells differ: row 1: 10 -> 10.0",
        ),
        ({"ladders": {"place": ["A"], "met": [10]}}, "ladders: 2 rows before the change, 1 after it"),
        ({"ladders": {"place": ["A", "B"]}}, "ladders.met: only before the change"),
    ],
)
def test_every_table_column_and_cell_that_differs_is_named(tmp_path, after, line):
    assert lines(tmp_path, after) == [line]


def test_a_table_that_only_one_release_has_is_named(tmp_path):
    after = {"rungs": {"place": ["A", "B"], "met": [10, None]}}
    assert lines(tmp_path, after) == ["ladders: only before the change", "rungs: only after the change"]


@pytest.mark.parametrize("subfolder", ["", "disclosure"])
def test_a_folder_without_released_tables_is_refused(tmp_path, subfolder, capsys):
    (tmp_path / subfolder).mkdir(exist_ok=True)
    with pytest.raises(SystemExit) as stopped:
        compare_releases.main([str(tmp_path), str(tmp_path)])
    assert stopped.value.code == 2
    assert "no released tables" in capsys.readouterr().err


def test_cells_of_csv_files_are_compared_as_they_are_written(tmp_path):
    """01 is not 1, and a suppression that is marked 'NA' is not an empty cell."""
    for name, cells in (("before", "code,met\n01,NA\n"), ("after", "code,met\n1,\n")):
        (tmp_path / name / "figures").mkdir(parents=True)
        (tmp_path / name / "figures" / "ladders.csv").write_text(cells)
    before, after = (compare_releases.read_tables(tmp_path / name) for name in ("before", "after"))
    assert len(list(compare_releases.differences(before, after))) == 2
