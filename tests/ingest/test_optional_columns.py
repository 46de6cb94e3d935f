"""Is a table accepted without a column that a police system may not hold?"""

from functools import cache

import pytest
from small_return import SmallReturn, count, errors, quoted, rows_set_aside

from assay import contract

FILLED_OF_SEVERAL = {("involvements", "crime_ref"), ("flags", "crime_ref"), ("events", "crime_ref")}
"""Parts of a natural key of which a row fills one: without the one that the rows below fill, they name no record."""
OPTIONAL_COLUMNS = [
    (table.name, column.name)
    for table in contract.tables().values()
    for column in table.columns
    if column.required != "yes" and (table.name, column.name) not in FILLED_OF_SEVERAL
]
TEXT_BY_KIND = {"yesno": "yes", "date": "2026-02-03", "time": "2026-02-03T10:00", "when": "2026-02-03T10:00"}
CELLS = {
    "crimes": {"scope_reason": "core_offence", "offence_code": "19D"},
    "involvements": {"role": "suspect", "report_ref": "", "missing_ref": "", "age_band": "13-15"},
    "flags": {"person_ref": "", "missing_ref": ""},
    "events": {"kind": "victim_contacted", "detail": "in_person", "due_on": ""},
    "registers": {"register_kind": "police"},
    "capacity": {"month_start": "2026-02-01"},
    "orders": {"order_code": "CAWN", "served_on": "suspect"},
    "marks": {"marker_kind": "force_auditor", "answer": "met", "question": "Q33", "supersedes_mark_ref": "",
              "chain_hash": ""},
    "overlap_counts": {"on_health": "no"},
}  # fmt: skip

RULES_WITHOUT_COLUMN = {
    ("crimes", "cancelled_at"): {"R36"},
    ("assessments", "override"): {"R36"},
    ("involvements", "date_of_birth"): {"R73"},
}
"""Rules that a row breaks because one of its columns is absent."""


def cell(table, column):
    """A value that the contract accepts."""
    if column.name in CELLS.get(table.name, {}):
        return CELLS[table.name][column.name]
    if column.values:
        return contract.list_values(column.values)[0]
    return TEXT_BY_KIND.get(column.kind) or (str(column.minimum or 1) if column.kind in ("int", "num") else "X1")


def send(folder, name, absent_column):
    """One row of a table in which every column but one is filled."""
    table = contract.table(name)
    cells = {"force_code": "INV01"} | {column.name: cell(table, column) for column in table.columns}
    cells.pop(absent_column, None)
    header, line = ",".join(cells), ",".join(quoted(text) for text in cells.values())
    return SmallReturn(folder / "return").text(name, f"{header}\n{line}\n", 1).received()


@pytest.mark.parametrize("name", contract.tables())
def test_the_row_with_every_column_is_accepted(tmp_path, name):
    received = send(tmp_path, name, "")
    assert count(received, name)["accepted"] == 1, (rows_set_aside(received, name), errors(received, name))


@pytest.fixture(scope="module")
def rules_of_whole_row(tmp_path_factory):
    """The rules that the row with every column of a table breaks, because it refers to records that were not sent."""
    return cache(lambda name: rules_broken(send(tmp_path_factory.mktemp(name), name, ""), name))


def rules_broken(received, name):
    return {rule for rule, _, _ in errors(received, name)}


@pytest.mark.parametrize(("name", "absent_column"), OPTIONAL_COLUMNS, ids=[".".join(pair) for pair in OPTIONAL_COLUMNS])
def test_a_table_without_one_column_is_received_and_its_row_breaks_no_further_rule(
    tmp_path, name, absent_column, rules_of_whole_row
):
    received = send(tmp_path, name, absent_column)
    table_count = count(received, name)
    assert table_count["refused_rule"] == ""
    assert table_count["accepted"] == 1, (rows_set_aside(received, name), errors(received, name))
    further_rules = rules_broken(received, name) - rules_of_whole_row(name)
    assert further_rules == RULES_WITHOUT_COLUMN.get((name, absent_column), set())


def test_only_a_part_of_the_natural_key_of_a_row_is_required():
    """What tells a row from every other: without it no measure at all can be made of the row."""
    required = {(table.name, column.name) for table in contract.tables().values() for column in table.columns
                if column.required == "yes"}  # fmt: skip
    keys = {(table.name, name) for table in contract.tables().values() for name in table.natural_key or table.key}
    assert required - keys == set()


def test_rows_without_a_force_code_are_those_of_the_force_that_sends_them(tmp_path):
    received = SmallReturn(tmp_path / "return").text("crimes", "crime_ref,offence_code\nC1,19D\n", 1).received()
    assert received.tables["crimes"]["force_code"].to_pylist() == ["INV01"]
    assert any("no column force_code" in remark for remark in received.remarks)


def test_a_row_of_another_force_is_still_set_aside(tmp_path):
    received = (
        SmallReturn(tmp_path / "return").text("crimes", "force_code,crime_ref\nINV02,C1\n,C2\nINV01,C3\n", 3).received()
    )
    assert rows_set_aside(received, "crimes") == {2: "R10", 3: "R10"}


def sealed_answer(**changes):
    """An answer whose hash is wrong."""
    table = contract.table("marks")
    cells = {name: cell(table, table.column(name)) for name in table.column_names}
    return {"force_code": "INV01"} | cells | {"chain_hash": "0" * 64} | changes


def send_answer(folder, cells, mapping=""):
    small_return = SmallReturn(folder).text("marks", f"{','.join(cells)}\n{','.join(cells.values())}\n", 1)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    return small_return.received()


@pytest.mark.parametrize("absent_column", ["", "reason", "supersedes_mark_ref"])
def test_a_wrong_hash_refuses_the_answers_even_where_a_column_that_may_be_empty_is_absent(tmp_path, absent_column):
    cells = sealed_answer()
    cells.pop(absent_column, None)
    assert count(send_answer(tmp_path / "return", cells), "marks")["refused_rule"] == "R56"


def test_a_wrong_hash_refuses_the_answers_where_the_mapping_fixes_a_sealed_column(tmp_path):
    cells = sealed_answer()
    mapping = f'[tables.marks]\nfixed.marking_round = "{cells.pop("marking_round")}"\n'
    assert count(send_answer(tmp_path / "return", cells, mapping), "marks")["refused_rule"] == "R56"


def test_where_a_sealed_column_is_absent_the_sender_learns_that_no_hash_was_checked(tmp_path):
    cells = sealed_answer()
    del cells["marker_code"]
    received = send_answer(tmp_path / "return", cells)
    assert count(received, "marks")["accepted"] == 1
    assert any("not checked" in remark and "marker_code" in remark for remark in received.remarks)


@pytest.mark.parametrize("heading", ["Force", "Police Force", "recording_force"])
def test_a_file_whose_column_of_forces_is_not_read_is_refused(tmp_path, heading):
    """One of its rows is of INV02: it must not count for INV01."""
    small_return = SmallReturn(tmp_path / "return").text("crimes", f"{heading},crime_ref\nINV01,C1\nINV02,C2\n", 2)
    received = small_return.received()
    assert count(received, "crimes")["refused_rule"] == "R03"
    assert any("fixed.force_code" in remark for remark in received.remarks)


def test_a_file_without_the_column_of_forces_that_its_mapping_names_is_refused(tmp_path):
    small_return = SmallReturn(tmp_path / "return").text("crimes", "Area,crime_ref\nINV01,C1\n", 1)
    (small_return.folder / "mapping.toml").write_text(
        '[tables.crimes]\ncolumns.force_code = "Owner"\n', encoding="utf-8"
    )
    assert count(small_return.received(), "crimes")["refused_rule"] == "R03"


def test_a_summary_without_a_day_and_a_code_has_those_of_its_crime(tmp_path):
    """C2 was not sent, so nothing is known of it. C3 has another day in its summary, and C4 is a crime out of scope."""
    folder = SmallReturn(tmp_path / "return").text(
        "crimes",
        "crime_ref,offence_code,recorded_at\nC1,19D,2026-02-02T09:00\nC3,19D,2026-02-02T09:00\nC4,30C,2026-02-05T09:00\n",
        3,
    )
    folder.rows("flags").rows("involvements")
    folder.text("summaries", "crime_ref,recorded_at,text\nC1,,One\nC2,,Two\nC3,2026-03-04T10:00,Three\nC4,,Four\n", 4)
    received = folder.received()
    assert rows_set_aside(received, "crimes") == {4: "R50"}
    rows = received.tables["summaries"].to_pylist()
    assert [(row["crime_ref"], str(row["recorded_at_day"]), row["offence_code"]) for row in rows] == [
        ("C1", "2026-02-02", "19D"), ("C2", "None", None), ("C3", "2026-03-04", "19D"),
        ("C4", "2026-02-05", "30C")]  # fmt: skip
