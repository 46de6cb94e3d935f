"""Near-duplicate texts of different owners, by Jaccard similarity of word runs.

Texts are compared by the runs of words that they share. A run that more than half of all texts share is the print of a
form and is set aside; what is left of a text must be long enough to say something, or it is not judged. scikit-learn
counts the runs; every pair that could reach the limit is compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MIN_SIMILARITY = 0.9
"""Two texts are copies from this part of their runs on that they share, of all runs that either has."""
RUN_WORDS = 4
MIN_RUNS = 6
"""With fewer runs of its own a text is too short to be told from another: some ten words."""
PRINT_SHARE, PRINT_FROM = 0.5, 10
"""A run in more than this share of texts is print, where there are so many texts that a share means something."""
BLOCK = 512


def find_copies(texts: Sequence[str], owners: Sequence[str]) -> list[bool | None]:
    """For each text, whether a text of another owner is nearly the same; None if it is too short."""
    if not texts:
        return []
    runs = _runs(texts)
    if runs.shape[0] >= PRINT_FROM:
        shared_by = np.asarray(runs.sum(axis=0)).ravel()
        runs = runs[:, shared_by <= PRINT_SHARE * runs.shape[0]]
    run_counts = np.asarray(runs.sum(axis=1)).ravel()
    judged, owner_numbers = run_counts >= MIN_RUNS, np.unique(np.asarray(owners), return_inverse=True)[1]
    found = np.zeros(len(texts), dtype=bool)
    for first in range(0, len(texts), BLOCK):
        block = (runs[first : first + BLOCK] @ runs.T).tocoo()
        here, other, shared = block.row + first, block.col, block.data
        is_duplicate = shared >= MIN_SIMILARITY * (run_counts[here] + run_counts[other] - shared)
        is_duplicate &= (owner_numbers[here] != owner_numbers[other]) & judged[here] & judged[other]
        found[here[is_duplicate]] = True
    return [bool(copy) if long_enough else None for copy, long_enough in zip(found, judged, strict=True)]


def _runs(texts: Sequence[str]):  # type: ignore[no-untyped-def]
    """Sparse matrix with one row a text and one column a word run: 1 where it occurs."""
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(
        ngram_range=(RUN_WORDS, RUN_WORDS), binary=True, token_pattern=r"(?u)\b\w+\b", dtype=np.int32
    )
    try:
        return words.fit_transform(texts).tocsr()
    except ValueError:  # no text has as many words as a run
        from scipy.sparse import csr_matrix

        return csr_matrix((len(texts), 1), dtype=np.int32)
