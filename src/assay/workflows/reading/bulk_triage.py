"""Read millions of texts in two steps: a quick score from words, then a full reading of texts above the thresholds.

A run uses `text_scan` instead. Samples are drawn by score bands, so every text needs the score of a full reading, and
texts below the thresholds have none here.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.text.text_triage import Funnel, Thresholds, thresholds_for_share
from assay.workflows.reading.starting_models import load_starting_models
from assay.workflows.reading.text_readers import build_reader

CLOSE_READING_SHARE = 0.05
"""The share of texts that is read in full for each question because of the quick score."""


def triage_thresholds(sample: Sequence[str], share: float = CLOSE_READING_SHARE) -> Thresholds:
    """Return the quick scores above which texts are read in full, set from a random sample of the texts."""
    return thresholds_for_share(load_starting_models(by_meaning=False), sample, share)


def triage_funnel(cuts: Thresholds, templates: Sequence[str] = ()) -> Funnel:
    """Return a triage funnel with these thresholds.

    `templates` are the printed words of forms. It uses words alone: a sentence model reads forty texts a second.
    """
    models = load_starting_models(by_meaning=False)
    return Funnel(build_reader(templates=templates, classifier=models), models, cuts)
