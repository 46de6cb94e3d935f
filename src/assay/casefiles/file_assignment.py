"""Who reads which file, so that the work is even, nobody reads their own force, and a share is read twice, blind?

Beside the inspectors a force's own auditor may read its files, to be compared and never to be counted; and where two
inspectors differ an adjudicator reads the file anew, whose answers then hold.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from assay.casefiles.inclusion_probabilities import number
from assay.errors import UsageError

FIRST, SECOND, ADJUDICATED = "first", "second", "adjudicated"
INSPECTOR, AUDITOR = "inspector", "force_auditor"


@dataclass(frozen=True)
class Marker:
    """Somebody who reads files: a code, never a name; the forces whose files they must not read; `part`: which part of
    a full load they carry (0.5 is half of one). `auditor_of`: the force whose own auditor they are, and whose files
    alone they read; `adjudicator`: they read only where two inspectors differ."""

    code: str
    away_from: tuple[str, ...] = ()
    part: float = 1.0
    auditor_of: str = ""
    adjudicator: bool = False

    @property
    def kind(self) -> str:
        """Of which kind their marks are."""
        return AUDITOR if self.auditor_of else INSPECTOR

    def may_read(self, file: File) -> bool:
        """Whether nothing of a force that they keep away from stands on its sheet: for an auditor, of any other."""
        on_sheet = {file.force_code, *file.also}
        return on_sheet == {self.auditor_of} if self.auditor_of else not on_sheet & set(self.away_from)


@dataclass(frozen=True)
class File:
    """One file that is to be read; `also`: other forces whose steps stand on its sheet."""

    force_code: str
    subject_ref: str
    stratum: str
    also: tuple[str, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """What names it everywhere else."""
        return self.force_code, self.subject_ref


@dataclass(frozen=True)
class Assigned:
    """One reading: which file, by whom, in which round, and of which kind the marker is."""

    file: File
    marker: str
    round: str
    kind: str = INSPECTOR


def read_markers(path: Path) -> list[Marker]:
    """Markers from a CSV with the columns marker_code, away_from (codes with spaces between), part, auditor_of (a code)
    and adjudicator (yes); UsageError, a sentence that names the line, for what cannot be one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    found: list[Marker] = []
    for line, row in enumerate(rows, start=2):
        code = (row.get("marker_code") or "").strip()
        if not code or code in [one.code for one in found]:
            said = f"{code} stands there twice" if code else "marker_code is empty"
            raise UsageError(f"{path}, line {line}: {said}. Every marker has a code of their own.")
        force, adjudicator = ((row.get(name) or "").strip() for name in ("auditor_of", "adjudicator"))
        if adjudicator not in ("", "yes") or (force and adjudicator):
            raise UsageError(f"{path}, line {line}: adjudicator is yes or empty, and no force's auditor is one.")
        away = tuple((row.get("away_from") or "").split())
        found.append(Marker(code, away, _part(path, line, row.get("part")), force, bool(adjudicator)))
    if not found:
        raise UsageError(f"{path} names no marker. Write one line each: marker_code,away_from,part")
    return found


def _part(path: Path, line: int, text: str | None) -> float:
    try:
        part = float((text or "").strip() or 1)
    except ValueError:
        part = 0.0
    if not 0 < part <= 1:
        raise UsageError(f"{path}, line {line}: part is above 0 and at most 1, or empty for a full load.")
    return part


def assign(
    files: Sequence[File],
    markers: Sequence[Marker],
    *,
    double: float,
    seed: str,
    hard: Collection[tuple[str, str]] = (),
) -> list[Assigned]:
    """Every file once by an inspector, and a share of each stratum (rounded up) a second time by another. Nobody reads
    a file of a force that they keep away from, nor one on whose sheet steps of that force stand.

    Each goes to whoever has read least for the load they carry; among equals the seed decides. Of those that are `hard`
    reading each goes to whoever has fewest of them, so that nobody carries most of what is hard. UsageError where a
    file has nobody who may read it, or nobody else who may read it again.
    """
    markers = _inspectors(markers)
    loads, of_hard = ({marker.code: 0 for marker in markers} for _ in range(2))
    twice = set(_twice(files, double, seed))
    # Those with the fewest who may read them come first: later there might be nobody left with room.
    order = sorted(files, key=lambda file: (len(_may(file, markers)), file.pair not in hard, _number(seed, file)))
    found: list[Assigned] = []
    for file in order:
        before: list[str] = []
        for turn in (FIRST, SECOND)[: 2 if file in twice else 1]:
            may = _may(file, markers, before)
            if file.pair in hard and may:
                fewest = min((of_hard[one.code] + 1) / one.part for one in may)
                may = [one for one in may if (of_hard[one.code] + 1) / one.part == fewest]
            marker = _least_loaded(file, may, loads, seed, turn)
            loads[marker.code] += 1
            of_hard[marker.code] += file.pair in hard
            before.append(marker.code)
            found.append(Assigned(file, marker.code, turn))
    return sorted(found, key=lambda one: (one.marker, one.file.force_code, one.file.subject_ref))


def audited(held: Sequence[Assigned], files: Iterable[File], markers: Sequence[Marker], seed: str) -> list[Assigned]:
    """The readings of forces' own auditors, of files that no auditor has yet; none where a force has no auditor."""
    auditors, there = [one for one in markers if one.auditor_of], {one.file for one in held if one.kind == AUDITOR}
    return _added(held, [one for one in files if one not in there], auditors, seed, FIRST)


def adjudicated(
    held: Sequence[Assigned], files: Iterable[File], markers: Sequence[Marker], seed: str
) -> list[Assigned]:
    """The readings of adjudicators, of these files that none of them has yet; nobody adjudicates what they read."""
    there = {one.file for one in held if one.round == ADJUDICATED}
    judges = [one for one in markers if one.adjudicator]
    return _added(held, [one for one in files if one not in there], judges, seed, ADJUDICATED)


def _added(
    held: Sequence[Assigned], files: Iterable[File], markers: Sequence[Marker], seed: str, turn: str
) -> list[Assigned]:
    loads = {marker.code: sum(one.marker == marker.code for one in held) for marker in markers}
    found = []
    for file in sorted(files, key=lambda one: _number(seed, one)):
        may = _may(file, markers, [one.marker for one in held if one.file == file])
        if may:
            marker = _least_loaded(file, may, loads, seed, turn)
            loads[marker.code] += 1
            found.append(Assigned(file, marker.code, turn, marker.kind))
    return found


def replaced(
    held: Sequence[Assigned],
    files: Sequence[File],
    gone: Collection[tuple[str, str]],
    markers: Sequence[Marker],
    seed: str,
) -> list[Assigned]:
    """The same readings; in the place of a missing file the next of its stratum among `files`, read by the same
    markers, or by others where they must keep away from it."""
    there = {one.file.pair for one in held}
    fresh: dict[str, list[File]] = {}
    for file in files:
        if file.pair not in there:
            fresh.setdefault(file.stratum, []).append(file)
    instead: dict[tuple[str, str], File] = {}
    for file in sorted({one.file for one in held if one.file.pair in gone}, key=lambda one: one.pair):
        if fresh.get(file.stratum):
            instead[file.pair] = fresh[file.stratum].pop(0)
    kept = [one for one in held if one.file.pair not in gone]
    loads = {marker.code: sum(one.marker == marker.code for one in kept) for marker in markers}
    for one in [one for one in held if one.file.pair in instead]:
        file = instead[one.file.pair]
        if one.kind == AUDITOR or one.round == ADJUDICATED:
            continue  # they read what they may of what is read now: see `audited` and `adjudicated`
        before = [other.marker for other in kept if other.file == file]
        may = _may(file, _inspectors(markers), before)
        same = [marker for marker in may if marker.code == one.marker]
        marker = _least_loaded(file, same or may, loads, seed, one.round)
        loads[marker.code] += 1
        kept.append(Assigned(file, marker.code, one.round))
    return kept


def reassigned(
    held: Sequence[Assigned],
    leaving: Iterable[tuple[Assigned, Collection[str]]],
    markers: Sequence[Marker],
    seed: str,
) -> list[tuple[Assigned, Assigned]]:
    """For each reading that somebody leaves, with the codes of all who ever had its file: the same reading by another
    who may read it, in the same round; none where nobody else may."""
    loads = {marker.code: sum(one.marker == marker.code for one in held) for marker in markers}
    found = []
    for one, before in leaving:
        staff = _inspectors(markers)
        if one.kind == AUDITOR or one.round == ADJUDICATED:
            staff = [each for each in markers if (each.auditor_of if one.kind == AUDITOR else each.adjudicator)]
        if may := _may(one.file, staff, before):
            marker = _least_loaded(one.file, may, loads, seed, one.round)
            loads[marker.code] += 1
            found.append((one, Assigned(one.file, marker.code, one.round, one.kind)))
    return found


def _twice(files: Iterable[File], double: float, seed: str) -> list[File]:
    by_stratum: dict[str, list[File]] = {}
    for file in files:
        by_stratum.setdefault(file.stratum, []).append(file)
    return [
        file
        for mine in by_stratum.values()
        for file in sorted(mine, key=lambda one: _number(f"{seed}\ntwice", one))[: ceil(double * len(mine) - 1e-9)]
    ]


def _inspectors(markers: Sequence[Marker]) -> list[Marker]:
    return [one for one in markers if not one.auditor_of and not one.adjudicator]


def _may(file: File, markers: Sequence[Marker], before: Collection[str] = ()) -> list[Marker]:
    return [one for one in markers if one.may_read(file) and one.code not in before]


def _least_loaded(file: File, may: Sequence[Marker], loads: dict[str, int], seed: str, turn: str) -> Marker:
    if not may:
        who = "nobody else may read it again" if turn == SECOND else "every marker must keep away from it"
        raise UsageError(f"A file of {file.force_code} cannot be assigned: {who}. Name another marker.")
    return min(may, key=lambda one: ((loads[one.code] + 1) / one.part, number(seed, one.code, file.subject_ref)))


def _number(seed: str, file: File) -> int:
    return number(seed, file.force_code, file.subject_ref)
