"""Wording of one form: population, condition and the noun for its records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormWording:
    """The wording of a form: `population`, when it is `met` (empty for a wait or a count), and the plural `noun` of its
    records."""

    population: str
    met: str
    noun: str
