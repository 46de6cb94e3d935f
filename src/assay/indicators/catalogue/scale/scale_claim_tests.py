"""Test a force's claim that it has no groups, or that exploitation falls, against its own records.

A denial of groups is compared with crimes with two or more named suspects, counted under each alternative linkage,
because two names may be one person. A claim of a fall or rise is compared with what the force recorded and marked, and
with the children new on partners' lists, each with its probability of a fall. Claims are tested against counts, which
do not show whether exploitation fell. A fall of the force's own counts alone never supports a claim of a fall: to
record or mark less would have the same effect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict, cast

import pyarrow as pa

from assay.engine.row_schemas import arrow_schema
from assay.indicators.catalogue.scale.distinct_counts import apply_linkage_choice
from assay.indicators.catalogue.scale.record_series import (
    HIDDEN,
    MARKED,
    PARTNERS,
    RECORDED,
    UNFLAGGED,
    UNRECORDED,
    SeriesTrendRow,
    headline,
)

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

GROUPS, SCALE = "groups", "scale"
NO_GROUPS = "no groups"
DIRECTIONS = ("falling", "rising", "unchanged")
MIN_PROBABILITY = 0.9
OWN_COUNTS, NOT_OWN_COUNTS = (RECORDED, MARKED), (PARTNERS, UNRECORDED, UNFLAGGED, HIDDEN)
"""Series that fall if a force records or marks less, and series that do not fall for that reason alone."""
OTHERS_ROSE = "This count did, and another series of the same force rose: recording or marking less would do that."
NO_PARTNER_FALL = "This count did. Recording or marking less would do the same, and partners' lists do not show a fall."
DEPENDS_ON_LINKAGE = "Whether its records show a group depends on record linkage."
NOT_NAMED = "Its records show groups only of suspects who are not all named, and who may be one person."
Verdict = Literal["contradicted", "borne out", "cannot be said"]
Row = dict[str, Any]
"""A row of `TestedClaimRow` or `SeriesTrendRow`, also in its released form."""


TestedClaimRow = TypedDict("TestedClaimRow", {
    "place_code": str,
    "claim": str,
    "subject": str,
    "statement": str,
    "statement_date": str,
    "compared_with": str,
    "found": int | None,
    "readings": int | None,
    "readings_with_groups": int | None,
    "probability_fell": float | None,
    "verdict": Annotated[Verdict, pa.string()],
    "why": str,
})  # fmt: skip
"""A row of the tested claims: one claim, held against one series or against the groups in the records. Its columns keep
their stored names."""
SCHEMA = arrow_schema(TestedClaimRow)


class ClaimRow(TypedDict):
    """The columns of the table `claims` of returns that are read here."""

    force_code: str
    about_kind: str
    claimed_status: str | None
    claimed_value: float | None
    said_on: dt.date


class ProfileRow(TypedDict):
    """The columns of the table `profiles` of returns that are read here."""

    force_code: str
    claimed_groups: int | None
    published_on: dt.date | None


@dataclass(frozen=True)
class Claim:
    """A force's claim about itself: that there are no groups, or a direction of change."""

    force_code: str
    subject: str
    statement: str
    said_on: dt.date

    @property
    def key(self) -> str:
        """The key of the claim: 'groups 2025-10-12'."""
        return f"{self.subject} {self.said_on.isoformat()}"


def select_claims(claims: Iterable[ClaimRow], profiles: Iterable[ProfileRow]) -> list[Claim]:
    """Return the claims about scale and groups, and those in problem profiles; other modules test other claims.

    A stated number of groups above zero is no denial and is not tested here.
    """
    found = [claim for row in claims if (claim := _claim_from_row(row))]
    found += [
        Claim(row["force_code"], GROUPS, NO_GROUPS, row["published_on"])
        for row in profiles
        if row["claimed_groups"] == 0 and row["published_on"]
    ]
    return sorted(set(found), key=lambda claim: (claim.force_code, claim.subject, claim.said_on, claim.statement))


def _claim_from_row(row: ClaimRow) -> Claim | None:
    if row["about_kind"] == GROUPS and (row["claimed_status"] == "none_exist" or row["claimed_value"] == 0):
        return Claim(row["force_code"], GROUPS, NO_GROUPS, row["said_on"])
    if row["about_kind"] == SCALE and row["claimed_status"] == "none_exist":
        return Claim(row["force_code"], SCALE, "none", row["said_on"])
    if row["about_kind"] == SCALE and row["claimed_status"] in DIRECTIONS:
        return Claim(row["force_code"], SCALE, row["claimed_status"], row["said_on"])
    return None


def count_group_crimes(
    engine: ExpressionEngine, crimes: ibis.Table, suspects: ibis.Table, person_choice: ibis.Table | None
) -> dict[str, int]:
    """Count the group crimes of each force under one record linkage, the default or an alternative.

    They are flagged as exploitation of a child and have two or more named suspects. `crimes`: see
    `distinct_counts.included_crimes`.
    """
    named_suspects = apply_linkage_choice(suspects.filter(suspects.named.fill_null(False)), person_choice)
    marked = crimes.filter(crimes.in_flagged_or_titled_cse & crimes.in_child_sexual_offence)
    marked_suspects = named_suspects.select("force_code", "crime_ref", "person_id").semi_join(
        marked, ["force_code", "crime_ref"]
    )
    suspects_per_crime = marked_suspects.group_by("force_code", "crime_ref").aggregate(
        persons=marked_suspects.person_id.nunique()
    )
    suspects_per_crime = suspects_per_crime.filter(suspects_per_crime.persons >= 2)
    crime_counts = engine.run(
        suspects_per_crime.group_by("force_code").aggregate(crimes=suspects_per_crime.count())
    ).to_pylist()
    return {row["force_code"]: int(row["crimes"]) for row in crime_counts}


def check_claims(
    claims: Iterable[Claim],
    groups: Mapping[str, int],
    readings: Sequence[Mapping[str, int]],
    trends: Sequence[SeriesTrendRow],
    recorded: Mapping[str, int],
) -> list[TestedClaimRow]:
    """Test claims about scale and groups against the records.

    The result has one row for each claim about groups, and one for each series that a claimed change is held against.

    `groups`: groups in the records of each force (by crimes, with a child victim, flagged); `readings`: see
    `count_group_crimes`, one for each alternative linkage; `recorded`: flagged crimes by force.
    """
    rows: list[TestedClaimRow] = []
    for claim in claims:
        if claim.subject == GROUPS:
            rows.append(_groups_row(claim, groups, readings))
        elif claim.statement == "none":
            rows.append(_none_exist_row(claim, recorded))
        else:
            rows += _direction_rows(claim, trends)
    return rows


def _row(claim: Claim, compared_with: str, verdict: Verdict, why: str, **more: Any) -> TestedClaimRow:
    columns = {
        "place_code": claim.force_code, "claim": claim.key, "subject": claim.subject, "statement": claim.statement,
        "statement_date": claim.said_on.isoformat(), "compared_with": compared_with, "verdict": verdict, "why": why,
    }  # fmt: skip
    return cast(TestedClaimRow, dict.fromkeys(SCHEMA.names) | columns | more)


def _groups_row(claim: Claim, groups: Mapping[str, int], readings: Sequence[Mapping[str, int]]) -> TestedClaimRow:
    found, force = groups.get(claim.force_code, 0), claim.force_code
    agree = sum(reading.get(force, 0) > 0 for reading in readings)
    counts = {"found": found, "readings": len(readings), "readings_with_groups": agree}
    if found and agree >= MIN_PROBABILITY * len(readings):
        why = "Its own records show groups under every choice of record linkage."
        return _row(claim, "groups", "contradicted", why, **counts)
    if found or agree:
        why = DEPENDS_ON_LINKAGE if agree else NOT_NAMED
        return _row(claim, "groups", "cannot be said", why, **counts)
    why = "Its records show none: there may be none, or suspects were not entered, or exploitation was not marked."
    return _row(claim, "groups", "cannot be said", why, **counts)


def _none_exist_row(claim: Claim, recorded: Mapping[str, int]) -> TestedClaimRow:
    found = recorded.get(claim.force_code, 0)
    if found:
        return _row(claim, MARKED, "contradicted", "Its own records hold crimes that it marked itself.", found=found)
    why = "It marked no crime as exploitation: there may be none, or nobody marked any."
    return _row(claim, MARKED, "cannot be said", why, found=0)


def retest_directions(rows: Iterable[Row], trends: Sequence[Row]) -> list[Row]:
    """Return the rows of claims, with claims about a rise or fall tested again against these trends.

    At release the trends of whole years come from rounded counts: a verdict from the exact counts would tell more of
    them than the figures beside it.
    """
    return [_retested(row, trends) if _is_direction(row) else row for row in rows]


def _is_direction(row: Row) -> bool:
    return row["subject"] == SCALE and row["statement"] in DIRECTIONS


def _retested(row: Row, trends: Sequence[Row]) -> Row:
    claim = Claim(row["place_code"], SCALE, row["statement"], dt.date.fromisoformat(row["statement_date"]))
    by_series = {found["compared_with"]: found for found in _direction_rows(claim, trends)}
    found = by_series.get(row["compared_with"])
    if found is None:
        return row
    return row | {name: found[name] for name in ("verdict", "why", "probability_fell")}


def _direction_rows(claim: Claim, trends: Sequence[Mapping[str, Any]]) -> list[TestedClaimRow]:
    """Return the claim held against the force's own counts and against partners' lists."""
    rows = {kind: _series_row(claim, kind, trends) for kind in (*OWN_COUNTS, *NOT_OWN_COUNTS)}
    if claim.statement == "falling":
        verdicts = {kind: rows[kind]["verdict"] for kind in NOT_OWN_COUNTS}
        why = OTHERS_ROSE if "contradicted" in verdicts.values() else NO_PARTNER_FALL
        if why == OTHERS_ROSE or verdicts[PARTNERS] != "borne out":
            for kind in OWN_COUNTS:
                if rows[kind]["verdict"] == "borne out":
                    rows[kind] |= {"verdict": "cannot be said", "why": why}
    return [rows[kind] for kind in (*OWN_COUNTS, PARTNERS)]


def _series_row(claim: Claim, kind: str, trends: Sequence[Mapping[str, Any]]) -> TestedClaimRow:
    force_trends = [row for row in trends if row["place_code"] == claim.force_code and row["kind"] == kind]
    row = headline(force_trends)
    if row is None or row["refusal"]:
        why = row["refusal"] if row else "The force sent no records of this kind."
        return _row(claim, kind, "cannot be said", why)
    probability_fell = row["probability_fell"]
    if claim.statement == "unchanged":
        why = "That a level stayed the same can never be shown, only that no change is clear."
        clear = max(probability_fell, 1 - probability_fell) >= MIN_PROBABILITY
        return _row(
            claim, kind, "contradicted" if clear else "cannot be said",
            "This count clearly changed." if clear else why, probability_fell=probability_fell,
        )  # fmt: skip
    sure = probability_fell if claim.statement == "falling" else 1 - probability_fell
    verdict: Verdict = (
        "contradicted" if sure <= 1 - MIN_PROBABILITY else "borne out" if sure >= MIN_PROBABILITY else "cannot be said"
    )
    why = {
        "contradicted": "This count went the other way.",
        "borne out": "This count did: what was not recorded may have gone another way.",
        "cannot be said": "The change of this count lies within its ups and downs.",
    }[verdict]
    return _row(claim, kind, verdict, why, probability_fell=probability_fell)
