"""Does a form that one person fills in become rows that the program reads, and is a wrong answer refused?"""

import csv
from datetime import date

import pytest
from typer.testing import CliRunner

from assay import reference
from assay.cli import app
from assay.errors import SourceError, UsageError
from assay.reference.reference_data import register_text, replaced_registers
from assay.workflows.registers import apply_form, register_status, write_form
from assay.workflows.registers.register_form import COLUMNS

pytestmark = pytest.mark.quick

TODAY = date(2027, 7, 1)
SEEN = {"source": "https://example.org/page, opened for a test", "evidence": "seen", "checked_on": "2027-06-30"}


@pytest.fixture
def form(tmp_path):
    """The path of a form as it is written on a day on which seven registers are due."""
    write_form(tmp_path / "form.csv", TODAY)
    return tmp_path / "form.csv"


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def fill(path, *answers):
    """Write the answers over the lines of register, row and column that they name, or below all lines."""
    lines = read(path)
    for answer in answers:
        place = {name: answer.get(name, "") for name in ("register", "row", "column")}
        found = next((line for line in lines if place.items() <= line.items()), None)
        if found is None:
            lines.append(dict.fromkeys(COLUMNS, "") | answer)
        else:
            found.update(answer)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)


def rows(path, key="key"):
    return {row[key]: row for row in csv.DictReader(path.read_text().splitlines())}


def test_the_form_has_a_line_for_each_register_that_is_due_and_each_row_that_nobody_has_read(form):
    lines = read(form)
    whole = [line["register"] for line in lines if not line["row"]]
    assert whole == [
        "breaks", "laws", "published_tables", "recommendation_events", "recommendations", "registers", "standards",
    ]  # fmt: skip
    recalled = [row["key"] for row in reference.code_lists()["standards"] if row["evidence"] == "recalled"]
    assert [line["row"] for line in lines if line["register"] == "standards" and line["row"]] == recalled
    assert not [line for line in lines if line["answer"]]


def test_a_form_that_is_there_is_not_overwritten(form):
    with pytest.raises(UsageError, match="no answers are lost"):
        write_form(form, TODAY)


def test_a_form_without_answers_changes_nothing(form, tmp_path):
    done = apply_form(form, tmp_path / "new", TODAY)
    assert (done.files, done.changes) == ((), 0)
    assert not (tmp_path / "new" / "registers.csv").exists()


def test_a_register_that_was_compared_has_a_new_day_and_is_no_longer_due(form, tmp_path):
    fill(form, {"register": "breaks", "answer": "same", "checked_on": "2027-06-30"})
    done = apply_form(form, tmp_path / "new", TODAY)
    assert done.files == ("registers.csv",)
    assert rows(tmp_path / "new" / "registers.csv", "file")["breaks"]["checked_on"] == "2027-06-30"
    text = (tmp_path / "new" / "registers.csv").read_text()
    changed = [pair for pair in zip(text.splitlines(), register_text("registers").splitlines(), strict=True)
               if pair[0] != pair[1]]  # fmt: skip
    assert len(changed) == 1


def test_a_newer_edition_changes_its_row_and_nothing_else(form, tmp_path):
    place = {"register": "published_tables", "row": "taxi-licensing"}
    fill(form, {**place, "column": "newest_to", "answer": "changed", "new_value": "2027-03-31", **SEEN})
    done = apply_form(form, tmp_path / "new", TODAY)
    row = rows(tmp_path / "new" / "published_tables.csv")["taxi-licensing"]
    assert (row["newest_to"], row["checked_on"], row["evidence"]) == ("2027-03-31", "2027-06-30", "seen")
    changes = list(csv.DictReader((tmp_path / "new" / "changes.csv").read_text().splitlines()))
    assert {change["column"] for change in changes} == {"newest_to", "checked_on", "source"}
    assert (done.changes, done.not_seen) == (3, 0)


def test_a_row_that_is_still_only_recalled_never_grades_and_one_that_was_seen_may(form, tmp_path):
    recalled = next(s.key for s in reference.standards() if s.evidence == "recalled" and s.holder == "police")
    place = {"register": "standards", "row": recalled}
    fill(form, {**place, "column": "note", "answer": "changed", "new_value": "Noted", **SEEN, "evidence": "recalled"})
    done = apply_form(form, tmp_path / "new", TODAY)
    assert done.not_seen == 1
    with replaced_registers({"standards": (tmp_path / "new" / "standards.csv").read_text()}):
        found = reference.standards.__wrapped__().get(recalled)
    assert (found.note, found.grades) == ("Noted", False)


def test_a_new_row_is_made_of_one_line_a_column(form, tmp_path):
    place = {"register": "statistical_areas", "row": "S92000003", "answer": "new row", **SEEN}
    cells = {"name": "Scotland", "level": "country"}
    fill(form, *({**place, "column": column, "new_value": value} for column, value in cells.items()))
    apply_form(form, tmp_path / "new", TODAY)
    row = rows(tmp_path / "new" / "statistical_areas.csv", "code")["S92000003"]
    assert (row["name"], row["level"], row["evidence"]) == ("Scotland", "country", "seen")


def test_what_was_looked_for_and_not_found_is_marked_so(form, tmp_path):
    recalled = next(row for row in read(form) if row["register"] == "orders" and row["row"])["row"]
    fill(form, {"register": "orders", "row": recalled, "answer": "not found", "source": "legislation.gov.uk",
                "checked_on": "2027-06-30"})  # fmt: skip
    apply_form(form, tmp_path / "new", TODAY)
    assert rows(tmp_path / "new" / "orders.csv", "code")[recalled]["evidence"] == "not-found"


def test_one_cell_that_was_seen_does_not_make_a_recalled_row_seen(form, tmp_path):
    """The other cells of the row are still from memory; a line for the whole row says that all of it was read."""
    recalled = next(row for row in reference.code_lists()["standards"] if row["evidence"] == "recalled")
    place = {"register": "standards", "row": recalled["key"]}
    fill(form, {**place, "column": "note", "answer": "changed", "new_value": "Noted", **SEEN})
    assert apply_form(form, tmp_path / "cell", TODAY).not_seen == 1
    row = rows(tmp_path / "cell" / "standards.csv")[recalled["key"]]
    assert (row["note"], row["evidence"]) == ("Noted", "recalled")
    assert row["source"] == f"{recalled['source']}; note: {SEEN['source']}"
    fill(form, {**place, "answer": "same", **SEEN})
    apply_form(form, tmp_path / "row", TODAY)
    assert rows(tmp_path / "row" / "standards.csv")[recalled["key"]]["evidence"] == "seen"


def test_two_lines_that_say_different_things_of_one_cell_are_refused(form, tmp_path):
    with form.open("a", newline="", encoding="utf-8") as file:
        for value in ("2027-03-31", "2027-04-30"):
            line = dict.fromkeys(COLUMNS, "") | BREAK | SEEN | {"answer": "changed", "new_value": value}
            csv.DictWriter(file, COLUMNS).writerow(line)
    with pytest.raises(SourceError, match="the value of newest_to contradicts line"):
        apply_form(form, tmp_path / "new", TODAY)


BREAK = {"register": "published_tables", "row": "taxi-licensing", "column": "newest_to"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({**BREAK, "answer": "yes"}, "the answer must be one of same, changed"),
        ({**BREAK, "new_value": "2027-03-31"}, "filled in but has no answer"),
        ({**BREAK, "answer": "changed", "new_value": "2027-03-31", "checked_on": "2027-06-30"}, "say in source"),
        ({**BREAK, "answer": "changed", "new_value": "x", **SEEN, "source": "a page"}, "from https:// on"),
        ({**BREAK, "answer": "changed", "new_value": "x", **SEEN, "evidence": "sure"}, "evidence must be one of"),
        ({**BREAK, "answer": "changed", "new_value": "x", **SEEN, "checked_on": "2027-07-02"}, "not in the future"),
        ({**BREAK, "answer": "changed", "new_value": "spring", **SEEN}, "YYYY-MM-DD"),
        ({**BREAK, "row": "taxis", "answer": "changed", "new_value": "x", **SEEN}, "no such row; answer new row"),
        ({**BREAK, "answer": "new row", "new_value": "x", **SEEN}, "in the register already"),
        ({**BREAK, "column": "colour", "answer": "changed", "new_value": "x", **SEEN}, "has no column 'colour'"),
        ({**BREAK, "answer": "changed", "new_value": "2027-03-31", **SEEN, "checked_on": "2020-01-01"},
         "later than checked_on"),
        ({"register": "breaks", "answer": "same", "checked_on": "2020-01-01"}, "later than checked_on"),
        ({"register": "breaks", "answer": "not found", "source": "a page", "checked_on": "2027-06-30"},
         "takes the answer same alone"),
        ({**BREAK, "register": "taxis", "answer": "changed", "new_value": "x", **SEEN}, "no register has this name"),
        ({"register": "recommendations", "row": "hmicfrs-2023-1", "column": "status", "answer": "changed",
          "new_value": "finished", **SEEN}, "unknown status 'finished'"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_is_refused_with_its_line_and_nothing_is_written(form, tmp_path, answer, words):
    fill(form, answer)
    with pytest.raises(SourceError) as caught:
        apply_form(form, tmp_path / "new", TODAY)
    assert words in str(caught.value)
    assert "nothing was written" in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_another_table_is_no_form(tmp_path):
    (tmp_path / "form.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="not the columns of a form"):
        apply_form(tmp_path / "form.csv", tmp_path / "new", TODAY)


def test_the_status_says_what_is_due_and_the_next_step():
    lines = register_status(date(2026, 12, 1)).summary_lines()
    assert lines[0].startswith("Data files of the program: none of 39 is due for a check on 2026-12-01.")
    assert lines[0].endswith("Nothing to do.")
    assert lines[2].startswith("Tables that others publish: for 22 of 40")
    assert lines[2].endswith("assay look FILE --out DIR")
    assert lines[-1] == "For a form to fill in with a browser: assay look status --form FILE.csv"
    later = register_status(TODAY).summary_lines()
    assert later[0] == "Data files of the program: 7 of 39 are due for a check. Compare each with its source:"
    assert register_status(TODAY).as_dict()["registers"][1]["is_due"] is True


def test_the_status_lists_what_was_read_only_in_a_copy_with_its_publisher_and_its_original():
    status = register_status(date(2026, 12, 2))
    copies = {(row.register, row.key): row for row in status.read_in_copy}
    crime = copies["published_tables", "recorded-crime"]
    assert crime.publisher == "Home Office"
    assert crime.original.startswith("https://www.gov.uk/government/statistical-data-sets/")
    count = copies["published_counts", "language-2023"]
    assert count.publisher == "HM Inspectorate of Constabulary and Fire & Rescue Services"
    assert count.original == "the site of the publisher that each row names"
    assert {row.publisher for row in status.not_read if row.register == "outcomes"} == {"Home Office"}
    seen = {row["key"] for row in reference.code_lists()["published_tables"] if row["evidence"] == "seen"}
    assert not seen & {key for register, key in copies if register == "published_tables"}
    assert f"Rows read only in a copy: {len(status.read_in_copy)}." in " ".join(status.summary_lines())


def test_the_option_status_says_what_the_command_says_and_makes_no_report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    by_option, by_command = (CliRunner().invoke(app, words) for words in (["look", "--status"], ["look", "status"]))
    assert by_option.exit_code == by_command.exit_code == 0
    assert by_option.output == by_command.output
    assert list(tmp_path.iterdir()) == []


def test_a_day_that_is_no_day_is_refused_with_its_form():
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        CliRunner().invoke(app, ["look", "status", "--on", "tomorrow"], catch_exceptions=False)
