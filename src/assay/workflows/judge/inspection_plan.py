"""Which rules were written down before the first return, has any been changed since, and what did that move?

`assay seal-plan` enters one hash of questions, definitions, standards, measures, thresholds, grade rules and sample
designs in the ledger. A plan is sealed again only with a reason; every edition stays, with the grades that were
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
from assay.engine.provenance import EventKind, one_at_a_time, read_stage
from assay.engine.provenance.stage_folders import stages_in
from assay.engine.stage_runner import Book, Made
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
from assay.wording import counted
from assay.workflows.judge.answer_cards import Told

ITEMS = pa.schema([(name, pa.string()) for name in ("part", "item", "hash")])
CHANGES = pa.schema([(name, pa.string()) for name in ("part", "item", "change")])
ABOUT = pa.schema([("edition", pa.int64()), ("reason", pa.string()), ("sealed_on", pa.date32()),
                   ("notice_on", pa.date32()), ("returns_before", pa.int64()), ("hash", pa.string())])  # fmt: skip
SHORTEST = 20
"""Letters that a reason has at least."""
RULES = "rules.toml"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """One edition of the plan, as it was sealed."""

    number: int
    reason: str
    sealed_on: date
    notice_on: date | None
    returns_before: int
    hash: str


@one_at_a_time
def seal_plan(
    folder: Path, *, on: date, notice: date | None = None, reason: str = "", designs: Sequence[Path] = ()
) -> Told:
    """Seal the plan as it stands; UsageError where it was sealed before, differs now, and no reason is given."""
    refuse_personal_details("The reason", reason)
    inspection = open_inspection(folder)
    refuse_retired(inspection)
    before = editions(folder)
    now = plan_items(inspection, designs)
    if before:
        now = _with_designs_before(folder, before[-1], now)
    changes = _changes(folder, before[-1], now) if before else []
    notice = notice or (before[-1].notice_on if before else None)
    if before and not changes and notice == before[-1].notice_on:
        return Told(
            (f"Nothing has changed since edition {before[-1].number} of the plan.",), {"edition": before[-1].number}
        )
    if before and len(reason.strip()) < SHORTEST:
        named = ", ".join(f"{row['part']} {row['item']}" for row in changes[:5]) or "the day of notice"
        raise UsageError(
            f"The plan was sealed on {before[-1].sealed_on:%-d %B %Y}, and differs now "
            f"({counted(len(changes), 'item')}: {named}). Say why with --reason; every change stands in the report."
        )
    made = Edition(len(before) + 1, reason.strip(), on, notice, _returns(inspection), _hash_of(now))
    _write(inspection, made, now, changes)
    return Told(tuple(_words(folder, made, now, changes)), {**asdict(made), "sealed_on": on.isoformat(),
                "notice_on": notice.isoformat() if notice else None, "changes": changes})  # fmt: skip


def plan_items(inspection: Inspection, designs: Sequence[Path] = ()) -> list[dict[str, str]]:
    """Everything that a plan settles, each with its hash, in order."""
    of_folder = {f"design/{path.parent.name}": _sha(path.read_bytes()) for path in _drawn(inspection.folder)}
    of_folder |= {f"design/{path.stem}": _sha(path.read_bytes()) for path in designs}
    told = {**_of_program(), "request/request": _sha(inspection.request.to_toml().encode()), **of_folder}
    return [
        dict(zip(("part", "item", "hash"), (*key.split("/", 1), value), strict=True)) for key, value in told.items()
    ]


@lru_cache
def _of_program() -> dict[str, str]:
    return {f"{part}/{key}": _sha(_as_text(value).encode()) for part, key, value in _settled()}


def _settled() -> Iterator[tuple[str, str, Any]]:
    registers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("question", reference.questions), ("definition", definitions), ("standard", reference.standards),
        ("characteristic", reference.characteristics),
    )  # fmt: skip
    for part, register in registers:
        for one in register():
            yield part, getattr(one, "key", "") or one.number, asdict(one)
    for form in forms():
        yield "measure", form.key, card_dict(form)
    for one in lessons():
        yield "lesson test", one.key, asdict(one.test)
    yield "threshold", "disclosure policy", policy("record level").sha256
    yield "grade rules", RULES, rules_text()


def _as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(items: Sequence[Row]) -> str:
    return _sha("".join(f"{row['part']} {row['item']} {row['hash']}\n" for row in items).encode())


def _drawn(folder: Path) -> list[Path]:
    return sorted((folder / "casefiles" / "samples").glob("*/design.toml"))


def _returns(inspection: Inspection) -> int:
    """How many returns had been taken in."""
    return sum(entry.kind == EventKind.RETURN_ACCEPTED.key for entry in inspection.ledger.entries())


def _stage(number: int) -> str:
    return f"{PLAN}/edition_{number}"


def editions(folder: Path) -> list[Edition]:
    """Every edition that was sealed, the first first."""
    found = [stage for stage in stages_in(folder) if stage.startswith(f"{PLAN}/")]
    rows = [read_stage(folder, stage, "about").to_pylist()[0] for stage in found]
    made = [Edition(**{("number" if key == "edition" else key): value for key, value in row.items()}) for row in rows]
    return sorted(made, key=lambda one: one.number)


def _with_designs_before(folder: Path, last: Edition, now: list[dict[str, str]]) -> list[dict[str, str]]:
    """Designs that were sealed stay sealed, also where no file of them is named again."""
    there = {(row["part"], row["item"]) for row in now}
    before = [row for row in read_stage(folder, _stage(last.number), "items").to_pylist() if row["part"] == "design"]
    return now + [row for row in before if (row["part"], row["item"]) not in there]


def _changes(folder: Path, last: Edition, now: Sequence[Row]) -> list[dict[str, str]]:
    """What was added, removed or changed since an edition."""
    old = {
        (row["part"], row["item"]): row["hash"] for row in read_stage(folder, _stage(last.number), "items").to_pylist()
    }
    new = {(row["part"], row["item"]): row["hash"] for row in now}
    found = [(key, "added" if key not in old else "removed" if key not in new else "changed")
             for key in sorted({*old, *new}) if old.get(key) != new.get(key)]  # fmt: skip
    return [{"part": part, "item": item, "change": change} for (part, item), change in found]


def _write(inspection: Inspection, made: Edition, items: Sequence[Row], changes: Sequence[Row]) -> None:
    folder, book = inspection.folder, Book(inspection.folder)
    about = {"edition": made.number, **{name: getattr(made, name) for name in ABOUT.names[1:]}}
    tables = {
        "about": pa.Table.from_pylist([about], ABOUT),
        "items": pa.Table.from_pylist(list(items), ITEMS),
        "changes": pa.Table.from_pylist(list(changes), CHANGES),
    }
    if made.number > 1 and (folder / JUDGEMENT / "grades.parquet").is_file():
        tables["grades_before"] = read_stage(folder, JUDGEMENT, "grades").select(["place_code", "line", "proposed"])
    inspection.ledger.append(EventKind.PLAN_SEALED, edition=made.number, hash=made.hash, returns=made.returns_before)
    book.stage(_stage(made.number), lambda: Made(tables, len(items), len(items), files={RULES: rules_text()}),
               rooms=(reference, indicators, grading, question_sets), inputs={},
               settings={"plan": made.hash})  # fmt: skip


def _words(folder: Path, made: Edition, items: Sequence[Row], changes: Sequence[Row]) -> Iterator[str]:
    yield f"Edition {made.number} of the plan is sealed: {counted(len(items), 'item')}, {made.hash[:16]}..."
    if made.number > 1:
        yield f"Changed: {', '.join(row['part'] + ' ' + row['item'] for row in changes) or 'the day of notice'}."
    if made.returns_before:
        yield f"{counted(made.returns_before, 'return')} had been taken in before: the report says so."
    else:
        yield f"No return had been taken in. Next: assay receive {folder} RETURNS"


def notice_day(folder: Path) -> date | None:
    """When the inspection was announced, as the last edition says."""
    held = editions(folder)
    return held[-1].notice_on if held else None


def sealed_rules(folder: Path) -> Rules | None:
    """The grade rules of the first edition, where they differ from those in use; None where they do not, or none is
    sealed."""
    path = folder / _stage(1) / RULES
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    return None if text == rules_text() else read_rules(text)


def plan_tables(inspection: Inspection) -> dict[str, pa.Table]:
    """For the report: every edition, and every change since the one before, those that nobody sealed included."""
    folder, held = inspection.folder, editions(inspection.folder)
    proposed = _grades_now(folder)
    told, changes = [], []
    for one in held:
        told.append({"edition": one.number, "sealed_on": one.sealed_on.isoformat(), "hash": one.hash,
                     "items": read_stage(folder, _stage(one.number), "items").num_rows, "reason": one.reason,
                     "notice_on": one.notice_on.isoformat() if one.notice_on else "",
                     "returns_before": one.returns_before})  # fmt: skip
        moved = _moved(folder, one, proposed)
        rows = read_stage(folder, _stage(one.number), "changes").to_pylist()
        changes += [{**row, "edition": str(one.number), "changed_on": one.sealed_on.isoformat(), "reason": one.reason,
                     "moved": moved} for row in rows]  # fmt: skip
    if held:
        now = _with_designs_before(folder, held[-1], plan_items(inspection))
        changes += [{**row, "edition": "not sealed", "changed_on": "", "reason": "", "moved": "not worked out"}
                    for row in _changes(folder, held[-1], now)]  # fmt: skip
    return {
        "plan_editions": pa.Table.from_pylist(told, EDITIONS),
        "plan_changes": pa.Table.from_pylist(changes, CHANGED),
    }


EDITIONS = pa.schema(
    [("edition", pa.int64())]
    + [(name, pa.string()) for name in ("sealed_on", "hash", "reason", "notice_on")]
    + [("items", pa.int64()), ("returns_before", pa.int64())]
)
CHANGED = pa.schema(
    [(name, pa.string()) for name in ("edition", "part", "item", "change", "changed_on", "reason", "moved")]
)


def _grades_now(folder: Path) -> dict[tuple[str, str], str]:
    there = (folder / JUDGEMENT / "grades.parquet").is_file()
    rows = read_stage(folder, JUDGEMENT, "grades").to_pylist() if there else []
    return {(row["place_code"], row["line"]): row["proposed"] for row in rows}


def _moved(folder: Path, one: Edition, proposed: Mapping[tuple[str, str], str]) -> str:
    """How many proposals are others than they were before an edition took effect, whatever else came with it."""
    path = folder / _stage(one.number) / "grades_before.parquet"
    if not path.is_file() or not proposed:
        return "no grade had been proposed"
    rows = read_stage(folder, _stage(one.number), "grades_before").to_pylist()
    others = sum(proposed.get((row["place_code"], row["line"]), row["proposed"]) != row["proposed"] for row in rows)
    return f"{others} of {counted(len(rows), 'proposal')} since"
