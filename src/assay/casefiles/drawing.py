"""Which files were drawn, with which chance, and which come next where one cannot be found?

Strata by equal chance: the files of a stratum stand in the order of their numbers; the first are drawn, the rest are
the reserve, in order. A file that cannot be found is replaced by the next of its own stratum: the order is chance, so
those that are read are still a random draw of what can be found there, and the chance of every file that was opened is
how many were opened of how many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assay.casefiles.allocation import allocate
from assay.casefiles.chances import WHOLE, chances_by_size, number, systematic
from assay.casefiles.designs import Design
from assay.casefiles.frames import BETWEEN
from assay.errors import UsageError
from assay.estimation.refusals import Refused
from assay.estimation.samples.sizes import files_for_half_width, files_for_power

DRAWN, RESERVE = "drawn", "reserve"
Unit = Mapping[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A file that was drawn, or stands in the reserve: its place in the order of its stratum (from 1), its chance, and
    how many records its stratum has. `chance_of_force`: in two stages, that of its force; else 1."""

    force_code: str
    subject_ref: str
    stratum: str
    place: int
    status: str
    chance: Fraction
    chance_of_force: Fraction
    of_stratum: int


def draw(design: Design, units: Sequence[Unit]) -> list[Chosen]:
    """The files of a design, and the reserve; the same on any machine. UsageError where there is nothing to draw."""
    if not units:
        raise UsageError(f"Design {design.key}: no record is in its frame, so there is nothing to draw.")
    if design.forces:
        return _two_stages(design, units)
    return _by_size(design, units) if design.sized_by else _by_strata(design, units)


def _by_strata(design: Design, units: Sequence[Unit]) -> list[Chosen]:
    strata = _grouped(units, "stratum")
    files = _files(design, units)
    return [one for key in sorted(strata) for one in _in_order(design, strata[key], files[key], Fraction(1))]


def _files(design: Design, units: Sequence[Unit]) -> dict[str, int]:
    """How many files each stratum gets: of so many in all, or of as many as what is wanted takes in each force."""
    groups = _grouped(units, "force_code").values() if design.of_each_force else [units]
    found: dict[str, int] = {}
    for group in groups:
        strata = _grouped(group, "stratum")
        records = {key: len(mine) for key, mine in strata.items()}
        wanted = design.files
        if design.of_each_force:
            wanted = max(_wanted(design, len(group)), sum(min(design.least, held) for held in records.values()))
        found |= allocate(records, wanted, least=design.least, times=_times(design, strata))
    return found


def _wanted(design: Design, records: int) -> int:
    """How many files of a force with so many records what is wanted takes; all, where nothing less tells."""
    if design.points:
        return files_for_half_width(design.points / 100, population=records)
    standard, share = design.tell
    try:
        return files_for_power(share, standard, population=records)
    except Refused:
        return records


def _two_stages(design: Design, units: Sequence[Unit]) -> list[Chosen]:
    """Forces by their size, then the same number of files in each: every file has the same chance, save in forces that
    are certain."""
    forces = _grouped(units, "force_code")
    codes = sorted(forces, key=lambda code: number(design.seed, "force", code))
    chances = chances_by_size([len(forces[code]) for code in codes], design.forces)
    picked = systematic(chances, Fraction(number(design.seed, "start of forces"), WHOLE))
    found: list[Chosen] = []
    for place in sorted(picked, key=lambda place: codes[place]):
        mine = [{**one, "stratum": one["force_code"]} for one in forces[codes[place]]]
        found += _in_order(design, mine, min(design.files_each, len(mine)), chances[place])
    return found


def _by_size(design: Design, units: Sequence[Unit]) -> list[Chosen]:
    """Within each stratum by size; a systematic draw has no reserve, so a file that is missing stays missing."""
    strata, files = _grouped(units, "stratum"), _files(design, units)
    found: list[Chosen] = []
    for key in sorted(strata):
        mine = _sorted(design, strata[key])
        chances = chances_by_size([one["size"] for one in mine], files[key])
        start = Fraction(number(design.seed, "start", key), WHOLE)
        for turn, place in enumerate(systematic(chances, start), start=1):
            found.append(_chosen(mine[place], turn, DRAWN, chances[place], Fraction(1), len(mine)))
    return found


def _in_order(design: Design, units: Sequence[Unit], files: int, of_force: Fraction) -> list[Chosen]:
    chance = Fraction(files, len(units))
    return [
        _chosen(one, place, DRAWN if place <= files else RESERVE, chance, of_force, len(units))
        for place, one in enumerate(_sorted(design, units), start=1)
    ]


def _chosen(unit: Unit, place: int, status: str, chance: Fraction, of_force: Fraction, whole: int) -> Chosen:
    return Chosen(unit["force_code"], unit["subject_ref"], unit["stratum"], place, status, chance, of_force, whole)


def _sorted(design: Design, units: Sequence[Unit]) -> list[Unit]:
    return sorted(units, key=lambda one: number(design.seed, design.subject, one["force_code"], one["subject_ref"]))


def _grouped(units: Iterable[Unit], by: str) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit[by], []).append(unit)
    return found


def _times(design: Design, strata: Iterable[str]) -> dict[str, float]:
    """How many times as often each stratum is drawn: the product of what its parts are oversampled by."""
    found = {}
    for stratum in strata:
        times = 1.0
        for name, said in zip(design.strata, stratum.split(BETWEEN), strict=True):
            value = said if name == "force_code" else said.removeprefix(f"{name} ")
            times *= design.oversample.get(name, {}).get(value, 1.0)
        found[stratum] = times
    return found


@dataclass(frozen=True)
class Opened:
    """Files to read once some could not be found: `files` with the chances that hold now, `missing` that were looked
    for in vain, and strata whose reserve has run out, with how many files short."""

    files: tuple[Chosen, ...]
    missing: tuple[Chosen, ...]
    short: Mapping[str, int]


def opened(chosen: Sequence[Chosen], missing: Collection[tuple[str, str]]) -> Opened:
    """Replace what is missing, (force_code, subject_ref), by the next of the same stratum."""
    strangers = sorted(set(missing) - {(one.force_code, one.subject_ref) for one in chosen})
    if strangers:
        code, ref = strangers[0]
        raise UsageError(f"{code} {ref} was not drawn and stands in no reserve, so it cannot be missing.")
    files: list[Chosen] = []
    gone: list[Chosen] = []
    short: dict[str, int] = {}
    for stratum in dict.fromkeys(one.stratum for one in chosen):
        mine = sorted((one for one in chosen if one.stratum == stratum), key=lambda one: one.place)
        wanted = sum(one.status == DRAWN for one in mine)
        found = [one for one in mine if (one.force_code, one.subject_ref) not in missing][:wanted]
        last = found[-1].place if found and len(found) == wanted else mine[-1].place
        seen = mine[:last]
        gone += [one for one in seen if one not in found]
        chance = Fraction(len(seen), mine[0].of_stratum) if _equal(mine) else None
        files += [_with(one, chance) for one in found]
        if len(found) < wanted:
            short[stratum] = wanted - len(found)
    return Opened(tuple(files), tuple(gone), short)


def _equal(mine: Sequence[Chosen]) -> bool:
    """Whether a stratum was drawn by equal chance: then its reserve stands behind it, or all of it was drawn."""
    return len(mine) == mine[0].of_stratum


def _with(one: Chosen, chance: Fraction | None) -> Chosen:
    if chance is None:
        return one
    return Chosen(
        one.force_code, one.subject_ref, one.stratum, one.place, DRAWN, chance, one.chance_of_force, one.of_stratum
    )
