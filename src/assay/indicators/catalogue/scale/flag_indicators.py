"""Is exploitation flagged, how long after the first sign, and how many flags are removed later, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.indicators import EVERYWHERE, Indicator, Wait
from assay.indicators.exclusion_reasons import CANCELLED
from assay.indicators.indicator_examples import share_examples

if TYPE_CHECKING:
    import ibis

    from assay.engine.expressions import ExpressionEngine

_CRIME: Mapping[str, object] = {
    "in_base": True,
    "cse_titled": True,
    "cancelled": False,
    "cse_flagged": True,
    "when_reported": "child when reported",
}

cse_flag_on_cse_offence = Indicator(
    key="cse_flag_on_cse_offence",
    title="Exploitation flag where the offence is titled exploitation",
    question="How many crimes whose offence is named child sexual exploitation bear the flag for it?",
    why="If the flag is missing even here, it is missing elsewhere: every count that rests on flags is then too low.",
    line="scale",
    asks="Q20",
    record="crime",
    population="in_base and cse_titled",
    # A transferred crime stays in: this force could flag it while it had it.
    excluding={CANCELLED: "cancelled"},
    met="cse_flagged",
    better="higher",
    limits="How many crimes under other titles are exploitation and bear no flag: most of it is recorded there.",
    assumptions="The offence code as it stands, and every flag that the crime bears or ever bore.",
    graded=False,
    needs=("flags", "crimes.cancelled_at"),
    split="when_reported",
    examples=(
        (_CRIME, "met"),
        ({**_CRIME, "cse_flagged": False}, "not met"),
        ({**_CRIME, "cse_flagged": False, "when_reported": "adult when reported"}, "not met"),
        ({**_CRIME, "cse_flagged": None}, "not known"),
        ({**_CRIME, "cancelled": True}, "left out: crime_cancelled"),
        ({**_CRIME, "cse_titled": False}, "outside"),
        ({**_CRIME, "cse_titled": None}, "not known if counted"),
    ),
)

FLAGGED = "flagged"
_CHILD: Mapping[str, object] = {"in_base": True, "flags_known": True, "days_to_flag": None, "days_seen": 400}
_MARK: Mapping[str, object] = {"in_base": True, "removed_in_period": False}

first_sign_to_flag = Wait(
    key="first_sign_to_flag",
    title="From the first sign to the flag",
    question="How long after the first sign was the exploitation of a child first flagged?",
    why="Before the flag nobody finds the child among those at risk. One child was missing 36 times before it.",
    line="scale",
    asks="Q18",
    record="flagged_child",
    population="in_base",
    start="the day of the first missing episode, report of an offence against the child, or referral by a partner",
    ends=(FLAGGED, "days_to_flag"),
    seen="days_seen",
    known="flags_known",
    better="lower",
    limits="Children whose exploitation nobody ever marked: they are not in it, so the true wait is longer than this.",
    assumptions="The first sign is the first that this return holds: one that came before its history is not seen. Who "
    "is marked by the title of an offence alone waits still. What the sign told at the time is not asked.",
    graded=False,
    needs=("flags", "missing", "involvements"),
    examples=(
        ({**_CHILD, "days_to_flag": 40}, FLAGGED),
        ({**_CHILD, "days_to_flag": 0}, FLAGGED),
        (_CHILD, "still waiting"),
        ({**_CHILD, "flags_known": False}, "not known"),
        ({**_CHILD, "in_base": False}, "outside"),
    ),
)
flag_removed = Indicator(
    key="flag_removed",
    title="Exploitation flags that were removed",
    question="How many exploitation flags that were set at some time in the period were removed in it?",
    why="When a flag is removed, the child is in no list and no count that uses the flag.",
    line="scale",
    asks="Q21",
    record="flag",
    population="in_base",
    met="removed_in_period",
    better="neither",
    limits="Whether the removal was right: inspectors read that in case files (question flag_removed_rightly).",
    assumptions="The spells of flags as sent. A system that overwrites a flag holds no trace of a removed one.",
    graded=False,
    needs=("flags.removed_at",),
    examples=(
        ({**_MARK, "removed_in_period": True}, "met"),
        (_MARK, "not met"),
        ({**_MARK, "removed_in_period": None}, "not known"),
        ({**_MARK, "in_base": False}, "outside"),
        ({**_MARK, "in_base": None, "removed_in_period": True}, "not known if counted"),
    ),
)

cse_flag_on_other_offence = Indicator(
    key="cse_flag_on_other_offence",
    title="Exploitation flag where the offence has another title",
    question="How many crimes whose offence is not named exploitation bear the flag for it?",
    why="Most exploitation is recorded under other titles. Far more flags than elsewhere may mean that many are "
    "wrong; far fewer, that much exploitation was not flagged.",
    line="scale",
    asks="Q19",
    record="crime",
    population="in_base and not cse_titled",
    excluding={CANCELLED: "cancelled"},
    met="cse_flagged",
    better="neither",
    limits="Whether the flag was right: that is read in case files (flag sensitivity and specificity).",
    assumptions="Every flag that the crime bears or ever bore.",
    graded=False,
    needs=("flags", "crimes.cancelled_at"),
    examples=share_examples(
        {**_CRIME, "cse_titled": False},
        "cse_flagged",
        outside={"cse_titled": True},
        unknown={"cse_titled": None},
        excluding={CANCELLED: {"cancelled": True}},
    ),
)
marked_as_titled = Indicator(
    key="marked_as_titled",
    title="Marked exploitation that is recorded under an offence which names it",
    question="Of crimes marked as exploitation, by a flag or the title, how many have an offence that names it?",
    why="Exploitation is in every count if its offence names it. Under a general offence, counts of offence codes "
    "miss it.",
    line="scale",
    asks="Q20",
    record="crime",
    population="in_base and (cse_flagged or cse_titled)",
    excluding={CANCELLED: "cancelled"},
    met="cse_titled",
    better="neither",
    limits="Which offence was the right one; and a force that flags much has a low share for that alone.",
    assumptions="Flags and the offence code as they stand.",
    graded=False,
    needs=("flags", "crimes.cancelled_at"),
    examples=share_examples(
        _CRIME,
        "cse_titled",
        outside={"cse_flagged": False, "cse_titled": False},
        unknown={"in_base": None},
        excluding={CANCELLED: {"cancelled": True}},
    ),
)

titled_of_recorded = Indicator(
    key="titled_of_recorded",
    title="Crimes recorded under an offence that names exploitation",
    question="Of all crimes of the inspection, how many are recorded under an offence that names exploitation?",
    why="Most exploitation is recorded under offences that do not name it. In a force with far fewer such titles "
    "than others, counts of offence codes show the least of it.",
    line="scale",
    asks="Q22",
    record="crime",
    population="in_base",
    excluding={CANCELLED: "cancelled"},
    met="cse_titled",
    better="neither",
    limits="How much exploitation there is: a force may record few because it has few, or finds little.",
    assumptions="The offence code as it stands.",
    graded=False,
    needs=("crimes.offence_code", "crimes.cancelled_at"),
    examples=share_examples(
        _CRIME,
        "cse_titled",
        outside={"in_base": False},
        unknown={"in_base": None},
        excluding={CANCELLED: {"cancelled": True}},
    ),
)

FORMS = (
    cse_flag_on_cse_offence, cse_flag_on_other_offence, marked_as_titled, titled_of_recorded, first_sign_to_flag,
    flag_removed,
)  # fmt: skip


# Counts of removed flags by role and reason, and of missing episodes before the first flag.

REMOVED_BY, REMOVED_WHY, EPISODES = "removed_by", "removed_why", "episodes_before"
INDICATOR_OF_SPLIT = {REMOVED_BY: flag_removed.key, REMOVED_WHY: flag_removed.key, EPISODES: first_sign_to_flag.key}
"""The indicator whose records each split divides."""
NOT_KNOWN = "not known"
BANDS = ((1, "none"), (3, "1 or 2"), (10, "3 to 9"), (10**6, "10 or more"))
"""The first number of episodes after each band, and the name of the band."""
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("indicator", "place_code", "split", "value")] + [("number", pa.int64())]
)
Row = dict[str, Any]


def flag_counts(engine: ExpressionEngine, flag: ibis.Table, flagged_child: ibis.Table) -> pa.Table:
    """Return counts of flags (`SCHEMA`) for every value of each split, by force and for all forces combined."""
    removed_flags = flag.filter(flag.in_base.fill_null(False) & flag.removed_in_period.fill_null(False))
    children = flagged_child.filter(flagged_child.in_base.fill_null(False) & flagged_child.flagged.fill_null(False))
    rows = [
        *_count_rows(
            engine, removed_flags.mutate(value=removed_flags.removed_by_role.fill_null(NOT_KNOWN)), REMOVED_BY
        ),
        *_count_rows(
            engine, removed_flags.mutate(value=removed_flags.removed_reason.fill_null(NOT_KNOWN)), REMOVED_WHY
        ),
        *_count_rows(engine, children.mutate(value=_band(children.episodes_before_flag)), EPISODES),
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _band(episodes: ibis.Value) -> ibis.Value:
    import ibis

    return ibis.cases(*((episodes < after, name) for after, name in BANDS), else_=NOT_KNOWN)


def _count_rows(engine: ExpressionEngine, rows: ibis.Table, split: str) -> Iterator[Row]:
    counts = engine.run(rows.group_by("force_code", "value").aggregate(number=rows.count())).to_pylist()
    totals: dict[tuple[str, str], int] = {}
    for row in counts:
        for place in (row["force_code"], EVERYWHERE):
            totals[place, row["value"]] = totals.get((place, row["value"]), 0) + row["number"]
    for (place, value), number in totals.items():
        yield {
            "indicator": INDICATOR_OF_SPLIT[split],
            "place_code": place,
            "split": split,
            "value": value,
            "number": number,
        }
