"""Example records for an indicator: one for each answer that it can give."""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators.indicator_forms import Row

Examples = tuple[tuple[Row, str], ...]


def share_examples(
    row: Row, met: str, *, outside: Row, unknown: Row, excluding: Mapping[str, Row] | None = None
) -> Examples:
    """Return an example record for each answer to an indicator, by changing `row`, where the fact `met` is true.

    The same row with that fact false and missing, one row for each exclusion reason, one outside the population, and
    one for which it is not known whether it counts.
    """
    exclusion_examples = tuple(
        ({**row, **change}, f"left out: {reason}") for reason, change in (excluding or {}).items()
    )
    return (
        ({**row, met: True}, "met"),
        ({**row, met: False}, "not met"),
        ({**row, met: None}, "not known"),
        *exclusion_examples,
        ({**row, **outside}, "outside"),
        ({**row, **unknown}, "not known if counted"),
    )
