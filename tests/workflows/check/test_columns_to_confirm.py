"""Does a column that waits for a person stand as one to confirm, and never as one to add?"""

from dataclasses import replace
from datetime import date

import pyarrow as pa
from checked_extracts import FILE, extract_table, part

from assay import contract
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR, needs_by_question
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPlan
from assay.ingest.extracts.heading_evidence import vocabulary
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.columns_to_confirm import columns_to_add, columns_to_confirm, results_for_programs
from assay.workflows.check.extract_letter import first_corrections, write_letter
from assay.workflows.check.extract_page import write_page
from assay.workflows.check.extract_questions import best_columns
from assay.workflows.check.plain_needs import plain_need, plain_phrases
from assay.workflows.check.waiting_dates import waiting_dates_out_of_order

WAITING = {
    "Date Created": ("recorded_at", 0.82),
    "Offence Title": ("offence_code", 0.72),
    "HO Class": ("offence_code", 0.27),
}


def extract(*more):
    """One crime with its report, and these columns; the record and the offence wait."""
    cells = pa.table({heading: ["x"] for heading in ["Crime Ref", "Reported At", *WAITING]})
    waiting = [(FILE, "", ColumnMeaning(heading, "crimes", *meaning)) for heading, meaning in WAITING.items()]
    plan = SplitPlan((part("crimes", ["crime_ref", "reported_at", *more]),), waiting=tuple(waiting))
    rows = extract_table("crimes", [{"crime_ref": "C1", "reported_at": date(2024, 5, 1)}])
    sheet = Sheet(FILE, "", cells, pa.array([2]))
    return examine_extract("extract", (sheet,), (), plan, {"crimes": rows}, today=date(2026, 1, 31))


def test_a_fact_that_a_waiting_column_may_give_is_to_be_confirmed_and_not_to_be_added():
    reasons = results_for_programs(extract())["reasons"]
    assert reasons["offence_mix"] == (
        "Cannot be answered until a column is confirmed: \u2018Offence Title\u2019 (72%) or \u2018HO Class\u2019 (27%) may be "
        "the offence. Next: confirm \u2018Offence Title\u2019 in mapping.toml."
    )
    assert reasons["recorded_within_24h"].endswith("Next: confirm \u2018Date Created\u2019 in mapping.toml.")
    assert "no column gives the flag for child sexual exploitation" in reasons["exploitation_flags"]
    assert reasons["exploitation_flags"].endswith(
        "Next: confirm \u2018Offence Title\u2019 in mapping.toml and add the flag for child sexual exploitation."
    )


def test_a_column_to_confirm_is_never_among_those_to_add():
    found = extract()
    confirm = {column.column for column in columns_to_confirm(found)}
    assert confirm == {"crimes.recorded_at", "crimes.offence_code"}
    assert not confirm & {gain.need for gain in columns_to_add(found)}
    assert "crimes.offence_code" in {gain.need for gain in best_columns(found.supplied)}


def test_page_and_terminal_name_the_line_to_move_and_the_command_above_what_to_add(tmp_path):
    found = extract()
    write_page(tmp_path / "index.html", found)
    page = (tmp_path / "index.html").read_text(encoding="utf-8").replace("&#34;", '"')
    for text in (page, "\n".join(check_summary(found))):
        assert 'columns.offence_code = "Offence Title"' in text
        assert text.index('columns.recorded_at = "Date Created"') < text.index(
            "would let you answer the most questions"
        )
        assert found.command in text
    assert "Cannot be answered until a column is confirmed: Recorded within 24 hours" in "\n".join(check_summary(found))


def test_a_second_column_of_what_was_confirmed_needs_no_confirmation():
    assert [column.heading for column in columns_to_confirm(extract("offence_code"))] == ["Date Created"]


def with_dates(created: ColumnMeaning, cells: list[str]):
    """Three crimes reported on 3 May 2024, and a column that waits for a person."""
    found = extract()
    reported = ColumnMeaning("Reported At", "crimes", "reported_at", 0.95, form="DD/MM/YYYY")
    first = found.plan.parts[0]
    plan = SplitPlan((replace(first, columns={**first.columns, "reported_at": reported}),), ((FILE, "", created),))
    sheet = Sheet(FILE, "", pa.table({"Reported At": ["03/05/2024"] * 3, created.heading: cells}), pa.array([2, 3, 4]))
    return replace(found, sheets=(sheet,), plan=plan)


def test_the_letter_counts_the_rows_in_which_a_waiting_date_contradicts_its_order(tmp_path):
    created = ColumnMeaning("Created", "crimes", "recorded_at", 0.82, form="DD/MM/YYYY")
    found = with_dates(created, ["02/05/2024", "03/05/2024", ""])
    (kind,) = waiting_dates_out_of_order(found)
    assert (kind.count, kind.total) == (1, 2)
    write_letter(tmp_path / "letter.html", found)
    letter = (tmp_path / "letter.html").read_text(encoding="utf-8")
    assert "Rows have a day in \u2018Created\u2019 before the day in \u2018Reported At\u2019" in letter
    assert "No impossible date" not in letter


def test_a_time_of_day_that_waits_is_never_compared_with_a_date():
    hours = ColumnMeaning("Crimed hrs", "crimes", "recorded_at", 0.82, form="HH:MM")
    assert waiting_dates_out_of_order(with_dates(hours, ["09:10", "23:59", "00:00"])) == ()


def test_a_heading_that_waits_in_three_sheets_is_named_once_with_its_sheets():
    found = extract()
    crimed = ColumnMeaning("Date Crimed", "crimes", "recorded_at", 0.88)
    waiting = tuple((FILE, sheet, crimed) for sheet in ("Q1", "Q2", "Q3"))
    first = found.plan.parts[0]
    found = examine_extract(
        "extract", found.sheets, (), SplitPlan((first,), waiting=waiting), found.tables, today=date(2026, 1, 31)
    )
    (confirm,) = columns_to_confirm(found)
    assert confirm.sentence.startswith("\u2018Date Crimed\u2019 (sheets Q1, Q2, Q3) may be ")
    assert results_for_programs(found)["reasons"]["recorded_within_24h"] == (
        "Cannot be answered until a column is confirmed: \u2018Date Crimed\u2019 (sheets Q1, Q2, Q3) (88%) may be the "
        "time at which the crime was recorded. Next: confirm \u2018Date Crimed\u2019 in mapping.toml."
    )
    assert any("3 columns wait for you: Date Crimed (sheets Q1, Q2, Q3)." in line for line in first_corrections(found))
    assert not any(line.count("Date Crimed (") > 1 for line in check_summary(found))


def test_a_period_by_the_day_of_report_says_why_on_page_terminal_and_letter(tmp_path):
    sentence = (
        "The period is by the day of report, because no column was recognised as the day of recording; \u2018Date "
        "Created\u2019 (82%) may be it."
    )
    found = extract()
    write_page(tmp_path / "index.html", found)
    write_letter(tmp_path / "letter.html", found)
    for name in ("index.html", "letter.html"):
        assert sentence in (tmp_path / name).read_text(encoding="utf-8")
    assert check_summary(found)[0].endswith(sentence)
    assert results_for_programs(found)["reasons"]["period"] == sentence
    recorded = extract("recorded_at")
    assert "day of report," not in check_summary(recorded)[0]


def test_what_a_question_needs_is_said_in_plain_words():
    assert plain_need("involvements.ethnicity_self_missing_reason") == (
        "the reason why the self-defined ethnicity of the person is not recorded"
    )
    assert plain_need("crimes.recorded_at|reports") == (
        "the time at which the crime was recorded or the reports that reached the police"
    )
    assert plain_need("involvements.sex", "suspect") == "the sex of the suspect"


def test_every_need_of_a_question_and_every_recognised_meaning_has_plain_words():
    needs = {atom for question in needs_by_question().values() for need in (*question.needs, *question.optional_needs)
             for atom in need.split(ALTERNATIVE_SEPARATOR)}  # fmt: skip
    meanings = {f"{meaning.table}.{meaning.column}" for meaning in vocabulary().meanings}
    assert needs | meanings | set(contract.tables()) <= set(plain_phrases())
    assert [
        phrase for phrase in plain_phrases().values() if "_" in phrase or not phrase.startswith(("the ", "a ", "wh"))
    ] == []


def test_no_phrase_is_of_a_need_that_the_contract_does_not_know():
    columns = {f"{name}.{column}" for name, table in contract.tables().items() for column in table.column_names}
    kinds = {f"events.{kind}" for kind in contract.event_kinds()}
    meanings = {f"{meaning.table}.{meaning.column}" for meaning in vocabulary().meanings}
    assert set(plain_phrases()) - columns - kinds - meanings - set(contract.tables()) == set()
