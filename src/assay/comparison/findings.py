"""What may be said of each force's outcomes beside the others, and of England and Wales?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.enquiries.finding import Finding, address, quote
from assay.enquiries.responses.measures import BY_KEY
from assay.enquiries.wording import number, percent, percents, rank

NATIONAL = ("EW", "EW44")

_CLAUSE = {
    "charged-of-all": "had led to a charge or summons",
    "charged-of-closed": "had led to a charge or summons",
    "pending": "had no outcome yet",
    "suspect-identified-of-closed": "had an outcome that names a suspect as identified",
    "victim-does-not-support-of-closed": "were closed because the victim does not support action",
    "victim-does-not-support-suspect-identified": "named a suspect, closed since the victim does not support action",
}
_OF = {
    "charged-of-all": "all {base} {offences}",
    "charged-of-closed": "the {base} {offences} that had an outcome",
    "pending": "all {base} {offences}",
    "suspect-identified-of-closed": "the {base} {offences} whose outcome says whether a suspect was identified",
    "victim-does-not-support-of-closed": "the {base} {offences} that had an outcome",
    "victim-does-not-support-suspect-identified": "the {base} {offences} that had an outcome",
}


def findings(
    shares: Iterable[Mapping[str, Any]],
    *,
    names: Mapping[str, str],
    offence: str,
    offences: str,
    editions: Mapping[str, str],
) -> Iterator[Finding]:
    """One finding for each place, measure and year of the offence set `offence`, which is called `offences` in words.

    `shares` are rows of the table `shares`; `editions` gives the words for the source of a financial year.
    """
    for row in shares:
        if row["offence_key"] == offence and row["base"] and row["measure"] in BY_KEY:
            yield _finding(row, names[row["place_code"]], offences, editions[row["financial_year"]])


def _finding(row: Mapping[str, Any], place: str, offences: str, edition: str) -> Finding:
    measure = BY_KEY[row["measure"]]
    sentence = _sentence(row, place, offences)
    base = f"{number(row['base'])} {measure.denominator} ({row['financial_year']}, {place})"
    return Finding(
        key=address(measure.measure, row["offence_key"], row["place_code"], row["financial_year"]),
        question=measure.question,
        line=measure.line,
        place_code=row["place_code"],
        offence_key=row["offence_key"],
        measure=measure.measure,
        period=row["financial_year"],
        sentence=sentence,
        quote=quote(sentence, base=base, edition=edition, cannot_tell=measure.cannot_tell),
        value=row["raw_share"],
        low=row["share_low"],
        high=row["share_high"],
        base=row["base"],
        unit=measure.unit,
        cannot_tell=measure.cannot_tell,
        leans_on=measure.leans_on,
        source=edition,
        receipt="comparison",
    )


def _sentence(row: Mapping[str, Any], place: str, offences: str) -> str:
    of_what = _OF[row["measure"]].format(base=number(row["base"]), offences=offences)
    said = (
        f"Of {of_what} recorded by police in {row['financial_year']} ({place}), "
        f"{percent(row['raw_share'])} {_CLAUSE[row['measure']]}"
    )
    return f"{said}{_how_sure(row)}{_pending(row, place)}"


def _how_sure(row: Mapping[str, Any]) -> str:
    if row["share_low"] is None:
        return " (no interval can be given)"
    interval = f"95% interval {percents(row['share_low'], row['share_high'])}"
    if row["place_code"] in NATIONAL:
        return f" ({interval})"
    return f" (drawn towards the other forces by as much as chance could explain: {percent(row['share'])}, {interval})"


def _pending(row: Mapping[str, Any], place: str) -> str:
    if row["measure"] == "pending" or row["pending_share"] is None:
        return "."
    pending = f"{percent(row['pending_share'])} of all were still pending"
    if row["not_comparable"]:
        return f"; {pending}, and {place} is not comparable here, neither good nor bad."
    return f"; {pending}."


def standing(row: Mapping[str, Any], place: str, compared: int) -> str:
    """Where a force stands, with the interval of its rank, and whether it is unusual; '' when it is not compared."""
    if row["rank"] is None:
        return ""
    where = f"{place} stands {rank(row['rank'], row['rank_low'], row['rank_high'], compared)}, from the highest share"
    if not row["unusual"]:
        return f"{where}; it is not unusual among the forces compared."
    return (
        f"{where}; its share is {row['direction']} than the other forces would lead one to expect "
        f"({percents(row['expected_low'], row['expected_high'])}), false discoveries held to 5% over all compared."
    )
