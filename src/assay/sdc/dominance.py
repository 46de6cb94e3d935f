"""Do one or two contributors make nearly all of a total of amounts?

Whoever contributes much to such a total knows much of it: take away your own part, and what is left is nearly the part
of the other. Two rules of the field are tried on the exact amounts (Hundepool and others, Statistical Disclosure
Control, 2012, chapter 4). The (n,k) rule: the n largest contributions make more than k in 100 of the total. The p%
rule: what is neither the largest nor the second largest is less than p in 100 of the largest.

Neither says anything of a count, in which every record adds one: the largest contribution to 8 is 1. The largest
contributions stand in columns of their own, and never leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.sdc.cell_status import Row, note
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

DOMINATED = "dominated:"
"""Stands before the name of a column, in `hidden`, that is empty because few contributed nearly all of it."""


def is_dominated(total: float, largest: Sequence[float | None], policy: Policy) -> bool:
    """Whether either rule of the policy forbids a total, by its `largest` contributions in falling order; where one
    that a rule asks for is not known, it does."""
    if not policy.limits_dominance or total == 0:
        return False
    known = [one for one in largest if one is not None]
    if len(known) < max(policy.dominance_contributors, 2 if policy.p_percent else 0):
        return True
    first, second, *_ = [*known, 0.0]
    many = sum(known[: policy.dominance_contributors])
    by_share = policy.dominance_contributors > 0 and 100 * many > policy.dominance_percent * total
    return by_share or 100 * (total - first - second) < policy.p_percent * first


def keep_dominated_back(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Empty every total of `rows` that few contributors dominate, and what would give it away.

    Whoever subtracts the parts that are shown from their total has those that are not, together: while few dominate
    these together, the smallest part that is shown goes as well. Amounts are never negative, and nobody contributes
    to two parts.
    """
    for name, form in forms.items():
        for column, largest in form.largest.items():
            told = [row for row in rows[name] if row.get(column) is not None]
            amounts = {id(row): row[column] for row in told}
            for row in told:
                if is_dominated(row[column], [row.get(one) for one in largest], policy):
                    _empty(row, column)
            for members in _families(told, form):
                _keep_more_back(members, column, largest, amounts, policy)


def _keep_more_back(
    members: Sequence[Row], column: str, largest: Sequence[str], amounts: Mapping[int, float], policy: Policy
) -> None:
    gone = [row for row in members if row[column] is None]
    left = sorted((row for row in members if row[column] is not None), key=lambda row: (-row[column], repr(row)))
    while gone and left:
        parts = [row.get(one) for row in gone for one in largest]
        known = sorted((part for part in parts if part is not None), reverse=True)
        unknown = [None] * (len(parts) > len(known))
        if not is_dominated(sum(amounts[id(row)] for row in gone), [*unknown, *known][: len(largest)], policy):
            return
        gone.append(left.pop())
        _empty(gone[-1], column)


def _families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Rows that together make a total that is there as well: alike in their key but for one column of it."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for column in form.totals:
        rest = [name for name in form.key if name != column]
        for row in rows:
            found.setdefault((column, *(row[name] for name in rest)), []).append(row)
    wholes = dict(form.totals)
    parts = {key: [row for row in held if row[str(key[0])] != wholes[str(key[0])]] for key, held in found.items()}
    return [members for key, members in parts.items() if members and len(members) < len(found[key])]


def _empty(row: Row, column: str) -> None:
    row[column] = None
    note(row, DOMINATED + column)
