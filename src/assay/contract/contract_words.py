"""How are tables, columns and kinds of event that a question needs said in words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assay.contract.question_needs import EITHER, is_kind
from assay.wording import listed


def named(needs: Iterable[str]) -> tuple[str, ...]:
    """Needs in words: 'the events suspect arrested', 'the column ethnicity_self of involvements', 'the table flags'."""
    groups: Mapping[str, list[str]] = {"events": [], "columns": [], "tables": []}
    either = []
    for need in needs:
        if EITHER in need:
            either.append(" or ".join(word for one in need.split(EITHER) for word in named([one])))
            continue
        table, _, name = need.partition(".")
        if is_kind(need):
            groups["events"].append(f"\u2018{name.replace('_', ' ')}\u2019")
        elif name:
            groups["columns"].append(f"the column {name} of {table}")
        else:
            groups["tables"].append(f"the table {table}")
    events = (f"the events {listed(groups['events'])}",) if groups["events"] else ()
    return (*groups["tables"], *groups["columns"], *either, *events)
