"""What is proposed of every force, on every line and as a whole?

judge(tables, indicators, places, rules)     every proposal, by force and line
judgement(...)                               the same as tables, with reasons, concerns and sensitivity
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.grading import concerns, proposal_reasons, proposal_sensitivity
from assay.grading.characteristic_evidence import RECORDS, Tables, evidence
from assay.grading.characteristic_levels import Shown, shown
from assay.grading.grade_proposals import OVERALL, Proposal, line_of, overall_of
from assay.grading.grading_rules import Rules
from assay.indicators import Indicator
from assay.reference import characteristics, lines

TEXT, WHOLE, NUMBER, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
GRADES = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "proposed", "why_none")]
    + [("probability", NUMBER), ("known", WHOLE), ("characteristics", WHOLE), ("expected_share", NUMBER)]
    + [(name, TEXT) for name in ("speaks_for", "speaks_against", "would_change", "not_known", "voices", "certainty")]
)
CHANCES = pa.schema(
    [(name, TEXT) for name in ("place_code", "line", "grade")] + [("place", WHOLE), ("probability", NUMBER)]
)
SHOWN = pa.schema(
    [(name, TEXT) for name in ("place_code", "characteristic", "state")]
    + [(name, NUMBER) for name in ("probability", "probability_lowest", "probability_highest")]
    + [(name, TEXT) for name in ("rests_on", "apart", "contradicted_by", "not_asked")]
)
Row = Mapping[str, Any]


def judge(tables: Tables, indicators: Sequence[Indicator], places: Iterable[str], rules: Rules) -> list[Proposal]:
    """Every proposal: force by force the lines in the commission's order, then the whole."""
    return [one for place in places for one in _of_force(tables, indicators, place, rules)]


def _of_force(tables: Tables, indicators: Sequence[Indicator], place: str, rules: Rules) -> list[Proposal]:
    held = [shown(evidence(tables, indicators, one, place, rules), rules) for one in characteristics()]
    found = [line_of(place, key, mine, rules) for key in lines().keys
             if (mine := [one for one in held if one.of.characteristic.line == key])]  # fmt: skip
    return [*found, overall_of(place, found, rules)]


@dataclass(frozen=True)
class Other:
    """Tables under another definition or other persons, with the key and the words of what is other."""

    key: str
    says: str
    tables: Tables


def judgement(
    tables: Tables, indicators: Sequence[Indicator], places: Sequence[str], rules: Rules, others: Sequence[Other] = ()
) -> dict[str, pa.Table]:
    """The tables of the room: `grades`, `grade_chances`, `shown`, `concerns`, `moved`."""
    made = judge(tables, indicators, places, rules)
    otherwise = {one.key: judge(tables, indicators, places, rules.under(one)) for one in rules.alternatives}
    otherwise |= {one.key: judge(one.tables, indicators, places, rules) for one in others}
    return {
        "grades": pa.Table.from_pylist([_grade(one, rules) for one in made], GRADES),
        "grade_chances": pa.Table.from_pylist(list(_chances(made)), CHANCES),
        "shown": pa.Table.from_pylist([_shown(one, rules) for one in _every(made)], SHOWN),
        "concerns": concerns.table(_every(made), rules),
        "moved": proposal_sensitivity.table(made, otherwise, rules, {one.key: one.says for one in others}),
    }  # fmt: skip


def _every(made: Iterable[Proposal]) -> list[Shown]:
    return [one for proposal in made if proposal.line == OVERALL for one in proposal.held]


def _grade(one: Proposal, rules: Rules) -> dict[str, Any]:
    return {
        "place_code": one.place, "line": one.line, "proposed": one.grade, "why_none": one.why,
        "probability": one.probability.get(one.grade), "known": one.known, "characteristics": one.asked,
        "expected_share": one.expected, **proposal_reasons.of(one, rules),
    }  # fmt: skip


def _chances(made: Iterable[Proposal]) -> Iterator[Row]:
    for one in made:
        for place, (name, probability) in enumerate(one.probability.items(), start=1):
            yield {"place_code": one.place, "line": one.line, "grade": name, "place": place, "probability": probability}


def _shown(one: Shown, rules: Rules) -> Row:
    parts = one.of.parts
    return {
        "place_code": one.of.place, "characteristic": one.key, "state": one.state(rules),
        "probability": one.probability, "probability_lowest": one.lowest, "probability_highest": one.highest,
        "rests_on": " ".join(part.key for part in parts),
        "apart": " ".join(f"{part.key}:{part.apart}" for part in parts if part.kind == RECORDS and part.apart),
        "contradicted_by": " ".join(one.of.contradicted_by), "not_asked": " ".join(one.of.not_asked),
    }  # fmt: skip
