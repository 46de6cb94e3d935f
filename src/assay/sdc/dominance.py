"""Dominance rules for totals of amounts: the (n,k) rule and the p% rule.

Whoever contributes much to such a total knows much of it: take away your own part, and what is left is nearly the part
of the other. Two rules of the field are tried on the exact amounts (Hundepool and others, Statistical Disclosure
Control, 2012, chapter 4). The (n,k) rule: the n largest contributions make more than k in 100 of the total. The p%
rule: what is neither the largest nor the second largest is less than p in 100 of the largest.

Neither says anything of a count, in which every record adds one: the largest contribution to 8 is 1. The largest
contributions stand in columns of their own, and never leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.sdc.cell_status import Row, add_status
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

DOMINATED_PREFIX = "dominated:"
"""Stands before the name of a column, in `hidden`, that is empty because few contributed nearly all of it."""


def is_dominated(total: float, largest: Sequence[float | None], policy: Policy) -> bool:
    """Return True if the (n,k) rule or the p% rule forbids a total, given its largest contributions in descending
    order."""
    if not policy.limits_dominance or total == 0:
        return False
    known = [amount for amount in largest if amount is not None]
    if len(known) < max(policy.dominance_contributors, 2 if policy.p_percent else 0):
        return True
    first, second, *_ = [*known, 0.0]
    largest_sum = sum(known[: policy.dominance_contributors])
    exceeds_share = policy.dominance_contributors > 0 and 100 * largest_sum > policy.dominance_percent * total
    return exceeds_share or 100 * (total - first - second) < policy.p_percent * first


def suppress_dominated(rows: Mapping[str, list[Row]], forms: Mapping[str, Table], policy: Policy) -> None:
    """Suppress every dominated total of `rows`, in place, and further parts against differencing.

    Whoever subtracts the parts that are shown from their total has those that are not, together: while few dominate
    these together, the smallest part that is shown goes as well. Amounts are never negative, and nobody contributes
    to two parts.
    """
    for name, form in forms.items():
        for column, largest in form.largest_contributions.items():
            rows_with_amount = [row for row in rows[name] if row.get(column) is not None]
            amounts = {id(row): row[column] for row in rows_with_amount}
            for row in rows_with_amount:
                if is_dominated(row[column], [row.get(contribution_column) for contribution_column in largest], policy):
                    _suppress(row, column)
            for members in _additive_families(rows_with_amount, form):
                _suppress_complementary(members, column, largest, amounts, policy)


def _suppress_complementary(
    members: Sequence[Row], column: str, largest: Sequence[str], amounts: Mapping[int, float], policy: Policy
) -> None:
    suppressed = [row for row in members if row[column] is None]
    remaining = sorted((row for row in members if row[column] is not None), key=lambda row: (-row[column], repr(row)))
    while suppressed and remaining:
        contributions = [row.get(contribution_column) for row in suppressed for contribution_column in largest]
        known = sorted((amount for amount in contributions if amount is not None), reverse=True)
        unknown = [None] * (len(contributions) > len(known))
        if not is_dominated(sum(amounts[id(row)] for row in suppressed), [*unknown, *known][: len(largest)], policy):
            return
        suppressed.append(remaining.pop())
        _suppress(suppressed[-1], column)


def _additive_families(rows: Sequence[Row], form: Table) -> list[list[Row]]:
    """Return the rows that add up to a total in the same table, by total."""
    families: dict[tuple[object, ...], list[Row]] = {}
    for column in form.totals:
        other_columns = [name for name in form.key if name != column]
        for row in rows:
            families.setdefault((column, *(row[name] for name in other_columns)), []).append(row)
    wholes = dict(form.totals)
    parts = {
        key: [row for row in family if row[str(key[0])] != wholes[str(key[0])]] for key, family in families.items()
    }
    return [members for key, members in parts.items() if members and len(members) < len(families[key])]


def _suppress(row: Row, column: str) -> None:
    row[column] = None
    add_status(row, DOMINATED_PREFIX + column)
