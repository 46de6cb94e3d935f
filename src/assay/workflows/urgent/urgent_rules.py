"""Define the urgent rules: what each checks, means and reads.

A rule reads facts of one return. It names records by the references in the return, gives the age of the record, and
scores nobody: the order is by time alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

MIN_EPISODES, WINDOW_DAYS = 3, 90
KEY_LENGTH = 8
ARREST, CHARGE, INTERVIEW = "suspect_arrested", "suspect_charged", "suspect_interviewed_under_caution"


@dataclass(frozen=True)
class RuleInputs:
    """The inputs of a rule in a return: 'table', 'table.column' or 'events.kind'; a bar joins alternatives.

    `required`: without these it can propose no record. `required_complete`: absence in these decides, so they must be
    declared complete. `optional`, `optional_complete`: without these it misses some records. `affected_tables`: tables
    in which a row that was set aside may be the record that the rule looks for.
    """

    required: tuple[str, ...]
    required_complete: tuple[str, ...]
    optional: tuple[str, ...]
    optional_complete: tuple[str, ...]
    affected_tables: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One urgent rule, with its key: what it checks, means and reads.

    `check`: what the force is requested to check; `explanation`: why a record is proposed; `limits`: what the rule
    cannot show.
    """

    key: str
    check: str
    explanation: str
    limits: str
    inputs: RuleInputs


PERSON_COLUMNS = ("involvements.role", "involvements.date_of_birth")
SUSPECT_READS = RuleInputs(
    required=(
        "crimes",
        "involvements",
        "involvements.crime_ref",
        *PERSON_COLUMNS,
        "involvements.suspect_known_as",
        f"events.{ARREST}",
        f"events.{CHARGE}",
        "orders",
        "orders.person_ref",
    ),
    required_complete=(f"events.{ARREST}", f"events.{CHARGE}", "orders"),
    optional=(
        "involvements.person_ref",
        "crimes.cancelled_at",
        "crimes.reported_at",
        "involvements.suspect_outcome_code",
        f"events.{INTERVIEW}",
    ),
    optional_complete=("crimes", "involvements", f"events.{INTERVIEW}"),
    affected_tables=("crimes", "involvements"),
)
NO_ACTION_TEXT = (
    "and no arrest, no charge, no order and no warning is in the return, which says that all of these are sent. Beside "
    "each entry stands what else the return says: age, interviews under caution, outcomes, and whether the person died."
)
NO_ACTION = Rule(
    "several-children",
    "Check now whether this suspect has been dealt with.",
    "One person is named as a suspect of crimes against two or more children, is not known to be under 18, "
    + NO_ACTION_TEXT,
    "What another force has done, and whether the person was wrongly named.",
    SUSPECT_READS,
)
CHILD_SUSPECTED = Rule(
    "suspect-is-a-child",
    "Check now what has been done for this child, and for the other children.",
    "One person, under 18 by the ages in the return, is named as a suspect of crimes against two or more children, "
    + NO_ACTION_TEXT + " Below the age of criminal responsibility nobody can be charged.",
    "What partners do for the child, whether the child was harmed too, and whether the child was wrongly named.",
    SUSPECT_READS,
)  # fmt: skip
MISSING_NOW = Rule(
    "missing-and-known",
    "Check now whether this child is back, and safe.",
    "A missing episode has no end, the return declares that every end was sent, and a crime of exploitation "
    "against the child had been reported before the episode began.",
    "What happened after the data were extracted.",
    RuleInputs(
        required=("missing", "missing.person_ref", "missing.started_at", "missing.ended_at", "crimes", "involvements",
               "involvements.crime_ref", *PERSON_COLUMNS, "crimes.offence_code|flags"),
        required_complete=("missing",),
        optional=("flags", "crimes.offence_code", "involvements.person_ref"),
        optional_complete=("crimes", "involvements", "flags"),
        affected_tables=("missing", "crimes", "involvements", "flags"),
    ),
)  # fmt: skip
MISSING_AGAIN = Rule(
    "missing-again",
    "Check now whether somebody has asked why this child goes missing.",
    f"A child was reported missing {MIN_EPISODES} times or more within {WINDOW_DAYS} days, at any time from the "
    "beginning of the period to the day on which the data were extracted. Neither the child, nor the last of "
    "these episodes or a later one, has a flag for exploitation, and the return declares that every flag was sent.",
    "Whether the child is exploited: many missing children are not.",
    RuleInputs(
        required=("missing", "missing.started_at", "missing.person_ref", "flags"),
        required_complete=("flags",),
        optional=("involvements.person_ref", "flags.missing_ref", "flags.person_ref"),
        optional_complete=("missing",),
        affected_tables=("missing",),
    ),
)
RULES = {rule.key: rule for rule in (MISSING_NOW, MISSING_AGAIN, CHILD_SUSPECTED, NO_ACTION)}
"""The rules, in the order in which they are applied."""


@dataclass(frozen=True)
class RuleHit:
    """A record that a rule found, with its references and the date of its latest record.

    `unknown`: what is not known, so that the rule cannot decide; empty if the rule proposes the record.
    `further_facts`: what else a reader must see, such as an age. `records`: the entries or episodes that identify the
    subject, if `refs` does not name them all.
    """

    force_code: str
    rule: str
    refs: tuple[str, ...]
    record_day: date | None
    unknown: str = ""
    further_facts: str = ""
    records: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return a key of the rule and its subject that is stable between editions."""
        digest = hashlib.sha256("|".join((self.force_code, self.rule, *self.refs)).encode()).hexdigest()
        return f"{self.rule}-{digest[:KEY_LENGTH]}"
