"""Are the figures the same when they come in the publisher's form: cover, notes, titles, a sheet a year?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest
from official_forms import Sheet, cover_sheet, notes, write_ods, write_xlsx
from published_tables import TABLE_4A
from tables import (
    CHILDREN,
    CSA11,
    HEADER,
    OUTCOME_HEADER,
    OUTCOMES_2024,
    POPULATION,
    RECORDED,
    counts,
    outcome,
    row,
    write_table,
)

from assay import reference as commission
from assay.errors import EvidenceError
from assay.ingest.official_statistics import ReceivedStatistics, read_statistics, workbook_sheets
from reference_data import reference

Writer = Callable[[Path, Sequence[Sheet]], Path]
WRITERS = {"ods": write_ods, "xlsx": write_xlsx}
YEARS = tuple(TABLE_4A)


def recorded_sheet(year: str, where: str) -> Sheet:
    path = reference(RECORDED)
    columns = (
        'FY, "Financial Quarter"::int, Force, "Offence Description", "Group", "Offence Subgroup", '
        '"Offence Code", n::int'
    )
    with duckdb.connect() as store:
        rows = store.execute(f"select {columns} from '{path}' where FY = '{year}' and {where}").fetchall()
    return Sheet(year.replace("/", "-"), [f"Police recorded crime, {year}", ""], HEADER, rows)


def national(received: ReceivedStatistics) -> dict[tuple[str, str], int]:
    forces = {force.code for force in commission.forces().territorial}
    sums: dict[tuple[str, str], int] = {}
    table = received.tables["recorded"]
    for (force, code, year), n in counts(
        table, "force_code", "offence_code", "financial_year", value_column="offences"
    ).items():
        if force in forces:
            sums[year, code] = sums.get((year, code), 0) + n
    return sums


@pytest.mark.reference
@pytest.mark.parametrize("form", WRITERS)
def test_sexual_offences_of_all_years_read_back_from_the_official_form(form: str, tmp_path: Path) -> None:
    sheets = [cover_sheet(), notes(), *(recorded_sheet(year, "\"Group\" = 'Sexual offences'") for year in YEARS)]
    received = read_statistics(WRITERS[form](tmp_path / f"prc-pfa-mar2013-onwards-tables.{form}", sheets))
    sums = national(received)
    for year, expected in TABLE_4A.items():
        assert {code: sums[year, code] for code in CSA11} == {code: int(expected[code]) for code in CSA11}
    assert received.files[0].sheets == tuple(year.replace("/", "-") for year in YEARS)
    assert received.files[0].edition == "published 24 April 2026"
    assert received.errors == ()


@pytest.mark.reference
@pytest.mark.parametrize("form", WRITERS)
def test_a_whole_year_of_all_offences_is_the_same_in_the_official_form_and_in_the_copy(
    form: str, tmp_path: Path
) -> None:
    path = WRITERS[form](tmp_path / f"prc.{form}", [cover_sheet(), recorded_sheet("2024/25", "true")])
    received, copy = read_statistics(path), read_statistics(reference(RECORDED))
    year = {key: n for key, n in national(copy).items() if key[0] == "2024/25"}
    assert national(received) == year
    assert received.files[0].row_count == 25_356


@pytest.mark.reference
@pytest.mark.parametrize("form", WRITERS)
def test_outcomes_of_child_sexual_offences_read_back_from_the_official_form(form: str, tmp_path: Path) -> None:
    codes = ", ".join(f"'{code}'" for code in CSA11)
    columns = (
        '"Financial Year", "Financial Quarter", Force, "Offence Description", "Offence Code", "Outcome Type", n, \'NA\''
    )
    with duckdb.connect() as store:
        query = f"select {columns} from '{reference(OUTCOMES_2024)}' where \"Offence Code\" in ({codes})"
        rows = store.execute(query).fetchall()
    sheet = Sheet("Table", ["Crime outcomes", "", "By force"], OUTCOME_HEADER, rows)
    received = read_statistics(WRITERS[form](tmp_path / f"outcomes.{form}", [cover_sheet(), notes(), sheet]))
    by_outcome = counts(received.tables["outcomes"], "outcome_code", value_column="of_recorded")
    # 61,476 offences with British Transport Police, 4,842 charged and 10,511 pending (table 4b, summed).
    assert sum(by_outcome.values()) == 61_476
    assert (by_outcome[("1",)], by_outcome[("0",)]) == (4_830 + 12, 10_498 + 13)


@pytest.mark.reference
@pytest.mark.parametrize("form", ["ods", "xlsx", "parquet", "csv.gz"])
@pytest.mark.parametrize("path", [CHILDREN, POPULATION])
def test_children_in_need_and_population_are_the_same_in_every_kind_of_file(
    form: str, path: str, tmp_path: Path
) -> None:
    published = reference(path)
    here = tmp_path / f"table.{form}"
    with duckdb.connect() as store:
        store.execute(f"create table t as from read_csv('{published}', all_varchar = true)")
        if form in ("ods", "xlsx"):
            relation = store.sql("from t")
            WRITERS[form](here, [cover_sheet(), Sheet("Data", ["Title"], relation.columns, relation.fetchall())])
        else:
            store.execute(f"copy t to '{here}'")
    expected, found = read_statistics(published).tables, read_statistics(here).tables
    for kind in ("children_in_need", "population"):
        assert found[kind].drop_columns(["source"]).equals(expected[kind].drop_columns(["source"]))


def test_rows_are_numbered_as_a_person_sees_them(tmp_path: Path) -> None:
    sheet = Sheet("2024-25", ["Title", ""], HEADER, [row(1), row("many")])
    for form, write in WRITERS.items():
        errors = read_statistics(write(tmp_path / f"a.{form}", [cover_sheet(), sheet])).errors
        # two title rows, the header on row 3, so the second row of figures stands on row 5
        assert [(error.table, error.line, error.column) for error in errors] == [("2024-25", 5, "Number of Offences")]


@pytest.mark.parametrize("form", WRITERS)
def test_a_formula_is_never_worked_out_and_its_old_value_is_not_taken(form: str, tmp_path: Path) -> None:
    sheet = Sheet("2024-25", ["Title"], HEADER, [row(7), row("=3+4", "Essex"), row(9, "Sussex")])
    received = read_statistics(WRITERS[form](tmp_path / f"a.{form}", [sheet]))
    assert received.tables["recorded"]["offences"].to_pylist() == [7, 9]
    assert dict(received.files[0].set_aside) == {"formula": 1}
    assert [(error.line, error.column, error.rule) for error in received.errors] == [
        (4, "Number of Offences", "a cell holds a value and not a formula")
    ]


def test_a_spreadsheet_error_in_a_count_is_an_error_and_not_an_empty_cell(tmp_path: Path) -> None:
    sheet = Sheet("2024-25", [], HEADER, [row(7), row("#N/A", "Essex")])
    received = read_statistics(write_xlsx(tmp_path / "a.xlsx", [sheet]))
    assert dict(received.files[0].set_aside) == {"error in a cell": 1}
    assert [(error.line, error.column) for error in received.errors] == [(3, "Number of Offences")]


def test_a_note_under_the_table_is_not_a_row_of_it(tmp_path: Path) -> None:
    rows = [row(7), ["Source: Home Office", *[None] * 7]]
    received = read_statistics(write_xlsx(tmp_path / "a.xlsx", [Sheet("2024-25", [], HEADER, rows)]))
    assert dict(received.files[0].set_aside) == {"a note, not a row of the table": 1}
    assert received.errors == ()


def test_the_table_of_alternate_offences_is_set_aside_whole(tmp_path: Path) -> None:
    rows = [outcome("1A", 5), outcome("2A", 1)]
    sheet_by_name = Sheet("Outcomes alternate", ["Title"], OUTCOME_HEADER, [outcome("1", 5)])
    main = Sheet("Outcomes", ["Title"], OUTCOME_HEADER, [outcome("1", 12), outcome("0", 3)])
    received = read_statistics(
        [
            write_xlsx(
                tmp_path / "outcomes-alternate-offences-mar2025.xlsx",
                [Sheet("Data", [], OUTCOME_HEADER, rows)],
            ),
            write_xlsx(tmp_path / "outcomes.xlsx", [cover_sheet(), sheet_by_name, main]),
        ]
    )
    reason = "alternate offences: already counted in the main outcomes table"
    assert [dict(file.set_aside) for file in received.files] == [{reason: 2}, {reason: 1}]
    assert sum(received.tables["outcomes"]["of_recorded"].to_pylist()) == 15


def test_a_file_that_holds_alternate_outcomes_only_is_set_aside_whatever_its_name(tmp_path: Path) -> None:
    received = read_statistics(
        write_table(tmp_path / "table.csv", outcome("1A", 5), outcome("3A", 1), header=OUTCOME_HEADER)
    )
    assert received.tables["outcomes"].num_rows == 0
    assert sum(received.files[0].set_aside.values()) == 2


def test_a_row_that_the_reader_dropped_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [Sheet("2024-25", [], HEADER, [row(1), row(2, "Essex")])])
    dropped = workbook_sheets._load_cells
    monkeypatch.setattr(workbook_sheets, "_load_cells", lambda *container: dropped(*container).slice(0, 2))
    with pytest.raises(EvidenceError, match="3 rows of the file hold something and 2 were read"):
        read_statistics(path)


@pytest.mark.reference
def test_the_outcomes_of_a_year_as_published_are_read_in_little_memory() -> None:
    """131 MB of text as unpacked. As texts in a database, its rows took 668 MB; as dictionaries they take 430 MB."""
    path = reference("data/homeoffice-outcomes-2018-19-as-published/prc-outcomes-open-data-mar2019-as-published.csv.gz")
    program = (
        "import resource; from assay.ingest.official_statistics import read_statistics as read; "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        f"read({str(path)!r}); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    kilobytes = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(kilobytes) < 520_000
