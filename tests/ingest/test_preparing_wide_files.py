"""Is a file that holds crimes, persons and flags together drafted as split sections that a receiver accepts?"""

import re
import tomllib
from datetime import date

import pytest
import xlsxwriter
from small_return import REQUEST

from assay.contract.declared_purposes import declare_tables
from assay.errors import UsageError
from assay.ingest.preparation import prepare_return
from assay.ingest.return_validation import validate_return

HEAD = "Crime Number,Date Recorded,HO Code,Outcome,Victim 1 Surname,Victim 1 DOB,Victim 1 Sex,Victim 2 Surname," \
       "Victim 2 DOB,Victim 2 Sex,Suspect 1 Surname,Suspect 1 DOB,Suspect 1 Sex"  # fmt: skip
SECRET = "Qqsecretqq"


def line(n):
    """Crime n has one victim, every fourth crime a second, every second crime a suspect."""
    second = f"{SECRET},{n % 28 + 1:02d}/03/2011,M" if n % 4 == 0 else ",,"
    suspect = f"{SECRET},{n % 28 + 1:02d}/04/1985,M" if n % 2 == 0 else ",,"
    first = f"{SECRET},{n % 28 + 1:02d}/05/2010,F"
    outcome = ("Charged", "Community Resolution")[n % 2]
    return f"42/{n:05d}/26,{n % 28 + 1:02d}/02/2026 09:{n:02d},19D,{outcome},{first},{second},{suspect}"


def wide(folder, name="export.csv", how_many=40):
    folder.mkdir(exist_ok=True)
    lines = [HEAD, *(line(n) for n in range(how_many))]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def workbook(folder, more=(), hidden=()):
    """A title above each of two sheets: crimes, and one row for each person of a crime; then sheets with `more` rows."""
    with xlsxwriter.Workbook(folder / "export.xlsx") as file:
        crimes, persons = file.add_worksheet("Crimes"), file.add_worksheet("People")
        for sheet in (crimes, persons):
            sheet.write(0, 0, "Export of the crime system")
        crimes.write_row(2, 0, HEAD.split(",")[:4])
        persons.write_row(2, 0, ["Crime Number", "Role", "Surname", "DOB", "Sex"])
        for n in range(40):
            crimes.write_row(3 + n, 0, line(n).split(",")[:4])
            role = ("Victim", "Suspect")[n % 2]
            persons.write_row(3 + n, 0, [f"42/{n:05d}/26", role, SECRET, f"{n % 28 + 1:02d}/05/2010", "F"])
        for name, rows in dict(more).items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return folder


def read_toml(folder, name="mapping.toml"):
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def finished(folder):
    """The drafts as an officer leaves them who fills what only the force can say."""
    path = folder / "return.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^# TODO: (?!\w+ = \"not_held\")", "", text, flags=re.M), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["export.csv", "crimes.csv"])
def test_crimes_victims_and_suspects_of_one_file_come_in_by_the_draft(tmp_path, name):
    """40 crimes; 40 first victims, 10 second victims and 20 suspects: 70 persons."""
    prepare_return(wide(tmp_path, name), REQUEST, "INV01")
    received = validate_return(finished(tmp_path), REQUEST, threads=1)
    roles = received.tables["involvements"]["role"].to_pylist()
    assert received.tables["crimes"].num_rows == 40
    assert (roles.count("victim"), roles.count("suspect")) == (50, 20)


def test_the_screen_says_how_many_files_make_the_tables(tmp_path):
    lines = prepare_return(workbook(tmp_path), REQUEST, "INV01").summary_lines()
    assert lines[0] == f"1 file in {tmp_path} taken for tables of the return:"
    assert "  crimes: 40 rows with 4 columns, split from export.xlsx, sheet Crimes" in lines


def test_the_cover_counts_the_rows_of_each_table_and_names_its_file(tmp_path):
    prepare_return(wide(tmp_path), REQUEST, "INV01")
    tables = read_toml(tmp_path, "return.toml")["tables"]
    assert (tables["crimes"]["rows"], tables["involvements"]["rows"]) == (40, 70)
    assert tables["flags"] == {"supplied": "none"}
    text = (tmp_path / "return.toml").read_text(encoding="utf-8")
    assert "rows = 70  # made from export.csv by mapping.toml" in text


def test_a_workbook_of_two_sheets_with_titles_comes_in_by_the_draft(tmp_path):
    prepared = prepare_return(workbook(tmp_path), REQUEST, "INV01")
    assert not any("only its first sheet was read" in remark for remark in prepared.remarks)
    received = validate_return(finished(tmp_path), REQUEST, threads=1)
    assert received.tables["crimes"].num_rows == 40
    assert received.tables["involvements"]["role"].to_pylist().count("suspect") == 20


def test_sheets_that_were_not_read_are_named_on_the_screen_and_in_the_mapping(tmp_path):
    more = {"Cover": [["Made for the inspection"]], "Old": [["Crime Number"], ["1"]]}
    workbook(tmp_path, more, hidden=["Old"])
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    mapping = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    for sentence in (
        "export.xlsx: 1 hidden sheet was not read. Show a sheet and save the workbook to add it.",
        "export.xlsx, sheet Cover: no row with the names of columns was found, so it holds no table of records. It was",
    ):
        assert sum(line.startswith(f"Noticed: {sentence}") for line in prepared.summary_lines()) == 1
        assert sum(line.startswith(f"# Noticed: {sentence}") for line in mapping.splitlines()) == 1
    assert validate_return(finished(tmp_path), REQUEST, threads=1).tables["crimes"].num_rows == 40


@pytest.mark.parametrize("export", [wide, workbook])
def test_no_cell_of_a_person_stands_in_a_draft_of_a_wide_file(tmp_path, export):
    prepared = prepare_return(export(tmp_path), REQUEST, "INV01")
    drafts = [path.read_text(encoding="utf-8") for path in prepared.paths]
    texts = "\n".join([*prepared.summary_lines(), *drafts, str(prepared.as_dict())]).casefold()
    assert SECRET.casefold() not in texts
    assert "/05/2010" not in texts


def test_a_name_beside_a_code_in_one_cell_stands_in_no_draft(tmp_path):
    path = wide(tmp_path) / "export.csv"
    text = path.read_text(encoding="utf-8").replace("19D,", f"19D {SECRET},").replace("Charged", f"Charged {SECRET}")
    path.write_text(text, encoding="utf-8")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    drafts = "\n".join(path.read_text(encoding="utf-8") for path in prepared.paths)
    assert SECRET.casefold() not in (drafts + "\n".join(prepared.summary_lines())).casefold()


def replaced(folder, *words, rows):
    """The wide file with the outcome "Charged" written otherwise in its first rows that have it."""
    path = wide(folder) / "export.csv"
    text = path.read_text(encoding="utf-8")
    for _ in range(rows):
        text = text.replace(",Charged,", f",{words[0]},", 1)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("outcome", ["Charged - by letter to Ann Qqsecretqq", "01 Qqsecretqq", "Charged (Qqsecretqq)"])
def test_what_four_crimes_say_of_an_outcome_in_own_words_stands_in_no_draft(tmp_path, outcome):
    """No column of names tells that a word is a name, so that only how many crimes have it can tell."""
    path = replaced(tmp_path, outcome, rows=4) / "export.csv"
    path.write_text(re.sub(f",{SECRET},", ",,", path.read_text(encoding="utf-8")), encoding="utf-8")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    drafts = "\n".join(path.read_text(encoding="utf-8") for path in prepared.paths)
    assert SECRET.casefold() not in (drafts + "\n".join(prepared.summary_lines())).casefold()


@pytest.mark.parametrize(("word", "code"), [("Type 5 - Offender died", "5"), ("OC16 - victim does not support", "16")])
def test_an_official_outcome_that_one_crime_has_is_read_by_the_draft(tmp_path, word, code):
    prepare_return(replaced(tmp_path, word, rows=1), REQUEST, "INV01")
    received = validate_return(finished(tmp_path), REQUEST, threads=1)
    assert received.tables["crimes"]["outcome_code"].to_pylist().count(code) == 1


def test_files_of_victims_and_of_suspects_beside_one_of_crimes_are_both_read(tmp_path):
    """40 victims and 20 suspects, each in a file of the same headings."""
    lines = [line(n).split(",") for n in range(40)]
    files = {
        "crimes": (HEAD.split(",")[:4], [cells[:4] for cells in lines]),
        "victims": (["Crime Number", "DOB", "Sex"], [[cells[0], *cells[5:7]] for cells in lines]),
        "suspects": (["Crime Number", "DOB", "Sex"], [[cells[0], *cells[11:13]] for cells in lines[::2]]),
    }
    for name, (head, rows) in files.items():
        text = "\n".join(",".join(cells) for cells in (head, *rows))
        (tmp_path / f"{name}.csv").write_text(f"{text}\n", encoding="utf-8")
    prepare_return(tmp_path, REQUEST, "INV01")
    received = validate_return(finished(tmp_path), REQUEST, threads=1)
    roles = received.tables["involvements"]["role"].to_pylist()
    assert (roles.count("victim"), roles.count("suspect")) == (40, 20)


def test_a_guess_is_a_comment_with_its_probability_and_each_line_says_how_sure_it_is(tmp_path):
    """ "Place" holds the area of an officer; "Finalised" usually means the day of closure, and is not sure."""
    lines = [f"{HEAD},Finalised", *(f"{line(n)},{n % 28 + 1:02d}/03/2026" for n in range(40))]
    (tmp_path / "export.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepare_return(tmp_path, REQUEST, "INV01")
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert re.search(r'^columns.recorded_at = "Date Recorded"  # \d+%: ', text, re.M)
    assert re.search(r'^# guess: columns.closed_at = "Finalised"  # \d+%: ', text, re.M)
    crimes = next(part for part in read_toml(tmp_path)["split"] if part["table"] == "crimes")
    assert "closed_at" not in crimes["columns"]
    accepted = tomllib.loads(text.replace("# guess: ", ""))["split"]
    assert next(part for part in accepted if part["table"] == "crimes")["columns"]["closed_at"] == "Finalised"


def test_a_table_that_is_not_asked_for_is_not_drafted_from_a_wide_file(tmp_path):
    declared = declare_tables(legal_basis="b", holder="h", destroy_by=date(2030, 1, 1))
    prepared = prepare_return(wide(tmp_path), REQUEST, "INV01", declared={"crimes": declared["crimes"]})
    assert {part["table"] for part in read_toml(tmp_path)["split"]} == {"crimes"}
    assert "The export holds involvements, which is not requested, and is left out." in prepared.remarks
    assert set(read_toml(tmp_path, "return.toml")["tables"]) == {"crimes"}


def test_a_folder_of_one_file_a_table_is_not_split(tmp_path):
    (tmp_path / "crimes.csv").write_text(
        "\n".join([HEAD[: HEAD.index(",Victim 1")], *(",".join(line(n).split(",")[:4]) for n in range(40))]) + "\n"
    )
    people = [f"42/{n:05d}/26,Victim,{n % 28 + 1:02d}/05/2010,F" for n in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(["Crime Number,Role,DOB,Sex", *people]) + "\n")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    assert prepared.split_tables == ()
    assert set(read_toml(tmp_path)) == {"tables"}


def test_split_sections_that_a_person_wrote_are_taken_over_into_the_next_draft(tmp_path):
    prepare_return(wide(tmp_path), REQUEST, "INV01")
    path = tmp_path / "mapping.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("columns.recorded_at", "columns.reported_at")
                    .replace("forms.recorded_at", "forms.reported_at"), encoding="utf-8")  # fmt: skip
    prepare_return(tmp_path, REQUEST, "INV01")
    crimes = next(part for part in read_toml(tmp_path, "mapping.draft.toml")["split"] if part["table"] == "crimes")
    assert crimes["columns"]["reported_at"] == "Date Recorded"


def test_a_wide_file_without_a_heading_line_is_not_drafted(tmp_path):
    wide(tmp_path)
    text = (tmp_path / "export.csv").read_text(encoding="utf-8").partition("\n")[2]
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="No file") as raised:
        prepare_return(tmp_path, REQUEST, "INV01")
    assert SECRET.casefold() not in str(raised.value).casefold()


def opaque(text):
    """A file or mapping whose crime number has a heading and cells that no list and no pattern knows."""
    return re.sub(r"\b42/(\d{5})/26", r"9\g<1>", text.replace("Crime Number", "Zonk"))


def test_a_file_whose_crime_number_only_a_person_can_name_is_split_as_the_person_wrote(tmp_path):
    """Recognition finds no crime number under "Zonk", and the mapping says that it is one: 40 crimes, 70 persons."""
    prepare_return(wide(tmp_path), REQUEST, "INV01")
    for name in ("export.csv", "mapping.toml"):
        path = tmp_path / name
        path.write_text(opaque(path.read_text(encoding="utf-8")), encoding="utf-8")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    assert {table.name: table.rows for table in prepared.split_tables} == {"crimes": 40, "involvements": 70}
    assert not any("crime number" in remark for remark in prepared.remarks)


def test_a_word_that_a_person_wrote_in_a_split_section_stays_in_the_next_draft(tmp_path):
    """One crime has the word, so that recognition would not write it; the person who sends the file did."""
    prepare_return(replaced(tmp_path, "Zonk by letter", rows=1), REQUEST, "INV01")
    path = tmp_path / "mapping.toml"
    line = 'values.outcome_code = {"Charged" = "1", "Zonk by letter" = "3", "Community Resolution" = "8"}'
    text, found = re.subn(r"^values\.outcome_code = .*$", line, path.read_text(encoding="utf-8"), flags=re.M)
    assert found == 1
    path.write_text(text, encoding="utf-8")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    crimes = next(part for part in read_toml(tmp_path, "mapping.draft.toml")["split"] if part["table"] == "crimes")
    assert crimes["values"]["outcome_code"]["Zonk by letter"] == "3"
    assert not any("Outcome" in remark for remark in prepared.remarks)
