"""Wording of one form: population, condition and the noun for its records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormWording:
    """The words that describe a form: its population, its condition for 'met' (empty for a wait or a count), and the
    plural noun of its records."""

    population: str
    met: str
    noun: str
