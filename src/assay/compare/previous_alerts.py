"""Alerts of previous inspections, and the alpha spending over repeated inspections (Lan and DeMets).

Whoever inspects again and again calls somebody by chance in the end. The first inspection may name one in twenty
falsely; all later ones together another one in twenty, of which each has a smaller part than the one before it
(alpha-spending, as in Lan and DeMets, Biometrika 70, 1983, 659-663). The false among all that are ever named are never
a larger part than those of each inspection among its own, added up: so over all time one name in ten may be false, of
measures by themselves and of those taken together. A call that stands is not tested anew: it is named as standing,
since when, for as long as the records still show it; where it cannot be looked at it is kept for the next inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FALSE_DISCOVERY = 0.05
"""So large a part of what is named may be named by chance."""
Q_THRESHOLD = 0.02
"""What is named of some measures by themselves has a q-value up to this: very small p-values are smaller than they say
(decisions 0147 and 0150)."""
MEASURE_Q_THRESHOLD, FAILURE_MODE_Q_THRESHOLD = 0.005, 0.03
"""Where failures of the past are also asked, each as one question: up to which q-value a measure is named by itself,
and a failure (decision 0153)."""
MAX_PERSISTING_P_VALUE = 0.05
"""A call stands while a force that is like the others would be as far out, to that side, no more often than this."""
NEW, PERSISTS, ENDED = "new", "stands", "no longer shown"
Key = tuple[str, str]


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
        """Return the q-value threshold of the next inspection, given that of the first."""
        return first_threshold / max(1, self.inspections * (self.inspections + 1))


NO_PREVIOUS_ALERTS = PreviousAlerts()


def is_previously_alerted(alert: Alert | None, side: str) -> bool:
    """Return True if the force had an alert on this side before."""
    return alert is not None and alert.direction == side


def alert_status(row: Mapping[str, Any], alert: Alert | None) -> dict[str, Any]:
    """Return the alert status columns of a row: new, persists or ended, and since when.

    `row`: a row of which `unusual`, `direction`, `side`, `p_value` and `q_value` are known.
    """
    if alert is None:
        return {"called": NEW if row["unusual"] else "", "called_since": ""}
    if row["p_value"] is None:  # nobody can tell: it neither stands nor is it gone
        return {"called": "", "called_since": ""}
    if not is_previously_alerted(alert, row["side"]):
        return {"called": NEW if row["unusual"] else ENDED, "called_since": "" if row["unusual"] else alert.since}
    if row["p_value"] > MAX_PERSISTING_P_VALUE:
        return {"called": ENDED, "called_since": alert.since}
    return {"called": PERSISTS, "called_since": alert.since, "unusual": True, "direction": alert.direction,
            "q_value": alert.q_value}  # fmt: skip


def write_yearly_alert_status(rows: Iterable[dict[str, Any]], *key: str) -> None:
    """Write on rows of several years which alerts are new and which persist, by `key`."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in key), []).append(row)
    for years in groups.values():
        _write_status_of_years(sorted(years, key=lambda row: str(row["financial_year"])))


def _write_status_of_years(years: Sequence[dict[str, Any]]) -> None:
    since, side = "", ""
    for row in years:
        alert_side = row["direction"] if row["unusual"] else ""
        since = (since if alert_side == side else row["financial_year"]) if alert_side else ""
        row |= {"called": (PERSISTS if since != row["financial_year"] else NEW) if alert_side else "",
                "called_since": since if since != row["financial_year"] else ""}  # fmt: skip
        side = alert_side
