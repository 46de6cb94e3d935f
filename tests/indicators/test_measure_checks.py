"""Is a form that is not fit refused, with all that is wrong and what to do?"""

import pytest
from measured_forms import COLUMNS, COUNTED_RECORD, children_found, seen_in_time, wait_to_charge

from assay.errors import DefinitionError
from assay.indicators import check_form, columns_read, example_answer

pytestmark = pytest.mark.quick


@pytest.mark.parametrize("form", [seen_in_time(), wait_to_charge(), children_found()])
def test_a_form_that_is_fit_passes(form):
    check_form(form, COLUMNS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"met": "hourz <= limit_hours"}, "(met) In 'hourz <= limit_hours': there is no column 'hourz'. Did you mean 'hours'?"),
        ({"population": "age is null"}, "(population) The condition 'age is null' is refused."),
        ({"excluding": {"late": "hours + 1 > 2"}}, "(excluding.late) The condition"),
        ({"excluding": {"too late": "cancelled"}}, "The reason 'too late' must be a short key."),
        ({"better": "more"}, "'better' must be one of higher, lower, neither."),
        ({"question": "Children seen"}, "end with a question mark"),
        ({"limits": " "}, "It says nothing under 'limits'"),
        ({"split": "sex"}, "It cannot be split by 'sex'"),
        ({"key": "Seen In Time"}, "Its key must be small letters"),
    ],
)  # fmt: skip
def test_an_indicator_that_is_not_fit_is_told_why(changes, sentence):
    with pytest.raises(DefinitionError) as refused:
        check_form(seen_in_time(**changes), COLUMNS)
    assert sentence in str(refused.value)


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(DefinitionError) as refused:
        check_form(seen_in_time(better="more", met="hourz <= 3", population="agee < 18"), COLUMNS)
    assert all(word in str(refused.value) for word in ("'better'", "'hours'", "'age'"))


def test_an_example_that_does_not_give_its_answer_is_refused():
    wrong = ({**COUNTED_RECORD, "hours": 25.0}, "met")
    with pytest.raises(DefinitionError, match="Example 7 is stated as 'met' but gives 'not met'"):
        check_form(seen_in_time(examples=(*seen_in_time().examples, wrong)), COLUMNS)


def test_an_example_may_not_name_another_reason_than_its_own():
    wrong = ({**COUNTED_RECORD, "cancelled": True}, "left out: by_telephone")
    with pytest.raises(DefinitionError, match="gives 'left out: cancelled'"):
        check_form(seen_in_time(examples=(*seen_in_time().examples, wrong)), COLUMNS)


@pytest.mark.parametrize("answer", ["met", "not met", "not known"])
def test_met_not_met_and_not_known_each_need_an_example(answer):
    fewer = tuple(example for example in seen_in_time().examples if example[1] != answer)
    with pytest.raises(DefinitionError, match=f"without one: {answer}"):
        check_form(seen_in_time(examples=fewer), COLUMNS)


def test_an_example_with_a_column_that_there_is_not_is_refused():
    with pytest.raises(DefinitionError, match=r"In example 1: there is no column 'hour'. Did you mean 'hours'"):
        check_form(seen_in_time(examples=(({"hour": 3.0}, "met"),)), COLUMNS)


def test_what_an_example_does_not_mention_is_missing():
    assert example_answer(seen_in_time(), {"in_base": True, "cancelled": False, "kind": "x"}) == "not known if counted"


def test_a_wait_needs_days_that_are_numbers_and_labels_of_their_own():
    with pytest.raises(DefinitionError, match="The column kind must be a number"):
        check_form(wait_to_charge(seen="kind"), COLUMNS)
    with pytest.raises(DefinitionError, match="labels of their own"):
        check_form(wait_to_charge(competing=(("charged", "days_to_closed"),)), COLUMNS)
    with pytest.raises(DefinitionError, match="labels of their own"):
        check_form(wait_to_charge(ends=("still waiting", "days_to_charged")), COLUMNS)


def test_the_examples_of_a_wait_and_of_a_count_are_run_too():
    waiting = {"in_base": True, "cancelled": False, "ends_known": True, "days_seen": 30}
    check_form(
        wait_to_charge(examples=((waiting, "still waiting"), ({**waiting, "days_to_closed": 3}, "closed"))), COLUMNS
    )
    with pytest.raises(DefinitionError, match="stated as 'charged' but gives 'still waiting'"):
        check_form(wait_to_charge(examples=((waiting, "charged"),)), COLUMNS)
    check_form(children_found(examples=(({"in_base": True, "age": 17}, ("under_18",)),)), COLUMNS)
    with pytest.raises(DefinitionError, match=r"stated as found by \['under_16'\]"):
        check_form(children_found(examples=(({"in_base": True, "age": 17}, ("under_16",)),)), COLUMNS)


def test_the_columns_that_a_form_reads_are_known():
    assert columns_read(wait_to_charge()) == (
        "in_base", "cancelled", "ends_known", "days_to_charged", "days_to_closed", "days_seen",
    )  # fmt: skip
