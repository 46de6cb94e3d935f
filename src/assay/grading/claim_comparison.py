"""What does a force say of itself, and what do its own records say beside it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from assay.compare.indicator_findings import in_100, in_words
from assay.engine.provenance import read_stage
from assay.grading.strand_evidence import Evidence
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.accepted_returns import holding
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import Permission
from assay.reference import characteristics, recommendations
from assay.wording import counted

Row = Mapping[str, Any]
READ = ("about_kind", "about_key", "claimed_value", "claimed_status", "data_from", "data_to", "said_on")
"""The columns of the table `claims` that the brief reads, and for which they are asked."""
CONTRADICTED, BORNE_OUT, NOT_TESTED = "the records say otherwise", "the records say the same", "not tested by records"
STATUS = {"applied": "applied", "partly_applied": "applied in part", "not_applied": "not applied",
          "depends_on_others": "for others to apply", "rising": "rising", "falling": "falling",
          "unchanged": "unchanged"}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """One claim: what the force says, what its records say beside it, how the two stand, which characteristics it is
    about, and the recommendation if it is about one; `when` it was said, and of which days."""

    says: str
    beside: str
    stands: str
    about: tuple[str, ...]
    recommendation: str = ""
    when: str = ""


def claims_of(inspection: Inspection, held: Evidence, code: str) -> list[Claim]:
    """Every claim of one force, from the return that counts; PurposeRefused where claims may not be read."""
    found = []
    for one in holding(inspection):
        path = inspection.folder / one.stage / "claims.parquet"
        if one.body == code and path.is_file():
            Permission(inspection, date.today()).ask("claims", "facts", [path], "the brief")
            found += pq.read_table(path, columns=list(READ)).to_pylist()
    counts = read_stage(inspection.folder, "enquiries", "counts").to_pylist() if found else []
    of_groups = [row for row in counts if row["count"] == "groups_found" and not row["not_askable"]]
    mine = [row for row in of_groups if row["place_code"] == code]
    groups = max((row["records"] or 0 for row in mine), default=None)
    ladders, standing = held.ladders.get(code, {}), held.standing.get(code, {})
    return [replace(_claim(row, ladders, standing, groups), when=_when(row)) for row in found]


def _when(row: Row) -> str:
    """'Said on 3 March 2026, of 1 April 2025 to 31 March 2026.'"""
    said = f"Said on {row['said_on']:%-d %B %Y}" if row["said_on"] else "It is not said when"
    known = row["data_from"] and row["data_to"]
    return f"{said}, of {in_words(row['data_from'], row['data_to'])}." if known else f"{said}."


def _claim(row: Row, ladders: Mapping[str, Row], standing: Mapping[str, Row], groups: int | None) -> Claim:
    kinds = {"groups": lambda: _of_groups(row, groups), "scale": lambda: _of_scale(row),
             "recommendation": lambda: _of_recommendation(row)}  # fmt: skip
    return kinds.get(row["about_kind"], lambda: _of_indicator(row, ladders, standing))()


def _of_groups(row: Row, found: int | None) -> Claim:
    claimed = 0 if row["claimed_status"] == "none_exist" else row["claimed_value"]
    says = "That there are no groups." if claimed == 0 else f"That it knows of {counted(int(claimed or 0), 'group')}."
    if claimed is None or found is None:
        return Claim("That there are groups; how many is not said." if claimed is None else says,
                     "Groups were not looked for in its records.", NOT_TESTED, ("groups_known",))  # fmt: skip
    beside = f"Linking people in its records finds {counted(found, 'group')} under the widest definition."
    return Claim(says, beside, CONTRADICTED if found > claimed else BORNE_OUT, ("groups_known",))


def _of_scale(row: Row) -> Claim:
    says = f"That exploitation is {STATUS.get(row['claimed_status'], 'of a stated size')}."
    beside = "The records of one period cannot test that; the published series may."
    return Claim(says, beside, NOT_TESTED, ("trend_sound",))


def _of_recommendation(row: Row) -> Claim:
    key, status = row["about_key"] or "", STATUS.get(row["claimed_status"], "of no stated status")
    if not recommendations().knows(key):
        return Claim(f"That a recommendation is {status}.", "Which one is not said.", NOT_TESTED, ("lessons_applied",))
    one = recommendations().get(key)
    about = _about(one.questions)
    return Claim(f"That this is {status}: {one.text}", "See what every strand says of it.", NOT_TESTED, about, key)


def _of_indicator(row: Row, ladders: Mapping[str, Row], standing: Mapping[str, Row]) -> Claim:
    """Contradicted where the figure lies outside both what unknown records leave open and what chance does."""
    form = next((one for one in indicators() if one.key == row["about_key"]), None)
    value, told = row["claimed_value"], ladders.get(row["about_key"] or "")
    if form is None or value is None:
        name = (row["about_key"] or "something").replace("_", " ")
        beside_it = "No measure here has that name: ask what it counts."
        return Claim(f"A figure for \u2018{name}\u2019.", beside_it, NOT_TESTED, ())
    says, about = f"{form.title}: {in_100(value)}.", _about(form.asks.split())
    if told is None or told["share"] is None:
        return Claim(says, "Too few of its records tell.", NOT_TESTED, about)
    beside = standing.get(form.key, {})
    ends = [told["share_lowest"], told["share_highest"], beside.get("share_low"), beside.get("share_high")]
    known = [round(100 * end) for end in ends if end is not None]
    apart = not min(known) <= round(100 * value) <= max(known)
    span = f"{in_100(told['share'])}, and anything from {min(known)} to {max(known)} would fit them"
    return Claim(says, f"Its records: {span}.", CONTRADICTED if apart else BORNE_OUT, about)


def _about(asked: Iterable[str]) -> tuple[str, ...]:
    wanted = set(asked)
    return tuple(one.key for one in characteristics() if wanted & set(one.questions))
