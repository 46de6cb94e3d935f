"""Easy Read: the key findings as short lines of one idea each, every line with the picture that fits it.

The lines follow written rules and hold the same figures as the findings. A share is a number out of 100, because
Easy Read avoids per cent. What a measure is about stands in `easy_topics.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assay.report.derived_numbers import derived_number

OUT_OF, EVERY_TIME = "out of 100 times", "The rule is to do it every time."
EVERY_FORCE = "The rule is for every force."
MOST_WORDS_OF_A_NAME = 7
"""A count with a longer name is not named, so that its line stays short."""
SMALLEST_PART = 0.01
DOTS = "100 dots, some of them filled"


@dataclass(frozen=True)
class EasyLine:
    """A short sentence with one idea, and the picture that should stand beside it, in words."""

    text: str
    picture: str


@cache
def easy_topics() -> Mapping[str, str]:
    """Return the topic of each measure in plain words, such as 'telling victims about an arrest'."""
    return tomllib.loads(files("assay.report").joinpath("easy_topics.toml").read_text(encoding="utf-8"))


def outlier_lines(
    force: str, measure: str, share: float | None, expected: float | None, *, is_worse: bool, is_certain: bool = True
) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a force that is an outlier on one measure; without figures if one is suppressed."""
    first = f"{force} does worse than other forces." if is_worse else f"{force} is not like other forces."
    return (
        EasyLine(first, "A map with one area marked"),
        *_topic_line(measure),
        *_share_lines((force, share), ("Other forces", expected)),
        EasyLine(f"We are {'almost certain' if is_certain else 'quite sure'} of this.", "A person who nods"),
    )


def past_failure_lines(force: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a force with signs of a past failure mode, where no measure gives a figure."""
    return (
        EasyLine(f"{force} does worse than other forces.", "A map with one area marked"),
        EasyLine("The same thing went wrong in the past.", "A calendar with an arrow that points back"),
    )


def national_lines(measure: str, share: float) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a standard that most forces miss."""
    return (
        EasyLine("Most forces do not keep a rule.", "A map with most areas marked"),
        *_topic_line(measure),
        *_share_lines(("All forces", share)),
        EasyLine(EVERY_TIME, "A list with every box ticked"),
    )


def missed_standard_lines(force: str, measure: str, share: float) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a force that misses a standard."""
    return (
        EasyLine(f"{force} does not keep a rule.", "A list with an empty box"),
        *_topic_line(measure),
        *_share_lines((force, share)),
        EasyLine(EVERY_TIME, "A list with every box ticked"),
    )


def forces_missing_lines(forces: Sequence[str], measure: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on forces that miss a standard for the force as a whole, such as having a plan."""
    opening = f"{forces[0]} does not keep a rule." if len(forces) == 1 else "Some forces do not keep a rule."
    names = forces if len(forces) > 1 else ()
    return (
        EasyLine(opening, "A list with an empty box"),
        *_topic_line(measure),
        *(EasyLine(f"{name} does not do it.", "A map with one area marked") for name in names),
        EasyLine(EVERY_FORCE, "A map with all areas ticked"),
    )


def share_lines(place: str, measure: str, share: float) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a share that is neither good nor bad in itself."""
    return (*_topic_line(measure), *_share_lines((place, share)))


def trend_lines(count: str, changed: str, span: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a count that changed: `changed` is 'very probably fell', `span` 'three years'."""
    is_short = len(count.split()) <= MOST_WORDS_OF_A_NAME
    if not is_short:
        return ()
    words = changed.replace("fell", "went down").replace("rose", "went up")
    if changed.startswith("neither"):
        words = "did not clearly go up or down"
    return (
        EasyLine(f"We looked at this count: {count}.", "A tally"),
        EasyLine(f"It {words} in {span}.", "A line on a chart"),
        EasyLine("A count can change for other reasons too.", "A person who asks a question"),
    )


def hidden_lines(low: str, high: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on the children who are on no list."""
    return (
        EasyLine("Some children are on no list.", "A list, and children beside it"),
        EasyLine(f"There may be {low} to {high} children in all.", "A small group and a big group"),
        EasyLine("We are not sure of this number.", "A person who thinks"),
    )


def group_lines(people: str, measure: str, share: float) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a group of victims whose result differs from that of other victims."""
    return (
        EasyLine("Some victims get worse help than others.", "Two people with different help"),
        EasyLine(f"They are in this group: {people.lower()}.", "The people of this group"),
        *_topic_line(measure),
        *_share_lines(("For them", share)),
    )


def claim_lines(contradicted: str, tested: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on what forces claim about themselves."""
    return (
        EasyLine(f"We checked {tested} things that forces say.", "A police officer who speaks"),
        EasyLine(f"Their own records do not fit {contradicted} of them.", "A paper with a cross on it"),
    )


def blaming_lines(force: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a force whose texts contain more victim-blaming words than those of other forces."""
    return (
        EasyLine(f"{force} writes words that blame victims.", "A hand that writes"),
        EasyLine("It does so more than other forces.", "One tall bar beside small ones"),
    )


def unmarked_lines(force: str) -> tuple[EasyLine, ...]:
    """Return Easy Read lines on a force that flags fewer crimes as exploitation than others."""
    return (
        EasyLine(f"{force} does not mark many of these crimes.", "A folder with no mark"),
        EasyLine("Other forces mark more of them.", "Folders with a mark"),
    )


def _topic_line(measure: str) -> tuple[EasyLine, ...]:
    topic = easy_topics().get(measure)
    return (EasyLine(f"It is about {topic}.", f"A picture of: {topic}"),) if topic else ()


def _share_lines(*shares: tuple[str, float | None]) -> Iterable[EasyLine]:
    """Yield a line for each place, such as 'Kent: 43 out of 100 times.'; none unless every share is released."""
    if all(share is not None for _, share in shares):
        for place, share in shares:
            yield EasyLine(f"{place}: {_out_of_100(share or 0.0)} {OUT_OF}.", DOTS)


def _out_of_100(share: float) -> str:
    """Return a share as a whole number out of 100; a part that is not nothing or not all is never rounded to it."""
    if 0 < share < SMALLEST_PART:
        return "fewer than 1"
    if 1 - SMALLEST_PART < share < 1:
        return "more than 99"
    return derived_number(f"{100 * share:.0f}", "share as a number out of 100")
