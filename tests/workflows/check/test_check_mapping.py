"""Does the mapping of a check contain code words only, and does the next check read it alike?"""

import tomllib

import pyarrow as pa
import pytest
from checked_extracts import FILE, part

from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.workflows.check.check_mapping import mapping_text, plan_of_mapping

FREE = "14 filed, see the note of the officer"


def outcomes(cells, refs=None):
    """A sheet of outcomes, and the plan in which every word of it is outcome 14."""
    refs = refs or [f"C{n}" for n in range(len(cells))]
    sheet = Sheet(FILE, "", pa.table({"Crime Ref": refs, "Result": cells}), pa.array(range(len(cells))))
    meaning = ColumnMeaning("Result", "crimes", "outcome_code", 0.99, values=dict.fromkeys(cells, "14"))
    columns = {**part("crimes", ["crime_ref"]).columns, "outcome_code": meaning}
    return [sheet], SplitPlan((SplitPart(FILE, "", "crimes", columns),))


def mapped_values(*arguments):
    """The words that the mapping of an extract holds."""
    sheets, plan = outcomes(*arguments)
    return set(tomllib.loads(mapping_text(plan, sheets))["split"][0].get("values", {}).get("outcome_code", {}))


def test_a_word_that_few_crimes_have_is_not_written_unless_it_is_a_listed_one():
    assert mapped_values([FREE, "14", "NFA 14 local"]) == {"14"}


def test_a_short_word_that_five_crimes_have_is_written():
    assert mapped_values(["NFA 14 local"] * 5) == {"NFA 14 local"}
    assert mapped_values(["NFA 14 local"] * 4) == set()


def test_a_word_of_five_rows_of_one_crime_is_the_word_of_one_crime():
    assert mapped_values(["NFA 14 local"] * 5, ["C1"] * 5) == set()


@pytest.mark.parametrize("word", ["14 " + "long " * 30, "14 ref 1234567"])
def test_a_long_text_or_a_long_number_is_never_written(word):
    assert mapped_values([word] * 9) == set()


def test_words_that_wait_are_not_written_either():
    sheets, plan = outcomes([FREE])
    waiting = SplitPlan((part("crimes", ["crime_ref"]),), waiting=((FILE, "", plan.parts[0].columns["outcome_code"]),))
    text = mapping_text(waiting, sheets)
    assert FREE not in text
    assert "1 more word is read in Result" in text
    assert text.startswith("# For this force only:")


def test_the_next_check_reads_the_words_that_were_not_written_unless_a_person_says_otherwise(tmp_path):
    sheets, plan = outcomes([FREE, "14"])
    path = tmp_path / "mapping.toml"
    path.write_text(mapping_text(plan, sheets).replace('"14" = "14"', '"14" = "18"'), encoding="utf-8")
    read = plan_of_mapping(path, sheets, plan).parts[0].columns["outcome_code"].values
    assert read == {FREE: "14", "14": "18"}
