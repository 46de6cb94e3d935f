"""Limits above which a shared node, such as a station's telephone number, connects nobody.

Examples are the telephone of a police station, a hotel, or a number that stands for an unknown person: if these
connected people, everybody would be one group. The limits are our own proposal, well above the size of any single group
in published reviews; ignored ties are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DegreeLimit:
    """The degree above which a node of one kind (such as a telephone) may not connect persons, and the reason."""

    maximum_degree: int
    reason: str


DEGREE_LIMITS: Mapping[str, DegreeLimit] = {
    "telephone": DegreeLimit(
        12, "A telephone that so many persons and crimes share is that of a service, not of a person."
    ),
    "vehicle": DegreeLimit(12, "A vehicle that so many share is a taxi, a hire car, or one of the police."),
    "account": DegreeLimit(12, "An account that so many share is a public page, or the name of a platform."),
    "place": DegreeLimit(30, "A place that so many share is a station, a shop, a hotel or a home for children."),
    "person": DegreeLimit(100, "One number on so many crimes stands for whoever is not known."),
    "crime": DegreeLimit(100, "A record with so many persons is a collection of records, not one crime."),
}
"""Evidence: none. The largest group in a published review of one area had some 60 suspects (IICSA, B.4 and H.5)."""
