"""Corrections between two editions (issues) of the report: which figures changed, were withdrawn, or are new?

The figure register of the prior release is compared with this one. A figure is identified by its id; it changed if it
is printed differently, was withdrawn if it is missing now, and is new if it was missing before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.report.figure_register import register_figures
from assay.report.number_words import plural, whole
from assay.report.page_elements import Grid, Page, grid
from assay.report.report_tables import ReleasedTables
from assay.sdc import declared_tables
from assay.sdc.release_tables import current_table_name

CHANGED, WITHDRAWN, NEW = "changed", "withdrawn", "new"
MAX_ROWS = 500
ABSENT = ""
METHOD_NOTE = (
    "Every figure of the earlier edition was held against this one by its id. A figure that only moved to another page "
    "is none of these; a sentence is not compared, its figures are."
)


@dataclass(frozen=True)
class Change:
    """One figure that differs between two editions: its id, and how it was printed before and now."""

    id: str
    old: str
    new: str

    @property
    def kind(self) -> str:
        """Kind of change of the figure: changed, withdrawn or new."""
        return WITHDRAWN if not self.new else NEW if not self.old else CHANGED


@dataclass(frozen=True)
class Corrections:
    """The corrections of a re-issue: the prior release, the reason, and every figure that differs."""

    prior_edition: str
    reason: str
    changes: tuple[Change, ...]


def read_figures(path: Path) -> Mapping[str, Any]:
    """Read a figure register; UsageError if the file is not one."""
    try:
        register = json.loads(path.read_text(encoding="utf-8"))
        return {"edition": register["edition"], "figures": list(register_figures(register))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} is no file of figures of a report. It lies beside the pages: figures/figures.json."
        ) from error


def corrections(prior_register: Mapping[str, Any], register: Mapping[str, Any], reason: str) -> Corrections:
    """Compare two figure registers; UsageError if no reason is given."""
    if not reason.strip():
        raise UsageError("Say why the report is issued again: a reader who quoted it needs to know.")
    old_figures, new_figures = _printed_figures(prior_register["figures"]), _printed_figures(register["figures"])
    ids = [*old_figures, *(key for key in new_figures if key not in old_figures)]
    changes = [Change(key, old_figures.get(key, ABSENT), new_figures.get(key, ABSENT)) for key in ids]
    return Corrections(
        str(prior_register["edition"]), reason, tuple(change for change in changes if change.old != change.new)
    )


def _printed_figures(figures: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {_current_id(str(figure["id"])): str(figure["printed"][0]) for figure in figures}


def _current_id(key: str) -> str:
    """Return the id of a figure under the present names of its table and column.

    An earlier version wrote the register under the names of its time. A new name is no correction.
    """
    stored_table, _, place = key.partition("/")
    table = current_table_name(stored_table)
    row, _, stored_column = place.rpartition("#")
    if table not in declared_tables():
        return key  # a figure that is derived on a page, and is in no table
    return f"{table}/{row}#{declared_tables()[table].former_names.get(stored_column, stored_column)}"


def correction_rows(corrections_found: Corrections) -> list[tuple[str, str, str, str]]:
    """Return every change as (what happened, id, old, new)."""
    return [(change.kind, change.id, change.old, change.new) for change in corrections_found.changes]


def corrections_page(site: ReleasedTables, corrections_found: Corrections) -> Page:
    """Return the page of corrections, changed figures first."""
    counts = Counter(change.kind for change in corrections_found.changes)
    order = {CHANGED: 0, WITHDRAWN: 1, NEW: 2}
    ranked = sorted(corrections_found.changes, key=lambda change: order[change.kind])
    context = {
        "before": corrections_found.prior_edition,
        "reason": corrections_found.reason,
        "counts": [(whole(counts[kind]), kind) for kind in order],
        "total": plural(len(corrections_found.changes), "figure"),
        "table": _table(ranked[:MAX_ROWS], len(corrections_found.changes)),
    }
    return Page("corrections.html", "corrections.html", "Corrections", METHOD_NOTE, (), context)


def _table(changes: Iterable[Change], total: int) -> Grid | None:
    rows = [
        (_title(change.id), _key(change.id), change.kind, change.old or "none", change.new or "none")
        for change in changes
    ]
    note = f"The first {MAX_ROWS} are shown. All of them: figures/corrections.csv." if total > MAX_ROWS else ""
    heads = ("Table", "Row and column", "What happened", "#Was", "#Is")
    return grid("Every figure that is not as it was", heads, rows, note=note) if rows else None


def _title(key: str) -> str:
    table = key.partition("/")[0]
    return declared_tables()[table].title if table in declared_tables() else table


def _key(key: str) -> str:
    row, _, column = key.partition("/")[2].partition("#")
    return f"{row}: {column.replace('_', ' ')}"
