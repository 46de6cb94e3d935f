"""How often is a statement that a trend rose or fell right, and how often is one made although nothing changed?

    python benchmarks/directions.py [--seeds 2] [--forces 8] [--crimes 250]

Synthetic countries of three years. In half of the forces the probability that exploitation is flagged goes up or down
in the last year, by 5, 12 or 25 points; nothing else changes. The statements are compared with today's practice: the
count of the last year against the year before, with any difference called a fall or a rise.
"""

import argparse
import datetime as dt
import tempfile
from pathlib import Path

from assay.engine.expressions import ExpressionEngine
from assay.facts.fact_tables import derive_fact_tables
from assay.facts.person_roles import ON_PARTNER_LIST
from assay.indicators.catalogue.scale.distinct_counts import included_crimes
from assay.indicators.catalogue.scale.record_series import Period, monthly, quarterly, trend_table_rows
from assay.ingest.inspection_folder import read_table_declarations
from assay.linkage import match_persons_exactly
from assay.linkage.groups import detect_groups, involvement_ties
from assay.reference.data_requests import DataRequest, read_request
from assay.synthetic import World, generate_country
from assay.synthetic.simulation.direct_loading import return_tables
from assay.synthetic.simulation.statement_replay import fact_inputs
from assay.synthetic.simulation.trend_statements import calibration_bins, compare_statements, false_certainty
from assay.synthetic.world_settings import Change, Nuisances, Where

POINTS = (0.25, -0.25, 0.12, -0.12, 0.05, -0.05)
LAST_YEAR = dt.date(2025, 4, 1)


def country(points: float, forces: int, crimes: int) -> World:
    change = Change(LAST_YEAR, {"flag_sensitivity": points}, Where(share=0.5))
    calm = Nuisances(size_spread=0.3, follow_up_days=0, sends_everything=True, changes=(change,))
    sized = {"forces": forces, "crimes_per_force": crimes, "years": 3}
    return World(key="directions", title="Marking turns", nuisances=calm, **sized)


def run_country(points: float, seed: int, forces: int, crimes: int) -> tuple[list, list]:
    """Simulate one country; return its trend statements and, for each force, whether a plain difference has the true
    sign.
    """
    with tempfile.TemporaryDirectory(prefix="assay-world-") as name:
        path = Path(name) / "sent"
        generate_country(path, world=country(points, forces, crimes), seed=seed)
        request, declared = read_request(path / "request.toml"), read_table_declarations(path / "request.toml")
        returned = [return_tables(place, request, declared) for place in sorted((path / "returns").iterdir())]
        rows = trends(returned, request)
        found = compare_statements(rows, path / "truth")
    over_one = [row for row in rows if row["years_apart"] == 1]
    counts = {(row["place_code"], row["kind"]): (row["earlier_records"], row["latest_records"]) for row in over_one}
    single_falls = [
        (counts[statement.place, statement.kind][1] < counts[statement.place, statement.kind][0])
        == statement.truly_fell
        for statement in found
        if statement.truly_fell is not None
    ]
    return found, single_falls


def trends(returned: list, request: DataRequest) -> list[dict]:
    """Return the trend rows of every force, with exact-match linkage, which is enough as they count crimes."""
    with ExpressionEngine() as engine:
        tables = {name: engine.table(name, rows) for name, rows in fact_inputs(returned, request.organisations).items()}
        found = match_persons_exactly(tables)
        tables |= {name: engine.create_table(name, table) for name, table in found.items()}
        tables |= {
            name: engine.table(name, rows) for name, rows in detect_groups(engine.run(involvement_ties(tables))).items()
        }
        known = derive_fact_tables(tables, engine.create_table)
        crimes = engine.create_table("taken_in", included_crimes(known["crime"]))
        months = monthly(engine, crimes, known["role"], ON_PARTNER_LIST)
    followed = quarterly(months, Period(request.period_from, request.period_to), list(request.organisations))
    return [row for series in followed for row in trend_table_rows(series)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--forces", type=int, default=8)
    parser.add_argument("--crimes", type=int, default=250)
    options = parser.parse_args()
    found, bare_falls = [], []
    for seed in range(1, options.seeds + 1):
        for points in POINTS:
            own_falls, peer = run_country(points, seed, options.forces, options.crimes)
            found += own_falls
            bare_falls += peer
            print(f"seed {seed}, {points:+.2f}: {len(own_falls)} statements", flush=True)
    print("\n| stated | statements | mean stated | right | 95% interval |\n|---|---|---|---|---|")
    for calibration in calibration_bins(found):
        range_text = f"{calibration.right_low:.2f} to {calibration.right_high:.2f}"
        share = f"{calibration.right / calibration.number:.2f}"
        print(
            f"| {calibration.low:.1f} to {calibration.high:.1f} | {calibration.number} | "
            f"{calibration.stated:.2f} | {share} | {range_text} |"
        )
    sure, certainty = false_certainty(found)
    print(f"\nWhere nothing was changed: {sure} of {certainty} statements made with nine in ten or more.")
    print(f"The bare difference of two years: right in {sum(bare_falls)} of {len(bare_falls)}, never saying how sure.")


if __name__ == "__main__":
    main()
