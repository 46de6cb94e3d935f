"""Is it known of every register when it was checked, and of forty published tables where they are?"""

from datetime import date, timedelta

import pyarrow.compute as pc
import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.ingest.official_statistics import read_bundle
from assay.reference import register_updates
from assay.reference.child_populations import population_estimates
from assay.reference.published_tables import COLUMNS, published_tables
from assay.reference.reference_data import replaced_registers
from assay.reference.register_updates import add_months

pytestmark = pytest.mark.quick

TODAY = date(2026, 12, 1)


def test_the_register_holds_forty_tables_and_each_says_what_it_does_not_count():
    tables = reference.published_tables()
    assert len(tables) == 40
    assert [table.key for table in tables if not (table.counts and table.does_not_count and table.publisher)] == []
    assert [table.key for table in tables if not table.address and table.evidence != "not-found"] == []


def test_a_table_that_is_known_from_memory_says_so_and_has_no_day_on_which_it_was_seen():
    recalled = [table for table in reference.published_tables() if table.evidence == "recalled"]
    assert {table.key for table in recalled} == {
        "outcomes-bulletin", "children-survey", "serious-incidents", "joint-inspections",
    }  # fmt: skip
    assert [
        table.key for table in reference.published_tables() if table.evidence == "seen" and not table.checked_on
    ] == []


def test_the_register_names_a_table_for_more_than_fifteen_questions():
    assert len(reference.questions_helped(["reader"])) == 10
    assert len(reference.questions_helped(["reader", "long form"])) == 22


def test_the_last_day_of_what_the_program_carries_is_that_of_its_figures():
    carried = {table.key: table.carried_to for table in reference.published_tables() if table.carried_to}
    tables = read_bundle().tables
    recorded = tables["recorded"].filter(pc.is_valid(tables["recorded"]["offences"]))
    year = pc.max(recorded["financial_year"]).as_py()
    quarter = pc.max(recorded.filter(pc.equal(recorded["financial_year"], year))["quarter"]).as_py()
    quarter_starts = date(int(year[:4]), 4, 1)
    assert carried["recorded-crime"] == add_months(quarter_starts, 3 * quarter) - timedelta(days=1)
    last_outcome_year = int(pc.max(tables["outcomes"]["financial_year"]).as_py()[:4])
    assert carried["crime-outcomes"] == date(last_outcome_year + 1, 3, 31)
    assert carried["children-in-need"] == date(pc.max(tables["children_in_need"]["year"]).as_py(), 3, 31)
    assert carried["population"].year == max(max(years) for years in population_estimates().values())


def test_every_register_has_a_row_and_its_key_columns_make_each_of_its_rows_its_own():
    lists = reference.code_lists()
    for file in reference.register_files():
        keys = [tuple(row[column] for column in file.key_columns) for row in lists[file.file]]
        assert len(keys) == len(set(keys)), file.file
        assert file.checked_on is not None, file.file


def test_a_register_is_due_after_the_months_that_it_names_and_not_before():
    recommendations = reference.register_files().get("recommendations")
    assert (recommendations.checked_on, recommendations.every_months) == (date(2026, 12, 1), 3)
    assert recommendations not in reference.registers_due(date(2027, 3, 1))
    assert recommendations in reference.registers_due(date(2027, 3, 2))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 24), 1, date(2026, 12, 24)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, expected):
    assert add_months(day, months) == expected


def test_a_table_is_due_when_a_later_edition_is_known_or_should_be_out_or_nobody_looked():
    due = {item.table.key: item.reasons for item in reference.tables_due(TODAY)}
    assert len(due["recorded-crime"]) == 2  # carried to December 2025, known to March 2026, and October 2026 is past
    assert due["children-survey"] == ("nobody has looked for it yet",)
    assert "census-ethnicity" not in due


def test_a_table_without_a_day_of_its_next_edition_is_due_after_the_months_that_it_names():
    table = next(table for table in reference.published_tables() if not table.next_due and table.every_months
                 and table.checked_on)  # fmt: skip
    due_on = add_months(table.checked_on, table.every_months)
    assert not [reason for reason in register_updates._table_reasons(table, due_on) if "no day is known" in reason]
    reasons = register_updates._table_reasons(table, due_on + timedelta(days=1))
    assert f"no day is known for the next edition, and it was last looked up before {due_on}" in reasons


HEADER = ",".join(register_updates.COLUMNS) + "\n"
ROW = "breaks,key,Breaks,facts of others,2026-11-24,6,an address,derived,us\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER + ROW, "differ on"),
        (HEADER + ROW.replace(",6,", ",,"), "at least 1"),
        (HEADER + ROW.replace("2026-11-24", "24 November"), "YYYY-MM-DD"),
        (HEADER + ROW.replace("facts of others", "facts"), "content must be"),
    ],
)
def test_a_register_of_registers_that_is_wrong_is_refused(text, words):
    with replaced_registers({"registers": text}), pytest.raises(DefinitionError, match=words):
        register_updates.register_files.__wrapped__()


def test_a_published_table_with_an_unknown_way_of_reading_is_refused():
    row = [
        "key",
        "us",
        "Table",
        "https://example.org",
        "12",
        "force",
        "a",
        "b",
        "Q1",
        "by hand",
        *[""] * 6,
        "seen",
        "us",
    ]
    text = f"{','.join(COLUMNS)}\n{','.join(row)}\n"
    with replaced_registers({"published_tables": text}), pytest.raises(DefinitionError, match="read_by must be one of"):
        published_tables.__wrapped__()
    with (
        replaced_registers({"published_tables": text.replace("by hand", "no").replace("Q1,", "Q99,")}),
        pytest.raises(DefinitionError, match="Q99"),
    ):
        published_tables.__wrapped__()
