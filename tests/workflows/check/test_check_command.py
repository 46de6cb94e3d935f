"""Does `assay check` read an exported file, write only the named files, and copy no record?"""

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest
import xlsxwriter

from assay.cli import main
from assay.ingest.extracts import split_plan
from assay.ingest.extracts.extract_model import ColumnMeaning, SplitPlan

HEADINGS = (
    "Crime Number", "Offence Code", "Date Reported", "Date Recorded", "Committed From", "Outcome", "Role", "Nominal Ref",
    "Surname", "Forenames", "Date of Birth", "Sex", "Self Defined Ethnicity", "Flags",
)  # fmt: skip
ROLES = ("Victim", "Suspect")
OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")


def person_link(number: int, role: str) -> tuple[str, ...]:
    """A row of the extract: one person of crime `number`."""
    crime, day = f"42CR/{number:05d}/24", f"{1 + number % 28:02d}"
    outcome = ("Charged/Summonsed", "Investigation complete - no suspect identified", "Not yet assigned an outcome")[
        number % 3
    ]
    person = ("Victim", f"N9{number:05d}", "Zzexample", "Vvexample", f"{day}/03/2010", "F", "W1")
    if role == "Suspect":
        person = ("Suspect", f"N8{number:05d}", "Zzother", "Ssexample", f"{day}/07/1985", "M", "A2")
    return (crime, ("71", "88A", "20B")[number % 3], f"{day}/05/2024 09:00", f"{day}/05/2024 17:30", f"{day}/04/2024",
            outcome, *person, "CSE" if number % 4 == 0 else "")  # fmt: skip


def extract_text(crimes: int = 60) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(person_link(number, role) for number in range(crimes) for role in ROLES)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder to stand in, with an extract in another."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "links.csv").write_text(extract_text(), encoding="utf-8", newline="")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def assay(capsys, *arguments: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    code = 0
    try:
        main(list(arguments))
    except SystemExit as ended:
        code = int(ended.code or 0)
    output = capsys.readouterr()
    return code, output.out, output.err


def files_under(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_json_on_standard_output_is_the_counts_and_nothing_else(folder, capsys):
    code, out, _ = assay(capsys, "check", "../export/links.csv", "--json")
    counts = json.loads(out)
    assert code == 0
    assert (counts["crimes"], counts["victims"], counts["suspects"], counts["flags"]) == (60, 60, 60, 15)
    assert counts["measures"]["recorded_within_24h"] == {"met": 60, "not_met": 0, "not_known": 0}
    assert counts["measures"]["outcome_mix"] == {"1": 20, "18": 20, "NOA": 20}
    assert counts["measures"]["cse_flagged"] == {"met": 15, "n": 60}
    assert json.loads(Path("check-of-links/measures.json").read_text(encoding="utf-8")) == counts


def test_only_the_files_that_are_named_are_written_and_the_extract_is_left_alone(folder, capsys):
    before = files_under(folder)
    _, out, _ = assay(capsys, "check", "../export/links.csv")
    new = [name for name in files_under(folder) if name not in before]
    assert new == [
        f"here/check-of-links/{name}" for name in ("index.html", "letter.html", "mapping.toml", "measures.json")
    ]
    assert all(Path(name).name in out for name in new)


def test_no_record_is_copied_into_any_output(folder, capsys):
    _, out, err = assay(capsys, "check", "../export/links.csv")
    outputs = [out, err, *(path.read_text(encoding="utf-8") for path in Path("check-of-links").iterdir())]
    content = re.compile(r"Zz\w+|Vvexample|Ssexample|N[89]\d{5}|42CR/|/03/2010|/07/1985")
    assert [found for text in outputs for found in content.findall(text)] == []


def test_an_extract_that_is_a_folder_gets_its_outputs_beside_it_and_not_inside(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder / "export")
    assert assay(capsys, "check", ".")[0] == 0
    assert files_under(folder / "export") == ["links.csv"]
    assert (folder / "check-of-export" / "letter.html").is_file()
    code, _, err = assay(capsys, "check", ".", "--out", "inside")
    assert (code, "--out" in err) == (2, True)


def test_a_folder_that_holds_other_files_is_not_written_into_and_an_own_one_is_written_again(folder, capsys):
    assert assay(capsys, "check", "../export/links.csv")[0] == 0
    assert assay(capsys, "check", "../export/links.csv")[0] == 0
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("my own")
    code, _, err = assay(capsys, "check", "../export/links.csv", "--out", "mine")
    assert code == 2
    assert "--out" in err
    assert files_under(Path("mine")) == ["notes.txt"]


def test_a_period_takes_the_crimes_that_were_recorded_in_it(folder, capsys):
    period = ("--from", "2024-05-01", "--to", "2024-05-10")
    _, out, _ = assay(capsys, "check", "../export/links.csv", "--json", *period)
    assert json.loads(out)["crimes"] == sum(1 + number % 28 <= 10 for number in range(60))
    page = Path("check-of-links/index.html").read_text(encoding="utf-8")
    assert "from 1 May 2024 to 10 May 2024" in page
    code, _, err = assay(capsys, "check", "../export/links.csv", "--from", "2024-05-10", "--to", "2024-05-01")
    assert code == 2
    assert "--from and --to" in err


def test_the_page_leads_with_the_crimes_and_their_period_and_names_the_force(folder, capsys):
    assay(capsys, "check", "../export/links.csv", "--force", "Avon and Somerset")
    page = Path("check-of-links/index.html").read_text(encoding="utf-8")
    lead = re.search(r'<p class="lead">(.*?)</p>', page)
    assert lead is not None
    assert lead[1] == "60 crimes recorded from 1 May 2024 to 28 May 2024: all of the extract."
    assert "100% of crimes were recorded within 24 hours (60 crimes; known for all)." in page
    assert "Avon and Somerset alone may read this." in page


def test_the_letter_says_of_every_column_what_became_of_it(folder, capsys):
    assay(capsys, "check", "../export/links.csv")
    letter = Path("check-of-links/letter.html").read_text(encoding="utf-8")
    assert [heading for heading in HEADINGS if f">{heading}<" not in letter] == []


def test_the_mapping_of_a_check_gives_the_same_counts_and_a_corrected_one_gives_others(folder, capsys):
    _, first, _ = assay(capsys, "check", "../export/links.csv", "--json")
    mapping = Path("check-of-links/mapping.toml")
    code, repeated, err = assay(
        capsys, "check", "../export/links.csv", "--json", "--mapping", str(mapping), "--out", "again"
    )
    assert (code, json.loads(repeated)) == (0, json.loads(first)), err
    text = mapping.read_text(encoding="utf-8")
    without_outcome = re.sub(r"^\w+\.outcome_code = .*\n", "", text, flags=re.M)
    Path("corrected.toml").write_text(without_outcome, encoding="utf-8")
    _, other, _ = assay(
        capsys, "check", "../export/links.csv", "--json", "--mapping", "corrected.toml", "--out", "other"
    )
    assert json.loads(other)["measures"]["charged_share"] == "cannot be asked"
    assert json.loads(other)["crimes"] == json.loads(first)["crimes"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [(None, 2, "is not there"), ("= nothing", 3, "not TOML"), ("a = 1", 3, "[[split]]"),
     ('[[split]]\nfile = "links.csv"\ntable = "crimes"\ncolumns.crime_ref = "Gone"\n', 3, "lacks a column")],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_refused_with_the_next_step(text, code, words, folder, capsys):
    if text is not None:
        Path("m.toml").write_text(text)
    found, out, err = assay(capsys, "check", "../export/links.csv", "--mapping", "m.toml")
    assert (found, out) == (code, "")
    assert words in err
    assert not Path("check-of-links").exists()


def test_an_extract_of_which_no_crime_is_in_the_period_ends_with_3_and_has_a_letter(folder, capsys):
    code, out, _ = assay(capsys, "check", "../export/links.csv", "--from", "2030-01-01")
    assert code == 3
    assert "0 crimes" in out
    assert Path("check-of-links/letter.html").is_file()


def test_a_column_that_may_be_the_crime_number_is_named_where_none_is_certain(folder, capsys, monkeypatch):
    guess = ColumnMeaning("Key", "crimes", "crime_ref", 0.4)
    monkeypatch.setattr(
        split_plan, "plan_split", lambda sheets, learned=(): SplitPlan((), waiting=(("links.csv", "", guess),))
    )
    code, _, err = assay(capsys, "check", "../export/links.csv")
    assert code == 3
    assert "The column Key of links.csv may be it, with a probability of 40%" in err


def next_commands(text: str) -> list[str]:
    """The commands after the last line "Next:", without what each does."""
    lines = text.rstrip().splitlines()
    start = len(lines) - lines[::-1].index("Next:")
    return [re.split(r" {3,}", line.strip())[0] for line in lines[start:]]


@pytest.mark.parametrize("option", [(), ("--more",), ("--json",), ("--from", "2030-01-01")])
def test_every_result_ends_with_at_most_three_commands_that_run_on_this_extract(option, folder, capsys):
    (folder / "export" / "our links.csv").write_text(extract_text(), encoding="utf-8", newline="")
    _, out, err = assay(capsys, "check", "../export/our links.csv", *option)
    commands = next_commands(err if "--json" in option else out)
    assert 2 <= len(commands) <= 3
    assert any("'../export/our links.csv'" in command for command in commands)
    for command in commands:
        program, *words = shlex.split(command)
        code, _, _ = assay(capsys, *words)
        assert (program, code) == ("assay", 3 if "2030-01-01" in words else 0), command


def test_the_next_tier_without_an_extract_ends_with_commands_too(capsys):
    assert next_commands(assay(capsys, "check", "--more")[1]) == ["assay check my-extract.csv --more", "assay contract"]


def test_more_shows_tables_with_hours_and_questions_with_or_without_an_extract(folder, capsys):
    _, walk, _ = assay(capsys, "check", "--more")
    assert "2. Missing episodes of children: " in walk
    assert re.search(r"Hours: about \d+ \(\d+ to \d+\)", walk)
    assert "Q43: " in walk
    code, after, _ = assay(capsys, "check", "../export/links.csv", "--more")
    assert code == 0
    assert "hours of work" in after


MESSAGES = {
    "no extract is named": ((), 2, "my-extract.csv"),
    "the path is not there": (("gone.csv",), 2, "gone.csv is not there"),
    "the file is empty": (("empty.csv",), 3, ""),
    "the workbook has a password": (("locked.xlsx",), 3, "password"),
    "the file is a document": (("report.pdf",), 3, "Export the records"),
    "the folder holds no file": (("none",), 3, "no file"),
    "the file has headings alone": (("headings.csv",), 3, ""),
    "the file is of another subject": (("stock.csv",), 3, ""),
    "the file has no crime number": (("keyless.csv",), 3, "crime number"),
    "the file holds a thousand columns of numbers": (("wide.csv",), 3, ""),
    "the file holds two forces": (("two.csv",), 3, "2 forces"),
    "the file is of another force": (("kent.csv", "--force", "Essex"), 2, "Kent"),
    "the force is not known": (("links.csv", "--force", "Atlantis"), 3, "Atlantis"),
    "people and programs are both asked for": (("links.csv", "--more", "--json"), 2, "--json"),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_what_cannot_be_used_gives_a_sentence_with_the_next_step_and_writes_nothing(case, folder, capsys, monkeypatch):
    export = folder / "export"
    monkeypatch.chdir(export)
    (export / "empty.csv").write_text("")
    (export / "locked.xlsx").write_bytes(OLD_WORKBOOK + "EncryptedPackage".encode("utf-16-le"))
    (export / "report.pdf").write_bytes(b"%PDF-1.7\n" + bytes(200))
    (export / "none").mkdir()
    (export / "headings.csv").write_text(",".join(HEADINGS) + "\n")
    (export / "stock.csv").write_text("Item,Shelf,Pieces\n" + "".join(f"Box {n},{n % 7},{n * 3}\n" for n in range(50)))
    keyless = [line.split(",", 1)[1] for line in extract_text().splitlines()]
    (export / "keyless.csv").write_text("\n".join(keyless))
    rows = extract_text().splitlines()
    for name, words in (("two.csv", ("Kent Police", "Essex Police")), ("kent.csv", ("Kent Police",))):
        lines = [f"{words[number % len(words)]},{row}" for number, row in enumerate(rows[1:])]
        (export / name).write_text("\n".join([f"Force,{rows[0]}", *lines]))
    wide = [
        ",".join(f"Column {n}" for n in range(1000)),
        *(",".join(str(n * row % 97) for n in range(1000)) for row in range(20)),
    ]
    (export / "wide.csv").write_text("\n".join(wide))
    arguments, expected_code, words = MESSAGES[case]
    before = files_under(folder)
    code, out, err = assay(capsys, "check", *arguments)
    assert (code, out) == (expected_code, ""), err
    sentence = [line for line in err.splitlines() if line.startswith("assay: ")]
    assert len(sentence) == 1
    assert words in sentence[0]
    assert sentence[0].count(".") >= 2, "what is wrong, and the next step"
    assert files_under(folder) == before


def test_a_force_that_looks_synthetic_and_is_none_is_refused(folder, capsys):
    code, _, err = assay(capsys, "check", "../export/links.csv", "--force", "INVx")
    assert (code, "INVx" in err) == (3, True)


def workbook_of_hidden_records(path: Path, *visible: tuple[str, ...]) -> None:
    """A workbook with the rows in view on one sheet, and the extract on a hidden one."""
    with xlsxwriter.Workbook(path) as file:
        front, records = file.add_worksheet("Front"), file.add_worksheet("Data")
        for number, row in enumerate(visible):
            front.write_row(number, 0, row)
        for number, row in enumerate(csv.reader(io.StringIO(extract_text()))):
            records.write_row(number, 0, row)
        records.hide()


@pytest.mark.parametrize("visible", [(), (("Export of the crime system",),)])
def test_a_hidden_sheet_is_read_where_no_sheet_in_view_has_a_table(folder, capsys, visible):
    workbook_of_hidden_records(folder / "export" / "book.xlsx", *visible)
    code, out, _ = assay(capsys, "check", "../export/book.xlsx", "--json")
    assert code == 0
    assert json.loads(out)["crimes"] == 60
