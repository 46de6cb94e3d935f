"""How does a force say that it works: which ways of working, where and since when, and how many people do it?

From the facts that its return gave; counts of posts and of open cases, for the inspection's own people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assay.engine.provenance import read_stage
from assay.wording import counted, listed

Row = Mapping[str, Any]
POSTS = (("posts_funded", "funded"), ("posts_filled", "filled"), ("posts_trained", "trained"))


def ways_of(folder: Path, code: str) -> tuple[list[str], list[str]]:
    """Approaches in use or tried, a sentence each, those in use first; and of each team its last month that came."""
    mine: dict[str, list[Row]] = {}
    for name in ("approach", "team_month"):
        held = (folder / "records" / f"{name}.parquet").is_file()
        rows = read_stage(folder, "records", name).to_pylist() if held else []
        mine[name] = [row for row in rows if row["force_code"] == code]
    in_use_first = sorted(mine["approach"], key=lambda row: (row["ended_on"] is not None, row["began_on"]))
    return [_approach(row) for row in in_use_first], [_team(row) for row in _last(mine["team_month"])]


def _approach(row: Row) -> str:
    place = row["place"] or "an area that is not named"
    until = f" to {row['ended_on']:%-d %B %Y}" if row["ended_on"] else ", in use"
    return f"{_words(row['approach'])}, {place}: from {row['began_on']:%-d %B %Y}{until}."


def _last(rows: Iterable[Row]) -> list[Row]:
    """The last month of each kind of team, in order of the kind."""
    last = {row["team_kind"]: row for row in sorted(rows, key=lambda row: row["month_start"])}
    return [last[kind] for kind in sorted(last)]


def _team(row: Row) -> str:
    posts = [f"{row[name]:g} {said}" if row[name] is not None else f"{said} not known" for name, said in POSTS]
    cases = "open cases not known" if row["open_cases"] is None else counted(row["open_cases"], "open case")
    return f"{_words(row['team_kind'])}, {row['month_start']:%B %Y}: posts {listed(posts)}; {cases}."


def _words(key: str | None) -> str:
    said = (key or "another way").replace("_", " ")
    return said[:1].upper() + said[1:]
