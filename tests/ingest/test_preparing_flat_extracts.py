"""Are flat extracts that strangers wrote read rightly by their drafts, or is it told what their force must confirm?

Three styles, made by hand from what is known of how record systems export: an occurrence list with capital headings
and NULLs of a database, an investigation list with marks in one cell, and a semicolon file of a spreadsheet.
"""

import re
import tomllib

import pytest
from small_return import REQUEST

from assay.ingest.date_formats import parse_moment
from assay.ingest.preparation import prepare_return
from assay.ingest.preparation.person_columns import parse_slot_heading
from assay.ingest.return_validation import validate_return

SUB_CODES = ("020/05", "071/17", "019/08", "086/02", "022/02")


def occurrences(folder, how_many=40, *, with_victims=False):
    """Capital headings, a byte-order mark, NULL for nothing, days as DD/MM/YYYY, Y and N, two slots for victims."""
    head = ("OCCURRENCE NUMBER,HO CLASS,RECORDED DATE,OUTCOME,CSE FLAG,VICTIM 1 SURNAME,VICTIM 1 DOB,VICTIM 2 SURNAME,"
            "VICTIM 2 DOB,SPARE 1")  # fmt: skip
    lines = []
    for n in range(how_many):
        first = (
            "NULL,NULL"
            if n % 4 == 0
            else "UNKNOWN,01/01/1900"
            if n % 4 == 1
            else f"Example{n},{n % 28 + 1:02d}/05/2010"
        )
        second = f"Other{n},13/06/2011" if n % 10 == 0 else "NULL,NULL"
        lines.append(
            f"42{n:06d}/26,{SUB_CODES[n % 5]},{n % 28 + 1:02d}/02/2026 09:{n:02d},{('Charged', 'NULL')[n % 2]},"
            f"{'N' if n % 3 else 'Y'},{first},{second},"
        )
    if not with_victims:
        places = [*range(5), 9]
        head, *lines = (",".join(line.split(",")[place] for place in places) for line in (head, *lines))
    text = "\ufeff" + "\r\n".join([head, *lines]) + "\r\n"
    (folder / "OCC_EXTRACT.csv").write_bytes(text.encode("utf-8"))


def investigations(folder, how_many=40):
    """References with a slash, times with the zone of the day, marks of a crime in one cell."""
    marks = ("CSE; DA", "DA", '"CSE, CCE"', "", "HATE; CSA")
    lines = ["Investigation Number|Offence Code|Date Recorded|Keywords|Outcome"]
    for n in range(how_many):
        month = n % 6 + 1
        zone = "+01:00" if month >= 4 else "+00:00"
        when = f"2026-{month:02d}-{n % 27 + 1:02d}T10:{n:02d}:00"
        lines.append(f"42/{n:05d}/26|88A|{when}{zone if n % 20 else ''}|{marks[n % 5]}|Charged")
    (folder / "crime investigations.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def spreadsheet(folder, how_many=30, *, with_suspect=False):
    """Semicolons, accents of a spreadsheet, an empty column, codes that became numbers, a list of marks of its own."""
    crimes = ["Crime number;Date crime recorded;Home Office code;;Outcome;Name (Suspect 1);Date of birth (Suspect 1)"]
    marks = ["Crime number;CSE (Y/N);CSA marker;Remark"]
    for n in range(how_many):
        code = ("20.05", "71.17", "8806", "1908", "86")[n % 5]
        suspect = "Zoë Example;03/04/1990" if n % 3 == 0 else "n/k;" if n % 3 == 1 else ";"
        crimes.append(f"26/{n:04d};{n % 28 + 1}/2/2026;{code};;Charged;{suspect}")
        marks.append(f"26/{n:04d};{('Yes', 'No', '')[n % 3]};{('-1', '0')[n % 2]};été")
    if not with_suspect:
        crimes = [";".join(line.split(";")[:5]) for line in crimes]
    for name, lines in (("crimes", crimes), ("flags", marks)):
        (folder / f"{name}.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("windows-1252"))


def accepted(folder, name="mapping.toml"):
    """The mapping as an officer leaves it who agrees with every guess and takes every section."""
    text = (folder / name).read_text(encoding="utf-8")
    text = re.sub(
        r"^# (?=\[tables|file =|delimiter|encoding|fixed|columns|\w+ = |\"|# guess: |# TODO: )", "", text, flags=re.M
    )
    text = text.replace("# guess: ", "")
    (folder / name).write_text(text, encoding="utf-8")
    return tomllib.loads(text)["tables"]


def summary(prepared):
    return "\n".join(prepared.summary_lines())


def test_sub_codes_of_divided_classes_wait_with_the_codes_that_they_may_be(tmp_path):
    occurrences(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert re.search(r'^# guess: "020/05" = "20A"  # 8 rows; from the counting rules', text, re.M)
    assert re.search(r'^# TODO: "022/02" = ""  # 8 rows; one of 22A, 22B', text, re.M)
    assert '"071/17"' not in text
    assert "offence_code: of 40 cells, 40 hold a class with a sub-code: 16 are read as their class" in summary_text
    assert "24 are of a class that the list divides, and are not read until you say which code each is" in summary_text


def test_a_class_alone_beside_a_column_of_sub_codes_is_for_the_force_to_confirm(tmp_path):
    lines = ["Crime Number,Date Recorded,Offence Code,Sub Code"]
    lines += [f"C{n},13/02/2026,{('20', '19', '71')[n % 3]},{n % 9}" for n in range(30)]
    (tmp_path / "crimes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    assert "offence_code" not in {match.column for match in prepared.tables[0].sure_matches}
    assert "20 of 30 cells name a class alone that the list divides" in summary(prepared)


def test_a_column_of_marks_is_drafted_as_a_flag_where_it_says_yes(tmp_path):
    occurrences(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert "CSE FLAG: of 40 cells, 14 say yes to cse, 26 say no" in summary_text
    section = accepted(tmp_path)["flags"]
    assert section["wide"] == {"CSE FLAG": "cse"}
    assert section["file"] == "OCC_EXTRACT.csv"
    assert section["columns"]["crime_ref"] == "OCCURRENCE NUMBER"


def test_a_column_of_several_marks_is_drafted_part_by_part(tmp_path):
    investigations(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert "Keywords: of 40 cells, 24 hold several flags, and each flag is read separately" in summary_text
    assert re.search(r'^# # TODO: "DA" = ""  # 16 rows', text, re.M)
    section = accepted(tmp_path)["flags"]
    assert section["columns"]["flag"] == "Keywords"


def test_a_file_of_marks_of_its_own_is_drafted_as_flags(tmp_path):
    spreadsheet(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert "CSE (Y/N): of 30 cells, 10 say yes to cse, 10 say no, 10 nothing" in summary_text
    assert "CSA marker: of 30 cells, 15 say yes to csa, 15 say no, 0 nothing" in summary_text
    assert accepted(tmp_path)["flags"]["wide"] == {"CSE (Y/N)": "cse", "CSA marker": "csa"}


def test_codes_that_a_spreadsheet_made_numbers_of_are_told_like_any(tmp_path):
    spreadsheet(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert "of 30 cells, 24 hold a class with a sub-code: 6 are read as their class" in summary_text
    assert "18 are of a class that the list divides" in summary_text
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert '# guess: "20.05" = "20A"' in text
    assert '# TODO: "8806" = ""' in text


def test_slots_are_counted_and_what_fills_empty_ones_is_told(tmp_path):
    occurrences(tmp_path, with_victims=True)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert "VICTIM 1: 20 of 40 rows hold a person, 10 are empty and 10 hold only a word such as unknown" in summary_text
    assert "VICTIM 2: 4 of 40 rows hold a person, 36 are empty" in summary_text


def test_a_slot_is_seen_however_its_headings_are_put(tmp_path):
    spreadsheet(tmp_path, with_suspect=True)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert (
        "SUSPECT 1: 10 of 30 rows hold a person, 10 are empty and 10 hold only a word such as unknown" in summary_text
    )


@pytest.mark.parametrize(
    ("heading", "slot"),
    [("VICTIM_1_SURNAME", ("VICTIM", "1")), ("Victim2 DOB", ("VICTIM", "2")), ("Surname (Victim 3)", ("VICTIM", "3")),
     ("Suspect Forename", ("SUSPECT", "")), ("aggrieved_02_sex", ("AGGRIEVED", "02")), ("Victim informed", None),
     ("Number of suspects", None), ("Crime Number", None)],
)  # fmt: skip
def test_a_heading_belongs_to_a_slot_or_does_not(heading, slot):
    assert parse_slot_heading(heading) == slot


def test_times_with_a_zone_get_a_form_and_a_mixed_column_is_told(tmp_path):
    investigations(tmp_path)
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01"))
    assert accepted(tmp_path)["crimes"]["time_form"] == "YYYY-MM-DDTHH:MM:SSZ"
    assert "recorded_at: 38 of 40 cells carry a zone and are read as the time in London at that instant" in summary_text
    assert "2 carry none and are not read" in summary_text


@pytest.mark.parametrize("zone", ["Z", "+00:00", " +0000", "UTC"])
def test_every_way_of_writing_a_zone_is_seen(tmp_path, zone):
    lines = ["Crime Number,Date Recorded,Outcome"]
    lines += [f"C{n},{n % 28 + 1:02d}/06/2026 23:30:00.000{zone},Charged" for n in range(20)]
    (tmp_path / "crimes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepare_return(tmp_path, REQUEST, "INV01")
    section = tomllib.loads((tmp_path / "mapping.toml").read_text(encoding="utf-8"))["tables"]["crimes"]
    assert section["time_form"] == "DD/MM/YYYY HH:MM:SSZ"
    assert section["columns"]["recorded_at"] == "Date Recorded"


def test_a_zoned_cell_is_the_local_time_of_london():
    assert str(parse_moment("2026-06-30T23:30:00Z", "YYYY-MM-DDTHH:MM:SSZ")) == "2026-07-01 00:30:00"
    assert str(parse_moment("2026-06-30 23:30 +01:00", "YYYY-MM-DD HH:MMZ")) == "2026-06-30 23:30:00"
    assert parse_moment("2026-06-30T23:30:00", "YYYY-MM-DDTHH:MM:SSZ") is None


def test_words_of_an_exporter_for_nothing_are_drafted_as_nothing(tmp_path):
    occurrences(tmp_path)
    prepare_return(tmp_path, REQUEST, "INV01")
    section = tomllib.loads((tmp_path / "mapping.toml").read_text(encoding="utf-8"))["tables"]["crimes"]
    assert section["values"]["outcome_code"]["NULL"] == ""


def write_manifest(folder, **rows):
    tables = "".join(
        f'[tables.{name}]\nsupplied = "whole"\ncomplete = "yes"\nsystem = "S"\nsearchable = "yes"\nquery = "q"\nrows = {n}\n'
        for name, n in rows.items()
    )
    return_section = (
        '[return]\nspec_version = "1.0"\nrequest = "TRIAL"\nforce_code = "INV01"\nperiod_from = 2026-01-01\n'
        'period_to = 2026-07-01\nhistory_from = 2025-01-01\nextracted_at = "2026-08-03T06:00"\nedition = 1\n'
        'contact_post = "Data officer"\n'
    )
    (folder / "return.toml").write_text(return_section + tables, encoding="utf-8")


def test_a_draft_that_is_agreed_to_brings_in_what_the_extract_says(tmp_path):
    """Of 40 crimes 14 are marked; 16 are of a class that is one code, 16 of one that is recalled, 8 of nothing known."""
    occurrences(tmp_path)
    prepare_return(tmp_path, REQUEST, "INV01")
    accepted(tmp_path)
    mapping = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    mapping = mapping.replace("[tables.crimes.columns]", 'fixed.scope_reason = "flagged"\n\n[tables.crimes.columns]')
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    write_manifest(tmp_path, crimes=40, flags=40)
    received = validate_return(tmp_path, REQUEST, threads=1)
    codes = received.tables["crimes"]["offence_code"].to_pylist()
    assert {code: codes.count(code) for code in codes if code} == {"20A": 8, "71": 8, "19C": 8, "86": 8}
    read = {row["crime_ref"] for row in received.tables["flags"].to_pylist()}
    crime_refs = set(received.tables["crimes"]["crime_ref"].to_pylist())
    assert read == {f"42{n:06d}/26" for n in range(40) if n % 3 == 0} & crime_refs


def test_the_printed_summary_holds_no_cell_of_a_person(tmp_path):
    occurrences(tmp_path, with_victims=True)
    (tmp_path / "request.toml").write_text("", encoding="utf-8")
    summary_text = summary(prepare_return(tmp_path, REQUEST, "INV01")) + (tmp_path / "mapping.toml").read_text(
        encoding="utf-8"
    )
    assert "Example" not in summary_text
    assert "Other" not in summary_text


def crimes_of(folder, head, *rows):
    lines = ["Crime Number,Offence Code," + head, *(f"C{n},88A,{rows[n % len(rows)]}" for n in range(30))]
    (folder / "crimes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    summary_text = summary(prepare_return(folder, REQUEST, "INV01"))
    return summary_text, (folder / "mapping.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", ["Date Recorded (UTC)", "Recorded GMT", "recorded_at_utc", "RecordedUTC"])
def test_times_without_a_zone_under_a_heading_that_says_utc_are_for_the_force_to_confirm(tmp_path, heading):
    summary_text, text = crimes_of(tmp_path, heading, "13/07/2025 10:00", "14/07/2025 11:00")
    assert f'# guess: recorded_at = "{heading}"' in text
    assert "its heading names universal time, and its cells carry no zone" in summary_text


def test_times_with_a_zone_under_a_heading_that_says_utc_are_found(tmp_path):
    summary_text, text = crimes_of(tmp_path, "Recorded UTC", "2025-07-13T10:00:07.123Z")
    assert re.search('^recorded_at = "Recorded UTC"', text, re.M)
    assert "30 of 30 cells carry a zone and are read as the time in London" in summary_text


def test_times_of_a_clock_of_twelve_hours_are_told_on_the_screen(tmp_path):
    summary_text, _ = crimes_of(tmp_path, "Date Recorded", "13-Jul-25 01:05 PM", "14-Jul-25 02:05 AM")
    assert "none of its 30 cells is in a known date format" in summary_text


def test_a_mark_that_is_put_as_a_question_is_a_guess(tmp_path):
    _, text = crimes_of(tmp_path, "Keywords", "CSE?", "CSE")
    assert re.search('^# # guess: "CSE[?]" = "cse"', text, re.M)
    assert not re.search('^(# )?"CSE[?]" = "cse"', text, re.M)


def test_a_denied_mark_is_near_to_no_flag_and_a_plain_no_needs_no_meaning(tmp_path):
    _, text = crimes_of(tmp_path, "Keywords", "Not CSE", "N", "CSE")
    assert '"Not CSE" = ""  # 10 rows; no similar value' in text
    assert '"N" =' not in text


def test_no_value_is_suggested_for_a_short_code_by_its_spelling(tmp_path):
    _, text = crimes_of(tmp_path, "Outcome", "NFA", "Charged")
    assert '# TODO: "NFA" = ""  # 15 rows; no similar value' in text


def test_people_in_numbered_columns_are_drafted_as_a_split(tmp_path):
    """Of 40 rows 20 name a first victim and 4 a second; a word such as unknown is no victim."""
    occurrences(tmp_path, with_victims=True)
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    assert {table.name for table in prepared.split_tables} == {"crimes", "involvements", "flags"}
    sections = tomllib.loads((tmp_path / "mapping.toml").read_text(encoding="utf-8"))["split"]
    births = [part["columns"]["date_of_birth"] for part in sections if part["table"] == "involvements"]
    assert births == ["VICTIM 1 DOB", "VICTIM 2 DOB"]
