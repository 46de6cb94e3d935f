"""Suppress curves of time to event whose counts are suppressed, and limit the days that are shown.

A cumulative incidence curve ends at the share of waits that had its ending. A reader who knows the number at risk can
therefore compute the number of these endings from the curve, and the number still waiting from all curves together. So
a curve is released only if all these counts are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from assay.sdc.estimate_suppression import RowKey
from assay.sdc.release_tables import Table
from assay.sdc.suppression_policy import Policy

Row = dict[str, Any]
OTHER_ENDINGS = "ended otherwise"
"""The ending of a curve that combines several endings, as their counts are combined in `wait_medians`."""


def releasable_curves(
    form: Table,
    rows: Mapping[str, list[Row]],
    forms: Mapping[str, Table],
    waits: Sequence[Row],
    suppressed: Collection[RowKey],
    policy: Policy,
) -> list[Row]:
    """Return the rows of the curves that may be released, on the days of the policy.

    A curve is released if the number of waits is at least `fewest_for_share`, the number of each ending is 0 or at
    least that, and the number still waiting is shown. Without the table of these counts no curve is released.

    Parameters
    ----------
    waits
        Rows that say which ending was asked for; the curves of all other endings are added together.
    suppressed
        Rows whose estimates are suppressed (`estimate_suppression`). They have no curve either: the curve of the whole
        minus those of the other parts would give it.
    """
    source = form.curve_source
    if source["table"] not in forms:
        return []
    key = forms[source["table"]].key
    sufficient_keys = {
        tuple(row[column] for column in key)
        for row in rows[source["table"]]
        if _has_sufficient_counts(row, source, policy)
    }
    sufficient_keys -= {key for name, key in suppressed if name == source["table"]}
    main_endings = {row["wait"]: row[source["asked"].partition(".")[2]] for row in waits}
    curves = [
        row
        for row in rows[form.name]
        if row["wait"] in main_endings and tuple(row[column] for column in key) in sufficient_keys
    ]
    return _combine_other_endings([row for row in curves if row["days"] % policy.curve_days == 0], main_endings)


def _has_sufficient_counts(row: Row, source: Mapping[str, Any], policy: Policy) -> bool:
    minimum = max(policy.fewest_for_share, 1)
    ending_counts = [row[name] for name in source["endings"]]
    if (row[source["records"]] or 0) < minimum or any(row[name] is None for name in source["rest"]):
        return False
    return all(count is not None and (count == 0 or count >= minimum) for count in ending_counts)


def _combine_other_endings(rows: Iterable[Row], main_endings: Mapping[str, str]) -> list[Row]:
    """Add up the curves of all endings but the main one, if there are several; the sum has no interval."""
    all_rows = list(rows)
    other_endings = {(row["wait"], row["ending"]) for row in all_rows if row["ending"] != main_endings[row["wait"]]}
    combined_waits = {wait for wait, _ in other_endings if sum(other == wait for other, _ in other_endings) > 1}
    separate_rows = [
        row for row in all_rows if row["wait"] not in combined_waits or row["ending"] == main_endings[row["wait"]]
    ]
    combined_rows: dict[tuple[Any, ...], Row] = {}
    for row in all_rows:
        if row["wait"] in combined_waits and row["ending"] != main_endings[row["wait"]]:
            key = (row["wait"], row["place_code"], row["days"])
            start = {**row, "ending": OTHER_ENDINGS, "share": 0.0, "share_low": None, "share_high": None}
            combined_rows.setdefault(key, start)["share"] += row["share"]
    return separate_rows + list(combined_rows.values())
