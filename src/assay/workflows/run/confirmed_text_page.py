"""Write the internal page of text ratings: by force, and before and after chosen dates.

The page is for the inspection team only: it holds exact counts, also small ones, and may not be released without
disclosure control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assay.casefiles.result_sentences import keep_interval_together
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING, CHALLENGED, IMPORTED, RECALL
from assay.indicators.catalogue.attitudes.language_changes import VOLUMES
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_internal_page
from assay.report.page_elements import Grid, grid
from assay.wording import format_number, percent, percent_interval
from assay.workflows.run.confirmed_texts import ConfirmedTables, confirmed_tables, middle_month

ALL_FORCES = "All together"
PART_PREFIXES = {"all": "", "author_role": "role: ", "stage": "stage: "}
OTHER_MEASURES = {
    IMPORTED: "copied in from others, whose words they are",
    CHALLENGED: "of blaming entries: challenged by somebody",
    RECALL: "of blaming entries: called by the score",
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ConfirmedTextPage:
    """The page that was written, and its tables."""

    path: Path
    found: ConfirmedTables
    names: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        tables = {name: getattr(self.found, name).to_dicts() for name in ("language", "changes", "unflagged")}
        return {"page": str(self.path), **tables, "compared": self.found.compared.to_pylist()}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        force_rows = self.found.language.filter(pl.col("measure") == BLAMING, pl.col("part_of") == "all").to_dicts()
        lines = ["Entries of the police's own that blame the child, as people confirmed it:"]
        lines += [f"  {_place_name(row, self.names)}: {_share_text(row)}; {_volume_text(row)}" for row in force_rows]
        lines += ["", "Exploitation in summaries, as people confirmed it:"]
        for row in self.found.unflagged.to_dicts():
            result_text = (
                row["why"]
                or f"{_number_text(row)} crimes without a flag; {_share_with_interval(row, 'sensitivity')} bear one"
            )
            lines.append(f"  {_place_name(row, self.names)}: {result_text}")
        return [*lines, "", f"Open {self.path}"]


def write_confirmed_page(folder: Path, out: Path, dates: Sequence[date] = ()) -> ConfirmedTextPage:
    """Write the page; victim-blaming language is compared before and after `dates`, or else the middle of the period.

    Raises
    ------
    UsageError
        If the inspection was not run.
    """
    inspection = open_inspection(folder)
    if not (folder / "readings" / "notes.parquet").is_file():
        raise UsageError(f"{folder} has read no text yet: assay inspect run {folder}")
    request = inspection.request
    names = {code: force_code.name for code, force_code in request.organisations.items()}
    change_days = list(dates) or [middle_month(request.period_from, request.period_to)]
    found = confirmed_tables(folder, request.organisations, change_days)
    context = {
        "words": _language_grid(found, names),
        "changes": _change_grid(found, names),
        "unflagged": _unflagged_grid(found, names),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    write_internal_page(out, "assay.casefiles", "confirmed.html", names, context)
    return ConfirmedTextPage(out, found, names)


def _language_grid(found: ConfirmedTables, names: Mapping[str, str]) -> Grid:
    compared = {row["place_code"]: row for row in found.compared.to_pylist() if row["measure"] == BLAMING}
    rows = [
        (
            _row_label(row, names),
            _count_text(row["texts"]),
            _count_text(row["marked"]),
            _count_text(row["met"]),
            keep_interval_together(_share_text(row)),
            _count_text(row["words"]),
            _count_text(row["authors"]),
            _comparison_text(row, compared),
        )
        for row in found.language.to_dicts()
    ]
    headings = (
        "Of",
        "#Entries",
        "#Marked",
        "#Met",
        "#Share",
        "#Words",
        "#Authors",
        "Beside the others; what stays open",
    )
    note = "Few blaming words found is no finding that attitudes are good. Words and authors: of all entries read."
    return grid("Words that blame the child", headings, rows, note=note, dense=True)


def _row_label(row: Row, names: Mapping[str, str]) -> str:
    if row["measure"] != BLAMING:
        return OTHER_MEASURES[row["measure"]]
    part = row["part"].replace("_", " ")
    return f"{PART_PREFIXES[row['part_of']]}{part}" if part else _place_name(row, names)


def _comparison_text(row: Row, compared: Mapping[str, Row]) -> str:
    comparison_row = (
        compared.get(row["place_code"], {}) if row["measure"] == BLAMING and row["part_of"] == "all" else {}
    )
    comparison = comparison_row.get("not_comparable") or (
        f"{comparison_row['direction']} than the other forces predict" if comparison_row.get("outlier_alert") else ""
    )
    upper_limit = row["lowest_most"]
    limit_text = "" if upper_limit is None else f"of the lowest band at most {format_number(upper_limit)} may blame"
    return ". ".join(phrase.rstrip(".") for phrase in (comparison, limit_text) if phrase)


def _change_grid(found: ConfirmedTables, names: Mapping[str, str]) -> Grid:
    rows = [
        (
            _place_name(row, names),
            row["changed_on"],
            _share_with_interval(row, "before"),
            _share_with_interval(row, "after"),
            *(_before_after(row, name) for name in VOLUMES),
            f"{row['said']}. {row['why']}".strip(),
        )
        for row in found.changes.to_dicts()
    ]
    volume_headings = ("#Words an entry", "#Entries a month", "#Authors a month")
    headings = ("Where", "Day", "#Before", "#From that day", *volume_headings, "So")
    return grid("Before and after a day", headings, rows, dense=True)


def _unflagged_grid(found: ConfirmedTables, names: Mapping[str, str]) -> Grid:
    rows = [
        (
            _place_name(row, names),
            _count_text(row["summaries"]),
            _count_text(row["marked"]),
            _count_text(row["marked_told"]),
            row["why"] or _number_text(row),
            _share_with_interval(row, "sensitivity"),
            _share_with_interval(row, "specificity"),
            _share_with_interval(row, "precision"),
            _share_with_interval(row, "reader_recall"),
            row["not_compared"],
        )
        for row in found.unflagged.to_dicts()
    ]
    headings = (
        "Where", "#Summaries", "#Marked", "#That describe it", "#Crimes without a flag", "#Sensitivity of flags",
        "#Specificity", "#Precision", "#Found by the score", "Why not compared",
    )  # fmt: skip
    note = "Exploitation of which its summary does not tell is in none of these figures."
    return grid("Exploitation without a flag", headings, rows, note=note, dense=True)


def _place_name(row: Row, names: Mapping[str, str]) -> str:
    return ALL_FORCES if row["place_code"] == EVERYWHERE else names.get(row["place_code"], row["place_code"])


def _share_text(row: Row) -> str:
    if row["share"] is None:
        return str(row["why"])
    return f"{percent(row['share'])} ({percent_interval(row['low'], row['high'])})"


def _share_with_interval(row: Row, name: str) -> str:
    if row[name] is None:
        return "not known"
    return keep_interval_together(f"{percent(row[name])} ({percent_interval(row[f'{name}_low'], row[f'{name}_high'])})")


def _number_text(row: Row) -> str:
    return (
        f"{format_number(row['unflagged'])} ({format_number(row['unflagged_low'])} to "
        f"{format_number(row['unflagged_high'])})"
    )


def _volume_text(row: Row) -> str:
    words_text = f"{format_number(row['words'])} words of {format_number(row['authors'])} authors in all entries read"
    return f"{format_number(row['texts'])} entries of their own; {words_text}"


def _before_after(row: Row, name: str) -> str:
    values = (row[f"{name}_before"], row[f"{name}_after"])
    return " to ".join("not known" if value is None else format_number(value) for value in values)


def _count_text(value: int | None) -> str:
    return "" if value is None else format_number(value)
