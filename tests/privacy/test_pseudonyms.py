"""Which code stands for a reference, and what gives it away?"""

import hmac
from base64 import b32encode

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.privacy import Pseudonymiser
from assay.privacy.encryption_keys import join_key_shares

pytestmark = pytest.mark.quick

KEY, OTHER = b"k" * 32, b"o" * 32
WORDS = st.text(min_size=1, max_size=12)


def test_a_code_is_the_hmac_of_owner_kind_and_reference():
    message = b"\0\0\0\5INV01" + b"\0\0\0\6crimes" + b"\0\0\0\4C/17"
    whole = b32encode(hmac.new(KEY, message, "sha256").digest()).decode().lower()
    assert Pseudonymiser(KEY).pseudonym("INV01", "crimes", "C/17") == whole[:26]


@given(first_reference=st.tuples(WORDS, WORDS, WORDS), other=st.tuples(WORDS, WORDS, WORDS))
def test_two_references_have_one_code_only_if_they_are_the_same(first_reference, other):
    coder = Pseudonymiser(KEY)
    assert (coder.pseudonym(*first_reference) == coder.pseudonym(*other)) == (first_reference == other)


def test_the_parts_of_a_reference_do_not_run_into_one_another():
    assert Pseudonymiser(KEY).pseudonym("A", "BC", "D") != Pseudonymiser(KEY).pseudonym("AB", "C", "D")


def test_another_key_makes_another_code():
    assert Pseudonymiser(KEY).pseudonym("INV01", "crimes", "7") != Pseudonymiser(OTHER).pseudonym(
        "INV01", "crimes", "7"
    )


def test_a_column_is_coded_cell_by_cell_and_what_is_missing_stays_missing():
    rows = pa.chunked_array([["7", None], ["8", "7"]])
    code = Pseudonymiser(KEY).pseudonym
    expected = [code("INV01", "persons", "7"), None, code("INV01", "persons", "8"), code("INV01", "persons", "7")]
    assert Pseudonymiser(KEY).pseudonymise_column("INV01", "persons", rows).to_pylist() == expected


def test_an_empty_column_stays_empty():
    assert (
        Pseudonymiser(KEY)
        .pseudonymise_column("INV01", "persons", pa.chunked_array([pa.array([], pa.string())]))
        .to_pylist()
        == []
    )


def test_with_a_share_of_its_own_a_sender_makes_codes_that_nobody_else_can():
    single_key, both_keys = Pseudonymiser(join_key_shares(KEY, None)), Pseudonymiser(join_key_shares(KEY, OTHER))
    assert single_key.pseudonym("INV01", "persons", "7") == Pseudonymiser(KEY).pseudonym("INV01", "persons", "7")
    assert both_keys.pseudonym("INV01", "persons", "7") != single_key.pseudonym("INV01", "persons", "7")
