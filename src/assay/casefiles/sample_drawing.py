"""Which files were drawn, with which chance, and which come next where one cannot be found?

Strata by equal chance: the files of a stratum stand in the order of their numbers; the first are drawn, the rest are
the reserve, in order. A file that cannot be found is replaced by the next of its own stratum: the order is chance, so
those that are read are still a random draw of what can be found there, and the chance of every file that was opened is
how many were opened of how many there are.

By size: as many as can have a chance in proportion to their size are drawn together, and stand in an order that is
chance again; the first are drawn, the rest are the reserve. So however many are opened, each was to be among them with
a chance of that many times its size of all sizes. Files so large that they were certain stand apart: they speak for
themselves alone, and nothing takes the place of one that is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import nsmallest
from math import prod
from typing import Any

import polars as pl
import pyarrow as pa

from assay.casefiles.inclusion_probabilities import WHOLE, chances_by_size, longest_in_proportion, number, systematic
from assay.casefiles.sample_designs import Design
from assay.casefiles.sampling_frames import BETWEEN
from assay.errors import UsageError
from assay.stats.refusals import Refused
from assay.stats.samples.sample_allocation import allocate
from assay.stats.samples.sample_sizes import files_for_half_width, files_for_power

DRAWN, RESERVE = "drawn", "reserve"
WORST = 0.5
"""The share that takes the most files to tell: expected where a design says nothing."""
LONG_RESERVE, TIMES_THE_FILES = 1_000, 10
"""Of a stratum of millions not all are a reserve: so many, or so many times as many as are drawn."""
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


def draw(design: Design, units: pa.Table) -> list[Chosen]:
    """The files of a design, and the reserve; the same on any machine. `units`: those of a frame. UsageError where
    there is nothing to draw."""
    if not units.num_rows:
        raise UsageError(f"Design {design.key}: no record is in its frame, so there is nothing to draw.")
    every = pl.DataFrame(pl.from_arrow(units))
    if design.forces:
        return _two_stages(design, every)
    return _by_size(design, every) if design.sized_by else _by_strata(design, every)


def _by_strata(design: Design, units: pl.DataFrame) -> list[Chosen]:
    strata, files = _grouped(units, "stratum"), _files(design, units)
    return [one for key in sorted(strata) for one in _in_order(design, strata[key], files[key], Fraction(1))]


def _files(design: Design, units: pl.DataFrame) -> dict[str, int]:
    """How many files each stratum gets: of so many in all, or of as many as what is wanted takes in each force."""
    force = pl.col("force_code") if design.of_each_force else pl.lit("")
    groups: dict[str, dict[str, int]] = {}
    for group, stratum, held in units.group_by(force.alias("force"), "stratum").len().sort("force", "stratum").rows():
        groups.setdefault(group, {})[stratum] = held
    found: dict[str, int] = {}
    for strata in groups.values():
        wanted = design.files
        if design.of_each_force:
            least = sum(min(design.least, held) for held in strata.values())
            wanted = max(_wanted(design, sum(strata.values())), least)
        found |= dict(zip(strata, _shared_out(design, wanted, strata), strict=True))
    return found


def _shared_out(design: Design, files: int, strata: Mapping[str, int]) -> list[int]:
    """Files by stratum, of strata with so many records; UsageError where they are too few for the least of each."""
    try:
        return allocate(
            files,
            list(strata.values()),
            expected=_expected(design, strata) if design.expected else None,
            times=_times(design, strata),
            least=design.least,
        )
    except Refused as refusal:
        advice = "Ask for more files, fewer strata, or a smaller least."
        raise UsageError(f"Design {design.key}: {refusal} {advice}") from None


def _wanted(design: Design, records: int) -> int:
    """How many files of a force with so many records what is wanted takes; all, where nothing less tells."""
    if design.points:
        return files_for_half_width(design.points / 100, population=records)
    standard, share = design.tell
    try:
        return files_for_power(share, standard, population=records)
    except Refused:
        return records


def _two_stages(design: Design, units: pl.DataFrame) -> list[Chosen]:
    """Forces by their size, then the same number of files in each: every file has the same chance, save in forces that
    are certain."""
    forces = _grouped(units, "force_code")
    codes = sorted(forces, key=lambda code: number(design.seed, "force", code))
    chances = chances_by_size([forces[code].height for code in codes], design.forces)
    picked = systematic(chances, Fraction(number(design.seed, "start of forces"), WHOLE))
    found: list[Chosen] = []
    for place in sorted(picked, key=lambda place: codes[place]):
        mine = forces[codes[place]].with_columns(stratum="force_code")
        found += _in_order(design, mine, min(design.files_each, mine.height), chances[place])
    return found


def _by_size(design: Design, units: pl.DataFrame) -> list[Chosen]:
    """Within each stratum by size: those that are certain, then as many as can be in proportion, in an order that is
    chance."""
    strata, files = _grouped(units, "stratum"), _files(design, units)
    return [one for key in sorted(strata) for one in _sized(design, key, strata[key], files[key])]


def _sized(design: Design, key: str, units: pl.DataFrame, files: int) -> list[Chosen]:
    mine = _first_of(design, units, units.height)
    chances = chances_by_size([one["size"] for one in mine], files)
    sure = [place for place, chance in enumerate(chances) if chance == 1]
    open_places = [place for place, chance in enumerate(chances) if 0 < chance < 1]
    sizes = [mine[place]["size"] for place in open_places]
    together = chances_by_size(sizes, longest_in_proportion(sizes))
    picked = systematic(together, Fraction(number(design.seed, "start", key), WHOLE))
    order = [open_places[at] for at in picked]
    order.sort(key=lambda at: number(design.seed, "order", mine[at]["force_code"], mine[at]["subject_ref"]))
    return [
        _chosen(mine[at], turn, DRAWN if turn <= files else RESERVE, chances[at], Fraction(1), len(mine))
        for turn, at in enumerate([*sure, *order], start=1)
    ]


def _in_order(design: Design, units: pl.DataFrame, files: int, of_force: Fraction) -> list[Chosen]:
    chance = Fraction(files, units.height)
    reserve = max(LONG_RESERVE, TIMES_THE_FILES * files)
    return [
        _chosen(one, place, DRAWN if place <= files else RESERVE, chance, of_force, units.height)
        for place, one in enumerate(_first_of(design, units, files + reserve), start=1)
    ]


def _chosen(unit: Unit, place: int, status: str, chance: Fraction, of_force: Fraction, whole: int) -> Chosen:
    return Chosen(unit["force_code"], unit["subject_ref"], unit["stratum"], place, status, chance, of_force, whole)


def _first_of(design: Design, units: pl.DataFrame, most: int) -> Sequence[Unit]:
    """So many at most, in the order of their numbers."""
    refs = units.select("force_code", "subject_ref").rows()
    numbers = ((number(design.seed, design.subject, *ref), at) for at, ref in enumerate(refs))
    return units[[at for _, at in nsmallest(most, numbers)]].to_dicts()


def _grouped(units: pl.DataFrame, by: str) -> dict[str, pl.DataFrame]:
    return {str(key): mine for (key,), mine in units.partition_by(by, as_dict=True).items()}


def _times(design: Design, strata: Iterable[str]) -> list[float]:
    """How many times as often each stratum is drawn: the product of what its parts are oversampled by."""
    return [
        prod(design.oversample.get(name, {}).get(value, 1.0) for name, value in _parts(design, stratum))
        for stratum in strata
    ]


def _expected(design: Design, strata: Iterable[str]) -> list[float]:
    """The share that is expected of each stratum, by its value of the one column; a half where nothing is said."""
    ((column, shares),) = design.expected.items()
    return [shares.get(dict(_parts(design, stratum))[column], WORST) for stratum in strata]


def _parts(design: Design, stratum: str) -> list[tuple[str, str]]:
    """Every column of a stratum with its value."""
    said = zip(design.strata, stratum.split(BETWEEN), strict=True)
    return [(name, value if name == "force_code" else value.removeprefix(f"{name} ")) for name, value in said]


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
        seen = _opened([one for one in chosen if one.stratum == stratum], missing)
        found = [one for one in seen if (one.force_code, one.subject_ref) not in missing]
        files += found
        gone += [one for one in seen if one not in found]
        wanted = sum(one.stratum == stratum and one.status == DRAWN for one in chosen)
        if len(found) < wanted:
            short[stratum] = wanted - len(found)
    return Opened(tuple(files), tuple(gone), short)


def _opened(mine: Sequence[Chosen], missing: Collection[tuple[str, str]]) -> list[Chosen]:
    """The files of a stratum that are looked for, with the chance to be among so many: those that were certain, then
    the others in order until as many are found as were drawn."""
    sure = [one for one in mine if one.chance == 1]
    order = sorted((one for one in mine if one.chance != 1), key=lambda one: one.place)
    drawn = sum(one.status == DRAWN for one in order)
    there = [at for at, one in enumerate(order) if (one.force_code, one.subject_ref) not in missing][:drawn]
    if not drawn:
        return sure
    seen = order[: there[-1] + 1] if len(there) == drawn else order
    more = Fraction(len(seen), drawn)
    return [*sure, *(replace(one, status=DRAWN, chance=one.chance * more) for one in seen)]
