"""A term of a lexicon: its patterns, and the contexts in which the same words mean something else."""

from __future__ import annotations

from dataclasses import dataclass

from assay.text.phrase_patterns import Pattern

CHILD, ANY = "child", "any"
TARGETS = {CHILD: "it must be about the child", ANY: "it blames a child, whoever else is named"}
WEIGHTS = {"A": 0.9, "B": 0.7, "C": 0.4}
"""Weight of a term alone, with its rule score: A counts by itself; B counts in the police's own voice about the child;
C is a prompt for the reader and never counts alone."""


@dataclass(frozen=True)
class Term:
    """One term of a lexicon, with its patterns and exceptions.

    `senses`: patterns around the term that give it another meaning. `needs`: patterns of which the sentence must have
    at least one. `source` and `evidence`: where the term was found.
    """

    key: str
    category: str
    weight: str
    target: str
    patterns: tuple[Pattern, ...]
    senses: tuple[Pattern, ...] = ()
    needs: tuple[Pattern, ...] = ()
    source: str = ""
    evidence: str = ""

    @property
    def score(self) -> float:
        """Score (0 to 1) that the rules give to the term alone."""
        return WEIGHTS[self.weight]
