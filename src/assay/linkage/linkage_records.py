"""Entries to link: involvements of every force, and children on partners' lists.

Both tables hold identities: they are read for linkage only, and no later stage sees them.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join, union_all
from assay.linkage.person_ages import ENTRY, involvement_ages

CHILD, ADULT = 18, 18
LIST_PREFIX = "list"
"""Prefix of entries of partners' lists: they sort after "FORCE involvement", so a person on a record is named by it."""
COLUMNS = (
    "entry", "force_code", "ref", "on_list", "number", "forenames", "surname", "date_of_birth", "sex", "postcode",
    "phone", "part",
)  # fmt: skip
DERIVED_COLUMNS = ("part",)
"""Columns derived from columns that fact derivation reads as well."""
Tables = Mapping[str, ibis.Table]


def linkage_entries(tables: Tables) -> ibis.Table:
    """Return one row for each involvement or list entry: its identifier ("FORCE involvement") and the compared
    attributes.

    `number` is the force's own person number as "FORCE number". `part` is "child" for a victim or subject under 18 at
    the report, "adult suspect" for a suspect of 18 or more, otherwise missing.
    """
    return union_all([involvement_entries(tables), _list_entries(tables)])


def alias_names(tables: Tables) -> ibis.Table:
    """Return one row for each alias of an entry: entry, forenames, surname."""
    rows = tables["identities_aliases"]
    return rows.select("forenames", "surname", entry=rows.force_code + " " + rows.involvement_ref)


def involvement_entries(tables: Tables) -> ibis.Table:
    """Return the entries of involvements only, without partners' lists."""
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
