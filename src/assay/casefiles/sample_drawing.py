"""Draw files with their inclusion probabilities, and the reserve that replaces files that cannot be found.

Equal probabilities within strata: the files of a stratum are in the order of their random numbers; the first are the
sample, the rest the reserve. A file that cannot be found is replaced by the next of its stratum. Because the order is
random, the files that are read are still a random sample of those that can be found, with inclusion probability (files
read) / (files in the stratum).

Probability proportional to size: as many files as can have proportional probabilities are drawn together, in random
order; the first are the sample, the rest the reserve. So for any number n of files that are read, the inclusion
probability of a file is n x its size / the total size. Files so large that they are certain are separate: each
represents only itself, and a missing one is not replaced.
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

from assay.casefiles.inclusion_probabilities import (
    RANGE_SIZE,
    max_proportional_sample,
    probabilities_by_size,
    random_number,
    systematic_sample,
)
from assay.casefiles.sample_designs import Design
from assay.casefiles.sampling_frames import SEPARATOR
from assay.errors import UsageError
from assay.stats.refusals import EstimationRefused
from assay.stats.samples.sample_allocation import allocate
from assay.stats.samples.sample_sizes import files_for_half_width, files_for_power

SAMPLED, RESERVE = "drawn", "reserve"
WORST = 0.5
"""The share with the largest variance, expected if the design gives none."""
LONG_RESERVE, TIMES_THE_FILES = 1_000, 10
"""Largest reserve of a stratum: this number, or this multiple of its sampled files."""
Unit = Mapping[str, Any]


@dataclass(frozen=True)
class SampledFile:
    """A sampled or reserve file: its position in the random order of its stratum, and its inclusion probability.

    `chance_of_force` is the inclusion probability of its force in a two-stage sample; otherwise 1.
    """

    force_code: str
    subject_ref: str
    stratum: str
    place: int
    status: str
    chance: Fraction
    chance_of_force: Fraction
    of_stratum: int


def draw(design: Design, units: pa.Table) -> list[SampledFile]:
    """Draw the files of a design, and the reserve; the result is the same on any machine.

    `units` are those of a frame. Raises UsageError if there is nothing to draw.
    """
    if not units.num_rows:
        raise UsageError(
            f"Design {design.key}: its sampling frame is empty, so there is nothing to draw. Check its indicator, "
            "answers and watch."
        )
    units_frame = pl.DataFrame(pl.from_arrow(units))
    if design.forces:
        return _two_stages(design, units_frame)
    return _by_size(design, units_frame) if design.sized_by else _by_strata(design, units_frame)


def _by_strata(design: Design, units: pl.DataFrame) -> list[SampledFile]:
    strata, files = _grouped(units, "stratum"), _files(design, units)
    return [
        sampled_file
        for key in sorted(strata)
        for sampled_file in _in_order(design, strata[key], files[key], Fraction(1))
    ]


def _files(design: Design, units: pl.DataFrame) -> dict[str, int]:
    """Return the number of files of each stratum, from the total number or the required precision in each force."""
    force = pl.col("force_code") if design.is_per_force else pl.lit("")
    groups: dict[str, dict[str, int]] = {}
    for group, stratum, n_records in (
        units.group_by(force.alias("force"), "stratum").len().sort("force", "stratum").rows()
    ):
        groups.setdefault(group, {})[stratum] = n_records
    found: dict[str, int] = {}
    for strata in groups.values():
        n_files = design.files
        if design.is_per_force:
            minimum = sum(min(design.least, n_records) for n_records in strata.values())
            n_files = max(_sample_size(design, sum(strata.values())), minimum)
        found |= dict(zip(strata, _allocate_files(design, n_files, strata), strict=True))
    return found


def _allocate_files(design: Design, files: int, strata: Mapping[str, int]) -> list[int]:
    """Allocate files to strata; raise UsageError if they are too few for the minimum of each stratum."""
    try:
        return allocate(
            files,
            list(strata.values()),
            expected=_expected(design, strata) if design.expected else None,
            times=_oversampling_factors(design, strata),
            minimum=design.least,
        )
    except EstimationRefused as refusal:
        advice = "Choose more files, fewer strata, or a smaller least."
        raise UsageError(f"Design {design.key}: {refusal} {advice}") from None


def _sample_size(design: Design, records: int) -> int:
    """Return the number of files that the required precision needs in one force; all if fewer are not enough."""
    if design.points:
        return files_for_half_width(design.points / 100, population=records)
    standard, share = design.tell
    try:
        return files_for_power(share, standard, population=records)
    except EstimationRefused:
        return records


def _two_stages(design: Design, units: pl.DataFrame) -> list[SampledFile]:
    """Two-stage sample: forces with probability proportional to size, then the same number of files in each."""
    forces = _grouped(units, "force_code")
    codes = sorted(forces, key=lambda code: random_number(design.seed, "force", code))
    probabilities = probabilities_by_size([forces[code].height for code in codes], design.forces)
    picked = systematic_sample(probabilities, Fraction(random_number(design.seed, "start of forces"), RANGE_SIZE))
    found: list[SampledFile] = []
    for place in sorted(picked, key=lambda place: codes[place]):
        force_units = forces[codes[place]].with_columns(stratum="force_code")
        found += _in_order(design, force_units, min(design.files_each, force_units.height), probabilities[place])
    return found


def _by_size(design: Design, units: pl.DataFrame) -> list[SampledFile]:
    """Draw with probability proportional to size within each stratum (systematic), certain units first."""
    strata, files = _grouped(units, "stratum"), _files(design, units)
    return [
        sampled_file for key in sorted(strata) for sampled_file in _draw_by_size(design, key, strata[key], files[key])
    ]


def _draw_by_size(design: Design, key: str, units: pl.DataFrame, files: int) -> list[SampledFile]:
    ordered_units = _first_units(design, units, units.height)
    probabilities = probabilities_by_size([unit["size"] for unit in ordered_units], files)
    certain = [place for place, probability in enumerate(probabilities) if probability == 1]
    open_places = [place for place, probability in enumerate(probabilities) if 0 < probability < 1]
    sizes = [ordered_units[place]["size"] for place in open_places]
    reserve_probabilities = probabilities_by_size(sizes, max_proportional_sample(sizes))
    picked = systematic_sample(reserve_probabilities, Fraction(random_number(design.seed, "start", key), RANGE_SIZE))
    order = [open_places[index] for index in picked]
    order.sort(
        key=lambda index: random_number(
            design.seed, "order", ordered_units[index]["force_code"], ordered_units[index]["subject_ref"]
        )
    )
    return [
        _sampled_file(
            ordered_units[index],
            turn,
            SAMPLED if turn <= files else RESERVE,
            probabilities[index],
            Fraction(1),
            len(ordered_units),
        )
        for turn, index in enumerate([*certain, *order], start=1)
    ]


def _in_order(design: Design, units: pl.DataFrame, files: int, force_probability: Fraction) -> list[SampledFile]:
    probability = Fraction(files, units.height)
    reserve = max(LONG_RESERVE, TIMES_THE_FILES * files)
    return [
        _sampled_file(unit, place, SAMPLED if place <= files else RESERVE, probability, force_probability, units.height)
        for place, unit in enumerate(_first_units(design, units, files + reserve), start=1)
    ]


def _sampled_file(
    unit: Unit, place: int, status: str, probability: Fraction, force_probability: Fraction, whole: int
) -> SampledFile:
    return SampledFile(
        unit["force_code"], unit["subject_ref"], unit["stratum"], place, status, probability, force_probability, whole
    )


def _first_units(design: Design, units: pl.DataFrame, limit: int) -> Sequence[Unit]:
    """Return at most this number of units, in the order of their random numbers."""
    refs = units.select("force_code", "subject_ref").rows()
    numbers = ((random_number(design.seed, design.subject, *ref), index) for index, ref in enumerate(refs))
    return units[[index for _, index in nsmallest(limit, numbers)]].to_dicts()


def _grouped(units: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    return {str(key): group for (key,), group in units.partition_by(column, as_dict=True).items()}


def _oversampling_factors(design: Design, strata: Iterable[str]) -> list[float]:
    """Return the oversampling factor of each stratum: the product of those of its values."""
    return [
        prod(design.oversample.get(name, {}).get(value, 1.0) for name, value in _parts(design, stratum))
        for stratum in strata
    ]


def _expected(design: Design, strata: Iterable[str]) -> list[float]:
    """Return the expected share of each stratum, by its value of the one column; a half by default."""
    ((column, shares),) = design.expected.items()
    return [shares.get(dict(_parts(design, stratum))[column], WORST) for stratum in strata]


def _parts(design: Design, stratum: str) -> list[tuple[str, str]]:
    """Return the columns of a stratum with their values."""
    pairs = zip(design.strata, stratum.split(SEPARATOR), strict=True)
    return [(name, value if name == "force_code" else value.removeprefix(f"{name} ")) for name, value in pairs]


@dataclass(frozen=True)
class FilesToRead:
    """Files to read after replacement, with current inclusion probabilities; missing files; shortfall by stratum."""

    files: tuple[SampledFile, ...]
    missing: tuple[SampledFile, ...]
    short: Mapping[str, int]


def replace_missing_files(sampled_files: Sequence[SampledFile], missing: Collection[tuple[str, str]]) -> FilesToRead:
    """Replace each missing file, (force_code, subject_ref), by the next of the same stratum."""
    strangers = sorted(
        set(missing) - {(sampled_file.force_code, sampled_file.subject_ref) for sampled_file in sampled_files}
    )
    if strangers:
        code, ref = strangers[0]
        raise UsageError(
            f"{code} {ref} was neither drawn nor held in reserve, so it cannot be missing. Check its reference."
        )
    files: list[SampledFile] = []
    not_found: list[SampledFile] = []
    short: dict[str, int] = {}
    for stratum in dict.fromkeys(sampled_file.stratum for sampled_file in sampled_files):
        seen = _files_to_find(
            [sampled_file for sampled_file in sampled_files if sampled_file.stratum == stratum], missing
        )
        found = [
            sampled_file for sampled_file in seen if (sampled_file.force_code, sampled_file.subject_ref) not in missing
        ]
        files += found
        not_found += [sampled_file for sampled_file in seen if sampled_file not in found]
        target = sum(
            sampled_file.stratum == stratum and sampled_file.status == SAMPLED for sampled_file in sampled_files
        )
        if len(found) < target:
            short[stratum] = target - len(found)
    return FilesToRead(tuple(files), tuple(not_found), short)


def _files_to_find(stratum_files: Sequence[SampledFile], missing: Collection[tuple[str, str]]) -> list[SampledFile]:
    """The files of a stratum to look for, with their inclusion probabilities after replacement."""
    certain = [sampled_file for sampled_file in stratum_files if sampled_file.chance == 1]
    order = sorted(
        (sampled_file for sampled_file in stratum_files if sampled_file.chance != 1),
        key=lambda sampled_file: sampled_file.place,
    )
    n_sampled = sum(sampled_file.status == SAMPLED for sampled_file in order)
    found_positions = [
        index
        for index, sampled_file in enumerate(order)
        if (sampled_file.force_code, sampled_file.subject_ref) not in missing
    ][:n_sampled]
    if not n_sampled:
        return certain
    seen = order[: found_positions[-1] + 1] if len(found_positions) == n_sampled else order
    more = Fraction(len(seen), n_sampled)
    return [
        *certain,
        *(replace(sampled_file, status=SAMPLED, chance=sampled_file.chance * more) for sampled_file in seen),
    ]
