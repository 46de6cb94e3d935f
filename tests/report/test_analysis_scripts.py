"""Do the notebook and the R script read the released files by name, and draw a figure with its interval?"""

import contextlib
import io
import json
import re
import shutil
import subprocess

import pyarrow as pa
import pytest

from assay.report.analysis_scripts import interval_figure, notebook, r_script
from assay.report.figure_exports import write_figures
from assay.sdc import policy, release
from report.fixture import released
from report.record_fixture import record_released


def run_cells(folder, monkeypatch):
    """Run the code cells of the notebook in its folder; return its names and what it printed."""
    monkeypatch.chdir(folder)
    cells = json.loads((folder / "read-figures.ipynb").read_text(encoding="utf-8"))["cells"]
    names, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return names, printed.getvalue()


@pytest.mark.parametrize("kind", ["report", "record_report"])
def test_the_notebook_reads_every_table_by_name_with_its_types_and_draws_each_interval(kind, request, monkeypatch):
    folder = request.getfixturevalue(kind).folder / "figures"
    tables = released() if kind == "report" else record_released()
    names, printed = run_cells(folder, monkeypatch)
    for name, table in tables.tables.items():
        rows = [{column: row[column] for column in table.column_names} for row in names["read"](name)]
        assert rows == [{c: None if v == "" else v for c, v in row.items()} for row in table.to_pylist()], name
    figure = interval_figure(tables)
    rows = [
        row
        for row in tables.rows(figure.table)
        if all(row[c] == v for c, v in figure.selection.items())
        and row["place_code"] not in ("ALL", "EW", "E")
        and None not in (row[figure.value], row[figure.low], row[figure.high])
    ]
    assert rows
    svg = names["figure"]._repr_svg_()
    assert svg.count("<circle") == len(rows)
    assert figure.caption in printed
    assert "Bars: from" in printed


def test_the_notebook_is_of_the_plain_format_and_holds_no_outputs():
    content = json.loads(notebook(record_released()))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_a_report_without_an_interval_says_so_and_draws_nothing(tmp_path, monkeypatch):
    table = pa.table({"place_code": ["EW"], "offence_key": ["71"], "financial_year": ["2024/25"], "quarter": [1],
                      "offences": [3]})  # fmt: skip
    tables = release({"recorded_quarterly": table}, policy=policy(), ledger_head="", edition="E")
    write_figures(tables, tmp_path, "T")
    names, printed = run_cells(tmp_path, monkeypatch)
    assert names["figure"] is None
    assert "No table of this report holds an interval" in printed


def test_the_same_tables_give_the_same_scripts():
    assert notebook(record_released()) == notebook(record_released())
    assert r_script(record_released()) == r_script(record_released())


def test_the_r_script_names_the_figure_of_the_notebook_and_balances_its_brackets():
    script = r_script(record_released())
    figure = interval_figure(record_released())
    assert f'table_name <- "{figure.table}"' in script
    assert "@@" not in script
    code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', re.sub(r"(?m)^\s*#.*$", "", script))
    assert [code.count(sign) for sign in "([{"] == [code.count(sign) for sign in ")]}"]


@pytest.mark.parametrize("kind", ["report", "record_report"])
def test_r_draws_the_figure(kind, request, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("no R here")
    folder = shutil.copytree(request.getfixturevalue(kind).folder / "figures", tmp_path / "figures")
    run = subprocess.run(["Rscript", "read-figures.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (folder / "read-figures.pdf").read_bytes().startswith(b"%PDF")
