"""Does the letter tell its sender what came, what to correct first, and nothing of what stands in a cell?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pencil_received import filled, received
from pencil_store import DEFAULT_FIELDS, Row, broken, store_of
from worked_example import write_request, write_worked_example

from assay import contract
from assay.contract.validation_rules import rules
from assay.feedback.force_return_letter import (
    CSV_COLUMNS,
    PARTIAL_COLUMNS,
    Letter,
    completeness_tables,
    previous_error_counts,
    write_letter,
)
from assay.feedback.letter_sentences import with_document
from assay.ingest import cross_field_checks, reference_checks, time_order_checks
from assay.ingest.return_validation import validate_return
from assay.ingest.staging_store import StagingStore
from assay.reference import read_request

MARKER = "QuiteUnmistakable"
IDENTITY_AND_TEXT = [
    (table.name, column.name)
    for table in contract.tables().values()
    for column in table.columns
    if column.kind == "text" or column.identity
]


def checked(store: StagingStore) -> StagingStore:
    reference_checks.check(store)
    time_order_checks.check(store)
    cross_field_checks.check(store)
    cross_field_checks.check_completeness(store)
    return store


def troubled() -> StagingStore:
    """A refused table, a note to no crime, a column for other rows, and a notice without its details."""
    store = store_of(
        complete=("crimes", "notes"),
        crimes=[{"crime_ref": "C1"}, {"crime_ref": "C2", "cancel_ground": "other"}],
        notes=[{"note_ref": f"N{n}", "crime_ref": "C1" if n % 2 else "C9"} for n in range(40)],
        events=[{"event_ref": "E1", "kind": "charge_decision", "crime_ref": "C1"}],
        reports=[{"report_ref": "R1"}],
    )  # fmt: skip
    store.refuse_table("R04", "reports")
    return checked(store)


@pytest.fixture(scope="module")
def full_letter() -> Letter:
    return write_letter(received(troubled()))


@pytest.fixture(scope="module")
def page(full_letter: Letter) -> str:
    return full_letter.html()


def words(html: str) -> str:
    """The text of a page, its style left out."""
    body_text = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body_text).split())


def rows_of(letter_read: Letter) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(letter_read.csv())))


def test_the_first_sentence_says_what_came(page):
    """2 crimes, 40 notes, 1 event and 1 report; 20 notes named no crime, and the reports were refused."""
    summary_text = (
        "4 tables with 44 records came: 23 were accepted, 21 set aside. Refused as a whole: reports (1 record)."
    )
    assert summary_text in words(page)


def test_the_records_of_a_file_that_cannot_be_read_are_not_counted_and_never_none():
    """2 crimes came; the file of reports is damaged, and nobody knows how many records it holds."""
    received_return = received(troubled())
    counted_rows = received_return.tables["counted"].to_pylist()
    for row in counted_rows:
        row["records"] = None if row["table_name"] == "reports" else row["records"]
    received_return.tables["counted"] = pa.Table.from_pylist(counted_rows)
    letter_words = words(write_letter(received_return).html())
    assert "4 tables with 43 records that could be counted came: 23 were accepted, 20 set aside." in letter_words
    assert "Refused as a whole: reports (records not counted)." in letter_words
    assert "could not be counted refused (rule R04)" in letter_words
    assert "0 records" not in letter_words


def test_a_table_without_its_file_did_not_come():
    """The cover says that notes are here; there is no file of them (R06)."""
    store = store_of(crimes=[{"crime_ref": "C1"}], notes=[])
    store.refuse_table("R06", "notes")
    received_return = received(store)
    counted_rows = [
        row | ({"file": "", "records": None} if row["table_name"] == "notes" else {})
        for row in received_return.tables["counted"].to_pylist()
    ]
    received_return.tables["counted"] = pa.Table.from_pylist(counted_rows)
    letter_words = words(write_letter(received_return).html())
    assert "1 table with 1 record came: every record was accepted. Refused as a whole: notes (no file)." in letter_words


def test_what_to_correct_first_is_what_costs_most(page):
    """The refused table before the rows that were set aside, and these before the value."""
    first = words(page).split("Correct these three first")[1].split("What we received")[0]
    assert [first.index(name) for name in ("reports", "notes", "crimes")] == sorted(
        first.index(name) for name in ("reports", "notes", "crimes")
    )
    assert rules()["R27"].correction in first


def test_rows_that_are_lost_come_before_copies_of_a_row_that_was_kept():
    """9 copies, 2 notes to no crime and a column for other rows; the copies cost nothing."""
    notes = [{"note_ref": f"N{n}", "crime_ref": "C9" if n < 2 else "C1"} for n in range(12)]
    store = store_of(crimes=[{"crime_ref": "C1", "cancel_ground": "other"}], notes=notes)
    store.set_rows_aside("R12", "notes", "note_ref", "select line from notes where line > 4")
    first_entries = write_letter(received(checked(store))).page["first"]
    assert [entry.rule.key for entry in first_entries] == ["R27", "R36", "R12"]


def test_a_rule_speaks_only_of_the_table_in_question(page):
    assert re.search(r"Rule R\d\d: A crime_ref of notes names no accepted row\.", words(page))
    assert "profile_ref" not in page
    flags = [{"flag_ref": "F1", "crime_ref": "C1", "person_ref": "N1"}]
    store = checked(store_of(crimes=[{"crime_ref": "C1"}], flags=flags))
    assert re.search(r"Rule R\d\d: Flags: not exactly one of", words(write_letter(received(store)).html()))


def test_a_crime_with_several_victims_is_noticed_and_one_without_is_to_be_corrected():
    """C1 has two victims and C2 has none."""
    victims = [{"involvement_ref": f"V{n}", "crime_ref": "C1", "person_ref": f"N{n}"} for n in (1, 2)]
    letter_made = write_letter(
        received(checked(store_of(crimes=[{"crime_ref": "C1"}, {"crime_ref": "C2"}], involvements=victims)))
    )
    actions = {row["table"]: row["what to do"] for row in rows_of(letter_made) if row["rule"] == "R39"}
    assert actions == {"crimes": rules()["R39"].correction, "involvements": rules()["R39"].noticed["involvements"]}
    assert [item.where for item in letter_made.page["first"]] == ["crimes, crime_ref"]
    html = letter_made.html()
    assert html.count('id="kept-R39"') == html.count('id="kept-R39-noticed"') == 1


def test_several_victims_alone_are_nothing_to_correct():
    victims = [{"involvement_ref": f"V{n}", "crime_ref": "C1", "person_ref": f"N{n}"} for n in (1, 2)]
    html = write_letter(received(checked(store_of(crimes=[{"crime_ref": "C1"}], involvements=victims)))).html()
    assert "Nothing to correct" in html
    assert "the crimes of these victims have several" in html


def test_an_error_shows_its_first_ten_lines_and_how_many_more(page):
    """Notes on lines 2, 4 ... 40 name no crime: 20 lines, of which ten are shown."""
    assert "2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 10 more" in words(page)


def test_the_csv_holds_every_error_with_file_line_column_rule_and_what_to_do(full_letter):
    rows = rows_of(full_letter)
    assert tuple(rows[0]) == CSV_COLUMNS
    notes = [row for row in rows if row["rule"] == "R27"]
    assert [row["line"] for row in notes] == [str(line) for line in range(2, 42, 2)]
    assert notes[0] == {
        "force": "INV01", "table": "notes", "file": "notes.csv", "line": "2", "column": "crime_ref", "rule": "R27",
        "what happened": "row set aside", "what to do": rules()["R27"].correction,
    }  # fmt: skip
    assert {row["rule"]: row["what happened"] for row in rows} | {"R27": "", "R58": "", "R59": ""} == {
        "R04": "table refused", "R27": "", "R36": "value set aside", "R37": "kept and counted", "R58": "", "R59": "",
    }  # fmt: skip


def test_every_error_of_the_store_stands_in_the_csv_once():
    store = troubled()
    letter_rows = rows_of(write_letter(received(store)))
    assert len(letter_rows) == store.query_number(
        "select count(*) from (select distinct table_name, line, column_name, rule from faults)"
    )


def test_a_value_in_a_column_that_must_be_filled_costs_the_row():
    """R16 sets a value aside; where that leaves a required cell empty, the row goes for R16, and the letter says so."""
    store = store_of(reports=[{"report_ref": "R1"}, {"report_ref": "R2", "source": None}])
    store.set_rows_aside("R16", "reports", "received_at", "select 2 as line")
    store.set_values_aside("R16", "reports", "source", "select 3 as line")
    assert [row["what happened"] for row in rows_of(write_letter(received(store)))] == [
        "row set aside",
        "value set aside",
    ]


def test_a_return_without_error_is_thanked_for():
    store = checked(store_of(crimes=[{"crime_ref": "C1"}]))
    letter = write_letter(received(store))
    assert "Nothing to correct" in letter.html()
    assert "1 table with 1 record came: every record was accepted." in letter.html()
    assert letter.csv().strip() == ",".join(f'"{name}"' for name in CSV_COLUMNS)


def test_findings_and_consequences_are_told_and_are_nothing_to_correct():
    """That an order was served on a child is a finding (R57), not an error of the return."""
    store = checked(store_of(orders=[{"order_ref": "O1", "served_on": "child"}]))
    assert broken(store, "R57") != []
    html = write_letter(received(store)).html()
    assert "Nothing to correct" in html
    assert "R57" in html


# what changed


def test_a_letter_says_what_changed_since_the_last_one(tmp_path):
    """Before: 20 notes to no crime and one value in a wrong column. Now: one note, and a date out of order."""
    earlier_path = tmp_path / "letter.csv"
    earlier_path.write_text(write_letter(received(troubled())).csv(), encoding="utf-8")
    store = checked(store_of(
        crimes=[{"crime_ref": "C1", "reported_at": "2026-04-11"}],
        notes=[{"note_ref": "A", "crime_ref": "C9"}, {"note_ref": "B", "crime_ref": "C1"}, {"note_ref": "C", "crime_ref": "C1"}],
        events=[{"event_ref": "E1", "kind": "charge_decision", "crime_ref": "C1"}],
    ))  # fmt: skip
    now = write_letter(received(store), earlier_path)
    assert ("R27", "notes", 20, 1, "fewer") in now.page["changes"].rows
    assert ("R36", "crimes", 1, 0, "corrected") in now.page["changes"].rows
    assert ("R41", "crimes", 0, 1, "new") in now.page["changes"].rows
    assert now.page["changes"].n_unchanged == 1  # the charge decision without its detail
    assert "Since your last letter" in now.html()


def test_an_earlier_letter_and_its_csv_say_the_same(tmp_path):
    earlier_letter = write_letter(received(troubled()))
    (tmp_path / "letter.csv").write_text(earlier_letter.csv(), encoding="utf-8")
    assert (
        previous_error_counts(tmp_path / "letter.csv")
        == previous_error_counts(earlier_letter)
        == earlier_letter.error_counts
    )


def test_a_first_letter_speaks_of_no_other(page):
    assert "Since your last letter" not in page


# how full the columns are


def test_only_columns_with_gaps_are_shown_the_emptiest_first():
    rows = [
        filled("crimes", "cocad_category", "", 10, 4),
        filled("crimes", "crime_ref", "", 10, 10),
        filled("crimes", "outcome_code", "", 10, 1),
    ]
    completeness = completeness_tables(received(store_of(), rows).tables["completeness"], {"crimes": 0})[0]
    assert [(row[0], row[1]) for row in completeness.rows] == [("outcome_code", 10), ("cocad_category", 40)]
    assert completeness.full == ["crime_ref"]


@pytest.mark.parametrize(("rows", "full", "expected"), [(1000, 999, 99), (1000, 1, 1), (1000, 0, 0), (3, 2, 67)])
def test_only_a_column_without_a_gap_reads_100_and_only_an_empty_one_reads_0(rows, full, expected):
    completeness = completeness_tables(
        received(store_of(), [filled("crimes", "outcome_at", "", rows, full)]).tables["completeness"], {}
    )
    assert completeness[0].rows[0][1] == expected


def test_months_stand_in_columns_and_a_month_without_a_record_says_so():
    rows = [filled("crimes", "outcome_at", month, n, 1) for month, n in (("2026-04", 4), ("2026-06", 2))]
    rows += [filled("crimes", "closed_at", "2026-04", 2, 1)]
    completeness_table = completeness_tables(received(store_of(), rows).tables["completeness"], {})[0]
    assert completeness_table.months == ["2026-04", "2026-06"]
    assert {row[0]: row[3] for row in completeness_table.rows} == {"closed_at": [50, None], "outcome_at": [25, 50]}


def test_rows_without_a_date_are_a_column_of_their_own_and_count_in_all():
    """9 of 10 in April and 0 of 10 without a date: 9 of 20 in all."""
    rows = [filled("crimes", "outcome_code", "2026-04", 10, 9), filled("crimes", "outcome_code", "", 10, 0)]
    completeness_table = completeness_tables(received(store_of(), rows).tables["completeness"], {})[0]
    assert completeness_table.months == ["2026-04", "no date"]
    assert completeness_table.rows[0][:4] == ("outcome_code", 45, 0, [90, 0])


def test_an_empty_cell_that_says_something_of_its_own_is_no_gap():
    """Nobody in the file has died; nine in ten have no birth date, and that is the lowest column."""
    rows = [filled("involvements", "died_on", "", 10, 0), filled("involvements", "suspect_known_as", "", 10, 2)]
    rows += [filled("involvements", "date_of_birth", "", 10, 1)]
    received_return = received(store_of(involvements=[{"involvement_ref": "V1"}]), rows)
    completeness_table = completeness_tables(received_return.tables["completeness"], {})[0]
    assert completeness_table.lowest == ("date_of_birth", 10)
    assert [(row[0], row[4]) for row in completeness_table.rows] == [
        ("date_of_birth", ""), ("died_on", "empty: not known to have died"), ("suspect_known_as", "for some rows only"),
    ]  # fmt: skip
    assert '<tr class="grey"><th scope="row">died_on' in write_letter(received_return).html()


def test_only_a_column_of_the_return_is_called_one_for_some_rows():
    for table, column in PARTIAL_COLUMNS:
        assert contract.table(table).column(column).name == column


# nothing of a cell


BORN = "1971-03-07"


def injected() -> StagingStore:
    """Every text and identity column of every table holds the marker, and most rows break a rule."""
    tables: dict[str, list[Row]] = {}
    for name, table in contract.tables().items():
        row: Row = dict(DEFAULT_FIELDS.get(name, {}))
        for column in table.columns:
            if column.identity:
                row[column.name] = BORN if column.kind == "date" else f"{MARKER}{column.name}"
            elif column.kind == "text":
                row[column.name] = f"{MARKER} {MARKER}forenames"
            elif column.kind == "ref":
                row[column.name] = f"{MARKER}{column.name}"
        tables[name] = [row, row]
    return checked(store_of(complete=tuple(tables), kinds={"victim_contacted": True}, **tables))


def test_nothing_that_stands_in_a_cell_stands_in_a_letter(tmp_path):
    store = injected()
    assert store.query_number("select count(*) from faults") > 20
    assert broken(store, "R60") != []
    letter = write_letter(received(store), write_letter(received(store)))
    for text in (
        letter.html(),
        letter.csv(),
        str(store.query("select * from faults").to_pylist()),
        " ".join(store.statements),
    ):
        assert MARKER.casefold() not in text.casefold()
        assert BORN not in text


def test_the_marker_was_injected_in_every_text_and_every_identity():
    store = injected()
    for table, column in IDENTITY_AND_TEXT:
        column_values = str(store.query(f"select {column} from raw_{table}").to_pylist())
        assert MARKER in column_values or BORN in column_values, (table, column)


def test_nothing_that_is_written_for_the_sender_holds_a_cell_of_a_real_file(tmp_path: Path):
    """The same through every room: files, cells, rules, letter; only what was set aside keeps its text, in the folder."""
    folder = write_worked_example(tmp_path / "INV01")
    for table in ("crimes", "involvements", "events"):
        path = folder / f"{table}.csv"
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        spoilt = [",".join(MARKER if n else cell for n, cell in enumerate(line.split(","))) for line in lines]
        path.write_text("\n".join([header, *lines, *spoilt, ""]), encoding="utf-8")
    validated = validate_return(folder, read_request(write_request(tmp_path / "request.toml")))
    received_file = write_letter(validated)
    assert received_file.lines.num_rows > 3
    for text in (
        received_file.html(),
        received_file.csv(),
        str(validated.tables["faults"].to_pylist()),
        " ".join([*validated.remarks, *validated.statements]),
    ):
        assert MARKER.casefold() not in text.casefold()
    assert MARKER in str(validated.tables["aside"]["record"].to_pylist())
    validated.close()


def test_what_is_wrong_with_the_whole_table_names_its_columns_once(tmp_path: Path):
    folder = write_worked_example(tmp_path / "INV01", every_column=False)
    received_return = validate_return(folder, read_request(write_request(tmp_path / "request.toml")))
    html = words(write_letter(received_return).html())
    crime_lines = (folder / "crimes.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    unsent = [
        column
        for column in contract.table("crimes").requested_columns
        if column.required == "if known" and column.name not in crime_lines
    ]
    assert f"crimes, {len(unsent)} columns: kept and counted" in html
    received_return.close()


# how it reads


def test_one_of_a_thing_is_never_told_as_many(tmp_path: Path):
    folder = write_worked_example(tmp_path / "INV01")
    (folder / "stray.txt").write_text("", encoding="utf-8")
    received_return = validate_return(folder, read_request(write_request(tmp_path / "request.toml")))
    pages = [write_letter(received_return).html(), write_letter(received(troubled())).html()]
    received_return.close()
    assert "1 other file was not opened: stray.txt." in pages[0]
    for html in pages:
        pieces = re.split(r"<[^>]+>", re.sub(r"<style>.*?</style>", "", html, flags=re.S))
        assert [piece for piece in pieces if re.search(r"\b1 (?!was\b|has\b|is\b)\w+s\b", piece)] == []


def test_the_period_is_told_by_its_first_and_last_day(page):
    assert "1 April 2026 to 30 June 2026" in page


def test_a_name_in_the_cover_is_text_and_never_markup():
    store = store_of(crimes=[{"crime_ref": "C1"}])
    html = write_letter(received(store), name="<b>Force & Co</b>").html()
    assert "&lt;b&gt;Force &amp; Co&lt;/b&gt;" in html
    assert "<b>Force" not in html


def test_the_page_takes_nothing_from_elsewhere(page):
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_the_letter_can_be_read_by_everyone(
    tmp_path: Path, width: int, scheme: str, look: Callable[..., tuple[list[str], bool]]
):
    path = tmp_path / "letter.html"
    rows = [filled("crimes", name, f"2026-{m:02}", 10, m) for name in ("outcome_at", "closed_at") for m in range(1, 13)]
    store = troubled()
    path.write_text(write_letter(received(store, rows), write_letter(received(injected()))).html(), encoding="utf-8")
    violations, too_wide = look(path, width, scheme)
    assert violations == []
    assert not too_wide


@pytest.fixture
def look() -> Callable[..., tuple[list[str], bool]]:
    """What axe finds on a page, and whether it must be scrolled sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    sync = pytest.importorskip("playwright.sync_api")

    def looked(path: Path, width: int, scheme: str) -> tuple[list[str], bool]:
        with sync.sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto(path.as_uri())
            rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
            found = axe.Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            browser.close()
        return [violation["id"] for violation in found.response["violations"]], bool(wide)

    return looked


def test_the_letter_says_which_document_a_section_is_of_and_what_each_rule_asks():
    assert with_document("Fill the reference (section 8).") == (
        "Fill the reference (section 8 of the data return specification)."
    )
    page = words(write_letter(received(troubled())).html())
    first = page.partition("What we received")[0]
    assert not re.search(r"\bR\d\d\b", first)
    assert re.search(r"Rule R04: .{20,}", page)
