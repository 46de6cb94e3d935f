"""Make new rows of the registers from a form that a person filled in, with the same checks as when the program reads
them.

The program itself is not changed: the new registers are written to a folder, for a person to check and copy.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import csv_text, unguard_cell
from assay.errors import DefinitionError, SourceError, UsageError
from assay.ingest.official_statistics.file_container import open_container
from assay.ingest.official_statistics.statistics_reader import file_grids
from assay.reference.reference_data import EVIDENCE_GRADES, READ_GRADES, parse_rows, register_text, replaced_registers
from assay.workflows.registers.register_form import ANSWERS, COLUMNS, FormLine

READERS: Mapping[str, Callable[[], object]] = {
    "breaks": reference.breaks, "characteristics": reference.characteristics, "child_lists": reference.child_lists,
    "course": reference.course, "definitions": reference.definitions, "ethnicities": reference.ethnicities,
    "event_kinds": reference.event_kinds, "failure_modes": reference.failure_modes,
    "force_succession": reference.force_succession,
    "forces": reference.forces, "laws": reference.laws,
    "later_questions": reference.later_questions,
    "inspection_themes": reference.inspection_themes,
    "list_dependences": reference.list_dependences,
    "local_authorities": reference.authorities, "offence_sets": reference.offence_sets,
    "offences": reference.offences, "offences_in_scope": reference.child_offences, "orders": reference.orders,
    "outcomes": reference.outcomes, "predicates": reference.predicates,
    "published_counts": reference.published_counts,
    "published_tables": reference.published_tables, "questions": reference.questions,
    "recommendation_events": reference.recommendation_events,
    "recommendations": reference.recommendations, "registers": reference.register_files,
    "risk_tools": reference.risk_tools, "sign_phrases": reference.sign_phrases, "signs": reference.signs,
    "source_addresses": reference.source_addresses,
    "standards": reference.standards, "statistical_areas": reference.statistical_areas,
}  # fmt: skip
"""The function that reads and checks each register; of a register without one only columns, source and grade of
evidence are checked here."""
CHANGE_COLUMNS = ("register", "row", "column", "before", "after", "source", "evidence", "checked_on")


@dataclass
class _Registers:
    """The rows of the registers as they become, by register and key, and the changes made to them."""

    rows: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    changes: list[tuple[str, ...]] = field(default_factory=list)

    def rows_of(self, name: str) -> dict[str, dict[str, str]]:
        """Return the rows of a register by key, as the file has them."""
        if name not in self.rows:
            reader = csv.DictReader(io.StringIO(register_text(name)))
            keys = reference.register_files().get(name).key_columns
            self.rows[name] = {"|".join(row[key] for key in keys): row for row in reader}
            self.columns[name] = list(reader.fieldnames or ())
        return self.rows[name]

    def set_cell(self, line: FormLine, row: str, column: str, value: str) -> None:
        """Change one cell of a register, and note the change."""
        cells = self.rows_of(line.register)[row]
        if cells[column] != value:
            self.changes.append(
                (line.register, row, column, cells[column], value, line.source, line.evidence, line.checked_on)
            )
            cells[column] = value

    def text(self, name: str) -> str:
        """Return a register as the text of its file."""
        rows = self.rows[name].values()
        sheet = io.StringIO()
        writer = csv.DictWriter(sheet, self.columns[name], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return sheet.getvalue()


@dataclass(frozen=True)
class RegisterUpdate:
    """The result of applying a form: files written, number of changes, and entries that nobody has looked up yet."""

    folder: Path
    files: tuple[str, ...]
    changes: int
    answers: Mapping[str, int]
    not_seen: int

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        return {**vars(self), "folder": str(self.folder), "files": list(self.files), "answers": dict(self.answers)}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        answered = ", ".join(f"{count} {answer}" for answer, count in self.answers.items() if answer)
        lines = [f"Answers: {answered or 'none'}; {self.answers.get('', 0)} lines have no answer and stay due."]
        if not self.files:
            return [*lines, "Nothing changes. Fill in the columns from `answer` on, and run the same command again."]
        return [
            *lines,
            f"{self.changes} cells change, and the changed registers were read and checked: {self.folder}/changes.csv.",
            f"{self.not_seen} changed rows are not graded seen: they are shown with their grade of evidence.",
            f"Registers: {', '.join(self.files)}.",
            "Next: copy them to src/assay/reference/data, then make docs and make test, and propose the change.",
        ]


def apply_form(path: Path, out: Path, today: date) -> RegisterUpdate:
    """Check a form, apply it to the registers, and write the changed registers into a new folder.

    Raises
    ------
    SourceError
        With a sentence for each line that cannot be used; then nothing is written.
    UsageError
        If the folder holds files.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not empty. Name a new folder for the registers.")
    lines = _read_form(path)
    problems = [f"line {number}: {problem}" for number, line in lines for problem in _line_problems(line, today)]
    _raise(path, problems)
    registers = _Registers()
    answered = [(number, line) for number, line in lines if line.answer]
    for line in _completed(registers, answered, path):
        _apply_line(registers, line)
    texts = _checked_texts(registers, path)
    _write(out, texts, registers)
    changed_rows = {(name, row) for name, row, *_ in registers.changes if name != "registers"}
    grades = [registers.rows[name][row]["evidence"] for name, row in changed_rows]
    return RegisterUpdate(
        out,
        tuple(f"{name}.csv" for name in texts),
        len(registers.changes),
        dict(Counter(line.answer for _, line in lines)),
        sum(grade != "seen" for grade in grades),
    )


def _read_form(path: Path) -> list[tuple[int, FormLine]]:
    """Return the lines of a form with their numbers; CSV as a spreadsheet saves it, or a workbook."""
    grid = next(iter(file_grids(open_container(path))), None)
    header = [cell for cell in grid.head[0] if cell] if grid and grid.head else []
    if grid is None or tuple(header) != COLUMNS:
        raise SourceError(
            f"{path.name}: these are not the columns of a form. They must be {', '.join(COLUMNS)}. "
            "Write a new form with: assay look status --form FILE.csv"
        )
    sheet_rows = grid.read_rows(1, len(COLUMNS))
    if sheet_rows.broken_rows:
        row = sheet_rows.broken_rows[0]
        raise SourceError(f"{path.name}, line {row.row}: it has {row.cells} cells for {len(COLUMNS)} columns.")
    columns = [column.to_pylist() for column in sheet_rows.cells.columns[: len(COLUMNS)]]
    lines = [
        (int(number), FormLine(*(unguard_cell((cell or "").strip()) for cell in cells)))
        for number, cells in zip(sheet_rows.row_numbers, zip(*columns, strict=True), strict=True)
    ]
    return [(number, line) for number, line in lines if any(vars(line).values())]


def _line_problems(line: FormLine, today: date) -> list[str]:
    """Return what is wrong with one line, as far as it shows without its register."""
    if line.answer not in ("", *ANSWERS):
        return [f"the answer must be one of {', '.join(ANSWERS)}, or empty"]
    if not line.answer:
        filled = line.new_value or line.source or line.evidence
        return ["it is filled in but has no answer"] if filled else []
    if line.register not in reference.register_files():
        return ["no register has this name"]
    problems = (
        [] if _is_day(line.checked_on, today) else ["checked_on must be a day, YYYY-MM-DD, and not in the future"]
    )
    if not line.row and line.answer == "not found":
        problems.append("a line about a whole register takes the answer same alone; give each row that was not found")
    if line.answer in ("changed", "new row") and not (line.row and line.column):
        problems.append("name the row and the column that changes")
    if line.answer == "new row" and not line.new_value:
        problems.append("a line of a new row needs new_value")
    return problems + _evidence_problems(line)


def _evidence_problems(line: FormLine) -> list[str]:
    """Return what is missing for a reader to check the answer: a grade of evidence, and a source that can be opened."""
    needs_source = line.answer != "same" or bool(line.evidence)
    problems = []
    if needs_source and not line.source:
        problems.append("say in source where you looked")
    if line.answer in ("changed", "new row") and not line.evidence:
        problems.append(f"evidence must be one of {', '.join(EVIDENCE_GRADES)}")
    if line.evidence and line.evidence not in EVIDENCE_GRADES:
        problems.append(f"evidence must be one of {', '.join(EVIDENCE_GRADES)}")
    if line.evidence == "seen" and line.answer != "not found" and "https://" not in line.source:
        problems.append("a row that is seen needs a source with an address that a person can open, from https:// on")
    if line.answer == "not found" and line.evidence not in ("", "not-found"):
        problems.append("what was not found has the evidence not-found")
    return problems


def _is_day(text: str, today: date) -> bool:
    try:
        return date.fromisoformat(text) <= today
    except ValueError:
        return False


def _completed(registers: _Registers, answered: list[tuple[int, FormLine]], path: Path) -> list[FormLine]:
    """Return the answered lines, with an empty row added to the register for each new row."""
    problems = []
    new_rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, line in answered:
        known = line.row in registers.rows_of(line.register)
        if line.column and line.column not in registers.columns[line.register]:
            problems.append(f"line {number}: the register {line.register} has no column {line.column!r}")
        elif line.answer == "new row" and known:
            problems.append(f"line {number}: the row is in the register already; answer changed")
        elif line.answer == "new row":
            new_rows[line.register, line.row].append(number)
        elif line.row and not known:
            problems.append(f"line {number}: the register {line.register} has no such row; answer new row")
        elif day := _later_check(registers, line):
            problems.append(f"line {number}: it was checked on {day} already, which is later than checked_on")
    _raise(path, [*problems, *_contradictions(answered)])
    for name, row in new_rows:
        keys = reference.register_files().get(name).key_columns
        cells = dict.fromkeys(registers.columns[name], "")
        registers.rows_of(name)[row] = cells | dict(zip(keys, row.split("|"), strict=False))
    return [line for _, line in answered]


def _later_check(registers: _Registers, line: FormLine) -> str:
    """Return the day of a check that is later than that of a line; '' if there was none."""
    cells = registers.rows_of(line.register)[line.row] if line.row else registers.rows_of("registers")[line.register]
    day = cells.get("checked_on", "")
    return day if day > line.checked_on else ""


def _contradictions(answered: list[tuple[int, FormLine]]) -> list[str]:
    """Return the lines that contradict an earlier line about the same cell, or grade a new row differently."""
    first_statements: dict[tuple[str, str, str], tuple[int, tuple[str, str]]] = {}
    problems = []
    for number, line in answered:
        statements = {line.column: (line.answer, line.new_value)}
        if line.answer == "new row":
            statements["its evidence"] = (line.evidence, line.source)
        for column, statement in statements.items():
            first, other = first_statements.setdefault((line.register, line.row, column), (number, statement))
            if other != statement:
                column_text = f"of {column} " * bool(column)
                problems.append(f"line {number}: the value {column_text}contradicts line {first}; keep one of them")
    return problems


def _apply_line(registers: _Registers, line: FormLine) -> None:
    if not line.row:
        registers.rows_of("registers")
        whole = FormLine(**{**vars(line), "register": "registers"})
        registers.set_cell(whole, line.register, "checked_on", line.checked_on)
        return
    if line.answer in ("changed", "new row"):
        registers.set_cell(line, line.row, line.column, line.new_value)
    evidence = line.evidence or ("not-found" if line.answer == "not found" and not line.column else "")
    cells = registers.rows_of(line.register)[line.row]
    if evidence and line.column and line.answer != "new row" and _is_unread_or_raised(cells["evidence"], evidence):
        registers.set_cell(line, line.row, "source", _appended_source(cells["source"], line))
    elif evidence:
        registers.set_cell(line, line.row, "evidence", evidence)
        registers.set_cell(line, line.row, "source", line.source)
    if "checked_on" in registers.columns[line.register]:
        registers.set_cell(line, line.row, "checked_on", line.checked_on)


def _is_unread_or_raised(before: str, after: str) -> bool:
    """Return True where one cell that was looked up would make the whole row better known than it is."""
    return before not in READ_GRADES or (after == "seen" and before != "seen")


def _appended_source(source: str, line: FormLine) -> str:
    """Return the source of a row with that of one of its cells behind it."""
    addition = f"{line.column}: {line.source}"
    return source if addition in source else "; ".join(text for text in (source, addition) if text)


def _checked_texts(registers: _Registers, path: Path) -> dict[str, str]:
    """Return the text of each changed register, read by the program's own readers.

    Raises
    ------
    SourceError
        If a reader refuses a register, with its sentence.
    """
    changed = sorted({change[0] for change in registers.changes})
    texts = {name: registers.text(name) for name in changed}
    problems = []
    with replaced_registers(texts):
        for name in changed:
            try:
                parse_rows(texts[name], f"{name}.csv", tuple(registers.columns[name]))
                if name in READERS:
                    READERS[name].__wrapped__()  # type: ignore[attr-defined]
            except DefinitionError as error:
                problems.append(str(error).rstrip("."))
            except ValueError:
                problems.append(f"{name}.csv: a number or a day is not written as the other rows write it")
    _raise(path, problems)
    return texts


def _raise(path: Path, problems: list[str]) -> None:
    if problems:
        words = "; ".join(problems[:10])
        more = f"; and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise SourceError(
            f"{path.name}: nothing was written. {words}{more}. Correct the form, and run the command again."
        )


def _write(out: Path, texts: Mapping[str, str], registers: _Registers) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    (out / "changes.csv").write_text(csv_text(CHANGE_COLUMNS, registers.changes), encoding="utf-8", newline="")
