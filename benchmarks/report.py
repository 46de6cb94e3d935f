"""Time to write a report, and its growth with the number of forces.

    python benchmarks/report.py FOLDER [--indicators 60] [--profile]

FOLDER is a finished inspection (`assay demo --forces 44 --crimes 60 --years 1 --out FOLDER`). Its released tables are
read and cut to 4, 8, 16 ... forces and to this number of indicators. A report is written of each, with PDFs,
spreadsheets and the file of figures. The benchmark prints the time, and how many numbers of the pages are in no file
of figures (there should be none). Disclosure control is not included in the time.
"""

import argparse
import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from lxml import html

from assay.report import write_report
from assay.report.figure_register import numbers_in, register_figures
from assay.report.number_markup import marker
from assay.sdc import Released, declared_tables, policy, release

OVERALL_PLACES = ("ALL", "EW", "EW44", "E")
UNREAD = "ancestor::style or ancestor::script or ancestor::code or ancestor::*[@data-not-figure]"


def tables_in(folder: Path) -> dict[str, pa.Table]:
    tables_read = {path.stem: pq.read_table(path) for path in sorted((folder / "disclosure").glob("*.parquet"))}
    forms = declared_tables()
    return {name: declared(table, forms[name].schema) for name, table in tables_read.items() if name in forms}


def declared(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the table with all its declared columns; those that a table of an earlier version lacks are empty."""
    return pa.table({column.name: table[column.name] if column.name in table.column_names
                     else pa.nulls(table.num_rows, column.type) for column in schema})  # fmt: skip


def cut(tables: Mapping[str, pa.Table], forces: int, indicators: int) -> dict[str, pa.Table]:
    """Return the tables limited to the first forces and indicators; rows about neither are kept."""
    places = tables["places"].filter(pc.equal(tables["places"]["kind"], "territorial"))["place_code"].to_pylist()
    values_kept = {"place_code": {*places[:forces], *OVERALL_PLACES, None},
            "indicator": {*tables["indicators"]["indicator"].to_pylist()[:indicators], None}}  # fmt: skip
    reduced = {}
    for name, table in tables.items():
        for column, values in values_kept.items():
            if column in table.column_names:
                rows = [value in values for value in table[column].to_pylist()]
                table = table.filter(pa.array(rows, pa.bool_()))
        reduced[name] = table
    return reduced


def let_out(tables: Mapping[str, pa.Table]) -> Released:
    """Release the tables again with all checks, except disclosure control, which was applied before."""
    with patch("assay.sdc.released._protect_valid_tables", lambda tables_kept, *_: tables_kept):
        return release(tables, policy=policy("record level"), ledger_head="0" * 64, edition="kept tables")


def lost(folder: Path, released: Released, pages: tuple[str, ...]) -> tuple[int, list[tuple[str, str]]]:
    """Return the number of figures on the pages of a report, and those that its data files do not contain."""
    figures = json.loads((folder / "figures" / "figures.json").read_text(encoding="utf-8"))
    printed = [words for figure in (*register_figures(figures), *figures["worked_out"]) for words in figure["printed"]]
    printed += [sentence["says"] for sentence in figures["sentences"]]
    released_numbers = {number for words in printed for number in numbers_in(words)}
    read, lost_numbers = 0, []
    marks = marker(released)
    for path in pages:
        document = html.fromstring((folder / path).read_text(encoding="utf-8"))
        texts = list(document.xpath(f"//body//text()[not({UNREAD})]"))
        for text in document.xpath("//@alt | //@aria-label"):
            for start, end, _ in reversed(marks.spans(text)):
                text = f"{text[:start]} {text[end:]}"
            texts.append(text)
        numbers = [(number, text) for text in texts for number in numbers_in(text)]
        read += len(numbers)
        lost_numbers += [
            (path, f"{number}: {' '.join(text.split())[:120]}")
            for number, text in numbers
            if number not in released_numbers
        ]
    return read, lost_numbers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--indicators", type=int, default=60)
    parser.add_argument("--forces", type=int, nargs="*", default=[4, 8, 16, 44])
    parser.add_argument("--profile", action="store_true", help="print where the time of the last one went")
    parser.add_argument("--to", type=Path, help="write the last report to this folder, and keep it")
    options = parser.parse_args()
    tables = tables_in(options.folder)
    print("| forces | indicators | pages | files | MB | let out, s | clock, s | processor, s | numbers | lost |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for number in options.forces:
        start = time.perf_counter()
        released = let_out(cut(tables, number, options.indicators))
        out = time.perf_counter() - start
        with tempfile.TemporaryDirectory() as folder_name:
            folder = options.to if options.to and number == options.forces[-1] else Path(folder_name)
            watch = cProfile.Profile()
            start, used = time.perf_counter(), time.process_time()
            if options.profile:
                watch.enable()
            report_written = write_report(released, folder)
            watch.disable()
            took, used = time.perf_counter() - start, time.process_time() - used
            size = sum((folder / path).stat().st_size for path in report_written.files) / 1e6
            read, lost_numbers = lost(folder, released, report_written.pages)
        indicators = released.tables["indicators"].num_rows
        print(
            (
                f"| {number} | {indicators} | {len(report_written.pages)} | {len(report_written.files)} | "
                f"{size:.0f} | {out:.0f} | "
                f"{took:.0f} | {used:.0f} | {read:,} | {len(lost_numbers)} |"
            ),
            flush=True,
        )
        for path, words in lost_numbers[:40]:
            print(f"    {path}: {words}")
    if options.profile:
        pstats.Stats(watch).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
