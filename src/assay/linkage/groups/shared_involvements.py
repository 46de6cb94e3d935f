"""Links between persons and crimes, and between either of them and shared identifiers.

A tie is one person in one crime, or one person or crime and one identifier that others may share. Cancelled crimes and
crimes with a child as the suspect give no ties, because groups are detected by crimes against children.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join, union_all

SUSPECT, VICTIM = "suspect", "victim"
CRIME = ["force_code", "crime_ref"]
PERSON = ["force_code", "person_ref"]
NOT_AGAINST_A_CHILD = ("child_as_suspect",)
COLUMNS = ("tie", "person_id", "force_code", "crime_ref", "thing_id")


def involvement_ties(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return one row for each distinct link of a person or crime to a crime or a shared identifier.

    `tie` is 'suspect', 'victim', or the kind of shared identifier. Two of person_id, the crime (force_code and
    crime_ref) and thing_id are present. Reads involvements, crimes, links, and the linkage tables `people` and
    `things`.
    """
    involved = left_join(tables["involvements"], tables["people"], ["force_code", "involvement_ref"])
    participants = involved.filter(involved.role.isin((SUSPECT, VICTIM)) & ~involved.crime_ref.isnull())
    participants = participants.semi_join(_crimes_against_children(tables), CRIME)
    crime_ties = participants.select(
        tie="role", person_id="person_id", force_code="force_code", crime_ref="crime_ref", thing_id=ibis.null("string")
    )
    return union_all([crime_ties, *_ties_by_shared_identifiers(tables, involved)]).distinct()


def _crimes_against_children(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    rows = tables["crimes"]
    is_included = rows.cancelled_at_day.isnull() & ~rows.scope_reason.isin(NOT_AGAINST_A_CHILD).fill_null(False)
    return rows.filter(is_included).select(*CRIME)


def _ties_by_shared_identifiers(tables: Mapping[str, ibis.Table], involved: ibis.Table) -> list[ibis.Table]:
    """Return the ties by links: a link with a person ties the person; one with only a crime ties the crime."""
    known = involved.filter(~involved.person_ref.isnull())
    known = known.group_by(PERSON).aggregate(person_id=known.person_id.min())
    identifiers = tables["things"].select("force_code", "link_ref", "thing_kind", "thing_id")
    rows = left_join(left_join(tables["links"], identifiers, ["force_code", "link_ref"]), known, PERSON)
    rows = rows.filter(~rows.thing_id.isnull())
    person_links = rows.filter(~rows.person_id.isnull())
    crime_links = rows.filter(rows.person_ref.isnull() & ~rows.crime_ref.isnull()).semi_join(
        _crimes_against_children(tables), CRIME
    )
    missing_text = ibis.null("string")
    return [
        person_links.select(
            tie="thing_kind",
            person_id="person_id",
            force_code=missing_text,
            crime_ref=missing_text,
            thing_id="thing_id",
        ),
        crime_links.select(
            tie="thing_kind",
            person_id=missing_text,
            force_code="force_code",
            crime_ref="crime_ref",
            thing_id="thing_id",
        ),
    ]
