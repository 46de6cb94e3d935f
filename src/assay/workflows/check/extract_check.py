"""Check a flat extract: read and map it, compute its measures, and write a letter and a page about it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from assay.errors import SourceError, UsageError, storage_error
from assay.ingest.extracts.extract_model import SplitPlan
from assay.ingest.extracts.extract_problems import OTHER_SUBJECT
from assay.progress import Progress, no_progress
from assay.wording import count_phrase, percent
from assay.workflows.check.checked_extract import CheckedExtract, examine_extract
from assay.workflows.check.columns_to_confirm import results_for_programs
from assay.workflows.check.extract_contents import CRIMES
from assay.workflows.check.pending_outcomes import with_pending_outcomes

PAGE, LETTER, MEASURES, MAPPING = "index.html", "letter.html", "measures.json", "mapping.toml"
"""The files that a check writes, and no other."""
CRIME_KEY = "crime_ref"
SYNTHETIC_CODE = r"INV\d{2,3}"
FOLDER_PREFIX = "check-of-"
NO_CRIMES = (
    "No crimes were recognised in the extract. Name an export with one row a crime, or one row for each person of a "
    "crime, that has the crime number as a column."
)


@dataclass(frozen=True)
class CheckResult:
    """The result of a check: what was found, and the files that were written."""

    extract: CheckedExtract
    page: Path
    letter: Path
    measures: Path
    mapping: Path
    seconds: float

    @property
    def usable(self) -> bool:
        """Return True if at least one crime of the extract can be used."""
        return self.extract.counts.crimes > 0

    def as_dict(self) -> dict[str, Any]:
        """Return the counts and measures as a dictionary for JSON output."""
        return results_for_programs(self.extract)

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        from assay.workflows.check.check_summary import check_summary

        return [*check_summary(self.extract), self._duration(), *self.written_lines()]

    def _duration(self) -> str:
        rows = sum(sheet.cells.num_rows for sheet in self.extract.sheets)
        return f"{count_phrase(rows, 'row')} read and checked in {self.seconds:.1f} seconds."

    def written_lines(self) -> list[str]:
        """Return lines for the terminal with the names of the files that were written."""
        return [
            "Written, for this force only:",
            f"  {self.page}   the figures: open this first",
            f"  {self.letter}   what we understood of each column, and what to correct",
            f"  {self.measures}   the same figures for other programs",
            f"  {self.mapping}   how the columns were read: correct it, and check again with --mapping",
        ]

    def next_lines(self, *, shows_next_tier: bool = False) -> list[str]:
        """Return lines for the terminal with at most three commands to type next, for this extract."""
        command = self.extract.command
        learn = _shell_line(["assay", "layout", "learn", str(self.mapping), "--name", "Our record system"])
        return next_command_lines(
            (command, "after you corrected mapping.toml"),
            ("assay contract", COLUMNS_OF_TABLES)
            if shows_next_tier
            else (f"{command} --more", "what to send next, with hours of work and questions"),
            *([(learn, "a layout for forces with the same system, once mapping.toml is right")] if self.usable else []),
        )


COLUMNS_OF_TABLES = "the columns of each table"


def next_command_lines(*commands: tuple[str, str]) -> list[str]:
    """Return commands to type next, each with what it does, as lines for the terminal."""
    return ["Next:", *(f"  {command}   {purpose}" for command, purpose in commands)]


def check_extract(
    paths: Sequence[Path],
    out: Path | None = None,
    *,
    mapping: Path | None = None,
    layouts: Sequence[Path] = (),
    force: str = "",
    first: date | None = None,
    last: date | None = None,
    progress: Progress = no_progress,
) -> CheckResult:
    """Check an extract, and write page, letter and measures into the folder `out`.

    Parameters
    ----------
    paths
        Files, or folders of files.
    out
        By default `check-of-NAME` in the current folder.
    mapping
        A mapping that a person corrected; without it, columns are recognised.
    layouts
        Layout files of record systems that other forces gave.
    force
        The force whose extract it is, by code or name; '' for what the extract says.
    first, last
        The first and last day of the period by the day of recording; None for all crimes of the extract.

    Raises
    ------
    SourceError
        If nothing in the extract can be used.
    UsageError
        If a path is not there, the period is empty, or `out` cannot be used.
    """
    begun = perf_counter()
    _require_paths(paths)
    if first and last and first > last:
        raise UsageError(f"The period ends on {last} before it begins on {first}. Give --from and --to in this order.")
    force_code = _force_code(force)
    folder = _output_folder(paths, out)
    extract = _examine(paths, mapping, layouts, force_code, first, last, progress)
    options = {"--force": force, "--from": first, "--to": last, "--out": out or ""}
    extract = replace(extract, command=_command(paths, folder / MAPPING, layouts, options))
    progress("Writing letter and page", 3, 4)
    return _write(extract, folder, begun)


def _command(
    paths: Sequence[Path], mapping: Path, layouts: Sequence[Path], options: Mapping[str, str | date | Path | None]
) -> str:
    """Return the command that checks the same extract again with the mapping that this check writes."""
    words = ["assay", "check", *map(str, paths), "--mapping", str(mapping)]
    words += [word for layout in layouts for word in ("--layout", str(layout))]
    words += [word for name, value in options.items() if value for word in (name, str(value))]
    return _shell_line(words)


def _shell_line(words: Sequence[str]) -> str:
    """Return the words of a command as the shell of this system reads them."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _require_paths(paths: Sequence[Path]) -> None:
    if not paths:
        raise UsageError("Name the extract: a file, or a folder of files. For example: assay check my-extract.csv")
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} is not there. Check the name, or give the whole path of the extract.")


def _force_code(force: str) -> str:
    if not force:
        return ""
    from assay.reference.force_register import forces

    return force if re.fullmatch(SYNTHETIC_CODE, force) else forces().find(force, option="--force").code


def _output_folder(paths: Sequence[Path], out: Path | None) -> Path:
    """Return the folder for the outputs: never inside an extract, and never one that holds other files."""
    folder = Path(f"{FOLDER_PREFIX}{_name(paths)}") if out is None else out
    resolved = folder.resolve()
    inside = next((path for path in paths if path.is_dir() and path.resolve() in (resolved, *resolved.parents)), None)
    if inside is not None and out is None:
        folder = inside.resolve().with_name(folder.name)
    elif inside is not None:
        raise UsageError(f"{folder} lies inside the extract. Name another folder with --out.")
    if folder.is_dir() and not (folder / MEASURES).is_file() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds other files. Name a new folder with --out.")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder with --out.")
    return folder


def _name(paths: Sequence[Path]) -> str:
    """Return the name of an extract: of its file without the ending, or of its folder."""
    first = paths[0].resolve()
    return first.name if first.is_dir() else first.stem


def extract_title(paths: Sequence[Path]) -> str:
    """Return the name of an extract as it stands behind the word 'extract' on a page: a folder is called one."""
    name = _name(paths)
    return f"in the folder \u2018{name}\u2019" if paths[0].is_dir() else name


def _examine(
    paths: Sequence[Path],
    mapping: Path | None,
    layouts: Sequence[Path],
    force_code: str,
    first: date | None,
    last: date | None,
    progress: Progress,
) -> CheckedExtract:
    from assay.ingest.extracts.event_logs import event_log_remarks
    from assay.ingest.extracts.extract_files import read_sheets
    from assay.ingest.extracts.layout_files import read_layout_files
    from assay.ingest.extracts.split_plan import plan_split
    from assay.ingest.extracts.split_tables import split_extract
    from assay.workflows.check.check_mapping import plan_of_mapping

    learned = read_layout_files(layouts)
    progress("Reading the extract", 0, 4)
    reading = read_sheets(paths)
    if reading.n_hidden and not reading.sheets:
        reading = read_sheets(paths, with_hidden=True)
    if not reading.sheets:
        raise SourceError(" ".join(reading.refusals) or f"{_name(paths)} holds no table. Name a file with records.")
    progress("Recognising the columns", 1, 4)
    plan = plan_split(reading.sheets, learned)
    if reading.n_hidden and not _has_crimes(plan):
        reading = read_sheets(paths, with_hidden=True)
        plan = plan_split(reading.sheets, learned)
    if mapping is not None:
        plan = plan_of_mapping(mapping, reading.sheets, plan)
    _require_crimes(plan, reading.refusals)
    _require_same_force(plan.force_code, force_code)
    progress("Splitting the rows into crimes, persons and flags", 2, 4)
    tables, remark = with_pending_outcomes(reading.sheets, plan, split_extract(reading.sheets, plan))
    refusals = (*reading.refusals, *reading.remarks, *event_log_remarks(reading.sheets), *filter(None, [remark]))
    return examine_extract(
        extract_title(paths), reading.sheets, refusals, plan, tables,
        force_code=force_code, first=first, last=last, today=date.today(),
    )  # fmt: skip


def _has_crimes(plan: SplitPlan) -> bool:
    return not plan.problems and any(part.table == CRIMES for part in plan.parts)


def _require_crimes(plan: SplitPlan, refusals: Sequence[str]) -> None:
    if not _has_crimes(plan):
        raise SourceError(" ".join((*(plan.problems or (NO_CRIMES,)), *_probable_keys(plan), *refusals)))


def _probable_keys(plan: SplitPlan) -> Iterator[str]:
    """Yield a sentence for the column that may be the crime number, if no column is certain to be."""
    keys = [guess for guess in plan.waiting if guess[2].table == CRIMES and guess[2].column == CRIME_KEY]
    is_other_subject = OTHER_SUBJECT in plan.problems
    if keys and not is_other_subject and not any(part.table == CRIMES for part in plan.parts):
        file, sheet, meaning = max(keys, key=lambda guess: guess[2].probability)
        yield (
            f"The column {meaning.heading} of {f'{file}, sheet {sheet}' if sheet else file} may be it, with a "
            f"probability of {percent(meaning.probability, 0)}. If it is, rename its heading to Crime Number, and "
            "check again."
        )


def _require_same_force(stated: str, requested: str) -> None:
    """Refuse an extract that says that it is of another force than the one that was named."""
    if stated and requested and stated != requested:
        from assay.reference.force_register import forces

        raise UsageError(
            f"The extract says that it is of {forces().get(stated).name}, and --force names another. Leave out "
            "--force, or name the extract of the other force."
        )


def _write(extract: CheckedExtract, folder: Path, begun: float) -> CheckResult:
    from assay.workflows.check.check_mapping import mapping_text
    from assay.workflows.check.extract_letter import write_letter
    from assay.workflows.check.extract_page import write_page

    page, letter, measures, mapping = (folder / name for name in (PAGE, LETTER, MEASURES, MAPPING))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(results_for_programs(extract), indent=2, ensure_ascii=False)
        measures.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        lines = mapping_text(extract.plan, extract.sheets, extract.unread_words, extract.possible_columns)
        mapping.write_text(lines, encoding="utf-8", newline="\n")
        write_letter(letter, extract)
        write_page(page, extract)
    except OSError as error:
        raise storage_error(error) or error from None
    return CheckResult(extract, page, letter, measures, mapping, perf_counter() - begun)
