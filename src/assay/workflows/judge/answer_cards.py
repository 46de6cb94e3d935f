"""Show the card of an indicator, its answers by force, and the records behind an answer.

The output is for the inspection team only: it names records by their references and has no disclosure control.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from assay.engine.provenance import read_stage
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.errors import UsageError
from assay.indicators import ALL, EVERYWHERE, Indicator, card, card_dict
from assay.indicators.answer_ladder import count_column
from assay.indicators.indicator_catalogue import find_form, forms
from assay.indicators.indicator_registers import standard_words
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import SETTINGS_FILE, Inspection, open_inspection
from assay.ingest.table_permission import ReadPermission
from assay.reference.data_requests import DataRequest
from assay.wording import count_phrase

ANSWERS = ("met", "not met", "not known", "not known if counted", "left out")
ANSWERS_AND_OUTSIDE = (*ANSWERS, "outside")
MAX_LINES = 40
LISTED_COLUMNS = ("indicator", "force_code", "record_ref", "answer", "reason")


@dataclass(frozen=True)
class CommandResult:
    """The result of a command, as lines for a terminal and as data for other programs."""

    lines: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the data for other programs."""
        return self.data

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return list(self.lines)


def show_card(key: str) -> CommandResult:
    """Show the card of an indicator, waiting time or count, or all keys; UsageError with similar keys for another."""
    if key:
        measure = find_form(key)
        standards = {name: standard_words(name) for name in getattr(measure, "standard", ())}
        return CommandResult((card(measure, standards),), card_dict(measure, standards))
    rows = [(form.key, form.title) for form in forms()]
    width = max(len(name) for name, _ in rows)
    return CommandResult(tuple(f"{name:<{width}}  {title}" for name, title in rows), dict(rows))


def show_answers(key: str, *, force: str, answer: str, folder: Path | None, csv_path: Path | None) -> CommandResult:
    """Return the five answers of an indicator by force, or the records behind one answer."""
    indicator = find_form(key)
    if not isinstance(indicator, Indicator):
        raise UsageError(
            f"{key} has no answers to list: it is not an indicator. Its card: assay inspect indicator-card {key}"
        )
    if answer and answer not in ANSWERS:
        raise UsageError(f"There is no answer {answer!r}. The answers are: {', '.join(ANSWERS)}.")
    inspection = open_run_inspection(folder)
    code = find_force_code(inspection.request, force)
    if not answer:
        return _show_ladder(indicator, inspection, code)
    rows = _read_answers(inspection.folder, key, code)
    return _show_records(indicator, [row for row in rows if row["answer"] == answer], answer, csv_path)


def open_run_inspection(folder: Path | None) -> Inspection:
    """Open the inspection in `folder`, in the working folder or in ./demo; UsageError if it was not run."""
    if folder is None:
        folder = next((path for path in (Path(), Path("demo")) if (path / SETTINGS_FILE).is_file()), None)
    if folder is None:
        raise UsageError("There is no inspection here, and none in ./demo. Name one with --folder.")
    inspection = open_inspection(folder)
    if not (folder / "enquiries" / "receipt.json").is_file():
        raise UsageError(f"{folder} has not been run yet: assay inspect run {folder}")
    ReadPermission(inspection, date.today()).require_for_facts(current_returns(inspection))
    return inspection


def find_force_code(request: DataRequest, name: str) -> str:
    """Return the code of a force, given its code, slug or name; UsageError if none matches exactly.

    A note in brackets at the end of a name, such as '(synthetic)', may be left out, as the report leaves it out.
    """
    if not name:
        return ""
    for organisation in request.organisations.values():
        if name.casefold() in (
            organisation.code.casefold(),
            organisation.slug.casefold(),
            organisation.name.casefold(),
            organisation.name.casefold().partition(" (")[0],
        ):
            return organisation.code
    known = ", ".join(list(request.organisations)[:5])
    raise UsageError(f"This inspection includes no force called {name!r}. Codes look like {known}.")


def _read_answers(folder: Path, key: str, code: str) -> list[dict[str, Any]]:
    table = read_stage(folder, "enquiries", "answers")
    mask = pc.equal(table["indicator"], key)
    if code:
        mask = pc.and_(mask, pc.equal(table["force_code"], code))
    rows: list[dict[str, Any]] = table.filter(mask).to_pylist()
    return rows


def _show_ladder(indicator: Indicator, inspection: Inspection, code: str) -> CommandResult:
    names = {organisation.code: organisation.name for organisation in inspection.request.organisations.values()} | {
        EVERYWHERE: "All together"
    }
    rows = [
        row | {"name": f"{row['place_code']} {names[row['place_code']]}"}
        for row in read_stage(inspection.folder, "enquiries", "ladders").to_pylist()
        if row["indicator"] == indicator.key and row["when_reported"] == ALL and code in ("", row["place_code"])
    ]
    width = max((len(row["name"]) for row in rows), default=0)
    header = f"{'force':<{width}}" + "".join(f"  {name:>{max(8, len(name))}}" for name in ANSWERS_AND_OUTSIDE)
    lines = [_ladder_line(row, width) for row in sorted(rows, key=lambda row: row["place_code"])]
    data = {row["place_code"]: {name: row[count_column(name)] for name in ANSWERS_AND_OUTSIDE} for row in rows}
    return CommandResult((indicator.question, header, *lines), {"indicator": indicator.key, "answers": data})


def _ladder_line(row: dict[str, Any], width: int) -> str:
    if row["not_askable"]:
        return f"{row['name']:<{width}}  {row['not_askable']}"
    counts = (f"  {row[count_column(name)]:>{max(8, len(name))},}" for name in ANSWERS_AND_OUTSIDE)
    return f"{row['name']:<{width}}{''.join(counts)}"


def _show_records(
    indicator: Indicator, rows: list[dict[str, Any]], answer: str, csv_path: Path | None
) -> CommandResult:
    if csv_path:
        _write(csv_path, rows)
    lines = [indicator.question, f"{count_phrase(len(rows), 'record')} ({indicator.record}): {answer}."]
    lines += [f"  {row['force_code']}  {row['record_ref']}  {row['reason'] or ''}".rstrip() for row in rows[:MAX_LINES]]
    if len(rows) > MAX_LINES:
        lines.append(f"  and {len(rows) - MAX_LINES:,} more (all of them with --to FILE.csv or --json)")
    return CommandResult(tuple(lines), {"indicator": indicator.key, "answer": answer, "records": rows})


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    write_csv(path, LISTED_COLUMNS, ([row[name] for name in LISTED_COLUMNS] for row in rows))
