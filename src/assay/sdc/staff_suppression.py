"""Suppress figures on conduct that rest on too few members of staff or teams.

A figure on what members of staff wrote or did is released only if it comes from enough of them. The number of rows is
no measure, because fifty entries can have one author. So the distinct known authors and teams of a figure are counted;
an unknown author or team does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assay.sdc.cell_status import FEW_STAFF, Row, add_status
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy


def suppress_few_staff(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Suppress, in place, figures on the conduct of too few authors or teams, and further rows against differencing.

    A reader who subtracts the shown parts from the whole gets the sum of the suppressed parts. While these parts
    together have too few staff, the part with the fewest authors is suppressed as well.
    """
    for name, form in forms.items():
        if form.conduct:
            conduct_rows = [
                row for row in rows[name] if any(row.get(column) is not None for column in form.conduct["tells"])
            ]
            for members in _additive_families(conduct_rows, form):
                _suppress_family(members, form, policy)


def _suppress_family(members: Sequence[Row], form: Table, policy: Policy) -> None:
    suppressed = [row for row in members if _has_too_few_staff([row], form, policy)]
    remaining = sorted(
        (row for row in members if row not in suppressed), key=lambda row: (-_known_staff(row, form)[0], repr(row))
    )
    while suppressed and remaining and _has_too_few_staff(suppressed, form, policy):
        suppressed.append(remaining.pop())
    for row in suppressed:
        _suppress(row, form)


def _has_too_few_staff(rows: Iterable[Row], form: Table, policy: Policy) -> bool:
    known = [_known_staff(row, form) for row in rows]
    authors, teams = (sum(staff[position] for staff in known) for position in (0, 1))
    return authors < policy.fewest_authors or teams < policy.fewest_teams


def _known_staff(row: Row, form: Table) -> tuple[int, int]:
    """Return the number of distinct known authors and teams."""
    return row.get(form.conduct["authors"]) or 0, row.get(form.conduct["teams"]) or 0


def _additive_families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Return the rows in groups of parts of the same whole; each whole is a group of its own."""
    families: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        is_whole = any(row[name] == whole for name, whole in form.totals.items())
        families.setdefault((is_whole, *(row[name] for name in form.conduct["apart"])), []).append(row)
    return list(families.values())


def _suppress(row: Row, form: Table) -> None:
    row.update(dict.fromkeys(form.conduct["tells"]))
    row.update(form.conduct["quiet"])
    add_status(row, FEW_STAFF)
