"""Features of a text for the classifier: hashed word n-grams, concepts and letter n-grams.

Quick features: hashed word n-grams of one and two words, for every record of a year. Full features: word n-grams of up
to three words with synonyms merged, concepts and pairs of concepts, and letter n-grams of three to five letters, for
the records that the quick score or the scanner selected. Hashing needs no vocabulary, so records can be processed in
parts and in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from assay.text.classifier.concept_features import Concepts
from assay.text.classifier.feature_hashing import BITS, Columns, LettersOfWords, Runs, column_of, count_rows
from assay.text.classifier.tokenisation import replace_details, runs, words

LONGEST_RUN = 3
CHARACTERS_READ = 20_000
"""Maximum number of characters read of a text; the caller must report a truncation."""

_COLUMNS = Columns()
_LETTERS, _PAIRS, _RUNS = LettersOfWords(_COLUMNS), Runs(_COLUMNS, 2), Runs(_COLUMNS, LONGEST_RUN)


def quick_rows(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return hashed word n-grams of one and two words, of shape (texts, 2**18)."""
    return _PAIRS.text_rows(replace_details([text[:CHARACTERS_READ] for text in texts]))


@dataclass(frozen=True)
class Features:
    """Full features of texts, with the concepts of one subject (blame or exploitation)."""

    ideas: Concepts

    def full(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return word n-grams, concepts and letter n-grams side by side, of shape (texts, 3 * 2**18)."""
        plain_texts = replace_details([text[:CHARACTERS_READ] for text in texts])
        read = [words(item, self.ideas.synonyms) for item in plain_texts]
        parts = (
            _RUNS.word_rows(read),
            count_rows(_columns(self.ideas.features(item)) for item in read),
            _LETTERS.rows(plain_texts),
        )
        return sparse.hstack(parts, format="csr")

    def feature_names(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield column and name of each word and concept feature of a text, to explain a score."""
        read = words(replace_details([text[:CHARACTERS_READ]])[0], self.ideas.synonyms)
        for block, names in enumerate((runs(read, LONGEST_RUN), self.ideas.features(read))):
            for name in dict.fromkeys(names):
                yield block * (1 << BITS) + column_of(name), name


def _columns(names: Iterable[str]) -> list[int]:
    return list(map(_COLUMNS.__getitem__, names))


def append_vectors(rows: sparse.csr_matrix, vectors: np.ndarray) -> sparse.csr_matrix:
    """Append the sentence vectors to the feature rows."""
    return sparse.hstack([rows, sparse.csr_matrix(vectors)], format="csr")
