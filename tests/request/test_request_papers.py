"""Do the papers of a request state what is requested, and leave open what only the requester knows?"""

import re
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from assay import cli, contract
from assay.contract.declared_purposes import declare_tables
from assay.ingest.inspection_folder import create_inspection
from assay.reference import DataRequest, Declaration, Organisation
from assay.workflows.request.field_list import codes_in, explain_codes, list_fields, readers_text
from assay.workflows.request.request_folder import (
    burden_paper,
    field_list_paper,
    impact_assessment,
    requested_tables,
    risks,
    sharing_schedule,
    write_request,
)

ORGANISATIONS = {"INV01": Organisation("INV01", "Fernshire", "fernshire", "territorial", "England")}
REQUEST = DataRequest(
    "TRIAL", "A trial", date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1), False, "invented", ORGANISATIONS
)  # fmt: skip
REQUESTED_TABLES = contract.requested_tables()
BLANK = "[to be declared by the inspecting organisation]"


def stated(table):
    """What is declared of a table."""
    return Declaration(
        table=table, in_scope="crimes of | section 4.1", window="period", purposes=("facts",),
        legal_basis="as advised on 1 May", holder="Head of analysis", used_until=date(2027, 3, 31),
        destroy_by=date(2027, 6, 30),
    )  # fmt: skip


DECLARED = {"crimes": stated("crimes")}


def papers(declared):
    return {
        "impact": impact_assessment(REQUEST, declared, REQUESTED_TABLES),
        "schedule": sharing_schedule(REQUEST, declared, REQUESTED_TABLES),
        "fields": field_list_paper(REQUEST, declared, REQUESTED_TABLES),
        "burden": burden_paper(REQUEST, REQUESTED_TABLES),
    }


def section(text, heading):
    """The part of a paper under one heading."""
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_the_impact_assessment_goes_through_the_seven_steps():
    steps = re.findall(r"^## (\d)\. ", papers({})["impact"], re.M)
    assert steps == ["1", "2", "3", "4", "5", "6", "7"]


@pytest.mark.parametrize("name", ["impact", "schedule"])
def test_a_paper_says_that_it_is_no_legal_advice(name):
    assert "not legal advice" in papers(DECLARED)[name]


def test_what_is_declared_of_a_table_stands_in_the_schedule_and_what_is_not_is_a_marked_blank():
    schedule = papers(DECLARED)["schedule"]
    crimes, flags = section(schedule, "crimes"), section(schedule, "flags")
    for words in ("crimes of \\| section 4.1", "as advised on 1 May", "Head of analysis", "2027-03-31", "2027-06-30"):
        assert words in crimes
        assert words not in flags
    assert BLANK not in crimes
    assert flags.count(BLANK) == 7


def test_a_purpose_is_explained_only_where_a_declaration_names_it():
    impact = papers(DECLARED)["impact"]
    assert "deriving facts" in impact
    assert "reading texts" not in impact
    assert "table by table" in papers({})["impact"]


def test_the_field_list_names_every_column_that_is_asked_and_lists_the_others_apart():
    text = papers({})["fields"]
    for name, table in REQUESTED_TABLES.items():
        columns_stated = re.findall(r"^\| `(\w+)` \|", section(text, name), re.M)
        assert columns_stated == [column.name for column in table.requested_columns], name
    unasked = section(text, "Columns of the contract that are not requested")
    for table in contract.tables().values():
        for column in table.columns:
            assert column.is_requested or re.search(rf"^- {table.name}: .*\b{column.name}\b", unasked, re.M)


def first_tier():
    """The papers of a request for the first tier alone, and its tables."""
    declared = declare_tables(legal_basis="as advised", holder="Head of analysis", destroy_by=date(2099, 1, 1), tier=1)
    requested = requested_tables(declared)
    return field_list_paper(REQUEST, declared, requested), impact_assessment(REQUEST, declared, requested), requested


def test_what_is_read_and_not_asked_by_this_request_is_not_said_to_be_read_by_nothing():
    listed, impact, requested_count = first_tier()
    unread, unasked = (listed.split(f"### {head}\n")[1].split("\n#")[0] for head in
                       ("Not used today", "Used, but not requested here"))  # fmt: skip
    assert "- events:" in unasked
    assert "- marks:" in unread
    assert "- marks:" not in unasked
    assert "is not opened" in unasked
    all_columns = [column for table in contract.tables().values() for column in table.columns]
    unread_count, here = (
        sum(not all_column.is_requested for all_column in all_columns),
        sum(len(table.requested_columns) for table in requested_count.values()),
    )
    assert (
        f"{unread_count} are not, because\n  nothing uses them today. {len(all_columns) - unread_count - here} more are used"
        in impact
    )
    assert "more are used" not in papers({})["impact"]
    assert "Used, but not requested" not in papers({})["fields"]


def test_what_refers_to_a_table_that_is_not_asked_is_left_out():
    listed, _, tier = first_tier()
    for name in ("involvements", "flags"):
        assert "`missing_ref`" not in section(listed, name)
        assert "`crime_ref`" in section(listed, name)
    assert [(t.name, c.name) for t in tier.values() for c in t.requested_columns if c.refers not in {"", *tier}] == []
    all_requested = requested_tables({name: stated(name) for name in REQUESTED_TABLES})
    assert all_requested == REQUESTED_TABLES


def test_a_request_without_texts_names_no_purpose_of_texts():
    _, impact, _ = first_tier()
    assert "**texts**" not in impact
    assert "**linkage**" in impact


def test_identity_columns_are_named_in_the_schedule_of_their_table():
    schedule = papers({})["schedule"]
    assert "| Identity columns | forenames, surname, date_of_birth, postcode, phone |" in section(
        schedule, "involvements"
    )
    assert "| Identity columns | none |" in section(schedule, "crimes")


def test_the_numbers_of_the_papers_are_those_of_the_contract():
    known = sum(len(table.columns) for table in contract.tables().values())
    requested_count = sum(len(table.requested_columns) for table in contract.tables().values())
    assert f"**Only what is used**: {requested_count} of the {known} columns" in papers({})["impact"]
    assert f"{requested_count} of the {known} columns of the contract are requested" in papers({})["fields"]


@pytest.mark.parametrize("name", ["impact", "schedule", "fields", "burden"])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name):
    head = 0
    for line in papers(DECLARED)[name].splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not (head and cells) or cells == head, line
        head = cells


def test_hours_are_told_for_every_tier_and_table_of_the_request():
    text = papers({})["burden"]
    assert all(f"| {table.tier} | {name} |" in text for name, table in REQUESTED_TABLES.items())
    first = burden_paper(REQUEST, {name: table for name, table in REQUESTED_TABLES.items() if table.tier == 1})
    assert re.findall(r"^\| (\d) \| (?!\w+ \|)", first, re.M) == ["1"]


def test_a_table_that_nothing_counts_can_be_asked_for_people_to_read():
    mapping = requested_tables({"marks": stated("marks"), "crimes": stated("crimes")})
    assert list(mapping) == ["crimes", "marks"]
    assert "people who read and rate case files" in field_list_paper(REQUEST, {}, mapping)
    assert len(mapping["marks"].requested_columns) == len(contract.table("marks").columns)


def test_a_declaration_that_leaves_something_open_is_not_ready(tmp_path):
    declared = {
        name: replace(stated(name), holder="") if name == "flags" else stated(name) for name in REQUESTED_TABLES
    }
    assert write_request(REQUEST, tmp_path, declared).undeclared == ("flags",)


def test_a_risk_says_what_the_program_does_and_never_how_large_it_is():
    assert all(risk["measures"] and set(risk) == {"risk", "measures", "open"} for risk in risks())
    assert section(papers({})["impact"], "5. Risks").count("[to be judged]") == 3 * len(risks())


def test_a_mark_such_as_q4_to_q6_names_each_question_between():
    assert codes_in(["Q4-Q6; F1", "Q30"]) == ("F1", "Q4", "Q5", "Q6", "Q30")
    assert dict(explain_codes(("Q30", "F1")))["F1"].startswith("There is no offence")


def test_readers_are_told_with_the_forms_that_ask_for_their_facts():
    readers_sentence = readers_text(["check R41", "fact crime.charged", "linkage"])
    assert readers_sentence.startswith("linkage of persons; forms charged_of_all, charged_of_closed")
    assert readers_sentence.endswith("fact crime.charged; check R41")


def test_every_column_of_the_contract_is_a_field_with_a_reason():
    fields = list_fields(contract.tables())
    assert len(fields) == sum(len(table.columns) for table in contract.tables().values())
    assert [field for field in fields if not field.reason] == []
    assert [field for field in fields if field.requested != bool(field.read_by)] == []


def test_the_command_writes_every_paper_and_says_what_is_not_declared(tmp_path):
    folder = create_inspection(tmp_path / "trial", REQUEST, {}).folder
    done = CliRunner().invoke(cli.app, ["inspect", "request", str(folder), "--out", str(tmp_path / "papers")])
    assert done.exit_code == 0, done.output
    paper_names = {path.name for path in (tmp_path / "papers").iterdir()}
    assert paper_names == {
        "request.toml", "field-list.md", "impact-assessment-draft.md", "sharing-schedule.md", "burden.md",
        "datapackage.json", "schemas", "data-return.xlsx",
    }  # fmt: skip
    assert "Not ready to send: the declaration is incomplete for" in done.output


def test_a_request_of_which_every_table_is_declared_is_not_called_unready(tmp_path):
    declared = {name: stated(name) for name in REQUESTED_TABLES}
    done = write_request(REQUEST, tmp_path, declared)
    assert done.undeclared == ()
    assert "Not ready" not in " ".join(done.summary_lines())
