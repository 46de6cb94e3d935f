"""What do national bodies tell of a force: which groups touch it and others, and what was learned?

The agency and the regional units see across forces. What they send is told as they say it, with its day; it is no
figure of a force, and rates or ranks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.ingest.other_senders import meaning
from assay.wording import listed

Row = Mapping[str, Any]


def groups_of(facts: Sequence[Row], code: str, names: Mapping[str, str]) -> list[str]:
    """A sentence for each group that touches the force: what holds of it here, and which other forces it touches."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in facts:
        found.setdefault((row["sender"], row["group_ref"]), []).append(row)
    mine = {key: rows for key, rows in found.items() if any(row["body_code"] == code for row in rows)}
    return [_group(names.get(sender, sender), ref, rows, code, names) for (sender, ref), rows in sorted(mine.items())]


def lessons_of(lessons: Sequence[Row], code: str, national: Mapping[str, str]) -> list[str]:
    """Lessons of this body and of the national bodies, the latest first."""
    mine = [row for row in lessons if row["body_code"] == code or row["sender"] in national]
    order = sorted(mine, key=lambda row: (row["said_on"], row["lesson_ref"]), reverse=True)
    return [f"{_whose(row, code, national)}, {row['said_on']:%-d %B %Y}: {row['lesson']}" for row in order]


def _group(sender: str, ref: str, rows: Sequence[Row], code: str, names: Mapping[str, str]) -> str:
    mine = (row for row in rows if row["body_code"] == code)
    here = [f"{meaning('fact_kind', row['fact_kind'])} ({row['as_of']:%-d %B %Y})" for row in mine]
    others = sorted({names.get(row["body_code"], row["body_code"]) for row in rows if row["body_code"] != code})
    also = f"; the group touches {listed(others)} too" if others else "; no other force is named"
    return f"Group {ref} of {sender}: the force {listed(here)}{also}."


def _whose(row: Row, code: str, national: Mapping[str, str]) -> str:
    return "The force" if row["body_code"] == code else national.get(row["body_code"], national.get(row["sender"], ""))
