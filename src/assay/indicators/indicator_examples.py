"""Which examples does an indicator carry: one for each answer that it can give?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators.indicator_forms import Row

Examples = tuple[tuple[Row, str], ...]


def share_examples(
    row: Row, met: str, *, outside: Row, unknown: Row, excluding: Mapping[str, Row] | None = None
) -> Examples:
    """`row` met it by the fact `met`; the same with that fact false and missing; one row for each reason; outside; and
    one of which it is not known whether it counts."""
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
