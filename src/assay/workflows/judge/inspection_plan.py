"""Seal the inspection plan before the first return, and report every later change to it.

`assay inspect seal-plan` enters one hash of questions, definitions, standards, measures, thresholds, grade rules and
sample designs in the ledger. A plan is sealed again only with a reason; every edition stays, with the grades that were
proposed before it took effect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import grading, indicators, reference
from assay.contract import question_sets
from assay.engine.provenance import EventKind, read_stage, with_folder_lock
from assay.engine.provenance.stage_folders import list_stages
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.errors import UsageError
from assay.grading.grading_rules import Rules, read_rules, rules_text
from assay.indicators import card_dict
from assay.indicators.catalogue.lessons.recommendation_register import lessons
from assay.indicators.indicator_catalogue import forms
from assay.ingest.inspection_folder import Inspection, open_inspection, refuse_retired
from assay.ingest.stage_names import JUDGEMENT, PLAN
from assay.reference.exploitation_definitions import definitions
from assay.sdc import policy
from assay.text.personal_details import refuse_personal_details
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult

ITEMS_SCHEMA = pa.schema([(name, pa.string()) for name in ("part", "item", "hash")])
CHANGES_SCHEMA = pa.schema([(name, pa.string()) for name in ("part", "item", "change")])
EDITION_SCHEMA = pa.schema([("edition", pa.int64()), ("reason", pa.string()), ("sealed_on", pa.date32()),
                   ("notice_on", pa.date32()), ("returns_before", pa.int64()), ("hash", pa.string())])  # fmt: skip
MIN_REASON_LENGTH = 20
"""Minimum number of letters of a reason."""
RULES = "rules.toml"
PLANNED_KEYS = {"assumptions": "leans on"}
"""Keys of a measure's card that had another name when earlier plans were sealed. The hash of a measure is computed with
the earlier name, so that a new name is no change of the plan."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """One sealed version (edition) of the inspection plan."""

    number: int
    reason: str
    sealed_on: date
    notice_on: date | None
    returns_before: int
    hash: str


@with_folder_lock
def seal_plan(
    folder: Path, *, day: date, notice: date | None = None, reason: str = "", designs: Sequence[Path] = ()
) -> CommandResult:
    """Seal the current inspection plan as a new edition (version).

    Raises
    ------
    UsageError
        If the plan was sealed before, differs now, and no reason is given.
    """
    refuse_personal_details("The reason", reason)
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    sealed_editions = read_editions(folder)
    items = plan_items(inspection, designs)
    if sealed_editions:
        items = _with_sealed_designs(folder, sealed_editions[-1], items)
    changes = _changes(folder, sealed_editions[-1], items) if sealed_editions else []
    notice = notice or (sealed_editions[-1].notice_on if sealed_editions else None)
    if sealed_editions and not changes and notice == sealed_editions[-1].notice_on:
        return CommandResult(
            (f"Nothing has changed since edition {sealed_editions[-1].number} of the plan.",),
            {"edition": sealed_editions[-1].number},
        )
    if sealed_editions and len(reason.strip()) < MIN_REASON_LENGTH:
        item_names = ", ".join(f"{row['part']} {row['item']}" for row in changes[:5]) or "the day of notice"
        raise UsageError(
            f"The plan was sealed on {sealed_editions[-1].sealed_on:%-d %B %Y}, and differs now "
            f"({count_phrase(len(changes), 'item')}: {item_names}). Say why with --reason; every change stands in the "
            "report."
        )
    edition = Edition(
        len(sealed_editions) + 1, reason.strip(), day, notice, _count_returns(inspection), _hash_of(items)
    )
    _write(inspection, edition, items, changes)
    return CommandResult(
        tuple(_summary_lines(folder, edition, items, changes)),
        {
            **asdict(edition),
            "sealed_on": day.isoformat(),
            "notice_on": notice.isoformat() if notice else None,
            "changes": changes,
        },
    )


def plan_items(inspection: Inspection, designs: Sequence[Path] = ()) -> list[dict[str, str]]:
    """Return every item of the plan with its hash, in order."""
    design_hashes = {f"design/{path.parent.name}": _sha(path.read_bytes()) for path in _design_paths(inspection.folder)}
    design_hashes |= {f"design/{path.stem}": _sha(path.read_bytes()) for path in designs}
    hashes = {**_program_items(), "request/request": _sha(inspection.request.to_toml().encode()), **design_hashes}
    return [
        dict(zip(("part", "item", "hash"), (*key.split("/", 1), value), strict=True)) for key, value in hashes.items()
    ]


@lru_cache
def _program_items() -> dict[str, str]:
    return {f"{part}/{key}": _sha(_as_text(value).encode()) for part, key, value in _registered_items()}


def _registered_items() -> Iterator[tuple[str, str, Any]]:
    registers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("question", reference.questions), ("definition", definitions), ("standard", reference.standards),
        ("characteristic", reference.characteristics),
    )  # fmt: skip
    for part, register in registers:
        for entry in register():
            yield part, getattr(entry, "key", "") or entry.number, asdict(entry)
    for form in forms():
        yield "measure", form.key, {PLANNED_KEYS.get(key, key): value for key, value in card_dict(form).items()}
    for entry in lessons():
        yield "lesson test", entry.key, asdict(entry.test)
    yield "threshold", "disclosure policy", policy("record level").sha256
    yield "grade rules", RULES, rules_text()


def _as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(items: Sequence[Row]) -> str:
    return _sha("".join(f"{row['part']} {row['item']} {row['hash']}\n" for row in items).encode())


def _design_paths(folder: Path) -> list[Path]:
    return sorted((folder / "casefiles" / "samples").glob("*/design.toml"))


def _count_returns(inspection: Inspection) -> int:
    """Return the number of returns accepted so far."""
    return sum(entry.kind == EventKind.RETURN_ACCEPTED.key for entry in inspection.ledger.entries())


def _stage_name(number: int) -> str:
    return f"{PLAN}/edition_{number}"


def read_editions(folder: Path) -> list[Edition]:
    """Return every sealed edition of the plan, in order."""
    stages = [stage for stage in list_stages(folder) if stage.startswith(f"{PLAN}/")]
    rows = [read_stage(folder, stage, "about").to_pylist()[0] for stage in stages]
    sealed_editions = [
        Edition(**{("number" if key == "edition" else key): value for key, value in row.items()}) for row in rows
    ]
    return sorted(sealed_editions, key=lambda edition: edition.number)


def _with_sealed_designs(folder: Path, edition: Edition, items: list[dict[str, str]]) -> list[dict[str, str]]:
    """Add the sealed designs that no file names any more: a sealed design stays sealed."""
    item_keys = {(row["part"], row["item"]) for row in items}
    sealed_designs = [
        row for row in read_stage(folder, _stage_name(edition.number), "items").to_pylist() if row["part"] == "design"
    ]
    return items + [row for row in sealed_designs if (row["part"], row["item"]) not in item_keys]


def _changes(folder: Path, edition: Edition, items: Sequence[Row]) -> list[dict[str, str]]:
    """Return what was added, removed or changed since an edition."""
    old = {
        (row["part"], row["item"]): row["hash"]
        for row in read_stage(folder, _stage_name(edition.number), "items").to_pylist()
    }
    new = {(row["part"], row["item"]): row["hash"] for row in items}
    changes = [(key, "added" if key not in old else "removed" if key not in new else "changed")
             for key in sorted({*old, *new}) if old.get(key) != new.get(key)]  # fmt: skip
    return [{"part": part, "item": item, "change": change} for (part, item), change in changes]


def _write(inspection: Inspection, edition: Edition, items: Sequence[Row], changes: Sequence[Row]) -> None:
    folder, runner = inspection.folder, StageRunner(inspection.folder)
    edition_row = {"edition": edition.number, **{name: getattr(edition, name) for name in EDITION_SCHEMA.names[1:]}}
    tables = {
        "about": pa.Table.from_pylist([edition_row], EDITION_SCHEMA),
        "items": pa.Table.from_pylist(list(items), ITEMS_SCHEMA),
        "changes": pa.Table.from_pylist(list(changes), CHANGES_SCHEMA),
    }
    if edition.number > 1 and (folder / JUDGEMENT / "grades.parquet").is_file():
        tables["grades_before"] = read_stage(folder, JUDGEMENT, "grades").select(["place_code", "line", "proposed"])
    inspection.ledger.append(
        EventKind.PLAN_SEALED, edition=edition.number, hash=edition.hash, returns=edition.returns_before
    )
    runner.run_stage(
        _stage_name(edition.number),
        lambda: StageOutput(tables, len(items), len(items), files={RULES: rules_text()}),
        packages=(reference, indicators, grading, question_sets),
        inputs={},
        settings={"plan": edition.hash},
    )


def _summary_lines(folder: Path, edition: Edition, items: Sequence[Row], changes: Sequence[Row]) -> Iterator[str]:
    yield f"Edition {edition.number} of the plan is sealed: {count_phrase(len(items), 'item')}, {edition.hash[:16]}..."
    if edition.number > 1:
        yield f"Changed: {', '.join(row['part'] + ' ' + row['item'] for row in changes) or 'the day of notice'}."
    if edition.returns_before:
        yield f"{count_phrase(edition.returns_before, 'return')} had been taken in before: the report says so."
    else:
        yield f"No return had been taken in. Next: assay inspect receive {folder} RETURNS"


def notice_day(folder: Path) -> date | None:
    """Return the date on which the inspection was announced, from the last edition of the plan."""
    sealed_editions = read_editions(folder)
    return sealed_editions[-1].notice_on if sealed_editions else None


def sealed_rules(folder: Path) -> Rules | None:
    """Return the grade rules of the first edition if they differ from the current ones.

    Returns
    -------
    Rules or None
        None if they are the same, or none were sealed.
    """
    path = folder / _stage_name(1) / RULES
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    return None if text == rules_text() else read_rules(text)


def plan_tables(inspection: Inspection) -> dict[str, pa.Table]:
    """Return the tables for the report: every edition, and every change since the previous one, sealed or not."""
    folder, sealed_editions = inspection.folder, read_editions(inspection.folder)
    proposed = _proposed_grades(folder)
    edition_rows, changes = [], []
    for edition in sealed_editions:
        edition_rows.append(
            {
                "edition": edition.number,
                "sealed_on": edition.sealed_on.isoformat(),
                "hash": edition.hash,
                "items": read_stage(folder, _stage_name(edition.number), "items").num_rows,
                "reason": edition.reason,
                "notice_on": edition.notice_on.isoformat() if edition.notice_on else "",
                "returns_before": edition.returns_before,
            }
        )
        moved_count = _changed_proposals(folder, edition, proposed)
        rows = read_stage(folder, _stage_name(edition.number), "changes").to_pylist()
        changes += [
            {
                **row,
                "edition": str(edition.number),
                "changed_on": edition.sealed_on.isoformat(),
                "reason": edition.reason,
                "moved": moved_count,
            }
            for row in rows
        ]
    if sealed_editions:
        items = _with_sealed_designs(folder, sealed_editions[-1], plan_items(inspection))
        changes += [{**row, "edition": "not sealed", "changed_on": "", "reason": "", "moved": "not worked out"}
                    for row in _changes(folder, sealed_editions[-1], items)]  # fmt: skip
    return {
        "plan_editions": pa.Table.from_pylist(edition_rows, EDITIONS_TABLE_SCHEMA),
        "plan_changes": pa.Table.from_pylist(changes, CHANGES_TABLE_SCHEMA),
    }


EDITIONS_TABLE_SCHEMA = pa.schema(
    [("edition", pa.int64())]
    + [(name, pa.string()) for name in ("sealed_on", "hash", "reason", "notice_on")]
    + [("items", pa.int64()), ("returns_before", pa.int64())]
)
CHANGES_TABLE_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("edition", "part", "item", "change", "changed_on", "reason", "moved")]
)


def _proposed_grades(folder: Path) -> dict[tuple[str, str], str]:
    has_grades = (folder / JUDGEMENT / "grades.parquet").is_file()
    rows = read_stage(folder, JUDGEMENT, "grades").to_pylist() if has_grades else []
    return {(row["place_code"], row["line"]): row["proposed"] for row in rows}


def _changed_proposals(folder: Path, edition: Edition, proposed: Mapping[tuple[str, str], str]) -> str:
    """Return the number of proposals that differ from those before an edition took effect, for any reason."""
    path = folder / _stage_name(edition.number) / "grades_before.parquet"
    if not path.is_file() or not proposed:
        return "no grade had been proposed"
    rows = read_stage(folder, _stage_name(edition.number), "grades_before").to_pylist()
    changed_count = sum(
        proposed.get((row["place_code"], row["line"]), row["proposed"]) != row["proposed"] for row in rows
    )
    return f"{changed_count} of {count_phrase(len(rows), 'proposal')} since"
