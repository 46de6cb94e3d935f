"""Is the contract in code whole, and do the schema and the workbook follow from it?"""

import json
import tomllib
from dataclasses import replace
from importlib.resources import files

import openpyxl
import pyarrow as pa
import pytest

from assay import contract, reference
from assay.contract.empty_workbook import write_workbook
from assay.contract.frictionless_schema import data_package, table_schema, write_schemas
from assay.contract.validation_rules import rules
from assay.errors import DefinitionError

pytestmark = pytest.mark.quick

TABLES = [
    "crimes",
    "reports",
    "report_crimes",
    "involvements",
    "flags",
    "events",
    "missing",
    "assessments",
    "assessment_items",
    "orders",
    "referrals",
    "notes",
    "summaries",
    "registers",
    "exhibits",
    "links",
    "aliases",
    "groups",
    "group_members",
    "profiles",
    "profile_sources",
    "claims",
    "agencies",
    "overlap_counts",
    "approaches",
    "capacity",
    "court",
    "marks",
]
REQUESTED_TABLES = [name for name in TABLES if contract.table(name).requested_columns]
SQL_WORDS = {"force", "from", "to", "at", "window", "end", "date", "order", "group", "select", "table", "user", "case"}


def test_the_contract_has_28_tables_in_its_own_order():
    assert list(contract.tables()) == TABLES


def test_tier_1_is_the_first_five():
    assert [table.name for table in contract.tables().values() if table.tier == 1] == TABLES[:5]


def test_no_column_bears_an_sql_word():
    assert [c.name for t in contract.tables().values() for c in t.columns if c.name in SQL_WORDS] == []


def test_the_identity_columns_are_those_that_tell_who_a_person_is():
    identity_columns = {(t.name, c.name) for t in contract.tables().values() for c in t.columns if c.identity}
    assert identity_columns == {
        *((table, name) for table in ("involvements", "agencies") for name in ("forenames", "surname")),
        ("involvements", "date_of_birth"), ("involvements", "postcode"), ("involvements", "phone"),
        ("agencies", "date_of_birth"), ("agencies", "postcode"), ("links", "link_value"),
        ("aliases", "forenames"), ("aliases", "surname"),
    }  # fmt: skip


def test_every_coded_column_has_a_list_but_the_two_whose_values_follow_from_the_row():
    columns_without = [
        c.name for t in contract.tables().values() for c in t.columns if c.kind == "code" and not c.values
    ]
    assert columns_without == ["detail", "item_code"]


def test_a_part_of_a_key_is_required_but_for_what_is_derived_the_lists_of_an_overlap_and_the_part_in_a_group():
    may_be_empty = {"overlap_counts": list(contract.table("overlap_counts").key[1:]), "group_members": ["member_role"]}
    for table in contract.tables().values():
        derived = table.key[:1] if table.natural_key else ()
        open_parts = [name for name in table.key if table.column(name).required != "yes" and name not in derived]
        assert open_parts == may_be_empty.get(table.name, [])


def test_every_column_says_where_it_comes_from_in_a_police_force():
    folder = files("assay.contract")
    for name in TABLES:
        (path,) = [entry for entry in folder.iterdir() if entry.name[3:] == f"{name}.toml"]
        columns = tomllib.loads(path.read_text(encoding="utf-8"))["columns"]
        assert {entry.get("origin") for entry in columns.values()} <= set(contract.ORIGINS), name


def test_nothing_that_assay_works_out_is_required():
    derived = [column for table in contract.tables().values() for column in table.columns if column.origin == "derived"]
    assert "scope_reason" in {column.name for column in derived}
    assert {column.required for column in derived} == {"no"}


def test_a_column_that_names_a_table_names_one_that_is_there():
    assert {c.refers for t in contract.tables().values() for c in t.columns} <= {*TABLES, ""}


def test_the_detail_list_of_every_kind_is_a_list():
    lists_named = {kind.detail_list for kind in contract.event_kinds().values() if kind.detail_list}
    assert all(contract.list_values(name) for name in lists_named)


def test_a_when_becomes_its_earliest_and_latest_minute_and_its_day():
    schema = contract.typed_schema("reports")
    assert schema.names[:5] == ["force_code", "report_ref", "received_at", "received_at_last", "received_at_day"]
    assert [schema.field(n).type for n in schema.names[2:5]] == [pa.timestamp("us"), pa.timestamp("us"), pa.date32()]
    assert schema.names[-1] == "line"


def test_a_kind_with_its_home_in_a_table_points_at_a_dated_column_of_it():
    for kind in reference.event_kinds():
        if "." in kind.home:
            assert contract.table(kind.table).column(kind.column).kind in ("when", "date")


def test_a_name_that_nobody_knows_is_answered_with_the_nearest():
    with pytest.raises(DefinitionError, match="Did you mean crimes"):
        contract.table("crime")
    with pytest.raises(DefinitionError, match="Did you mean crime_ref"):
        contract.table("crimes").column("crime_reff")
    with pytest.raises(DefinitionError, match="no closed list"):
        contract.list_values("flavours")


def test_there_are_seventy_three_rules_two_hold_us_to_our_word_and_each_tells_its_sender_what_to_do():
    assert list(rules()) == [f"R{number:02d}" for number in range(1, 74)]
    assert all(rule.correction.endswith(".") and rule.when and rule.what_happens for rule in rules().values())


def test_the_schema_states_type_list_key_and_what_is_required():
    schema = table_schema("flags")
    by_name = {field["name"]: field for field in schema["fields"]}
    assert list(by_name)[:2] == ["force_code", "flag_ref"]
    assert table_schema("reports")["primaryKey"] == ["report_ref"]
    assert by_name["flag"]["constraints"] == {"required": True, "enum": list(contract.list_values("flag"))}
    assert "required" not in by_name["person_ref"]["constraints"]
    assert {"fields": ["crime_ref"], "reference": {"resource": "crimes", "fields": ["crime_ref"]}} in schema[
        "foreignKeys"
    ]


def test_the_schema_and_the_workbook_do_not_require_the_force_code_which_may_be_absent(tmp_path):
    """It is part of no key, because a key may have no absent part."""
    schema = table_schema("crimes")
    assert "constraints" not in schema["fields"][0]
    assert "force_code" not in schema["primaryKey"]
    workbook = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))
    assert not workbook["crimes"]["A1"].font.bold


def test_a_reference_that_may_be_empty_is_no_primary_key():
    """A primary key may have no empty part, and assay makes the reference of a flag where the sender has none."""
    assert "primaryKey" not in table_schema("flags")
    assert "required" not in next(
        field for field in table_schema("flags")["fields"] if field["name"] == "flag_ref"
    ).get("constraints", {})


def test_a_key_with_a_part_that_may_be_empty_is_no_primary_key():
    """Of a member of a group it may not be known what part they had in it."""
    assert "primaryKey" not in table_schema("group_members")
    assert table_schema("groups")["primaryKey"] == ["group_ref"]


def test_a_reference_to_a_row_of_its_own_table_is_told_and_one_that_need_not_be_there_is_not():
    """An event may be about another event; a summary is of any crime, sent in crimes or not."""
    links = {tuple(link["fields"]): link["reference"] for link in table_schema("events")["foreignKeys"]}
    assert links["about_event_ref",] == {"resource": "", "fields": ["event_ref"]}
    assert "foreignKeys" not in table_schema("summaries")


def test_a_schema_says_where_its_marks_are_explained():
    assert all("data return contract" in table_schema(name)["$comment"] for name in TABLES)
    assert "docs/reference/data-return.md" in data_package()["description"]


def test_an_offence_code_outside_the_list_is_not_forbidden_by_the_schema():
    field = next(f for f in table_schema("crimes")["fields"] if f["name"] == "offence_code")
    assert "enum" not in field.get("constraints", {})


def test_the_package_and_every_schema_are_written_as_json(tmp_path):
    schemas_written = write_schemas(tmp_path)
    assert len(schemas_written) == 1 + len(REQUESTED_TABLES)
    assert json.loads((tmp_path / "datapackage.json").read_text()) == data_package()
    assert [r["name"] for r in data_package()["resources"]] == REQUESTED_TABLES


def test_the_workbook_has_a_sheet_a_table_with_its_headers_as_text(tmp_path):
    workbook = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))
    assert workbook.sheetnames == ["read me first", *REQUESTED_TABLES, "columns", "lists"]
    headers = [cell.value for cell in workbook["missing"][1]]
    assert headers == ["force_code", *(column.name for column in contract.table("missing").requested_columns)]
    assert workbook["crimes"].max_row == 1


def test_references_codes_and_days_are_cells_of_text_and_numbers_are_not(tmp_path):
    workbook = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))
    for table in contract.requested_tables().values():
        forms = list(workbook[table.name].column_dimensions.values())
        text = {place for form in forms if form.number_format == "@" for place in range(form.min, form.max + 1)}
        columns = enumerate(table.requested_columns, start=2)
        typed = {place for place, column in columns if column.kind not in ("yesno", "int", "num")}
        assert text == {1} | typed, table.name


def test_each_header_of_the_workbook_says_its_type_and_whether_it_must_be_filled(tmp_path):
    workbook = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))
    assert all(cell.comment for name in REQUESTED_TABLES for cell in workbook[name][1])
    comments = {cell.value: cell.comment.text for cell in workbook["missing"][1]}
    assert "Type: when" in comments["ended_at"]
    assert "empty: still missing at extraction" in comments["ended_at"]
    assert "Required: yes" in comments["started_at"]


def test_the_first_sheet_says_in_bold_that_each_sheet_is_a_file_of_its_own(tmp_path):
    sheet = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))["read me first"]
    own_file_rows = [row[1] for row in sheet.iter_rows() if "file of its own" in row[1].value]
    assert [cell.font.bold for cell in own_file_rows] == [True]
    assert "crimes.csv" in own_file_rows[0].value


def test_the_workbook_is_the_same_whenever_it_is_written(tmp_path):
    first_workbook, two = (write_workbook(tmp_path / name).read_bytes() for name in ("one.xlsx", "two.xlsx"))
    assert first_workbook == two


def test_a_column_that_nobody_reads_is_neither_in_the_schema_nor_in_the_workbook(tmp_path):
    unasked = {(t.name, c.name) for t in contract.tables().values() for c in t.columns if not c.readers}
    assert unasked
    in_schemas = {(r["name"], f["name"]) for r in data_package()["resources"] for f in r["schema"]["fields"]}
    workbook = openpyxl.load_workbook(write_workbook(tmp_path / "return.xlsx"))
    in_sheets = {(name, cell.value) for name in REQUESTED_TABLES for cell in workbook[name][1]}
    assert unasked & (in_schemas | in_sheets) == set()
    assert {(t.name, c.name) for t in contract.tables().values() for c in t.requested_columns} <= in_schemas & in_sheets


def test_a_schema_points_at_no_table_that_is_not_asked():
    links = [link for r in data_package()["resources"] for link in r["schema"].get("foreignKeys", ())]
    assert {link["reference"]["resource"] for link in links} <= {*REQUESTED_TABLES, ""}


def test_nobody_is_chased_for_a_column_that_is_not_asked():
    unread = replace(contract.table("flags").column("added_at"), required="yes", readers=())
    needed = replace(contract.table("flags").column("flag"), readers=("fact crime.cse_flagged",))
    key = replace(contract.table("flags").column("flag_ref"), required="yes", readers=())
    table = replace(contract.table("flags"), columns=(key, needed, unread))
    assert [table.requirement(column) for column in table.columns] == ["yes", "yes", "no"]
    sent_unasked = replace(table, columns=(key, replace(needed, required="if known", readers=()), unread))
    assert [sent_unasked.requirement(column) for column in sent_unasked.columns] == ["yes", "no", "yes"]
