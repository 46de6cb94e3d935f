"""What changed between an earlier edition of the report and this one, figure by figure?

The file of figures of the earlier edition is held against that of this one. A figure is told by its id; it changed if
it is printed otherwise, was withdrawn if it is no longer there, and is new if it was not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.report.number_words import plural, whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.report_tables import Site
from assay.sdc import declared_tables

CHANGED, WITHDRAWN, NEW = "changed", "withdrawn", "new"
MOST_SHOWN = 500
NOTHING = ""
SURE = (
    "Every figure of the earlier edition was held against this one by its id. A figure that only moved to another page "
    "is none of these; a sentence is not compared, its figures are."
)


@dataclass(frozen=True)
class Change:
    """One figure that is not as it was: its id, how it was printed, and how it is."""

    id: str
    was: str
    now: str

    @property
    def kind(self) -> str:
        """Whether it changed, was withdrawn, or is new."""
        return WITHDRAWN if not self.now else NEW if not self.was else CHANGED


@dataclass(frozen=True)
class Corrections:
    """What a re-issue names: the edition before, why it was re-issued, and every figure that is not as it was."""

    before: str
    reason: str
    changes: tuple[Change, ...]


def read_figures(path: Path) -> Mapping[str, Any]:
    """A file of figures; UsageError if it is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {"edition": told["edition"], "figures": told["figures"]}
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise UsageError(
            f"{path} is no file of figures of a report. It lies beside the pages: figures/figures.json."
        ) from wrong


def corrections(before: Mapping[str, Any], now: Mapping[str, Any], reason: str) -> Corrections:
    """What changed between two files of figures; UsageError where no reason is given."""
    if not reason.strip():
        raise UsageError("Say why the report is issued again: a reader who quoted it needs to know.")
    was, held = _printed(before["figures"]), _printed(now["figures"])
    ids = [*was, *(key for key in held if key not in was)]
    found = [Change(key, was.get(key, NOTHING), held.get(key, NOTHING)) for key in ids]
    return Corrections(str(before["edition"]), reason, tuple(one for one in found if one.was != one.now))


def _printed(figures: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(one["id"]): str(one["printed"][0]) for one in figures}


def as_rows(found: Corrections) -> list[tuple[str, str, str, str]]:
    """Every change as (what happened, id, was, now)."""
    return [(one.kind, one.id, one.was, one.now) for one in found.changes]


def corrections_page(site: Site, found: Corrections) -> Page:
    """The page that names them, the figures that changed first."""
    counts = Counter(one.kind for one in found.changes)
    order = {CHANGED: 0, WITHDRAWN: 1, NEW: 2}
    ranked = sorted(found.changes, key=lambda one: order[one.kind])
    told = {
        "before": found.before,
        "reason": found.reason,
        "counts": [(whole(counts[kind]), kind) for kind in order],
        "total": plural(len(found.changes), "figure"),
        "table": _table(ranked[:MOST_SHOWN], len(found.changes)),
    }
    return Page("corrections.html", "corrections.html", "Corrections", SURE, (), told)


def _table(changes: Iterable[Change], total: int) -> Grid | None:
    rows = [(_title(one.id), _key(one.id), one.kind, one.was or "none", one.now or "none") for one in changes]
    note = f"The first {MOST_SHOWN} are shown. All of them: figures/corrections.csv." if total > MOST_SHOWN else ""
    heads = ("Table", "Row and column", "What happened", "#Was", "#Is")
    return grid("Every figure that is not as it was", heads, rows, note=note) if rows else None


def _title(key: str) -> str:
    table = key.partition("/")[0]
    return declared_tables()[table].title if table in declared_tables() else table


def _key(key: str) -> str:
    row, _, column = key.partition("/")[2].partition("#")
    return f"{row}: {column.replace('_', ' ')}"
