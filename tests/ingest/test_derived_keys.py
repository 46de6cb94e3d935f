"""Does a row without a reference of its own get one, and the same one in the next edition?"""

import random

import pytest
from small_return import SmallReturn, count, errors, quoted, rows_set_aside

from assay import contract

PEOPLE = [
    {"crime_ref": "C1", "person_ref": "N1", "role": "victim", "sex": "F"},
    {"crime_ref": "C1", "person_ref": "N2", "role": "suspect", "sex": "M"},
    {"crime_ref": "C1", "role": "suspect", "suspect_known_as": "described", "sex": "M"},
    {"crime_ref": "C1", "role": "suspect", "suspect_known_as": "described", "sex": "F"},
    {"crime_ref": "C2", "person_ref": "N1", "role": "victim", "sex": "F"},
]
ROWS = {
    "flags": [{"crime_ref": "C1", "flag": flag, "added_at": day} for flag in ("cse", "csa") for day in
              ("2026-02-03", "2026-03-04")],
    "events": [{"crime_ref": "C1", "kind": kind, "happened_at": time} for kind in ("victim_contacted", "suspect_arrested")
               for time in ("2026-02-03T10:00", "2026-02-03T11:00")],
    "missing": [{"person_ref": "N1", "started_at": f"2026-02-0{day}T22:00"} for day in (1, 5)],
    "assessments": [{"person_ref": person, "assessed_at": "2026-02-03"} for person in ("N1", "N2")],
    "orders": [{"person_ref": "N2", "order_code": "CAWN", "served_on": "suspect", "made_at": f"2026-02-0{day}"}
               for day in (3, 4)],
    "referrals": [{"person_ref": "N1", "direction": way, "agency_kind": "education", "made_at": "2026-02-03"}
                  for way in ("in", "out")],
    "notes": [{"crime_ref": "C1", "entry_at": "2026-02-03T10:00", "form": "text", "text": text} for text in
              ("First entry.", "Second entry.")],
    "registers": [{"register_kind": "police", "person_ref": person, "started_on": "2026-02-03"} for person in
                  ("N1", "N2")],
    "links": [{"crime_ref": "C1", "link_kind": "phone", "link_value": f"0770090012{n}"} for n in (1, 2)],
    "profiles": [{"published_on": f"2026-02-0{day}"} for day in (3, 4)],
    "claims": [{"about_kind": kind, "said_on": "2026-02-03"} for kind in ("scale", "groups")],
    "agencies": [{"list_kind": "health", "started_on": "2026-02-03", "surname": name} for name in ("Ash", "Birch")],
    "approaches": [{"approach_kind": kind, "covers": "whole_force", "began_on": "2025-02-03"} for kind in
                   contract.list_values("approach_kind")[:2]],
    "court": [{"crime_ref": "C1", "person_ref": "N2", "stage": stage, "happened_at": "2026-02-03"} for stage in
              contract.list_values("court_stage")[:2]],
}  # fmt: skip


def without_references(return_folder: SmallReturn, table: str, rows: list[dict[str, str]]) -> SmallReturn:
    """Lay a file that has no column for the reference of its rows."""
    names = [name for name in contract.table(table).column_names if name != contract.table(table).key[0]]
    lines = [",".join(("force_code", *names))]
    lines += [",".join(("INV01", *(quoted(row.get(name, "")) for name in names))) for row in rows]
    return return_folder.text(table, "\n".join(lines) + "\n", len(rows))


def references(folder, rows_by_table):
    """Table -> content of each accepted row -> its reference."""
    return_folder = SmallReturn(folder)
    return_folder.rows("crimes", {"crime_ref": "C1"}, {"crime_ref": "C2"})
    for table, rows in rows_by_table.items():
        without_references(return_folder, table, rows)
    received = return_folder.received()
    for table, rows in rows_by_table.items():
        assert count(received, table)["accepted"] == len(rows), errors(received, table)
    return {table: references_of_table(received, table) for table in rows_by_table}


def references_of_table(received, table):
    key = contract.table(table).key[0]
    accepted = received.tables[table].drop_columns(["line"]).to_pylist()
    return {str({name: value for name, value in row.items() if name != key}): row[key] for row in accepted}


@pytest.fixture(scope="module")
def references_in_three_orders(tmp_path_factory):
    """References in a return of all tables, the same with the rows of each table in reverse, and with them shuffled."""
    tables = {"involvements": PEOPLE} | ROWS
    reverse = {table: rows[::-1] for table, rows in tables.items()}
    shuffled = {table: random.Random(3).sample(rows, len(rows)) for table, rows in tables.items()}
    return [references(tmp_path_factory.mktemp("order") / "return", order) for order in (tables, reverse, shuffled)]


@pytest.mark.parametrize("table", ["involvements", *ROWS])
def test_rows_without_a_reference_get_the_same_one_whatever_their_order(references_in_three_orders, table):
    first, second, third = (references[table] for references in references_in_three_orders)
    assert first == second == third
    assert None not in first.values()
    assert len(set(first.values())) == len(PEOPLE if table == "involvements" else ROWS[table])


def test_every_table_whose_reference_a_police_system_lacks_has_a_natural_key():
    derivable = {name for name, table in contract.tables().items() if table.natural_key}
    assert derivable == {"involvements", "aliases", "overlap_counts", *ROWS}
    for name in derivable:
        assert contract.table(name).column(contract.table(name).key[0]).required == "no"


def test_no_reference_is_made_from_what_tells_who_a_person_is():
    columns = [table.column(name) for table in contract.tables().values() for name in table.natural_key]
    assert [column.name for column in columns if column.identity] == []


def test_a_reference_that_is_sent_stays_and_only_the_empty_ones_are_derived(tmp_path):
    return_folder = SmallReturn(tmp_path / "return")
    return_folder.rows("flags", {"flag_ref": "F1", "crime_ref": "C1", "flag": "cse"}, {"flag_ref": "", "crime_ref": "C1",
                        "flag": "csa"})  # fmt: skip
    own_ref, derived = return_folder.received().tables["flags"]["flag_ref"].to_pylist()
    assert own_ref == "F1"
    assert derived.startswith("d")


def test_a_row_added_in_the_next_edition_leaves_the_references_of_the_others(tmp_path):
    first = references(tmp_path / "first", {"involvements": PEOPLE[:2]})["involvements"]
    second = references(tmp_path / "second", {"involvements": PEOPLE})["involvements"]
    assert first.items() <= second.items()


def test_equal_rows_without_a_reference_are_one_row_and_the_copy_is_counted(tmp_path):
    """A join doubles a row; nothing in it shows that there are two."""
    return_folder = SmallReturn(tmp_path / "return").rows("crimes", {"crime_ref": "C1"})
    received = without_references(return_folder, "involvements", [PEOPLE[1], PEOPLE[0], PEOPLE[1]]).received()
    assert rows_set_aside(received, "involvements") == {4: "R12"}


def test_two_unnamed_suspects_who_differ_in_anything_are_two(tmp_path):
    received = without_references(SmallReturn(tmp_path / "return").rows("crimes", {"crime_ref": "C1"}), "involvements",
                                  PEOPLE[2:4]).received()  # fmt: skip
    assert rows_set_aside(received, "involvements") == {}
    assert len(set(received.tables["involvements"]["involvement_ref"].to_pylist())) == 2


def test_a_reference_that_an_export_wrote_as_null_is_derived_and_its_row_stays(tmp_path):
    return_folder = SmallReturn(tmp_path / "return").rows("crimes", {"crime_ref": "C1"})
    received = return_folder.rows("involvements", {"involvement_ref": "NULL", "person_ref": "N1"}).received()
    assert rows_set_aside(received, "involvements") == {}
    assert received.tables["involvements"]["involvement_ref"].to_pylist()[0].startswith("d")


def test_a_row_whose_own_reference_cannot_be_read_gets_no_other_in_its_place(tmp_path):
    return_folder = SmallReturn(tmp_path / "return").rows(
        "flags", {"flag_ref": "F" * 65, "crime_ref": "C1", "flag": "cse"}
    )
    assert rows_set_aside(return_folder.received(), "flags") == {2: "R11"}


def test_a_log_of_dates_gives_the_same_references_whatever_the_order_of_its_lines(tmp_path):
    lines = ["INV01,C1,2026-02-01T10:00,2026-02-09", "INV01,C2,2026-02-03T10:00,"]
    found = []
    for name, order in (("first", lines), ("second", lines[::-1])):
        return_folder = SmallReturn(tmp_path / name, kinds={"suspect_arrested": '"yes"', "suspect_charged": '"no"'})
        return_folder.text("events", "\n".join(["force_code,crime_ref,Arrested,Charged", *order]) + "\n", 3)
        wide = '[tables.events.wide]\nArrested = "suspect_arrested"\nCharged = "suspect_charged"\n'
        (return_folder.folder / "mapping.toml").write_text(wide, encoding="utf-8")
        events = return_folder.received().tables["events"].select(["crime_ref", "kind", "event_ref"]).to_pylist()
        found.append({(row["crime_ref"], row["kind"]): row["event_ref"] for row in events})
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 3


def test_flags_of_a_file_of_crimes_get_the_same_references_whatever_the_order_of_its_lines(tmp_path):
    lines = ["INV01,C1,CSE; CSA", "INV01,C2,CSE", "INV01,C3,"]
    found = []
    for name, order in (("first", lines), ("second", lines[::-1])):
        return_folder = SmallReturn(tmp_path / name).text(
            "flags", "\n".join(["force_code,crime_ref,Markers", *order]) + "\n", 3
        )
        (return_folder.folder / "mapping.toml").write_text(
            '[tables.flags]\ncolumns.flag = "Markers"\n', encoding="utf-8"
        )
        flags = return_folder.received().tables["flags"].select(["crime_ref", "flag", "flag_ref"]).to_pylist()
        found.append({(row["crime_ref"], row["flag"]): row["flag_ref"] for row in flags})
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 3


def test_a_note_with_a_text_and_no_form_is_a_text(tmp_path):
    return_folder = SmallReturn(tmp_path / "return").rows("notes", {"crime_ref": "C1", "form": "", "text": "Seen at home."},
                                          {"crime_ref": "C1", "form": ""})  # fmt: skip
    assert return_folder.received().tables["notes"]["form"].to_pylist() == ["text", None]
