"""Do page and letter say what was found in plain sentences, and what is missing without calling it none?"""

import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from checked_extracts import FILE, extract_table, part, plan_of, records_of
from hypothesis import given
from hypothesis import strategies as st

from assay import contract
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPlan
from assay.ingest.extracts.part_rows import OTHER_ROLE
from assay.ingest.extracts.split_tables import split_extract
from assay.workflows.check.check_mapping import mapping_text
from assay.workflows.check.check_summary import check_summary
from assay.workflows.check.checked_extract import examine_extract
from assay.workflows.check.column_uses import column_uses
from assay.workflows.check.columns_to_confirm import answerable_in_order, columns_to_add
from assay.workflows.check.counted_records import count_sentence
from assay.workflows.check.extract_contents import ExtractContents, PeriodRecords
from assay.workflows.check.extract_letter import first_corrections, summary, write_letter
from assay.workflows.check.extract_measures import MEASURES, count_extract
from assay.workflows.check.extract_page import largest_gap, period_sentence, write_page
from assay.workflows.check.extract_questions import best_columns, question_answers, with_columns
from assay.workflows.check.key_figures import code_shares, key_figures, share_text, unanswered
from assay.workflows.check.missing_facts import FACTS_NEEDED, missing_facts
from assay.workflows.check.next_tier import flat_extract_needs, next_tier_lines, next_tiers
from assay.workflows.check.records_to_review import compare_flags, records_to_review

TODAY = date(2026, 1, 31)
MANUAL = Path(__file__).parents[3] / "docs" / "how-to" / "check-an-extract.md"


def figures(**rows):
    """The sentence of each figure that can be asked, by key."""
    records = records_of(**rows)
    return {figure.key: figure.sentence for figure in key_figures(count_extract(records), records) if figure.is_asked}


def crimes(**columns):
    """Crimes with these columns: one for each value."""
    names, values = list(columns), list(zip(*columns.values(), strict=True))
    return [{"crime_ref": f"C{n}", **dict(zip(names, row, strict=True))} for n, row in enumerate(values)]


def test_a_figure_leads_then_what_it_is_based_on_and_for_how_many_it_is_not_known():
    in_time, late = datetime(2024, 5, 1, 10), datetime(2024, 5, 9, 9)
    recorded = [in_time] * 9 + [late] * 3 + [None] * 4
    found = figures(crimes=crimes(reported_at=[datetime(2024, 5, 1, 9)] * 16, recorded_at=recorded))
    assert found["recorded_within_24h"] == (
        "9 of the 12 crimes with a known answer were recorded within 24 hours (75%); 4 of 16 crimes are not known. "
        "If all 4 unknown were recorded within 24 hours, 81%; if none, 56%."
    )


def test_one_crime_has_a_verb_in_the_singular():
    recorded = [datetime(2024, 5, 1, 10)] + [datetime(2024, 5, 9, 9)] * 10 + [None]
    found = figures(crimes=crimes(reported_at=[datetime(2024, 5, 1, 9)] * 12, recorded_at=recorded))
    assert found["recorded_within_24h"].startswith(
        "1 of the 11 crimes with a known answer was recorded within 24 hours (9%); 1 of 12 crimes is not known."
    )
    assert figures(crimes=crimes(suspect_identified=["yes", "no"]))["suspect_identified"] == (
        "1 of 2 crimes has an identified suspect."
    )
    assert figures(crimes=crimes(suspect_identified=["yes"]))["suspect_identified"] == (
        "1 of 1 crime has an identified suspect."
    )


def test_fewer_than_ten_records_are_counted_and_have_no_percentage():
    reported = [datetime(2024, 5, 1, 9)] * 4
    recorded = [datetime(2024, 5, 1, 10), datetime(2024, 5, 1, 11), datetime(2024, 5, 9, 9), None]
    found = figures(crimes=crimes(reported_at=reported, recorded_at=recorded))
    assert found["recorded_within_24h"] == (
        "2 of 3 crimes were recorded within 24 hours (not known for 1 of 4). If the unknown one counts too, 3 of 4; if "
        "not, 2 of 4."
    )


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [(1, 3, "33%"), (1, 1000, "under 1%"), (999, 1000, "over 99%"), (0, 7, "0%"), (7, 7, "100%"), (0, 0, "no share")],
)
def test_a_share_that_is_not_quite_none_or_all_does_not_read_as_none_or_all(count, total, text):
    assert share_text(count, total) == text


def test_what_no_column_gives_is_no_figure_and_says_what_to_add():
    records = records_of(crimes=crimes(offence_code=["71"], recorded_at=[datetime(2024, 5, 1, 10)]))
    missing = {
        figure.key: figure.sentence for figure in key_figures(count_extract(records), records) if not figure.has_place
    }
    assert missing["recorded_within_24h"] == (
        "Cannot be answered from this extract: no column gives the time of the report. Next: add the time of the report."
    )
    assert missing["victim_age_missing"] == (
        "Cannot be answered from this extract: no column gives the date of birth of the victim or the first day of "
        "the offence. Next: add the date of birth of the victim and the first day of the offence; or add the age of the "
        "victim at the offence."
    )
    assert "flag for child sexual exploitation" in missing["exploitation_flags"]
    assert "offence;" not in missing["exploitation_flags"]


def test_where_the_birth_date_is_there_only_the_day_of_the_offence_is_missing():
    records = records_of(
        crimes=crimes(offence_code=["71"]),
        involvements=[{"crime_ref": "C0", "role": "victim", "date_of_birth": date(2010, 3, 1)}],
    )
    (age,) = [figure for figure in key_figures(count_extract(records), records) if figure.key == "victim_age_missing"]
    assert age.sentence == (
        "Cannot be answered from this extract: no column gives the first day of the offence. Next: add the first day of "
        "the offence; or add the age of the victim at the offence."
    )


def test_the_page_and_the_screen_name_everything_that_the_extract_cannot_answer(tmp_path):
    rows = extract_table("crimes", crimes(offence_code=["71"]))
    tables = {"crimes": rows}
    extract = examine_extract("extract", (), (), plan_of(tables), tables, today=TODAY)
    write_page(tmp_path / "index.html", extract)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    labels = [figure.label for figure in unanswered(extract.counts, extract.records)]
    assert {"Victims by sex", "Age of suspects missing", "Crimes with two or more suspects"} <= set(labels)
    assert [label for label in labels if f"<strong>{label}.</strong>" not in text] == []
    assert "cannot be asked" not in text.casefold()
    assert f"Cannot be answered from this extract: {'; '.join(labels)}." in " ".join(check_summary(extract))


COLUMNS = [
    *[("crimes", "", name) for name in ("reported_at", "recorded_at", "outcome_code", "offence_code",
                                        "occurred_from", "suspect_identified", "suspect_count")],
    *[("involvements", role, name) for role in ("victim", "suspect")
      for name in ("crime_ref", "person_ref", "surname", "forenames", "date_of_birth", "sex", "age_at_offence", "age_band", "ethnicity_self")],
    ("flags", "", "flag"),
]  # fmt: skip


@given(st.sets(st.sampled_from(COLUMNS)), st.booleans())
def test_a_figure_has_no_place_exactly_where_something_is_missing_for_it(columns, one_suspect):
    """Whatever columns an extract has: what is counted lacks nothing, and what is not says what would make it count."""
    persons: dict[str, frozenset[str]] = {}
    for _, role, name in sorted(column for column in columns if column[1]):
        persons[role] = persons.get(role, frozenset({"crime_ref", "role"})) | {name}
    names = {table: {name for other, _, name in columns if other == table} for table, _, _ in columns}
    contents = ExtractContents(
        {"crimes": frozenset({"crime_ref"}), **{table: frozenset(found) for table, found in names.items()}},
        persons, one_suspect_at_most=one_suspect,
    )  # fmt: skip
    empty = {name: pa.table({column: pa.array([], pa.string()) for column in ("crime_ref", *more)})
             for name, more in {"crimes": names.get("crimes", ()), "persons": ["role"], "flags": ["flag"]}.items()}  # fmt: skip
    cells = {name: [{"crime_ref": "C1", "offence_code": "71"}.get(name)] for name in empty["crimes"].column_names}
    one_crime = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    records = PeriodRecords(**empty | {"crimes": one_crime}, contents=contents)
    measures = count_extract(records).measures
    for key in FACTS_NEEDED:
        if key in measures:
            assert (measures[key] == "cannot be asked") is bool(missing_facts(key, contents)), key
    for figure in key_figures(count_extract(records), records):
        assert figure.has_place is not bool(missing_facts(figure.key, contents)), figure.key


def test_no_victim_in_the_period_is_no_share_of_victims():
    persons = extract_table(
        "involvements", [{"crime_ref": "C0", "role": "suspect", "sex": "M", "ethnicity_self": None}]
    )
    plan = plan_of({"crimes": extract_table("crimes", crimes(offence_code=["71"]))})
    blocks = tuple(part("involvements", ["crime_ref", "ethnicity_self"], role=role) for role in ("victim", "suspect"))
    records = records_of(
        plan=SplitPlan((*plan.parts, *blocks)), crimes=crimes(offence_code=["71"]), involvements=persons
    )
    found = {figure.key: figure for figure in key_figures(count_extract(records), records)}
    assert found["victim_ethnicity_missing"].sentence == "The extract holds no victims in this period."
    assert not found["victim_ethnicity_missing"].is_asked


def test_every_measure_has_a_word_for_what_it_needs_and_a_definition_in_the_manual():
    text = MANUAL.read_text(encoding="utf-8")
    assert set(MEASURES) <= set(FACTS_NEEDED)
    assert [key for key in MEASURES if f"| `{key}` |" not in text] == []
    assert all(measure.__doc__ for measure in MEASURES.values())


def test_flags_are_compared_with_offences_whose_names_say_exploitation():
    rows = crimes(offence_code=["71", "71", "24", "20B", "19E"])
    flags = [{"crime_ref": ref, "flag": flag} for ref, flag in (("C0", "cse"), ("C3", "cse"), ("C2", "csa"))]
    records = records_of(crimes=rows, flags=flags)
    compared = compare_flags(records)
    assert (compared.named_offences, compared.flagged, compared.named_and_flagged) == (3, 2, 1)
    (review,) = records_to_review(records)
    assert (review.count, review.total) == (2, 3)


def test_a_crime_whose_flag_is_not_known_is_no_unflagged_crime():
    """The yes/no column says no for one of three offences that say exploitation, yes for one, and nothing for one."""
    rows, flags = (
        crimes(offence_code=["71", "71", "71", None]),
        [{"crime_ref": ref, "flag": "cse"} for ref in ("C0", "C3")],
    )
    records = replace(records_of(crimes=rows, flags=flags), crimes_without_cse=pa.array(["C1"]))
    (review,) = records_to_review(records)
    assert (review.count, review.total) == (1, 2)
    (figure,) = [item for item in key_figures(count_extract(records), records) if item.key == "exploitation_flags"]
    assert figure.sentence == (
        "1 of 2 crimes whose offence name says exploitation has the flag (not known for 1 of 3). If the unknown "
        "one counts too, 2 of 3; if not, 1 of 3. Another offence: 0 of 1 flagged crime."
    )


def test_shares_by_code_leave_out_what_is_not_known_and_the_table_says_for_how_many(tmp_path):
    found = {"F": 6, "M": 2, "not_known": 2}
    assert list(code_shares(found)) == [("F", 6, "75%"), ("M", 2, "25%"), ("not_known", 2, "")]
    persons = [{"crime_ref": "C0", "role": "victim", "sex": sex} for sex in [*"FFFFFFMM", None, None]]
    tables = {"crimes": extract_table("crimes", crimes(offence_code=["71"])),
              "involvements": extract_table("involvements", persons)}  # fmt: skip
    write_page(tmp_path / "index.html", examine_extract("extract", (), (), plan_of(tables), tables, today=TODAY))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Victims by sex (not known for 2 of 10, left out of the shares)" in page
    assert "60%" not in page


def test_crimes_whose_outcome_and_suspects_contradict_one_another_are_to_be_looked_at_again():
    rows = crimes(outcome_code=["18", "14", "1", "15", "NOA"])
    suspects = [{"crime_ref": ref, "role": "suspect", "surname": "Example"} for ref in ("C0", "C2")]
    counts = {
        review.description: review.count for review in records_to_review(records_of(crimes=rows, involvements=suspects))
    }
    searches = [review.how_to_find for review in records_to_review(records_of(crimes=rows, involvements=suspects))]
    assert searches[0].startswith("Search for outcome 18 with a named suspect")
    assert searches[1].startswith("Search for outcome 15 without a named suspect")
    assert counts == {
        "crimes have an outcome that says no suspect was identified, and a named suspect": 1,
        "crimes have an outcome that says a suspect was identified, and no named suspect": 1,
    }


def test_no_crime_lacks_a_named_suspect_where_no_column_could_name_one():
    rows = crimes(outcome_code=["1", "15", "16"], suspect_identified=["yes", "no", None])
    suspects = [{"crime_ref": f"C{n}", "role": "suspect", "sex": "M"} for n in range(3)]
    without_answers = [{"crime_ref": row["crime_ref"], "outcome_code": row["outcome_code"]} for row in rows]
    assert records_to_review(records_of(crimes=without_answers, involvements=suspects)) == ()
    found = records_to_review(records_of(crimes=rows, involvements=suspects))
    assert [(review.count, review.total) for review in found if "no named suspect" in review.description] == [(1, 3)]


def test_a_share_is_of_the_crimes_whose_answer_is_known_and_says_for_how_many_it_is_not():
    found = figures(crimes=crimes(suspect_identified=["yes", "no"] * 6 + [None] * 12))
    assert found["suspect_identified"] == (
        "6 of the 12 crimes with a known answer have an identified suspect (50%); 12 of 24 crimes are not known. "
        "If all 12 unknown have an identified suspect, 75%; if none, 25%."
    )
    unread = figures(crimes=crimes(suspect_identified=["no", None])[1:])
    assert unread["suspect_identified"] == "Suspect identified: not known for the only crime."


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (
            None,
            "2 crimes recorded from 1 May 2024 to 1 June 2024; 1 crime has no day of recording: all of the extract.",
        ),
        (
            date(2024, 6, 1),
            "1 crime recorded from 1 June 2024 to 1 June 2024; 1 other lies outside this period, and 1 crime "
            "has no day of recording.",
        ),
    ],
)
def test_a_crime_without_a_day_is_neither_in_the_period_nor_outside_it(first, sentence):
    tables = {"crimes": extract_table("crimes", crimes(recorded_at=[date(2024, 5, 1), date(2024, 6, 1), None]))}
    extract = examine_extract("an extract", (), (), plan_of(tables), tables, first=first, today=TODAY)
    assert period_sentence(extract) == sentence


def test_a_crime_without_outcome_is_old_a_year_before_the_last_record():
    days = [date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 1), date(2025, 1, 1)]
    rows = crimes(outcome_code=["NOA", "NOA", "1", "NOA"], recorded_at=days)
    assert [(review.count, review.total) for review in records_to_review(records_of(crimes=rows))] == [(1, 2)]


BASE = frozenset({"crimes", "involvements"}) | {
    *(f"crimes.{name}" for name in ("crime_ref", "offence_code", "recorded_at")),
    *(f"involvements.{name}" for name in ("crime_ref", "role")),
}


def test_a_question_is_answered_in_part_if_what_it_needs_is_there_and_more_would_help():
    answers = {answer.question: answer for answer in question_answers(BASE)}
    assert (answers["Q23"].answer, answers["Q3"].answer) == ("part", "none")
    assert answers["Q3"].missing == ("the entries in the records about children",)
    assert all(answer.missing for answer in answers.values())


def test_the_column_that_is_named_first_answers_most_more_and_is_not_there_yet():
    gains = best_columns(BASE)
    assert len(gains) == 3
    system = {
        f"{name}.{column.name}"
        for name, table in contract.tables().items()
        for column in table.columns
        if column.origin == "system"
    }
    for gain in gains:
        assert gain.need.startswith("events.") or gain.need in system
        assert "_" not in gain.column
        assert gain.meaning
        assert gain.questions
    assert not any(gain.need == "involvements.role" for gain in gains)


def test_columns_to_add_stand_in_an_order_in_which_each_counts_with_those_before_it(tmp_path):
    tables = {"crimes": extract_table("crimes", crimes(offence_code=["71"], recorded_at=[date(2024, 5, 1)]))}
    extract = examine_extract("extract", (), (), plan_of(tables), tables, today=TODAY)
    needs = [gain.need for gain in columns_to_add(extract)]
    counts = answerable_in_order(extract, needs)
    assert counts == sorted(counts)
    assert counts[-1] == sum(
        answer.answer != "none" for answer in question_answers(with_columns(extract.supplied, needs))
    )
    lines = check_summary(extract)
    first = lines.index("Added in this order, these three columns would let you answer the most questions:")
    assert [line.split()[0] for line in lines[first + 1 : first + 4]] == ["first", "then", "then"]
    assert lines[first + 4] == f"  After the last, {counts[-1]} questions can be answered in full or in part."
    write_page(tmp_path / "index.html", extract)
    assert "in this order: each counts with those before it" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_next_tier_is_what_is_missing_of_the_first_and_the_whole_of_the_second():
    begun, following = next_tiers(flat_extract_needs())
    assert [step.table for step in begun.steps] == ["reports", "report_crimes"]
    assert (begun.is_begun, following.is_begun, following.tier) == (True, False, 2)
    events = following.steps[0]
    assert events.table == "events"
    low, likely, high = events.hours
    assert 0 < low < likely < high
    assert "Q8" in events.questions
    lines = next_tier_lines(next_tiers(flat_extract_needs()))
    assert any(line.startswith("   Hours: about 40 (16 to 100)") for line in lines)
    assert "1. Reports that reached the police: source, date and result." in lines
    assert "   Its name in the contract: reports." in lines


@pytest.fixture
def extract():
    """An extract with one column of each use, cells that were not read, and rows that were set aside."""
    headings = ["Crime Ref", "Offence Code", "Odd", "Rota"]
    cells = pa.table({heading: ["SECRET-1", "SECRET-2"] for heading in headings})
    sheet = Sheet(FILE, "", cells, pa.array([2, 3]), set_aside={"total row": 1}, encoding="utf-8", delimiter=",")
    waiting = ColumnMeaning("Odd", "crimes", "outcome_code", 0.7, ("half of its cells are outcomes",))
    plan = SplitPlan(
        (part("crimes", ["crime_ref", "offence_code"]),),
        waiting=((FILE, "", waiting),),
        unused=((FILE, "", "Rota"),),
        descriptions=((FILE, "", "one row for each crime"),),
    )
    table = extract_table(
        "crimes", [{"crime_ref": "SECRET-1", "offence_code": None}], records=3, merged=1, set_aside={"no crime number": 1},
        not_understood={("offence_code", "Offence Code"): 1}, contradictions={"offence_code": 1},
    )  # fmt: skip
    return examine_extract("an extract", (sheet,), (), plan, {"crimes": table}, force_code="INV01", today=TODAY)


def test_a_meaning_that_waits_stands_in_the_mapping_as_a_comment_that_can_be_moved(extract):
    text = mapping_text(extract.plan, extract.sheets)
    assert tomllib.loads(text)["split"][0]["columns"] == {"crime_ref": "Crime Ref", "offence_code": "Offence Code"}
    assert '# columns.outcome_code = "Odd"' in text.splitlines()


def test_every_column_is_taken_waits_or_is_not_used(extract):
    uses = {use.heading: (use.use, use.probability) for use in column_uses(extract, extract.sheets[0])}
    assert uses == {
        "Crime Ref": ("used", 0.99), "Offence Code": ("used", 0.99), "Odd": ("waits for you", 0.7), "Rota": ("not used", None),
    }  # fmt: skip


def test_the_first_three_corrections_name_columns_and_counts_and_no_cell(extract):
    sentences = first_corrections(extract)
    assert len(sentences) == 3
    assert "Odd" in sentences[0]
    assert sentences[1].startswith("Rows of one crime contradict one another in 1 case")
    assert sentences[2].startswith("1 cell could not be read")
    assert not any("SECRET" in sentence for sentence in sentences)


def test_a_guessed_order_of_day_and_month_is_to_be_checked(extract):
    order = "no date shows whether the day comes first"
    first = extract.plan.parts[0]
    day = ColumnMeaning("Date Crimed", "crimes", "recorded_at", 0.95, (order,), form="DD/MM/YYYY")
    plan = replace(extract.plan, parts=(replace(first, columns={**first.columns, "recorded_at": day}),), waiting=())
    sentences = first_corrections(replace(extract, plan=plan))
    assert any(s.startswith("Dates in Date Crimed could be read day first or month first") for s in sentences)


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ({}, "No row was set aside."),
        ({"no crime number": 2}, "2 rows were set aside."),
        ({OTHER_ROLE: 137}, "137 rows were set aside, because no question needs them."),
        ({OTHER_ROLE: 5, "no crime number": 2}, "7 rows were set aside, 5 of them because no question needs them."),
    ],
)
def test_the_letter_counts_all_rows_set_aside_and_those_that_no_question_needs(reasons, sentence, extract):
    table = replace(extract.tables["crimes"], set_aside=reasons)
    assert summary(replace(extract, tables={"crimes": table})).endswith(sentence)


def test_a_row_that_could_not_be_read_is_among_the_first_corrections_and_counted_as_set_aside(extract):
    sheet = replace(extract.sheets[0], set_aside={"unreadable row": 2, "blank row": 5})
    crimes = replace(extract.tables["crimes"], set_aside={})
    damaged = replace(extract, sheets=(sheet, *extract.sheets[1:]), tables={"crimes": crimes})
    assert summary(damaged).endswith("2 rows were set aside.")
    assert any(": 2 rows could not be read and are not used" in sentence for sentence in first_corrections(damaged))


def test_letter_page_and_summary_hold_no_cell_of_the_extract(extract, tmp_path):
    write_letter(tmp_path / "letter.html", extract)
    write_page(tmp_path / "index.html", extract)
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    assert not any("SECRET" in text for text in (*texts, *check_summary(extract)))


def test_the_letter_accounts_for_every_row(extract, tmp_path):
    write_letter(tmp_path / "letter.html", extract)
    letter = (tmp_path / "letter.html").read_text(encoding="utf-8")
    for words in (
        "no crime number",
        "One row for each crime",
        "1 total row left out",
        "half of its cells are outcomes",
    ):
        assert words in letter


def test_the_page_of_a_synthetic_force_says_so(extract, tmp_path):
    write_page(tmp_path / "index.html", extract)
    assert "none of this is about a real force" in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("count", "description", "sentence"),
    [
        (1, "crimes were recorded before the report", "1 crime was recorded before the report"),
        (1, "crimes have no victim in the extract", "1 crime has no victim in the extract"),
        (1, "dates in crimes.recorded_at are in the future", "1 date in crimes.recorded_at is in the future"),
        (2, "crimes have no victim in the extract", "2 crimes have no victim in the extract"),
    ],
)
def test_one_record_stands_in_the_singular(count, description, sentence):
    assert count_sentence(count, description) == sentence


def gap_of(**rows):
    """What the page says is missing most."""
    records = records_of(**rows)
    return largest_gap(key_figures(count_extract(records), records))


def test_what_is_missing_most_may_be_the_outcome_the_suspect_or_the_time_of_the_record():
    outcomes = crimes(outcome_code=["1"] * 6 + [None] * 14)
    assert gap_of(crimes=outcomes) == "Charged or summonsed: not known for 70%."
    assert gap_of(crimes=crimes(suspect_identified=[None])) == "Suspect identified: not known for the only crime."
    moment = datetime(2024, 5, 1, 9)
    times = crimes(reported_at=[moment] * 20, recorded_at=[moment] * 15 + [None] * 5)
    assert gap_of(crimes=times) == "Recorded within 24 hours of the report: not known for 25%."


def test_a_place_without_a_record_in_the_period_is_not_called_a_place_that_the_extract_lacks(tmp_path):
    tables = {
        "crimes": extract_table("crimes", crimes(offence_code=["71"])),
        "involvements": extract_table("involvements", [{"crime_ref": "C0", "role": "suspect", "ethnicity_self": "W1"}]),
    }
    blocks = [part("involvements", ["crime_ref", "ethnicity_self"], role=role) for role in ("victim", "suspect")]
    plan = SplitPlan((part("crimes", ["crime_ref", "offence_code"]), *blocks))
    write_page(tmp_path / "index.html", examine_extract("export", (), (), plan, tables, today=TODAY))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    lacking, _, empty = text.partition("No records in this period")
    assert "The extract holds no victims in this period." in empty
    assert "The extract holds no victims in this period." not in lacking


def test_a_title_of_several_codes_waits_with_its_codes_in_letter_and_mapping(tmp_path):
    title = "Sexual assault on a female"
    cells = pa.table({"Crime Ref": ["C1", "C2", "C3"], "Offence": [title, title, "Sexual grooming"]})
    sheet = Sheet(FILE, "", cells, pa.array([2, 3, 4]))
    meaning = ColumnMeaning("Offence", "crimes", "offence_code", 0.99, values={"Sexual grooming": "88A"})
    plan = SplitPlan((replace(part("crimes", ["crime_ref"]), columns={
        **part("crimes", ["crime_ref"]).columns, "offence_code": meaning}),))  # fmt: skip
    extract = examine_extract("extract", (sheet,), (), plan, split_extract([sheet], plan), today=TODAY)
    sentence = (
        'Offence: "Sexual assault on a female" could be 20A or 20B (2 cells), and is not used. Write it under '
        "values.offence_code in mapping.toml with the code that is meant."
    )
    assert first_corrections(extract) == (sentence,)
    assert f"# {sentence}\n" in mapping_text(extract.plan, extract.sheets)
    write_letter(tmp_path / "letter.html", extract)
    assert "20A or 20B</td>" in (tmp_path / "letter.html").read_text(encoding="utf-8")
    assert extract.tables["crimes"].rows["offence_code"].to_pylist() == [None, None, "88A"]


def test_an_outcome_that_is_not_known_may_be_none_yet():
    found = figures(crimes=crimes(outcome_code=["1"] * 24 + ["NOA"] + [None] * 5))
    assert found["pending"] == (
        "1 to 6 of 30 crimes have no outcome yet: the outcome of 5 is not known. If all 5 unknown have none yet, 20%; if "
        "none, 3%."
    )
    small = figures(crimes=crimes(outcome_code=["1", "NOA", None]))
    assert small["pending"] == "1 to 2 of 3 crimes have no outcome yet: the outcome of 1 is not known."


@pytest.mark.parametrize(
    ("offence", "victims", "count"),
    [
        ("20B", [("F", 12)], 0),  # sexual assault on a female child under 13
        ("20B", [("F", 13)], 1),
        ("20B", [("M", 9)], 1),
        ("20B", [("M", 9), ("F", 9)], 0),
        ("20B", [("M", 9), (None, None)], 0),
        ("20A", [("F", 12)], 0),
        ("71", [("M", 17)], 0),
        ("71", [("M", 18)], 1),
    ],
)
def test_a_crime_without_a_victim_that_its_offence_names_is_to_be_looked_at_again(offence, victims, count):
    links = [{"crime_ref": "C0", "role": "victim", "sex": sex, "age_at_offence": age} for sex, age in victims]
    found = records_to_review(records_of(crimes=crimes(offence_code=[offence]), involvements=links))
    assert sum(review.count for review in found if "name of their offence" in review.description) == count


def test_a_victim_of_the_stated_sex_is_compared_where_the_offence_states_no_age():
    """19J (rape of a female by several) states a sex alone: one of two victims has another."""
    links = [{"crime_ref": f"C{n}", "role": "victim", "sex": sex} for n, sex in enumerate(("F", "M"))]
    found = records_to_review(records_of(crimes=crimes(offence_code=["19J", "19J"]), involvements=links))
    assert [(review.count, review.total) for review in found if "name of their offence" in review.description] == [
        (1, 2)
    ]
