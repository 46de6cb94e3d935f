"""List what national organisations know that concerns a force: groups active across forces, and lessons of reviews.

The agency and the regional units see across forces. Their statements are quoted with their day. They are no figure of a
force, and rate or rank nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.ingest.other_senders import meaning
from assay.wording import join_words

Row = Mapping[str, Any]


def cross_force_groups(facts: Sequence[Row], code: str, names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each group that is active in the force and elsewhere: its facts here, and the other
    forces."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in facts:
        groups.setdefault((row["sender"], row["group_ref"]), []).append(row)
    force_groups = {key: rows for key, rows in groups.items() if any(row["body_code"] == code for row in rows)}
    return [
        _group_sentence(names.get(sender, sender), ref, rows, code, names)
        for (sender, ref), rows in sorted(force_groups.items())
    ]


def relevant_lessons(lessons: Sequence[Row], code: str, national: Mapping[str, str]) -> list[str]:
    """Return the lessons (findings of reviews) about this force and from national organisations, the latest first."""
    force_lessons = [row for row in lessons if row["body_code"] == code or row["sender"] in national]
    order = sorted(force_lessons, key=lambda row: (row["said_on"], row["lesson_ref"]), reverse=True)
    return [f"{_organisation_name(row, code, national)}, {row['said_on']:%-d %B %Y}: {row['lesson']}" for row in order]


def _group_sentence(sender: str, ref: str, rows: Sequence[Row], code: str, names: Mapping[str, str]) -> str:
    force_rows = (row for row in rows if row["body_code"] == code)
    facts = [f"{meaning('fact_kind', row['fact_kind'])} ({row['as_of']:%-d %B %Y})" for row in force_rows]
    other_forces = sorted({names.get(row["body_code"], row["body_code"]) for row in rows if row["body_code"] != code})
    ending = f"; the group touches {join_words(other_forces)} too" if other_forces else "; no other force is named"
    return f"Group {ref} of {sender}: the force {join_words(facts)}{ending}."


def _organisation_name(row: Row, code: str, national: Mapping[str, str]) -> str:
    return "The force" if row["body_code"] == code else national.get(row["body_code"], national.get(row["sender"], ""))
