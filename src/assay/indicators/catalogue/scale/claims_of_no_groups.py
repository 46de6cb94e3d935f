"""A force says that there are no groups, or that it is falling: what do its own records say?

A denial of groups is held against crimes with two or more named suspects, counted under each way to decide who is the
same person: two names may be one man. A claim of a fall or a rise is held against every series of the force, each with
the probability that it fell. Nothing here says whether exploitation fell: the claim is held against counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from assay.indicators.catalogue.scale.distinct_counts import by_choice
from assay.indicators.catalogue.scale.record_series import MARKED, RECORDED, headline

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import Expressions

GROUPS, SCALE = "groups", "scale"
NO_GROUPS = "no groups"
DIRECTIONS = ("falling", "rising", "unchanged")
SURE = 0.9
HANGS = "Whether its records show a group hangs on who is the same person."
NOT_NAMED = "Its records show groups only of suspects who are not all named, and who may be one person."
Verdict = Literal["contradicted", "borne out", "cannot be said"]
TEXT, WHOLE = pa.string(), pa.int64()
SCHEMA = pa.schema(
    [(name, TEXT) for name in ("place_code", "claim", "about", "said", "said_on", "held_against")]
    + [("found", WHOLE), ("readings", WHOLE), ("readings_held", WHOLE), ("probability_fell", pa.float64())]
    + [("verdict", TEXT), ("why", TEXT)]
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """What a force says of itself: that there are no groups, or in which direction it goes."""

    force_code: str
    about: str
    said: str
    said_on: dt.date

    @property
    def key(self) -> str:
        """'groups 2025-10-12'."""
        return f"{self.about} {self.said_on.isoformat()}"


def claims_of(claims: Iterable[Row], profiles: Iterable[Row]) -> list[Claim]:
    """The claims of scale and of groups, and what a problem profile claims; others are tested elsewhere.

    A number of groups above none is no denial, and is not held here.
    """
    found = [one for row in claims if (one := _of_claim(row))]
    found += [
        Claim(row["force_code"], GROUPS, NO_GROUPS, row["published_on"])
        for row in profiles
        if row["claimed_groups"] == 0 and row["published_on"]
    ]
    return sorted(set(found), key=lambda one: (one.force_code, one.about, one.said_on, one.said))


def _of_claim(row: Row) -> Claim | None:
    if row["about_kind"] == GROUPS and (row["claimed_status"] == "none_exist" or row["claimed_value"] == 0):
        return Claim(row["force_code"], GROUPS, NO_GROUPS, row["said_on"])
    if row["about_kind"] == SCALE and row["claimed_status"] == "none_exist":
        return Claim(row["force_code"], SCALE, "none", row["said_on"])
    if row["about_kind"] == SCALE and row["claimed_status"] in DIRECTIONS:
        return Claim(row["force_code"], SCALE, row["claimed_status"], row["said_on"])
    return None


def by_several(
    engine: Expressions, crimes: ibis.Table, suspects: ibis.Table, chosen: ibis.Table | None
) -> dict[str, int]:
    """By force: crimes marked as exploitation of a child in which two or more named suspects took part, by one way to
    decide who is the same person (`chosen`: see `distinct`). `crimes`: see `distinct.taken_in`."""
    named = by_choice(suspects.filter(suspects.named.fill_null(False)), chosen)
    marked = crimes.filter(crimes.in_flagged_or_titled_cse & crimes.in_child_sexual_offence)
    both = named.select("force_code", "crime_ref", "person_id").semi_join(marked, ["force_code", "crime_ref"])
    each = both.group_by("force_code", "crime_ref").aggregate(persons=both.person_id.nunique())
    each = each.filter(each.persons >= 2)
    told_rows = engine.run(each.group_by("force_code").aggregate(crimes=each.count())).to_pylist()
    return {row["force_code"]: int(row["crimes"]) for row in told_rows}


def held(
    claims: Iterable[Claim],
    groups: Mapping[str, int],
    readings: Sequence[Mapping[str, int]],
    trends: Sequence[Row],
    recorded: Mapping[str, int],
) -> list[Row]:
    """The rows of `SCHEMA`. `groups`: by force, groups that the records show (by crimes, a child victim, marked);
    `readings`: see `by_several`, one a way to decide who is the same person; `recorded`: marked crimes by force."""
    rows: list[Row] = []
    for claim in claims:
        if claim.about == GROUPS:
            rows.append(_of_groups(claim, groups, readings))
        elif claim.said == "none":
            rows.append(_of_none(claim, recorded))
        else:
            rows += [_of_series(claim, kind, trends) for kind in (RECORDED, MARKED)]
    return rows


def _row(claim: Claim, held_against: str, verdict: Verdict, why: str, **more: Any) -> Row:
    told = {
        "place_code": claim.force_code, "claim": claim.key, "about": claim.about, "said": claim.said,
        "said_on": claim.said_on.isoformat(), "held_against": held_against, "verdict": verdict, "why": why,
    }  # fmt: skip
    return dict.fromkeys(SCHEMA.names) | told | more


def _of_groups(claim: Claim, groups: Mapping[str, int], readings: Sequence[Mapping[str, int]]) -> Row:
    found, force = groups.get(claim.force_code, 0), claim.force_code
    agree = sum(one.get(force, 0) > 0 for one in readings)
    told = {"found": found, "readings": len(readings), "readings_held": agree}
    if found and agree >= SURE * len(readings):
        why = "Its own records show groups, whichever way it is decided who is the same person."
        return _row(claim, "groups", "contradicted", why, **told)
    if found or agree:
        why = HANGS if agree else NOT_NAMED
        return _row(claim, "groups", "cannot be said", why, **told)
    why = "Its records show none: there may be none, or suspects were not entered, or exploitation was not marked."
    return _row(claim, "groups", "cannot be said", why, **told)


def _of_none(claim: Claim, recorded: Mapping[str, int]) -> Row:
    found = recorded.get(claim.force_code, 0)
    if found:
        return _row(claim, MARKED, "contradicted", "Its own records hold crimes that it marked itself.", found=found)
    why = "It marked no crime as exploitation: there may be none, or nobody marked any."
    return _row(claim, MARKED, "cannot be said", why, found=0)


def _of_series(claim: Claim, kind: str, trends: Sequence[Row]) -> Row:
    mine = [row for row in trends if row["place_code"] == claim.force_code and row["kind"] == kind]
    row = headline(mine)
    if row is None or row["refusal"]:
        why = row["refusal"] if row else "The force sent no records of this kind."
        return _row(claim, kind, "cannot be said", why)
    fell = row["probability_fell"]
    if claim.said == "unchanged":
        why = "That a level stayed the same can never be shown, only that no change is clear."
        clear = max(fell, 1 - fell) >= SURE
        return _row(
            claim, kind, "contradicted" if clear else "cannot be said",
            "This count clearly changed." if clear else why, probability_fell=fell,
        )  # fmt: skip
    sure = fell if claim.said == "falling" else 1 - fell
    verdict: Verdict = "contradicted" if sure <= 1 - SURE else "borne out" if sure >= SURE else "cannot be said"
    why = {
        "contradicted": "This count went the other way.",
        "borne out": "This count did: what was not recorded may have gone another way.",
        "cannot be said": "The change of this count lies within its ups and downs.",
    }[verdict]
    return _row(claim, kind, verdict, why, probability_fell=fell)
