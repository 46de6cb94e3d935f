"""Is every synthetic return what the contract asks for, but for the errors that were injected?"""

import collections
import datetime as dt

import pytest
from plain_return import breaches

from assay import contract
from assay.reference import child_offences

# What this plain check finds for an injected error of a rule; the other rules leave no trace that it looks for.
SEEN_AS = {
    "R07": "cells", "R10": "other body", "R11": "value or form", "R15": "empty", "R16": "value or form", "R18": "form",
    "R27": "dangling", "R28": "dangling", "R32": "names nothing", "R33": "kind not supplied",
    "R12": "key twice", "R13": "key twice",
}  # fmt: skip


def test_what_breaks_the_contract_is_what_was_injected_and_nothing_else(country):
    for code in country.generated.returns:
        found = collections.Counter(
            (
                table,
                "value or form" if rule in ("value", "form") and (table, column) != ("events", "entered_at") else rule,
            )
            for table, column, rule in breaches(country.tables(code), country.manifest(code))
        )
        injected = collections.Counter(
            (row["table"], SEEN_AS[row["rule"]]) for row in country.errors(code) if row["rule"] in SEEN_AS
        )
        assert found == injected, code


def test_about_half_of_the_returns_have_injected_errors_and_none_of_the_others_any(country):
    dirty = {row["force_code"] for row in country.known("errors")}
    assert 12 <= len(dirty) <= 28
    assert {country.truth["forces"][code]["sent_as"] for code in dirty} == {"csv"}
    rules = {row["rule"] for row in country.known("errors")}
    assert len(rules) >= 15


def test_every_table_stands_in_every_cover_with_its_number_of_rows(country):
    for code in country.generated.returns:
        manifest, tables = country.manifest(code), country.tables(code)
        off = {row["table"] for row in country.errors(code) if row["rule"] == "R05"}
        assert list(manifest["tables"]) == list(contract.tables())
        for name, table in manifest["tables"].items():
            if table["supplied"] == "none":
                assert (name in tables, table["reason"] != "") == (False, True)
            elif name in tables:
                assert table["rows"] == len(tables[name]) + (name in off), (code, name)


def test_a_column_that_is_not_sent_has_its_reason_in_the_cover(country):
    lacking = 0
    for code in country.generated.returns:
        manifest = country.manifest(code)
        for name, rows in country.tables(code).items():
            if not rows:
                continue
            absent = set(contract.table(name).column_names) - set(rows[0])
            assert absent == set(manifest["tables"][name].get("columns_not_sent", {})), (code, name)
            assert (manifest["tables"][name]["supplied"] == "part") == bool(absent)
            lacking += len(absent)
    assert lacking > 0


def test_one_body_sends_a_damaged_file_and_nothing_is_injected_in_it(country):
    damaged = [force for force in country.truth["forces"].values() if force["damaged"]]
    assert [force["damaged"] for force in damaged] == ["missing"]
    assert damaged[0]["failings"] == []


def test_returns_come_as_csv_parquet_spreadsheet_and_with_a_mapping(country):
    files_by_kind = collections.Counter(force["sent_as"] for force in country.truth["forces"].values())
    assert files_by_kind == {"csv": 32, "parquet": 5, "mapped": 4, "xlsx": 3}


def age_on(born: str, day: str) -> int:
    a, b = dt.date.fromisoformat(born), dt.date.fromisoformat(day[:10])
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


def scope_by_hand(crime, victims, flagged, codes):
    """Section 4.1, read once more for this test."""
    kind = codes.get(crime["offence_code"])
    if kind and kind.child_by_definition == "Y" and kind.analysis_family != "context":
        return "core_offence"
    unknown = not crime["occurred_from"] or any(not row["date_of_birth"] for row in victims)
    if (
        kind
        and kind.child_by_definition == "needs_age"
        and kind.analysis_family != "context"
        and (unknown or any(age_on(row["date_of_birth"], crime["occurred_from"]) < 18 for row in victims))
    ):
        return "needs_age_offence"
    young = any(row["date_of_birth"] and age_on(row["date_of_birth"], crime["recorded_at"]) < 18 for row in victims)
    if crime["offence_code"] == "86" and (young or flagged):
        return "image_offence"
    return "flagged" if flagged else "child_as_suspect"


def test_every_crime_bears_the_reason_of_section_4_1(country):
    codes = {child_offence.code: child_offence for child_offence in child_offences()}
    reasons = collections.Counter()
    for code in country.generated.returns:
        tables = country.tables(code)
        flagged = {row["crime_ref"] for row in tables["flags"] if row["flag"] in ("cse", "csa", "group_cse")}
        victims = collections.defaultdict(list)
        for row in tables["involvements"]:
            if row["role"] == "victim":
                victims[row["crime_ref"]].append(row)
        for crime in tables["crimes"]:
            computed_scope = scope_by_hand(crime, victims[crime["crime_ref"]], crime["crime_ref"] in flagged, codes)
            assert crime["scope_reason"] == computed_scope, (code, crime["crime_ref"])
            reasons[computed_scope] += 1
    assert set(reasons) == {"core_offence", "needs_age_offence", "image_offence", "flagged", "child_as_suspect"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("suspect_arrested", "detention_clock_start"),
        ("file_submitted", "suspect_charged"),
        ("device_seized", "device_submitted"),
        ("device_submitted", "device_examined"),
        ("child_account_indicated", "abe_interview_done"),
        ("line_of_enquiry_raised", "line_of_enquiry_closed"),
    ],
)
def test_steps_of_one_case_come_in_the_order_of_life(country, first, then):
    pairs = 0
    for code in country.generated.returns:
        sent_files = collections.defaultdict(list)
        for row in country.tables(code)["events"]:
            if len(row["happened_at"]) == 16:
                names = (row["crime_ref"], row["exhibit_ref"] if "device" in first else "")
                sent_files[row["kind"], names].append(row["happened_at"])
        for (kind, names), times in sent_files.items():
            if kind == then and (first, names) in sent_files:
                assert min(sent_files[first, names]) <= min(times), (code, names)
                pairs += 1
    assert pairs > 50


def test_nothing_but_injected_errors_happened_after_extraction(country):
    for code in country.generated.returns:
        last = country.manifest(code)["return"]["extracted_at"]
        injected = sum(row["rule"] == "R25" for row in country.errors(code))
        late = [
            (name, column.name)
            for name, rows in country.tables(code).items()
            for column in contract.table(name).columns
            if column.kind in ("date", "when", "time")
            and column.name != "due_on"
            and (name, column.name) != ("flags", "removed_at")
            for row in rows
            if (row.get(column.name) or "") > last
        ]
        assert len(late) == injected, (code, late)
