"""How do a force's returned crimes and its published figures stand to one another, and where does it stand in those?

From the figures that the program carries, so nothing is fetched. Both sides count one set of offences, those whose
code itself says that the victim is a child; neither counts exploitation. Said in sentences, each with its base, its
period and what it cannot tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.facts import published_series as facts
from assay.facts.financial_quarters import Quarter, quarter
from assay.feedback.letter_sentences import period
from assay.ingest.official_statistics import Received, carried
from assay.progress import Progress, silent
from assay.sdc import ToSender
from assay.wording import counted, listed, number
from assay.workflows.selfaudit.charge_share import OFFENCES, Said, charged_beside, source_of

CODES = "the eleven codes that name a child"
CANNOT = (
    f"It cannot tell how many of these offences were exploitation. {reference.NO_FLAG} Published "
    "counts are corrected later, leave cancelled crimes out, and were cut on another day than this return."
)
Row = Mapping[str, Any]


def beside_published(sent: ToSender, progress: Progress = silent) -> tuple[Said, ...]:
    """What may be said; one sentence where nothing is published of this body."""
    code, name = sent.addressee.code, sent.addressee.name
    received = carried()
    if not pc.any(pc.equal(received.tables["recorded"]["force_code"], code)).as_py():
        return (Said(f"There are no published figures for {name}, so nothing can be set beside them."),)
    progress("Looking at the published figures", 0, 0)
    with facts.open_store(received.tables) as store:
        quarterly = facts.recorded_quarterly(store)
        facts.recorded_yearly(store)
        yearly = facts.outcomes_yearly(store)
    return (_recorded(sent, _published(quarterly, code), received), *charged_beside(yearly, sent.addressee, received))


def _published(quarterly: pa.Table, code: str) -> dict[Quarter, int]:
    """The published count of each quarter of one force; a quarter that was not published is not there."""
    asked = pc.and_(pc.equal(quarterly["place_code"], code), pc.equal(quarterly["offence_key"], OFFENCES))
    rows = quarterly.filter(asked).to_pylist()
    return {quarter(r["financial_year"], r["quarter"]): r["offences"] for r in rows if r["offences"] is not None}


def _recorded(sent: ToSender, published: Mapping[Quarter, int], received: Received) -> Said:
    if not _cover(sent)["used"]:
        return Said("The table crimes cannot be used, so no count of it can be set beside the published ones.")
    first, after = _period(sent)
    returned = _returned(sent)
    wanted = quarters_between(first, after)
    source = source_of(received, "recorded")
    if wanted and all(one in published for one in wanted):
        told = sum(published[one] for one in wanted)
        theirs = f"{number(told)} were published for the same months ({_span(wanted)}; {source})"
        return Said(f"{returned}; {theirs}. {_apart(sent, told)}", CANNOT)
    year, told = _nearest_year(published, first)
    theirs = f"{number(told)} were published for {year}, the nearest full year ({source})"
    months = f"These are not the same months, so the two are not to be subtracted{_length(first, after)}."
    said = f" Your return says itself that {missing}." if (missing := _missing(sent)) else ""
    return Said(f"{returned}; {theirs}. {months}{said}", CANNOT)


def _span(wanted: Sequence[Quarter]) -> str:
    return " to ".join(dict.fromkeys((str(wanted[0]), str(wanted[-1]))))


def _returned(sent: ToSender) -> str:
    crimes = _crimes(sent)
    gone, unsure = len(crimes) - len(_standing(crimes)), sum(_is_gone(row) is None for row in crimes)
    said = f"Your return holds {counted(len(_standing(crimes)), 'crime')} recorded in its period under {CODES}"
    said += f", and {number(gone)} more that were cancelled or passed on" if gone else ""
    return f"{said}; of {number(unsure)} it is not known whether they were" if unsure else said


def _crimes(sent: ToSender) -> list[Row]:
    codes = set(reference.codes_of(OFFENCES))
    return [row for row in sent.rows("crime") if row["in_period"] and row["offence_code"] in codes]


def _standing(crimes: Sequence[Row]) -> list[Row]:
    """Those that a published count would hold, and those of which it is not known."""
    return [row for row in crimes if not _is_gone(row)]


def _is_gone(crime: Row) -> bool | None:
    """Cancelled or passed to another force; None where the record does not say."""
    both = (crime["cancelled"], crime["transferred"])
    return True if True in both else None if None in both else False


def _apart(sent: ToSender, told: int) -> str:
    apart = len(_standing(_crimes(sent))) - told
    if not apart:
        return "They are equal."
    return f"Your return holds {number(abs(apart))} {'fewer' if apart < 0 else 'more'}: find out why.{_whole(sent)}"


def _whole(sent: ToSender) -> str:
    missing = _missing(sent)
    return f" It says itself that {missing}, which may be all the reason." if missing else ""


def _missing(sent: ToSender) -> str:
    """Why the table of crimes cannot hold all crimes of the period, as its cover says; '' if it may."""
    cover, whole = _cover(sent), _period(sent)
    days = cover["covers_from"] or whole[0], cover["covers_to"] or whole[1]
    said = ["was sent in part"] if cover["supplied"] == "part" else []
    said += [f"covers {period(*days)} alone"] if days[0] > whole[0] or days[1] < whole[1] else []
    said += [] if cover["complete"] else ["is not complete"]
    return f"the table crimes {listed(said)}" if said else ""


def _length(first: date, after: date) -> str:
    """What of a year a period is, where it is not one."""
    a_year, held = (first.year + 1, first.month, first.day), (after.year, after.month, after.day)
    if held == a_year:
        return ""
    return f": your return speaks of {'part of' if held < a_year else 'more than'} a year, {period(first, after)}"


def _period(sent: ToSender) -> tuple[date, date]:
    told = sent.rows("returns")[0]
    return told["period_from"], told["period_to"]


def _cover(sent: ToSender) -> Row:
    return next(row for row in sent.rows("covers") if row["table_name"] == "crimes")


def quarters_between(first: date, after: date) -> tuple[Quarter, ...]:
    """The quarters that make up a half-open period; none where it does not begin and end with a quarter."""
    begins, ends = _quarter_of(first), _quarter_of(after)
    if begins is None or ends is None:
        return ()
    return tuple(Quarter(index) for index in range(begins.index, ends.index))


def _quarter_of(day: date) -> Quarter | None:
    if day.day != 1 or day.month % 3 != 1:
        return None
    return Quarter((day.year - 2000) * 4 + (day.month - 4) // 3)


def _nearest_year(published: Mapping[Quarter, int], first: date) -> tuple[str, int]:
    """The full published financial year that begins nearest to the first day of the period, and its count."""
    starts = [one for one in published if one.number == 1 and all(one + i in published for i in range(4))]
    wanted = (first.year - 2000) * 4 + (first.month - 4) // 3
    best = min(starts, key=lambda one: (abs(one.index - wanted), -one.index))
    return best.financial_year, sum(published[best + i] for i in range(4))
