"""Could a figure on conduct be about one member of staff, or one team?

What members of staff wrote or did is told of many of them or not at all. Rows say nothing: fifty entries may be of one
author. So the different authors and teams are counted that are known to stand behind a figure; whoever is not known
counts for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assay.sdc.cell_status import Row, note
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

FEW_STAFF = "few-staff"
"""Stands in `hidden` where nothing is said of what staff did, since they are few or not known."""


def keep_staff_apart(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Empty what `rows` tell of the conduct of too few authors or teams.

    Whoever knows the figure of all and those of the other parts nearly has those that are empty, together: while the
    staff of these together are too few, the part of the fewest authors is emptied as well.
    """
    for name, form in forms.items():
        if form.conduct:
            told = [row for row in rows[name] if any(row.get(one) is not None for one in form.conduct["tells"])]
            for members in _families(told, form):
                _of_family(members, form, policy)


def _of_family(members: Sequence[Row], form: Table, policy: Policy) -> None:
    gone = [row for row in members if _are_few([row], form, policy)]
    left = sorted((row for row in members if row not in gone), key=lambda row: (-_known(row, form)[0], repr(row)))
    while gone and left and _are_few(gone, form, policy):
        gone.append(left.pop())
    for row in gone:
        _empty(row, form)


def _are_few(rows: Iterable[Row], form: Table, policy: Policy) -> bool:
    known = [_known(row, form) for row in rows]
    authors, teams = (sum(one[place] for one in known) for place in (0, 1))
    return authors < policy.fewest_authors or teams < policy.fewest_teams


def _known(row: Row, form: Table) -> tuple[int, int]:
    """How many different authors and teams are known."""
    return row.get(form.conduct["authors"]) or 0, row.get(form.conduct["teams"]) or 0


def _families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Rows that together make one whole; a whole beside its parts stands by itself."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        is_whole = any(row[name] == whole for name, whole in form.totals.items())
        found.setdefault((is_whole, *(row[name] for name in form.conduct["apart"])), []).append(row)
    return list(found.values())


def _empty(row: Row, form: Table) -> None:
    row.update(dict.fromkeys(form.conduct["tells"]))
    row.update(form.conduct["quiet"])
    note(row, FEW_STAFF)
