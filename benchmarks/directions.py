"""Of the statements that a series fell, how many are right, and how many are made where nothing changed?

    python benchmarks/directions.py [--seeds 2] [--forces 8] [--crimes 250]

Invented countries of three years. In half of the forces the chance that exploitation is flagged turns up or down with
the last year, by 5, 12 or 25 points; nothing else changes. Beside ours the peer that is used today: the count of the
last year against the year before, called a fall or a rise where it differs at all.
"""

import argparse
import datetime as dt
import tempfile
from pathlib import Path

from assay.engine.expressions import Expressions
from assay.facts.fact_tables import facts
from assay.facts.person_roles import LISTED
from assay.indicators.catalogue.scale.distinct_counts import taken_in
from assay.indicators.catalogue.scale.record_series import Period, monthly, quarterly, rows_of
from assay.ingest.inspection_folder import declared_in
from assay.linkage import persons
from assay.linkage.groups import find, ties
from assay.reference.data_requests import Request, read_request
from assay.synthetic import World, invent
from assay.synthetic.simulation.direct_loading import laid
from assay.synthetic.simulation.statement_replay import given_to_facts
from assay.synthetic.simulation.trend_statements import calibrated, judged, sure_of_nothing
from assay.synthetic.world_settings import Change, Nuisances, Where

POINTS = (0.25, -0.25, 0.12, -0.12, 0.05, -0.05)
LAST_YEAR = dt.date(2025, 4, 1)


def country(points: float, forces: int, crimes: int) -> World:
    change = Change(LAST_YEAR, {"flag_sensitivity": points}, Where(share=0.5))
    calm = Nuisances(size_spread=0.3, follow_up_days=0, sends_everything=True, changes=(change,))
    sized = {"forces": forces, "crimes_per_force": crimes, "years": 3}
    return World(key="directions", title="Marking turns", nuisances=calm, **sized)


def tried(points: float, seed: int, forces: int, crimes: int) -> tuple[list, list]:
    """The statements on one country, and for each force with a true direction whether the bare difference had it."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as name:
        sent = Path(name) / "sent"
        invent(sent, world=country(points, forces, crimes), seed=seed)
        request, declared = read_request(sent / "request.toml"), declared_in(sent / "request.toml")
        returned = [laid(place, request, declared) for place in sorted((sent / "returns").iterdir())]
        rows = trends(returned, request)
        found = judged(rows, sent / "truth")
    over_one = [row for row in rows if row["years_apart"] == 1]
    counts = {(row["place_code"], row["kind"]): (row["earlier_records"], row["latest_records"]) for row in over_one}
    bare = [
        (counts[one.place, one.kind][1] < counts[one.place, one.kind][0]) == one.fell
        for one in found
        if one.fell is not None
    ]
    return found, bare


def trends(returned: list, request: Request) -> list[dict]:
    """The series of every force, with persons told apart by exact keys: the series count crimes, and no persons."""
    with Expressions() as engine:
        held = {name: engine.table(name, rows) for name, rows in given_to_facts(returned, request.bodies).items()}
        found = persons(held)
        held |= {name: engine.keep(name, table) for name, table in found.items()}
        held |= {name: engine.table(name, rows) for name, rows in find(engine.run(ties(held))).items()}
        known = facts(held, engine.keep)
        crimes = engine.keep("taken_in", taken_in(known["crime"]))
        months = monthly(engine, crimes, known["role"], LISTED)
    followed = quarterly(months, Period(request.period_from, request.period_to), list(request.bodies))
    return [row for one in followed for row in rows_of(one)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=2)
    asked.add_argument("--forces", type=int, default=8)
    asked.add_argument("--crimes", type=int, default=250)
    told = asked.parse_args()
    found, bare = [], []
    for seed in range(1, told.seeds + 1):
        for points in POINTS:
            mine, peer = tried(points, seed, told.forces, told.crimes)
            found += mine
            bare += peer
            print(f"seed {seed}, {points:+.2f}: {len(mine)} statements", flush=True)
    print("\n| stated | statements | mean stated | right | 95% interval |\n|---|---|---|---|---|")
    for one in calibrated(found):
        between = f"{one.right_low:.2f} to {one.right_high:.2f}"
        share = f"{one.right / one.number:.2f}"
        print(f"| {one.low:.1f} to {one.high:.1f} | {one.number} | {one.stated:.2f} | {share} | {between} |")
    sure, held = sure_of_nothing(found)
    print(f"\nWhere nothing was changed: {sure} of {held} statements made with nine in ten or more.")
    print(f"The bare difference of two years: right in {sum(bare)} of {len(bare)}, never saying how sure.")


if __name__ == "__main__":
    main()
