"""How do proposals move with the rules, the priors, what is not known, which crimes count, and who is one person?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from assay.grading.grade_proposals import Proposal
from assay.grading.grading_rules import Rules

TEXT, WHOLE = pa.string(), pa.int64()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "alternative", "says", "proposed", "otherwise")]
    + [("steps", WHOLE)]
)


def table(
    made: Sequence[Proposal], otherwise: Mapping[str, Sequence[Proposal]], rules: Rules, words: Mapping[str, str]
) -> pa.Table:
    """One row a force, line and alternative: what is proposed, what would be, and how many grades lie between
    (positive: better; None where one of the two is no grade). `words` says what is no change of the rules."""
    says = {one.key: one.says for one in rules.alternatives} | dict(words)
    rows = [
        {"place_code": one.place, "line": one.line, "alternative": key, "says": says.get(key, key),
         "proposed": one.grade, "otherwise": other.grade, "steps": steps(one, other, rules)}
        for key, others in otherwise.items()
        for one, other in zip(made, others, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, TABLE)


def steps(one: Proposal, other: Proposal, rules: Rules) -> int | None:
    """By how many grades the other is better; None where one of them is no grade."""
    if not (one.is_made and other.is_made):
        return None
    return rules.names.index(one.grade) - rules.names.index(other.grade)
