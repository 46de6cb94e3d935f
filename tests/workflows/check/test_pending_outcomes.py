"""Is an empty outcome read as none yet only where the extract has no other word for it?"""

from datetime import date

import pyarrow as pa
from checked_extracts import FILE, extract_table, part

from assay.ingest.extracts.extract_model import Sheet, SplitPlan
from assay.workflows.check.pending_outcomes import with_pending_outcomes


def outcomes_of(cells, codes, **more):
    """The outcomes after the reading of empty cells; `cells` as they stand in the file, `codes` as they were read."""
    refs = [f"C{n}" for n in range(len(cells))]
    sheet = Sheet(
        FILE,
        "",
        pa.table({"Crime Ref": refs, "Outcome Code": pa.array(cells, pa.string())}),
        pa.array(range(len(cells))),
    )
    rows = [
        {"crime_ref": ref, "outcome_code": code, **{name: days[n] for name, days in more.items()}}
        for n, (ref, code) in enumerate(zip(refs, codes, strict=True))
    ]
    unread = sum(cell is not None and code is None for cell, code in zip(cells, codes, strict=True))
    tables = {"crimes": extract_table("crimes", rows, not_understood={("outcome_code", "Outcome Code"): unread})}
    plan = SplitPlan((part("crimes", ["crime_ref", "outcome_code"]),))
    changed, sentence = with_pending_outcomes([sheet], plan, tables)
    return changed["crimes"].rows["outcome_code"].to_pylist(), sentence


def test_an_empty_outcome_is_none_yet_where_no_word_says_so():
    found, sentence = outcomes_of(["Type 1", None, None], ["1", None, None])
    assert found == ["1", "NOA", "NOA"]
    assert "2 crimes" in sentence


def test_an_empty_outcome_is_not_known_where_another_word_says_none_yet():
    found, sentence = outcomes_of(["Type 1", "Open", None], ["1", "NOA", None])
    assert found == ["1", "NOA", None]
    assert sentence == ""


def test_an_outcome_that_could_not_be_read_is_not_known():
    found, _ = outcomes_of(["Type 1", "Strange word", None, None], ["1", None, None, None])
    assert found == ["1", None, "NOA", "NOA"]


def test_an_empty_outcome_is_not_known_where_as_many_cells_hold_a_word_that_may_mean_none_yet():
    found, _ = outcomes_of(["Type 1", "Strange word", None], ["1", None, None])
    assert found == ["1", None, None]


def test_an_empty_outcome_with_a_date_of_its_outcome_is_not_known():
    day = date(2024, 5, 1)
    found, _ = outcomes_of(["Type 1", None, None], ["1", None, None], outcome_at=[day, day, None])
    assert found == ["1", None, "NOA"]


def test_a_column_of_outcomes_without_any_outcome_says_nothing():
    assert outcomes_of([None, None], [None, None])[0] == [None, None]


def test_dates_never_make_an_empty_outcome_none_yet_where_the_extract_has_a_word_for_it():
    """Ten crimes ended on a day; one is "Open", and two have neither an outcome nor a day: of these nothing is known."""
    day = date(2024, 5, 1)
    cells, codes = ["Type 1"] * 10 + ["Open", None, None], ["1"] * 10 + ["NOA", None, None]
    found, sentence = outcomes_of(cells, codes, closed_at=[day] * 10 + [None] * 3)
    assert found[10:] == ["NOA", None, None]
    assert sentence == ""
