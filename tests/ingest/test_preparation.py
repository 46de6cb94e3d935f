"""Is what a system exported told apart into what is sure, what is guessed and what only its force can know?"""

import tomllib
from datetime import date

import duckdb
import pytest
import xlsxwriter
from exports_by_hand import database, spreadsheets, warehouse
from small_return import REQUEST
from typer.testing import CliRunner

from assay import contract
from assay.cli import app
from assay.contract.declared_purposes import declare_tables
from assay.errors import SourceError, UnknownForce, UsageError
from assay.ingest.cell_expressions import _iso_form_sql
from assay.ingest.column_mapping import TableMapping
from assay.ingest.date_formats import strptime_format
from assay.ingest.preparation import prepare_return
from assay.ingest.preparation.cell_shapes import ColumnShape
from assay.ingest.preparation.code_meanings import WordMeanings, find_word_meanings
from assay.ingest.preparation.column_matching import ColumnMatch
from assay.ingest.preparation.header_detection import is_header_a_record
from assay.ingest.preparation.heading_words import heading_word_set
from assay.ingest.system_layouts import system_layouts
from assay.reference.processing_declarations import declarations_text

CRIMES = "Crime Number;Date Recorded;HO Code;Outcome\n"
SECRET = "QQSECRETQQ"


def crimes(folder, lines, head=CRIMES, name="crimes.csv"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def ten(outcome="Charged", day="13/02/2026"):
    return [f"C{n};{day};19D;{outcome}" for n in range(10)]


def mapping(folder, name="mapping.toml"):
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))["tables"]


def judged(prepared, truth):
    """(sure and right, sure and wrong, guessed and right, guessed and wrong), by heading."""
    found = [0, 0, 0, 0]
    for table_prepared in prepared.tables:
        for place, matches in ((0, table_prepared.sure_matches), (2, table_prepared.guessed_matches)):
            for match in matches:
                found[place + (truth[table_prepared.proposal.export.file][match.heading] != match.column)] += 1
    return tuple(found)


def test_a_file_of_summaries_is_known_by_columns_that_may_be_absent(tmp_path):
    """Crimes have the same columns but the text; a file with all four is one of summaries."""
    lines = [f"C{n};19D;2026-02-13T10:00;Words {n}" for n in range(10)]
    folder = crimes(tmp_path, lines, "crime_ref;offence_code;recorded_at;text\n", "export.csv")
    assert [draft.proposal.table.name for draft in prepare_return(folder, REQUEST, "INV01").tables] == ["summaries"]


@pytest.mark.parametrize(("export", "sure", "found"), [(warehouse, 11, 19), (spreadsheets, 11, 13), (database, 13, 20)])
def test_nothing_that_is_sure_of_an_export_of_other_words_is_wrong(tmp_path, export, sure, found):
    """22, 15 and 23 headings mean a column that is asked; none may be taken for another and be sure."""
    truth = export(tmp_path)
    sure_right, sure_wrong, guessed_right, guessed_wrong = judged(prepare_return(tmp_path, REQUEST, "INV01"), truth)
    assert sure_wrong == 0
    assert guessed_wrong <= 1
    assert sure_right >= sure
    assert sure_right + guessed_right >= found


def test_delimiter_encoding_and_form_of_dates_are_read_from_the_file(tmp_path):
    folder = crimes(tmp_path, [])
    text = CRIMES + "".join(f"C{n};31/01/2026 09:{n:02d};19D;Zoë\n" for n in range(10))
    (folder / "crimes.csv").write_bytes(text.encode("windows-1252"))
    prepare_return(folder, REQUEST, "INV01")
    crime_mapping = mapping(folder)["crimes"]
    assert (crime_mapping["delimiter"], crime_mapping["encoding"]) == (";", "windows-1252")
    assert (crime_mapping["date_form"], crime_mapping["time_form"]) == ("DD/MM/YYYY", "DD/MM/YYYY HH:MM")
    assert crime_mapping["fixed"] == {"force_code": "INV01"}


def test_dates_that_do_not_tell_day_from_month_are_a_guess_and_no_line(tmp_path):
    prepared = prepare_return(crimes(tmp_path, ten(day="03/02/2026 09:30")), REQUEST, "INV01")
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert '# guess: time_form = "DD/MM/YYYY HH:MM"  # no day is above 12' in text
    assert not {"date_form", "time_form"} & set(mapping(tmp_path)["crimes"])
    assert any("dates perhaps DD/MM/YYYY" in line for line in prepared.summary_lines())
    assert any("the form of its dates is a guess: no day is above 12" in line for line in prepared.summary_lines())
    assert prepared.as_dict()["tables"]["crimes"]["form_sure"] is False


def draft_of(folder, form):
    (folder / "mapping.toml").write_text(f'[tables.crimes]\ndelimiter = ";"\ndate_form = "{form}"\n', encoding="utf-8")


def test_a_form_that_a_person_wrote_is_kept_where_the_cells_fit_it(tmp_path):
    """The third of February or the second of March: the cells fit both, and the person knows."""
    draft_of(crimes(tmp_path, ten(day="03/02/2026")), "MM/DD/YYYY")
    prepare_return(tmp_path, REQUEST, "INV01")
    assert mapping(tmp_path, "mapping.draft.toml")["crimes"]["date_form"] == "MM/DD/YYYY"


def test_a_form_that_a_person_wrote_is_left_with_a_word_where_the_cells_are_in_another(tmp_path):
    draft_of(crimes(tmp_path, ten(day="13/02/2026")), "MM/DD/YYYY")
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    assert mapping(tmp_path, "mapping.draft.toml")["crimes"]["date_form"] == "DD/MM/YYYY"
    assert "crimes.csv: its dates do not fit MM/DD/YYYY, the format that was used before." in prepared.remarks


def test_a_form_of_times_goes_with_the_form_of_days_that_a_person_wrote(tmp_path):
    draft_of(crimes(tmp_path, ten(day="03/02/2026 09:30")), "MM/DD/YYYY")
    prepare_return(tmp_path, REQUEST, "INV01")
    assert mapping(tmp_path, "mapping.draft.toml")["crimes"]["time_form"] == "MM/DD/YYYY HH:MM"


def test_months_before_days_are_seen_where_a_day_above_12_tells_them(tmp_path):
    prepare_return(crimes(tmp_path, ten(day="02/13/2026")), REQUEST, "INV01")
    assert mapping(tmp_path)["crimes"]["date_form"] == "MM/DD/YYYY"


def test_a_guess_is_no_line_of_the_mapping(tmp_path):
    prepare_return(crimes(tmp_path, ten(), head="Crime Number;Date Created;HO Code;Outcome\n"), REQUEST, "INV01")
    assert "recorded_at" not in mapping(tmp_path)["crimes"]["columns"]
    assert '# guess: recorded_at = "Date Created"' in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_a_heading_that_means_a_column_is_not_sure_where_its_cells_are_no_dates(tmp_path):
    lines = [f"C{n};see file;19D;16" for n in range(10)]
    prepared = prepare_return(crimes(tmp_path, lines), REQUEST, "INV01").tables[0]
    assert [match.column for match in prepared.guessed_matches] == ["recorded_at"]
    assert "its cells are dates in an unknown format: export them as DD/MM/YYYY" in prepared.guessed_matches[0].reason


def test_a_heading_that_means_a_column_is_not_sure_where_its_list_knows_none_of_its_words(tmp_path):
    prepared = prepare_return(crimes(tmp_path, ten("Ash Example")), REQUEST, "INV01").tables[0]
    assert [match.column for match in prepared.guessed_matches] == ["outcome_code"]


def test_days_and_months_of_one_digit_are_dates_as_they_are_to_what_reads_the_return(tmp_path):
    """The 13th of the second month is written 13/2/2026; the contract's own form has two digits always."""
    assert ColumnShape(2, 2, {"13/2/2026 9:05": 1, "1/2/2011 14:05": 1}).dates.time == "DD/MM/YYYY HH:MM"
    assert ColumnShape(1, 1, {"2026-2-13": 1}).dates.day_form == ""
    prepare_return(crimes(tmp_path, ten(day="13/2/2026")), REQUEST, "INV01")
    text = _iso_form_sql(
        "recorded_at", TableMapping(date_form=strptime_format(mapping(tmp_path)["crimes"]["date_form"]))
    )
    assert duckdb.sql(f"select {text} from (select '13/2/2026' as recorded_at)").fetchall() == [("2026-02-13",)]


def test_two_headings_that_mean_one_column_are_both_left_to_a_person(tmp_path):
    head = "Crime Number;Crime Ref;Date Recorded;HO Code\n"
    prepared = prepare_return(
        crimes(tmp_path, [f"C{n};D{n};13/02/2026;19D" for n in range(10)], head), REQUEST, "INV01"
    ).tables[0]
    assert "crime_ref" not in [match.column for match in prepared.sure_matches]
    assert next(match for match in prepared.guessed_matches if match.column == "crime_ref").reason.count("so may") == 1


def test_words_that_a_list_knows_are_translated_and_no_others(tmp_path):
    prepare_return(
        crimes(tmp_path, [*ten("Community Resolution"), *ten("Unknown"), *ten("To be looked at")]), REQUEST, "INV01"
    )
    assert mapping(tmp_path)["crimes"]["values"]["outcome_code"] == {"Community Resolution": "8", "Unknown": ""}
    assert '# TODO: "To be looked at" = ""  # 10 rows' in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_an_unknown_word_in_four_rows_is_counted_and_not_shown_and_in_five_it_is_shown():
    sex = contract.table("involvements").column("sex")
    found = find_word_meanings(sex, {"F": 20, "Fem": 5, "Zed": 4})
    assert [(word.word, word.rows) for word in found.unmapped] == [("Fem", 5)]
    assert (found.hidden_words, found.hidden_rows) == (1, 4)


def test_a_column_of_more_than_thirty_unknown_words_is_no_list_and_shows_none():
    role = contract.table("involvements").column("role")
    assert find_word_meanings(role, {"victim": 9, **{f"Name {n}": 9 for n in range(31)}}).unmapped == ()
    assert len(find_word_meanings(role, {"victim": 9, **{f"Word {n}": 9 for n in range(30)}}).unmapped) == 30


def test_a_column_of_which_no_word_is_known_may_hold_names_and_shows_none():
    role = contract.table("involvements").column("role")
    assert find_word_meanings(role, {"Ash Example": 9}) == WordMeanings(hidden_words=1, hidden_rows=9)
    assert (
        find_word_meanings(role, {"Ash Example": 9, "Not known": 5}).unmapped == ()
    )  # that nothing is known is said anywhere
    assert [
        unmapped_word.word for unmapped_word in find_word_meanings(role, {"Onlooker": 9, "victim": 1}).unmapped
    ] == ["Onlooker"]
    assert [
        unmapped_word.word
        for unmapped_word in find_word_meanings(
            role, {"Onlooker": 9, "Vic": 1}, previous_translations={"vic": "victim"}
        ).unmapped
    ] == ["Onlooker"]


def test_an_unknown_word_that_stands_among_the_names_is_not_shown():
    role = contract.table("involvements").column("role")
    assert find_word_meanings(role, {"Example": 9, "victim": 9}, withheld_words={"example"}).unmapped == ()
    assert find_word_meanings(role, {"Ash Example": 9, "victim": 9}, withheld_words={"example"}).unmapped == ()


def test_a_title_of_several_offences_is_shown_with_the_codes_that_it_could_be_however_rare_it_is():
    offence = contract.table("crimes").column("offence_code")
    found = find_word_meanings(offence, {"71": 9, "Sexual assault on a female": 1, "Rape": 1})
    assert [(word.word, word.nearest) for word in found.unmapped] == [("Sexual assault on a female", ("20A", "20B"))]
    assert found.translations == {}
    assert found.hidden_words == 1


@pytest.mark.parametrize("heading", ["Surname", "Last Known Postcode", "Full Surname Forename"])
def test_a_name_in_a_coded_column_is_not_shown_if_it_stands_in_any_file_of_the_folder(tmp_path, heading):
    """The other file is of no table, or of one that is not asked; its names are names all the same."""
    folder = crimes(tmp_path, [*ten("Ash Example"), *ten("16")])
    crimes(folder, ["1;Example, Ash"], f"Row;{heading}\n", "other.csv")
    prepared = prepare_return(folder, REQUEST, "INV01")
    assert prepared.tables[0].meanings["outcome_code"].hidden_words == 1
    assert "Ash" not in str(prepared.as_dict()) + "".join(path.read_text(encoding="utf-8") for path in prepared.paths)


def test_nothing_that_stands_in_names_dates_of_birth_or_text_is_told_or_drafted(tmp_path):
    head = "Link Number;Crime Number;Role;Forenames;Surname;DOB;Postcode;Telephone\n"
    lines = [f"L{n};C{n};Victim;{SECRET};{SECRET};{SECRET};{SECRET};{SECRET}" for n in range(20)]
    folder = crimes(crimes(tmp_path, ten(SECRET)[:4]), lines, head, "people.csv")
    prepared = prepare_return(folder, REQUEST, "INV01")
    texts_written = [path.read_text(encoding="utf-8") for path in prepared.paths]
    assert SECRET not in "\n".join([*prepared.summary_lines(), *texts_written, str(prepared.as_dict())])


def test_a_file_whose_first_line_is_a_record_is_refused_without_a_word_of_it(tmp_path):
    folder = crimes(
        crimes(tmp_path, ten()),
        [f"Ash;Example{n};13/02/2011" for n in range(9)],
        "Ash;Example;12/02/2011\n",
        "people.csv",
    )
    summary = "\n".join(prepare_return(folder, REQUEST, "INV01").summary_lines())
    assert "people.csv: the first line looks like a record" in summary
    assert "Example" not in summary


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            ";".join(f"Column {n}" for n in range(801)) + "\n" + ";".join(["Example"] * 801),
            "it has 801 columns, and at",
        ),
        ("Example" * 20_000, "a cell of its first line is too long for the name of a column"),
    ],
)
def test_a_file_that_is_no_table_of_an_export_is_refused_without_a_word_of_it(tmp_path, content, message):
    folder = crimes(tmp_path, ten())
    (folder / "other.csv").write_text(content, encoding="utf-8")
    summary = "\n".join(prepare_return(folder, REQUEST, "INV01").summary_lines())
    assert f"other.csv: {message}" in summary
    assert "Example" not in summary


def test_a_file_that_is_removed_while_it_is_read_is_named_as_the_cause_in_place_of_the_error_of_a_reader(
    tmp_path, monkeypatch
):
    folder = crimes(tmp_path, ten())

    def read_and_remove(*_):
        (folder / "crimes.csv").unlink()
        raise FileNotFoundError("crimes.csv: Ash Example")

    monkeypatch.setattr("assay.ingest.preparation.return_preparation._read_exports", read_and_remove)
    with pytest.raises(SourceError, match=r"^A file changed while it was read \(R01\), so nothing of it is used\."):
        prepare_return(folder, REQUEST, "INV01")
    monkeypatch.undo()
    crimes(tmp_path, ten())
    monkeypatch.setattr("assay.ingest.preparation.return_preparation._read_exports", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        prepare_return(folder, REQUEST, "INV01")


@pytest.mark.parametrize("head", ["C0;Ash;Example;North;Seen", "F;victim;Example;yes;high"])
def test_a_first_line_of_references_or_codes_is_a_record_too(tmp_path, head):
    folder = crimes(tmp_path, ten())
    crimes(
        folder,
        [head.replace("C0", f"C{n}").replace("Example", f"Example{n}") for n in range(1, 9)],
        f"{head}\n",
        "people.csv",
    )
    prepared = prepare_return(folder, REQUEST, "INV01")
    assert (
        "people.csv: the first line looks like a record. Export it with the names of its columns." in prepared.remarks
    )
    assert "Example" not in str(prepared.as_dict())


def test_a_heading_with_a_number_is_a_heading_where_no_references_stand_below_it(tmp_path):
    head = CRIMES.replace("Outcome", "Outcome;LINE1")
    prepared = prepare_return(crimes(tmp_path, [f"{line};North" for line in ten()], head), REQUEST, "INV01")
    assert prepared.tables[0].proposal.unmatched_headings == ("LINE1",)


@pytest.mark.parametrize("name", contract.tables())
def test_the_contracts_own_names_of_columns_are_no_record(name):
    assert not is_header_a_record(
        {column: ColumnShape(0, 0, {}) for column in ("force_code", *contract.table(name).column_names)}
    )


def test_the_sheets_of_a_workbook_that_were_not_read_are_named(tmp_path):
    with xlsxwriter.Workbook(crimes(tmp_path, ten()) / "people.xlsx") as workbook:
        for sheet in ("Notes", "People", "Places"):
            workbook.add_worksheet(sheet).write_row(0, 0, ["Crime Number", "Seen By"])
    prepared = prepare_return(tmp_path, REQUEST, "INV01")
    sentence = (
        "people.xlsx: only its first sheet was read, and not People, Places. Put the sheet of the table first, or save "
        "it as a file of its own."
    )
    assert sentence in prepared.remarks
    assert f"# Noticed: {sentence}\n" in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_a_column_that_nobody_asks_for_is_told_and_not_drafted(tmp_path):
    """first_offence_code is read by nothing: its heading is not taken for offence_code instead."""
    head = CRIMES.replace("HO Code", "First Offence Code")
    prepared = prepare_return(crimes(tmp_path, ten(), head), REQUEST, "INV01")
    assert prepared.tables[0].proposal.unrequested == {"first_offence_code": "First Offence Code"}
    assert prepared.as_dict()["tables"]["crimes"]["not_asked"] == {"first_offence_code": "First Offence Code"}
    assert set(mapping(tmp_path)["crimes"]["columns"]) == {"crime_ref", "recorded_at", "outcome_code"}
    assert "cancel_ground" not in (tmp_path / "return.toml").read_text(encoding="utf-8")


NOTES = "note_ref;crime_ref;entry_at;text\n"


def test_a_table_with_texts_is_drafted_whole_where_the_request_declares_it_alone(tmp_path):
    folder = crimes(tmp_path, [f"N{n};C{n};13/02/2026;a" for n in range(9)], NOTES, "notes.csv")
    declared = declare_tables(legal_basis="b", holder="h", destroy_by=date(2030, 1, 1), also=("notes",))
    prepared = prepare_return(folder, REQUEST, "INV01", declared={"notes": declared["notes"]})
    assert {"note_ref", "crime_ref", "entry_at", "text"} <= set(mapping(folder)["notes"]["columns"])
    assert prepared.tables[0].proposal.unrequested == {}
    assert set(tomllib.loads((folder / "return.toml").read_text(encoding="utf-8"))["tables"]) == {"notes"}


def test_a_file_of_a_table_that_the_request_does_not_declare_is_told_and_not_drafted(tmp_path):
    folder = crimes(crimes(tmp_path, ten()), [f"N{n};C{n};13/02/2026;a" for n in range(9)], NOTES, "notes.csv")
    declared = declare_tables(legal_basis="b", holder="h", destroy_by=date(2030, 1, 1), tier=2)
    prepared = prepare_return(folder, REQUEST, "INV01", declared=declared)
    assert [table.name for table in prepared.tables] == ["crimes"]
    assert "notes.csv: it looks like notes, which is not requested. Do not send it." in prepared.remarks


def test_the_command_drafts_what_its_request_declares(tmp_path):
    declared = declare_tables(legal_basis="b", holder="h", destroy_by=date(2030, 1, 1))
    text = f"{declarations_text({'crimes': declared['crimes']})}\n{REQUEST.to_toml()}"
    (tmp_path / "asked.toml").write_text(text, encoding="utf-8")
    folder = crimes(tmp_path / "export", ten())
    command_result = CliRunner().invoke(
        app, ["prepare", str(folder), "--request", str(tmp_path / "asked.toml"), "--force", "INV01"]
    )
    assert command_result.exit_code == 0
    assert set(tomllib.loads((folder / "return.toml").read_text(encoding="utf-8"))["tables"]) == {"crimes"}


def test_what_a_person_wrote_is_left_as_it_is_and_taken_over_into_the_draft(tmp_path):
    folder = crimes(tmp_path, ten("Panel"), head="Crime Number;Date Created;HO Code;Outcome\n")
    own_mapping = '[tables.crimes]\ndelimiter = ";"\n[tables.crimes.columns]\nrecorded_at = "Date Created"\n' \
           '[tables.crimes.values.outcome_code]\n"Panel" = "8"\n'  # fmt: skip
    (folder / "mapping.toml").write_text(own_mapping, encoding="utf-8")
    (folder / "return.toml").write_text("mine", encoding="utf-8")
    prepared = prepare_return(folder, REQUEST, "INV01")
    assert (folder / "mapping.toml").read_text(encoding="utf-8") == own_mapping
    assert (folder / "return.toml").read_text(encoding="utf-8") == "mine"
    drafted = mapping(folder, "mapping.draft.toml")["crimes"]
    assert drafted["columns"]["recorded_at"] == "Date Created"
    assert drafted["columns"]["crime_ref"] == "Crime Number"
    assert drafted["values"]["outcome_code"] == {"Panel": "8"}
    assert [path.name for path in prepared.paths] == ["mapping.draft.toml", "return.draft.toml"]


def test_last_years_mapping_is_used_again_and_a_column_that_is_gone_is_named(tmp_path):
    last = tmp_path / "last.toml"
    last.write_text('[tables.crimes]\nfile = "2025.csv"\n[tables.crimes.columns]\ncrime_ref = "Crime Number"\n'
                    'recorded_at = "Date Recorded"\nclosed_at = "Put Away"\n', encoding="utf-8")  # fmt: skip
    prepared = prepare_return(crimes(tmp_path / "now", ten(), name="2026.csv"), REQUEST, "INV01", last_year=last)
    assert mapping(tmp_path / "now")["crimes"]["file"] == "2026.csv"
    assert mapping(tmp_path / "now")["crimes"]["columns"]["recorded_at"] == "Date Recorded"
    assert (
        "last year's mapping, crimes: 2026.csv no longer has the column Put Away (our closed_at)." in prepared.remarks
    )


def test_a_wrong_mapping_of_last_year_is_refused_with_what_is_wrong(tmp_path):
    last = tmp_path / "last.toml"
    last.write_text('[tables.crimes.columns]\ncrime_reff = "No"\n', encoding="utf-8")
    with pytest.raises(SourceError, match="Did you mean crime_ref"):
        prepare_return(crimes(tmp_path / "now", ten()), REQUEST, "INV01", last_year=last)


def test_the_draft_of_the_cover_says_nothing_that_only_the_force_can_say(tmp_path):
    prepare_return(crimes(tmp_path, ten()), REQUEST, "INV01", system="Example records")
    manifest_data = tomllib.loads((tmp_path / "return.toml").read_text(encoding="utf-8"))
    assert "extracted_at" not in manifest_data["return"]
    assert manifest_data["tables"]["crimes"].keys() == {"supplied", "system", "rows", "columns_not_sent"}
    assert manifest_data["tables"]["crimes"]["supplied"] == "part"  # closed_at and others are not in the file
    assert (manifest_data["tables"]["crimes"]["rows"], manifest_data["tables"]["crimes"]["columns_not_sent"]) == (
        10,
        {},
    )
    assert manifest_data["tables"]["flags"] == {"supplied": "none"}
    assert set(manifest_data["tables"]) == set(contract.requested_tables())  # what is not asked needs no answer


def test_a_system_whose_layout_is_not_public_is_said_to_have_none(tmp_path):
    prepared = prepare_return(crimes(tmp_path, ten()), REQUEST, "INV01", system="Some RMS")
    assert any(remark.startswith("There is no layout for Some RMS") for remark in prepared.remarks)


def test_two_files_of_one_table_are_told_and_not_mixed(tmp_path):
    folder = crimes(crimes(tmp_path, ten(), name="crimes 2025.csv"), ten(), name="crimes 2026.csv")
    prepared = prepare_return(folder, REQUEST, "INV01")
    assert [table.name for table in prepared.tables] == ["crimes"]
    assert any("A table must be one file: join them." in remark for remark in prepared.remarks)


def test_a_folder_with_nothing_to_read_and_a_force_that_was_not_asked_are_refused(tmp_path):
    with pytest.raises(UsageError, match="no CSV"):
        prepare_return(tmp_path, REQUEST, "INV01")
    with pytest.raises(UnknownForce):
        prepare_return(crimes(tmp_path, ten()), REQUEST, "INV77")


@pytest.mark.parametrize(
    ("first_heading", "other"), [("CrimeNo", "Crime Number"), ("crime_ref", "CRIME REF."), ("DOB", "Date of Birth"), ("DateTimeRecorded", "recorded_at")]
)  # fmt: skip
def test_headings_of_the_same_words_are_the_same(first_heading, other):
    assert heading_word_set(first_heading) == heading_word_set(other)


def test_a_day_alone_and_a_time_in_one_column_are_one_form():
    dates = ColumnShape(3, 3, {"31/01/2026": 1, "31/01/2026 09:30": 1, "01/02/2026": 1}).dates
    assert (dates.day, dates.time, dates.share) == ("DD/MM/YYYY", "DD/MM/YYYY HH:MM", 1.0)


def test_no_layout_claims_to_be_a_record_system_and_each_says_how_it_is_known():
    assert {layout.name: layout.status for layout in system_layouts()} == {
        "words in common use": "recalled",
        "Home Office open data": "seen",
        "Minimum POLE Data Standards Dictionary": "seen",
        "data.police.uk street-level crime": "seen",
        "iHub standard data model": "seen",
    }


def test_a_match_tells_its_ground(tmp_path):
    prepared = prepare_return(crimes(tmp_path, ten()), REQUEST, "INV01").tables[0]
    assert prepared.proposal.matches["crime_ref"] == ColumnMatch(
        "crime_ref", "Crime Number", True, "the same words as the name in the contract"
    )
