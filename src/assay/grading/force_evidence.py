"""The evidence on one characteristic in one force: every item, how it counts, and why an item does not count.

Grades, reasons, concerns, briefs and pages read this evidence and collect none of their own. A piece counts in one of
four ways. A level is a share of records that a standard in law asks for, or the verdict of a source (case files,
documents, claims). A comparison is a share without a standard: it counts only against a force that lies beyond the
others. An outlier alert, of one measure or of a combined test, counts against a force except where the alert is false.
A test without an alert keeps a theme from being called good (`adverse_tests`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, pvariance
from typing import Any

from assay.compare.alert_thresholds import FAILURE_MODE_Q_THRESHOLD
from assay.grading.grading_rules import Rules
from assay.grading.hypothesis_register import modes_by_characteristic
from assay.indicators import ALL, EVERYWHERE, Indicator
from assay.indicators.evidence_sources import AGREE, BY_KEY, CANNOT_TELL, DISAGREE, NOT_ASKED
from assay.indicators.failure_mode_measures import HIGHER, LOWER, MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import COMPARED_ONLY, is_shown_only
from assay.reference import Characteristic, failure_modes, recommendations
from assay.sdc import policy
from assay.sdc.cell_status import is_primary_suppressed, is_suppressed
from assay.sdc.sum_ranges import cell_range
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.missing_data_bounds import beta_population

Row = Mapping[str, Any]
TestPValues = Mapping[str, tuple[Mapping[str, float], tuple[str, ...]]]
"""By test, the one-sided p-value by place, and the measures."""
MIN_BETWEEN_SD_RATIO = 0.04
"""Lower bound of the standard deviation between forces, because the released value is rounded: two points at a mean
share of 50%, and less where shares near 0 or 1 leave less room, in the ratio of sqrt(m(1-m))."""
FORCE_RECORD = "force"
POLICE = "police"
RECORDS, COMBINED_TEST, TEST = "records", "combined test", "test"
"""Kinds of evidence from records: a measure, the outlier alert of a combined test, and a test without an alert."""
LESSONS, APPLIED_SHARES = "past_recommendations", {"applied": 1.0, "partly": 0.5, "not applied": 0.0}
"""Key of the piece for past recommendations, and the share that each status counts as applied."""
CLAIMS, SCALE_CLAIM, INDICATOR_CLAIM = "claims", "scale", "indicator"
"""Key of the piece for a force's claims about itself, and the two subjects of a claim."""
TREND_CLAIM_TITLE = "What the force says of a rise or fall, held against every series"
FIGURE_CLAIMS_TITLE = "Figures that the force gives of itself, of those that its records can test"
SUPPORTED, CONTRADICTED = "supported", "contradicted"
LESSONS_TITLE, MIN_LESSONS = "Past recommendations that practice shows applied", 3
WORSE, BETTER = "worse", "better"
FAVOURABLE, ADVERSE, UNDECIDED = "for", "against", "neither"

NO_SIDE = "neither more nor less of it is better in itself"
SHOWN_ONLY = "its standard is shown, and grades no force"
NOT_ASKABLE = "the return cannot answer it"
SUPPRESSED = "too few records lie on one side for the share to be shown"
UNKNOWN_SUPPRESSED = "the number of records whose answer is not known is suppressed"
NOT_COMPARED = "no law or published standard sets a level, and it is not compared with other forces"
ONE_RECORD = "no law or published standard sets a level, and there is one record a force, so nothing to compare"
NO_OUTLIER = "it has no right level, and the force is no outlier for the worse"
ONLY_WRITTEN = "a document shows that something is written down, not that it is done"
NO_VERDICT = "it points neither way"
FEW_APPLIED = "too few past recommendations are applied: to be no worse than other forces does not show them applied"
READ_IN_COPY = "not graded: the text of too many of them was read only in a copy or report"
VOICES = "voices are never added up: they hold a grade back where they contradict the records"


@dataclass(frozen=True)
class EvidenceItem:
    """One item of evidence on one characteristic in one force, such as an indicator with its figures.

    Parameters
    ----------
    met, not_met, unknown
        Records on the wanted side, on the other side, and without an answer.
    verdict
        The verdict of a source that is no share of records.
    outlier_direction
        'better' or 'worse' if the force has an outlier alert.
    false_alert_probability
        q-value of that alert.
    has_level
        True if its level counts: a share with a standard, or a verdict.
    is_compared
        True if it counts by comparison with the other forces.
    fewer
        True if the title names what is not wanted.
    force_distribution
        Parameters of the beta distribution of the wanted shares of all forces, if known.
    not_counted
        Why it does not count; '' if it counts.
    row, estimate
        The released rows of `ladders` and `force_estimates` that its figure is quoted from.
    direction, probability_against
        For, against or neither, and the probability that it speaks against the force; set by `characteristic_level`.
    is_level_missed
        True if its level is more probably below the line than not; set by `characteristic_level`. An item that also
        counts by comparison may speak against the force although its level does not.
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
    is_compared: bool = False
    duty: bool = False
    fewer: bool = False
    force_distribution: tuple[float, float] | None = None
    not_counted: str = ""
    row: Row | None = None
    estimate: Row | None = None
    direction: str = UNDECIDED
    probability_against: float | None = None
    is_level_missed: bool = False

    @property
    def known_records(self) -> float:
        """Number of records whose answer is known."""
        return self.met + self.not_met

    @property
    def is_share_of_records(self) -> bool:
        """True if the item is a share of records, not a verdict or an indicator with one record per force."""
        return self.kind == RECORDS and (self.has_level or self.is_compared) and self.known_records > 1


@dataclass(frozen=True)
class CharacteristicEvidence:
    """All evidence on one characteristic in one force: the `items` that count, and `other_items`, with reasons."""

    place: str
    characteristic: Characteristic
    items: tuple[EvidenceItem, ...]
    voice_verdicts: Mapping[str, str]
    not_asked: tuple[str, ...]
    unknown_titles: tuple[str, ...] = ()
    other_items: tuple[EvidenceItem, ...] = ()

    @property
    def contradicted_by(self) -> tuple[str, ...]:
        """The sources based on people's accounts that contradict the other evidence."""
        return tuple(name for name, verdict in self.voice_verdicts.items() if verdict == DISAGREE)

    @property
    def has_victim_voices(self) -> bool:
        """True if victims or survivors were asked about the characteristic."""
        return self.voice_verdicts.get("victims", NOT_ASKED) != NOT_ASKED

    @property
    def adverse_tests(self) -> tuple[EvidenceItem, ...]:
        """The significant tests against the force that did not cause an outlier alert."""
        return tuple(item for item in self.items if item.kind == TEST)

    @property
    def worse_alerts(self) -> tuple[EvidenceItem, ...]:
        """The counted items of evidence with a negative outlier alert."""
        return tuple(item for item in self.items if item.outlier_direction == WORSE)


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
        combined_tests: Iterable[Row] = (),
    ) -> None:
        self.claims: dict[tuple[str, str], list[str]] = {}
        for row in claims:
            if row["verdict"] in (SUPPORTED, CONTRADICTED):
                self.claims.setdefault((row["place_code"], row["subject"]), []).append(row["verdict"])
        spread_rows = list(spread)
        self.force_distributions = {row["indicator"]: _force_distribution(row) for row in spread_rows}
        self.overall_shares = {row["indicator"]: row["overall"] for row in spread_rows}
        self.lessons: dict[str, list[float]] = {}
        self.ungraded_lessons: dict[str, list[float]] = {}
        """Shares of recommendations whose text was read only in a copy or report: shown, and counted in no grade."""
        for row in lessons:
            if row["status"] in APPLIED_SHARES:
                shares = self.lessons if _lesson_grades(row["recommendation"]) else self.ungraded_lessons
                shares.setdefault(row["place_code"], []).append(APPLIED_SHARES[row["status"]])
        self.lesson_distribution = _lesson_distribution(list(self.lessons.values()))
        total_rows = (row for row in ladders if row.get("when_reported", ALL) == ALL)
        self.ladders = {(row["place_code"], row["indicator"]): row for row in total_rows}
        self.estimates = {(row["place_code"], row["indicator"]): row for row in estimates}
        self.alerted_modes: dict[str, dict[str, Row]] = {}
        for row in combined_tests:
            if row["outlier_alert"]:
                self.alerted_modes.setdefault(row["place_code"], {})[row["failure_mode"]] = row
        self.test_p_values: dict[tuple[str, bool], TestPValues] = {}
        """By characteristic, and whether duties alone count: the p-values of its tests, kept by `adverse_tests`."""
        self.source_verdicts: dict[tuple[str, str], dict[str, str]] = {}
        for row in sources:
            self.source_verdicts.setdefault((row["place_code"], row["characteristic"]), {})[row["evidence_source"]] = (
                row["verdict"]
            )


def characteristic_evidence(
    tables: EvidenceTables, indicators: Sequence[Indicator], characteristic: Characteristic, place: str, rules: Rules
) -> CharacteristicEvidence:
    """Return the evidence on one characteristic in one force."""
    relevant = relevant_indicators(indicators, characteristic, rules)
    sides = wanted_sides(relevant, characteristic, rules)
    found = [_indicator_item(indicator, sides[indicator.key], tables, place, rules) for indicator in relevant]
    found += _combined_test_items(characteristic, indicators, tables, place, rules)
    found += _source_items(characteristic, tables, place, rules)
    if (claims_item := _claims_item(characteristic, tables, place, rules)) is not None:
        found.append(claims_item)
    if (lessons_item := _lessons_item(characteristic, tables, place, rules)) is not None:
        found.append(lessons_item)
    verdicts = tables.source_verdicts.get((place, characteristic.key), {})
    counted_keys = {item.key for item in found if not item.not_counted}
    unknown_titles = [
        indicator.title
        for indicator in relevant
        if indicator.key not in counted_keys and not reason_never_counted(indicator, sides[indicator.key], rules)
    ]
    if claims_item is None:
        unknown_titles += [TREND_CLAIM_TITLE] * (characteristic.key in rules.claims_of_trend)
        unknown_titles += [FIGURE_CLAIMS_TITLE] * (characteristic.key in rules.claims_of_figures)
    return CharacteristicEvidence(
        place,
        characteristic,
        tuple(item for item in found if not item.not_counted),
        {kind: verdicts.get(kind, NOT_ASKED) for kind in rules.strands_heard},
        tuple(kind for kind in BY_KEY if kind != "data" and verdicts.get(kind, NOT_ASKED) == NOT_ASKED),
        tuple(unknown_titles),
        tuple(item for item in found if item.not_counted),
    )


def relevant_indicators(
    indicators: Sequence[Indicator], characteristic: Characteristic, rules: Rules
) -> list[Indicator]:
    """Return the indicators that test a characteristic, by its questions and by the failure modes that it prevents."""
    questions = set(characteristic.questions)
    mode_measures = {
        measure
        for mode in (modes_by_characteristic().get(characteristic.key, ()) if rules.compared else ())
        for measure in MEASURES_OF_MODE.get(mode, ())
    }
    return [
        indicator
        for indicator in indicators
        if indicator.key in mode_measures or questions & set(indicator.asks.replace("|", " ").split())
    ]


def is_duty(indicator: Indicator) -> bool:
    """Return True if the indicator is a duty of the police with a verified standard."""
    return indicator.graded and indicator.holder == POLICE


def wanted_sides(indicators: Sequence[Indicator], characteristic: Characteristic, rules: Rules) -> dict[str, str]:
    """Return, for each indicator, whether high or low values are better, or 'neither'.

    A measure of which neither side is better in itself takes the side of the failure mode that the characteristic is
    opposed to: few flags are a sign of missing flags, whatever many flags are a sign of.
    """
    modes = modes_by_characteristic().get(characteristic.key, ()) if rules.compared else ()
    adverse = {key: side for mode in modes for key, side in MEASURES_OF_MODE.get(mode, {}).items()}
    opposite = {LOWER: HIGHER, HIGHER: LOWER}
    return {
        indicator.key: opposite[adverse[indicator.key]]
        if indicator.better == "neither" and indicator.key in adverse
        else indicator.better
        for indicator in indicators
    }


def reason_never_counted(indicator: Indicator, wanted_side: str, rules: Rules) -> str:
    """Return why the indicator never counts for or against a police force; '' if it can count."""
    if indicator.holder != POLICE:
        return f"the duty is held by {indicator.holder}"
    if wanted_side == "neither":
        return NO_SIDE
    if is_shown_only(indicator) or (rules.duties_alone and not is_duty(indicator)):
        return SHOWN_ONLY
    return ""


def _combined_test_items(
    characteristic: Characteristic, indicators: Sequence[Indicator], tables: EvidenceTables, place: str, rules: Rules
) -> list[EvidenceItem]:
    """Return one item for each failure mode of the characteristic in which the force has an alert."""
    alerts = tables.alerted_modes.get(place, {}) if rules.compared and not rules.duties_alone else {}
    return [
        EvidenceItem(
            COMBINED_TEST,
            mode,
            failure_modes().get(mode).text.rstrip("."),
            outlier_direction=WORSE,
            false_alert_probability=FAILURE_MODE_Q_THRESHOLD,
            has_level=False,
            fewer=True,
            estimate=alerts[mode],
            not_counted=_reason_test_not_counted(mode, indicators),
        )
        for mode in modes_by_characteristic().get(characteristic.key, ())
        if mode in alerts
    ]


def _reason_test_not_counted(mode: str, indicators: Sequence[Indicator]) -> str:
    """Return why a combined test does not count for the police: no measure in it is their duty; '' if it counts."""
    holders = {form.holder for form in indicators if form.key in MEASURES_OF_MODE.get(mode, {})}
    is_counted = POLICE in holders or not holders
    return "" if is_counted else f"the duty is held by {' and '.join(sorted(holders))}"


def _source_items(
    characteristic: Characteristic, tables: EvidenceTables, place: str, rules: Rules
) -> list[EvidenceItem]:
    """Return one item for each source other than records that was asked; voices never count by themselves."""
    verdicts = tables.source_verdicts.get((place, characteristic.key), {})
    counted_kinds = _counted_sources(characteristic, rules)
    items = []
    for kind, source in BY_KEY.items():
        verdict = verdicts.get(kind, NOT_ASKED)
        if kind == "data" or verdict == NOT_ASKED:
            continue
        reason = "" if kind in counted_kinds else VOICES if kind in rules.strands_heard else ONLY_WRITTEN
        reason = reason or (NO_VERDICT if verdict == CANNOT_TELL else "")
        items.append(EvidenceItem(kind, kind, source.name, verdict=verdict, not_counted=reason))
    return items


def _counted_sources(characteristic: Characteristic, rules: Rules) -> tuple[str, ...]:
    documents = ("documents",) if characteristic.key in rules.documents_counted else ()
    return (*rules.strands_counted, *documents)


def _claims_item(
    characteristic: Characteristic, tables: EvidenceTables, place: str, rules: Rules
) -> EvidenceItem | None:
    """Return the item for the force's own claims if they count; None if its records cannot test them."""
    if rules.duties_alone:
        return None
    if characteristic.key in rules.claims_of_trend and (verdicts := tables.claims.get((place, SCALE_CLAIM))):
        return EvidenceItem(CLAIMS, CLAIMS, TREND_CLAIM_TITLE, verdict=DISAGREE if CONTRADICTED in verdicts else AGREE)
    verdicts = tables.claims.get((place, INDICATOR_CLAIM), []) if characteristic.key in rules.claims_of_figures else []
    if len(verdicts) < max(rules.fewest_claims, 1):
        return None
    return EvidenceItem(RECORDS, CLAIMS, FIGURE_CLAIMS_TITLE, verdicts.count(SUPPORTED), verdicts.count(CONTRADICTED))


def _lessons_item(
    characteristic: Characteristic, tables: EvidenceTables, place: str, rules: Rules
) -> EvidenceItem | None:
    if characteristic.key != "lessons_applied" or rules.duties_alone:
        return None
    lessons = tables.lessons.get(place, [])
    if len(lessons) < MIN_LESSONS:
        return _ungraded_lessons_item([*lessons, *tables.ungraded_lessons.get(place, [])])
    distribution = tables.lesson_distribution
    is_compared = rules.compared and distribution is not None
    return EvidenceItem(
        RECORDS,
        LESSONS,
        LESSONS_TITLE,
        sum(lessons),
        len(lessons) - sum(lessons),
        has_level=rules.levels_of_all,
        is_compared=is_compared,
        force_distribution=distribution,
        not_counted="" if rules.levels_of_all or is_compared else NOT_COMPARED,
    )


def _ungraded_lessons_item(lessons: Sequence[float]) -> EvidenceItem | None:
    """Return the item for recommendations of which too few may grade: shown with its figures, and not counted."""
    if len(lessons) < MIN_LESSONS:
        return None
    applied = sum(lessons)
    return EvidenceItem(
        RECORDS, LESSONS, LESSONS_TITLE, applied, len(lessons) - applied, has_level=False, not_counted=READ_IN_COPY
    )


def _lesson_grades(key: str) -> bool:
    """Return True if the recommendation's own text was read; False for one that is no longer in the register."""
    return recommendations().knows(key) and recommendations().get(key).grades


def _indicator_item(
    indicator: Indicator, wanted_side: str, tables: EvidenceTables, place: str, rules: Rules
) -> EvidenceItem:
    """Return the item of one indicator, with the reason if it does not count."""
    row, estimate = tables.ladders.get((place, indicator.key)), tables.estimates.get((place, indicator.key), {})
    fewer = wanted_side == LOWER
    direction = ""
    if estimate.get("outlier_alert") and wanted_side != "neither":
        direction = BETTER if estimate["direction"] == wanted_side else WORSE
        if direction == BETTER and indicator.better == "neither":
            direction = ""  # few flags are a sign of missing flags, and many are no merit
    q_value = estimate.get("q_value")
    fields: dict[str, Any] = {
        "outlier_direction": direction,
        "false_alert_probability": (FAILURE_MODE_Q_THRESHOLD if direction else 1.0)
        if q_value is None
        else float(q_value),
        "fewer": fewer,
        "duty": is_duty(indicator),
        "row": row,
        "estimate": estimate,
        "has_level": False,
    }
    reason = reason_never_counted(indicator, wanted_side, rules) or (
        NOT_ASKABLE if row is None or row["not_askable"] else ""
    )
    if reason or row is None:
        return EvidenceItem(RECORDS, indicator.key, indicator.title, not_counted=reason, **fields)
    if indicator.key in COMPARED_ONLY:
        reason = "" if direction == WORSE else NO_OUTLIER
        return EvidenceItem(RECORDS, indicator.key, indicator.title, not_counted=reason, **fields)
    fields |= counts_on_sides(row, estimate, fewer=fewer)
    distribution = _on_wanted_side(tables.force_distributions.get(indicator.key), fewer=fewer)
    fields["force_distribution"] = distribution
    fields["has_level"] = counts_by_level(indicator, rules) and is_level_public(row, estimate, rules, fewer=fewer)
    is_comparable = place != EVERYWHERE and distribution is not None and not estimate.get("not_comparable")
    fields["is_compared"] = rules.compared and is_comparable
    is_counted = fields["has_level"] or fields["is_compared"] or direction == WORSE
    reason = _reason_too_few(indicator, fields, rules) or ("" if is_counted else _reason_not_compared(indicator, row))
    if reason and direction == WORSE and rules.compared:  # an alert counts also where its share cannot be shown
        reason, fields["has_level"], fields["is_compared"] = "", False, False
    return EvidenceItem(RECORDS, indicator.key, indicator.title, not_counted=reason, **fields)


def counts_by_level(indicator: Indicator, rules: Rules) -> bool:
    """Return True if the indicator's own level counts as evidence, not only its comparison with other forces."""
    return rules.levels_of_all or is_duty(indicator)


def is_level_public(row: Row, estimate: Row, rules: Rules, *, fewer: bool) -> bool:
    """Return True if the released counts alone say whether the share meets the level required of every force.

    Beside a suppressed count, "met" or "missed" would read as a bound on it: of 15 met and 1 to 7 not met, "met" says
    that at most 5 are not. So the level counts only if every possible value gives the same answer.
    """
    if not any(is_suppressed(row, name) for name in SIDES):
        return True
    met, not_met = (_possible_values(row, estimate, *names) for names in (SIDES, SIDES[::-1]))
    better_side, worse_side = (not_met, met) if fewer else (met, not_met)
    lowest, highest = _share(better_side[0], worse_side[1]), _share(better_side[1], worse_side[0])
    return lowest >= rules.line or highest < rules.line


def _possible_values(row: Row, estimate: Row, name: str, other_name: str) -> tuple[float, float]:
    """Return the smallest and the largest value of one side, by its released count and by the released base."""
    release_policy = policy("record level")
    low, high = cell_range(row, name, release_policy)
    if estimate.get("base") is None:
        return low, high
    base_low, base_high = cell_range(estimate, "base", release_policy)
    other_low, other_high = cell_range(row, other_name, release_policy)
    return max(low, base_low - other_high), min(high, base_high - other_low)


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else 0.0


def counts_on_sides(row: Row, estimate: Row, *, fewer: bool) -> dict[str, float | None]:
    """Return the numbers of records met and not met (swapped if fewer is better) and unknown; None if suppressed.

    A secondary suppressed side is the rest of the released base, if the other side is released: that is what every
    reader of the release can work out, with the same rounding.
    """
    met, not_met, *unknown = (released_count(row, name) for name in COUNT_COLUMNS)
    base = estimate.get("base")
    if base is not None and (met is None) != (not_met is None):
        met = max(base - (not_met or 0.0), 0.0) if met is None else met
        not_met = max(base - met, 0.0) if not_met is None else not_met
    if fewer:
        met, not_met = not_met, met
    return {"met": met, "not_met": not_met, "unknown": None if None in unknown else sum(map(float, unknown))}  # type: ignore[arg-type]


SIDES = ("met", "not_met")
COUNT_COLUMNS = ("met", "not_met", "not_known", "not_known_if_counted")


def _reason_too_few(indicator: Indicator, fields: dict[str, Any], rules: Rules) -> str:
    """Return why the counts are too few to count, and replace missing counts by zero."""
    suppressed = [name for name in ("met", "not_met", "unknown") if fields[name] is None]
    fields |= {name: float(fields[name] or 0) for name in ("met", "not_met", "unknown")}
    minimum = 1 if indicator.record == FORCE_RECORD else rules.fewest_records
    if suppressed:
        return UNKNOWN_SUPPRESSED if suppressed == ["unknown"] else SUPPRESSED
    return f"fewer than {minimum} records tell" if fields["met"] + fields["not_met"] < minimum else ""


def _reason_not_compared(indicator: Indicator, row: Row) -> str:
    if any(is_suppressed(row, name) for name in SIDES):
        return SUPPRESSED
    return ONE_RECORD if indicator.record == FORCE_RECORD else NOT_COMPARED


def _on_wanted_side(distribution: tuple[float, float] | None, *, fewer: bool) -> tuple[float, float] | None:
    """Return the beta distribution of the wanted share: with swapped parameters if a lower share is better."""
    return (distribution[1], distribution[0]) if distribution and fewer else distribution


def released_count(row: Row, name: str) -> float | None:
    """Return a released count: the middle of its range if primary suppressed, None if secondary suppressed."""
    if row[name] is not None:
        return float(row[name])
    return (policy("record level").suppression_threshold + 1) / 2 if is_primary_suppressed(row, name) else None


def _lesson_distribution(statuses: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """Return the beta distribution of the shares of recommendations applied; None with too few forces to compare.

    Whether a recommendation is applied is judged by levels of our own, so that only the comparison may count. The
    variance between forces is that of the shares, less what chance alone gives with so few recommendations.
    """
    shares = [mean(values) for values in statuses if len(values) >= MIN_LESSONS]
    if len(shares) < FEWEST_UNITS:
        return None
    overall, number = mean(shares), mean(len(values) for values in statuses)
    between_sd = max(pvariance(shares) - overall * (1 - overall) / number, 0.0) ** 0.5
    return beta_population(overall, max(between_sd, _min_between_sd(overall)))


def _force_distribution(row: Row) -> tuple[float, float] | None:
    """Return the beta distribution of the true shares of all compared forces on an indicator."""
    overall, between_sd = row["overall"], row["between_force_sd"]
    if overall is None or between_sd is None:
        return None
    return beta_population(overall, max(between_sd, _min_between_sd(overall)))


def _min_between_sd(overall: float) -> float:
    return float(MIN_BETWEEN_SD_RATIO * (overall * (1 - overall)) ** 0.5)
