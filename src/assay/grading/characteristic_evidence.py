"""What is a characteristic of good made of in one force: what do its records, files and other strands say?

A part has a level: how much of what is wanted is met. It is counted from records that tell, or it is the verdict of a
strand that was drawn by chance. Other bodies' duties are no part of a force's judgement, nor is what has no right
level: there only a force that stands apart from the others tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.grading.grading_rules import Rules
from assay.indicators import ALL, Indicator
from assay.indicators.evidence_strands import AGREE, BY_KEY, DISAGREE, NOT_ASKED
from assay.indicators.indicator_catalogue import COMPARED_ONLY, shown_only
from assay.reference import Characteristic
from assay.stats.missing_data_bounds import population

Row = Mapping[str, Any]
KEPT = "kept-back:"
OF_SMALL = 2.5
"""A count from 1 to 4 is hidden: it is taken for its middle."""
NARROWEST = 0.02
"""Forces are never taken to be more alike than this: a released spread is rounded."""
OF_BODIES = "force"
POLICE = "police"
RECORDS = "records"
LESSONS, APPLIED_PARTS = "past_recommendations", {"applied": 1.0, "partly": 0.5, "not applied": 0.0}
"""The part of a force in past recommendations, and how far each of those that can be shown is applied."""
CLAIMS, OF_SCALE, OF_FIGURES = "claims", "scale", "indicator"
"""The part of what a force says of itself; what a statement is about."""
OF_TREND = "What the force says of a rise or fall, held against every series"
OF_CLAIMS = "Figures that the force gives of itself, of those that its records can test"
SUPPORTED, CONTRADICTED = "supported", "contradicted"
OF_LESSONS, FEWEST_LESSONS = "Past recommendations that practice shows applied", 3


@dataclass(frozen=True)
class Part:
    """One part: met, not met and unknown records on the side that is wanted; or the verdict of a strand. `fewer`: the
    title names what is not wanted.

    `apart`: 'better' or 'worse' where the force stands apart from the others; `false_call`: how probable it is that it
    does not. `others`: the beta distribution of the other forces' shares, where it is known.
    """

    kind: str
    key: str
    title: str
    met: float = 0.0
    not_met: float = 0.0
    unknown: float = 0.0
    verdict: str = ""
    apart: str = ""
    false_call: float = 1.0
    has_level: bool = True
    duty: bool = False
    fewer: bool = False
    others: tuple[float, float] | None = None

    @property
    def told(self) -> float:
        """Records that tell."""
        return self.met + self.not_met

    @property
    def counted_from_many(self) -> bool:
        """Whether it is a share of records: not the verdict of a strand, and not the one record that a force is."""
        return self.kind == RECORDS and self.has_level and self.told > 1


@dataclass(frozen=True)
class Evidence:
    """Everything on one characteristic in one force: its parts, the verdicts of people who were heard, which strands
    nobody asked, and the titles of what would be a part if it told (`silent`)."""

    place: str
    characteristic: Characteristic
    parts: tuple[Part, ...]
    heard: Mapping[str, str]
    not_asked: tuple[str, ...]
    silent: tuple[str, ...] = ()

    @property
    def contradicted_by(self) -> tuple[str, ...]:
        """The strands of people that say no."""
        return tuple(name for name, verdict in self.heard.items() if verdict == DISAGREE)

    @property
    def victims_heard(self) -> bool:
        """Whether any victim or survivor was heard on it."""
        return self.heard.get("victims", NOT_ASKED) != NOT_ASKED


class Tables:
    """The tables that a judgement rests on, by place: ladders and standing of everyone together, strands,
    which past recommendations are applied, how forces differ on each indicator, and what forces say of themselves."""

    def __init__(
        self,
        ladders: Iterable[Row],
        standing: Iterable[Row],
        strands: Iterable[Row],
        lessons: Iterable[Row] = (),
        spread: Iterable[Row] = (),
        claims: Iterable[Row] = (),
    ) -> None:
        self.claims: dict[tuple[str, str], list[str]] = {}
        for row in claims:
            if row["verdict"] in (SUPPORTED, CONTRADICTED):
                self.claims.setdefault((row["place_code"], row["about"]), []).append(row["verdict"])
        self.others = {row["indicator"]: _others(row) for row in spread}
        self.lessons: dict[str, list[float]] = {}
        for row in lessons:
            if row["status"] in APPLIED_PARTS:
                self.lessons.setdefault(row["place_code"], []).append(APPLIED_PARTS[row["status"]])
        whole = (row for row in ladders if row.get("when_reported", ALL) == ALL)
        self.ladders = {(row["place_code"], row["indicator"]): row for row in whole}
        self.standing = {(row["place_code"], row["indicator"]): row for row in standing}
        self.strands: dict[tuple[str, str], dict[str, str]] = {}
        for row in strands:
            self.strands.setdefault((row["place_code"], row["characteristic"]), {})[row["strand"]] = row["verdict"]


def evidence(
    tables: Tables, indicators: Sequence[Indicator], one: Characteristic, place: str, rules: Rules
) -> Evidence:
    """What there is on one characteristic in one force."""
    wanted = set(one.questions)
    mine = [form for form in indicators if wanted & set(form.asks.replace("|", " ").split()) and _bears(form, rules)]
    found = [_of_indicator(form, tables, place, rules) for form in mine]
    parts = [part for part in found if part is not None]
    silent = tuple(form.title for form, part in zip(mine, found, strict=True) if part is None)
    verdicts = tables.strands.get((place, one.key), {})
    for kind in _counted(one, rules):
        if verdicts.get(kind) in (AGREE, DISAGREE):
            parts.append(Part(kind, kind, BY_KEY[kind].name, verdict=verdicts[kind]))
    if (claimed := _of_claims(one, tables, place, rules)) is not None:
        parts.append(claimed)
    else:
        silent += (OF_TREND,) * (one.key in rules.claims_of_trend)
        silent += (OF_CLAIMS,) * (one.key in rules.claims_of_figures)
    lessons = tables.lessons.get(place, []) if one.key == "lessons_applied" and not rules.duties_alone else []
    if len(lessons) >= FEWEST_LESSONS:
        met = sum(lessons)
        parts.append(Part(RECORDS, LESSONS, OF_LESSONS, met, len(lessons) - met))
    heard = {kind: verdicts.get(kind, NOT_ASKED) for kind in rules.strands_heard}
    not_asked = tuple(kind for kind in BY_KEY if kind != "data" and verdicts.get(kind, NOT_ASKED) == NOT_ASKED)
    return Evidence(place, one, tuple(parts), heard, not_asked, silent)


def _of_claims(one: Characteristic, tables: Tables, place: str, rules: Rules) -> Part | None:
    """What a force says of itself, where that is itself what is asked; None where its records cannot test it."""
    if rules.duties_alone:
        return None
    if one.key in rules.claims_of_trend and (told := tables.claims.get((place, OF_SCALE))):
        return Part(CLAIMS, CLAIMS, OF_TREND, verdict=DISAGREE if CONTRADICTED in told else AGREE)
    told = tables.claims.get((place, OF_FIGURES), []) if one.key in rules.claims_of_figures else []
    if len(told) < max(rules.fewest_claims, 1):
        return None
    return Part(RECORDS, CLAIMS, OF_CLAIMS, told.count(SUPPORTED), told.count(CONTRADICTED))


def _bears(form: Indicator, rules: Rules) -> bool:
    """Whether it may count for or against a police force at all."""
    theirs = form.holder == POLICE and form.better != "neither" and not shown_only(form)
    return theirs and (not rules.duties_alone or is_duty(form))


def is_duty(form: Indicator) -> bool:
    """Whether it is a duty of the police with a verified standard."""
    return form.graded and form.holder == POLICE


def _counted(one: Characteristic, rules: Rules) -> tuple[str, ...]:
    documents = ("documents",) if one.key in rules.documents_counted else ()
    return (*rules.strands_counted, *documents)


def _of_indicator(form: Indicator, tables: Tables, place: str, rules: Rules) -> Part | None:
    """The part that one indicator makes; None where too few of its records tell, or it could not be asked."""
    row, standing = tables.ladders.get((place, form.key)), tables.standing.get((place, form.key), {})
    if row is None or row["not_askable"]:
        return None
    apart = ""
    if standing.get("unusual"):
        apart = "better" if standing["direction"] == form.better else "worse"
    false_call = standing.get("q_value")
    told: dict[str, Any] = {"apart": apart, "false_call": 1.0 if false_call is None else float(false_call)}
    if form.key in COMPARED_ONLY:
        return (
            Part(RECORDS, form.key, form.title, has_level=False, fewer=form.better == "lower", **told)
            if apart == "worse"
            else None
        )
    counts = [count_seen(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
    if any(count is None for count in counts):
        return None
    met, not_met, *unknown = (float(count or 0) for count in counts)
    fewest = 1 if form.record == OF_BODIES else rules.fewest_records
    if met + not_met < fewest:
        return None
    if form.better == "lower":
        met, not_met = not_met, met
    return Part(RECORDS, form.key, form.title, met, not_met, sum(unknown), duty=is_duty(form),
                fewer=form.better == "lower", others=_wanted(form, tables.others.get(form.key)), **told)  # fmt: skip


def _wanted(form: Indicator, others: tuple[float, float] | None) -> tuple[float, float] | None:
    """The same distribution on the side that is wanted."""
    return (others[1], others[0]) if others and form.better == "lower" else others


def count_seen(row: Row, name: str) -> float | None:
    """A count as it may be seen; its middle where from 1 to 4 are hidden; None where it is kept back."""
    if row[name] is not None:
        return float(row[name])
    return OF_SMALL if name in (row.get("hidden") or "").split() else None


def _others(row: Row) -> tuple[float, float] | None:
    """The beta distribution of the true shares of all forces that were compared on an indicator."""
    overall, between = row["overall"], row["between_force_sd"]
    return None if overall is None or between is None else population(overall, max(between, NARROWEST))
