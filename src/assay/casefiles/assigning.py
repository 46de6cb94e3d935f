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
    """One file that is to be read."""

    force_code: str
    subject_ref: str
    stratum: str


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
    """Every file once, and a share of each stratum (rounded up) a second time by somebody else.

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
    return [one for one in markers if file.force_code not in one.away_from and one.code not in before]


def _least_loaded(file: File, may: Sequence[Marker], loads: dict[str, int], seed: str, turn: str) -> Marker:
    if not may:
        who = "nobody else may read it again" if turn == SECOND else "every marker must keep away from that force"
        raise UsageError(f"A file of {file.force_code} cannot be assigned: {who}. Name another marker.")
    return min(may, key=lambda one: ((loads[one.code] + 1) / one.part, number(seed, one.code, file.subject_ref)))


def _number(seed: str, file: File) -> int:
    return number(seed, file.force_code, file.subject_ref)
