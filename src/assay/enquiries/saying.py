"""What are the words of a form: whom it counts, when it is met, what one of its records is called?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """`counted`: whom or what; `met`: when (of a wait or a count: empty); `noun`: several records, in a sentence."""

    counted: str
    met: str
    noun: str


@dataclass(frozen=True)
class Defined:
    """One line of a count that is no definition of an offence: its title, and what it takes in."""

    title: str
    words: str
