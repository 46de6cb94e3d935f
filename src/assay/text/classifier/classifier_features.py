"""Features of a text: hashed runs of words, concepts and letters.

Quick: runs of one and two words, hashed, for every record of a year. Full: runs of up to three words with the many
words for a person made one, ideas and pairs of ideas, and runs of three to five letters, for those records that the
quick look or the scanner picked out. Hashing needs no vocabulary, so a year can be read in pieces and in any order.
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
"""Of a text that is longer only so much is read, and whoever calls says so."""

_COLUMNS = Columns()
_LETTERS, _PAIRS, _RUNS = LettersOfWords(_COLUMNS), Runs(_COLUMNS, 2), Runs(_COLUMNS, LONGEST_RUN)


def quick_rows(texts: Sequence[str]) -> sparse.csr_matrix:
    """Texts as rows of hashed runs of one and two words, (texts, 2**18)."""
    return _PAIRS.text_rows(replace_details([text[:CHARACTERS_READ] for text in texts]))


@dataclass(frozen=True)
class Features:
    """The full look, by the ideas of one subject."""

    ideas: Concepts

    def full(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Texts as rows of runs of words, of ideas, and of letters side by side, (texts, 3 * 2**18)."""
        plain_texts = replace_details([text[:CHARACTERS_READ] for text in texts])
        read = [words(item, self.ideas.synonyms) for item in plain_texts]
        parts = (
            _RUNS.word_rows(read),
            count_rows(_columns(self.ideas.features(item)) for item in read),
            _LETTERS.rows(plain_texts),
        )
        return sparse.hstack(parts, format="csr")

    def feature_names(self, text: str) -> Iterator[tuple[int, str]]:
        """The place and the name of each feature of words and ideas: what a score can be explained by."""
        read = words(replace_details([text[:CHARACTERS_READ]])[0], self.ideas.synonyms)
        for block, names in enumerate((runs(read, LONGEST_RUN), self.ideas.features(read))):
            for name in dict.fromkeys(names):
                yield block * (1 << BITS) + column_of(name), name


def _columns(names: Iterable[str]) -> list[int]:
    return list(map(_COLUMNS.__getitem__, names))


def append_vectors(rows: sparse.csr_matrix, vectors: np.ndarray) -> sparse.csr_matrix:
    """Append the sentence vectors to the feature rows."""
    return sparse.hstack([rows, sparse.csr_matrix(vectors)], format="csr")
