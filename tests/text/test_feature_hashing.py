"""Are hashed feature rows equal to those of scikit-learn, to the last bit?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import HashingVectorizer

from assay.text.classifier import feature_hashing
from assay.text.classifier.feature_hashing import BITS, LETTERS, Columns, LettersOfWords, Runs, column_of
from assay.text.classifier.tokenisation import WORD, words

VECTORIZER_OPTIONS = {
    "n_features": 1 << BITS,
    "alternate_sign": False,
    "norm": "l2",
    "dtype": np.float32,
    "lowercase": False,
}
PAIRS = HashingVectorizer(token_pattern=WORD, ngram_range=(1, 2), **VECTORIZER_OPTIONS)
RUNS = HashingVectorizer(analyzer="char_wb", ngram_range=LETTERS, **VECTORIZER_OPTIONS)
TEXTS = st.lists(
    st.text(st.sampled_from("ab cd'!?<>_ name\n1\u00e9\u0301"), max_size=30) | st.text(max_size=20), max_size=6
)


def assert_same_matrix(own_matrix, library_matrix):
    assert all(
        np.array_equal(getattr(own_matrix, part), getattr(library_matrix, part))
        for part in ("indptr", "indices", "data")
    )
    assert (own_matrix.dtype, own_matrix.shape) == (library_matrix.dtype, library_matrix.shape)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_words_and_pairs_of_words_count_as_they_do_there(texts):
    library_matrix = PAIRS.transform(texts) if texts else None
    own_matrix = Runs(Columns(), 2).text_rows(texts)
    assert own_matrix.shape == (len(texts), 1 << BITS)
    if texts:
        assert_same_matrix(own_matrix, library_matrix)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(1, 4))
def test_runs_of_more_words_count_as_they_do_there(texts, longest):
    if texts:
        vectorizer = HashingVectorizer(token_pattern=WORD, ngram_range=(1, longest), **VECTORIZER_OPTIONS)
        assert_same_matrix(
            Runs(Columns(), longest).word_rows([words(text) for text in texts]), vectorizer.transform(texts)
        )


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_runs_of_letters_count_as_they_do_there(texts):
    if texts:
        assert_same_matrix(LettersOfWords(Columns()).rows(texts), RUNS.transform(texts))


def test_what_is_forgotten_is_worked_out_again(monkeypatch):
    monkeypatch.setattr(feature_hashing, "LONGEST_MEMORY", 10)
    columns = Columns()
    assert [columns[name] for name in map(str, range(25))] == [column_of(name) for name in map(str, range(25))]
    assert len(columns) <= 10
    letters = LettersOfWords(columns)
    assert_same_matrix(letters.rows(["a week away"]), letters.rows(["a week away"]))


def test_the_smallest_hash_of_all_has_a_column_too(monkeypatch):
    monkeypatch.setattr(feature_hashing, "murmurhash3_32", lambda _name: -(1 << 31))
    # 2,147,483,647 - 262,143 = 2,147,221,504 = 8191 * 262,144 exactly
    assert column_of("any") == pytest.approx(0)
