"""Records that name the same place, telephone, vehicle or account.

The value of a link may identify a person, so values are compared here and not passed on: a shared identifier is
represented by the first link that names it. A telephone, a registration mark, an account and a full address mean the
same in every force; a force's own number of a place or thing has a meaning in that force only.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import left_join

LINK = ["force_code", "link_ref"]
KINDS = {"place": "place", "phone": "telephone", "vehicle": "vehicle", "online_account": "account"}
"""Name of each kind of link in the output. No later stage uses the name of an identity column."""
NATIONAL_FORMATS = {
    "phone": r"^0[0-9]{9,10}$|^\+[0-9]{8,15}$",
    "vehicle": r"^[A-Z]{2}[0-9]{2}[A-Z]{3}$|^[A-Z][0-9]{1,3}[A-Z]{3}$|^[A-Z]{3}[0-9]{1,3}[A-Z]$",
    "online_account": r"[A-Z]{5}|[0-9].*[A-Z]|[._@].*[A-Z]|[A-Z].*[._@]",
    "place": r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}",
}
"""Patterns of values (upper case, no spaces) that mean the same in every force: a national or international telephone
number, a registration mark in one of the three formats since 1963, an account name that is more than a letter and a
number, an address with a postcode."""
MINIMUM_LENGTH = 3
PLACEHOLDERS = r"^\+?(0+|1+|9+|X+)$|^0?123456789?0?$|^(NONE|NIL|UNKNOWN|NOTKNOWN|NOTSTATED|N/A|TBC|TEST)$"
"""Placeholder values."""


def find_shared_identifiers(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """Return one row for each link: force_code, link_ref, thing_kind (see `KINDS`), thing_id.

    `thing_id` is the smallest link that names the same identifier ("FORCE link"), which reveals nothing about it;
    missing if the value is too short or a placeholder. Reads `links`, and `link_identities` (force_code, link_ref,
    link_value).
    """
    rows = left_join(
        tables["links"].select(*LINK, "link_kind"), tables["link_identities"].select(*LINK, "link_value"), LINK
    )
    value = rows.link_value.upper().re_replace(r"[\s-]+", "").re_replace(r"^(\+44|0044)", "0")
    rows = rows.mutate(value=value, link=rows.force_code + " " + rows.link_ref)
    is_usable = (rows.value.length() >= MINIMUM_LENGTH) & ~rows.value.re_search(PLACEHOLDERS)
    has_national_format = ibis.cases(
        *[((rows.link_kind == kind), rows.value.re_search(pattern)) for kind, pattern in NATIONAL_FORMATS.items()]
    )
    rows = rows.mutate(
        is_usable=is_usable.fill_null(False),
        scope=ibis.ifelse(has_national_format.fill_null(False), "", rows.force_code),
    )
    smallest = rows.link.min().over(group_by=[rows.is_usable, rows.link_kind, rows.scope, rows.value])
    kind = ibis.cases(*[(rows.link_kind == link, kind) for link, kind in KINDS.items()])
    return rows.select(*LINK, thing_kind=kind, thing_id=ibis.cases((rows.is_usable, smallest)))
