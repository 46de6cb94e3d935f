"""Small tables from which a force is judged: one row an indicator, counts that can be checked with a pencil."""

from assay.grading.characteristic_evidence import EvidenceTables, characteristic_evidence
from assay.grading.characteristic_levels import characteristic_level
from assay.grading.grading_rules import rules
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics

FORMS = {one.key: one for one in indicators()}
FORCE = "INV01"


def ladder(indicator, met, not_met, not_known=0, place=FORCE, **more):
    """One row of `ladders`, of everyone together."""
    return {"indicator": indicator, "place_code": place, "when_reported": "all", "not_askable": "", "hidden": "",
            "met": met, "not_met": not_met, "not_known": not_known, "not_known_if_counted": 0} | more  # fmt: skip


def stands(indicator, *, unusual=False, direction="", q_value=None, place=FORCE, **more):
    """One row of `standing`."""
    return {"indicator": indicator, "place_code": place, "unusual": unusual, "direction": direction,
            "q_value": q_value, "share": None, "share_low": None, "share_high": None, "rank": None} | more  # fmt: skip


def strand(characteristic, kind, verdict, place=FORCE):
    """One row of `strands`."""
    return {"place_code": place, "characteristic": characteristic, "strand": kind, "verdict": verdict}


def claim(about, verdict, place=FORCE):
    """One row of `claims_tested`."""
    return {"place_code": place, "about": about, "verdict": verdict}


def of(characteristic, ladders=(), standing=(), strands=(), by=None, spread=(), claims=()):
    """What is shown of one characteristic in one force."""
    chosen, tables = by or rules(), EvidenceTables(ladders, standing, strands, (), spread, claims)
    one = characteristics().get(characteristic)
    return characteristic_level(characteristic_evidence(tables, tuple(FORMS.values()), one, FORCE, chosen), chosen)
