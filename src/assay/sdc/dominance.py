"""Dominance rules for totals of amounts: the (n,k) rule and the p% rule.

A large contributor who subtracts their own amount from a total can estimate the amount of another contributor. Two
rules decide from the exact amounts whether a total is disclosive. The (n,k) rule: the n largest contributions are more
than k% of the total. The p% rule: the total without its two largest contributions is less than p% of the largest.

The rules do not apply to counts, to which every record contributes 1. The largest contributions are in internal columns
that are never released.

References
----------
Hundepool and others (2012), Statistical Disclosure Control, chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.sdc.cell_status import CellStatus, Row, add_status
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy


def is_dominated(total: float, largest: Sequence[float | None], policy: Policy) -> bool:
    """Return True if the (n,k) rule or the p% rule forbids the release of a total.

    Parameters
    ----------
    total
        The exact total, 0 or more.
    largest
        Its largest contributions in descending order; None if one is unknown. A total with fewer known contributions
        than the rules need counts as dominated.
    """
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
    """Suppress every dominated total of `rows`, in place, and further parts to prevent disclosure by differencing.

    A reader who subtracts the shown parts from their total gets the sum of the suppressed parts. While that sum is
    itself dominated, the smallest shown part is suppressed as well. Amounts are never negative, and each contributor
    contributes to one part only.
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
    add_status(row, column, CellStatus.DOMINATED)
