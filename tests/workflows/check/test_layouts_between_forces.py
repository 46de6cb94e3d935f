"""Can one force give another the layout of their record system, without a word of its records?"""

import json
from pathlib import Path

import pytest
from sent_layouts import HEADINGS, SECRET, accepted_mapping, extract_text

from assay.cli import main
from assay.errors import UsageError
from assay.ingest.extracts.layout_files import read_layout_files
from assay.ingest.preparation import prepare_return
from ingest.small_return import REQUEST


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder to stand in, with the extracts of two forces that have the same record system."""
    (tmp_path / "large.csv").write_text(extract_text(60), encoding="utf-8")
    (tmp_path / "small.csv").write_text(extract_text(4), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
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


def learned(capsys, mapping: str) -> str:
    """The layout that is learned from the text of a mapping."""
    Path("mapping.toml").write_text(mapping, encoding="utf-8")
    code, _, errors = assay(capsys, "layout", "learn", "mapping.toml", "--name", "Example records")
    assert (code, errors) == (0, "")
    return Path("layout.toml").read_text(encoding="utf-8")


def test_a_column_that_waits_in_the_small_extract_of_another_force_is_taken_with_the_layout(folder, capsys):
    learned(capsys, accepted_mapping("large.csv"))
    assert assay(capsys, "check", "small.csv", "--out", "before")[0] == 3
    code, out, errors = assay(capsys, "check", "small.csv", "--out", "after", "--layout", "layout.toml", "--json")
    assert (code, json.loads(out)["crimes"]) == (0, 4), errors
    assert json.loads(out)["measures"]["outcome_mix"] == {"1": 2, "18": 2}
    assert json.loads(out)["measures"]["recorded_within_24h"] == {"met": 4, "not_met": 0, "not_known": 0}


def test_a_layout_holds_headings_and_codes_and_no_other_cell_or_name_of_a_file(folder, capsys):
    text = learned(capsys, accepted_mapping("large.csv"))
    assert {heading for heading in HEADINGS if f'"{heading}"' in text} == set(HEADINGS) - {"Remark"}
    cells = {cell for row in extract_text(60).splitlines()[1:] for cell in row.split("|")} - {"", "DET", "UND"}
    assert [cell for cell in cells if cell in text] == []
    assert "large" not in text


def test_a_phrase_that_may_be_of_a_note_and_a_number_of_a_person_are_left_out(folder, capsys):
    words = (
        f'{{"DET" = "1", "charged {SECRET} by letter" = "1", "UND 123456" = "18", "no suspect identified yet" = "18"}}'
    )
    mapping = accepted_mapping("large.csv").replace('{"DET" = "1", "UND" = "18"}', words)
    text = learned(capsys, mapping)
    assert '"DET"' in text
    assert SECRET not in text
    assert "123456" not in text


def test_what_waits_as_a_guess_and_what_is_fixed_or_looked_up_is_not_learned(folder, capsys):
    mapping = (
        accepted_mapping("large.csv") + f'# guess: columns.closed_at = "Remark"\nfixed.lead_trained = "{SECRET}"\n'
    )
    text = learned(capsys, mapping)
    assert "Remark" not in text
    assert SECRET not in text


def test_a_mapping_of_a_return_with_a_file_for_each_table_is_learned_too(folder, capsys):
    text = learned(
        capsys,
        '[tables.crimes]\nfile = "large.csv"\ncolumns.crime_ref = "Blue"\ncolumns.outcome_code = "Fate"\n'
        'values.outcome_code = {"DET" = "1"}\n',
    )
    assert 'crime_ref = ["Blue"]' in text
    assert '"1" = ["det"]' in text or '1 = ["det"]' in text


def test_the_screen_says_how_many_headings_and_words_were_learned_and_how_many_left_out(folder, capsys):
    mapping = accepted_mapping("large.csv").replace('"UND" = "18"', f'"filed {SECRET} at home" = "18"')
    Path("mapping.toml").write_text(mapping, encoding="utf-8")
    _, out, _ = assay(capsys, "layout", "learn", "mapping.toml", "--name", "Example records", "--json")
    assert json.loads(out) == {
        "layout": "layout.toml",
        "headings": 8,
        "words": 1,
        "words_left_out": 1,
        "headings_left_out": 0,
    }


LAYOUT = 'name = "x"\nstatus = "by example"\nsource = "y"\n'
DAMAGED = {
    "not TOML": b'name = "x',
    "not text": b"\xff\xfe\x00\x01",
    "a number of too many digits": LAYOUT.encode() + b"[same.crimes]\ncrime_ref = " + b"9" * 5000,
    "empty": b"",
    "no status": b'name = "x"\nsource = "y"\n',
    "a status that is not known": LAYOUT.replace("by example", "guessed").encode(),
    "a heading that is no list": LAYOUT.encode() + b'[same.crimes]\ncrime_ref = "Blue"\n',
    "a heading that is a number": LAYOUT.encode() + b"[same.crimes]\ncrime_ref = [1]\n",
    "columns that are a list": LAYOUT.encode() + b'same = ["crimes"]\n',
    "a table that is a text": LAYOUT.encode() + b'same.crimes = "Blue"\n',
    "a column that the contract lacks": LAYOUT.encode() + b'[same.crimes]\ncolour = ["Blue"]\n',
    "a table that the contract lacks": LAYOUT.encode() + b'[same.crime]\ncrime_ref = ["Blue"]\n',
    "a list that the contract lacks": LAYOUT.encode() + b'[values.colours]\nred = ["R"]\n',
    "a value that its list lacks": LAYOUT.encode() + b'[values.sex]\nred = ["R"]\n',
    "an unknown key": LAYOUT.encode() + b"other = 1\n",
    "a mapping": b'[[split]]\nfile = "x.csv"\ntable = "crimes"\ncolumns.crime_ref = "Blue"\n',
    "words for nothing that are a text": LAYOUT.encode() + b'empty = "NK"\n',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_layout_is_refused_with_its_name_and_the_next_step(folder, capsys, content):
    Path("given.toml").write_bytes(content)
    code, out, errors = assay(capsys, "check", "large.csv", "--layout", "given.toml")
    assert (code, out) == (3, "")
    assert errors.startswith("assay: given.toml ")
    assert "Ask for a new file, or check without --layout." in errors
    assert "Traceback" not in errors
    assert not Path("check-of-large").exists()


MISUSES = {
    "no mapping": (("gone.toml", "--name", "x"), 2, "gone.toml is not there. Name the mapping.toml"),
    "a mapping that is no TOML": (("large.csv", "--name", "x"), 3, "this is not TOML in UTF-8. Correct it"),
    "a layout that is there": (("m.toml", "--name", "x", "--out", "large.csv"), 2, "Name a new file with --out"),
    "a folder that is not there": (("m.toml", "--name", "x", "--out", "no/x.toml"), 2, "Create it, or name a file"),
    "no name": (("m.toml", "--name", " "), 2, "Name the record system on one line"),
    "a mapping without a column": (("e.toml", "--name", "x"), 3, "so there is nothing to learn"),
    "a mapping with an error": (("w.toml", "--name", "x"), 3, "[[split]] number 1"),
}


@pytest.mark.parametrize(("words", "code", "sentence"), MISUSES.values(), ids=MISUSES)
def test_what_cannot_be_learned_is_a_sentence_with_the_next_step(folder, capsys, words, code, sentence):
    Path("m.toml").write_text(accepted_mapping("large.csv"), encoding="utf-8")
    Path("e.toml").write_text("# nothing was accepted\n", encoding="utf-8")
    Path("w.toml").write_text('[[split]]\nfile = "x.csv"\ntable = "crimes"\ncolumns.colour = "Red"\n', encoding="utf-8")
    found, out, errors = assay(capsys, "layout", "learn", *words)
    assert (found, out) == (code, "")
    assert sentence in errors
    assert not Path("layout.toml").exists()


def test_a_preparation_drafts_what_a_layout_settles(folder, capsys):
    learned(capsys, accepted_mapping("large.csv"))
    export = folder / "export"
    export.mkdir()
    (folder / "small.csv").rename(export / "small.csv")
    layouts = read_layout_files([folder / "layout.toml"])
    with pytest.raises(UsageError, match="No file"):
        prepare_return(export, REQUEST, "INV01")
    prepared = prepare_return(export, REQUEST, "INV01", learned=layouts)
    assert {table.name: table.rows for table in prepared.split_tables} == {"crimes": 4}
