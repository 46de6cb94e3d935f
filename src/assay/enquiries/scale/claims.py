"""Somebody says that the count fell by a fifth: is that supported, is it not, or can it not be said?

A claim is read for its direction and size (`claim_words`), and for what no count can bear: a cause, a judgement,
people, exploitation itself, a record ("the highest ever"). The answer always says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.enquiries.scale.claim_words import Claim, read_claim
from assay.enquiries.wording import chance, change, number

__all__ = ["Answer", "Claim", "Evidence", "Verdict", "check", "read_claim"]

Verdict = Literal["supported", "not supported", "cannot be said"]


@dataclass(frozen=True)
class Evidence:
    """What the series did between two full years.

    `before` and `after` are published counts (None where the year is not full); `probability_fell` is of the level,
    None with `refusal` where the model gives none; `uncrossable` and `with_care` are reasons from the register of
    breaks; `counts_exploitation` is False for every published series of offences.
    """

    series: str
    from_year: str
    to_year: str
    before: int | None
    after: int | None
    probability_fell: float | None
    refusal: str
    uncrossable: tuple[str, ...]
    with_care: tuple[str, ...]
    edition: str

    @property
    def change(self) -> float | None:
        """The published change as a proportion of the earlier count."""
        return None if not self.before or self.after is None else self.after / self.before - 1


@dataclass(frozen=True)
class Answer:
    """The verdict, and the sentences that give its reasons."""

    verdict: Verdict
    because: tuple[str, ...]


def check(claim: Claim, seen: Evidence) -> Answer:
    """Hold the claim against what the series did; each reason is a sentence, the strongest first."""
    if seen.change is None or seen.before is None or seen.after is None:
        return Answer("cannot be said", (_no_full_years(seen),))
    what = _what_it_did(seen)
    bars = [*claim.bars, *_other_offences(claim, seen), *(_across(reason) for reason in seen.uncrossable)]
    if bars:
        return Answer("cannot be said", (*bars, what))
    care = tuple(f"Take care: {reason}" for reason in seen.with_care)
    wrong = _size_is_wrong(claim, seen)
    if wrong:
        return Answer("not supported", (what, wrong, *care))
    verdict, why = _direction_holds(claim, seen)
    return Answer(verdict, (what, why, *care))


def _other_offences(claim: Claim, seen: Evidence) -> list[str]:
    others = [name for name in claim.named if name not in seen.series.lower()]
    if not others:
        return []
    return [f"The claim speaks of {others[0]}, and this series counts {seen.series}. Ask of the series that counts it."]


def _no_full_years(seen: Evidence) -> str:
    return (
        f"The series has no full count for both {seen.from_year} and {seen.to_year}: "
        "a part year is never compared with a year."
    )


def _what_it_did(seen: Evidence) -> str:
    assert seen.before is not None
    assert seen.after is not None
    assert seen.change is not None
    return (
        f"The count of {seen.series} went from {number(seen.before)} in {seen.from_year} to {number(seen.after)} "
        f"in {seen.to_year} ({change(seen.change)}). Source: {seen.edition}."
    )


def _across(reason: str) -> str:
    return f"What is counted changed between the two years, so they cannot be compared: {reason}"


def _size_is_wrong(claim: Claim, seen: Evidence) -> str:
    """A sentence that says how the size differs from what was published; '' where it does not, or none was named."""
    assert seen.before is not None and seen.after is not None and seen.change is not None  # noqa: PT018
    if claim.ends is not None and not (
        _near(claim, seen.before, claim.ends[0]) and _near(claim, seen.after, claim.ends[1])
    ):
        return f"The claim says from {number(claim.ends[0])} to {number(claim.ends[1])}."
    moved = abs(seen.after - seen.before)
    if claim.moved_by is not None and not _near(claim, moved, claim.moved_by):
        return (
            f"That is a change of {number(moved)}, where the claim says {_said(claim.bound)}{number(claim.moved_by)}."
        )
    if claim.size is not None and not _size_matches(claim, seen.change):
        return f"That is {change(seen.change)}, not {_said(claim.bound)}{change(claim.size)}."
    return ""


def _said(bound: str) -> str:
    return "" if bound == "exactly" else f"{bound} "


def _near(claim: Claim, published: float, claimed: float) -> bool:
    if claim.bound == "at least":
        return published >= claimed
    if claim.bound == "at most":
        return published <= claimed
    return abs(published - claimed) <= (0.05 * claimed if claim.bound == "about" else 0.5)


def _size_matches(claim: Claim, published: float) -> bool:
    assert claim.size is not None
    if (published < 0) != (claim.size < 0):
        return claim.denied or claim.size == 0
    if claim.bound in ("at least", "at most"):
        return _near(claim, abs(published), abs(claim.size))
    tolerance = max(0.025, 0.15 * abs(claim.size)) if claim.bound == "about" else 0.005
    return abs(published - claim.size) <= tolerance + 1e-9


def _direction_holds(claim: Claim, seen: Evidence) -> tuple[Verdict, str]:
    if seen.probability_fell is None:
        return "cannot be said", f"No model of the level can be given: {seen.refusal}"
    fell = seen.probability_fell
    sure = {"fell": fell, "rose": 1 - fell, "unchanged": 1 - 2 * abs(fell - 0.5)}[claim.direction]
    sure = 1 - sure if claim.denied else sure
    moved, chances = ("rose", 1 - fell) if claim.direction == "rose" else ("fell", fell)
    why = f"The probability that the level of this count {moved} is {chance(chances)}"
    if claim.direction == "unchanged":
        return (
            "cannot be said",
            f"{why}; that a level stayed the same can never be shown, only that no change is clear.",
        )
    if sure >= 0.9:
        return "supported", f"{why}. The claim holds for the count; it says nothing of what was not recorded."
    if sure <= 0.1:
        return "not supported", f"{why}."
    return "cannot be said", f"{why}: the change lies within the ups and downs of the series."
