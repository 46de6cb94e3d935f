"""Near-duplicate texts of different owners, by Jaccard similarity of word n-grams.

Texts are compared by their word n-grams. An n-gram in more than half of all texts is printed by a form and ignored; a
text with too few remaining n-grams is not assessed. scikit-learn counts the n-grams, and every pair is compared
exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MIN_SIMILARITY = 0.9
"""Jaccard similarity (shared n-grams over all n-grams of either) from which two texts are copies."""
RUN_WORDS = 4
MIN_RUNS = 6
"""Minimum number of n-grams of an assessed text (about ten words)."""
PRINT_SHARE, PRINT_FROM = 0.5, 10
"""Share of texts above which an n-gram is printed by a form, and number of texts from which this is applied."""
BLOCK = 512


def find_copies(texts: Sequence[str], owners: Sequence[str]) -> list[bool | None]:
    """Return for each text whether another owner has a near-duplicate; None if the text is too short."""
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
    """Return the sparse indicator matrix of texts (rows) and word n-grams (columns)."""
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(
        ngram_range=(RUN_WORDS, RUN_WORDS), binary=True, token_pattern=r"(?u)\b\w+\b", dtype=np.int32
    )
    try:
        return words.fit_transform(texts).tocsr()
    except ValueError:  # no text has as many words as a run
        from scipy.sparse import csr_matrix

        return csr_matrix((len(texts), 1), dtype=np.int32)
