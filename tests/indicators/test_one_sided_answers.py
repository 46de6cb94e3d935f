"""Where only one of two answers can be known, is the share given as bounds, and not compared?"""

from form_examples import as_facts, as_rows, ask, only, organisation, types_of

from assay.compare.comparability import ONE_SIDED
from assay.compare.indicator_comparison import compare_indicators
from assay.indicators.indicator_catalogue import find_form
from assay.indicators.indicator_forms import EVERYWHERE

FORM = find_form("suspect_under_order")
FORCES = [organisation(f"INV{number:02}") for number in range(1, 13)]
FIRST = FORCES[0].code
MET_ROW = next(row for row, answer in FORM.examples if answer == "met")
FACT = FORM.met


def country(first, not_complete):
    """30 records with and 10 without an order in each force; the first force as given (met, not met, not known)."""
    counts = {force.code: (30, 10, 0) for force in FORCES} | {FIRST: first}
    rows = []
    for code, numbers in counts.items():
        answers = [answer for answer, number in zip((True, False, None), numbers, strict=True) for _ in range(number)]
        rows += as_rows([{**MET_ROW, FACT: answer} for answer in answers], code)
    facts = {FORM.record: as_facts(types_of([FORM])[FORM.record], rows)}
    ladders = ask([FORM], facts, FORCES, not_complete=not_complete)["ladders"]
    compared = compare_indicators([FORM], ladders, {force.code: force for force in FORCES})["force_estimates"]
    return only(ladders, place_code=FIRST, when_reported="all"), only(compared, place_code=FIRST), compared


def test_forty_of_forty_on_an_incomplete_list_is_a_range_and_is_not_compared():
    ladder, row, _ = country((40, 0, 10), [(FIRST, "orders")])
    assert (ladder["share"], ladder["share_lowest"], ladder["share_highest"]) == (None, 40 / 50, 1)
    assert (row["share"], row["share_low"], row["p_value"], row["outlier_alert"]) == (None, None, None, None)
    assert (row["met"], row["not_met"], row["not_comparable"]) == (40, 0, ONE_SIDED)


def test_forty_of_forty_on_a_complete_list_is_a_share():
    ladder, row, _ = country((40, 0, 10), [])
    assert (ladder["share"], row["not_comparable"]) == (1, "")


def test_what_is_known_in_both_directions_is_a_share_on_an_incomplete_list_too():
    ladder, row, _ = country((30, 10, 10), [(FIRST, "orders")])
    assert (ladder["share"], row["not_comparable"]) == (30 / 40, "")


def test_a_list_that_is_incomplete_and_leaves_nothing_open_is_a_share():
    ladder, row, _ = country((40, 0, 0), [(FIRST, "orders")])
    assert (ladder["share"], row["not_comparable"]) == (1, "")


def test_none_met_where_one_answer_alone_can_be_known_is_a_range_too():
    ladder, row, _ = country((0, 40, 10), [(FIRST, "orders")])
    assert (ladder["share"], ladder["share_highest"], row["not_comparable"]) == (None, 10 / 50, ONE_SIDED)


def test_the_other_forces_are_compared_without_it():
    _, _, compared = country((40, 0, 10), [(FIRST, "orders")])
    compared_forces = [row for row in compared.to_pylist() if row["place_code"] not in (FIRST, EVERYWHERE)]
    assert {row["not_comparable"] for row in compared_forces} == {""}
