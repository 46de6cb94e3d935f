"""Who took part in which crime, and what do persons and crimes share?

A tie is one person in one crime, or one person or crime and one thing that others may share. Crimes that are cancelled,
and those of which a child is suspected, tie nobody: a group is found by crimes against children.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import beside, stacked

SUSPECT, VICTIM = "suspect", "victim"
CRIME = ["force_code", "crime_ref"]
PERSON = ["force_code", "person_ref"]
NOT_AGAINST_A_CHILD = ("child_as_suspect",)
COLUMNS = ("tie", "person_id", "force_code", "crime_ref", "thing_id")


def ties(held: Mapping[str, ibis.Table]) -> ibis.Table:
    """One row a tie, each once: tie ('suspect', 'victim', or the kind of thing), and two of person_id, the crime
    (force_code and crime_ref), and thing_id.

    Reads involvements, crimes, links, and what the room `persons` left: `people` and `things`.
    """
    involved = beside(held["involvements"], held["people"], ["force_code", "involvement_ref"])
    took_part = involved.filter(involved.role.isin((SUSPECT, VICTIM)) & ~involved.crime_ref.isnull())
    took_part = took_part.semi_join(_crimes(held), CRIME)
    of_crimes = took_part.select(
        tie="role", person_id="person_id", force_code="force_code", crime_ref="crime_ref", thing_id=ibis.null("string")
    )
    return stacked([of_crimes, *_by_things(held, involved)]).distinct()


def _crimes(held: Mapping[str, ibis.Table]) -> ibis.Table:
    rows = held["crimes"]
    counted = rows.cancelled_at_day.isnull() & ~rows.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    return rows.filter(counted).select(*CRIME)


def _by_things(held: Mapping[str, ibis.Table], involved: ibis.Table) -> list[ibis.Table]:
    """A link that names a person ties the person; one that names a crime alone ties the crime."""
    known = involved.filter(~involved.person_ref.isnull())
    known = known.group_by(PERSON).aggregate(person_id=known.person_id.min())
    things = held["things"].select("force_code", "link_ref", "thing_kind", "thing_id")
    rows = beside(beside(held["links"], things, ["force_code", "link_ref"]), known, PERSON)
    rows = rows.filter(~rows.thing_id.isnull())
    of_persons = rows.filter(~rows.person_id.isnull())
    of_crimes = rows.filter(rows.person_ref.isnull() & ~rows.crime_ref.isnull()).semi_join(_crimes(held), CRIME)
    nothing = ibis.null("string")
    return [
        of_persons.select(
            tie="thing_kind", person_id="person_id", force_code=nothing, crime_ref=nothing, thing_id="thing_id"
        ),
        of_crimes.select(
            tie="thing_kind", person_id=nothing, force_code="force_code", crime_ref="crime_ref", thing_id="thing_id"
        ),
    ]
