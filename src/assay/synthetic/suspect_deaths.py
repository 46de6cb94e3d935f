"""Which suspects died after their crimes were closed, so that no step can follow?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from assay.synthetic.calibration import figure
from assay.synthetic.case_dossier import moment
from assay.synthetic.local_time import DAY, age, within
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_tables import Book, Row

OLD = 45  # years of age, from which on a suspect may die
TIMES = {"events": ("happened_at",), "orders": ("made_at", "ended_at", "breached_at"), "court": ("happened_at",)}


def suspects_who_died(book: Book, chance: Chance) -> None:
    """Now and then an older suspect whose crimes are all closed is known to have died since."""
    crimes, last = {row["crime_ref"]: row for row in book.rows("crimes")}, _last_named(book)
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in book.rows("involvements"):
        parts[row.get("person_ref") or ""].append(row)
    for person in book.suspects_known:
        if age(person.born, book.span.period_to) < OLD:
            continue
        draw = chance.stream(person.key)
        if not draw.happens(figure("suspect_died")):
            continue
        own = [row for ref in person.refs for row in parts[ref]]
        ends = [crimes[row["crime_ref"]]["outcome_at"] for row in own if row.get("crime_ref")]
        since = max([when for when in ends if when] + [last[ref] for ref in person.refs if ref in last], default=None)
        if since and None not in ends and book.span.extracted_at - since > 3 * DAY:
            died = within(since + DAY, book.span.extracted_at - DAY, draw).date()
            for row in own:
                row["died_on"] = died


def _last_named(book: Book) -> dict[str, dt.datetime]:
    """The last minute at which something names each number."""
    found: dict[str, dt.datetime] = {}
    for table, columns in TIMES.items():
        for row in book.rows(table):
            ref = str(row.get("person_ref"))
            for when in (row[column] for column in columns if row[column]):
                found[ref] = max(found.get(ref, moment(when)), moment(when))
    return found
