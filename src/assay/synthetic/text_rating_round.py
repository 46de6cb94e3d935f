"""Let synthetic inspectors rate a sample of texts: entries for blame, and crime summaries for exploitation.

Texts with a high score are sampled more often, and every force has some from each band of the score, so that what the
score misses is measured too (`docs/how-to/count-what-is-confirmed-in-texts.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TEXTS_PER_FORCE = 150
"""Texts of one kind sampled in a force, on average."""


@dataclass(frozen=True)
class TextSample:
    """One sample of texts: its key, the question set for its raters, and the design without the number of texts."""

    key: str
    questions: str
    design: str

    def write_design(self, path: Path, forces: int) -> None:
        """Write the sampling design as TOML, with the number of texts for this number of forces."""
        text = f"{self.design}files = {TEXTS_PER_FORCE * forces}\nleast = 5\n"
        path.write_text(text, encoding="utf-8", newline="\n")


TEXT_SAMPLES = (
    TextSample(
        "entries",
        "attitudes_entry",
        'title = "Entries by whether they may blame"\nsubject = "note"\nseed = "demonstration"\n'
        'strata = ["force_code", "blaming_score"]\nscore = "blaming_score"\n'
        "bands = { blaming_score = [0.1, 0.5] }\n"
        'oversample = { blaming_score = { "above 0.5" = 20, "up to 0.5" = 2 } }\n',
    ),
    TextSample(
        "summaries",
        "unflagged_summary",
        'title = "Summaries by whether they may show exploitation"\nsubject = "crime"\nrecords = "summaries"\n'
        'seed = "demonstration"\nstrata = ["force_code", "cse_flagged", "unflagged_score"]\nscore = "unflagged_score"\n'
        "bands = { unflagged_score = [0.1, 0.5] }\n"
        'oversample = { unflagged_score = { "above 0.5" = 20, "up to 0.5" = 2 } }\n',
    ),
)


def rate_texts(work: Path, forces: int, draw: Callable[[Path], object], rate: Callable[[str, str], object]) -> None:
    """Draw and rate both samples; `draw` takes a design file, `rate` takes the key of a sample and its questions."""
    for sample in TEXT_SAMPLES:
        design = work / f"{sample.key}.toml"
        sample.write_design(design, forces)
        draw(design)
        rate(sample.key, sample.questions)
