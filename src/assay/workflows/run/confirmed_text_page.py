"""What do the marks of entries and summaries say, force by force and before and after chosen days?

For the inspection's own people: exact counts, and small ones. Nothing of it leaves the building without disclosure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assay.casefiles.result_sentences import on_page
from assay.errors import UsageError
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING, CHALLENGED, IMPORTED, RECALL
from assay.indicators.catalogue.attitudes.language_changes import VOLUMES
from assay.ingest.inspection_folder import open_inspection
from assay.report.internal_page import write_inside_page
from assay.report.page_elements import Grid, grid
from assay.wording import number, percent, percents
from assay.workflows.run.confirmed_texts import Confirmed, confirmed, middle

TOGETHER = "All together"
PARTS = {"all": "", "author_role": "role: ", "stage": "stage: "}
APART = {
    IMPORTED: "copied in from others, whose words they are",
    CHALLENGED: "of blaming entries: challenged by somebody",
    RECALL: "of blaming entries: called by the score",
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """The page that was written, and its tables."""

    path: Path
    found: Confirmed
    names: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        tables = {name: getattr(self.found, name).to_dicts() for name in ("language", "changes", "unflagged")}
        return {"page": str(self.path), **tables, "compared": self.found.compared.to_pylist()}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        whole = self.found.language.filter(pl.col("measure") == BLAMING, pl.col("part_of") == "all").to_dicts()
        lines = ["Entries of the police's own that blame the child, as people confirmed it:"]
        lines += [f"  {_place(row, self.names)}: {_share(row)}; {_volume(row)}" for row in whole]
        lines += ["", "Exploitation in summaries, as people confirmed it:"]
        for row in self.found.unflagged.to_dicts():
            said = row["why"] or f"{_number(row)} crimes without a flag; {_named(row, 'sensitivity')} bear one"
            lines.append(f"  {_place(row, self.names)}: {said}")
        return [*lines, "", f"Open {self.path}"]


def write_confirmed(folder: Path, out: Path, dates: Sequence[date] = ()) -> Told:
    """Write the page; `dates`: days before and after which blaming words are told, else the middle of the period.
    UsageError where the inspection was not run."""
    inspection = open_inspection(folder)
    if not (folder / "readings" / "notes.parquet").is_file():
        raise UsageError(f"{folder} has read no text yet: assay run {folder}")
    request = inspection.request
    names = {code: body.name for code, body in request.bodies.items()}
    on = list(dates) or [middle(request.period_from, request.period_to)]
    found = confirmed(folder, request.bodies, on)
    told = {
        "words": _words(found, names),
        "changes": _changes(found, names),
        "unflagged": _unflagged(found, names),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    write_inside_page(out, "assay.casefiles", "confirmed.html", names, told)
    return Told(out, found, names)


def _words(found: Confirmed, names: Mapping[str, str]) -> Grid:
    compared = {row["place_code"]: row for row in found.compared.to_pylist() if row["measure"] == BLAMING}
    rows = [
        (_what(row, names), _count(row["texts"]), _count(row["marked"]), _count(row["met"]), on_page(_share(row)),
         _count(row["words"]), _count(row["authors"]), _beside(row, compared))
        for row in found.language.to_dicts()
    ]  # fmt: skip
    heads = ("Of", "#Entries", "#Marked", "#Met", "#Share", "#Words", "#Authors", "Beside the others; what stays open")
    note = "Few blaming words found is no finding that attitudes are good. Words and authors: of all entries read."
    return grid("Words that blame the child", heads, rows, note=note, dense=True)


def _what(row: Row, names: Mapping[str, str]) -> str:
    if row["measure"] != BLAMING:
        return APART[row["measure"]]
    part = row["part"].replace("_", " ")
    return f"{PARTS[row['part_of']]}{part}" if part else _place(row, names)


def _beside(row: Row, compared: Mapping[str, Row]) -> str:
    other = compared.get(row["place_code"], {}) if row["measure"] == BLAMING and row["part_of"] == "all" else {}
    said = other.get("not_comparable") or (
        f"{other['direction']} than the others lead one to expect" if other.get("unusual") else ""
    )
    most = row["lowest_most"]
    left = "" if most is None else f"of the lowest band at most {number(most)} may blame"
    return ". ".join(one.rstrip(".") for one in (said, left) if one)


def _changes(found: Confirmed, names: Mapping[str, str]) -> Grid:
    rows = [
        (_place(row, names), row["changed_on"], _named(row, "before"), _named(row, "after"),
         *(_pair(row, name) for name in VOLUMES), f"{row['said']}. {row['why']}".strip())
        for row in found.changes.to_dicts()
    ]  # fmt: skip
    of_volume = ("#Words an entry", "#Entries a month", "#Authors a month")
    heads = ("Where", "Day", "#Before", "#From that day", *of_volume, "So")
    return grid("Before and after a day", heads, rows, dense=True)


def _unflagged(found: Confirmed, names: Mapping[str, str]) -> Grid:
    rows = [
        (_place(row, names), _count(row["summaries"]), _count(row["marked"]), _count(row["marked_told"]),
         row["why"] or _number(row), _named(row, "sensitivity"), _named(row, "specificity"), _named(row, "precision"),
         _named(row, "reader_recall"), row["not_compared"])
        for row in found.unflagged.to_dicts()
    ]  # fmt: skip
    heads = (
        "Where", "#Summaries", "#Marked", "#That tell of it", "#Crimes without a flag", "#Sensitivity of flags",
        "#Specificity", "#Precision", "#Found by the score", "Why not compared",
    )  # fmt: skip
    note = "Exploitation of which its summary does not tell is in none of these figures."
    return grid("Exploitation without a flag", heads, rows, note=note, dense=True)


def _place(row: Row, names: Mapping[str, str]) -> str:
    return TOGETHER if row["place_code"] == EVERYWHERE else names.get(row["place_code"], row["place_code"])


def _share(row: Row) -> str:
    if row["share"] is None:
        return str(row["why"])
    return f"{percent(row['share'])} ({percents(row['low'], row['high'])})"


def _named(row: Row, name: str) -> str:
    if row[name] is None:
        return "not known"
    return on_page(f"{percent(row[name])} ({percents(row[f'{name}_low'], row[f'{name}_high'])})")


def _number(row: Row) -> str:
    return f"{number(row['unflagged'])} ({number(row['unflagged_low'])} to {number(row['unflagged_high'])})"


def _volume(row: Row) -> str:
    written = f"{number(row['words'])} words of {number(row['authors'])} authors in all entries read"
    return f"{number(row['texts'])} entries of their own; {written}"


def _pair(row: Row, name: str) -> str:
    values = (row[f"{name}_before"], row[f"{name}_after"])
    return " to ".join("not known" if one is None else number(one) for one in values)


def _count(value: int | None) -> str:
    return "" if value is None else number(value)
