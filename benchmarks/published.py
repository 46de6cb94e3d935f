"""Time and memory of an inspection of published statistics, and their growth with the number of years.

Every offence code of 44 forces, as published; each run in a process of its own. It is compared with a script that an
analyst would write with pandas: read the same files, count by force and year, compute charge shares and a naive funnel,
and write them as CSV, without checks, intervals, trends or pages.

    python benchmarks/published.py        needs the reference data (ASSAY_REFERENCE)
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
REFERENCE = Path(os.environ.get("ASSAY_REFERENCE", ROOT.parent / "shared" / "reference")) / "data"
RECORDED = REFERENCE / "homeoffice-recorded-crime-2013-2025" / "prc_pfa_long.parquet"
OUTCOMES = REFERENCE / "homeoffice-outcomes-2024-25" / "outcomes_2024_25_by_offence_code_recovered.parquet"
FACTORS = REFERENCE / "dfe-children-in-need" / "c3_factors_identified_at_end_of_assessment_2018_to_2025.csv"
YEARS = (4, 7, 13)


def inspect_files(files: list[Path], out: Path) -> None:
    from assay.workflows.run.published_pipeline import inspect_published

    inspect_published(files, out)


def with_pandas(files: list[Path], out: Path) -> None:
    import numpy as np
    import pandas as pd

    recorded, outcomes = (pd.read_parquet(path) for path in files[:2])
    pd.read_csv(files[2])
    out.mkdir()
    recorded.groupby(["FY", "Force", "Offence Code"])["n"].sum().to_csv(out / "recorded.csv")
    unstacked = outcomes.groupby(["Force", "Offence Code", "Outcome Type"])["n"].sum().unstack(fill_value=0)
    charged, closed = unstacked[1], unstacked.drop(columns=0).sum(axis=1)
    overall = charged.groupby("Offence Code").sum() / closed.groupby("Offence Code").sum()
    expected = overall.reindex(unstacked.index.get_level_values("Offence Code")).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (charged / closed - expected) / np.sqrt(expected * (1 - expected) / closed)
    pd.DataFrame({"charged": charged, "closed": closed, "z": z}).to_csv(out / "shares.csv")


def cut_to(years: int, folder: Path) -> list[Path]:
    """Write the recorded crime statistics of the latest `years` full years and the part year after them, to a file."""
    import duckdb

    first = f"{2025 - years}/{(2026 - years) % 100:02d}"
    recorded = folder / f"recorded-{years}-years.parquet"
    duckdb.sql(f"copy (select * from '{RECORDED}' where FY >= '{first}') to '{recorded}' (format parquet)")
    return [recorded, OUTCOMES, FACTORS]


def measured(side: str, years: int, folder: Path) -> tuple[float, float]:
    """Run one task in a separate process, and return its time (seconds) and peak memory (MB)."""
    time_parts = subprocess.run(
        [sys.executable, __file__, side, str(years), str(folder)], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(time_parts[-2]), float(time_parts[-1])


def main() -> None:
    print("The whole published inspection: 44 forces, every offence code")
    print(f"{'years':>6} {'assay s':>9} {'MB':>7} {'pandas s':>9} {'MB':>7} {'ratio of seconds':>17}")
    seconds = {}
    with tempfile.TemporaryDirectory() as place:
        for years in YEARS:
            ours_s, ours_mb = measured("ours", years, Path(place))
            peer_s, peer_mb = measured("with_pandas", years, Path(place))
            seconds[years] = ours_s
            print(f"{years:>6} {ours_s:>9.1f} {ours_mb:>7.0f} {peer_s:>9.1f} {peer_mb:>7.0f} {ours_s / peer_s:>17.1f}")
    fewest_years, most_years = YEARS[0], YEARS[-1]
    grew = seconds[most_years] / seconds[fewest_years]
    print(
        f"From {fewest_years} to {most_years} years: {grew:.2f} times the seconds for "
        f"{most_years / fewest_years:.2f} times the years."
    )


def one_run(side: str, years: int, folder: Path) -> None:
    files = cut_to(years, folder)
    start = time.perf_counter()
    {"ours": inspect_files, "with_pandas": with_pandas}[side](files, folder / f"{side}-{years}")
    took = time.perf_counter() - start
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if not RECORDED.exists():
        sys.exit("The reference data are not here: set ASSAY_REFERENCE to the folder that holds them.")
    one_run(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])) if len(sys.argv) > 1 else main()
