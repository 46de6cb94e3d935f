"""Which records stand behind an answer, and what does the card of an indicator say?

For the inspection's own people: what is listed here names records by their references and has passed no disclosure.
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
from assay.indicators.indicator_catalogue import form, forms
from assay.indicators.indicator_registers import standard_words
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import COVER, Inspection, open_inspection
from assay.ingest.table_permission import Permission
from assay.reference.data_requests import Request
from assay.wording import counted

ANSWERS = ("met", "not met", "not known", "not known if counted", "left out")
COUNTED = (*ANSWERS, "outside")
MOST_LINES = 40
LISTED = ("indicator", "force_code", "record_ref", "answer", "reason")


@dataclass(frozen=True)
class Told:
    """Something in words and as data."""

    words: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For other programs."""
        return self.data

    def in_words(self) -> list[str]:
        """For a person at a terminal."""
        return list(self.words)


def shown_card(key: str) -> Told:
    """The card of one form, or the keys of all; UsageError with near keys for one that is not known."""
    if key:
        asked = form(key)
        standards = {name: standard_words(name) for name in getattr(asked, "standard", ())}
        return Told((card(asked, standards),), card_dict(asked, standards))
    rows = [(one.key, one.title) for one in forms()]
    wide = max(len(name) for name, _ in rows)
    return Told(tuple(f"{name:<{wide}}  {title}" for name, title in rows), dict(rows))


def shown_answers(key: str, *, force: str, answer: str, folder: Path | None, to: Path | None) -> Told:
    """The five answers of an indicator a force, or the records behind one answer."""
    asked = form(key)
    if not isinstance(asked, Indicator):
        raise UsageError(f"{key} has no answers to list: it is not an indicator. Its card: assay card {key}")
    if answer and answer not in ANSWERS:
        raise UsageError(f"There is no answer {answer!r}. The answers are: {', '.join(ANSWERS)}.")
    inspection = run_inspection(folder)
    code = code_of(inspection.request, force)
    if not answer:
        return _ladder(asked, inspection, code)
    rows = _answers(inspection.folder, key, code)
    return _records(asked, [row for row in rows if row["answer"] == answer], answer, to)


def run_inspection(folder: Path | None) -> Inspection:
    """The inspection that is asked: the one named, or the one here, or the demo; it must have been run."""
    if folder is None:
        folder = next((place for place in (Path(), Path("demo")) if (place / COVER).is_file()), None)
    if folder is None:
        raise UsageError("There is no inspection here, and none in ./demo. Name one with --folder.")
    inspection = open_inspection(folder)
    if not (folder / "enquiries" / "receipt.json").is_file():
        raise UsageError(f"{folder} has not been run yet: assay run {folder}")
    Permission(inspection, date.today()).ask_for_facts(holding(inspection))
    return inspection


def code_of(request: Request, name: str) -> str:
    """The code of a body by its code, slug or name; it is never guessed."""
    if not name:
        return ""
    for body in request.bodies.values():
        if name.casefold() in (body.code.casefold(), body.slug.casefold(), body.name.casefold()):
            return body.code
    known = ", ".join(list(request.bodies)[:5])
    raise UsageError(f"This inspection asks no body called {name!r}. Codes look like {known}.")


def _answers(folder: Path, key: str, code: str) -> list[dict[str, Any]]:
    table = read_stage(folder, "enquiries", "answers")
    wanted = pc.equal(table["indicator"], key)
    if code:
        wanted = pc.and_(wanted, pc.equal(table["force_code"], code))
    rows: list[dict[str, Any]] = table.filter(wanted).to_pylist()
    return rows


def _ladder(asked: Indicator, inspection: Inspection, code: str) -> Told:
    names = {body.code: body.name for body in inspection.request.bodies.values()} | {EVERYWHERE: "All together"}
    rows = [
        row | {"name": f"{row['place_code']} {names[row['place_code']]}"}
        for row in read_stage(inspection.folder, "enquiries", "ladders").to_pylist()
        if row["indicator"] == asked.key and row["when_reported"] == ALL and code in ("", row["place_code"])
    ]
    wide = max((len(row["name"]) for row in rows), default=0)
    head = f"{'force':<{wide}}" + "".join(f"  {name:>{max(8, len(name))}}" for name in COUNTED)
    lines = [_line(row, wide) for row in sorted(rows, key=lambda row: row["place_code"])]
    data = {row["place_code"]: {name: row[_column(name)] for name in COUNTED} for row in rows}
    return Told((asked.question, head, *lines), {"indicator": asked.key, "answers": data})


def _line(row: dict[str, Any], wide: int) -> str:
    if row["not_askable"]:
        return f"{row['name']:<{wide}}  {row['not_askable']}"
    counts = (f"  {row[_column(name)]:>{max(8, len(name))},}" for name in COUNTED)
    return f"{row['name']:<{wide}}{''.join(counts)}"


def _column(name: str) -> str:
    return name.replace(" ", "_")


def _records(asked: Indicator, rows: list[dict[str, Any]], answer: str, to: Path | None) -> Told:
    if to:
        _write(to, rows)
    said = [asked.question, f"{counted(len(rows), 'record')} ({asked.record}): {answer}."]
    said += [f"  {r['force_code']}  {r['record_ref']}  {r['reason'] or ''}".rstrip() for r in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        said.append(f"  and {len(rows) - MOST_LINES:,} more (all of them with --to FILE.csv or --json)")
    return Told(tuple(said), {"indicator": asked.key, "answer": answer, "records": rows})


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    write_csv(path, LISTED, ([row[name] for name in LISTED] for row in rows))
