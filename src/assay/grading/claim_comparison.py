"""Compare what a force claims about itself with its own records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow.parquet as pq

from assay.compare.indicator_findings import period_text
from assay.engine.provenance import read_stage
from assay.grading.inspection_evidence import InspectionEvidence
from assay.indicators.catalogue.scale.record_series import PARTNERS, TITLES
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import ReadPermission
from assay.reference import characteristics, recommendations
from assay.wording import count_phrase, percent

Row = Mapping[str, Any]
SCALE_STAGE, NONE_EXIST = "scale", "none_exist"
READ = ("about_kind", "about_key", "claimed_value", "claimed_status", "data_from", "data_to", "said_on")
"""The columns of the table `claims` that the brief reads."""
CONTRADICTED, CONFIRMED, NOT_TESTED = "the records say otherwise", "the records say the same", "not tested by records"
STATUS_TEXTS = {"applied": "applied", "partly_applied": "applied in part", "not_applied": "not applied",
          "depends_on_others": "for others to apply", "rising": "rising", "falling": "falling",
          "unchanged": "unchanged"}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """One statement that a force makes about itself, compared with its records.

    Parameters
    ----------
    statement, comparison, when
        The claim, what the records show, and the date of the claim, as sentences.
    verdict
        CONFIRMED, CONTRADICTED or NOT_TESTED.
    characteristics
        Keys of the characteristics that the claim concerns.
    recommendation
        Key of the recommendation that it concerns, if any.
    """

    statement: str
    comparison: str
    verdict: str
    characteristics: tuple[str, ...]
    recommendation: str = ""
    when: str = ""


def claims_of(inspection: Inspection, evidence: InspectionEvidence, code: str) -> list[Claim]:
    """Return every claim in the accepted return of one force; raise PurposeRefused if claims may not be read."""
    claim_rows = []
    for accepted_return in current_returns(inspection):
        path = inspection.folder / accepted_return.stage / "claims.parquet"
        if accepted_return.force_code == code and path.is_file():
            ReadPermission(inspection, date.today()).require("claims", "facts", [path], "the brief")
            claim_rows += pq.read_table(path, columns=list(READ)).to_pylist()
    counts = read_stage(inspection.folder, "enquiries", "counts_by_definition").to_pylist() if claim_rows else []
    groups = _groups_found(counts, code)
    ladders, estimates = evidence.ladders.get(code, {}), evidence.estimates.get(code, {})
    tested_claims = _tested_scale_claims(inspection, code) if claim_rows else []
    return [
        replace(_compare_claim(row, ladders, estimates, groups, tested_claims), when=_claim_date_text(row))
        for row in claim_rows
    ]


def _groups_found(counts: Iterable[Row], code: str) -> int | None:
    """Return the largest number of groups found in a force's records; None if no count of them is known."""
    found = (
        row["records"]
        for row in counts
        if (row["count"], row["place_code"]) == ("groups_found", code) and not row["not_askable"]
    )
    return max((number for number in found if number is not None), default=None)


def _tested_scale_claims(inspection: Inspection, code: str) -> list[Row]:
    """Return how each series bears on the force's claims on scale; none before the scale was estimated."""
    if not (inspection.folder / SCALE_STAGE / "claims.parquet").is_file():
        return []
    rows = read_stage(inspection.folder, SCALE_STAGE, "claims").to_pylist()
    return [row for row in rows if row["place_code"] == code and row["subject"] == "scale"]


def _claim_date_text(row: Row) -> str:
    """Return the date of a claim: 'Said on 3 March 2026, of 1 April 2025 to 31 March 2026.'"""
    date_text = f"Said on {row['said_on']:%-d %B %Y}" if row["said_on"] else "It is not said when"
    has_period = row["data_from"] and row["data_to"]
    return f"{date_text}, of {period_text(row['data_from'], row['data_to'])}." if has_period else f"{date_text}."


def _compare_claim(
    row: Row,
    ladders: Mapping[str, Row],
    estimates: Mapping[str, Row],
    groups: int | None,
    tested_claims: Sequence[Row] = (),
) -> Claim:
    kinds = {"groups": lambda: _groups_claim(row, groups), "scale": lambda: _scale_claim(row, tested_claims),
             "recommendation": lambda: _recommendation_claim(row)}  # fmt: skip
    return kinds.get(row["about_kind"], lambda: _indicator_claim(row, ladders, estimates))()


def _groups_claim(row: Row, groups_found: int | None) -> Claim:
    claimed = 0 if row["claimed_status"] == "none_exist" else row["claimed_value"]
    text = (
        "That there are no groups." if claimed == 0 else f"That it knows of {count_phrase(int(claimed or 0), 'group')}."
    )
    if claimed is None or groups_found is None:
        return Claim("That there are groups; how many is not said." if claimed is None else text,
                     "Groups were not looked for in its records.", NOT_TESTED, ("groups_known",))  # fmt: skip
    records_text = (
        f"Linking people in its records finds {count_phrase(groups_found, 'group')} under the widest definition."
    )
    if not claimed and not groups_found:
        # Records hold the groups that were entered, so they bound the number from below and never show that it is 0.
        return Claim(text, f"{records_text} There may be none, or none were entered.", NOT_TESTED, ("groups_known",))
    return Claim(text, records_text, CONTRADICTED if groups_found > claimed else CONFIRMED, ("groups_known",))


def _scale_claim(row: Row, tested_claims: Sequence[Row]) -> Claim:
    """Return the claim on scale, held against the force's own counts and partners' lists (`scale_claim_tests`).

    One series that went the other way contradicts it. It is confirmed only if a count of the force bears it out, which
    a fall does only where partners' lists fell as well.
    """
    status = row["claimed_status"]
    text = (
        "That there is no exploitation."
        if status == NONE_EXIST
        else f"That exploitation is {STATUS_TEXTS.get(status, 'of a stated size')}."
    )
    stated = "none" if status == NONE_EXIST else status
    day = row["said_on"].isoformat() if row.get("said_on") else None
    series = [item for item in tested_claims if (item["statement"], item["statement_date"]) == (stated, day)]
    if not series:
        return Claim(text, "No series of its records could be held against it.", NOT_TESTED, ("trend_sound",))
    verdicts = {item["verdict"] for item in series}
    own_verdicts = {item["verdict"] for item in series if item["compared_with"] != PARTNERS}
    verdict = CONTRADICTED if "contradicted" in verdicts else CONFIRMED if "borne out" in own_verdicts else NOT_TESTED
    comparison = " ".join(f"{TITLES[item['compared_with']]}: {item['verdict']}. {item['why']}" for item in series)
    return Claim(text, comparison, verdict, ("trend_sound",))


def _recommendation_claim(row: Row) -> Claim:
    key, status = row["about_key"] or "", STATUS_TEXTS.get(row["claimed_status"], "of no stated status")
    if not recommendations().knows(key):
        return Claim(f"That a recommendation is {status}.", "Which one is not said.", NOT_TESTED, ("lessons_applied",))
    recommendation = recommendations().get(key)
    characteristic_keys = _characteristic_keys(recommendation.questions)
    return Claim(
        f"That this is {status}: {recommendation.text}",
        "See what every strand says of it.",
        NOT_TESTED,
        characteristic_keys,
        key,
    )


def _indicator_claim(row: Row, ladders: Mapping[str, Row], estimates: Mapping[str, Row]) -> Claim:
    """Return the claim on a figure: contradicted if it is outside the missing-data bounds and the interval."""
    indicator = next((candidate for candidate in indicators() if candidate.key == row["about_key"]), None)
    value, counts_row = row["claimed_value"], ladders.get(row["about_key"] or "")
    if indicator is None or value is None:
        name = (row["about_key"] or "something").replace("_", " ")
        hint = "No measure here has that name: ask what it counts."
        return Claim(f"A figure for \u2018{name}\u2019.", hint, NOT_TESTED, ())
    text, characteristic_keys = (
        f"{indicator.title}: {percent(value, 0)}.",
        _characteristic_keys(indicator.asks.split()),
    )
    if counts_row is None or counts_row["share"] is None:
        return Claim(text, "Too few of its records tell.", NOT_TESTED, characteristic_keys)
    estimate = estimates.get(indicator.key, {})
    limits = [
        counts_row["share_lowest"],
        counts_row["share_highest"],
        estimate.get("share_low"),
        estimate.get("share_high"),
    ]
    percentages = [round(100 * limit) for limit in limits if limit is not None]
    is_contradicted = not min(percentages) <= round(100 * value) <= max(percentages)
    range_text = (
        f"{percent(counts_row['share'], 0)}, and anything from {min(percentages)}% to "
        f"{max(percentages)}% would fit them"
    )
    return Claim(
        text, f"Its records: {range_text}.", CONTRADICTED if is_contradicted else CONFIRMED, characteristic_keys
    )


def _characteristic_keys(question_keys: Iterable[str]) -> tuple[str, ...]:
    questions = set(question_keys)
    return tuple(
        characteristic.key for characteristic in characteristics() if questions & set(characteristic.questions)
    )
