"""Sensitivity of proposed grades to rules, priors, unknown records, definitions and record linkage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from assay.grading.grade_proposals import Proposal
from assay.grading.grading_rules import Rules

TEXT, WHOLE = pa.string(), pa.int64()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "alternative", "statement", "proposed", "otherwise")]
    + [("steps", WHOLE)]
)


def sensitivity_table(
    proposals: Sequence[Proposal],
    alternative_proposals: Mapping[str, Sequence[Proposal]],
    rules: Rules,
    descriptions: Mapping[str, str],
) -> pa.Table:
    """Return one row per force, theme and alternative: the proposal, the alternative proposal, and the difference.

    `descriptions` describes the alternatives that are not changes of the rules. The difference is as in `grade_steps`.
    """
    description_by_key = {item.key: item.description for item in rules.alternatives} | dict(descriptions)
    rows = [
        {
            "place_code": item.place,
            "line": item.line,
            "alternative": key,
            "statement": description_by_key.get(key, key),
            "proposed": item.grade,
            "otherwise": changed_proposal.grade,
            "steps": grade_steps(item, changed_proposal, rules),
        }
        for key, changed_proposals in alternative_proposals.items()
        for item, changed_proposal in zip(proposals, changed_proposals, strict=True)
    ]
    return pa.Table.from_pylist(rows, TABLE)


def grade_steps(proposal: Proposal, changed_proposal: Proposal, rules: Rules) -> int | None:
    """Return by how many grades the changed proposal is better than the proposal; None if either has no grade."""
    if not (proposal.has_grade and changed_proposal.has_grade):
        return None
    return rules.grade_names.index(proposal.grade) - rules.grade_names.index(changed_proposal.grade)
