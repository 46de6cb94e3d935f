"""A process that reads tables with Polars and DuckDB and then serves a workbench, as one does that has just made a play.

Used by the tests of serving: `python workbench_busy.py INSPECTION PORT`.
"""

import sys
from pathlib import Path

import duckdb
import polars as pl

from assay.workbench.web_server import serve
from assay.workbench.workbench_folder import make_workbench_folder


def read_tables(inspection):
    """Read and sort what was written down of crimes, with every thread that the libraries begin."""
    paths = sorted(inspection.rglob("crime.parquet"))
    assert sum(pl.read_parquet(path).sort("crime_ref").height for path in paths) > 0
    assert duckdb.sql("select sum(range) from range(1000000)").fetchall() == [(499999500000,)]


if __name__ == "__main__":
    read_tables(Path(sys.argv[1]))
    serve(make_workbench_folder(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]))
