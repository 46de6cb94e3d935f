"""The evidence on one characteristic in one force, as parts from records and other sources.

A part has a level, the share of records that meet the standard. It is the share of known records, or the verdict of a
source with a random sample. Duties of other organisations do not count for or against a force. A measure without a
target (charges, for example) counts only through an outlier alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.grading.grading_rules import Rules
from assay.indicators import ALL, Indicator
from assay.indicators.evidence_sources import AGREE, BY_KEY, DISAGREE, NOT_ASKED
from assay.indicators.indicator_catalogue import COMPARED_ONLY, is_shown_only
from assay.reference import Characteristic
from assay.sdc import policy
from assay.sdc.cell_status import is_primary_suppressed
from assay.stats.missing_data_bounds import beta_population

Row = Mapping[str, Any]
MIN_BETWEEN_SD = 0.02
"""Lower bound of the standard deviation between forces, because the released value is rounded."""
FORCE_RECORD = "force"
POLICE = "police"
RECORDS = "records"
LESSONS, APPLIED_SHARES = "past_recommendations", {"applied": 1.0, "partly": 0.5, "not applied": 0.0}
"""Key of the part for past recommendations, and the share that each status counts as applied."""
CLAIMS, SCALE_CLAIM, INDICATOR_CLAIM = "claims", "scale", "indicator"
"""Key of the part for a force's claims about itself, and the two subjects of a claim."""
TREND_CLAIM_TITLE = "What the force says of a rise or fall, held against every series"
FIGURE_CLAIMS_TITLE = "Figures that the force gives of itself, of those that its records can test"
SUPPORTED, CONTRADICTED = "supported", "contradicted"
LESSONS_TITLE, MIN_LESSONS = "Past recommendations that practice shows applied", 3


@dataclass(frozen=True)
class Part:
    """One part of the evidence: met, not met and unknown records, or the verdict of a source.

    Parameters
    ----------
    outlier_direction
        'better' or 'worse' if the force has an outlier alert.
    false_alert_probability
        q-value of that alert.
    has_level
        False if only an outlier alert counts.
    fewer
        True if the title names what is not wanted.
    force_distribution
        Parameters of the beta distribution of the shares of all forces, if known.
    """

    kind: str
    key: str
    title: str
    met: float = 0.0
    not_met: float = 0.0
    unknown: float = 0.0
    verdict: str = ""
    outlier_direction: str = ""
    false_alert_probability: float = 1.0
    has_level: bool = True
    duty: bool = False
    fewer: bool = False
    force_distribution: tuple[float, float] | None = None

    @property
    def known_records(self) -> float:
        """Number of records with a known answer."""
        return self.met + self.not_met

    @property
    def is_share_of_records(self) -> bool:
        """True for a share of records; False for a verdict and for an indicator with one record per force."""
        return self.kind == RECORDS and self.has_level and self.known_records > 1


@dataclass(frozen=True)
class CharacteristicEvidence:
    """All evidence on one characteristic in one force."""

    place: str
    characteristic: Characteristic
    parts: tuple[Part, ...]
    voice_verdicts: Mapping[str, str]
    not_asked: tuple[str, ...]
    unknown_titles: tuple[str, ...] = ()

    @property
    def contradicted_by(self) -> tuple[str, ...]:
        """The sources with people's voices that disagree."""
        return tuple(name for name, verdict in self.voice_verdicts.items() if verdict == DISAGREE)

    @property
    def has_victim_voices(self) -> bool:
        """True if victims or survivors were asked about the characteristic."""
        return self.voice_verdicts.get("victims", NOT_ASKED) != NOT_ASKED


class EvidenceTables:
    """The released tables that proposals are based on, indexed by place."""

    def __init__(
        self,
        ladders: Iterable[Row],
        estimates: Iterable[Row],
        sources: Iterable[Row],
        lessons: Iterable[Row] = (),
        spread: Iterable[Row] = (),
        claims: Iterable[Row] = (),
    ) -> None:
        self.claims: dict[tuple[str, str], list[str]] = {}
        for row in claims:
            if row["verdict"] in (SUPPORTED, CONTRADICTED):
                self.claims.setdefault((row["place_code"], row["about"]), []).append(row["verdict"])
        self.force_distributions = {row["indicator"]: _force_distribution(row) for row in spread}
        self.lessons: dict[str, list[float]] = {}
        for row in lessons:
            if row["status"] in APPLIED_SHARES:
                self.lessons.setdefault(row["place_code"], []).append(APPLIED_SHARES[row["status"]])
        total_rows = (row for row in ladders if row.get("when_reported", ALL) == ALL)
        self.ladders = {(row["place_code"], row["indicator"]): row for row in total_rows}
        self.estimates = {(row["place_code"], row["indicator"]): row for row in estimates}
        self.source_verdicts: dict[tuple[str, str], dict[str, str]] = {}
        for row in sources:
            self.source_verdicts.setdefault((row["place_code"], row["characteristic"]), {})[row["strand"]] = row[
                "verdict"
            ]


def characteristic_evidence(
    tables: EvidenceTables, indicators: Sequence[Indicator], characteristic: Characteristic, place: str, rules: Rules
) -> CharacteristicEvidence:
    """Return the evidence on one characteristic in one force."""
    questions = set(characteristic.questions)
    relevant = [
        indicator
        for indicator in indicators
        if questions & set(indicator.asks.replace("|", " ").split()) and _can_count(indicator, rules)
    ]
    indicator_parts = [_indicator_part(indicator, tables, place, rules) for indicator in relevant]
    parts = [part for part in indicator_parts if part is not None]
    unknown_titles = tuple(
        indicator.title for indicator, part in zip(relevant, indicator_parts, strict=True) if part is None
    )
    verdicts = tables.source_verdicts.get((place, characteristic.key), {})
    for kind in _counted_sources(characteristic, rules):
        if verdicts.get(kind) in (AGREE, DISAGREE):
            parts.append(Part(kind, kind, BY_KEY[kind].name, verdict=verdicts[kind]))
    if (claims_part := _claims_part(characteristic, tables, place, rules)) is not None:
        parts.append(claims_part)
    else:
        unknown_titles += (TREND_CLAIM_TITLE,) * (characteristic.key in rules.claims_of_trend)
        unknown_titles += (FIGURE_CLAIMS_TITLE,) * (characteristic.key in rules.claims_of_figures)
    lessons = (
        tables.lessons.get(place, []) if characteristic.key == "lessons_applied" and not rules.duties_alone else []
    )
    if len(lessons) >= MIN_LESSONS:
        met = sum(lessons)
        parts.append(Part(RECORDS, LESSONS, LESSONS_TITLE, met, len(lessons) - met))
    voice_verdicts = {kind: verdicts.get(kind, NOT_ASKED) for kind in rules.strands_heard}
    not_asked = tuple(kind for kind in BY_KEY if kind != "data" and verdicts.get(kind, NOT_ASKED) == NOT_ASKED)
    return CharacteristicEvidence(place, characteristic, tuple(parts), voice_verdicts, not_asked, unknown_titles)


def _claims_part(characteristic: Characteristic, tables: EvidenceTables, place: str, rules: Rules) -> Part | None:
    """Return the part for the force's own claims if they count; None if its records cannot test them."""
    if rules.duties_alone:
        return None
    if characteristic.key in rules.claims_of_trend and (verdicts := tables.claims.get((place, SCALE_CLAIM))):
        return Part(CLAIMS, CLAIMS, TREND_CLAIM_TITLE, verdict=DISAGREE if CONTRADICTED in verdicts else AGREE)
    verdicts = tables.claims.get((place, INDICATOR_CLAIM), []) if characteristic.key in rules.claims_of_figures else []
    if len(verdicts) < max(rules.fewest_claims, 1):
        return None
    return Part(RECORDS, CLAIMS, FIGURE_CLAIMS_TITLE, verdicts.count(SUPPORTED), verdicts.count(CONTRADICTED))


def _can_count(indicator: Indicator, rules: Rules) -> bool:
    """Return True if the indicator may count for or against a police force."""
    is_police_measure = indicator.holder == POLICE and indicator.better != "neither" and not is_shown_only(indicator)
    return is_police_measure and (not rules.duties_alone or is_duty(indicator))


def is_duty(indicator: Indicator) -> bool:
    """Return True if the indicator is a duty of the police with a verified standard."""
    return indicator.graded and indicator.holder == POLICE


def _counted_sources(characteristic: Characteristic, rules: Rules) -> tuple[str, ...]:
    documents = ("documents",) if characteristic.key in rules.documents_counted else ()
    return (*rules.strands_counted, *documents)


def _indicator_part(indicator: Indicator, tables: EvidenceTables, place: str, rules: Rules) -> Part | None:
    """Return the part of one indicator; None if too few records are known or it could not be assessed."""
    row, estimate = tables.ladders.get((place, indicator.key)), tables.estimates.get((place, indicator.key), {})
    if row is None or row["not_askable"]:
        return None
    direction = ""
    if estimate.get("unusual"):
        direction = "better" if estimate["direction"] == indicator.better else "worse"
    false_alert_probability = estimate.get("q_value")
    alert_fields: dict[str, Any] = {
        "outlier_direction": direction,
        "false_alert_probability": 1.0 if false_alert_probability is None else float(false_alert_probability),
    }
    if indicator.key in COMPARED_ONLY:
        return (
            Part(
                RECORDS,
                indicator.key,
                indicator.title,
                has_level=False,
                fewer=indicator.better == "lower",
                **alert_fields,
            )
            if direction == "worse"
            else None
        )
    counts = [released_count(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
    if any(count is None for count in counts):
        return None
    met, not_met, *unknown = (float(count or 0) for count in counts)
    minimum = 1 if indicator.record == FORCE_RECORD else rules.fewest_records
    if met + not_met < minimum:
        return None
    if indicator.better == "lower":
        met, not_met = not_met, met
    return Part(
        RECORDS,
        indicator.key,
        indicator.title,
        met,
        not_met,
        sum(unknown),
        duty=is_duty(indicator),
        fewer=indicator.better == "lower",
        force_distribution=_on_wanted_side(indicator, tables.force_distributions.get(indicator.key)),
        **alert_fields,
    )


def _on_wanted_side(indicator: Indicator, distribution: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the beta distribution of the wanted share: with swapped parameters if a lower share is better."""
    return (distribution[1], distribution[0]) if distribution and indicator.better == "lower" else distribution


def released_count(row: Row, name: str) -> float | None:
    """Return a released count: the middle value if it is primary suppressed, None if secondary suppressed."""
    if row[name] is not None:
        return float(row[name])
    return (policy("record level").hide_up_to + 1) / 2 if is_primary_suppressed(row, name) else None


def _force_distribution(row: Row) -> tuple[float, float] | None:
    """Return the beta distribution of the true shares of all compared forces on an indicator."""
    overall, between_sd = row["overall"], row["between_force_sd"]
    return None if overall is None or between_sd is None else beta_population(overall, max(between_sd, MIN_BETWEEN_SD))
