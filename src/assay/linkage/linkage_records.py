"""Which entries are there to link: the involvements of every force, and the children on partners' lists?

Two tables, read for the purpose of linkage and left to no room after this one.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import beside, stacked
from assay.linkage.person_ages import ENTRY, ages

CHILD, ADULT = 18, 18
ON_A_LIST = "list"
"""An entry of a partner's list is named "list FORCE entry", so that a person whom a record knows is named by that."""
COLUMNS = (
    "entry", "force_code", "ref", "on_list", "number", "forenames", "surname", "date_of_birth", "sex", "postcode",
    "phone", "part",
)  # fmt: skip
ALREADY_KNOWN = ("part",)
"""What is worked out of columns that the facts read anyway."""
Held = Mapping[str, ibis.Table]


def entries(held: Held) -> ibis.Table:
    """One row an entry: its name ("FORCE involvement"), and what tells who it is about.

    `number`: "FORCE number", the force's own. `part`: "child" of somebody under 18 when it was reported who is victim
    or subject, "adult suspect" of a suspect of 18 or more, else missing.
    """
    return stacked([involved(held), _listed(held)])


def other_names(held: Held) -> ibis.Table:
    """One row another name of an entry: entry, forenames, surname."""
    rows = held["identities_aliases"]
    return rows.select("forenames", "surname", entry=rows.force_code + " " + rows.involvement_ref)


def involved(held: Held) -> ibis.Table:
    """The entries of records alone."""
    told = held["identities"].select(*ENTRY, "forenames", "surname", "date_of_birth", "postcode", "phone")
    rows = beside(held["involvements"].select(*ENTRY, "person_ref", "role", "sex"), told, ENTRY)
    rows = beside(rows, ages(held).select(*ENTRY, "age_at_report"), ENTRY)
    rows = rows.mutate(
        entry=rows.force_code + " " + rows.involvement_ref,
        ref=rows.involvement_ref,
        on_list=ibis.literal(False),
        number=rows.force_code + " " + rows.person_ref,
        part=ibis.cases(
            ((rows.role == "suspect") & (rows.age_at_report >= ADULT), "adult suspect"),
            ((rows.role != "suspect") & (rows.age_at_report < CHILD), "child"),
        ),
    )
    return rows.select(*COLUMNS)


def _listed(held: Held) -> ibis.Table:
    key = ["force_code", "entry_ref"]
    told = held["identities_agencies"].select(*key, "forenames", "surname", "date_of_birth", "postcode")
    rows = beside(held["agencies"].select(*key, "sex"), told, key)
    nothing = ibis.null("string")
    rows = rows.mutate(
        entry=ibis.literal(f"{ON_A_LIST} ") + rows.force_code + " " + rows.entry_ref,
        ref=rows.entry_ref,
        on_list=ibis.literal(True),
        number=nothing,
        phone=nothing,
        part=ibis.literal("child"),
    )
    return rows.select(*COLUMNS)
