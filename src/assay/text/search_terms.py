"""A term of a lexicon: its patterns, and when the same words mean something else."""

from __future__ import annotations

from dataclasses import dataclass

from assay.text.phrase_patterns import Pattern

CHILD, ANY = "child", "any"
TARGETS = {CHILD: "it must be about the child", ANY: "it blames a child whoever stands beside it"}
WEIGHTS = {"A": 0.9, "B": 0.7, "C": 0.4}
"""How far a term alone bears a finding: A counts by itself; B counts in the police's own voice about the child; C is a
prompt for whoever reads, and is never counted alone. The number is the score that rules give."""


@dataclass(frozen=True)
class Term:
    """One entry of a lexicon. `senses`: what lies upon or around the term where it means something else. `needs`: of
    these at least one must stand in the sentence. `source` and `evidence` say where it was read."""

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
        """The score that the term alone gives, 0 to 1."""
        return WEIGHTS[self.weight]
