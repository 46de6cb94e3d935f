"""Suspects who died after their crimes were closed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from assay.synthetic.calibration import figure_value
from assay.synthetic.case_dossier import moment
from assay.synthetic.local_time import DAY, age, time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_tables import ForceRecords, Row

MIN_AGE = 45  # minimum age in years of a suspect who may die
TIMES = {"events": ("happened_at",), "orders": ("made_at", "ended_at", "breached_at"), "court": ("happened_at",)}


def suspects_who_died(records: ForceRecords, stream: RandomStream) -> None:
    """Add the death of some older suspects after all their crimes were closed."""
    crimes, last = {row["crime_ref"]: row for row in records.rows("crimes")}, _last_mentions(records)
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in records.rows("involvements"):
        parts[row.get("person_ref") or ""].append(row)
    for person in records.suspects_known:
        if age(person.born, records.span.period_to) < MIN_AGE:
            continue
        draw = stream.substream(person.key)
        if not draw.happens(figure_value("suspect_died")):
            continue
        person_rows = [row for ref in person.refs for row in parts[ref]]
        ends = [crimes[row["crime_ref"]]["outcome_at"] for row in person_rows if row.get("crime_ref")]
        since = max([when for when in ends if when] + [last[ref] for ref in person.refs if ref in last], default=None)
        if since and None not in ends and records.span.extracted_at - since > 3 * DAY:
            died = time_between(since + DAY, records.span.extracted_at - DAY, draw).date()
            for row in person_rows:
                row["died_on"] = died


def _last_mentions(records: ForceRecords) -> dict[str, dt.datetime]:
    """Return the last minute at which a record refers to each person number."""
    found: dict[str, dt.datetime] = {}
    for table, columns in TIMES.items():
        for row in records.rows(table):
            ref = str(row.get("person_ref"))
            for when in (row[column] for column in columns if row[column]):
                found[ref] = max(found.get(ref, moment(when)), moment(when))
    return found
