"""Run one trial: generate a country, run the inspection, and score it and other methods against the truth.

A country is generated into a temporary folder, loaded, run and scored; only the results are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.indicators import ALL, EVERYWHERE
from assay.ingest.inspection_folder import new_inspection, read_table_declarations
from assay.reference.data_requests import DataRequest, read_request
from assay.synthetic.simulation.alert_comparison import (
    Alert,
    AlertCandidate,
    ForceCounts,
    Row,
    alert_candidates,
    assay_alerts,
    comparison_alerts,
    force_counts,
    single_record_alerts,
)
from assay.synthetic.simulation.detection_scores import false_alerts, is_below_standard, largest_base, score_failings
from assay.synthetic.simulation.direct_loading import return_tables
from assay.synthetic.simulation.estimate_errors import TruthComparison, compare_with_truth
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.network_recovery import KnownNetworks, NetworkRecovery, network_recovery, read_networks
from assay.synthetic.simulation.peer_methods import file_reading_alerts, league_table_alerts, naive_funnel_alerts
from assay.synthetic.simulation.statement_replay import SqlStatements
from assay.synthetic.simulation.trial_worlds import TrialWorld, generate_world
from assay.synthetic.simulation.truth_folder import FILE, Truth, read_truth
from assay.temporary_folders import temporary_folder
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_stages

ASSAY, FILES, LEAGUE, FUNNEL = "assay", "52 files in six forces", "league table, 2 sigma", "naive funnel, 3 sigma"
METHODS = (ASSAY, FILES, LEAGUE, FUNNEL)
CRIMES = "suspect_identified"
"""The measure whose records are all crimes; it gives the number of files of a force."""


@dataclass(frozen=True)
class InjectionResult:
    """A failing injected in one force, the records that could show it, and the methods that found it.

    `rates`: the true rates of the force by calibration figure, with its own deviation. `only_combined`: found by the
    combined test of its failure mode, and by no single measure.
    """

    failing: str
    strength: float
    records: int
    found: tuple[str, ...]
    rates: Mapping[str, float] = field(default_factory=dict)
    place: str = ""
    only_combined: bool = False


@dataclass(frozen=True)
class Trial:
    """The results of the trial of one country.

    `alerts`: (true, false) alerts by method; `tests`: by measure or failure mode, the number of p-values and of those
    below 0.01; `below_standard`: measures whose overall share lies below the standard; `groups`: recovery of injected
    networks by definition of a tie; `false_alerts`: measure or failure mode, direction, and other injected failings of
    assay's false alerts; `candidates`: alerts under this and other q-value thresholds.
    """

    world: TrialWorld
    injected: tuple[InjectionResult, ...]
    alerts: Mapping[str, tuple[int, int]]
    tests: Mapping[str, tuple[int, int]]
    estimates: tuple[TruthComparison, ...]
    below_standard: tuple[str, ...]
    groups: tuple[NetworkRecovery, ...] = ()
    false_alerts: tuple[tuple[str, str, str], ...] = ()
    candidates: tuple[AlertCandidate, ...] = ()


def build_statements(world: TrialWorld) -> SqlStatements:
    """Build, on one small country, the SQL statements with which `run_trial` computes the results of every other
    country."""
    with temporary_folder() as folder:
        returned, request, _, _ = generate_country(folder, world)
        return SqlStatements.build(returned, request.organisations)


def run_trial(statements: SqlStatements, world: TrialWorld) -> Trial:
    """Generate, run and score one country; if its returns must be received, run every stage."""
    with temporary_folder() as folder:
        if world.is_received:
            return _run_received_trial(folder, world)
        returned, request, truth, networks = generate_country(folder, world)
    tables = statements.run(returned, request.organisations)
    estimate_rows, combined_rows, ladders = (
        tables[name].to_pylist() for name in ("force_estimates", "combined_tests", "ladders")
    )
    found = score_trial(world, truth, estimate_rows, combined_rows, ladders)
    return replace(found, groups=network_recovery(networks, tables)) if networks else found


def _run_received_trial(folder: Path, world: TrialWorld) -> Trial:
    generate_world(folder, world)
    inspection = new_inspection(folder / "inspection", folder / "request.toml").folder
    receive_returns(inspection, sorted((folder / "returns").iterdir()))
    run_stages(inspection)
    estimate_rows, combined_rows, ladders = (
        pq.read_table(inspection / f"{name}.parquet").to_pylist()
        for name in ("comparison/force_estimates", "comparison/combined_tests", "enquiries/ladders")
    )
    return score_trial(world, read_truth(folder / "truth" / FILE), estimate_rows, combined_rows, ladders)


def generate_country(
    folder: Path, world: TrialWorld
) -> tuple[Sequence[Mapping[str, pa.Table]], DataRequest, Truth, KnownNetworks | None]:
    """Return the tables of every return of a country, its request, truth, and injected networks."""
    generate_world(folder, world)
    request, declared = read_request(folder / "request.toml"), read_table_declarations(folder / "request.toml")
    returned = [return_tables(place, request, declared) for place in sorted((folder / "returns").iterdir())]
    return returned, request, read_truth(folder / "truth" / FILE), read_networks(folder / "truth")


def score_trial(
    world: TrialWorld, truth: Truth, estimate_rows: Sequence[Row], combined_rows: Sequence[Row], ladders: Sequence[Row]
) -> Trial:
    """Score one country from its tables."""
    counts = force_counts(estimate_rows)
    places = {force_count.place for force_count in counts}
    crimes = {place: number for place, number in _crimes(ladders).items() if place in places and number}
    alerts_by_method = {
        ASSAY: assay_alerts(estimate_rows, combined_rows),
        FILES: file_reading_alerts(counts, crimes, world.seed, single_record_alerts(estimate_rows)),
        LEAGUE: league_table_alerts(counts),
        FUNNEL: naive_funnel_alerts(counts),
    }
    return Trial(
        world=world,
        injected=_injection_results(truth, alerts_by_method, counts, assay_alerts(estimate_rows)),
        alerts={method: _alert_counts(method_alerts, truth) for method, method_alerts in alerts_by_method.items()},
        false_alerts=_false_alert_rows(alerts_by_method[ASSAY], truth),
        tests=_test_counts(estimate_rows, combined_rows),
        estimates=tuple(compare_with_truth(estimate_rows, truth)),
        below_standard=tuple(
            sorted({force_count.measure for force_count in counts if is_below_standard(force_count.measure, counts)})
        ),
        candidates=alert_candidates(estimate_rows, combined_rows),
    )


def _injection_results(
    truth: Truth,
    alerts_by_method: Mapping[str, frozenset[Alert]],
    counts: Sequence[ForceCounts],
    single: frozenset[Alert],
) -> tuple[InjectionResult, ...]:
    """Return the results of each injection; `single`: assay's alerts on single measures."""
    found = {
        method: _found_forces(method_alerts, truth, counts, method)
        for method, method_alerts in alerts_by_method.items()
    }
    found_singly = _found_forces(single, truth, counts, ASSAY)
    bases = {(force_count.place, force_count.measure): force_count.base for force_count in counts}
    return tuple(
        InjectionResult(
            failing=key,
            strength=truth.strength.get(key, 0.0),
            records=largest_base(failings()[key], code, bases),
            found=tuple(method for method in METHODS if code in found[method][key]),
            rates=truth.rates.get(code, {}),
            place=code,
            only_combined=code in found[ASSAY][key] and code not in found_singly[key],
        )
        for key, codes in truth.injected.items()
        for code in codes
    )


def _found_forces(
    alerts: frozenset[Alert], truth: Truth, counts: Sequence[ForceCounts], method: str
) -> dict[str, tuple[str, ...]]:
    """Return, by failing, the forces in which a method found it."""
    return {
        result.failing.key: result.found
        for result in score_failings(alerts, truth, counts, by_standard=method == ASSAY)
    }


def _crimes(ladders: Sequence[Row]) -> dict[str, int]:
    crime_rows = [row for row in ladders if row["indicator"] == CRIMES and row["when_reported"] == ALL]
    rows = [row for row in crime_rows if row["place_code"] != EVERYWHERE and not row["not_askable"]]
    return {row["place_code"]: row["records"] - row["outside"] for row in rows}


def _alert_counts(alerts: frozenset[Alert], truth: Truth) -> tuple[int, int]:
    """Count true and false alerts, without single-record alerts."""
    comparison_based = comparison_alerts(alerts)
    false_set = false_alerts(comparison_based, truth)
    return len(comparison_based) - len(false_set), len(false_set)


def _false_alert_rows(alerts: frozenset[Alert], truth: Truth) -> tuple[tuple[str, str, str], ...]:
    failing_by_force = {code: key for key, codes in truth.injected.items() for code in codes}
    false_set = false_alerts(comparison_alerts(alerts), truth)
    return tuple(sorted((alert.measure, alert.direction, failing_by_force.get(alert.place, "")) for alert in false_set))


def _test_counts(estimate_rows: Sequence[Row], combined_rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    p_values = [(row["indicator"], row["p_value"]) for row in estimate_rows]
    p_values += [(row["failure_mode"], row["p_value"]) for row in combined_rows]
    for measure, p_value in p_values:
        if p_value is not None:
            tests, below = found.get(measure, (0, 0))
            found[measure] = tests + 1, below + (p_value < 0.01)
    return found
