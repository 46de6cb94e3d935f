"""Compare a force's returned crimes with its published figures.

The bundled figures are used, so nothing is downloaded. Both sides count one set of offences, those whose code itself
says that the victim is a child; neither counts exploitation. Each sentence has its base, its period and its
limitations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.compare import compare_shares
from assay.compare.comparability import is_total
from assay.compare.outcome_findings import findings
from assay.engine import TableStore
from assay.facts import published_series as facts
from assay.facts.financial_quarters import Quarter, make_quarter
from assay.feedback.letter_sentences import period
from assay.indicators.catalogue.responses import published_outcomes
from assay.ingest.official_statistics import ReceivedStatistics, read_bundle
from assay.progress import Progress, no_progress
from assay.reference import Organisation
from assay.sdc import ToSender
from assay.wording import count_phrase, format_number, join_words, percent, percent_interval, rank_phrase
from assay.workflows.run.register_tables import source_text

# Compare a force's published charge share with those of other forces.
#
# This is the comparison of published figures that everybody can make, with the sentence of the report.

OFFENCES, MEASURE = "csa11", "charged-of-closed"
OFFENCE_WORDS = "child sexual offences"
INFERRED_NOTE = " The offence codes of this edition were recovered by inference."


@dataclass(frozen=True)
class Statement:
    """One sentence, and its limitations."""

    sentence: str
    cannot_tell: str = ""


def compare_charge_share(yearly: pa.Table, force: Organisation, received: ReceivedStatistics) -> Iterator[Statement]:
    """Yield the force's latest published charge share, with the distribution over the other forces."""
    counts = _share_counts(yearly)
    year = max(counts["financial_year"].to_pylist())
    latest = counts.filter(pc.equal(counts["financial_year"], year))
    shares = compare_shares(latest)[0].to_pylist()
    edition = source_citation(received, "outcomes", year)
    force_findings = findings(
        [row for row in shares if row["place_code"] == force.code],
        names={force.code: force.name},
        offence=OFFENCES,
        offences=OFFENCE_WORDS,
        editions={f"outcomes {year}": edition},
    )
    for finding in force_findings:
        yield Statement(
            f"{finding.sentence} {_distribution_sentence(shares, force.code)} Source: {edition}.",
            f"It cannot tell {finding.cannot_tell}{INFERRED_NOTE if any(latest['code_inferred'].to_pylist()) else ''}",
        )


def _share_counts(yearly: pa.Table) -> pa.Table:
    with TableStore() as store:
        store.table("outcomes_yearly", yearly)
        published_outcomes.open_outcomes(store)
        counts = published_outcomes.share_counts(store)
    return counts.filter(pc.and_(pc.equal(counts["measure"], MEASURE), pc.equal(counts["offence_key"], OFFENCES)))


def _distribution_sentence(shares: Sequence[Row], code: str) -> str:
    """Return the middle half of the other forces' published shares, and the rank of this one if compared."""
    compared = [row for row in shares if not is_total(row["place_code"]) and not row["not_comparable"]]
    other_shares = sorted(row["raw_share"] for row in compared if row["place_code"] != code)
    low, high = other_shares[len(other_shares) // 4], other_shares[-1 - len(other_shares) // 4]
    middle = other_shares[len(other_shares) // 2]
    span = f"{percent_interval(low, high)} ({percent(middle)} in the middle)"
    sentence = f"Of the {len(other_shares)} other forces that are compared, half lie from {span}."
    force_row = next((row for row in compared if row["place_code"] == code), None)
    if force_row is None or force_row["rank"] is None:
        return sentence
    rank_text = rank_phrase(
        round(force_row["rank"]), round(force_row["rank_low"]), round(force_row["rank_high"]), len(compared)
    )
    return f"{sentence} Its place among them is {rank_text}, the first having the highest share."


def source_citation(received: ReceivedStatistics, kind: str, year: str = "") -> str:
    """Return the citation of a bundled table, or of one year of the table."""
    table = received.tables[kind]
    rows = table.filter(pc.equal(table["financial_year"], year)) if year else table
    return source_text(rows["source"][-1].as_py(), rows["edition"][-1].as_py())


CODES = "the eleven codes that name a child"
LIMITS = (
    f"It cannot tell how many of these offences were exploitation. {reference.NO_FLAG} Published "
    "counts are corrected later, leave cancelled crimes out, and were cut on another day than this return."
)
Row = Mapping[str, Any]


def compare_with_published(sender_tables: ToSender, progress: Progress = no_progress) -> tuple[Statement, ...]:
    """Return statements that compare the return with published figures; one statement if there are none."""
    code, name = sender_tables.addressee.code, sender_tables.addressee.name
    received = read_bundle()
    if not pc.any(pc.equal(received.tables["recorded"]["force_code"], code)).as_py():
        return (Statement(f"There are no published figures for {name}, so nothing can be set beside them."),)
    progress("Comparing with the published figures", 0, 0)
    with facts.open_store(received.tables) as store:
        quarterly = facts.recorded_quarterly(store)
        facts.recorded_yearly(store)
        yearly = facts.outcomes_yearly(store)
    return (
        _recorded_statement(sender_tables, _published(quarterly, code), received),
        *compare_charge_share(yearly, sender_tables.addressee, received),
    )


def _published(quarterly: pa.Table, code: str) -> dict[Quarter, int]:
    """Return the published count of each quarter of one force, without unpublished quarters."""
    mask = pc.and_(pc.equal(quarterly["place_code"], code), pc.equal(quarterly["offence_key"], OFFENCES))
    rows = quarterly.filter(mask).to_pylist()
    return {
        make_quarter(row["financial_year"], row["quarter"]): row["offences"]
        for row in rows
        if row["offences"] is not None
    }


def _recorded_statement(
    sender_tables: ToSender, published: Mapping[Quarter, int], received: ReceivedStatistics
) -> Statement:
    if not _crimes_manifest(sender_tables)["used"]:
        return Statement("The table crimes cannot be used, so no count of it can be set beside the published ones.")
    first, period_end = _period(sender_tables)
    returned = _returned_text(sender_tables)
    quarters = quarters_between(first, period_end)
    source = source_citation(received, "recorded")
    if quarters and all(quarter in published for quarter in quarters):
        published_count = sum(published[quarter] for quarter in quarters)
        published_text = (
            f"{format_number(published_count)} were published for the same months ({_quarter_span(quarters)}; {source})"
        )
        return Statement(f"{returned}; {published_text}. {_difference_text(sender_tables, published_count)}", LIMITS)
    year, published_count = _nearest_year(published, first)
    published_text = f"{format_number(published_count)} were published for {year}, the nearest full year ({source})"
    months = f"These are not the same months, so the two are not to be subtracted{_period_note(first, period_end)}."
    caveat = f" Your return says itself that {missing}." if (missing := _incompleteness(sender_tables)) else ""
    return Statement(f"{returned}; {published_text}. {months}{caveat}", LIMITS)


def _quarter_span(quarters: Sequence[Quarter]) -> str:
    return " to ".join(dict.fromkeys((str(quarters[0]), str(quarters[-1]))))


def _returned_text(sender_tables: ToSender) -> str:
    crimes = _crimes(sender_tables)
    excluded_count = len(crimes) - len(_counted_crimes(crimes))
    unknown_count = sum(_is_excluded(row) is None for row in crimes)
    sentence = (
        f"Your return holds {count_phrase(len(_counted_crimes(crimes)), 'crime')} recorded in its period under {CODES}"
    )
    sentence += f", and {format_number(excluded_count)} more that were cancelled or passed on" if excluded_count else ""
    return (
        f"{sentence}; of {format_number(unknown_count)} it is not known whether they were"
        if unknown_count
        else sentence
    )


def _crimes(sender_tables: ToSender) -> list[Row]:
    codes = set(reference.offence_codes(OFFENCES))
    return [row for row in sender_tables.rows("crime") if row["in_period"] and row["offence_code"] in codes]


def _counted_crimes(crimes: Sequence[Row]) -> list[Row]:
    """Return the crimes that a published count would include, and those for which it is not known."""
    return [row for row in crimes if not _is_excluded(row)]


def _is_excluded(crime: Row) -> bool | None:
    """Return True if cancelled or passed to another force; None if the record does not say."""
    exclusions = (crime["cancelled"], crime["transferred"])
    return True if True in exclusions else None if None in exclusions else False


def _difference_text(sender_tables: ToSender, published_count: int) -> str:
    difference = len(_counted_crimes(_crimes(sender_tables))) - published_count
    if not difference:
        return "They are equal."
    return (
        f"Your return holds {format_number(abs(difference))} {'fewer' if difference < 0 else 'more'}: find "
        f"out why.{_completeness_text(sender_tables)}"
    )


def _completeness_text(sender_tables: ToSender) -> str:
    missing = _incompleteness(sender_tables)
    return f" It says itself that {missing}, which may be all the reason." if missing else ""


def _incompleteness(sender_tables: ToSender) -> str:
    """Return why the table of crimes cannot hold all crimes of the period, by its manifest; '' if it may."""
    manifest, full_period = _crimes_manifest(sender_tables), _period(sender_tables)
    days = manifest["covers_from"] or full_period[0], manifest["covers_to"] or full_period[1]
    problems = ["was sent in part"] if manifest["supplied"] == "part" else []
    problems += [f"covers {period(*days)} alone"] if days[0] > full_period[0] or days[1] < full_period[1] else []
    problems += [] if manifest["complete"] else ["is not complete"]
    return f"the table crimes {join_words(problems)}" if problems else ""


def _period_note(first: date, after: date) -> str:
    """Return which part of a year a period is, unless it is one."""
    a_year, period_end = (first.year + 1, first.month, first.day), (after.year, after.month, after.day)
    if period_end == a_year:
        return ""
    return f": your return speaks of {'part of' if period_end < a_year else 'more than'} a year, {period(first, after)}"


def _period(sender_tables: ToSender) -> tuple[date, date]:
    return_row = sender_tables.rows("returns")[0]
    return return_row["period_from"], return_row["period_to"]


def _crimes_manifest(sender_tables: ToSender) -> Row:
    return next(row for row in sender_tables.rows("covers") if row["table_name"] == "crimes")


def quarters_between(first: date, after: date) -> tuple[Quarter, ...]:
    """Return the quarters of a half-open period; none unless it begins and ends with a quarter."""
    begins, ends = _quarter_of(first), _quarter_of(after)
    if begins is None or ends is None:
        return ()
    return tuple(Quarter(index) for index in range(begins.index, ends.index))


def _quarter_of(day: date) -> Quarter | None:
    if day.day != 1 or day.month % 3 != 1:
        return None
    return Quarter((day.year - 2000) * 4 + (day.month - 4) // 3)


def _nearest_year(published: Mapping[Quarter, int], first: date) -> tuple[str, int]:
    """Return the full published financial year that begins nearest to the period, and its count."""
    starts = [
        first_quarter
        for first_quarter in published
        if first_quarter.number == 1 and all(first_quarter + i in published for i in range(4))
    ]
    target_index = (first.year - 2000) * 4 + (first.month - 4) // 3
    best = min(starts, key=lambda first_quarter: (abs(first_quarter.index - target_index), -first_quarter.index))
    return best.financial_year, sum(published[best + i] for i in range(4))
