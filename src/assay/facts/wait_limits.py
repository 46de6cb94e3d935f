"""Compare waiting times with a limit: did each end within it, and was it observed for the whole limit?

A share of ended waits alone would favour quick endings among the latest records. So a record counts only if the whole
limit had passed when the data were read, whether its wait had ended or not: all records then had the same time.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true


def limit_columns(
    name: str, limit: int, days: ibis.Value, days_seen: ibis.Value, absence_known: ibis.Value
) -> dict[str, ibis.Value]:
    """Return `NAME_in_LIMIT` (end within `limit` days) and `NAME_followed_LIMIT` (observed for `limit` days).

    Parameters
    ----------
    days
        Whole days from the start to the end; missing if it was not seen.
    days_seen
        Whole days from the start to the last day seen.
    absence_known
        True if a missing end means that it had not come by the last day seen.
    """
    is_late = (days > limit).fill_null(False)
    is_absent = days.isnull() & absence_known.fill_null(False) & (days_seen >= limit).fill_null(False)
    return {
        f"{name}_in_{limit}": any_true(days <= limit, is_late | is_absent),
        f"{name}_followed_{limit}": days_seen >= limit,
    }


def ended_otherwise(limit: int, days: ibis.Value, other_days: ibis.Value, other_known: ibis.Value) -> ibis.Value:
    """Return whether a competing event, and not the event waited for, came first within the limit (in days).

    Parameters
    ----------
    days, other_days
        Whole days to the end of the wait, and to the competing end; missing if it was not seen.
    other_known
        True if a missing `other_days` means that the competing end had not come.
    """
    is_ended = (days <= limit).fill_null(False)
    is_other_later = (other_days > limit).fill_null(False) | (other_days.isnull() & other_known.fill_null(False))
    return any_true((other_days <= limit).fill_null(False) & ~is_ended, is_ended | is_other_later)
