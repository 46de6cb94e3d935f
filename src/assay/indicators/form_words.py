"""Wording of one indicator, waiting time or count: population, condition and the noun for its records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormWording:
    """The words that describe an indicator: population, condition for 'met', and the plural noun of its records.

    The condition is empty for a wait or a count.
    """

    population: str
    met: str
    noun: str
