"""A report on one force, with each measure as a row, in the form of the released tables."""

from dataclasses import dataclass, field

from assay.reference.data_requests import SYNTHETIC
from assay.report.pages.inspection.released_tables import Inspection
from assay.sdc import declared_tables, policy, release
from report.record_fixture import arrow

CODE, NEIGHBOUR = "INV01", "INV02"
TEXT = "Crimes are recorded in time."


def measure(key, share, **more):
    """One measure of the force: its own share with interval and base, the other forces, and what counts."""
    row = {"key": key, "share": share, "low": 0.4, "high": 0.7, "base": 40, "expected": 0.8, "better": "higher",
           "holder": "police", "outlier_alert": False, "direction": "", "standard": "", "estimate": (0.4, 0.95),
           "band": (0.3, 0.99), "unknown": 0.0, "alert": "", "alert_status": ""}  # fmt: skip
    return row | more


def indicator_row(item):
    """The row of `indicators` of one measure."""
    return {"indicator": item["key"], "title": f"Title of {item['key']}", "line": "responses", "asks": "Q1",
            "better": item["better"], "holder": item["holder"], "graded": item.get("graded", bool(item["standard"])), "standard": "",
            "question": "How many?", "why": "Why.", "record": "one crime", "population": "Crimes.", "met": "It was done.",
            "limits": "Why.", "assumptions": "Records."}  # fmt: skip


def ladder_row(item, code=CODE):
    """The row of `ladders` of one measure."""
    return {"indicator": item["key"], "place_code": code, "when_reported": "all", "records": 100, "share": item["share"],
            "not_askable": ""}  # fmt: skip


def estimate_row(item, code=CODE):
    """The row of `force_estimates` of one measure."""
    return {"indicator": item["key"], "place_code": code, "base": item["base"], "share": item["share"],
            "share_low": item["estimate"][0], "share_high": item["estimate"][1], "expected": item["expected"],
            "expected_low": item["band"][0], "expected_high": item["band"][1], "outlier_alert": item["outlier_alert"],
            "direction": item["direction"], "alert_status": item["alert_status"], "not_known_share": item["unknown"],
            "not_comparable": "", "decided_by_counts": False}  # fmt: skip


def finding_row(item, code=CODE):
    """The row of `findings` of one measure: its own share with the interval of the same records."""
    return {"key": f"indicator/{item['key']}/{code}", "question": "Q1", "line": "responses", "place_code": code,
            "measure": item["key"], "sentence": "A sentence.", "value": item["share"], "low": item["low"], "high": item["high"]}  # fmt: skip


def evidence_row(item, code=CODE):
    """The row of `evidence` of a measure with a standard that counts."""
    return {"place_code": code, "characteristic": "recorded_rightly", "kind": "indicator", "key": item["key"],
            "direction": item["standard"], "counts": "standard", "not_counted": "", "alert": "", "figure": "A figure."}  # fmt: skip


def tables(measures, **more):
    """The tables of the force with these measures."""
    places = [{"place_code": code, "slug": slug, "name": name, "kind": "territorial"}
              for code, slug, name in ((CODE, "alder", "Alder"), (NEIGHBOUR, "birch", "Birch"))]  # fmt: skip
    return {
        "places": places,
        "inspection_summary": [{"request": "R", "title": "T", "register": SYNTHETIC, "period_from": "2025-04-01",
                       "period_to": "2026-04-01", "bodies_asked": 2, "returns_received": 2, "returns_refused": 0}],
        "indicators": [indicator_row(item) for item in measures],
        "ladders": [ladder_row(item) for item in measures],
        "force_estimates": [estimate_row(item) for item in measures],
        "findings": [finding_row(item) for item in measures],
        "evidence": [evidence_row(item) for item in measures if item["standard"]],
        "characteristics": [{"characteristic": "recorded_rightly", "line": "responses", "text": TEXT,
                             "questions": "Q1", "place": 1}],
        "grade_rules": [{"place": 1, "subject": "Level", "rule": "We ask for 75% on average."}],
        "return_contents": [{"place_code": CODE, "table_name": "crimes", "supplied": "whole"}],
        **more,
    }  # fmt: skip


def released_world(measures, **more):
    """The world, released under the policy for records."""
    return release(arrow(tables(measures, **more)), policy=policy("record level"), ledger_head="", edition="E")


@dataclass(frozen=True)
class HandWritten:
    """Tables as they are written here, in place of a release: what a row does not say is empty."""

    tables: dict = field(default_factory=dict)
    edition: str = "E"

    def rows(self, name):
        """The rows of a table, with every column that it declares."""
        names = declared_tables()[name].schema.names
        return [{column: row.get(column) for column in names} for row in self.tables.get(name, ())]


def world(measures, withheld=(), **more):
    """The world, indexed for pages."""
    return Inspection(HandWritten(tables(measures, **more)), frozenset(withheld))
