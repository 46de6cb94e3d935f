"""Was this table asked for, does this row lie in its window, and what of it is kept apart?"""

import dataclasses
import datetime as dt
import re

import pytest
from small_return import SmallReturn, count, rows_set_aside

from assay import contract
from assay.contract import separated_columns
from assay.contract.declared_purposes import declare_tables
from assay.feedback.force_return_letter import write_letter as write_letter
from assay.privacy import separated_identifiers

LAST = dt.date(2099, 12, 31)
DECLARED = declare_tables(legal_basis="advised", holder="the holder", destroy_by=LAST, also=tuple(contract.tables()))


def declared_without(*tables):
    return {name: declaration for name, declaration in DECLARED.items() if name not in tables}


def changed(table, **values):
    return DECLARED | {table: dataclasses.replace(DECLARED[table], **values)}


def test_every_table_of_the_contract_can_be_declared_and_what_is_kept_apart_too():
    assert set(DECLARED) == {*contract.tables(), "identities", "texts"}
    assert [name for name, declaration in DECLARED.items() if declaration.errors()] == []


def test_what_nothing_reads_is_not_declared_unless_it_is_named():
    declarations = declare_tables(legal_basis="advised", holder="the holder", destroy_by=LAST, also=("notes",))
    assert set(declarations) - {"identities", "texts"} == {*contract.requested_tables(), "notes"}


def test_texts_that_are_searched_only_are_not_drawn_and_nobody_is_named_for_them():
    declarations = declare_tables(
        legal_basis="advised", holder="the holder", destroy_by=LAST, tier=1, also=("summaries",)
    )
    assert (declarations["summaries"].purposes, declarations["texts"].purposes) == (("texts", "samples"), ("texts",))
    assert declarations["identities"].purposes == ("linkage",)
    second = declare_tables(legal_basis="advised", holder="the holder", destroy_by=LAST, tier=2)
    assert "summaries" not in second
    assert second["texts"].purposes == ("texts", "samples")  # an assessment's own words are read by people
    assert (DECLARED["texts"].purposes, DECLARED["identities"].purposes) == (("texts", "samples"), ("linkage", "texts"))


def test_of_the_first_tier_nothing_else_is_declared():
    first = declare_tables(legal_basis="advised", holder="the holder", destroy_by=LAST, tier=1)
    assert set(first) == {"crimes", "reports", "report_crimes", "involvements", "flags", "identities"}


def test_identities_may_have_to_go_sooner():
    soon = dt.date(2027, 1, 1)
    declarations = declare_tables(
        legal_basis="advised", holder="the holder", destroy_by=LAST, identities_destroy_by=soon
    )
    assert (
        declarations["identities"].destroy_by,
        declarations["identities"].used_until,
        declarations["crimes"].destroy_by,
    ) == (
        soon,
        soon,
        LAST,
    )


def test_a_table_that_is_not_declared_is_refused_and_its_file_is_not_opened(tmp_path):
    return_folder = (
        SmallReturn(tmp_path / "INV01").rows("crimes", {}).data("flags.csv", b"\xff\xfe this would not even open", 1)
    )
    received = return_folder.received(declarations=declared_without("flags"))
    assert count(received, "flags")["refused_rule"] == "R61"
    assert count(received, "crimes")["accepted"] == 1
    assert any("does not declare the table flags" in remark for remark in received.remarks)


@pytest.mark.parametrize("empty", ["legal_basis", "holder", "in_scope"])
def test_a_declaration_that_leaves_something_open_refuses_its_table(tmp_path, empty):
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {})
    received = return_folder.received(declarations=changed("crimes", **{empty: ""}))
    assert count(received, "crimes")["refused_rule"] == "R61"
    assert any(f"{empty} is empty" in remark for remark in received.remarks)


def test_a_table_that_is_not_declared_and_not_sent_is_no_error(tmp_path):
    received = SmallReturn(tmp_path / "INV01").rows("crimes", {}).received(declarations=declared_without("flags"))
    assert count(received, "flags")["refused_rule"] in (None, "")


@pytest.mark.parametrize("sends", [True, False])
def test_a_table_that_was_not_asked_is_not_there_for_that_reason_whether_it_is_sent_or_not(tmp_path, sends):
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {})
    if sends:
        return_folder = return_folder.rows("flags", {"flag": "cse", "crime_ref": "C1"})
    manifest_by_table = {
        row["table_name"]: row
        for row in return_folder.received(declarations=declared_without("flags")).tables["covers"].to_pylist()
    }
    statements = {
        name: (manifest_by_table[name]["supplied"], manifest_by_table[name]["reason"])
        for name in ("crimes", "flags", "missing")
    }
    assert statements == {"crimes": ("whole", ""), "flags": ("none", "not_asked"), "missing": ("none", "not_stated")}
    assert not manifest_by_table["flags"]["used"]


def test_a_letter_misses_no_table_that_was_not_asked(tmp_path):
    """Beside crimes only reports are declared, and only crimes are sent."""
    declared = {name: DECLARED[name] for name in ("crimes", "reports", "identities")}
    page = write_letter(SmallReturn(tmp_path / "INV01").rows("crimes", {}).received(declarations=declared)).html()
    (missed,) = re.findall(r"Not supplied, no reason stated: (.*?)\.</p>", page)
    assert missed == "reports"
    (unasked,) = re.findall(r"Not requested by this inspection, so not missing: (.*?)\.</p>", page)
    assert unasked.split(", ") == [name for name in contract.tables() if name not in declared]


def test_a_sender_cannot_give_the_reason_that_is_set_on_receipt(tmp_path):
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {})
    return_folder.tables["flags"] = {"supplied": '"none"', "reason": '"not_asked"'}
    received = return_folder.received(declarations=DECLARED)
    (flags,) = [row for row in received.tables["covers"].to_pylist() if row["table_name"] == "flags"]
    assert flags["reason"] == "not_stated"


def test_a_row_outside_the_declared_window_is_set_aside_and_its_text_is_kept_nowhere(tmp_path):
    """The period begins on 1 January 2026; the history on 1 January 2025."""
    rows = [{"crime_ref": "now"}, {"crime_ref": "before", "recorded_at": "2025-12-31T23:30"}]
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", *rows)
    assert rows_set_aside(return_folder.received(declarations=DECLARED), "crimes") == {}
    received = return_folder.received(declarations=changed("crimes", window="period"))
    assert rows_set_aside(received, "crimes") == {3: "R62"}
    assert separated_identifiers.identity_tables(received.tables)["aside"].num_rows == 0
    assert "record" not in separated_identifiers.tables_without_identifiers(received.tables)["aside"].column_names


def test_the_window_of_a_table_of_days_ends_with_the_day_of_the_extraction(tmp_path):
    """Extracted on 3 August 2026."""
    rows = [{"flag": "cse", "crime_ref": "C1", "added_at": day} for day in ("2024-12-31", "2025-01-01", "2026-08-03")]
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {}).rows("flags", *rows)
    assert rows_set_aside(return_folder.received(declarations=changed("flags", window="history")), "flags") == {
        2: "R62"
    }
    assert rows_set_aside(return_folder.received(declarations=DECLARED), "flags") == {}


def test_identities_and_texts_are_outliers_from_what_questions_are_answered_from(tmp_path):
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {})
    return_folder = return_folder.rows(
        "involvements", {"surname": "Example", "date_of_birth": "2010-01-02", "postcode": "ZZ99 3VZ"}
    )
    return_folder = return_folder.rows("notes", {"text": "Called the school.", "crime_ref": "C1"})
    tables = return_folder.received(declarations=DECLARED).tables
    kept_tables, identities, texts = (
        separated_identifiers.tables_without_identifiers(tables),
        separated_identifiers.identity_tables(tables),
        separated_identifiers.text_tables(tables),
    )
    columns = {column for name in kept_tables for column in kept_tables[name].column_names}
    assert columns & {*separated_columns.identity_column_names(), "text", "narrative"} == set()
    assert kept_tables["involvements"].num_rows == kept_tables["notes"].num_rows == 1
    assert identities["involvements"]["surname"].to_pylist() == ["Example"]
    assert texts["notes"].to_pylist() == [{"force_code": "INV01", "note_ref": "N1", "text": "Called the school."}]


def test_what_is_kept_apart_finds_its_row_again_by_the_key():
    for part in separated_columns.PARTS:
        for name, columns in separated_columns.columns_of_part(part).items():
            schema = separated_identifiers.select_separated_columns(
                part, name, contract.typed_schema(name).empty_table()
            ).schema
            assert set(schema.names) >= {"force_code", *contract.table(name).key, *columns}


def test_a_table_whose_last_day_has_passed_is_not_taken_in(tmp_path):
    return_folder = SmallReturn(tmp_path / "INV01").rows("crimes", {}).rows("flags", {"flag": "cse", "crime_ref": "C1"})
    declared = changed("flags", used_until=dt.date(2026, 8, 4))
    assert count(return_folder.received(declarations=declared, today=dt.date(2026, 8, 4)), "flags")["accepted"] == 1
    late = return_folder.received(declarations=declared, today=dt.date(2026, 8, 5))
    assert count(late, "flags")["refused_rule"] == "R61"
    assert any("flags might be used until 2026-08-04, and that day has passed" in remark for remark in late.remarks)
