"""What does a model see of a text?

Quick: runs of one and two words, hashed, for every record of a year. Full: runs of up to three words with the many
words for a person made one, ideas and pairs of ideas, and runs of three to five letters, for those records that the
quick look or the scanner picked out. Hashing needs no vocabulary, so a year can be read in pieces and in any order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from assay.language.classifier.ideas import Ideas
from assay.language.classifier.tokens import WORD, made_plain, runs, words

BITS = 18
LONGEST_RUN = 3
LETTERS = (3, 5)
CHARACTERS_READ = 20_000
"""Of a text that is longer only so much is read, and whoever calls says so."""


def _hashing(**about: object) -> HashingVectorizer:
    return HashingVectorizer(n_features=1 << BITS, alternate_sign=False, norm="l2", dtype=np.float32, **about)


QUICK = _hashing(lowercase=False, token_pattern=WORD, ngram_range=(1, 2))


def quick(texts: Sequence[str]) -> sparse.csr_matrix:
    """Texts as rows of hashed runs of one and two words, (texts, 2**18)."""
    return QUICK.transform(made_plain([text[:CHARACTERS_READ] for text in texts]))


@dataclass(frozen=True)
class Features:
    """The full look, by the ideas of one subject."""

    ideas: Ideas

    def full(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Texts as rows of runs of words, of ideas, and of letters side by side, (texts, 3 * 2**18)."""
        made = made_plain([text[:CHARACTERS_READ] for text in texts])
        read = [words(one, self.ideas.same) for one in made]
        parts = self._words.transform(read), self._ideas.transform(read), self._letters.transform(made)
        return sparse.hstack(parts, format="csr")

    def named(self, text: str) -> Iterator[tuple[int, str]]:
        """The place and the name of each feature of words and ideas: what a score can be explained by."""
        read = words(made_plain([text[:CHARACTERS_READ]])[0], self.ideas.same)
        for block, names in enumerate((runs(read, LONGEST_RUN), self.ideas.features(read))):
            for name in dict.fromkeys(names):
                yield block * (1 << BITS) + int(_place(name)), name

    @cached_property
    def _words(self) -> HashingVectorizer:
        return _hashing(analyzer=lambda read: runs(read, LONGEST_RUN))

    @cached_property
    def _ideas(self) -> HashingVectorizer:
        return _hashing(analyzer=self.ideas.features)

    @cached_property
    def _letters(self) -> HashingVectorizer:
        return _hashing(lowercase=False, analyzer="char_wb", ngram_range=LETTERS)


def _place(name: str) -> int:
    return int(_hashing(analyzer=lambda one: [one]).transform([name]).indices[0])


def beside(rows: sparse.csr_matrix, vectors: np.ndarray) -> sparse.csr_matrix:
    """Rows with the vectors of their meaning after them."""
    return sparse.hstack([rows, sparse.csr_matrix(vectors)], format="csr")
