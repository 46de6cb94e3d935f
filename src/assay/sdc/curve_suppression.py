"""Which curves of waits may leave, and on which days?

A curve ends at the share of waits that ended in its way, so whoever knows how many were followed reads the count off
it, and what is left over is the count of those who wait. It leaves only where nothing of that is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from assay.sdc.estimate_suppression import RowKey
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Row = dict[str, Any]
OTHERWISE = "ended otherwise"
"""The ending under which several stand together, as their counts do."""


def curves_that_may_leave(
    form: Table,
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    waits: Sequence[Row],
    suppressed: Collection[RowKey],
    policy: Policy,
) -> list[Row]:
    """The rows of a curve that may be shown: on the days of the policy, where the counts as released allow it.

    The base is at least `fewest_for_share`; each ending is 0 or as many; those who still wait are shown. Without these
    tables nothing leaves.

    Parameters
    ----------
    waits
        Rows that say which ending was asked for; the curves of all other endings are added together.
    suppressed
        Rows whose estimates are suppressed (`estimate_suppression`). They have no curve either: the curve of the whole
        minus those of the other parts would give it.
    """
    follows = form.follows
    if follows["table"] not in forms:
        return []
    key = forms[follows["table"]].key
    enough = {tuple(row[k] for k in key) for row in rows[follows["table"]] if _is_enough(row, follows, policy)}
    enough -= {key for name, key in suppressed if name == follows["table"]}
    asked = {row["wait"]: row[follows["asked"].partition(".")[2]] for row in waits}
    kept = [row for row in rows[form.name] if row["wait"] in asked and tuple(row[k] for k in key) in enough]
    return _together([row for row in kept if row["days"] % policy.curve_days == 0], asked)


def _is_enough(row: Row, follows: Mapping[str, Any], policy: Policy) -> bool:
    fewest = max(policy.fewest_for_share, 1)
    endings = [row[name] for name in follows["endings"]]
    if (row[follows["records"]] or 0) < fewest or any(row[name] is None for name in follows["rest"]):
        return False
    return all(count is not None and (count == 0 or count >= fewest) for count in endings)


def _together(rows: Iterable[Row], asked: Mapping[str, str]) -> list[Row]:
    """Curves that were not asked for, added where they are several; the interval of such a sum is not known."""
    held = list(rows)
    apart = {(row["wait"], row["ending"]) for row in held if row["ending"] != asked[row["wait"]]}
    several = {wait for wait, _ in apart if sum(other == wait for other, _ in apart) > 1}
    made = [row for row in held if row["wait"] not in several or row["ending"] == asked[row["wait"]]]
    added: dict[tuple[Any, ...], Row] = {}
    for row in held:
        if row["wait"] in several and row["ending"] != asked[row["wait"]]:
            key = (row["wait"], row["place_code"], row["days"])
            new = {**row, "ending": OTHERWISE, "share": 0.0, "share_low": None, "share_high": None}
            added.setdefault(key, new)["share"] += row["share"]
    return made + list(added.values())
