"""Entries to link: involvements of every force, and children on partners' lists.

Two tables, read for the purpose of linkage and left to no room after this one.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.linkage.person_ages import ENTRY, involvement_ages

CHILD, ADULT = 18, 18
LIST_PREFIX = "list"
"""An entry of a partner's list is named "list FORCE entry", so that a person whom a record knows is named by that."""
COLUMNS = (
    "entry", "force_code", "ref", "on_list", "number", "forenames", "surname", "date_of_birth", "sex", "postcode",
    "phone", "part",
)  # fmt: skip
DERIVED_COLUMNS = ("part",)
"""What is worked out of columns that the facts read anyway."""
Tables = Mapping[str, ibis.Table]


def linkage_entries(tables: Tables) -> ibis.Table:
    """One row an entry: its name ("FORCE involvement"), and what tells who it is about.

    `number`: "FORCE number", the force's own. `part`: "child" of somebody under 18 when it was reported who is victim
    or subject, "adult suspect" of a suspect of 18 or more, else missing.
    """
    return union_all([involvement_entries(tables), _list_entries(tables)])


def alias_names(tables: Tables) -> ibis.Table:
    """One row another name of an entry: entry, forenames, surname."""
    rows = tables["identities_aliases"]
    return rows.select("forenames", "surname", entry=rows.force_code + " " + rows.involvement_ref)


def involvement_entries(tables: Tables) -> ibis.Table:
    """The entries of records alone."""
    identities = tables["identities"].select(*ENTRY, "forenames", "surname", "date_of_birth", "postcode", "phone")
    rows = left_join(tables["involvements"].select(*ENTRY, "person_ref", "role", "sex"), identities, ENTRY)
    rows = left_join(rows, involvement_ages(tables).select(*ENTRY, "age_at_report"), ENTRY)
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


def _list_entries(tables: Tables) -> ibis.Table:
    key = ["force_code", "entry_ref"]
    identities = tables["identities_agencies"].select(*key, "forenames", "surname", "date_of_birth", "postcode")
    rows = left_join(tables["agencies"].select(*key, "sex"), identities, key)
    missing_text = ibis.null("string")
    rows = rows.mutate(
        entry=ibis.literal(f"{LIST_PREFIX} ") + rows.force_code + " " + rows.entry_ref,
        ref=rows.entry_ref,
        on_list=ibis.literal(True),
        number=missing_text,
        phone=missing_text,
        part=ibis.literal("child"),
    )
    return rows.select(*COLUMNS)
