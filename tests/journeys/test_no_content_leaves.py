"""Does nothing written beside the accepted tables (letters, ledger, receipts) hold the content of a cell?"""

import csv
from pathlib import Path

from assay import contract
from assay.ingest.inspection_folder import new_inspection
from assay.progress import progress_display
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.receive.return_intake import receive_returns
from journeys.outputs import text_of

MARKER = "QQMARKERQQ"
BUT = (".parquet",)  # the accepted tables


def marked(path: Path, columns: set[str]) -> int:
    """Write the marker into every cell of these columns of a CSV file; how many cells."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, restkey="more"))
    for row in rows:
        row.update(dict.fromkeys(columns & set(row), f"{MARKER} {MARKER}"))
    if rows:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(
                file, [name for name in rows[0] if name != "more"], extrasaction="ignore", restval=""
            )
            writer.writeheader()
            writer.writerows(rows)
    return sum(len(columns & set(row)) for row in rows)


def plant(folder: Path) -> int:
    injected = 0
    for path in folder.rglob("*.csv"):
        if path.stem in contract.tables() and not (path.parent / "mapping.toml").exists():
            columns_read = contract.table(path.stem).columns
            injected += marked(
                path, {column.name for column in columns_read if column.kind in ("text", "date") or column.identity}
            )
    return injected


def test_nothing_that_a_cell_holds_is_printed_or_written_beside_the_data_when_returns_are_received(tmp_path, capfd):
    """Text stands where a day is due, so most cells are errors. Of a whole run `test_bundles.py` says the same."""
    generate_returns(tmp_path / "sent", world=read_world("plain").sized(forces=2, crimes=10), seed=7)
    assert plant(tmp_path / "sent" / "returns") > 500
    new_inspection(tmp_path / "trial", tmp_path / "sent" / "request.toml")
    with progress_display() as progress:
        received = receive_returns(tmp_path / "trial", [tmp_path / "sent" / "returns"], progress=progress)
    printed = capfd.readouterr()
    assert MARKER not in "".join([*received.summary_lines(), printed.out, printed.err])
    paths = [path for path in (tmp_path / "trial").rglob("*") if path.is_file() and path.suffix not in BUT]
    assert len(paths) > 8
    assert [str(path) for path in paths if MARKER in text_of(path)] == []
