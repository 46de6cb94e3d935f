"""Suppress figures on conduct that rest on too few members of staff or teams.

What members of staff wrote or did is told of many of them or not at all. Rows say nothing: fifty entries may be of one
author. So the different authors and teams are counted that are known to stand behind a figure; whoever is not known
counts for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assay.sdc.cell_status import Row, add_status
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

FEW_STAFF = "few-staff"
"""Stands in `hidden` where nothing is said of what staff did, since they are few or not known."""


def suppress_few_staff(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Suppress, in place, figures on the conduct of too few authors or teams, and further rows against differencing.

    Whoever knows the figure of all and those of the other parts nearly has those that are empty, together: while the
    staff of these together are too few, the part of the fewest authors is emptied as well.
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
    """How many different authors and teams are known."""
    return row.get(form.conduct["authors"]) or 0, row.get(form.conduct["teams"]) or 0


def _additive_families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Rows that together make one whole; a whole beside its parts stands by itself."""
    families: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        is_whole = any(row[name] == whole for name, whole in form.totals.items())
        families.setdefault((is_whole, *(row[name] for name in form.conduct["apart"])), []).append(row)
    return list(families.values())


def _suppress(row: Row, form: Table) -> None:
    row.update(dict.fromkeys(form.conduct["tells"]))
    row.update(form.conduct["quiet"])
    add_status(row, FEW_STAFF)
