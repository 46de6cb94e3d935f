"""Causes of concern, areas for improvement and promising practice that are proposed to the panel.

Each has its figure, the figure of the other forces, its evidence and a recommended action. A force has a limited number
of them, ranked by how far it lies from the others or from the standard, and by the number of records behind that. A
standard that most forces miss is a national problem: it is stated once, for all forces together. All of them are
proposals that a panel accepts or rejects.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from assay.errors import DefinitionError
from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.evidence_sentences import FAILING_HEAD, characteristic_wordings, figure_sentence, met_head
from assay.grading.force_evidence import (
    ADVERSE,
    COMBINED_TEST,
    FAVOURABLE,
    RECORDS,
    WORSE,
    EvidenceItem,
    EvidenceTables,
)
from assay.grading.grading_rules import Rules
from assay.indicators import EVERYWHERE
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.form_sentences import FORM_WORDING
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics
from assay.wording import count_phrase, join_words

CONCERN, ACCELERATED = "cause of concern", "accelerated cause of concern"
IMPROVE, PROMISING = "area for improvement", "promising practice"
NATIONAL = "national problem"
KINDS = (NATIONAL, ACCELERATED, CONCERN, IMPROVE, PROMISING)
MAX_FIGURES = 4
"""Largest number of figures in one concern; `evidence_keys` has all."""
TABLE = pa.schema(
    [
        (n, pa.string())
        for n in ("place_code", "characteristic", "kind", "statement", "recommendation", "test", "evidence_keys")
    ]
    + [("rank", pa.int64())]
)


@lru_cache
def recommended_actions() -> Mapping[str, str]:
    """Return the recommended action for each characteristic; raise DefinitionError if one is missing."""
    actions: dict[str, str] = tomllib.loads(
        files("assay.grading").joinpath("recommended.toml").read_text(encoding="utf-8")
    )
    lacking = set(characteristics().keys) ^ set(actions)
    if lacking:
        raise DefinitionError(f"recommended.toml and the characteristics differ in {', '.join(sorted(lacking))}.")
    return actions


def concerns_table(levels: Iterable[CharacteristicLevel], rules: Rules, tables: EvidenceTables) -> pa.Table:
    """Return the national problems, and the ranked concerns and promising practice of each force."""
    all_levels = list(levels)
    national = national_problems(all_levels, rules)
    rows = [_national_row(key, measures, tables) for key, measures in national.items()]
    by_place: dict[str, list[CharacteristicLevel]] = {}
    for level in all_levels:
        by_place.setdefault(level.evidence.place, []).append(level)
    for place_levels in by_place.values():
        rows += _force_rows(place_levels, national, rules, tables)
    return pa.Table.from_pylist(rows, TABLE)


def national_problems(levels: Sequence[CharacteristicLevel], rules: Rules) -> dict[str, dict[str, tuple[int, int]]]:
    """Return the standards that most forces miss, with the numbers of forces that miss each and that were assessed."""
    asked_counts, missed_counts = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for level in levels:
        for item in level.evidence.items:
            if item.has_level and item.kind == RECORDS and item.row is not None:
                asked_counts[level.key, item.key] += 1
                missed_counts[level.key, item.key] += item.is_level_missed and not _is_worse_than_others(item)
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for (key, measure), number in missed_counts.items():
        if number > 1 and number > rules.national_share * asked_counts[key, measure]:
            found.setdefault(key, {})[measure] = number, asked_counts[key, measure]
    return found


def _is_worse_than_others(item: EvidenceItem) -> bool:
    return item.outlier_direction == WORSE or (item.is_compared and not item.has_level)


def _national_row(key: str, measures: Mapping[str, tuple[int, int]], tables: EvidenceTables) -> dict[str, Any]:
    sentences = []
    for measure, (missed_count, asked_count) in measures.items():
        row = tables.ladders.get((EVERYWHERE, measure), {})
        share = (
            ""
            if row.get("share") is None
            else f"{round(100 * row['share'])}% of the {FORM_WORDING[measure].noun} in all forces; "
        )
        title = next(form.title for form in indicators() if form.key == measure)
        tested = f"the {count_phrase(asked_count, 'force')} tested"
        sentences.append(f"{title}: {share}missed in {missed_count} of {tested}.")
    return {
        "place_code": EVERYWHERE,
        "characteristic": key,
        "kind": NATIONAL,
        "statement": f"Most forces miss this standard. {characteristic_wordings()[key].not_met} {' '.join(sentences)}",
        "recommendation": recommended_actions()[key],
        "test": " ".join(measures),
        "evidence_keys": " ".join(measures),
        "rank": None,
    }


def _force_rows(
    levels: Sequence[CharacteristicLevel],
    national: Mapping[str, Mapping[str, tuple[int, int]]],
    rules: Rules,
    tables: EvidenceTables,
) -> list[dict[str, Any]]:
    """Return the concerns of one force in their rank, at most `rules.most_concerns`, and its promising practice."""
    found = []
    for level in levels:
        kind = kind_of(level, rules)
        items = _items_of(level, kind, national.get(level.key, {}))
        if kind in (ACCELERATED, CONCERN) and rules.compared and not any(_is_failing(item, rules) for item in items):
            kind = IMPROVE  # what makes it a concern is a national problem
        if kind and (items or level.evidence.contradicted_by):
            found.append((level, kind, items))
    found.sort(key=lambda entry: (KINDS.index(entry[1]), -max(map(severity, entry[2]), default=0.0), entry[0].key))
    promising = [entry for entry in found if entry[1] == PROMISING]
    concerns = [entry for entry in found if entry[1] != PROMISING][: rules.most_concerns]
    return [_row(*entry, rank, rules, tables) for rank, entry in enumerate([*concerns, *promising], start=1)]


def _items_of(level: CharacteristicLevel, kind: str, national: Mapping[str, tuple[int, int]]) -> list[EvidenceItem]:
    """Return the items that a concern rests on, without national problems in which the force is like the others."""
    direction = FAVOURABLE if kind == PROMISING else ADVERSE
    items = [item for item in level.evidence.items if item.direction == direction]
    items = [item for item in items if item.key not in national or item.outlier_direction == WORSE]
    return sorted(items, key=lambda item: (item.outlier_direction != WORSE, -severity(item), item.key))


def _is_failing(item: EvidenceItem, rules: Rules) -> bool:
    """Return True if one item makes a cause of concern: an alert, a share beyond the others or below the floor."""
    if item.outlier_direction == WORSE:
        return True
    is_sure = (item.probability_against or 0.0) >= rules.concern_probability
    is_low = item.known_records > 0 and item.met / item.known_records < rules.floor
    return is_sure and (is_low or not item.has_level)


def severity(item: EvidenceItem) -> float:
    """Return how severe a finding is: the distance from other forces or the standard, times the root of its records."""
    if item.kind == COMBINED_TEST:
        return 1.0
    if not item.known_records:
        return 0.0
    share = item.met / item.known_records
    first, second = item.force_distribution or (0.0, 0.0)
    expected = first / (first + second) if item.force_distribution else share
    aim = max(expected, STANDARD_AIM) if item.has_level else expected
    return max(0.0, aim - share) * float(item.known_records**0.5)


STANDARD_AIM = 1.0
"""A standard in law asks for every record."""


def kind_of(level: CharacteristicLevel, rules: Rules) -> str:
    """Return the kind of finding (one of `KINDS`) to propose for a characteristic, or '' for none."""
    state = level.state(rules)
    if level.probability is not None and 1 - level.probability >= rules.concern_probability:
        below = level.below_floor if level.failed is None else float(level.failed.mean())
        is_failing = below >= rules.concern_probability or (rules.compared and bool(level.evidence.worse_alerts))
        return (ACCELERATED if level.key in rules.accelerated else CONCERN) if is_failing else IMPROVE
    if state in ("not shown", "at odds") or (rules.compared and level.evidence.worse_alerts):
        return IMPROVE
    directions = {item.outlier_direction for item in level.evidence.items if item.outlier_direction}
    return PROMISING if state == "shown" and directions == {"better"} else ""


def _row(
    level: CharacteristicLevel,
    kind: str,
    items: Sequence[EvidenceItem],
    rank: int,
    rules: Rules,
    tables: EvidenceTables,
) -> dict[str, Any]:
    has_recommendation = kind != PROMISING
    tests = [item.key for item in items if item.kind == RECORDS]
    tests += [key for item in items if item.kind == COMBINED_TEST for key in MEASURES_OF_MODE.get(item.key, ())]
    return {
        "place_code": level.evidence.place,
        "characteristic": level.key,
        "kind": kind,
        "statement": _concern_text(level, kind, items, rules, tables),
        "recommendation": recommended_actions()[level.key] if has_recommendation else "",
        "test": " ".join(dict.fromkeys(tests)) if has_recommendation else "",
        "evidence_keys": " ".join(item.key for item in items),
        "rank": rank,
    }


def _concern_text(
    level: CharacteristicLevel, kind: str, items: Sequence[EvidenceItem], rules: Rules, tables: EvidenceTables
) -> str:
    wording = characteristic_wordings()[level.key]
    figures = " ".join(figure_sentence(item, tables) for item in items[:MAX_FIGURES])
    if kind == PROMISING:
        better = [item for item in items if item.outlier_direction]
        return f"{met_head(level.evidence)}: {wording.met} {' '.join(figure_sentence(item, tables) for item in better)}"
    if level.state(rules) == "at odds":
        people = join_words(sorted(level.evidence.contradicted_by))
        text = level.evidence.characteristic.text
        return f"The records show it, and {people} asked about the force say otherwise: {text}"
    return f"{FAILING_HEAD}: {wording.not_met} {figures}"
