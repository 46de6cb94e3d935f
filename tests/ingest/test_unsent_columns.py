"""Is a file taken in without the columns that no police system holds?"""

from dataclasses import replace
from datetime import date

import pytest
from small_return import NEEDED, REQUEST, SmallReturn, count, errors, rows_set_aside

from assay import contract
from assay.contract.earlier_versions import add_missing_columns
from assay.ingest.return_validation import validate_return
from assay.reference import child_offences

CRIMES = "force_code,crime_ref,offence_code,recorded_at,occurred_from"


@pytest.fixture
def return_folder(tmp_path):
    return SmallReturn(tmp_path / "return")


def crimes(return_folder, *lines, header=CRIMES):
    return return_folder.text("crimes", "\n".join((header, *lines)) + "\n", len(lines))


def scopes(received):
    rows = received.tables["crimes"].select(["crime_ref", "scope_reason"]).to_pylist()
    return {row["crime_ref"]: row["scope_reason"] for row in rows}


def test_crimes_without_a_scope_reason_get_the_one_that_the_contract_gives(return_folder):
    """19D is a child offence by definition; 8N needs a flag or a child suspect; a child's flag makes C2 in scope."""
    crimes(return_folder, "INV01,C1,19D,2026-02-02T09:00,2026-02-01", "INV01,C2,8N,2026-02-02T09:00,2026-02-01")
    return_folder.rows("flags", {"crime_ref": "C2", "flag": "cse"}).rows("involvements", {"crime_ref": "C1"})
    received = return_folder.received()
    assert scopes(received) == {"C1": "core_offence", "C2": "flagged"}
    assert [error for error in errors(received, "crimes") if error[0] in ("R03", "R50")] == []


def test_a_crime_out_of_scope_is_set_aside_with_its_rows_and_costs_no_declaration(return_folder):
    """Three crimes of another kind, with a person and a step each, beside one in scope."""
    burglaries = [f"INV01,B{n},30C,2026-02-02T09:00,2026-02-01" for n in range(3)]
    crimes(return_folder, "INV01,C1,19D,2026-02-02T09:00,2026-02-01", *burglaries)
    refs = ("C1", "B0", "B1", "B2")
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"})
    return_folder.rows("involvements", *({"crime_ref": ref, "date_of_birth": "1980-01-01"} for ref in refs))
    return_folder.rows("aliases", *({"involvement_ref": f"I{n}", "surname": "Ash"} for n in (1, 2)))
    received = return_folder.received()
    assert scopes(received) == {"C1": "core_offence"}
    assert rows_set_aside(received, "crimes") == dict.fromkeys((3, 4, 5), "R50")
    assert rows_set_aside(received, "involvements") == dict.fromkeys((3, 4, 5), "R50")
    assert rows_set_aside(received, "aliases") == {3: "R50"}
    assert {rule for table in ("crimes", "involvements", "aliases") for rule, _, _ in errors(received, table)} & {
        "R27", "R58", "R59"} == set()  # fmt: skip
    complete = {row["table_name"]: row["complete"] for row in received.tables["covers"].to_pylist()}
    assert complete["crimes"]
    assert complete["involvements"]


def test_where_the_sender_selected_crimes_a_crime_out_of_scope_still_costs_its_declaration(return_folder):
    rows = [{"crime_ref": f"B{n}", "offence_code": "30C"} for n in range(3)]
    received = return_folder.rows("crimes", {"crime_ref": "C1"}, *rows).rows("flags").rows("involvements").received()
    assert ("R59", "", None) in errors(received, "crimes")


HISTORY = (
    "INV01,C1,19D,2014-02-02T09:00,2014-01-01,2015-01-01,5",
    "INV01,C2,19D,2014-02-02T09:00,2014-01-01,2015-01-01,1",
    "INV01,C3,19D,2009-02-02T09:00,2009-01-01,2010-01-01,5",
    "INV01,C4,19D,2026-02-02T09:00,2026-02-01,,",
)
SUSPECTS = [
    {"crime_ref": ref, "role": "suspect", "person_ref": f"{ref}{n}", "suspect_known_as": "named"}
    for ref in ("C1", "C2", "C3", "C4")
    for n in (1, 2)
]


@pytest.mark.parametrize(("is_asked", "accepted"), [(True, {"C1", "C4"}), (False, {"C4"})])
def test_an_old_crime_without_a_scope_reason_is_group_history_or_outside(return_folder, is_asked, accepted):
    """C1 of 2014 was closed without charge and has two suspects; C2 was charged; C3 is older than 2010."""
    crimes(return_folder, *HISTORY, header=f"{CRIMES},closed_at,outcome_code").rows("involvements", *SUSPECTS)
    (return_folder.folder / "return.toml").write_text(return_folder.toml(), encoding="utf-8")
    received = validate_return(return_folder.folder, replace(REQUEST, group_history=is_asked), threads=1)
    assert set(scopes(received)) == accepted
    assert set(rows_set_aside(received, "crimes").values()) == {"R14"}
    assert received.tables["involvements"].num_rows == 2 * len(accepted)
    if is_asked:
        assert scopes(received)["C1"] == "group_history"


def test_flags_and_persons_come_in_without_references_of_their_own(return_folder):
    crimes(return_folder, "INV01,C1,19D,2026-02-02T09:00,2026-02-01")
    return_folder.text("flags", "force_code,crime_ref,flag\nINV01,C1,cse\nINV01,C1,csa\n", 2)
    return_folder.text("involvements", "force_code,crime_ref,role,sex\nINV01,C1,victim,F\nINV01,C1,suspect,M\n", 2)
    received = return_folder.received()
    assert (count(received, "flags")["accepted"], count(received, "involvements")["accepted"]) == (2, 2)


def test_group_history_does_not_excuse_a_date_after_the_extraction(return_folder):
    crimes(return_folder, "INV01,C1,19D,2026-12-02T09:00,2026-02-01")
    assert date(2026, 12, 2) > REQUEST.period_to
    assert rows_set_aside(return_folder.received(), "crimes") == {2: "R14"}


def test_a_return_of_the_first_version_is_read_as_one_of_the_second(return_folder):
    """It lacks the columns that version 2 added, and nobody asks its sender for them."""
    added = {(table.name, column.name) for table in contract.tables().values() for column in table.columns
             if column.since == "2.0"}  # fmt: skip
    assert {("crimes", "suspect_identified"), ("crimes", "suspect_count"), ("crimes", "victim_count"),
            ("involvements", "age_at_offence"), ("involvements", "age_at_report"), ("involvements", "age_band")} == added  # fmt: skip
    return_folder.return_keys["spec_version"] = '"1.0"'
    for table, row in (("crimes", {"crime_ref": "C1"}), ("involvements", {"crime_ref": "C1", "person_ref": "N1"})):
        names = [name for name in contract.table(table).column_names if (table, name) not in added]
        cells = NEEDED[table] | {f"{table[0]}_ref": "X", contract.table(table).key[0]: "C1"} | row
        line = ",".join(("INV01", *(cells.get(name, "") for name in names)))
        return_folder.text(table, f"force_code,{','.join(names)}\n{line}\n", 1)
    received = return_folder.received()
    assert {key for key in received.error_counts if key[0] == "R08"} == set()
    assert received.tables["returns"]["spec_version"].to_pylist() == ["1.0"]
    assert received.tables["involvements"].schema.equals(contract.typed_schema("involvements"))


def test_a_table_accepted_under_the_first_version_gets_the_added_columns_empty():
    first = contract.typed_schema("crimes").empty_table().drop_columns(["suspect_identified", "suspect_count"])
    assert add_missing_columns("crimes", first).schema.equals(contract.typed_schema("crimes"))
    assert add_missing_columns("persons", first) is first


def test_crimes_without_a_recorded_day_or_an_offence_code_are_accepted_as_not_known(return_folder):
    """Neither column is in the file. C1 bears a flag; of C2 nothing says whether it is in scope."""
    crimes(return_folder, "INV01,C1", "INV01,C2", header="force_code,crime_ref")
    return_folder.rows("flags", {"crime_ref": "C1", "flag": "cse"})
    received = return_folder.rows("involvements", {"crime_ref": "C1"}, {"crime_ref": "C2"}).received()
    assert scopes(received) == {"C1": "flagged", "C2": None}
    assert received.tables["crimes"]["recorded_at"].to_pylist() == [None, None]
    assert received.tables["involvements"].num_rows == 2
    assert {key for key in received.error_counts if key[0] in ("R03", "R15", "R50")} == set()


def test_a_recorded_day_that_cannot_be_read_costs_the_value_and_not_the_crime(return_folder):
    received = return_folder.rows(
        "crimes", {"crime_ref": "C1", "recorded_at": "soon", "offence_code": "none"}
    ).received()
    (row,) = received.tables["crimes"].to_pylist()
    assert (row["recorded_at"], row["offence_code"], row["scope_reason"]) == (None, None, "core_offence")
    assert {error[:2] for error in errors(received, "crimes")} >= {("R16", "recorded_at"), ("R16", "offence_code")}


@pytest.mark.parametrize(
    ("age", "scope"),
    [({"age_at_offence": "15"}, "needs_age_offence"), ({"age_at_offence": "30"}, None), ({"age_band": "13-15"},
     "needs_age_offence"), ({"age_band": "18+"}, None), ({"age_band": "16-24"}, "needs_age_offence"),
     ({}, "needs_age_offence")],
)  # fmt: skip
def test_the_scope_reads_the_age_of_a_victim_without_a_date_of_birth(return_folder, age, scope):
    """An offence that needs a child; the age of a victim that is not known leaves it in scope."""
    code = next(offence.code for offence in child_offences() if offence.child_by_definition == "needs_age"
                and offence.analysis_family != "context")  # fmt: skip
    crimes(return_folder, f"INV01,C1,{code},2026-02-02T09:00,2026-02-01", "INV01,C2,19D,2026-02-02T09:00,2026-02-01")
    received = return_folder.rows("flags").rows("involvements", {"crime_ref": "C1"} | age).received()
    assert scopes(received).get("C1") == scope
