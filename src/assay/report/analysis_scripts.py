"""An R script and a Jupyter notebook that read the released CSV files and draw one figure with its interval.

Both use the language alone, without packages, so that they run on a machine that may install nothing. They read the
files by name from their own folder.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from assay.report.report_tables import Row
from assay.report.table_descriptions import licence, source
from assay.sdc import Released, Table, declared_tables
from assay.sdc.released_rows.published_rows import OffencesRow

CANDIDATES = (
    ("force_estimates", "indicator", "share", "share_low", "share_high"),
    ("shares", "measure offence_key financial_year", "share", "share_low", "share_high"),
    ("ladders", "indicator when_reported", "share", "share_lowest", "share_highest"),
    ("rates", "offence_key financial_year", "per_1000", "per_1000_low", "per_1000_high"),
)
"""Tables with an interval for each place, first choice first: table, columns that select a figure, value and limits."""
TOTALS = ("ALL", "EW", "E")
CELL_START = "# %%"
MARKDOWN = f"{CELL_START} [markdown]"


@dataclass(frozen=True)
class IntervalFigure:
    """The data of the figure: a table, the key values that select its rows, and the columns of estimate and limits."""

    table: str
    selection: Mapping[str, str]
    value: str
    low: str
    high: str

    @property
    def caption(self) -> str:
        """Caption that describes the estimate and its limits in the words of the data dictionary."""
        form = declared_tables()[self.table]
        return (
            f"{_meaning(form, self.value)}. Bars: from '{_meaning(form, self.low)}' to '{_meaning(form, self.high)}'."
        )


def _meaning(form: Table, name: str) -> str:
    return next(column.meaning for column in form.columns if column.name == name)


def interval_figure(released: Released) -> IntervalFigure | None:
    """Return the figure with the most intervals, from the first table that has any.

    Of figures with as many places, the report's own set of offences is taken first, then the latest in alphabetical
    order, so the latest year.
    """
    default = {row["offence_key"] for row in released.rows(OffencesRow) if row["is_default"]}
    for table, keys, *columns in CANDIDATES:
        selectors = keys.split()
        counts = Counter(
            tuple(row[key] for key in selectors) for row in released.rows(table) if _is_drawn(row, columns)
        )
        if counts:
            best: tuple[str, ...] = max(
                counts, key=lambda values: (counts[values], bool(default & set(values)), values)
            )
            return IntervalFigure(table, dict(zip(selectors, best, strict=True)), *columns)
    return None


def _is_drawn(row: Row, columns: list[str]) -> bool:
    return row["place_code"] not in TOTALS and all(row[column] is not None for column in columns)


def r_script(released: Released) -> str:
    """Return the R script; it needs base R alone."""
    return _filled("read-figures.R.txt", released, _r_constants(released))


def notebook(released: Released) -> str:
    """Return the notebook, without outputs; it needs Python alone."""
    cells = list(_cells(_filled("read-figures.py.txt", released, _python_constants(released))))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {
        "cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _filled(name: str, released: Released, constants: str) -> str:
    text = files("assay.report").joinpath(f"scripts/{name}").read_text(encoding="utf-8")
    words = {
        "@@EDITION@@": released.edition, "@@SOURCE@@": source(released), "@@LICENCE@@": licence(released),
        "@@CONSTANTS@@": constants,
    }  # fmt: skip
    for mark, word in words.items():
        text = text.replace(mark, word if mark == "@@CONSTANTS@@" else " ".join(word.split()))
    return text


def _r_constants(released: Released) -> str:
    figure = interval_figure(released)
    if not figure:
        return "table_name <- NULL"
    selection = ", ".join(f"{key} = {json.dumps(value)}" for key, value in figure.selection.items())
    names = {"table_name": figure.table, "value": figure.value, "low": figure.low, "high": figure.high,
             "caption": figure.caption}  # fmt: skip
    lines = [f"{name} <- {json.dumps(text)}" for name, text in names.items()]
    return "\n".join([*lines, f"selection <- list({selection})"])


def _python_constants(released: Released) -> str:
    figure = interval_figure(released)
    if not figure:
        return "TABLE = None"
    names = {"TABLE": figure.table, "VALUE": figure.value, "LOW": figure.low, "HIGH": figure.high,
             "CAPTION": figure.caption}  # fmt: skip
    lines = [f"{name} = {json.dumps(text)}" for name, text in names.items()]
    return "\n".join([*lines, f"SELECTION = {json.dumps(dict(figure.selection))}"])


def _cells(script: str) -> Iterator[dict[str, Any]]:
    """Yield the cells of a script in which each begins with a line `# %%`."""
    for number, part in enumerate(script.split(f"{CELL_START}")[1:]):
        head, _, content = part.partition("\n")
        lines = content.strip("\n").splitlines(keepends=True)
        is_markdown = "markdown" in head
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}}
        if is_markdown:
            source_lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
            yield {"cell_type": "markdown", **cell, "source": source_lines}
        else:
            yield {"cell_type": "code", **cell, "execution_count": None, "outputs": [], "source": lines}
