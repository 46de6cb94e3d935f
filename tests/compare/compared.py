"""Input rows of the comparison, made from the real figures of 2024/25."""

import sys
from pathlib import Path

from assay import reference

sys.path.insert(0, str(Path(__file__).parents[1] / "stats"))

from charge_rates import FORCES, TRANSPORT

YEAR = "2024/25"


def code_of(force: str) -> str:
    return reference.forces().find(force).code


def share_row(place_code, numerator, base, pending=0.1, measure="charged-of-closed", **more):
    return {
        "measure": measure,
        "place_code": place_code,
        "offence_key": "csa11",
        "financial_year": YEAR,
        "numerator": numerator,
        "base": base,
        "pending_share": pending,
        **more,
    }


def charge_rows():
    """Charged of closed, charged of all, and pending, for 43 forces, the transport police and the total."""
    found = []
    total = [sum(column) for column in zip(*FORCES.values(), strict=True)]
    places = {code_of(name): figures for name, figures in {**FORCES, **TRANSPORT}.items()}
    for code, (offences, charged, pending) in {**places, "EW": total}.items():
        share = pending / offences
        found += [
            share_row(code, charged, offences - pending, share),
            share_row(code, charged, offences, share, measure="charged-of-all"),
            share_row(code, pending, offences, share, measure="pending"),
        ]
    return found


def rate_row(place_code, offences, children=100_000, **more):
    return {
        "place_code": place_code,
        "offence_key": "csa11",
        "financial_year": YEAR,
        "offences": offences,
        "children": children,
        "children_mid_year": 2020,
        **more,
    }


def rate_rows():
    forces = [(reference.forces().find(name), figures[0]) for name, figures in FORCES.items()]
    return [rate_row(force.code, offences, force.children_mid2020) for force, offences in forces]


def by_place(table, measure=None):
    rows = [row for row in table.to_pylist() if measure in (None, row.get("measure"))]
    return {row["place_code"]: row for row in rows}
