"""What are the words of a form: whom it counts, when it is met, what one of its records is called?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """`counted`: whom or what; `met`: when (of a wait or a count: empty); `noun`: several records, in a sentence."""

    counted: str
    met: str
    noun: str
