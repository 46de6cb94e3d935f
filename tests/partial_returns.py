"""Write returns without some tables, event kinds or rows, and choose sets of tables that hold every pair of tables.

Used by `tests/journeys/test_tables_left_out.py` and, for every table alone and every pair, `benchmarks/table_subsets.py`.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from pathlib import Path

from assay import contract
from assay.indicators import Form

MANIFEST_NAME = "return.toml"
NOT_SENT = ['supplied = "none"', 'reason = "not_held"']


def supplied(place: Path) -> list[str]:
    """The tables that a return in this folder supplies, in the order of the contract."""
    manifests = [
        tomllib.loads(path.read_text(encoding="utf-8"))["tables"] for path in sorted(place.glob(f"*/{MANIFEST_NAME}"))
    ]
    return [name for name in contract.tables() if any(manifest[name]["supplied"] != "none" for manifest in manifests)]


def without_tables(place: Path, target: Path, tables: Collection[str] = (), kinds: Collection[str] = ()) -> Path:
    """The same returns, of which nobody sends these tables nor these event kinds (which stay in the rows)."""
    shutil.copytree(place, target)
    for manifest_path in target.glob(f"*/{MANIFEST_NAME}"):
        manifest_path.write_text(
            "\n".join(_sections(manifest_path.read_text(encoding="utf-8"), tables, kinds)), encoding="utf-8"
        )
        for name in tables:
            for path in manifest_path.parent.glob(f"{name}.*"):
                path.unlink()
    return target


def header_only(place: Path, target: Path, tables: Collection[str]) -> Path:
    """The same returns, in which these tables come whole and hold no row."""
    shutil.copytree(place, target)
    for folder in (path for path in target.iterdir() if path.is_dir()):
        for name in tables:
            for path in folder.glob(f"{name}.csv"):
                path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n")
    return target


def _sections(text: str, tables: Collection[str], kinds: Collection[str]) -> Iterator[str]:
    section, left = "", False
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]").removeprefix("tables.")
            left = section in tables or (section == "events.kinds" and "events" in tables)
            if section != "events.kinds" or not left:
                yield line
            if left and section != "events.kinds":
                yield from NOT_SENT
        elif (not left or not line) and (section != "events.kinds" or line.partition(" =")[0] not in kinds):
            yield line


def not_asked(request: Path, target: Path, tables: Collection[str]) -> Path:
    """The same request, which declares none of these tables."""
    declared = request.read_text(encoding="utf-8").split("\n[declared.")
    kept_parts = [part for part in declared if part.partition("]")[0] not in tables]
    target.write_text("\n[declared.".join(kept_parts), encoding="utf-8")
    return target


def covering(names: Collection[str], seed: int = 1) -> list[frozenset[str]]:
    """Sets of names, such that for any two names each of the four cases (both left out, one, the other, neither) is
    found in one of them: greedy, each the best of many tried."""
    rng, all_names = random.Random(seed), sorted(names)
    open_cases = {(a, b, x, y) for a, b in combinations(all_names, 2) for x in (True, False) for y in (True, False)}
    subsets: list[frozenset[str]] = []
    while open_cases:
        tried = [frozenset(name for name in all_names if rng.random() < 0.5) for _ in range(200)]
        best = max(tried, key=lambda subset: sum((a in subset, b in subset) == (x, y) for a, b, x, y in open_cases))
        open_cases = {(a, b, x, y) for a, b, x, y in open_cases if (a in best, b in best) != (x, y)}
        subsets.append(best)
    return subsets


def not_askable_without(forms: Iterable[Form], tables: Collection[str]) -> set[str]:
    """The keys of the forms that need one of these tables, whatever else is sent."""
    return {
        form.key for form in forms
        if any(all(part.partition(".")[0] in tables for part in need.split("|")) for need in form.needs)
    }  # fmt: skip
