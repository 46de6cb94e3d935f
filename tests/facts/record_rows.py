"""Shorthand for the rows of a small return: a crime, a person, an event."""

from itertools import count
from typing import Any

NUMBER = count(1)
Row = dict[str, Any]


def crime(ref: str, reported: str | None = "2026-04-20T09:00", recorded: str = "2026-04-20T12:00", **more: Any) -> Row:
    """A core offence of no sexual family (13, child abduction), recorded in the period unless said otherwise."""
    fields = {"crime_ref": ref, "scope_reason": "core_offence", "offence_code": "13", "occurred_from": "2026-04-01"}
    return {**fields, "reported_at": reported, "recorded_at": recorded, **more}


def victim(ref: str, crime_ref: str, born: str | None = "2012-03-04", **more: Any) -> Row:
    """A victim with the number "N" and the entry's name; entitled to enhanced rights unless said otherwise."""
    fields = {
        "involvement_ref": ref,
        "crime_ref": crime_ref,
        "role": "victim",
        "person_ref": f"N{ref}",
        "date_of_birth": born,
    }
    return {"enhanced_rights": True, **fields, **more}


def suspect(ref: str, crime_ref: str, **more: Any) -> Row:
    """A named suspect of unknown age."""
    fields = {"involvement_ref": ref, "crime_ref": crime_ref, "role": "suspect", "person_ref": f"N{ref}"}
    return {"suspect_known_as": "named", **fields, **more}


def event(kind: str, moment: str, crime_ref: str | None = None, ref: str = "", **more: Any) -> Row:
    """A step on a crime; its reference is made up unless it is named."""
    return {"event_ref": ref or f"X{next(NUMBER)}", "kind": kind, "happened_at": moment, "crime_ref": crime_ref, **more}


def arrest(ref: str, moment: str, crime_ref: str, **more: Any) -> Row:
    """An arrest with a reference."""
    return event("suspect_arrested", moment, crime_ref, ref, **more)


def notice(moment: str, crime_ref: str, about_ref: str | None = None, **more: Any) -> Row:
    """A notice to a victim about an event."""
    return event("victim_informed", moment, crime_ref, about_event_ref=about_ref, **more)
