"""Would a call, or that there is none, tell of a count that is not shown?

Who compared the places knows whether a call would part the counts that are not shown: it stands in columns of its own,
that never leave. Where a count is 1 to 7 and would be parted, nothing is said of a call; where that is not known,
neither. A count that is kept back may be any, so no call is said there. What is said rests on what a reader sees, never
on the count: so that nothing is said tells nothing (decision 0154).

The same holds of a failure of the past, which is looked for in one measure or in several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.sdc.cell_status import WENT_THROUGH, Row, is_hidden, is_kept_back, note, stands_empty, went_through
from assay.sdc.release_tables import Column, Table, declared_tables
from assay.sdc.released_estimates import recompute_funnel, recompute_spread
from assay.sdc.rounding import round_to_resolution
from assay.sdc.suppression_policy import Policy

STANDING, SPREAD, TOGETHER, MODES = "standing", "indicator_spread", "taken_together", "failure_modes"
FUNNEL = "indicator_funnel"
NOT_SAID = "Not said: of what would show it here a count is not shown, and a call would tell of it."


def keep_calls_back(rows: Iterable[Row], form: Table) -> None:
    """Empty what is said of a call, and note it in `hidden`, wherever it would tell of a count that is not shown.

    How probable a call is goes wherever a count is not shown, and is noted whether there was a value or none.
    """
    for row in rows:
        named = form.calls["named"]
        if row[named] is None or not any(stands_empty(row, count) for count in form.calls["tells"]):
            continue
        row[form.calls["chance"]] = None
        note(row, form.calls["chance"])
        if _would_tell(row, form.calls["tells"]):
            row |= _nothing(form)
            note(row, named)


def suppress_verdicts(rows: Iterable[Row], form: Table) -> None:
    """Suppress, in place, the verdict on a difference, its direction and its q-value beside a suppressed count.

    They are functions of that count. The text that replaces a verdict is the same for every verdict, so it reveals
    nothing (`verdict_rule` in `tables.toml`).
    """
    rule = form.verdict_rule
    for row in rows if rule else ():
        if not any(stands_empty(row, count) for count in rule["counts"]):
            continue
        for column in rule["empty"]:
            row[column] = None
            note(row, column)
        for column, text in rule["says"].items():
            if row[column] in rule.get("of", [row[column]]):
                row[column] = text
                note(row, column)


def _would_tell(row: Row, tells: Mapping[str, str]) -> bool:
    return any(
        is_kept_back(row, count) or (is_hidden(row, count) and row.get(column) is not False)
        for count, column in tells.items()
    )


def _nothing(form: Table) -> dict[str, Any]:
    return {form.calls["named"]: None} | dict.fromkeys(form.calls["words"], "")


def as_said(tables: Mapping[str, pa.Table], policy: Policy) -> dict[str, pa.Table]:
    """Return the tables that depend on `standing`, computed again from it as released.

    `indicator_spread` counts as many outliers as `standing` shows: one more would reveal a suppressed outlier alert.
    Its statistics, and the limits in `indicator_funnel`, are computed from released counts (`released_estimates`).
    Outlier alerts of `taken_together` are suppressed. Without `standing` the result is empty.
    """
    if STANDING not in tables:
        return {}
    standing, made = tables[STANDING].to_pylist(), {}
    if SPREAD in tables:
        made[SPREAD] = _recomputed_spread(tables[SPREAD], standing, policy)
        if FUNNEL in tables:
            made[FUNNEL] = _recomputed_funnel(made[SPREAD].to_pylist(), standing, policy)
    if TOGETHER in tables and MODES in tables and not went_through(tables[TOGETHER], policy):
        rows = _failures_said(tables[TOGETHER].to_pylist(), tables[MODES].to_pylist(), standing)
        inside = declared_tables()[TOGETHER].inside
        left = [field for field in tables[TOGETHER].schema if field.name not in inside]
        made[TOGETHER] = pa.Table.from_pylist(rows, pa.schema(left, {WENT_THROUGH: policy.sha256.encode()}))
    return made


def _recomputed_spread(spread: pa.Table, standing: Sequence[Row], policy: Policy) -> pa.Table:
    outliers = Counter(row["indicator"] for row in standing if row["unusual"])
    form = declared_tables()[SPREAD]
    rows = [
        recompute_spread(row, _rows_of_indicator(standing, row["indicator"]), policy)
        | {"unusual": outliers[row["indicator"]]}
        for row in spread.to_pylist()
    ]
    # Rounded before the funnel limits are computed from it, so that a reader can compute the same limits.
    rounded = [{column.name: _rounded(row.get(column.name), column) for column in form.columns} for row in rows]
    return pa.Table.from_pylist(rounded, schema=form.schema)


def _recomputed_funnel(spread: Iterable[Row], standing: Sequence[Row], policy: Policy) -> pa.Table:
    points = [
        point
        for row in spread
        for point in recompute_funnel(row, _rows_of_indicator(standing, row["indicator"]), policy)
    ]
    return pa.Table.from_pylist(points, schema=declared_tables()[FUNNEL].schema)


def _rows_of_indicator(standing: Iterable[Row], indicator: str) -> list[Row]:
    return [row for row in standing if row["indicator"] == indicator]


def _rounded(value: Any, column: Column) -> Any:
    return value if value is None or not column.is_float else round_to_resolution(value, column)


def _failures_said(together: Iterable[Row], modes: Iterable[Row], standing: Iterable[Row]) -> list[Row]:
    """Rows of `taken_together` without what they would tell of counts that are not shown."""
    nothing = _nothing(declared_tables()[TOGETHER]) | {"not_comparable": NOT_SAID}
    measures = {row["failure_mode"]: row["shown_by"].split() for row in modes}
    compared = {(row["indicator"], row["place_code"]): row for row in standing if not row["not_comparable"]}

    def said(row: Row) -> Row:
        keys = [(measure, row["place_code"]) for measure in measures.get(row["failure_mode"], ())]
        held = [compared[key] for key in keys if key in compared]
        return row | nothing if row["unusual"] is not None and _failure_would_tell(row, held) else row

    return [said(row) for row in together]


def _failure_would_tell(row: Row, held: Sequence[Row]) -> bool:
    """Of one measure alone as of the measure itself; of several a count that is kept back is not asked after."""
    hidden, kept = (any(test(one, count) for one in held for count in ("met", "not_met"))
                    for test in (is_hidden, is_kept_back))  # fmt: skip
    return (hidden and row.get("call_tells") is not False) or (kept and row["measures"] == 1)
