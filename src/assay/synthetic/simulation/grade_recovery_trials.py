"""How well do proposed grades find the true quality of forces in countries that are invented record by record?

Failings are planted in some forces, the returns are laid and run like real ones, and the forces are judged from what
disclosure would let out. What is true of a force is what the same force shows when its records are drawn again and
again: the share of each indicator in the other draws together, and what the rules make of these shares.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from assay.grading.characteristic_evidence import POLICE, Tables
from assay.grading.force_proposals import judge
from assay.grading.grade_proposals import OVERALL, Proposal
from assay.grading.grading_rules import Rules, rules
from assay.indicators import ALL, EVERYWHERE, Indicator
from assay.indicators.indicator_catalogue import COMPARED_ONLY, indicators, shown_only
from assay.reference import characteristics
from assay.sdc import apply_policy, policy
from assay.synthetic.simulation.grade_recovery import Drawn, Found, grade_of
from assay.synthetic.simulation.statement_replay import Statements
from assay.synthetic.simulation.trial_runs import country_of
from assay.synthetic.simulation.trial_worlds import World

READ = ("ladders", "standing", "indicator_spread")
FEWEST_TRUE = 30
"""Of fewer records in all other draws together nothing is said to be true of a share."""
Counts = tuple[int, int, int]


def judged_country(statements: Statements, world: World, draws: int) -> tuple[Drawn, Found, list[Proposal]]:
    """One country: what is true of it, from so many other draws of its records, and what is proposed from the first."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as folder:
        returned, request, _, _ = country_of(Path(folder), world)
    places = tuple(code for code, body in sorted(request.bodies.items()) if not body.national)
    made = statements.run(returned, request.bodies)
    first = {name: made[name] for name in READ}
    held = [_ladders(statements, replace(world, again=number)) for number in range(1, draws + 1)]
    proposals = _proposed(first, places)
    whole = [one for one in proposals if one.line == OVERALL]
    found = Found({one.place: one.grade for one in whole if one.is_made},
                  {one.place: one.expected for one in whole if one.expected is not None})  # fmt: skip
    return _true(first["ladders"], held, places), found, proposals


def _ladders(statements: Statements, world: World) -> pa.Table:
    with tempfile.TemporaryDirectory(prefix="assay-world-") as folder:
        returned, request, _, _ = country_of(Path(folder), world)
    return statements.run(returned, request.bodies)["ladders"]


def _proposed(made: Mapping[str, pa.Table], places: Sequence[str]) -> list[Proposal]:
    """What is proposed from the tables as they would be released."""
    safe = apply_policy(made, policy("record level"))
    ladders, standing, spread = (safe[name].to_pylist() for name in READ)
    return judge(Tables(ladders, standing, (), (), spread), indicators(), places, rules())


def _true(first: pa.Table, others: Iterable[pa.Table], places: Sequence[str]) -> Drawn:
    """What is true of every force, and the counts of the draw that is judged."""
    summed = _summed(others)
    counts = {place: {key: told for key, told in held.items() if place in places}
              for place, held in _summed([first]).items()}  # fmt: skip
    true = {place: {key: met / (met + no) for key, (met, no, _) in summed[place].items() if _enough(key, met + no)}
            for place in places}  # fmt: skip
    shown = {(place, key): told for place in places for key, told in _shown(true[place], rules()).items()}
    quality = {place: float(np.mean([told for (at, _), told in shown.items() if at == place])) for place in places}
    grade = {place: grade_of(share, rules()) for place, share in quality.items()}
    return Drawn(tuple(places), true, {place: counts[place] for place in places}, quality, grade, shown)


def bearing() -> Mapping[str, Indicator]:
    """The indicators that make a level of a force, those of which each force is one record among them."""
    return {form.key: form for form in indicators()
            if form.holder == POLICE and form.better != "neither" and form.key not in COMPARED_ONLY
            and not shown_only(form)}  # fmt: skip


def _enough(key: str, records: int) -> bool:
    return records >= (1 if bearing()[key].record == "force" else FEWEST_TRUE)


def _summed(tables: Iterable[pa.Table]) -> dict[str, dict[str, Counts]]:
    """By force and indicator: met, not met and unknown of all these ladders together, on the wanted side."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for row in (row for table in tables for row in table.to_pylist()):
        whole = row["when_reported"] == ALL and row["place_code"] != EVERYWHERE and not row["not_askable"]
        if whole and row["indicator"] in bearing():
            held = found.setdefault(row["place_code"], {}).setdefault(row["indicator"], Counter())
            held.update({name: row[name] for name in ("met", "not_met", "not_known", "not_known_if_counted")})
    return {place: {key: _wanted(key, told) for key, told in held.items()} for place, held in found.items()}


def _wanted(key: str, told: Mapping[str, int]) -> Counts:
    met, no = told["met"], told["not_met"]
    unknown = told["not_known"] + told["not_known_if_counted"]
    return (no, met, unknown) if bearing()[key].better == "lower" else (met, no, unknown)


def _shown(true: Mapping[str, float], chosen: Rules) -> dict[str, bool]:
    """By characteristic of which anything is true: whether its shares come to the line, and none lies too low."""
    found: dict[str, bool] = {}
    for one in characteristics():
        wanted = set(one.questions)
        mine = {key: true[key] for key, form in bearing().items()
                if key in true and wanted & set(form.asks.replace("|", " ").split())}  # fmt: skip
        if mine:
            least = min([share for key, share in mine.items() if bearing()[key].record != "force"], default=1.0)
            found[one.key] = bool(np.mean(list(mine.values())) >= chosen.line and least >= chosen.floor)
    return found
