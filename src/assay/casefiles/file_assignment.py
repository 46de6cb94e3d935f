"""Assign files to raters: equal loads, nobody reads files of their own force, and some files are read by two raters.

A force's own auditor can read its files as well, for comparison only. If two inspectors differ, an adjudicator reads
the file again, and that answer counts.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from assay.casefiles.inclusion_probabilities import random_number
from assay.errors import UsageError

FIRST, SECOND, ADJUDICATED = "first", "second", "adjudicated"
INSPECTOR, AUDITOR = "inspector", "force_auditor"


@dataclass(frozen=True)
class Rater:
    """A person who reads files, identified by a code and never by name.

    Parameters
    ----------
    away_from
        Forces whose files the rater must not read.
    part
        Part of a full load (0.5 is half).
    auditor_of
        The force whose own auditor the rater is, and whose files alone the rater reads.
    adjudicator
        True if the rater reads only files on which two inspectors differ.
    """

    code: str
    away_from: tuple[str, ...] = ()
    part: float = 1.0
    auditor_of: str = ""
    adjudicator: bool = False

    @property
    def kind(self) -> str:
        """The kind of rater: inspector or auditor."""
        return AUDITOR if self.auditor_of else INSPECTOR

    def may_read(self, file: File) -> bool:
        """Return True if no excluded force is on the file's sheet; for an auditor, if only the auditor's force is."""
        on_sheet = {file.force_code, *file.also}
        return on_sheet == {self.auditor_of} if self.auditor_of else not on_sheet & set(self.away_from)


@dataclass(frozen=True)
class File:
    """One file to read; `also` are the other forces with records on its sheet."""

    force_code: str
    subject_ref: str
    stratum: str
    also: tuple[str, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """The key of the file: force code and reference."""
        return self.force_code, self.subject_ref


@dataclass(frozen=True)
class Assignment:
    """One file assigned to one rater, with the round and the kind of rater."""

    file: File
    marker: str
    round: str
    kind: str = INSPECTOR


def read_raters(path: Path) -> list[Rater]:
    """Read raters from a CSV file.

    Columns: marker_code, away_from (codes separated by spaces), part, auditor_of (a code) and adjudicator (yes). Raises
    UsageError, with the line, for an invalid rater.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    found: list[Rater] = []
    for line, row in enumerate(rows, start=2):
        code = (row.get("marker_code") or "").strip()
        if not code or code in [rater.code for rater in found]:
            problem = f"{code} occurs twice" if code else "marker_code is empty"
            raise UsageError(f"{path}, line {line}: {problem}. Give every rater their own code.")
        force, adjudicator = ((row.get(name) or "").strip() for name in ("auditor_of", "adjudicator"))
        if adjudicator not in ("", "yes") or (force and adjudicator):
            raise UsageError(f"{path}, line {line}: adjudicator must be yes or empty, and empty for a force's auditor.")
        excluded_forces = tuple((row.get("away_from") or "").split())
        found.append(Rater(code, excluded_forces, _part(path, line, row.get("part")), force, bool(adjudicator)))
    if not found:
        raise UsageError(f"{path} names no rater. Write one line for each: marker_code,away_from,part")
    return found


def _part(path: Path, line: int, text: str | None) -> float:
    try:
        part = float((text or "").strip() or 1)
    except ValueError:
        part = 0.0
    if not 0 < part <= 1:
        raise UsageError(f"{path}, line {line}: part must be above 0 and at most 1, or empty for a full load.")
    return part


def assign(
    files: Sequence[File],
    raters: Sequence[Rater],
    *,
    double: float,
    seed: str,
    hard: Collection[tuple[str, str]] = (),
) -> list[Assignment]:
    """Assign every file once to an inspector, and a share of each stratum (rounded up) a second time to another.

    Each file goes to the eligible rater with the smallest load relative to `part`; ties are decided by the seed. A hard
    file goes to a rater with the fewest hard files. Raises UsageError if no rater may read a file, or read it again.
    """
    raters = _inspectors(raters)
    loads, hard_loads = ({rater.code: 0 for rater in raters} for _ in range(2))
    double_read = set(_double_read_files(files, double, seed))
    # Those with the fewest who may read them come first: later there might be nobody left with room.
    order = sorted(
        files, key=lambda file: (len(_eligible_raters(file, raters)), file.pair not in hard, _number(seed, file))
    )
    found: list[Assignment] = []
    for file in order:
        before: list[str] = []
        for reading_round in (FIRST, SECOND)[: 2 if file in double_read else 1]:
            eligible = _eligible_raters(file, raters, before)
            if file.pair in hard and eligible:
                fewest = min((hard_loads[item.code] + 1) / item.part for item in eligible)
                eligible = [item for item in eligible if (hard_loads[item.code] + 1) / item.part == fewest]
            rater = _least_loaded(file, eligible, loads, seed, reading_round)
            loads[rater.code] += 1
            hard_loads[rater.code] += file.pair in hard
            before.append(rater.code)
            found.append(Assignment(file, rater.code, reading_round))
    return sorted(found, key=lambda item: (item.marker, item.file.force_code, item.file.subject_ref))


def assign_auditors(
    assignments: Sequence[Assignment], files: Iterable[File], raters: Sequence[Rater], seed: str
) -> list[Assignment]:
    """Add an assignment to an auditor of its own force for every file without one, if the force has an auditor."""
    auditors, assigned_files = (
        [item for item in raters if item.auditor_of],
        {item.file for item in assignments if item.kind == AUDITOR},
    )
    return _add_readings(assignments, [item for item in files if item not in assigned_files], auditors, seed, FIRST)


def assign_adjudicators(
    assignments: Sequence[Assignment], files: Iterable[File], raters: Sequence[Rater], seed: str
) -> list[Assignment]:
    """Assignments to adjudicators of disputed files; nobody adjudicates a file that they read."""
    adjudicated_files = {item.file for item in assignments if item.round == ADJUDICATED}
    judges = [item for item in raters if item.adjudicator]
    return _add_readings(
        assignments, [item for item in files if item not in adjudicated_files], judges, seed, ADJUDICATED
    )


def _add_readings(
    assignments: Sequence[Assignment], files: Iterable[File], raters: Sequence[Rater], seed: str, turn: str
) -> list[Assignment]:
    loads = {rater.code: sum(item.marker == rater.code for item in assignments) for rater in raters}
    found = []
    for file in sorted(files, key=lambda item: _number(seed, item)):
        eligible = _eligible_raters(file, raters, [item.marker for item in assignments if item.file == file])
        if eligible:
            rater = _least_loaded(file, eligible, loads, seed, turn)
            loads[rater.code] += 1
            found.append(Assignment(file, rater.code, turn, rater.kind))
    return found


def replace_missing_readings(
    assignments: Sequence[Assignment],
    files: Sequence[File],
    missing_files: Collection[tuple[str, str]],
    raters: Sequence[Rater],
    seed: str,
) -> list[Assignment]:
    """Return the assignments with each missing file replaced by the next file of its stratum."""
    assigned_pairs = {item.file.pair for item in assignments}
    fresh: dict[str, list[File]] = {}
    for file in files:
        if file.pair not in assigned_pairs:
            fresh.setdefault(file.stratum, []).append(file)
    replacements: dict[tuple[str, str], File] = {}
    for file in sorted(
        {item.file for item in assignments if item.file.pair in missing_files}, key=lambda item: item.pair
    ):
        if fresh.get(file.stratum):
            replacements[file.pair] = fresh[file.stratum].pop(0)
    remaining = [item for item in assignments if item.file.pair not in missing_files]
    loads = {rater.code: sum(item.marker == rater.code for item in remaining) for rater in raters}
    for item in [item for item in assignments if item.file.pair in replacements]:
        file = replacements[item.file.pair]
        if item.kind == AUDITOR or item.round == ADJUDICATED:
            continue  # they read what they may of what is read now: see `assign_auditors` and `assign_adjudicators`
        before = [other.marker for other in remaining if other.file == file]
        eligible = _eligible_raters(file, _inspectors(raters), before)
        same_rater = [rater for rater in eligible if rater.code == item.marker]
        rater = _least_loaded(file, same_rater or eligible, loads, seed, item.round)
        loads[rater.code] += 1
        remaining.append(Assignment(file, rater.code, item.round))
    return remaining


def reassign(
    assignments: Sequence[Assignment],
    leaving: Iterable[tuple[Assignment, Collection[str]]],
    raters: Sequence[Rater],
    seed: str,
) -> list[tuple[Assignment, Assignment]]:
    """Reassign files that raters give up to other raters who may read them, in the same round of rating.

    `leaving` has each reading with the codes of all who ever had its file. A reading that nobody else may take is left
    out.
    """
    loads = {marker.code: sum(assignment.marker == marker.code for assignment in assignments) for marker in raters}
    found = []
    for assignment, before in leaving:
        staff = _inspectors(raters)
        if assignment.kind == AUDITOR or assignment.round == ADJUDICATED:
            staff = [
                rater for rater in raters if (rater.auditor_of if assignment.kind == AUDITOR else rater.adjudicator)
            ]
        if eligible := _eligible_raters(assignment.file, staff, before):
            marker = _least_loaded(assignment.file, eligible, loads, seed, assignment.round)
            loads[marker.code] += 1
            found.append((assignment, Assignment(assignment.file, marker.code, assignment.round, assignment.kind)))
    return found


def _double_read_files(files: Iterable[File], double: float, seed: str) -> list[File]:
    by_stratum: dict[str, list[File]] = {}
    for file in files:
        by_stratum.setdefault(file.stratum, []).append(file)
    return [
        file
        for stratum_files in by_stratum.values()
        for file in sorted(stratum_files, key=lambda file_item: _number(f"{seed}\ntwice", file_item))[
            : ceil(double * len(stratum_files) - 1e-9)
        ]
    ]


def _inspectors(raters: Sequence[Rater]) -> list[Rater]:
    return [rater for rater in raters if not rater.auditor_of and not rater.adjudicator]


def _eligible_raters(file: File, raters: Sequence[Rater], before: Collection[str] = ()) -> list[Rater]:
    return [rater for rater in raters if rater.may_read(file) and rater.code not in before]


def _least_loaded(file: File, eligible: Sequence[Rater], loads: dict[str, int], seed: str, reading_round: str) -> Rater:
    if not eligible:
        reason = "nobody else may read it again" if reading_round == SECOND else "every rater is excluded from it"
        raise UsageError(f"A file of {file.force_code} cannot be assigned: {reason}. Name another rater.")
    return min(
        eligible,
        key=lambda rater: ((loads[rater.code] + 1) / rater.part, random_number(seed, rater.code, file.subject_ref)),
    )


def _number(seed: str, file: File) -> int:
    return random_number(seed, file.force_code, file.subject_ref)
