"""What does a model see of a text?

Quick: runs of one and two words, hashed, for every record of a year. Full: runs of up to three words with the many
words for a person made one, ideas and pairs of ideas, and runs of three to five letters, for those records that the
quick look or the scanner picked out. Hashing needs no vocabulary, so a year can be read in pieces and in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from assay.text.classifier.concept_features import Ideas
from assay.text.classifier.feature_hashing import BITS, Columns, LettersOfWords, Runs, column_of, counted
from assay.text.classifier.tokenisation import made_plain, runs, words

LONGEST_RUN = 3
CHARACTERS_READ = 20_000
"""Of a text that is longer only so much is read, and whoever calls says so."""

_COLUMNS = Columns()
_LETTERS, _PAIRS, _RUNS = LettersOfWords(_COLUMNS), Runs(_COLUMNS, 2), Runs(_COLUMNS, LONGEST_RUN)


def quick(texts: Sequence[str]) -> sparse.csr_matrix:
    """Texts as rows of hashed runs of one and two words, (texts, 2**18)."""
    return _PAIRS.of_texts(made_plain([text[:CHARACTERS_READ] for text in texts]))


@dataclass(frozen=True)
class Features:
    """The full look, by the ideas of one subject."""

    ideas: Ideas

    def full(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Texts as rows of runs of words, of ideas, and of letters side by side, (texts, 3 * 2**18)."""
        made = made_plain([text[:CHARACTERS_READ] for text in texts])
        read = [words(one, self.ideas.same) for one in made]
        parts = (
            _RUNS.of_words(read),
            counted(_columns(self.ideas.features(one)) for one in read),
            _LETTERS.rows(made),
        )
        return sparse.hstack(parts, format="csr")

    def named(self, text: str) -> Iterator[tuple[int, str]]:
        """The place and the name of each feature of words and ideas: what a score can be explained by."""
        read = words(made_plain([text[:CHARACTERS_READ]])[0], self.ideas.same)
        for block, names in enumerate((runs(read, LONGEST_RUN), self.ideas.features(read))):
            for name in dict.fromkeys(names):
                yield block * (1 << BITS) + column_of(name), name


def _columns(names: Iterable[str]) -> list[int]:
    return list(map(_COLUMNS.__getitem__, names))


def beside(rows: sparse.csr_matrix, vectors: np.ndarray) -> sparse.csr_matrix:
    """Rows with the vectors of their meaning after them."""
    return sparse.hstack([rows, sparse.csr_matrix(vectors)], format="csr")
