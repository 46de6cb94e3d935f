"""Wording of one form: population, condition and the noun for its records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormWording:
    """`population`: whom or what; `met`: when (of a wait or a count: empty); `noun`: several records, in a sentence."""

    population: str
    met: str
    noun: str
