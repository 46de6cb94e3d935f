"""A country small enough to draw: what the comparison said of a few forces, and what is true of them."""

from pathlib import Path

import pyarrow.parquet as pq

from assay.compare.comparison_tables import as_table
from assay.compare.indicator_comparison import FORCE_ESTIMATES

TRUTH = """seed = 7
world = "by pencil"

[injected]
late_recording = [{late}]
late_notices = []
profile_stale = []

[strength]
late_recording = 1.0

[forces.INV01]
rates = {{ recorded_in_24h = 0.9 }}

[forces.INV02]
rates = {{ recorded_in_24h = 0.9 }}

[forces.INV03]
rates = {{ recorded_in_24h = 0.6 }}
"""


def estimate_row(place: str, met: int, not_met: int, *, measure: str = "recorded_in_24_hours", **more: object) -> dict:
    """One row of the comparison, with its own share and an interval five points to either side."""
    base = met + not_met
    share = met / base
    row = {"indicator": measure, "place_code": place, "met": met, "not_met": not_met, "base": base, "share": share}
    row |= {"share_low": share - 0.05, "share_high": share + 0.05, "outlier_alert": False, "direction": ""}
    return row | {"not_comparable": "", "suppressed_cells": "", **more}


def outlier_row(place: str, direction: str, **more: object) -> dict:
    """A force of which 60 of 100 were recorded in time, identified as an outlier."""
    return estimate_row(place, 60, 40, outlier_alert=True, direction=direction, **more)


def inspection(folder: Path, rows: list[dict], late: str = '"INV03"') -> Path:
    """An inspection that holds these rows of `force_estimates`, and the truth in its folder."""
    (folder / "comparison").mkdir(parents=True)
    pq.write_table(as_table(rows, FORCE_ESTIMATES), folder / "comparison" / "force_estimates.parquet")
    (folder / "truth").mkdir()
    (folder / "truth" / "truth.toml").write_text(TRUTH.format(late=late), encoding="utf-8")
    return folder
