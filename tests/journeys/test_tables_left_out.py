"""Does a run end whichever tables are missing, and say which questions need them?

Every pair of tables is left out together in one of these sets, or each of the two without the other;
`benchmarks/table_subsets.py` tries each table alone, every pair, kinds of events, tables without a row, and requests that
ask for less.

A release and its report take a third of a run. Two sets, of which each leaves out what the other sends or both leave out,
and the set of all tables come to their report; the other one stops before the release.
"""

import re
from itertools import combinations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.provenance import read_stage, verify
from assay.indicators.catalogue.scale import distinct_counts
from assay.indicators.indicator_catalogue import forms
from assay.ingest.inspection_folder import new_inspection
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_inspection, run_stages
from killed_runs import synthetic
from made_once import without_secondary_suppression, without_spreadsheets
from partial_returns import covering, not_askable_without, supplied, without_tables

SETS = 3
RELEASED = (0, 1, "all")
ZERO = re.compile(
    r"(?:about|of|:) 0 (?:children|victims|suspects|crimes|cases|records|referrals|devices|missing episodes)"
)


@pytest.fixture(scope="module")
def sent_folder(tmp_path_factory):
    return synthetic(tmp_path_factory.mktemp("left-out") / "sent", forces=2, crimes=4, seed=11)


@pytest.fixture(scope="module")
def names(sent_folder):
    return supplied(sent_folder / "returns")


@pytest.fixture(scope="module")
def schemas():
    """By table of a stage, its types in the run that met it first."""
    return {}


def run_without(sent_folder, tables, home, *, is_released):
    folder = new_inspection(home / "inspection", sent_folder / "request.toml").folder
    assert receive_returns(folder, [without_tables(sent_folder / "returns", home / "returns", tables)]).refused == ()
    if is_released:
        with without_spreadsheets(), without_secondary_suppression():
            run_inspection(folder)
    else:
        run_stages(folder).stage_runner.end_run()
    return folder


def differing(folder, schemas):
    """The tables whose columns or types are others than in the runs before, or of no type."""
    for path in sorted(folder.rglob("*.parquet")):
        name, schema = path.relative_to(folder).as_posix(), pq.read_schema(path).remove_metadata()
        if schema != schemas.setdefault(name, schema) or any(pa.types.is_null(kind) for kind in schema.types):
            yield name


def numbers(row):
    return [value for value in row.values() if isinstance(value, int | float) and value is not None]


def test_every_pair_of_tables_is_left_out_together_or_each_of_the_two_without_the_other(names):
    sets = covering(names)[:SETS]
    for first, second in combinations(names, 2):
        cases = {(first in tables, second in tables) for tables in sets}
        assert (True, True) in cases or cases >= {(True, False), (False, True)}, (first, second)


@pytest.mark.parametrize("tables_chosen", [*range(SETS), "all"])
def test_whatever_nobody_sends_the_run_ends_and_what_needs_it_is_said_not_to_be_askable(
    sent_folder, names, schemas, tmp_path, tables_chosen
):
    tables = frozenset(names) if tables_chosen == "all" else covering(names)[tables_chosen]
    folder = run_without(sent_folder, tables, tmp_path, is_released=tables_chosen in RELEASED)
    assert verify(folder) == []
    assert list(differing(folder, schemas)) == []
    barred = not_askable_without(forms(), tables)
    for table, key in (("ladders", "indicator"), ("wait_medians", "wait"), ("counts_by_definition", "count")):
        for row in read_stage(folder, "enquiries", table).to_pylist():
            if row[key] in barred:
                assert row["not_askable"].endswith((", so this cannot be asked.", ", so this cannot be asked here.")), (
                    row
                )
                assert numbers(row) == [], row
    for row in read_stage(folder, "scale", "distinct_counts").to_pylist():
        assert not distinct_counts.required_tables(row["definition"], row["counting_unit"]) & tables, row
    if tables_chosen == "all":
        for path in sorted((folder / "report").glob("*.html")):
            assert ZERO.findall(path.read_text(encoding="utf-8")) == [], path.name
