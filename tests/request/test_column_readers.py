"""Is every requested column read by some code, and is the list of readers correct?"""

from collections import defaultdict
from pathlib import Path

import pytest

import assay
from assay import contract
from assay.contract.validation_rules import rules
from assay.grading import claim_comparison
from assay.indicators.indicator_catalogue import forms
from assay.ingest.identifier_checks import free_text_columns
from assay.workflows.request.fact_columns import fact_readers, facts_of_form
from assay.workflows.request.field_list import _add_checks, column_readers, readers_toml
from assay.workflows.request.rule_columns import ColumnLook, column_looks

FILE = Path(assay.__file__).parent / "contract" / "readers.toml"


@pytest.fixture(scope="module")
def found():
    return column_readers()


def readers_of(name):
    table, _, column = name.partition(".")
    return set(contract.table(table).column(column).readers)


def test_the_list_of_readers_says_what_the_program_does_and_nothing_else(found):
    assert FILE.read_text(encoding="utf-8") == readers_toml(found), "run `make docs`"


def test_every_name_in_the_list_is_a_table_and_a_column_of_the_contract(found):
    assert set(found) <= set(contract.tables())
    assert [(t, c) for t, columns in found.items() for c in columns if c not in contract.table(t).column_names] == []


def test_every_reader_is_a_fact_a_rule_the_linkage_the_completeness_a_text_the_scale_the_hidden_the_brief_or_the_key(
    found,
):
    kinds = {name.split(" ")[0] for columns in found.values() for names in columns.values() for name in names}
    assert kinds <= {
        "fact",
        "check",
        "linkage",
        "completeness",
        "scan",
        "reading",
        "scale",
        "brief",
        "narratives",
        "hidden",
        "key",
    }


def test_whatever_a_form_needs_is_asked():
    """A need names a table, an event kind or a column; "a|b" is met by either."""
    needs = {name for form in forms() for need in form.needs for name in need.split("|")}
    columns = {need for need in needs if "." in need and not need.startswith("events.")}
    assert columns
    assert [need for need in columns if not readers_of(need)] == []
    assert [need for need in needs if not contract.table(need.partition(".")[0]).requested_columns] == []


def test_a_fact_that_only_carries_a_column_along_reads_it_if_a_form_asks_for_the_fact(monkeypatch):
    """`known_as` is the column itself; `named` is worked out from it, and reads it whoever asks."""
    assert "suspect.known_as" in {fact for form in forms() for fact in facts_of_form(form)}
    assert {"fact suspect.known_as", "fact suspect.named"} <= readers_of("involvements.suspect_known_as")
    monkeypatch.setattr("assay.workflows.request.fact_columns.forms", lambda: ())
    unasked = fact_readers()["involvements", "suspect_known_as"]
    assert "fact suspect.known_as" not in unasked
    assert "fact suspect.named" in unasked


def test_the_day_of_birth_is_read_by_linkage_and_by_the_age():
    assert {"linkage", "fact person.age_at_offence"} <= readers_of("involvements.date_of_birth")


def test_a_table_that_is_nothing_but_its_key_names_who_ties_by_it():
    assert readers_of("report_crimes.crime_ref") > {"key"}
    assert readers_of("crimes.crime_ref") == {"key"}


def test_the_text_of_a_summary_is_scanned_and_read_that_of_a_note_is_read_and_nobody_is_asked_for_others():
    assert readers_of("summaries.text") == readers_of("summaries.recorded_at") == {"scan", "reading"}
    assert readers_of("notes.text") == readers_of("notes.author_key") == {"reading"}
    assert readers_of("assessments.narrative") == {"narratives"}


def test_what_a_force_claims_is_asked_for_the_brief_and_the_brief_reads_no_more_of_it():
    assert {column.name for column in contract.table("claims").columns if "brief" in column.readers} == set(
        claim_comparison.READ
    )
    assert readers_of("claims.document") == set()
    whole = dict.fromkeys(claim_comparison.READ)
    for kind in ("groups", "scale", "recommendation", "indicator"):
        row = whole | {"about_kind": kind}
        assert claim_comparison._compare_claim(row, {}, {}, None).comparison
        assert claim_comparison._claim_date_text(row) == "It is not said when."


def test_looking_for_names_in_a_text_is_no_reason_to_ask_for_the_text():
    assert "R60" not in {look.rule for look in column_looks()}
    assert all("check R60" not in readers_of(f"{table}.{column}") for table, column in free_text_columns())


def test_the_rules_hear_every_reference_that_must_name_a_row():
    looked_columns = {(look.table, look.column) for look in column_looks() if look.rule == "R27"}
    assert {("involvements", "crime_ref"), ("events", "exhibit_ref"), ("notes", "missing_ref")} <= looked_columns


def test_scope_is_worked_out_from_crimes_persons_flags_and_registers():
    look = next(look for look in column_looks() if look.rule == "R50")
    assert {"crimes", "involvements", "flags", "registers"} <= {table for table, _ in look.columns}


def one_look(rule, table, column, *columns):
    return ColumnLook(rule, table, column, frozenset(tuple(name.split(".")) for name in columns))


def added_readers(monkeypatch, known, *looks):
    monkeypatch.setattr("assay.workflows.request.field_list.column_looks", lambda: looks)
    read = {tuple(name.split(".")): {"fact crime.charged"} for name in known}
    everything = defaultdict(set, read)
    _add_checks(everything)
    return {
        f"{t}.{c}": names - {"fact crime.charged"}
        for (t, c), names in everything.items()
        if names - {"fact crime.charged"}
    }


ORDERS = one_look("R41", "orders", "ended_at", "orders.made_at", "orders.ended_at")


def test_a_check_of_a_column_that_is_read_is_a_reason_for_the_other_column(monkeypatch):
    assert added_readers(monkeypatch, ["orders.ended_at"], ORDERS) == {"orders.made_at": {"check R41"}}


def test_a_check_of_what_nobody_reads_is_a_reason_for_nothing(monkeypatch):
    assert added_readers(monkeypatch, [], ORDERS) == {}


def test_a_check_is_no_reason_for_the_column_that_it_tests(monkeypatch):
    assert "orders.ended_at" not in added_readers(monkeypatch, ["orders.ended_at"], ORDERS)


def test_a_rule_that_is_a_finding_is_a_reason_by_itself(monkeypatch):
    assert rules()["R57"].answers == "Q41, Q42"
    served = one_look("R57", "orders", "served_on", "orders.order_code", "orders.served_on")
    assert set(added_readers(monkeypatch, [], served)) == {"orders.order_code", "orders.served_on"}


def test_one_check_may_give_a_reason_to_another(monkeypatch):
    first = one_look("R43", "orders", "made_at", "crimes.reported_at")
    readers = added_readers(monkeypatch, ["orders.ended_at"], first, ORDERS)
    assert readers == {"orders.made_at": {"check R41"}, "crimes.reported_at": {"check R43"}}
