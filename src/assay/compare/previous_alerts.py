"""Alerts of previous inspections, and the alpha spending over repeated inspections (Lan and DeMets).

Repeated inspections would identify a force as an outlier by chance sooner or later. The first inspection controls the
false discovery rate at 5%; all later ones together have another 5%, and each has a smaller part than the one before
(alpha spending). The false discovery proportion of all alerts is at most the sum of those of the inspections, so over
all time it is 10%, for single measures and for combined tests. An alert that persists is not tested again: it persists
as long as the records still show it. If it cannot be assessed, it is carried to the next inspection.

References
----------
Lan and DeMets (1983), Biometrika 70, 659-663: alpha spending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from assay.compare.alert_thresholds import MAX_PERSISTING_P_VALUE, Q_THRESHOLD
from assay.compare.comparison_tables import group_rows_by

NEW, PERSISTS, ENDED = "new", "persists", "no longer shown"
Key = tuple[str, str]
"""Measure and place code."""


@dataclass(frozen=True)
class Alert:
    """An outlier alert of a previous inspection: its side, its q-value and the period of its records."""

    direction: str
    q_value: float
    since: str


@dataclass(frozen=True)
class PreviousAlerts:
    """Previous inspections: their number, and the alerts that persisted at the end, by measure and place."""

    inspections: int = 0
    alerts: Mapping[Key, Alert] = field(default_factory=dict)

    def q_threshold(self, first_threshold: float = Q_THRESHOLD) -> float:
        """Return the q-value threshold of the next inspection; it falls with the number of previous inspections."""
        return first_threshold / max(1, self.inspections * (self.inspections + 1))


NO_PREVIOUS_ALERTS = PreviousAlerts()


def is_previously_alerted(alert: Alert | None, side: str) -> bool:
    """Return True if a previous inspection had an alert on this side for the force."""
    return alert is not None and alert.direction == side


def alert_status(row: Mapping[str, Any], alert: Alert | None) -> dict[str, Any]:
    """Return the alert status columns of a row: new, persists or ended, and since when.

    Parameters
    ----------
    row
        A row with `outlier_alert`, `direction`, `side`, `p_value` and `q_value`.
    alert
        The alert of a previous inspection, if there was one. If it persists, the result also has its direction and
        q-value.
    """
    if alert is None:
        return {"alert_status": NEW if row["outlier_alert"] else "", "alerted_since": ""}
    if row["p_value"] is None:  # not known: the alert neither persists nor has ended
        return {"alert_status": "", "alerted_since": ""}
    if not is_previously_alerted(alert, row["side"]):
        return {
            "alert_status": NEW if row["outlier_alert"] else ENDED,
            "alerted_since": "" if row["outlier_alert"] else alert.since,
        }
    if row["p_value"] > MAX_PERSISTING_P_VALUE:
        return {"alert_status": ENDED, "alerted_since": alert.since}
    return {"alert_status": PERSISTS, "alerted_since": alert.since, "outlier_alert": True, "direction": alert.direction,
            "q_value": alert.q_value}  # fmt: skip


def with_yearly_alert_status(table: pa.Table) -> pa.Table:
    """Return `shares` or `rates` with the alert status of each year: new, or persisting from the year before."""
    rows = table.to_pylist()
    keys = [name for name in ("measure", "offence_key", "place_code") if name in table.column_names]
    for years in group_rows_by(rows, *keys).values():
        _write_status_of_years(sorted(years, key=lambda row: str(row["financial_year"])))
    return pa.Table.from_pylist(rows, table.schema)


def _write_status_of_years(years: Sequence[dict[str, Any]]) -> None:
    since, side = "", ""
    for row in years:
        alert_side = row["direction"] if row["outlier_alert"] else ""
        since = (since if alert_side == side else row["financial_year"]) if alert_side else ""
        row |= {"alert_status": (PERSISTS if since != row["financial_year"] else NEW) if alert_side else "",
                "alerted_since": since if since != row["financial_year"] else ""}  # fmt: skip
        side = alert_side
