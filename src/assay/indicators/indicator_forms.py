"""The three kinds of measure that an expert signs: indicator (a share), waiting time, and count (by definition).

    Indicator   of these records, how many met what is asked?            a share, with what is not known beside it
    Wait        how long from this to that?                              a curve and a median, open waits counted
    Count       how many are there, under each of several definitions?   counts side by side

Conditions are comparisons of named columns (`condition_grammar`). A form holds words and conditions only: limits are in
the dated standards, and anything beyond a comparison is a derived fact (`assay.facts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BETTER = ("higher", "lower", "neither")
# Columns that a form may be split by, and the values that are always shown, even without records.
SPLITS: dict[str, tuple[str, ...]] = {"when_reported": ("child when reported", "adult when reported")}
NOT_KNOWN = "not known"
OPEN_ON = (180, 365)  # days for which the share still open may be given
EVERYWHERE = "ALL"  # the place code of all forces combined
Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Form:
    """The fields that every indicator, waiting time and count has.

    `asks`: the question of the commission, by number. `record`: the fact table whose rows are counted. `needs`: tables,
    event kinds and columns ("flags", "events.suspect_arrested", "involvements.sex") that are required. `limits`: what
    the figure cannot show. `assumptions`: its assumptions.
    """

    key: str
    title: str
    question: str
    why: str
    line: str
    asks: str
    record: str
    population: str
    limits: str
    assumptions: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Indicator(Form):
    """A share: the records that met the condition, of those in `population` that are not excluded by `excluding`.

    `excluding`: reason and condition, in the order of evaluation. `standard`: keys of dated standards.
    `holder`: whose duty it is; only duties of the police grade a police force. `split`: a column of `SPLITS`, or "".
    `examples`: rows with their expected answer ("left out" may add its reason, "left out: not_yet_due").
    """

    met: str
    better: str
    excluding: Mapping[str, str] = field(default_factory=dict)
    standard: tuple[str, ...] = ()
    holder: str = "police"
    graded: bool = True
    split: str = ""
    examples: tuple[tuple[Row, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wait(Form):
    """A time to event in whole days from a start to an ending, with competing endings and censored (open) records.

    `start`: the starting event, in words. `ends`, `competing`: (label, column of whole days from the start; missing if
    it has not happened). `seen`: column of days from the start to the last day seen. `known`: a condition that must be
    true for an absent ending to mean "not yet"; otherwise the record counts as not known. `open_on`: days for which the
    share not ended is given, each one of `OPEN_ON`. `examples`: rows with "left out", "not known" ..., "still waiting"
    or the label of the ending.
    """

    start: str
    ends: tuple[str, str]
    seen: str
    better: str
    open_on: tuple[int, ...] = ()
    competing: tuple[tuple[str, str], ...] = ()
    known: str = "true"
    excluding: Mapping[str, str] = field(default_factory=dict)
    standard: tuple[str, ...] = ()
    holder: str = "police"
    graded: bool = True
    split: str = ""
    examples: tuple[tuple[Row, str], ...] = ()

    @property
    def endings(self) -> tuple[tuple[str, str], ...]:
        """Every ending of the waiting time with its column; if two fall on one day, the first in the list counts."""
        return (self.ends, *self.competing)


@dataclass(frozen=True, kw_only=True)
class Count(Form):
    """The number of records in `population` that each definition includes; `definitions` is a condition by key.

    `breakdown_titles`: if the definitions are a breakdown of ours and not the commission's, the title and words of
    each. `examples`: rows with the keys of the definitions that include them, as a tuple.
    """

    definitions: Mapping[str, str]
    breakdown_titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    examples: tuple[tuple[Row, tuple[str, ...]], ...] = ()


def conditions(form: Form) -> dict[str, str]:
    """Return the conditions of an indicator, waiting time or count by role: 'population', 'excluding.REASON', 'met'."""
    found = {"population": form.population}
    if isinstance(form, Indicator | Wait):
        found |= {f"excluding.{reason}": text for reason, text in form.excluding.items()}
    if isinstance(form, Indicator):
        found["met"] = form.met
    if isinstance(form, Wait):
        found["known"] = form.known
    if isinstance(form, Count):
        found |= {f"definitions.{key}": text for key, text in form.definitions.items()}
    return found


def columns_read(form: Form) -> tuple[str, ...]:
    """Return every column that an indicator, waiting time or count reads, each once."""
    from assay.indicators.conditions import Condition

    names = [name for text in conditions(form).values() for name in Condition(text).columns]
    if isinstance(form, Wait):
        names += [column for _, column in form.endings] + [form.seen]
    if isinstance(form, Indicator | Wait) and form.split:
        names.append(form.split)
    return tuple(dict.fromkeys(names))
