"""With few answers, does a page say only that people were asked, and does no sum reveal a small count?"""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import DisclosureError
from assay.sdc import apply_policy, declared_tables, policy, release
from assay.sdc.sum_ranges import rounding_interval, sums_of
from sdc.adding_up import narrowed

POLICY = policy("record level")
WORDS = dict.fromkeys(("asked_of", "how_asked", "selection_method", "consent", "not_reached"), "x")


def survey_row(answered, *, kind="survey", voice="S/V1"):
    return {"place_code": "INV01", "voice": voice, "kind": kind, **WORDS, "people_asked": None, "answered": answered,
            "began_on": "2026-01-01", "ended_on": "2026-02-01"}  # fmt: skip


def option_rows(*people, question="told", voice="S/V1"):
    return [
        {"place_code": "INV01", "voice": voice, "question_key": question, "option": f"o{place}", "place": place,
         "line": "attitudes", "question": "Were you told?", "people": number}
        for place, number in enumerate(people)
    ]  # fmt: skip


def tables(askings, answers):
    result = {}
    for name, rows in (("voice_collections", askings), ("voice_answer_counts", answers)):
        fields = [f for f in declared_tables()[name].schema if f.name not in ("suppressed_cells", "too_few")]
        result[name] = pa.Table.from_pylist(rows, schema=pa.schema(fields))
    return result


def test_of_nine_who_answered_nothing_is_shown_and_of_ten_it_is():
    nine = apply_policy(tables([survey_row(9)], option_rows(5, 4)), POLICY)
    ten = apply_policy(tables([survey_row(10)], option_rows(10, 0)), POLICY)
    assert nine["voice_answer_counts"].num_rows == 0
    assert nine["voice_collections"]["too_few"].to_pylist() == [True]
    assert ten["voice_answer_counts"]["people"].to_pylist() == [10, 0]
    assert ten["voice_collections"]["too_few"].to_pylist() == [False]


def test_what_was_said_leaves_nothing_without_the_table_that_says_who_was_asked():
    answers_only = {"voice_answer_counts": tables([], option_rows(20, 20))["voice_answer_counts"]}
    assert apply_policy(answers_only, POLICY)["voice_answer_counts"].num_rows == 0


def test_applied_twice_the_policy_changes_nothing_more():
    once = apply_policy(
        tables([survey_row(12), survey_row(7, voice="S/V2")], option_rows(9, 3) + option_rows(4, 3, voice="S/V2")),
        POLICY,
    )
    applied_again = apply_policy(once, POLICY)
    assert all(once[name].equals(applied_again[name]) for name in once)


def test_two_questions_to_the_same_people_each_add_up_to_them():
    form = declared_tables()["voice_answer_counts"]
    found = list(sums_of(form, option_rows(20, 10) + option_rows(25, 5, question="when"), declared_tables()))
    assert [len(duplicate.parts) for duplicate in found] == [2, 2]
    assert len({item.total for item in found}) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=4).flatmap(
        lambda first: st.tuples(st.just(first), st.integers(0, sum(first)).map(lambda k: [k, sum(first) - k]))
    )
)
def test_whoever_adds_and_subtracts_is_left_with_values_five_apart_for_every_hidden_count(questions):
    first, second = questions
    total = sum(first)
    rows = option_rows(*first) + option_rows(*second, question="when")
    result = apply_policy(tables([survey_row(total)], rows), POLICY)
    forms = declared_tables()
    rows_by_table = {name: result[name].to_pylist() for name in result}
    known, sums = {}, []
    for name, table_rows in rows_by_table.items():
        sums += sums_of(forms[name], table_rows, forms)
        for row in table_rows:
            for column in forms[name].protected_counts:
                cell = (name, tuple(row[k] for k in forms[name].key), column)
                value = row[column]
                hidden = (row["suppressed_cells"] or "").split()
                low_high = (1, POLICY.suppression_threshold) if column in hidden else (1, 10**6)
                known[cell] = low_high if value is None else rounding_interval(value, POLICY)
    for cell, (low, high) in narrowed(known, sums).items():
        if known[cell] == (1, POLICY.suppression_threshold):
            assert high - low >= POLICY.protection_level


def test_a_quotation_whose_consent_is_not_recorded_stops_the_whole_release():
    row = {"line": "scale", "quote": "0001", "text": "It was on paper.", "consent": "", "redacted": "done"}
    table = pa.Table.from_pylist([row], schema=declared_tables()["published_quotations"].schema)
    with pytest.raises(DisclosureError, match="consent") as refused:
        release({"published_quotations": table}, policy=POLICY, ledger_head="0", edition="x")
    assert "paper" not in str(refused.value)
