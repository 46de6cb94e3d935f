"""What becomes of a folder of voices or documents: each rule by one small example, and no content in any letter."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract.table_spec import Column, TableSpec
from assay.errors import DefinitionError, EvidenceError, ReturnRefused
from assay.feedback.other_sender_letter import sender_letter_csv, sender_letter_html
from assay.indicators.document_checklists import checklists
from assay.indicators.fieldwork_question_sets import fieldwork_sets, interview
from assay.ingest import other_senders
from assay.ingest.file_readers.delimited_files import DelimitedFile
from assay.ingest.other_senders import other_table_reader
from assay.ingest.other_senders.other_cells import InvalidValueError, parse_value
from assay.ingest.other_senders.other_table_spec import parse_table
from ingest.other_sent import DOCUMENT, ESSEX, KENT, NOTE, QUOTE, REQUEST, VOICE, answers, write_sent

PROFILE = checklists()["problem_profile_document"]


def read_folder(folder, **fields):
    return other_senders.read_submission(write_sent(folder, **fields), REQUEST, {**checklists(), **fieldwork_sets()})


def broken(found):
    return [(item.rule, item.table, item.line) for item in found.errors]


def test_a_whole_folder_is_accepted_row_by_row(tmp_path):
    found = read_folder(tmp_path / "a", voices=[VOICE], voice_answers=answers(20, 10), voice_quotations=[QUOTE])
    assert broken(found) == []
    assert found.tables["voice_answers"]["people"].to_pylist() == [20, 10]
    assert found.tables["voices"]["sender"].to_pylist() == ["SURVIVORS"]


@pytest.mark.parametrize(
    "lacks",
    [
        {"consent_by": ""},
        {"consent_recorded_on": ""},
        {"redacted_on": ""},
        {"redacted_on": "2026-01-19"},
    ],
    ids=["nobody is said to have agreed", "no day of consent", "not redacted", "redacted before it was agreed"],
)
def test_a_quotation_without_consent_and_redaction_is_refused_with_a_letter_and_its_text_is_kept_nowhere(
    tmp_path, lacks
):
    found = read_folder(tmp_path / "a", voices=[VOICE], voice_quotations=[QUOTE | lacks])
    assert broken(found) == [("V14", "voice_quotations", 2)]
    assert found.tables["voice_quotations"].num_rows == 0
    everything = sender_letter_html(found) + sender_letter_csv(found) + str(found.rows) + str(found.set_aside_lines)
    assert "V14" in sender_letter_csv(found)
    assert "She rang" not in everything


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        ({"voices": [VOICE | {"answered": ""}]}, "V11"),
        ({"voices": [VOICE | {"asked": 20}]}, "V11"),
        ({"voices": [VOICE], "voice_answers": answers(20, 9)}, "V12"),
        ({"voices": [VOICE], "voice_answers": answers(20, 11)}, "V12"),
        ({"voices": [VOICE | {"ended_on": "2025-12-31"}]}, "V17"),
        ({"voices": [VOICE | {"place_code": "E23000099"}]}, "V09"),
        ({"voices": [VOICE | {"not_reached": ""}]}, "V08"),
        ({"voices": [VOICE | {"not_reached": "Ring 020 7946 0000 to hear"}]}, "V21"),
        ({"voices": [VOICE, VOICE]}, "V07"),
        ({"voice_answers": answers(1)}, "V10"),
        (
            {"voices": [VOICE], "voice_themes": [
                {"voice_ref": "V1", "line": "attitudes", "theme": "believed", "people": 31}]},
            "V13",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_set_aside_under_its_rule(tmp_path, tables, rule):
    found = read_folder(tmp_path / "a", **tables)
    assert {item.rule for item in found.errors} >= {rule}
    assert all(not found.rows[name] for name in tables if name in {item.table for item in found.errors})


def test_a_survey_that_is_set_aside_takes_with_it_what_hangs_on_it(tmp_path):
    found = read_folder(
        tmp_path / "a", voices=[VOICE | {"consent": ""}], voice_answers=answers(30), voice_quotations=[QUOTE]
    )
    assert broken(found) == [
        ("V08", "voices", 2), ("V10", "voice_answers", 2), ("V10", "voice_quotations", 2)
    ]  # fmt: skip


def test_figures_of_advocates_add_up_and_hang_on_an_asking_of_their_kind(tmp_path):
    voice = VOICE | {"voice_kind": "advocates", "answered": "", "asked": ""}
    quarter = {
        "voice_ref": "V1",
        "quarter_start": "2026-01-01",
        "offered": 10,
        "taken_up": 6,
        "declined": 3,
        "no_answer": 1,
    }
    fields = {"sender": "HELP", "kind": "advocacy_service"}
    assert broken(read_folder(tmp_path / "a", voices=[voice], advocates=[quarter], **fields)) == []
    uneven = [quarter | {"no_answer": 2}]
    assert broken(read_folder(tmp_path / "b", voices=[voice], advocates=uneven, **fields)) == [("V16", "advocates", 2)]
    late = [quarter | {"quarter_start": "2026-02-01"}]
    assert broken(read_folder(tmp_path / "c", voices=[voice], advocates=late, **fields)) == [("V15", "advocates", 2)]
    assert broken(read_folder(tmp_path / "d", voices=[VOICE], advocates=[quarter], **fields)) == [
        ("V20", "advocates", 2)
    ]


def test_a_table_that_this_kind_of_sender_does_not_send_is_refused_alone(tmp_path):
    complaint = {"voice_ref": "V1", "quarter_start": "2026-01-01", "complaint_kind": "complaint", "received": 3}
    found = read_folder(tmp_path / "a", voices=[VOICE], complaints=[complaint])
    assert broken(found) == [("V03", "complaints", 0)]
    assert len(found.rows["voices"]) == 1


def test_a_file_without_a_column_and_a_line_with_a_cell_too_many_are_told(tmp_path):
    folder = write_sent(tmp_path / "a", voices=[VOICE])
    text = (folder / "voices.csv").read_text()
    (folder / "voices.csv").write_text(text.replace("consent", "agreement"))
    assert broken(other_senders.read_submission(folder, REQUEST, {})) == [("V05", "voices", 0)]
    (folder / "voices.csv").write_text(text + "one,more\n")
    assert broken(other_senders.read_submission(folder, REQUEST, {})) == [("V06", "voices", 3)]
    (folder / "voices.csv").write_bytes(b"\xff\xfe\x00")
    assert broken(other_senders.read_submission(folder, REQUEST, {})) == [("V04", "voices", 0)]


@pytest.mark.parametrize(
    ("limit", "maximum", "rule"), [("MAX_BYTES", 400, "V04"), ("MAX_RECORDS", 2, "V04"), ("MAX_RECORDS", 3, "")]
)
def test_a_table_larger_than_any_that_is_sent_is_not_read(tmp_path, monkeypatch, limit, maximum, rule):
    monkeypatch.setattr(other_table_reader, limit, maximum)
    found = read_folder(tmp_path / "a", voices=[VOICE | {"voice_ref": f"V{n}"} for n in range(3)])
    assert broken(found) == ([(rule, "voices", 0)] if rule else [])
    assert found.records.get("voices", 0) == (0 if rule else 3)


def test_a_lone_quote_costs_one_line_of_a_table_and_not_the_table(tmp_path):
    folder = write_sent(tmp_path / "a", voices=[VOICE | {"voice_ref": f"V{n}"} for n in range(3)])
    lines = (folder / "voices.csv").read_text().splitlines()
    lines[2] = '"' + lines[2]
    (folder / "voices.csv").write_text("\n".join(lines) + "\n")
    found = other_senders.read_submission(folder, REQUEST, {})
    assert broken(found) == [("V06", "voices", 3)]
    assert (len(found.rows["voices"]), found.records["voices"]) == (2, 3)


def test_a_reader_that_loses_a_record_of_any_sender_stops_and_says_so(tmp_path, monkeypatch):
    folder = write_sent(tmp_path / "a", voices=[VOICE, VOICE | {"voice_ref": "V2"}])
    complete_sql = DelimitedFile._reader_sql
    monkeypatch.setattr(
        DelimitedFile, "_reader_sql", lambda file, path: f"(select * from {complete_sql(file, path)} limit 1)"
    )
    with pytest.raises(EvidenceError, match=r"2 sound records were counted in the bytes .* the reader found 1"):
        other_senders.read_submission(folder, REQUEST, {})


def test_no_sender_has_a_reader_of_delimited_files_of_its_own():
    """Every cell of a delimited file that somebody sent is read where its records are counted."""
    package = Path(other_senders.__file__).parent
    assert [path.name for path in package.glob("*.py") if "import csv" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"caf\xe9,b\n1,2\n", "not text in UTF-8"),
        (b"a,A\n1,2\n", "more than once in the header"),
        (b"PK\x03\x04" + bytes(40), "not text in UTF-8|a spreadsheet or archive"),
        (b"", "the file is empty"),
    ],
)
def test_the_letter_to_any_sender_says_why_a_file_is_not_a_table(tmp_path, content, sentence):
    folder = write_sent(tmp_path / "a", voices=[VOICE])
    (folder / "voices.csv").write_bytes(content)
    found = other_senders.read_submission(folder, REQUEST, {})
    assert broken(found) == [("V04", "voices", 0)]
    for letter in (sender_letter_html(found), sender_letter_csv(found)):
        assert re.search(sentence, letter)


def linked(path):
    path.rename(path.with_suffix(".original"))
    path.symlink_to(path.with_suffix(".original"))


@pytest.mark.parametrize(
    ("harm", "limits", "problem"),
    [
        (linked, {}, "it is a link"),
        (lambda path: None, {"MAX_BYTES": 20}, "it is larger than 20 bytes"),
        (lambda path: None, {"MAX_RECORDS": 1}, "it holds 2 records, and at most 1 is read"),
        (lambda path: path.with_name("VOICES.csv").write_bytes(b""), {}, "there are 2 files for one table"),
        (lambda path: path.write_bytes(b"caf\xe9,b\n1,2\n"), {}, "this is not text in UTF-8"),
        (lambda path: path.write_bytes(b"a,A\n1,2\n"), {}, "more than once in the header"),
        (lambda path: path.write_bytes(b",\n1,2\n"), {}, "there is no header"),
        (lambda path: path.write_bytes(b""), {}, "the file is empty"),
        (lambda path: (path.unlink(), path.mkdir()), {}, "it cannot be opened"),
    ],
)
def test_every_sentence_on_a_file_that_is_no_table_ends_with_what_to_do(tmp_path, monkeypatch, harm, limits, problem):
    for limit, number in limits.items():
        monkeypatch.setattr(other_table_reader, limit, number)
    folder = write_sent(tmp_path / "a", voices=[VOICE, VOICE | {"voice_ref": "V2"}])
    harm(folder / "voices.csv")
    (error,) = other_senders.read_submission(folder, REQUEST, {}).errors
    reason, *_, next_step = re.split(
        r"(?<=[.:]) ", error.correction.removeprefix("voices.csv: ").removeprefix("VOICES.csv: ")
    )
    assert problem in reason
    assert re.match(r"(Send|Export|Give|Copy) |the first line must ", next_step)


def test_an_empty_file_of_any_sender_is_told(tmp_path):
    folder = write_sent(tmp_path / "a", voices=[VOICE])
    (folder / "voices.csv").write_bytes(b"")
    assert broken(other_senders.read_submission(folder, REQUEST, {})) == [("V04", "voices", 0)]


def test_two_files_for_one_table_are_told_and_no_row_of_one_takes_the_place_of_the_other_s(tmp_path):
    folder = write_sent(tmp_path / "a", voices=[VOICE])
    (folder / "VOICES.csv").write_bytes((folder / "voices.csv").read_bytes())
    found = other_senders.read_submission(folder, REQUEST, {})
    assert broken(found) == [("V04", "voices", 0)]
    assert found.rows == {}


@pytest.mark.parametrize(
    ("sender", "kind"),
    [("SURVIVORS", "nobody"), (KENT, "survivors_body"), ("KENT", "force"), ("NCA", "force"), (KENT, "national_body")],
)
def test_a_cover_that_does_not_say_who_sends_refuses_the_folder(tmp_path, sender, kind):
    with pytest.raises(ReturnRefused, match=r"^V01"):
        read_folder(tmp_path / "a", sender=sender, kind=kind, voices=[VOICE])


def test_a_national_body_sends_lessons_documents_and_facts_of_groups_and_nothing_else(tmp_path):
    permitted = {name for name, item in other_senders.tables().items() if "national_body" in item.senders}
    assert permitted == {"documents", "document_questions", "lessons", "group_facts"}
    fact = {"group_ref": "G1", "body_code": ESSEX, "fact_kind": "suspects", "as_of": "2026-01-01"}
    lesson = {
        "lesson_ref": "L1",
        "body_code": "NCA",
        "line": "lessons",
        "said_on": "2026-01-01",
        "lesson": "Share early",
    }
    fields = {"sender": "NCA", "kind": "national_body"}
    found = read_folder(tmp_path / "a", group_facts=[fact], lessons=[lesson], documents=[DOCUMENT], **fields)
    assert broken(found) == []
    assert broken(read_folder(tmp_path / "b", voices=[VOICE], **fields)) == [("V03", "voices", 0)]


def test_a_check_of_a_document_stands_only_with_the_checklist_as_it_is_today(tmp_path):
    check = {
        "document_ref": "D1", "checklist": PROFILE.key, "checklist_version": PROFILE.version,
        "checksum": PROFILE.checksum, "item": "group_section", "answer": "met", "marker_code": "M1",
    }  # fmt: skip
    fields = {"sender": "INSPECTION", "kind": "inspection", "documents": [DOCUMENT]}
    assert broken(read_folder(tmp_path / "a", document_checks=[check], **fields)) == []
    for place, wrong in enumerate(
        ({"checksum": "0" * 64}, {"item": "no_such"}, {"answer": "good"}, {"answer": "not_met"}, {"checklist": "mine"})
    ):
        found = read_folder(tmp_path / str(place), document_checks=[check | wrong], **fields)
        assert broken(found) == [("V19", "document_checks", 2)], wrong


def test_a_kept_copy_is_named_without_folders_and_has_a_whole_hash(tmp_path):
    fields = {"sender": "INSPECTION", "kind": "inspection"}
    assert broken(read_folder(tmp_path / "a", documents=[DOCUMENT | {"sha256": "abc"}], **fields)) == [
        ("V18", "documents", 2)
    ]
    assert broken(read_folder(tmp_path / "b", documents=[DOCUMENT | {"kept_as": "in/p.txt"}], **fields)) == [
        ("V18", "documents", 2)
    ]


def test_only_questions_that_a_document_answers_can_be_named(tmp_path):
    fields = {"sender": "INSPECTION", "kind": "inspection", "documents": [DOCUMENT]}
    assert other_senders.list_values("register_question") == ("Q10", "Q11", "Q47")
    ties = [{"document_ref": "D1", "question": "q47"}, {"document_ref": "D1", "question": "Q4"}]
    found = read_folder(tmp_path / "a", document_questions=ties, **fields)
    assert broken(found) == [("V09", "document_questions", 3)]
    assert found.rows["document_questions"][0]["question"] == "Q47"


@given(st.text(max_size=30))
def test_every_text_is_a_value_empty_or_refused_and_a_value_reads_as_itself_again(text):
    for kind in ("int", "date", "ref", "text"):
        column = Column("x", kind, "no", minimum=0, maximum=20)
        try:
            value = parse_value(column, text, ())
        except InvalidValueError:
            continue
        assert value is None or parse_value(column, str(value), ()) == value


def test_every_rule_that_is_told_stands_in_the_letter_with_what_to_do(tmp_path):
    found = read_folder(tmp_path / "a", voices=[VOICE | {"consent": "somehow"}])
    page = sender_letter_html(found, "Survivors together")
    assert "It may hold: each_person, parent_or_carer, counts_only" in page
    assert "somehow" not in page
    assert other_senders.rules()["V09"].correction.split(",")[0] in page


def remarks(folder, **more):
    return read_folder(folder / "notes", sender="INSPECTION", kind="inspection", fieldwork_notes=[NOTE | more])


@pytest.mark.parametrize("question", ["Q1", "Q50", "blame_challenged"])
def test_a_note_to_a_question_of_the_commission_or_of_its_question_set_is_accepted(tmp_path, question):
    found = remarks(tmp_path, question=question)
    assert broken(found) == []
    assert found.tables["fieldwork_notes"]["text"].to_pylist() == [NOTE["text"]]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"role_of_person": "Sergeant Secretword"}, "V09"),
        ({"role_of_person": ""}, "V08"),
        ({"place_code": "E23000099"}, "V09"),
        ({"text": "DC Secretword said that it takes a week."}, "V22"),
        ({"text": "Secretword, ring 020 7946 0000."}, "V22"),
        ({"text": "Secretword at officer@example.org was asked."}, "V22"),
        ({"question": "Q51"}, "V23"),
        ({"question": "links_looked_for"}, "V23"),  # a question to an observation
    ],
)
def test_a_note_that_names_somebody_or_has_no_question_is_refused_with_a_letter_that_does_not_say_it(
    tmp_path, wrong, rule
):
    found = remarks(tmp_path, **wrong)
    assert broken(found) == [(rule, "fieldwork_notes", 2)]
    everything = sender_letter_html(found) + sender_letter_csv(found) + str(found.rows) + str(found.set_aside_lines)
    assert rule in sender_letter_csv(found)
    assert "Secretword" not in everything
    assert "words are put right" not in everything


def test_a_reason_or_a_lesson_that_names_somebody_is_set_aside_and_one_with_places_and_days_is_not(tmp_path):
    item = PROFILE.questions[0]
    for number, (reason, rules) in enumerate(
        (
            ("DS Secretword wrote it.", [("V22", "document_checks"), ("V22", "lessons")]),
            ("Kent, 03/02/2026, by the DS.", []),
        )
    ):
        check = {"document_ref": "D1", "checklist": PROFILE.key, "checklist_version": PROFILE.version,
                 "checksum": PROFILE.checksum, "item": item.key, "answer": "not_met", "reason": reason, "marker_code": "M1"}  # fmt: skip
        lesson = {"lesson_ref": "L1", "body_code": KENT, "line": "attitudes", "said_on": "2026-01-05", "lesson": reason}
        found = read_folder(tmp_path / str(number), sender="INSPECTION", kind="inspection", documents=[DOCUMENT],
                      document_checks=[check], lessons=[lesson])  # fmt: skip
        assert [(rule, table) for rule, table, _ in broken(found)] == rules


def test_what_a_survey_prints_of_people_names_nobody(tmp_path):
    details = read_folder(
        tmp_path / "a", voices=[VOICE], voice_quotations=[QUOTE | {"text": "Sergeant Secretword rang."}]
    )
    assert broken(details) == [("V21", "voice_quotations", 2)]
    whole = read_folder(
        tmp_path / "b", voices=[VOICE], voice_quotations=[QUOTE | {"text": "The sergeant rang at 14:30 on 3 May."}]
    )
    assert broken(whole) == []


def test_a_roles_column_tells_its_list_in_the_letter(tmp_path):
    assert "neighbourhood_officer" in sender_letter_html(remarks(tmp_path, role_of_person="Secretword"))


@pytest.mark.parametrize(
    "text",
    ["On 3 February the custody officer waited 2 hours; Q3 was met.", "The Act of 2015, section 45.", "24/7, 9 to 5"],
)
def test_days_ages_and_numbers_of_laws_name_nobody(tmp_path, text):
    assert broken(remarks(tmp_path, text=text)) == []


def test_a_question_set_of_fieldwork_is_no_checklist_of_a_document(tmp_path):
    item = interview.questions[0]
    check = {"document_ref": "D1", "checklist": interview.key, "checklist_version": interview.version,
             "checksum": interview.checksum, "item": item.key, "answer": "met", "marker_code": "M1"}  # fmt: skip
    found = read_folder(tmp_path / "a", sender="INSPECTION", kind="inspection",
                  documents=[DOCUMENT], document_checks=[check])  # fmt: skip
    assert broken(found) == [("V19", "document_checks", 2)]


def test_only_the_inspection_sends_notes(tmp_path):
    assert broken(read_folder(tmp_path / "a", fieldwork_notes=[NOTE])) == [("V03", "fieldwork_notes", 0)]


def test_other_senders_and_plug_ins_use_the_notation_of_the_return():
    """One class of column and one parser, so that a kind or a limit means the same whoever sends the table."""
    for table in other_senders.tables().values():
        assert isinstance(table, TableSpec)
        assert {type(column) for column in table.columns} == {Column}


@pytest.mark.parametrize("wrong", [{"kind": "time"}, {"required": "sometimes"}, {"shade": "blue"}])
def test_a_column_of_an_added_table_that_the_notation_does_not_know_is_refused(wrong):
    section = {"purpose": "p", "row": "r", "key": ["a"], "senders": ["force"],
               "columns": {"a": {"kind": "ref", "required": "yes"} | wrong}}  # fmt: skip
    with pytest.raises(DefinitionError):
        parse_table("added", section, "here")


def test_a_number_above_the_maximum_of_its_column_is_not_a_value():
    assert parse_value(Column("x", "int", "no", maximum=20), "20", ()) == 20
    with pytest.raises(InvalidValueError):
        parse_value(Column("x", "int", "no", maximum=20), "21", ())
