"""Can a receipt be created only if every row is accounted for?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.provenance import Receipt
from assay.errors import EvidenceError

pytestmark = pytest.mark.quick

ROWS = st.integers(0, 10_000)


def receipt(**fields) -> Receipt:
    return Receipt(**{"stage": "records", "taken": 10, "passed_on": 7, "set_aside": {"outcomes only": 3}} | fields)


def test_rows_taken_are_passed_on_or_set_aside():
    assert receipt().accounting_error() == ""


@given(ROWS, ROWS, st.dictionaries(st.text(min_size=1), ROWS, max_size=3))
def test_a_receipt_exists_only_if_it_adds_up(taken_count, passed_on, set_aside):
    adds_up = taken_count == passed_on + sum(set_aside.values())
    try:
        Receipt(stage="records", taken=taken_count, passed_on=passed_on, set_aside=set_aside)
    except EvidenceError:
        assert not adds_up
    else:
        assert adds_up


def test_a_row_that_vanished_is_named_with_its_number():
    with pytest.raises(EvidenceError, match=r"took 11 rows, passed on 7 and set aside 3: 1 are not accounted for"):
        receipt(taken=11)


def test_a_row_from_nowhere_is_named_too():
    with pytest.raises(EvidenceError, match=r"2 more than it took"):
        receipt(taken=8)


def test_a_count_below_zero_cannot_balance_another():
    with pytest.raises(EvidenceError, match="cannot be below zero"):
        receipt(set_aside={"outcomes only": 4, "repeated row": -1})


def test_a_receipt_cannot_be_changed_once_it_is_made():
    with pytest.raises(TypeError):
        receipt().set_aside["outcomes only"] = 4
    with pytest.raises(AttributeError):
        receipt().taken = 11


def test_a_receipt_reads_back_as_it_was_written():
    full_receipt = receipt(inputs={"sent/a.csv": "1"}, sql=("select 1",), settings={"definition": "csa11"}, seed=7)
    assert Receipt.from_json(full_receipt.to_json()) == full_receipt
    assert Receipt.from_json(full_receipt.to_json()).hash == full_receipt.hash


def test_the_order_in_which_a_receipt_is_told_does_not_matter():
    first_receipt, other = receipt(inputs={"a": "1", "b": "2"}), receipt(inputs={"b": "2", "a": "1"})
    assert first_receipt.to_json() == other.to_json()


def test_a_receipt_says_nothing_of_clock_or_machine():
    keys = set(json.loads(receipt().to_json()))
    work = {"stage", "taken", "passed_on", "set_aside", "inputs", "outputs", "sql", "settings", "seed"}
    assert keys == work | {"code_version", "sources"}


def test_a_receipt_that_was_edited_so_that_it_no_longer_adds_up_cannot_be_read():
    with pytest.raises(EvidenceError, match="not accounted for"):
        Receipt.from_json(receipt().to_json().replace('"taken": 10', '"taken": 12'))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"stage": "records"}', '{"stage": 1, "taken": "x", "passed_on": 0}'])
def test_what_is_no_receipt_is_not_taken_for_one(text):
    with pytest.raises(EvidenceError, match="not a receipt"):
        Receipt.from_json(text)


@pytest.mark.parametrize(
    "change", [{"inputs": {"a": "2"}}, {"settings": {"definition": "71"}}, {"seed": 1}, {"sources": "x"}]
)
def test_what_a_stage_rests_on_decides_its_key(change):
    assert receipt(**change).key != receipt().key


def test_what_a_stage_gave_does_not_decide_its_key():
    assert receipt(outputs={"a.parquet": "1"}, sql=("select 1",)).key == receipt().key


def test_what_a_stage_made_is_told_apart_from_the_words_of_its_statements():
    original = Receipt(stage="a", taken=1, passed_on=1, outputs={"x": "1"}, sql=("select a, b",))
    reworded = Receipt(stage="a", taken=1, passed_on=1, outputs={"x": "1"}, sql=("select b, a",))
    other = Receipt(stage="a", taken=1, passed_on=1, outputs={"x": "2"}, sql=("select a, b",))
    assert original.hash_without_sql == reworded.hash_without_sql != other.hash_without_sql
    assert original.hash != reworded.hash  # the ledger's line sees a statement that was changed afterwards
