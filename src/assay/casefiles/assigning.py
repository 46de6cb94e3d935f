"""Who reads which file, so that the work is even, nobody reads their own force, and a share is read twice, blind?"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from assay.casefiles.chances import number
from assay.errors import UsageError

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Marker:
    """Somebody who reads files: a code, never a name; the forces whose files they must not read; `part`: which part of
    a full load they carry (0.5 is half of one)."""

    code: str
    away_from: tuple[str, ...] = ()
    part: float = 1.0


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
    """One reading: which file, by whom, in which round."""

    file: File
    marker: str
    round: str


def read_markers(path: Path) -> list[Marker]:
    """Markers from a CSV with the columns marker_code, away_from (codes with spaces between), part; UsageError, a
    sentence that names the line, for what cannot be one."""
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
        found.append(Marker(code, tuple((row.get("away_from") or "").split()), _part(path, line, row.get("part"))))
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


def assign(files: Sequence[File], markers: Sequence[Marker], *, double: float, seed: str) -> list[Assigned]:
    """Every file once, and a share of each stratum (rounded up) a second time by somebody else. Nobody reads a file of
    a force that they keep away from, nor one on whose sheet steps of that force stand.

    Each goes to whoever has read least for the load they carry; among equals the seed decides. UsageError where a file
    has nobody who may read it, or nobody else who may read it again.
    """
    loads = {marker.code: 0 for marker in markers}
    twice = set(_twice(files, double, seed))
    # Those with the fewest who may read them come first: later there might be nobody left with room.
    order = sorted(files, key=lambda file: (len(_may(file, markers)), _number(seed, file)))
    found: list[Assigned] = []
    for file in order:
        before: list[str] = []
        for turn in (FIRST, SECOND)[: 2 if file in twice else 1]:
            marker = _least_loaded(file, _may(file, markers, before), loads, seed, turn)
            loads[marker.code] += 1
            before.append(marker.code)
            found.append(Assigned(file, marker.code, turn))
    return sorted(found, key=lambda one: (one.marker, one.file.force_code, one.file.subject_ref))


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
        before = [other.marker for other in kept if other.file == file]
        may = _may(file, markers, before)
        same = [marker for marker in may if marker.code == one.marker]
        marker = _least_loaded(file, same or may, loads, seed, one.round)
        loads[marker.code] += 1
        kept.append(Assigned(file, marker.code, one.round))
    return kept


def _twice(files: Iterable[File], double: float, seed: str) -> list[File]:
    by_stratum: dict[str, list[File]] = {}
    for file in files:
        by_stratum.setdefault(file.stratum, []).append(file)
    return [
        file
        for mine in by_stratum.values()
        for file in sorted(mine, key=lambda one: _number(f"{seed}\ntwice", one))[: ceil(double * len(mine) - 1e-9)]
    ]


def _may(file: File, markers: Sequence[Marker], before: Collection[str] = ()) -> list[Marker]:
    away = {file.force_code, *file.also}
    return [one for one in markers if not away & set(one.away_from) and one.code not in before]


def _least_loaded(file: File, may: Sequence[Marker], loads: dict[str, int], seed: str, turn: str) -> Marker:
    if not may:
        who = "nobody else may read it again" if turn == SECOND else "every marker must keep away from it"
        raise UsageError(f"A file of {file.force_code} cannot be assigned: {who}. Name another marker.")
    return min(may, key=lambda one: ((loads[one.code] + 1) / one.part, number(seed, one.code, file.subject_ref)))


def _number(seed: str, file: File) -> int:
    return number(seed, file.force_code, file.subject_ref)
