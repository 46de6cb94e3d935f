"""Which records does a rule put forward, and in which words?

A rule reads facts of one return. It names records by the references that the force gave them, says how old the record
is, and scores nobody: the order is by time alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assay.disclosure import ToSender

Row = Mapping[str, Any]
SEVERAL_TIMES, WITHIN_DAYS = 3, 90
KEY_LENGTH = 8


@dataclass(frozen=True)
class Rule:
    """A rule by its key: `asks` the force to check something, `means` says what puts a record forward, `not_so` what it
    cannot tell."""

    key: str
    asks: str
    means: str
    not_so: str


UNTOUCHED = Rule(
    "several-children",
    "Check now whether this suspect has been dealt with.",
    "One person is named as a suspect of crimes against two or more children, and no arrest, no charge, no order and "
    "no warning is in the return, which says that all of these are sent.",
    "A voluntary interview, what another force has done, and whether the person is a child, has died, or was wrongly "
    "named.",
)
MISSING_NOW = Rule(
    "missing-and-known",
    "Check now whether this child is back, and safe.",
    "A missing episode has no end, the return says that every end is sent, and a crime of exploitation against the "
    "child had been reported before the episode began.",
    "What happened since the data were read.",
)
MISSING_AGAIN = Rule(
    "missing-again",
    "Check now whether anybody has asked why this child goes missing.",
    f"A child was reported missing {SEVERAL_TIMES} times or more within {WITHIN_DAYS} days, the last time within "
    f"{WITHIN_DAYS} days of the day on which the data were read, and neither the last episode nor the child bears a "
    "flag for exploitation, of which the return says that all are sent.",
    "Whether the child is exploited: many who go missing are not.",
)
RULES = {rule.key: rule for rule in (MISSING_NOW, MISSING_AGAIN, UNTOUCHED)}
"""In the order in which they are looked at."""


@dataclass(frozen=True)
class Found:
    """What a rule put forward: the force's own references, and the day of the record that it rests on last."""

    force_code: str
    rule: str
    refs: tuple[str, ...]
    record_day: date | None

    @property
    def key(self) -> str:
        """A name that stays the same in the next edition: of the rule and what it is about."""
        told = hashlib.sha256("|".join((self.force_code, self.rule, *self.refs)).encode()).hexdigest()
        return f"{self.rule}-{told[:KEY_LENGTH]}"


def found(sent: ToSender) -> tuple[Found, ...]:
    """Everything that the rules put forward of one return, rule by rule, the oldest record first."""
    rows = (*_missing_now(sent), *_missing_again(sent), *_untouched(sent))
    order = {key: place for place, key in enumerate(RULES)}
    return tuple(sorted(rows, key=lambda one: (order[one.rule], one.record_day or date.max, one.refs)))


def _untouched(sent: ToSender) -> Iterator[Found]:
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in sent.rows("pursuit"):
        if row["person_id"]:
            entries[row["person_id"]].append(row)
    days = {row["crime_ref"]: row["recorded_day"] for row in sent.rows("crime")}
    for row in sent.rows("suspected_person"):
        if row["several_children"] is True and row["acted_on"] is False:
            mine = sorted(entries[row["person_id"]], key=lambda one: one["involvement_ref"])
            refs = (f"person entry {mine[0]['involvement_ref']}", *(f"crime {one['crime_ref']}" for one in mine))
            last = max((days[one["crime_ref"]] for one in mine if days.get(one["crime_ref"])), default=None)
            yield Found(row["force_code"], UNTOUCHED.key, tuple(dict.fromkeys(refs)), last)


def _missing_now(sent: ToSender) -> Iterator[Found]:
    for row in sent.rows("missing_episode"):
        if row["returned"] is False and row["known_exploited"] is True:
            yield Found(row["force_code"], MISSING_NOW.key, (f"missing {row['missing_ref']}",), row["started_day"])


def _missing_again(sent: ToSender) -> Iterator[Found]:
    read_on = next((row["extracted_at"].date() for row in sent.rows("returns")), None)
    episodes: dict[str, list[Row]] = defaultdict(list)
    for row in sent.rows("missing_episode"):
        if row["person_id"] and row["started_day"]:
            episodes[row["person_id"]].append(row)
    for mine in episodes.values():
        mine.sort(key=lambda row: (row["started_day"], row["missing_ref"]))
        last = mine[-1]
        lately = _within(mine, last["started_day"])
        long_ago = read_on is not None and last["started_day"] <= read_on - timedelta(days=WITHIN_DAYS)
        if not long_ago and len(lately) >= SEVERAL_TIMES and last["exploitation_flagged"] is False:
            refs = tuple(f"missing {row['missing_ref']}" for row in lately)
            yield Found(last["force_code"], MISSING_AGAIN.key, refs, last["started_day"])


def _within(rows: Sequence[Row], last: date) -> list[Row]:
    return [row for row in rows if row["started_day"] > last - timedelta(days=WITHIN_DAYS)]
