"""Which texts stand, nearly word for word, under the name of somebody else too?

Texts are compared by the runs of words that they share. A run that more than half of all texts share is the print of a
form and is set aside; what is left of a text must be long enough to say something, or it is not judged. scikit-learn
counts the runs; every pair that could reach the limit is compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LIKE = 0.9
"""Two texts are copies from this part of their runs on that they share, of all runs that either has."""
RUN_WORDS = 4
FEWEST_RUNS = 6
"""With fewer runs of its own a text is too short to be told from another: some ten words."""
PRINT_SHARE, PRINT_FROM = 0.5, 10
"""A run in more than this share of texts is print, where there are so many texts that a share means something."""
BLOCK = 512


def copied(texts: Sequence[str], owners: Sequence[str]) -> list[bool | None]:
    """For each text whether that of another owner is nearly the same; None for one that is too short to be judged."""
    if not texts:
        return []
    runs = _runs(texts)
    if runs.shape[0] >= PRINT_FROM:
        shared_by = np.asarray(runs.sum(axis=0)).ravel()
        runs = runs[:, shared_by <= PRINT_SHARE * runs.shape[0]]
    many = np.asarray(runs.sum(axis=1)).ravel()
    judged, who = many >= FEWEST_RUNS, np.unique(np.asarray(owners), return_inverse=True)[1]
    found = np.zeros(len(texts), dtype=bool)
    for first in range(0, len(texts), BLOCK):
        block = (runs[first : first + BLOCK] @ runs.T).tocoo()
        here, there, shared = block.row + first, block.col, block.data
        alike = shared >= LIKE * (many[here] + many[there] - shared)
        alike &= (who[here] != who[there]) & judged[here] & judged[there]
        found[here[alike]] = True
    return [bool(copy) if long_enough else None for copy, long_enough in zip(found, judged, strict=True)]


def _runs(texts: Sequence[str]):  # type: ignore[no-untyped-def]
    """One row a text, one column a run of words, 1 where it stands."""
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(
        ngram_range=(RUN_WORDS, RUN_WORDS), binary=True, token_pattern=r"(?u)\b\w+\b", dtype=np.int32
    )
    try:
        return words.fit_transform(texts).tocsr()
    except ValueError:  # no text has as many words as a run
        from scipy.sparse import csr_matrix

        return csr_matrix((len(texts), 1), dtype=np.int32)
