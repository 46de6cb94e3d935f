"""Time to generate a synthetic country, and a comparison of its figures with published statistics.

    python benchmarks/synthetic_country.py [--scales 0.01 0.1] [--write]

Three years of the world `nation` at each scale: seconds, peak memory of any single process, rows and bytes, and how the
time grows with scale. It is compared with a simple script that fills the same tables column by column with NumPy draws,
which are consistent with nothing else in the country. The figures of each country are then compared with the published
ones; with `--write`, those of the largest country are written to `docs/reference/synthetic-country.md`.
"""

import argparse
import math
import resource
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.synthetic import World, generate_country, read_world
from assay.synthetic.marginals import Marginal, marginals

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "synthetic-country.md"
HEAD = """# The synthetic country beside the published figures

This page compares the figures of the synthetic country (the world `nation`: {crimes:,} crimes of {years} years at scale
{scale:g}, seed 1) with published statistics. Yearly counts are scaled to the whole nation. Each figure should be in its
range. A range is wider than the published figure, because a published figure is of one year, one definition or one
force.
`src/assay/synthetic/calibration.toml` lists the figures from which the country is generated, with their sources; many
are our own assumption, because nothing is published.

*`python benchmarks/synthetic_country.py --write` writes this page. Do not edit it.*

"""


def nation(scale: float) -> World:
    world = read_world("nation")
    return replace(world, nuisances=replace(world.nuisances, sends_everything=True)).sized(scale=scale)


def make_country(scale: float) -> tuple[dict[str, float], list[Marginal], int]:
    """Generate a country; return the time, memory and size that it took, its figures beside published ones, and its
    crimes."""
    place = Path(tempfile.mkdtemp())
    try:
        world, started = nation(scale), time.perf_counter()
        country = generate_country(place / "country", world=world, seed=1)
        seconds = time.perf_counter() - started
        found = list(marginals(place / "country", scale=scale, years=world.years))
        files = as_parquet(place / "country" / "returns")
        rows = sum(pq.read_metadata(path).num_rows for path in files)
        size = sum(path.stat().st_size for path in files)
        started = time.perf_counter()
        write_plain_tables(place / "plain", files)
        plain = time.perf_counter() - started
        cost = {"scale": scale, "crimes": country.crimes, "rows": rows, "bytes": size, "seconds": seconds}
        return cost | {"plain": plain, "memory": peak_memory()}, found, country.crimes
    finally:
        shutil.rmtree(place)


def as_parquet(folder: Path) -> list[Path]:
    """Convert the tables of small forces, which are CSV, to Parquet; return the paths of all tables."""
    for path in folder.rglob("*.csv"):
        duckdb.read_csv(str(path), all_varchar=True).write_parquet(str(path.with_suffix(".parquet")))
        path.unlink()
    return list(folder.rglob("*.parquet"))


def peak_memory() -> float:
    """Return the peak memory in bytes of this process or of any single process that it started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) * 1024.0


def write_plain_tables(folder: Path, files: list[Path]) -> None:
    """Write tables of the same size, with each column sampled independently from the values of the original column."""
    folder.mkdir()
    draw = np.random.default_rng(1)
    for name in sorted({path.name for path in files}):
        paths = [str(path) for path in files if path.name == name]
        rows = sum(pq.read_metadata(path).num_rows for path in paths)
        like = duckdb.read_parquet(paths, union_by_name=True).limit(1000).to_arrow_table()
        if like.num_rows:
            places = (pa.array(draw.integers(0, like.num_rows, rows)) for _ in like.columns)
            columns = [column.combine_chunks().take(place) for column, place in zip(like.columns, places, strict=True)]
            pq.write_table(pa.table(columns, names=like.column_names), folder / name, compression="zstd")


def figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def line(marginal: Marginal) -> str:
    range_ = f"{figure(marginal.low)} to {figure(marginal.high)}"
    return (
        f"| {marginal.description} | {figure(marginal.found)} | {range_} | {marginal.published} | {marginal.source} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scales", type=float, nargs="+", default=[0.01, 0.1])
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    costs = []
    print("| scale | crimes | rows | MB | seconds | highest memory, MB | plain draws, seconds | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for scale in args.scales:
        cost, found, crimes = make_country(scale)
        costs.append(cost)
        print(
            f"| {scale:g} | {crimes:,} | {cost['rows']:,} | {cost['bytes'] / 1e6:.0f} | {cost['seconds']:.1f} | "
            f"{cost['memory'] / 1e6:.0f} | {cost['plain']:.1f} | {cost['seconds'] / cost['plain']:.1f} |",
            flush=True,
        )
    if len(costs) > 1:
        first, last = costs[0], costs[-1]
        exponent = math.log(last["seconds"] / first["seconds"]) / math.log(last["crimes"] / first["crimes"])
        print(f"\nThe time grows as the number of crimes to the power of {exponent:.2f}.")
    outside = [marginal for marginal in found if not marginal.is_in_range]
    print(f"\n{len(found) - len(outside)} of {len(found)} figures are in their range.")
    for marginal in outside:
        print(
            f"- {marginal.description}: {figure(marginal.found)}, expected {figure(marginal.low)} to "
            f"{figure(marginal.high)}."
        )
    if args.write:
        table = ["| figure | synthetic | range | published | source |", "|---|---|---|---|---|", *map(line, found)]
        head = HEAD.format(crimes=crimes, years=nation(args.scales[-1]).years, scale=args.scales[-1])
        PAGE.write_text(head + "\n".join(table) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
