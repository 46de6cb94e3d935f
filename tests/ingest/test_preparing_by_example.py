"""Is a mapping learnt from a few records that a person wrote twice, and is what they do not tell left to a person?"""

import tomllib
from math import comb

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from examples_by_hand import CONTRACT_COLUMNS, EXPORT_HEADINGS, MARKS, contract_rows, example, export, export_rows, lay
from small_return import REQUEST
from typer.testing import CliRunner

from assay import contract
from assay.cli import app
from assay.errors import SourceError, UsageError
from assay.ingest.preparation import prepare_return
from assay.ingest.preparation.example_learning.cell_agreement import MAX_P_VALUE, compare_cells

SECRET = "QQSECRETQQ"
CONTACT = contract.table("crimes").column("contact_offence")


def drafted(folder, name="mapping.toml"):
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))["tables"]


def text(folder):
    return (folder / "mapping.toml").read_text(encoding="utf-8")


def learnt(
    tmp_path, own_lines=None, yours=None, rows=28, head=CONTRACT_COLUMNS, headings=EXPORT_HEADINGS, real=None, **more
):
    """The draft after an example of twelve records, for an export of twenty-eight."""
    like = example(tmp_path, own_lines or contract_rows(12), yours or export_rows(12), head, headings)
    folder = export(tmp_path, real or export_rows(rows), headings)
    return folder, prepare_return(folder, REQUEST, "INV01", example_folder=like, **more)


def without_words_of_its_own(tmp_path):
    folder = export(tmp_path / "alone", export_rows(28))
    with pytest.raises(UsageError, match="No file"):
        prepare_return(folder, REQUEST, "INV01")


def test_headings_that_mean_nothing_are_told_by_the_records_beside_them(tmp_path):
    without_words_of_its_own(tmp_path)
    folder, learned = learnt(tmp_path)
    crimes = drafted(folder)["crimes"]
    assert crimes["columns"] == dict(zip(CONTRACT_COLUMNS, EXPORT_HEADINGS, strict=True))
    assert (crimes["date_form"], crimes["time_form"]) == ("DD.MM.YYYY", "DD.MM.YYYY HH:MM")
    assert crimes["values"]["outcome_code"] == {"Amber": "16", "Beech": "18", "Cedar": "14"}
    assert crimes["values"]["contact_offence"] == {"Ja": "yes", "Nee": "no"}
    assert "    from 12 rows of your example: 4 columns, 5 words and days written DD.MM.YYYY" in learned.summary_lines()
    assert set(learned.as_dict()["tables"]["crimes"]["by_example"]) == set(CONTRACT_COLUMNS)


def test_rows_are_matched_on_a_reference_in_whatever_order_they_stand(tmp_path):
    folder, _ = learnt(tmp_path, yours=list(reversed(export_rows(20))))
    assert drafted(folder)["crimes"]["columns"] == dict(zip(CONTRACT_COLUMNS, EXPORT_HEADINGS, strict=True))


def test_without_a_reference_rows_are_matched_by_their_order(tmp_path):
    other = [(f"{n}/26", *row[1:]) for n, row in enumerate(export_rows(12))]
    folder, _ = learnt(tmp_path, yours=other)
    assert set(drafted(folder)["crimes"]["columns"]) == set(CONTRACT_COLUMNS) - {"crime_ref"}


def test_an_example_is_read_as_a_workbook_and_as_parquet_too(tmp_path):
    like, folder = example(tmp_path, [], []), export(tmp_path, export_rows(28))
    for file in like.rglob("*.csv"):
        file.unlink()
    with xlsxwriter.Workbook(like / "ours" / "crimes.xlsx") as workbook:
        page = workbook.add_worksheet()
        for line, row in enumerate([CONTRACT_COLUMNS, *contract_rows(12)]):
            page.write_row(line, 0, row)
    columns = dict(zip(EXPORT_HEADINGS, zip(*export_rows(12), strict=True), strict=True))
    pq.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), like / "theirs" / "Q7.parquet")
    prepare_return(folder, REQUEST, "INV01", example_folder=like)
    assert drafted(folder)["crimes"]["columns"] == dict(zip(CONTRACT_COLUMNS, EXPORT_HEADINGS, strict=True))


def test_two_headings_that_agree_equally_are_both_left_to_a_person(tmp_path):
    doubled_rows = [(*row, row[1]) for row in export_rows(12)]
    folder, learned = learnt(
        tmp_path, yours=doubled_rows, headings=(*EXPORT_HEADINGS, "Marble"), real=[(*r, r[1]) for r in export_rows(28)]
    )
    assert "recorded_at" not in drafted(folder)["crimes"]["columns"]
    assert [guess.column for guess in learned.tables[0].guessed_matches] == ["recorded_at"]
    assert "# in your example it agrees in 12 of 12 rows; so does Marble" in text(folder)


def test_one_heading_that_agrees_with_two_columns_is_left_to_a_person(tmp_path):
    folder, _ = learnt(tmp_path, [(*row, row[1]) for row in contract_rows(12)], head=(*CONTRACT_COLUMNS, "reported_at"))
    assert not {"recorded_at", "reported_at"} & set(drafted(folder)["crimes"]["columns"])
    assert '# guess: reported_at = "Basalt"' in text(folder)
    assert "it may be recorded_at as well" in text(folder)


def test_yes_and_no_in_a_few_rows_are_chance_and_in_twelve_they_are_none():
    """Two words can be given two codes in 4 ways; six of twelve rows can say yes in 924."""
    p_value_cells = [
        compare_cells(CONTACT, "Chalk", [(n, MARKS[n % 2][1], MARKS[n % 2][0]) for n in range(count)])
        for count in (4, 12)
    ]
    assert [cell.p_value for cell in p_value_cells] == [4 / comb(4, 2), 4 / comb(12, 6)]
    assert [p_value_cell.is_significant for p_value_cell in p_value_cells] == [False, True]
    assert 4 / 924 < MAX_P_VALUE < 4 / 6


def test_what_too_few_rows_tell_waits_as_a_guess_with_its_ground(tmp_path):
    folder, _ = learnt(tmp_path, contract_rows(4), export_rows(4))
    assert set(drafted(folder)["crimes"]["columns"]) == {"crime_ref", "recorded_at"}
    assert '# guess: contact_offence = "Chalk"  # in your example it agrees in 4 of 4 rows; too few rows' in text(
        folder
    )


def test_a_word_that_comes_once_reveals_nothing_of_a_code(tmp_path):
    """A column of names agrees with every code, since no name stands beside two."""
    names = [(*row[:3], f"{SECRET} {n}") for n, row in enumerate(export_rows(12))]
    folder, learned = learnt(tmp_path, yours=names, real=names)
    assert [match.column for match in learned.tables[0].proposal.matches.values()] == [
        "crime_ref",
        "recorded_at",
        "outcome_code",
    ]
    assert SECRET not in text(folder) + str(learned.as_dict())


def test_the_order_of_day_and_month_is_told_by_a_day_that_differs_from_its_month(tmp_path):
    """03/02/2026 stands beside 2026-02-03 or 2026-03-02: no day above 12 is needed."""
    own_lines = [(f"C{n}", f"2026-{n + 1:02d}-02T09:00", *row[2:]) for n, row in enumerate(contract_rows(12))]
    yours = [(f"C{n}", f"{n + 1:02d}/02/2026 09:00", *row[2:]) for n, row in enumerate(export_rows(12))]
    folder, _ = learnt(tmp_path, own_lines, yours, real=yours)
    assert drafted(folder)["crimes"]["date_form"] == "MM/DD/YYYY"


def test_days_that_equal_their_months_tell_no_order_and_it_stays_a_guess(tmp_path):
    own_lines = [(f"C{n}", f"2026-{n + 1:02d}-{n + 1:02d}T09:00", *row[2:]) for n, row in enumerate(contract_rows(12))]
    yours = [(f"C{n}", f"{n + 1:02d}/{n + 1:02d}/2026 09:00", *row[2:]) for n, row in enumerate(export_rows(12))]
    folder, learned = learnt(tmp_path, own_lines, yours, real=yours)
    assert drafted(folder)["crimes"]["columns"]["recorded_at"] == "Basalt"
    assert "date_form" not in drafted(folder)["crimes"]
    assert learned.tables[0].forms.is_sure is False


def test_a_column_whose_days_are_in_another_form_than_the_others_is_a_guess(tmp_path):
    """One file has one form in a mapping: the third of February must not be read as the second of March."""
    head, headings = (*CONTRACT_COLUMNS, "reported_at", "closed_at"), (*EXPORT_HEADINGS, "Marble", "Flint")
    own_lines = [(*row, f"2026-03-{n + 1:02d}", f"2026-04-{n + 1:02d}") for n, row in enumerate(contract_rows(12))]
    form = "{day:02d}/{month:02d}/2026 09:{minute:02d}"
    yours = [(*row, f"{n + 1:02d}/03/2026", f"04/{n + 1:02d}/2026") for n, row in enumerate(export_rows(12, form))]
    folder, _ = learnt(tmp_path, own_lines, yours, head=head, headings=headings, real=yours)
    assert drafted(folder)["crimes"]["date_form"] == "DD/MM/YYYY"
    assert "closed_at" not in drafted(folder)["crimes"]["columns"]
    assert '# guess: closed_at = "Flint"' in text(folder)
    assert "its days are written MM/DD/YYYY, and others of the file DD/MM/YYYY" in text(folder)


def test_an_export_in_another_form_than_its_example_is_told(tmp_path):
    _, learned = learnt(tmp_path, real=export_rows(28, "2026-{month:02d}-{day:02d} 09:{minute:02d}"))
    assert "Q7.csv: its dates do not fit DD.MM.YYYY, the form of your example." in learned.remarks


def test_a_word_beside_two_codes_is_refused_and_its_rows_are_named(tmp_path):
    """Records 1, 4, 7 and 10 are 16; in the last, which is row 11 of the file, a person wrote 18."""
    own_lines = contract_rows(12)
    own_lines[9] = (*own_lines[9][:2], "18", own_lines[9][3])
    folder, _ = learnt(tmp_path, own_lines)
    assert "outcome_code" not in drafted(folder)["crimes"]["columns"]
    assert '# guess: outcome_code = "Slate"  # in your example it agrees in 11 of 12 rows, and not in row 11' in text(
        folder
    )
    assert "Amber" not in text(folder)


def test_a_word_that_our_list_knows_as_another_value_waits_as_a_guess(tmp_path):
    mapped = 'delimiter = ","\n[tables.crimes.columns]\noutcome_code = "Slate"\n'
    (export(tmp_path, []) / "mapping.toml").write_text(f"[tables.crimes]\n{mapped}", encoding="utf-8")
    yours = [(*row[:2], {"Amber": "18", "Beech": "16"}.get(row[2], row[2]), row[3]) for row in export_rows(28)]
    folder, learned = learnt(tmp_path, yours=yours[:12], real=yours)
    draft = (folder / "mapping.draft.toml").read_text(encoding="utf-8")
    assert '# guess: "18" = "16"  # from your example; the list gives the word another value' in draft
    assert drafted(folder, "mapping.draft.toml")["crimes"]["values"]["outcome_code"] == {"Cedar": "14"}
    assert (
        "crimes, outcome_code: your example contradicts our list in 2 words, which are in the draft as guesses."
        in learned.remarks
    )


def test_words_that_the_example_does_not_hold_are_listed_as_ever(tmp_path):
    real = [(*row[:2], "Dogwood", row[3]) if n > 20 else row for n, row in enumerate(export_rows(28))]
    folder, _ = learnt(tmp_path, real=real)
    assert "Dogwood" not in drafted(folder)["crimes"]["values"]["outcome_code"]
    assert '# TODO: "Dogwood" = ""  # 7 rows; no similar value' in text(folder)


@pytest.mark.parametrize(("rows", "is_written"), [(4, False), (5, True)])
def test_a_word_of_the_example_is_written_only_if_it_stands_in_five_rows_of_the_export(tmp_path, rows, is_written):
    real = [(*row[:2], "Amber" if n < rows else "Beech", row[3]) for n, row in enumerate(export_rows(28))]
    folder, learned = learnt(tmp_path, real=real)
    assert ("Amber" in text(folder)) is is_written
    assert (
        any("outcome_code: 1 word of your example not written" in remark for remark in learned.remarks)
        is not is_written
    )


def test_a_word_of_the_example_that_stands_among_the_names_of_either_is_not_written(tmp_path):
    lay(tmp_path / "export" / "people.csv", ("Row", "Surname"), [("1", "Amber")])
    folder, _ = learnt(tmp_path)
    assert drafted(folder)["crimes"]["values"]["outcome_code"] == {"Beech": "18", "Cedar": "14"}
    assert "Amber" not in text(folder)


PEOPLE = ("involvement_ref", "role", "forenames", "surname", "date_of_birth", "postcode", "phone")


def test_names_are_learnt_as_columns_and_no_cell_of_them_is_told(tmp_path):
    own_lines = [(f"L{n}", ("victim", "suspect")[n % 2], f"{SECRET}{n}", f"{SECRET}x{n}", f"2011-01-{n + 1:02d}", SECRET, SECRET)
            for n in range(12)]  # fmt: skip
    yours = [(row[0], ("Ash", "Birch")[n % 2], *row[2:]) for n, row in enumerate(own_lines)]
    headings = ("Granite", "Basalt", "Slate", "Chalk", "Marble", "Flint", "Clay")
    lay(tmp_path / "like" / "ours" / "involvements.csv", PEOPLE, own_lines)
    lay(tmp_path / "like" / "theirs" / "P.csv", headings, yours)
    folder = export(tmp_path, yours, headings, "P.csv")
    prepared = prepare_return(folder, REQUEST, "INV01", example_folder=tmp_path / "like")
    columns = drafted(folder)["involvements"]["columns"]
    assert (columns["surname"], columns["forenames"], columns["role"]) == ("Chalk", "Slate", "Basalt")
    assert SECRET not in "\n".join(
        [*prepared.summary_lines(), str(prepared.as_dict()), *(p.read_text("utf-8") for p in prepared.paths)]
    )


def test_one_value_in_every_row_that_no_heading_holds_is_suggested_as_fixed(tmp_path):
    folder, _ = learnt(
        tmp_path, [(*row, "core_offence") for row in contract_rows(12)], head=(*CONTRACT_COLUMNS, "scope_reason")
    )
    assert "scope_reason" not in drafted(folder)["crimes"]["fixed"]
    assert '# guess: fixed.scope_reason = "core_offence"  # the one value in your example, in 12 rows' in text(folder)


def test_the_example_stands_over_what_a_heading_means_by_its_words(tmp_path):
    headings = ("Granite", "Date Reported", "Slate", "Chalk")
    folder, learned = learnt(tmp_path, headings=headings)
    assert drafted(folder)["crimes"]["columns"]["recorded_at"] == "Date Reported"
    assert "reported_at" not in drafted(folder)["crimes"]["columns"]
    assert any("the heading Date Reported means reported_at by its words; in your example it is recorded_at" in remark for remark in learned.remarks)  # fmt: skip


def test_what_a_heading_means_is_not_sure_where_the_example_has_other_values(tmp_path):
    """Twelve days of reporting that are not those of the heading, and no heading that has them."""
    own_lines = [(*row, f"2025-12-{n + 1:02d}") for n, row in enumerate(contract_rows(12))]
    yours = [(*row, f"{n + 1:02d}.11.2025") for n, row in enumerate(export_rows(12))]
    headings = (*EXPORT_HEADINGS, "Date Reported")
    folder, learned = learnt(
        tmp_path, own_lines, yours, head=(*CONTRACT_COLUMNS, "reported_at"), headings=headings, real=yours
    )
    assert "reported_at" not in drafted(folder)["crimes"]["columns"]
    assert '# guess: reported_at = "Date Reported"' in text(folder)
    assert "crimes: your example contradicts reported_at = Date Reported: it has other values, " \
           "in rows 2, 3, 4, 5, 6, 7 and 6 more of ours." in learned.remarks  # fmt: skip


def test_what_a_person_wrote_stands_over_the_example_and_the_difference_is_told(tmp_path):
    own_mapping = '[tables.crimes]\ndate_form = "MM.DD.YYYY"\n[tables.crimes.columns]\noutcome_code = "Chalk"\n' \
           '[tables.crimes.values.outcome_code]\n"Ja" = "1"\n'  # fmt: skip
    (export(tmp_path, []) / "mapping.toml").write_text(own_mapping, encoding="utf-8")
    folder, learned = learnt(tmp_path)
    draft = drafted(folder, "mapping.draft.toml")["crimes"]
    assert (draft["columns"]["outcome_code"], draft["values"]["outcome_code"]["Ja"]) == ("Chalk", "1")
    assert any(remark.startswith("crimes: your example contradicts outcome_code = Chalk") for remark in learned.remarks)
    assert "crimes: your example has days in the form DD.MM.YYYY, and not MM.DD.YYYY. " \
           "This follows your mapping." in learned.remarks  # fmt: skip


def test_a_heading_of_the_example_that_the_export_lacks_is_named(tmp_path):
    like = example(tmp_path, contract_rows(12), export_rows(12))
    folder = export(tmp_path, [row[:3] for row in export_rows(28)], EXPORT_HEADINGS[:3])
    learned = prepare_return(folder, REQUEST, "INV01", example_folder=like)
    assert "your example, crimes: Q7.csv lacks the column Chalk (our contact_offence)." in learned.remarks


def test_days_that_a_spreadsheet_rewrote_on_our_side_are_told_by_row_and_not_learnt(tmp_path):
    own_lines = [
        (row[0], "13/02/2026 09:00" if n in (2, 5) else row[1], *row[2:]) for n, row in enumerate(contract_rows(12))
    ]
    folder, learned = learnt(tmp_path, own_lines)
    assert "recorded_at" not in drafted(folder)["crimes"]["columns"]
    assert any(
        "ours/crimes.csv: recorded_at is not in the format of the contract in rows 4, 7" in remark
        for remark in learned.remarks
    )


def broken(tmp_path, match, kind=SourceError):
    with pytest.raises(kind, match=match) as caught:
        prepare_return(export(tmp_path, export_rows(28)), REQUEST, "INV01", example_folder=tmp_path / "like")
    assert "C1" not in str(caught.value)
    assert "Amber" not in str(caught.value)


def test_a_folder_without_ours_is_refused_with_what_belongs_into_it(tmp_path):
    lay(tmp_path / "like" / "theirs" / "Q7.csv", EXPORT_HEADINGS, export_rows(12))
    broken(tmp_path, "has no folder ours. An example is a folder with two in it", UsageError)


def test_a_folder_with_nothing_to_read_is_refused(tmp_path):
    lay(tmp_path / "like" / "ours" / "crimes.csv", CONTRACT_COLUMNS, contract_rows(12))
    (tmp_path / "like" / "theirs").mkdir()
    broken(tmp_path, "theirs holds no CSV, Parquet or XLSX file", UsageError)


def test_rows_that_are_not_the_same_records_are_refused(tmp_path):
    example(tmp_path, contract_rows(12), [(f"D{n}", *row[1:]) for n, row in enumerate(export_rows(14))])
    broken(tmp_path, "No file of theirs shares rows with ours/crimes.csv. Rows are matched by a reference")


def test_a_file_named_after_no_table_and_a_column_of_none_are_refused_with_the_nearest(tmp_path):
    example(tmp_path, contract_rows(12), export_rows(12), head=("crime_ref", "recorded_on", *CONTRACT_COLUMNS[2:]))
    lay(tmp_path / "like" / "ours" / "crime.csv", CONTRACT_COLUMNS, contract_rows(12))
    broken(
        tmp_path,
        r"crime.csv does not have the name of a table of the contract. Did you mean crimes\? "
        r".*no column recorded_on in crimes. Did you mean recorded_at\?",
    )


def test_a_heading_that_stands_twice_is_refused(tmp_path):
    example(tmp_path, contract_rows(12), export_rows(12), headings=("Granite", "Basalt", "Basalt", "Chalk"))
    broken(
        tmp_path,
        r"theirs/Q7.csv: 1 name occurs more than once in the header \(column 2 and column 3\). Give each column its own name.",
    )


def test_a_whole_export_is_no_example(tmp_path):
    example(tmp_path, contract_rows(12), [(f"C{n}", "", "", "") for n in range(1001)])
    broken(tmp_path, "theirs/Q7.csv holds 1,001 records. An example is at most 1,000 records; a dozen are enough.")


def test_records_that_are_alike_but_for_their_key_teach_the_key(tmp_path):
    """Three codes differ in one row each, which is chance; the references are the same on both sides all the same."""
    head, headings = (*CONTRACT_COLUMNS, "scope_reason"), (*EXPORT_HEADINGS, "Marble")
    day = ("2026-02-03T09:00", "03.02.2026 09:00")
    codes = [(("1", "yes", "flagged"), ("Elm", "Ja", "Fir"))] * 2 + [
        (("16", "no", "core_offence"), ("Oak", "Nee", "Yew"))
    ]
    own_lines = [(f"C{n}", day[0], *codes_in_row) for n, (codes_in_row, _) in enumerate(codes)]
    yours = [(f"C{n}", day[1], *learned) for n, (_, learned) in enumerate(codes)]
    like = example(tmp_path, own_lines, [(*row[:2], "", *row[3:]) for row in yours], head, headings)
    folder = export(tmp_path, yours, headings)
    prepare_return(folder, REQUEST, "INV01", example_folder=like)
    assert drafted(folder)["crimes"]["columns"] == {"crime_ref": "Granite"}


def test_two_files_that_may_hold_the_same_records_are_left_to_a_person(tmp_path):
    like = example(tmp_path, contract_rows(12), export_rows(12))
    lay(like / "theirs" / "Q8.csv", EXPORT_HEADINGS, export_rows(12))
    broken(tmp_path, "which of Q7.csv, Q8.csv holds the records of ours/crimes.csv. Call it crimes too.")


def test_the_command_takes_the_folder_of_an_example(tmp_path):
    like, folder = example(tmp_path, contract_rows(12), export_rows(12)), export(tmp_path, export_rows(28))
    (tmp_path / "asked.toml").write_text(REQUEST.to_toml(), encoding="utf-8")
    arguments = [
        "prepare",
        str(folder),
        "--request",
        str(tmp_path / "asked.toml"),
        "--force",
        "INV01",
        "--like",
        str(like),
    ]
    command_result = CliRunner().invoke(app, arguments)
    assert command_result.exit_code == 0
    assert "from 12 rows of your example: 4 columns, 5 words" in command_result.output


def test_a_file_that_the_example_tells_is_not_said_to_be_like_no_table(tmp_path):
    _, learned = learnt(tmp_path)
    assert not any("matches no table" in remark for remark in learned.remarks)
