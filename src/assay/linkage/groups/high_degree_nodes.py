"""What is shared by so many that it says nothing of any two of them?

The telephone of a police station, a hotel, a number that stands for whoever is not known: if such a thing tied people
together, everybody would be one group. How many may share a thing before it ties nobody is our own proposal, set well
above what published reviews tell of a single group; what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hub:
    """Above `most` persons and crimes, a thing, person or crime of this kind ties nobody; `why`."""

    most: int
    why: str


HUBS: Mapping[str, Hub] = {
    "telephone": Hub(12, "A telephone that so many persons and crimes share is that of a service, not of a person."),
    "vehicle": Hub(12, "A vehicle that so many share is a taxi, a hire car, or one of the police."),
    "account": Hub(12, "An account that so many share is a public page, or the name of a platform."),
    "place": Hub(30, "A place that so many share is a station, a shop, a hotel or a home for children."),
    "person": Hub(100, "One number on so many crimes stands for whoever is not known."),
    "crime": Hub(100, "A record with so many persons is a collection of records, not one crime."),
}
"""Evidence: none. The largest group in a published review of one area had some 60 suspects (IICSA, B.4 and H.5)."""
