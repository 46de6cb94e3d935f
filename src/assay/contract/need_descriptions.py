"""Describe tables, columns and kinds of event as phrases of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.contract.question_needs import ALTERNATIVE_SEPARATOR, is_event_kind
from assay.wording import join_words


def need_phrases(needs: Iterable[str]) -> tuple[str, ...]:
    """Return data needs as phrases: 'the column ethnicity_self of involvements', 'the table flags'."""
    groups: Mapping[str, list[str]] = {"events": [], "columns": [], "tables": []}
    alternatives = []
    for need in needs:
        if ALTERNATIVE_SEPARATOR in need:
            alternatives.append(
                " or ".join(
                    word for alternative in need.split(ALTERNATIVE_SEPARATOR) for word in need_phrases([alternative])
                )
            )
            continue
        table, _, name = need.partition(".")
        if is_event_kind(need):
            groups["events"].append(f"\u2018{name.replace('_', ' ')}\u2019")
        elif name:
            groups["columns"].append(f"the column {name} of {table}")
        else:
            groups["tables"].append(f"the table {table}")
    events = (f"the events {join_words(groups['events'])}",) if groups["events"] else ()
    return (*groups["tables"], *groups["columns"], *alternatives, *events)
