"""Who is the same person, across records, forces and lists, and how old were they?

`exact`: by exact keys: a force's own number for a person, or the same names and date of birth. A likeness short of
that makes nobody the same. `ages`: from the date of birth, on the days that matter (`offence_days`, `reported`).

No room after this one reads a name, a full date of birth, a postcode or a telephone number: what it leaves is
`people` and `ages_then`.
"""

from collections.abc import Mapping

import ibis

from assay.engine.values import beside
from assay.persons.ages import ENTRY, ages, ages_then
from assay.persons.exact import people

READ = ("involvements", "crimes", "reports", "report_crimes", "missing", "assessments")
"""The tables of a return that are read here, beside the identities that are kept apart."""

LEFT = ("people", "ages_then")
"""The tables that this room leaves to all others."""

__all__ = ["LEFT", "READ", "ages", "ages_then", "people", "persons"]


def persons(held: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
    """`people`: one row an involvement, with person_id, dated and the ages. `ages_then`: see there.

    `held`: the tables of `READ`; `incomplete`; `identities` (force_code, involvement_ref, forenames, surname,
    date_of_birth), kept apart from involvements.
    """
    named = beside(held["involvements"], held["identities"], ENTRY)
    return {"people": beside(people(named), ages(held), ENTRY), "ages_then": ages_then(held)}
