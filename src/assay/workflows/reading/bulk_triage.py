"""What looks through millions of texts for both questions: the lexicon and the starting models, quickly, then closely?

A run does not read so (`every`): samples are drawn by bands of the score, so that every text needs one by the full
look, and what lies below the cuts has none here.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.text.text_triage import Cuts, Funnel, cuts_of
from assay.workflows.reading.starting_models import starting_models
from assay.workflows.reading.text_readers import reader

CLOSELY = 0.05
"""The share of texts that is read closely for each question because of its words."""


def cuts_by(sample: Sequence[str], share: float = CLOSELY) -> Cuts:
    """The quick scores from which texts are read closely, by a sample of them drawn at random."""
    return cuts_of(starting_models(by_meaning=False), sample, share)


def funnel(cuts: Cuts, templates: Sequence[str] = ()) -> Funnel:
    """A funnel with these cuts; `templates` are the printed words of forms. By words alone: a sentence model reads
    forty texts a second."""
    models = starting_models(by_meaning=False)
    return Funnel(reader(templates=templates, classifier=models), models, cuts)
