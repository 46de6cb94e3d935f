"""Does a check name the words and columns that it did not read, with lines of mapping.toml that can be copied?"""

import re

import pytest

from assay.workflows.check.check_mapping import mapping_text
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.columns_to_confirm import columns_to_add, results_for_programs
from assay.workflows.check.extract_check import check_extract
from assay.workflows.check.extract_letter import first_corrections, write_letter
from assay.workflows.check.extract_page import write_page
from workflows.check.test_analyst_layouts import crimes
from workflows.check.test_identity_words import CRIMES, HEADINGS, crime_cells, examined

TITLE = "Engage in sexual grooming of a female child (S15 SOA 2003)"


def html_of(tmp_path, extract):
    """The letter and the page."""
    write_letter(tmp_path / "letter.html", extract)
    write_page(tmp_path / "index.html", extract)
    return [(tmp_path / name).read_text(encoding="utf-8") for name in ("letter.html", "index.html")]


def texts_of(tmp_path, extract):
    """The first corrections, letter, page, terminal and mapping, each as one text."""
    words = mapping_text(extract.plan, extract.sheets, extract.unread_words, extract.possible_columns)
    return [
        "\n".join(first_corrections(extract)),
        *html_of(tmp_path, extract),
        "\n".join(check_summary(extract)),
        words,
    ]


def uncommented(text):
    """The mapping with the marks # taken from the lines below its last header."""
    head, _, tail = text.rpartition("# These columns were not read")
    lines = re.findall(r"(?m)^# ((?:\[\[|[a-z_]+(?:\.[a-z_]+)? = ).*)$", tail)
    return "\n".join([head, *lines, ""])


def test_a_marker_that_many_crimes_have_and_that_no_list_knows_is_named_with_its_rows(tmp_path):
    """Of each four crimes three have CSE and one OLC: 10 rows with OLC."""
    found = examined(tmp_path, d=crimes("Flags", ["CSE", "OLC", "CSE", "CSE"]))
    (words,) = found.unread_words
    assert (words.heading, words.cells) == ("Flags", {"OLC": 10})
    assert words.line == 'values.flag = {"OLC" = ""}'
    for text in texts_of(tmp_path, found):
        assert "OLC (10 rows)" in text
    assert 'values.flag = {"CSE" = "cse", "OLC" = ""}' in texts_of(tmp_path, found)[-1]


def test_the_line_of_unread_words_can_be_copied_and_filled_in(tmp_path):
    lines = crimes("Flags", ["CSE", "OLC", "DA", ""])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "d.csv").write_text("\n".join(lines), encoding="utf-8")
    first = check_extract([tmp_path / "in"], tmp_path / "first")
    assert first.as_dict()["measures"]["cse_flagged"] == {"met": 10, "n": 40, "not_known": 10}
    text = first.mapping.read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^# (values\.flag = .*)$", text)
    corrected = re.sub(r"(?m)^values\.flag = .*$", line.replace('"OLC" = ""', '"OLC" = "cse"'), text)
    (tmp_path / "mapping.toml").write_text(corrected, encoding="utf-8")
    second = check_extract([tmp_path / "in"], tmp_path / "second", mapping=tmp_path / "mapping.toml")
    assert second.as_dict()["measures"]["cse_flagged"] == {"met": 20, "n": 40}


def test_a_title_that_looks_official_is_named_even_if_one_crime_has_it(tmp_path):
    """One crime has a title of words of offences alone, and another a text that may name a person."""
    titles = ["Rape of a female aged under 16", "Sexual assault on a female child under 13"]
    rows = [(titles[n % 2], n) for n in range(38)] + [(TITLE, 38), ("Assault by Yarrow Anvil", 39)]
    lines = ["Crime Number,Offence Title,Date Reported,Date Recorded"]
    for title, number in rows:
        ref, _, reported, recorded = crime_cells(number).split(",")
        lines.append(f"{ref},{title},{reported},{recorded}")
    (words,) = examined(tmp_path, d=lines).unread_words
    assert words.cells == {TITLE: 1}
    assert "a code such as 22B" in words.sentence


def test_a_word_that_few_crimes_have_is_a_record_and_is_never_shown(tmp_path):
    cells = ["CSE"] * 36 + ["told Yarrow"] * 4
    found = examined(tmp_path, d=crimes("Flags", cells))
    assert found.tables["flags"].not_understood == {("flag", "Flags"): 4}
    assert found.unread_words == ()
    assert not any("Yarrow" in text for text in texts_of(tmp_path, found))


def test_a_column_of_which_no_word_is_known_is_named_before_a_column_that_is_absent(tmp_path):
    found = examined(tmp_path, d=crimes("Markers,Owning Unit", ["OLC; BAIL,CAIT", "BAIL,CID"]))
    assert [(column.heading, column.need) for column in found.possible_columns] == [
        ("Markers", "flags.flag"),
        ("Owning Unit", "crimes.investigating_team"),
    ]
    assert len(columns_to_add(found)) == 1
    _, _, page, terminal, mapping = texts_of(tmp_path, found)
    assert terminal.index("\u2018Markers\u2019 is in your extract, and was not read.") < terminal.index(
        "Adding this column"
    )
    assert page.index("\u2018Owning Unit\u2019, which is in your extract") < page.index("What to add next</h2>")
    assert 'values.flag = {"BAIL" = "", "OLC" = ""}' in mapping
    reasons = results_for_programs(found)["reasons"]
    assert reasons["cse_flagged"] == (
        "Cannot be answered from this extract: \u2018Markers\u2019 was not read and may hold the flag for child sexual "
        "exploitation. Next: use the lines for \u2018Markers\u2019 at the end of mapping.toml."
    )


def test_the_lines_of_an_unread_column_work_when_their_marks_are_taken_away(tmp_path):
    """Of each two crimes one has OLC, which the force says means CSE, and an arrest on the day of the report."""
    (tmp_path / "in").mkdir()
    lines = crimes("Markers,Arrest Date", ["OLC; BAIL,02/05/2025", "BAIL,"])
    (tmp_path / "in" / "d.csv").write_text("\n".join(lines), encoding="utf-8")
    first = check_extract([tmp_path / "in"], tmp_path / "first")
    assert first.as_dict()["measures"]["cse_flagged"] == "cannot be asked"
    text = uncommented(first.mapping.read_text(encoding="utf-8")).replace('"OLC" = ""', '"OLC" = "cse"')
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    second = check_extract([tmp_path / "in"], tmp_path / "second", mapping=tmp_path / "mapping.toml")
    assert second.as_dict()["measures"]["cse_flagged"] == {"met": 20, "n": 40}
    assert {"events.suspect_arrested", "flags.flag"} <= second.extract.supplied
    assert second.extract.possible_columns == ()


@pytest.mark.parametrize("heading", ["Arrest Date", "Date Arrested"])
def test_a_step_needs_dates_in_its_cells(tmp_path, heading):
    dated = examined(tmp_path, d=crimes(heading, ["02/05/2025", "03/05/2025"]))
    assert [column.need for column in dated.possible_columns] == ["events.suspect_arrested"]
    assert examined(tmp_path, d=crimes(heading, ["yes", "no"])).possible_columns == ()


def test_an_extract_whose_columns_are_all_read_names_none(tmp_path):
    found = examined(tmp_path, d=[HEADINGS, *CRIMES[1:]])
    assert (found.possible_columns, found.unread_words) == ((), ())
    assert "at the end of mapping.toml" not in "\n".join(check_summary(found))
