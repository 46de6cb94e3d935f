"""Most similar forces, by children, density and mix of offences, or from an official list."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay import reference
from assay.compare.comparability import CITY_OF_LONDON, is_territorial
from assay.compare.comparison_tables import SIMILAR, as_table
from assay.errors import SourceError
from assay.stats.posterior_grid import Floats

CALCULATED = "ours"
NEAREST = 7
"""Number of similar forces for each force: enough to form a group, and few enough to be similar."""
COLUMNS = ("force", "similar_force")


@dataclass(frozen=True)
class ForceFeatures:
    """Features by which forces are similar: residents under 18, area, and counts by offence code. None: not known."""

    place_code: str
    children: int | None
    area_km2: float | None
    offence_mix: Mapping[str, int]

    @property
    def is_comparable(self) -> bool:
        """Return True for a territorial force with all features known, other than the City of London."""
        is_complete = self.children and self.area_km2 and sum(self.offence_mix.values()) > 0
        return bool(is_territorial(self.place_code) and self.place_code != CITY_OF_LONDON and is_complete)


def similar_forces(features: Iterable[ForceFeatures], *, nearest: int = NEAREST) -> pa.Table:
    """Return the table `similar_forces`: the nearest forces of each force, by three standardised features.

    The features are log children, log children per square kilometre, and the mix of offences (Hellinger distance, which
    compares shares on a root scale so that rare codes count too). A distance of 1 is the typical distance between two
    forces. The City of London and British Transport Police resemble no other force and are left out. With fewer than
    two forces the table is empty.

    Parameters
    ----------
    nearest
        Number of similar forces for each force.
    """
    comparable = [force for force in features if force.is_comparable]
    if len(comparable) < 2:
        return as_table([], SIMILAR)
    distances = _distances(comparable)
    pairs = []
    codes = [force.place_code for force in comparable]
    for i, code in enumerate(codes):
        order = [j for j in np.lexsort((codes, distances[i])) if j != i][:nearest]
        pairs += [_pair(code, codes[j], place, distances[i][j]) for place, j in enumerate(order, start=1)]
    return as_table(pairs, SIMILAR)


def load_similar_forces(path: Path, *, grouping: str = "") -> pa.Table:
    """Return the table `similar_forces` from an official list: a CSV file with the columns force and similar_force.

    The nearest force comes first. Names are looked up in the register of forces and never guessed.

    Parameters
    ----------
    grouping
        Name of the list; without it, the name of the file.

    Raises
    ------
    SourceError
        If the file cannot be read, a force is unknown or similar to itself, or a pair is repeated.
    """
    name = grouping or path.stem
    nearness: dict[str, int] = {}
    pairs = []
    for line, row in enumerate(_list_rows(path), start=2):
        force, similar = (_code(path, line, column, row[column]) for column in COLUMNS)
        if force == similar:
            raise SourceError(f"{path.name}, row {line}: a force is named as similar to itself. Correct the row.")
        nearness[force] = nearness.get(force, 0) + 1
        pairs.append({"place_code": force, "similar_code": similar, "nearness": nearness[force], "grouping": name})
    _refuse_repeats(path, pairs)
    return as_table(pairs, SIMILAR)


def _distances(forces: Sequence[ForceFeatures]) -> Floats:
    residents = np.array([force.children for force in forces], float)
    children = np.log(residents)
    density = np.log(residents / np.array([force.area_km2 for force in forces], float))
    parts = [np.abs(np.subtract.outer(values, values)) for values in (children, density)]
    parts.append(_hellinger([force.offence_mix for force in forces]))
    squares = [(part / _typical(part)) ** 2 for part in parts]
    return np.sqrt(sum(squares) / len(squares))


def _typical(distances: Floats) -> float:
    """Return the root mean square distance between two forces (1 if they do not differ at all)."""
    pairs = distances[np.triu_indices(len(distances), 1)]
    return float(np.sqrt((pairs**2).mean())) or 1.0 if len(pairs) else 1.0


def _hellinger(mixes: Sequence[Mapping[str, float]]) -> Floats:
    codes = sorted({code for mix in mixes for code in mix})
    counts = np.array([[max(mix.get(code) or 0, 0) for code in codes] for mix in mixes], dtype=float)
    roots = np.sqrt(counts / counts.sum(axis=1, keepdims=True))
    return np.asarray(np.sqrt(((roots[:, None, :] - roots[None, :, :]) ** 2).sum(axis=2) / 2))


def _pair(code: str, other_code: str, place: int, distance: float) -> dict[str, Any]:
    return {
        "place_code": code, "similar_code": other_code, "nearness": place,
        "distance": round(float(distance), 6), "grouping": CALCULATED,
    }  # fmt: skip


def _list_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise SourceError(
                    f"{path.name} has no column '{missing[0]}'. A list of similar forces has the columns "
                    "'force' and 'similar_force', one pair per row, the nearest first."
                )
            return [row for row in reader if any(row.values())]
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not UTF-8 text. Save it as 'CSV UTF-8' and try again.") from error
    except OSError as error:
        raise SourceError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _code(path: Path, line: int, column: str, name: str | None) -> str:
    if not (name or "").strip():
        raise SourceError(f"{path.name}, row {line}: column '{column}' is empty. Name a force, or remove the row.")
    try:
        return str(reference.forces().find(str(name)).code)
    except SourceError as error:
        raise type(error)(f"{path.name}, row {line}, column '{column}': {error}") from error


def _refuse_repeats(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    seen = set()
    for line, row in enumerate(rows, start=2):
        pair = row["place_code"], row["similar_code"]
        if pair in seen:
            raise SourceError(f"{path.name}, row {line}: this pair of forces stands there twice. Remove one.")
        seen.add(pair)
