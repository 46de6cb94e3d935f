"""The three kinds of form that an expert signs: indicator (a share), wait (a duration), count (by definition).

    Indicator   of these records, how many met what is asked?            a share, with what is not known beside it
    Wait        how long from this to that?                              a curve and a median, open waits counted
    Count       how many are there, under each of several definitions?   counts side by side

Conditions are comparisons of named columns (`grammar`). A form holds words and conditions only: the number of a
standard has its home in the dated standards, and what is cleverer than a comparison is a fact of `records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BETTER = ("higher", "lower", "neither")
# Columns that a form may be split by, and the values that are always shown, none dropped.
SPLITS: dict[str, tuple[str, ...]] = {"when_reported": ("child when reported", "adult when reported")}
NOT_KNOWN = "not known"
OPEN_ON = (180, 365)  # days for which a share still open may be asked
EVERYWHERE = "ALL"  # the place that is all forces together
Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Form:
    """What every form says of itself.

    `asks`: the question of the commission, by number. `record`: the table of facts of which each row is counted.
    `needs`: tables, event kinds and columns ("flags", "events.suspect_arrested", "involvements.sex") without which
    it cannot be asked. `limits`: what the figure cannot tell. `leans_on`: what it takes for granted.
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
    leans_on: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Indicator(Form):
    """A share: of the records of `population`, less those that `excluding` leaves out by reason, those that met.

    `excluding`: reason and condition, in the order in which reasons are tried. `standard`: keys of dated standards.
    `holder`: whose duty it is; only duties of the police grade a police force. `split`: a column of `SPLITS`, or "".
    `examples`: rows with the answer that each must get ("left out" may add its reason, "left out: not_yet_due").
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
    """Whole days from a start to an ending, while other endings compete and many records still wait.

    `start`: what starts it, in words. `ends`, `competing`: (label, column of whole days from the start; missing if
    it has not happened). `seen`: column of days from the start to the last day seen. `known`: a condition that
    must be true for an absent ending to mean "not yet"; otherwise the record is not known, and counted so.
    `open_on`: days on which it is asked how many had not ended as asked, one of `OPEN_ON` each.
    `examples`: rows with "left out", "not known" ..., "still waiting" or the label of the ending.
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
        """Every ending and its column; where two fall on one day, the first of them counts."""
        return (self.ends, *self.competing)


@dataclass(frozen=True, kw_only=True)
class Count(Form):
    """How many records of `population` each of `definitions` (key: condition) finds, side by side, none the right one.

    `breakdown_titles`: where they are no definitions of the commission but a breakdown of ours, the title and the words
    of each. `examples`: rows with the answers of the definitions that find them, as a tuple of keys.
    """

    definitions: Mapping[str, str]
    breakdown_titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    examples: tuple[tuple[Row, tuple[str, ...]], ...] = ()


def conditions(form: Form) -> dict[str, str]:
    """Every condition of a form by the name of its place: "population", "excluding.REASON", "met" ..."""
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
    """Every column that a form reads, each once."""
    from assay.indicators.conditions import Condition

    names = [name for text in conditions(form).values() for name in Condition(text).columns]
    if isinstance(form, Wait):
        names += [column for _, column in form.endings] + [form.seen]
    if isinstance(form, Indicator | Wait) and form.split:
        names.append(form.split)
    return tuple(dict.fromkeys(names))
