"""What comes of one invented country: who is called by us and by each peer, and how far from the truth are the shares?

A country is invented into a folder that goes away, laid, run, and scored; what is kept is a few numbers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.indicators import ALL, EVERYWHERE
from assay.ingest.inspection_folder import declared_in, make_for
from assay.reference.data_requests import Request, read_request
from assay.synthetic.simulation.alert_comparison import (
    Call,
    Counted,
    Named,
    Row,
    alarms,
    counted,
    named,
    our_calls,
    own_calls,
)
from assay.synthetic.simulation.detection_scores import below_standard, countable, false_calls, judge
from assay.synthetic.simulation.direct_loading import laid
from assay.synthetic.simulation.estimate_errors import Estimate, estimates
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.network_recovery import Grouped, Networks, grouped, read_networks
from assay.synthetic.simulation.peer_methods import league_table, naive_funnel, today
from assay.synthetic.simulation.statement_replay import Statements
from assay.synthetic.simulation.trial_worlds import World, invent_world
from assay.synthetic.simulation.truth_folder import FILE, Truth, read_truth
from assay.workflows.receive.return_intake import take_in
from assay.workflows.run.inspection_pipeline import begin_run

OURS, FILES, LEAGUE, FUNNEL = "assay", "52 files in six forces", "league table, 2 sigma", "naive funnel, 3 sigma"
METHODS = (OURS, FILES, LEAGUE, FUNNEL)
CRIMES = "suspect_identified"
"""The measure whose table holds every crime: how many files a force has."""


@dataclass(frozen=True)
class Planted:
    """A failing planted in one force: how many records could show it, which methods found it, and what is true there:
    `rates` of the force by figure, with its own deviation from the others in them. `only_together`: we found it by its
    failure mode, all measures of it taken together, and by no measure by itself."""

    failing: str
    strength: float
    records: int
    found: tuple[str, ...]
    rates: Mapping[str, float] = field(default_factory=dict)
    place: str = ""
    only_together: bool = False


@dataclass(frozen=True)
class Trial:
    """One country. `alarms`: by method (true, false) calls; `tests`: by measure or failure mode how many p-values and
    how many below 0.01; `below`: measures of which all forces together lie below the standard; `groups`: what was found
    of planted networks, by each reading of a tie; `false`: of our own false calls the measure or failure mode, the
    direction, and what else is planted in that force; `named`: whom we call, and would under other levels."""

    world: World
    planted: tuple[Planted, ...]
    alarms: Mapping[str, tuple[int, int]]
    tests: Mapping[str, tuple[int, int]]
    estimates: tuple[Estimate, ...]
    below: tuple[str, ...]
    groups: tuple[Grouped, ...] = ()
    false: tuple[tuple[str, str, str], ...] = ()
    named: tuple[Named, ...] = ()


def written_for(world: World) -> Statements:
    """The statements, written once on a small country; they hold for every other."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as folder:
        returned, request, _, _ = country_of(Path(folder), world)
        return Statements.written(returned, request.bodies)


def try_world(statements: Statements, world: World) -> Trial:
    """Invent, lay, run and score one country; where sending is tried, receive it instead and run every stage."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as folder:
        if world.received:
            return _received(Path(folder), world)
        returned, request, truth, networks = country_of(Path(folder), world)
    made = statements.run(returned, request.bodies)
    standing, together, ladders = (made[name].to_pylist() for name in ("standing", "taken_together", "ladders"))
    found = scored(world, truth, standing, together, ladders)
    return replace(found, groups=grouped(networks, made)) if networks else found


def _received(folder: Path, world: World) -> Trial:
    invent_world(folder, world)
    inspection = make_for(folder / "inspection", folder / "request.toml").folder
    take_in(inspection, sorted((folder / "returns").iterdir()))
    begin_run(inspection)
    standing, together, ladders = (
        pq.read_table(inspection / f"{name}.parquet").to_pylist()
        for name in ("comparison/standing", "comparison/taken_together", "enquiries/ladders")
    )
    return scored(world, read_truth(folder / "truth" / FILE), standing, together, ladders)


def country_of(folder: Path, world: World) -> tuple[Sequence[Mapping[str, pa.Table]], Request, Truth, Networks | None]:
    """The laid tables of every return of a country, its request, its truth, and its networks if any were planted."""
    invent_world(folder, world)
    request, declared = read_request(folder / "request.toml"), declared_in(folder / "request.toml")
    returned = [laid(place, request, declared) for place in sorted((folder / "returns").iterdir())]
    return returned, request, read_truth(folder / "truth" / FILE), read_networks(folder / "truth")


def scored(
    world: World, truth: Truth, standing: Sequence[Row], together: Sequence[Row], ladders: Sequence[Row]
) -> Trial:
    """One country's numbers, from its tables; what is named of failures of the past is our own, and no peer's."""
    counts = counted(standing)
    places = {one.place for one in counts}
    crimes = {place: number for place, number in _crimes(ladders).items() if place in places and number}
    calls = {
        OURS: our_calls(standing, together),
        FILES: today(counts, crimes, world.seed, own_calls(standing)),
        LEAGUE: league_table(counts),
        FUNNEL: naive_funnel(counts),
    }
    return Trial(
        world=world,
        planted=_planted(truth, calls, counts, our_calls(standing)),
        alarms={method: _alarms(mine, truth) for method, mine in calls.items()},
        false=_false(calls[OURS], truth),
        tests=_tests(standing, together),
        estimates=tuple(estimates(standing, truth)),
        below=tuple(sorted({one.measure for one in counts if below_standard(one.measure, counts)})),
        named=named(standing, together),
    )


def _planted(
    truth: Truth, calls: Mapping[str, frozenset[Call]], counts: Sequence[Counted], single: frozenset[Call]
) -> tuple[Planted, ...]:
    """`single`: of our own calls those of a measure by itself."""
    found = {method: _found(mine, truth, counts, method) for method, mine in calls.items()}
    by_one = _found(single, truth, counts, OURS)
    bases = {(one.place, one.measure): one.base for one in counts}
    return tuple(
        Planted(
            failing=key,
            strength=truth.strength.get(key, 0.0),
            records=countable(failings()[key], code, bases),
            found=tuple(method for method in METHODS if code in found[method][key]),
            rates=truth.rates.get(code, {}),
            place=code,
            only_together=code in found[OURS][key] and code not in by_one[key],
        )
        for key, codes in truth.planted.items()
        for code in codes
    )


def _found(calls: frozenset[Call], truth: Truth, counts: Sequence[Counted], method: str) -> dict[str, tuple[str, ...]]:
    """By failing, where one method found it."""
    return {one.failing.key: one.found for one in judge(calls, truth, counts, by_standard=method == OURS)}


def _crimes(ladders: Sequence[Row]) -> dict[str, int]:
    mine = [row for row in ladders if row["indicator"] == CRIMES and row["when_reported"] == ALL]
    rows = [row for row in mine if row["place_code"] != EVERYWHERE and not row["not_askable"]]
    return {row["place_code"]: row["records"] - row["outside"] for row in rows}


def _alarms(calls: frozenset[Call], truth: Truth) -> tuple[int, int]:
    """True and false alarms; a record that speaks for itself is no alarm."""
    raised = alarms(calls)
    false = false_calls(raised, truth)
    return len(raised) - len(false), len(false)


def _false(calls: frozenset[Call], truth: Truth) -> tuple[tuple[str, str, str], ...]:
    of = {code: key for key, codes in truth.planted.items() for code in codes}
    false = false_calls(alarms(calls), truth)
    return tuple(sorted((one.measure, one.direction, of.get(one.place, "")) for one in false))


def _tests(standing: Sequence[Row], together: Sequence[Row]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    asked = [(row["indicator"], row["p_value"]) for row in standing]
    asked += [(row["failure_mode"], row["p_value"]) for row in together]
    for measure, p_value in asked:
        if p_value is not None:
            tests, below = found.get(measure, (0, 0))
            found[measure] = tests + 1, below + (p_value < 0.01)
    return found
