"""Synthetic summaries of crimes, with or without signs of exploitation.

Most summaries of crimes that are exploitation contain signs, some none; a few of the others contain a sentence that
resembles a sign (near miss). The shares are our own proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.errors import UsageError
from assay.synthetic.notes.note_grammar import grammar, grammar_file, sentence
from assay.synthetic.random_stream import RandomStream

SIGNS = ((), ("weak",), ("strong",), ("strong", "weak"))  # the sentences of each strength, 0 to 3
CHILDREN = "protection"  # the kind of every offence against a child


@dataclass(frozen=True)
class Shares:
    """Shares (0 to 1) of crimes and of summaries with each property.

    `exploited`: of crimes of other kinds; `sign_strengths`: weights of the strengths 0 to 3 of signs in summaries of
    exploitation; `near_miss`: of the others; `empty` and `capitals`: of all. `flagged` is 0, because a flagged crime is
    in scope and in `crimes`.
    """

    exploited: float = 0.004
    flagged: float = 0.0
    sign_strengths: tuple[int, int, int, int] = (20, 30, 30, 20)
    near_miss: float = 0.02
    empty: float = 0.03
    capitals: float = 0.02
    welsh: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.exploited, self.flagged, self.near_miss, self.empty, self.capitals, self.welsh)
        if not all(0 <= share <= 1 for share in shares) or min(self.sign_strengths) < 0 or not sum(self.sign_strengths):
            raise UsageError("Shares of summaries lie between 0 and 1, and the weights of the signs are not negative.")


USUAL = Shares()


@dataclass(frozen=True)
class Summary:
    """The text of one summary (None if empty) and the strength of the signs in it, 0 to 3."""

    text: str | None
    signs: int
    near_miss: bool


@lru_cache(maxsize=1)
def codes() -> dict[tuple[str, str], int]:
    """Return the sampling weight of each (kind, offence code), for crimes that are not against children."""
    kinds = grammar_file("kinds")["kind"]
    whole = {kind: sum(found["codes"].values()) for kind, found in kinds.items()}
    return {
        (kind, code): found["share"] * weight * 10_000 // whole[kind]
        for kind, found in kinds.items()
        for code, weight in found["codes"].items()
    }


def other_crime(stream: RandomStream) -> tuple[str, str]:
    """Sample the kind and offence code of a crime that is not against a child."""
    return stream.weighted(codes())


@lru_cache(maxsize=1)
def kind_by_code() -> dict[str, str]:
    """Return the kind of crime of each offence code that is not against children."""
    return {code: kind for kind, code in codes()}


def summary(kind: str, stream: RandomStream, *, exploited: bool, shares: Shares = USUAL) -> Summary:
    """Generate the summary of one crime of a kind (`kinds.toml`, or `protection`)."""
    if stream.happens(shares.empty):
        return Summary(None, 0, False)
    signs = stream.weighted(dict(enumerate(shares.sign_strengths))) if exploited else 0
    is_near_miss = not exploited and stream.happens(shares.near_miss)
    slots = grammar()
    text = slots["summary.opening"].say(stream)
    if stream.happens(0.5):
        text += f" at {slots['clock'].say(stream)}"
    sentences = [f"{text}.", slots[f"happened.{kind}"].say(stream)]
    sentences += [slots[f"sign.{strength}"].say(stream) for strength in SIGNS[signs]]
    sentences += [slots["near.miss"].say(stream)] * is_near_miss
    sentences += [slots["welsh.sentence"].say(stream)] if stream.happens(shares.welsh) else []
    sentences.append(slots["summary.next"].say(stream))
    full_text = " ".join([sentence(text_part) for text_part in sentences])
    return Summary(full_text.upper() if stream.happens(shares.capitals) else full_text, signs, is_near_miss)
