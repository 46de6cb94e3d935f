"""Answer questions in part with published figures: counts in reports, tables on local services, and recommendations.

Official tables of offences answer through findings. What stands here answers a part of further questions, or is context
for a question that it does not answer (`questions.csv` says which), each with what it cannot tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.ingest.official_statistics.area_counts import PLANS_AGAIN, PLANS_STARTED
from assay.reference import PublishedCount, Recommendation
from assay.reference.past_recommendations import STATES
from assay.reference.published_counts import FIGURE
from assay.report.period_words import partial_date_text
from assay.sdc import declared_tables
from assay.stats.binomial_intervals import wilson
from assay.wording import format_number

TABLE = "published_answers"
PLANS_SOURCE = "plans_started"
INSPECTION_OF_2023 = "hmicfrs-2023-"
RECOMMENDATIONS_SOURCE = "Register of past recommendations; the source of each row stands on its page"


@dataclass(frozen=True)
class Answer:
    """One sentence that answers part of a question, or gives context; `evidence` says how well it is known."""

    key: str
    number: str
    place: str
    period: str
    sentence: str
    cannot_tell: str
    source: str
    address: str
    evidence: str


def published_answers(children_services: pa.Table, editions: Mapping[str, str]) -> tuple[Answer, ...]:
    """Return every sentence with a published figure for a question.

    Parameters
    ----------
    children_services
        Counts of children's services by year, area and measure.
    editions
        The words for the file that was read, by kind.
    """
    answers = [_count_answer(count) for count in reference.published_counts()]
    answers += _plan_answers(children_services, editions.get(PLANS_SOURCE, ""))
    return (*answers, *_recommendation_answers())


def answer_table(answers: tuple[Answer, ...]) -> pa.Table:
    """Return these sentences as a table for release."""
    return pa.Table.from_pylist([vars(answer) for answer in answers], schema=declared_tables()[TABLE].schema)


def figure_words(count: PublishedCount) -> str:
    """Return a published figure as text to put before the noun that it counts: '35% of 1,900', '248 days'."""
    if count.number is not None and count.base is not None:
        return f"{format_number(count.number)} of {format_number(count.base)}"
    if count.days is not None:
        return f"{format_number(count.days)} days"
    share = f"{count.qualifier} {count.percent:g}%".strip()
    if count.margin is not None and count.percent is not None:
        share += f" ({count.percent - count.margin:.1f}% to {count.percent + count.margin:.1f}%)"
    return f"{share} of {format_number(count.base)}" if count.base is not None else f"{share} of"


def _count_answer(count: PublishedCount) -> Answer:
    text = count.text.replace(FIGURE, figure_words(count))
    return Answer(
        key=count.key,
        number=count.question,
        place=count.place,
        period=count.period,
        sentence=f"{text[:1].upper()}{text[1:]}.{_sample_words(count)}",
        cannot_tell=count.cannot_tell,
        source=count.source,
        address=count.address,
        evidence=count.evidence,
    )


def _sample_words(count: PublishedCount) -> str:
    """Return the 95% Wilson interval as of a random sample: chosen files leave more uncertainty, not less."""
    if not count.like_sample or count.number is None or count.base is None:
        return ""
    low, high = wilson(count.number, count.base)
    return (
        f" If the {count.base} were a random sample, the share would be {count.number / count.base:.0%} "
        f"(95% interval {low:.0%} to {high:.0%})."
    )


def _plan_answers(children_services: pa.Table, edition: str) -> Iterator[Answer]:
    """Yield the share of protection plans in England that were not the first, in the latest year with both counts.

    It is context for its question, which asks for crimes, missing episodes and referrals.
    """
    national = children_services.filter(pc.equal(children_services["area_code"], "E")).to_pylist()
    counts = {(row["year"], row["measure"]): row["number"] for row in national if row["number"] is not None}
    years = [year for year, measure in counts if measure == PLANS_AGAIN and counts.get((year, PLANS_STARTED))]
    if not years:
        return
    year = max(years)
    later_plans, plans = counts[year, PLANS_AGAIN], counts[year, PLANS_STARTED]
    yield Answer(
        key="plans-again",
        number="Q14",
        place="England",
        period=f"year ending March {year}",
        sentence=(
            f"{format_number(later_plans)} of {format_number(plans)} child protection plans that started "
            f"({later_plans / plans:.0%}) were a second or later plan: the child had been taken off one before."
        ),
        cannot_tell=(
            "how many children had a crime, a missing episode or a referral after they were taken off a list, or how "
            "soon a plan followed. The plans are of children's services and for any reason, not for exploitation. "
            "The counts are rounded by the publisher."
        ),
        source=edition or "Department for Education, child protection plans",
        address="https://explore-education-statistics.service.gov.uk/find-statistics/children-in-need",
        evidence="seen-secondary",
    )


def _recommendation_answers() -> Iterator[Answer]:
    """Yield what is known of the recommendations of 2023, and of all past recommendations whose text was read."""
    inspection = [item for item in reference.recommendations() if item.key.startswith(INSPECTION_OF_2023)]
    with_status = [item for item in inspection if item.text_read and item.status != "not known"]
    statuses = Counter(item.status for item in with_status)
    last = max((item.status_on for item in with_status), default="")
    yield _register_answer(
        "recommendations-2023",
        f"Of {len(inspection)} recommendations and areas for improvement of the inspection of 2023, the status of "
        f"{len(with_status)} was read: {_tally(statuses)}.",
        with_status,
        f"status of {partial_date_text(last)}",
        "what the records of any force show, and the status of the others. The inspectorate gave the status.",
    )
    read = [item for item in reference.recommendations() if item.text_read]
    states = Counter(item.state for item in read)
    ordered = {state: states[state] for state in STATES if states[state]}
    yield _register_answer(
        "recommendations-all",
        f"Of {len(read)} past recommendations whose text was read, sources show: {_tally(ordered)}.",
        read,
        f"reports of {min(item.report_date[:4] for item in read)} to {max(item.report_date[:4] for item in read)}",
        "what the records of any force show. What is not shown may be done, and a law or a report is not its effect.",
    )


def _tally(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.items())


def _register_answer(key: str, sentence: str, items: list[Recommendation], period: str, cannot_tell: str) -> Answer:
    secondary = any(item.evidence != "seen" for item in items)
    return Answer(
        key=key,
        number="Q47",
        place="England and Wales",
        period=period,
        sentence=sentence,
        cannot_tell=cannot_tell,
        source=RECOMMENDATIONS_SOURCE,
        address="",
        evidence="seen-secondary" if secondary else "seen",
    )
