"""Does an accepted mapping become a layout that another force can use, and that holds nothing of a record?"""

import pyarrow as pa
import pytest
from headings_by_hand import cells_of, sheet_of

from assay.errors import DefinitionError
from assay.ingest.extracts.column_recognition import recognise_columns
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.layout_learning import (
    count_private_headings,
    count_private_words,
    learn_layout,
    load_layout,
)

pytestmark = pytest.mark.quick


def meaning(heading: str, table: str, column: str, **values: str) -> ColumnMeaning:
    return ColumnMeaning(heading, table, column, 1.0, values=values)


def plan() -> SplitPlan:
    crimes = {
        "crime_ref": meaning("Blue number", "crimes", "crime_ref"),
        "outcome_code": meaning(
            "Fate", "crimes", "outcome_code", Detected="1", Undetected="18", unknown="", ABC123456="1"
        ),
    }
    persons = {
        "surname": meaning("Who", "involvements", "surname", Pelmet="Pelmet"),
        "role": meaning("Part", "involvements", "role", Hurt="victim", Doer="suspect"),
    }
    flags = {"flag": meaning("Red", "flags", "flag", Y="cse", N="")}
    parts = (("crimes", crimes), ("involvements", persons), ("flags", flags))
    return SplitPlan(tuple(SplitPart("x.csv", "", table, columns) for table, columns in parts))


def test_headings_and_words_of_closed_lists_are_learned():
    layout = load_layout(learn_layout(plan(), "our system", "accepted by a force in 2026"))
    assert layout.certain_headings["crimes"] == {"crime_ref": ("Blue number",), "outcome_code": ("Fate",)}
    assert layout.values["outcome_code"] == {"1": ("Detected",), "18": ("Undetected",)}
    assert layout.values["involvement_role"] == {"suspect": ("Doer",), "victim": ("Hurt",)}


def test_no_name_number_or_answer_of_a_record_is_learned():
    text = learn_layout(plan(), "our system", "accepted by a force in 2026")
    assert not any(word in text for word in ("Pelmet", "ABC123456", "x.csv"))
    assert "flag]" not in text


def test_a_layout_that_names_an_unknown_column_is_refused():
    with pytest.raises(DefinitionError):
        load_layout('name = "x"\nstatus = "by example"\nsource = "y"\n[same.crimes]\ncolour = ["Red"]\n')


def test_a_learned_layout_settles_headings_and_words_that_nobody_else_knows():
    cells = cells_of()
    fates: list[str | None] = ["Detected", "Undetected"] * 60
    sheet: Sheet = sheet_of({"Blue number": cells["crime number"], "Fate": fates, "Recorded": cells["record"]})
    assert isinstance(sheet.cells, pa.Table)
    before = {c.heading for c in recognise_columns(sheet) if c.probability >= 0.9}
    layout = load_layout(learn_layout(plan(), "our system", "accepted by a force in 2026"))
    after = {c.heading: c for c in recognise_columns(sheet, [layout]) if c.probability >= 0.9}
    assert before == {"Recorded"}
    assert after["Blue number"].column == "crime_ref"
    assert after["Fate"].values == {"Detected": "1", "Undetected": "18"}
    assert "it is a heading of our system" in after["Fate"].reasons


def test_a_long_word_that_no_list_has_may_be_a_surname_and_is_counted_as_left_out():
    fates = meaning("Fate", "crimes", "outcome_code", Pelmet="1", D1="1", Chgd="1", Charged="1")
    accepted = SplitPlan((SplitPart("x.csv", "", "crimes", {"outcome_code": fates}),))
    words = load_layout(learn_layout(accepted, "our system", "accepted by a force in 2026")).values["outcome_code"]["1"]
    assert set(words) == {"Charged", "Chgd", "D1"}
    assert count_private_words(accepted) == 1


def test_a_heading_with_a_long_number_is_left_out_and_counted():
    columns = {"crime_ref": meaning("Blue number", "crimes", "crime_ref"), "offence_code": meaning(
        "Offence 1234567", "crimes", "offence_code")}  # fmt: skip
    accepted = SplitPlan((SplitPart("x.csv", "", "crimes", columns),))
    assert "1234567" not in learn_layout(accepted, "our system", "accepted by a force in 2026")
    assert count_private_headings(accepted) == 1
