"""The approaches and teams of a force, as sentences.

They come from the facts of its return, with exact counts of posts and open cases, and are for inspectors only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assay.engine.provenance import read_stage
from assay.wording import count_phrase, join_words

Row = Mapping[str, Any]
POSTS = (("posts_funded", "funded"), ("posts_filled", "filled"), ("posts_trained", "trained"))


def describe_approaches(folder: Path, code: str) -> tuple[list[str], list[str]]:
    """Return one sentence for each approach of a force, current first, and one for each team's latest month."""
    rows_by_table: dict[str, list[Row]] = {}
    for name in ("approach", "team_month"):
        exists = (folder / "records" / f"{name}.parquet").is_file()
        rows = read_stage(folder, "records", name).to_pylist() if exists else []
        rows_by_table[name] = [row for row in rows if row["force_code"] == code]
    approaches = sorted(rows_by_table["approach"], key=lambda row: (row["ended_on"] is not None, row["began_on"]))
    return [_approach_sentence(row) for row in approaches], [
        _team_sentence(row) for row in _last_months(rows_by_table["team_month"])
    ]


def _approach_sentence(row: Row) -> str:
    place = row["place"] or "an area that is not named"
    until = f" to {row['ended_on']:%-d %B %Y}" if row["ended_on"] else ", in use"
    return f"{_label(row['approach'])}, {place}: from {row['began_on']:%-d %B %Y}{until}."


def _last_months(rows: Iterable[Row]) -> list[Row]:
    """Return the last month of each kind of team, in order of the kind."""
    last_by_kind = {row["team_kind"]: row for row in sorted(rows, key=lambda row: row["month_start"])}
    return [last_by_kind[kind] for kind in sorted(last_by_kind)]


def _team_sentence(row: Row) -> str:
    posts = [f"{row[name]:g} {label}" if row[name] is not None else f"{label} not known" for name, label in POSTS]
    cases = "open cases not known" if row["open_cases"] is None else count_phrase(row["open_cases"], "open case")
    return f"{_label(row['team_kind'])}, {row['month_start']:%B %Y}: posts {join_words(posts)}; {cases}."


def _label(key: str | None) -> str:
    label = (key or "another way").replace("_", " ")
    return label[:1].upper() + label[1:]
