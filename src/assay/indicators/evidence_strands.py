"""Which strands of evidence are there, what may one say of a characteristic, and how sure are they together?

A verdict is of one strand: it agrees (the characteristic is there), disagrees, cannot tell, or was not asked. None
outweighs another and none is counted into a mark. What they come to is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assay.wording import listed

AGREE, DISAGREE, CANNOT_TELL, NOT_ASKED = "agrees", "disagrees", "cannot tell", "not asked"
LINE = 0.75
"""Three in four. Where a share is judged by itself, it must lie wholly above for a strand to agree, wholly below for it
to disagree. No law and no inspectorate has set it; see decision 0055."""
FEWEST_RECORDS = 10
"""Of fewer records that tell, the data say nothing of a force."""
FEWEST_PEOPLE = 5
"""What fewer people brought up, or fewer interviews say, neither supports nor contradicts."""
TWICE = 2


@dataclass(frozen=True)
class Kind:
    """One strand: its name, as it is said with others, what is said where nobody asked, and its rule."""

    key: str
    name: str
    said: str
    not_asked: str
    rule: str


KINDS = (
    Kind("data", "Data", "data", "the records were not asked",
         "Of what is owed in every case: agrees if at least three in four are met even if every record that does not "
         "tell were not met; disagrees if fewer are even if every such record were met. A force that stands apart from "
         "the others on the side that is not wanted disagrees. Of what has no right level (charges, cases pending, "
         "suspects identified) only that comparison counts. Fewer than 10 records that tell say nothing. Series over "
         "time cannot tell: that a number moves is no verdict on what is said of it."),
    Kind("files", "Case files", "files", "files were not read",
         "Of the files that were drawn and marked: agrees if the whole 95% interval of the share that is met lies at "
         "three in four or above; disagrees if it lies wholly below."),
    Kind("documents", "Documents", "documents", "documents were not checked",
         "Of the items of the checklists that were answered of the force's documents: agrees if three in four or more "
         "are met; disagrees if fewer would be even if every item partly met were met. That something is written down "
         "is not that it is done."),
    Kind("staff", "People inside", "people inside", "people inside were not asked",
         "Of a survey of officers and staff: agrees if the whole interval lies at three in four or above; disagrees if "
         "it lies wholly below. Without a frame there is no share, so it cannot tell. Of interviews, focus groups and "
         "observations: agrees if five or more say that it is so, and at least twice as many as say that it is not; "
         "disagrees the other way round. A note that nobody marked cannot tell."),
    Kind("partners", "Partners", "partners", "partners were not asked",
         "As for people inside, of schools, health, children's services, prosecutors and voluntary bodies."),
    Kind("victims", "Victims", "victims", "victims were not asked",
         "Voices support or contradict; they do not measure. Agrees if what speaks for it was brought up by five "
         "people or more, and by at least twice as many as what speaks against it; disagrees the other way round."),
)  # fmt: skip
BY_KEY = {one.key: one for one in KINDS}


@dataclass(frozen=True)
class Strand:
    """What one strand says of one characteristic in one place: the verdict, in words why, and what it rests on.

    `telling`: of those words, the sentences that agree or disagree. `told`: how many files were read, or people asked,
    at most by any part of it; None where nothing of that kind is counted.
    """

    kind: str
    verdict: str
    says: str
    rests_on: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    told: int | None = None

    @property
    def name(self) -> str:
        """The strand as a page names it."""
        return BY_KEY[self.kind].name


def judged(kind: str, parts: Sequence[Strand]) -> Strand:
    """One strand from its parts: their verdict where those that tell say one thing; where they differ, it cannot
    tell, and each part is said. Without parts it was not asked."""
    if not parts:
        said = BY_KEY[kind].not_asked
        return Strand(kind, NOT_ASKED, f"{said[0].upper()}{said[1:]}.")
    told = {one.verdict for one in parts} & {AGREE, DISAGREE}
    asked = any(one.verdict != NOT_ASKED for one in parts)
    verdict = min(told) if len(told) == 1 else CANNOT_TELL if asked else NOT_ASKED
    first = "It points both ways. " if len(told) > 1 else ""
    words = " ".join(dict.fromkeys(one.says for one in parts))
    keys = tuple(dict.fromkeys(key for one in parts for key in one.rests_on))
    telling = tuple(one.says for one in parts if one.verdict in (AGREE, DISAGREE))
    most = max((one.told for one in parts if one.told is not None), default=None)
    return Strand(kind, verdict, first + words, keys, telling, most)


def of_enough(parts: Iterable[Strand], fewest: int) -> list[Strand]:
    """The same parts, of which those that fewer than `fewest` files or people told cannot tell."""
    return [
        replace(one, verdict=CANNOT_TELL, says="Too few for it to be shown what they say.", telling=())
        if one.told is not None and one.told < fewest and one.verdict != NOT_ASKED
        else one
        for one in parts
    ]


def by_count(speaks_for: int, speaks_against: int) -> str:
    """The verdict of people who were chosen, not drawn: five or more, and twice as many as on the other side."""
    most, least = max(speaks_for, speaks_against), min(speaks_for, speaks_against)
    if most < FEWEST_PEOPLE or most < TWICE * least:
        return CANNOT_TELL
    return AGREE if speaks_for > speaks_against else DISAGREE


def by_line(lowest: float, highest: float) -> str:
    """The verdict of a share that lies somewhere from `lowest` to `highest`."""
    return AGREE if lowest >= LINE else DISAGREE if highest < LINE else CANNOT_TELL


def certainty(strands: Iterable[Strand]) -> str:
    """The statement of certainty: on which strands it rests, whether they agree, and who was not asked."""
    held = list(strands)
    agree, disagree, unsettled = (_of(held, verdict) for verdict in (AGREE, DISAGREE, CANNOT_TELL))
    told = [*agree, *disagree]
    if not told:
        said = ["Rests on nothing yet"]
    elif agree and disagree:
        said = [f"The strands disagree: {listed(agree)} for it, {listed(disagree)} against it"]
    elif len(told) == 1:
        said = [f"Rests on {told[0]} alone, {'for it' if agree else 'against it'}"]
    else:
        said = [f"Rests on {listed(told)}, which agree, {'for it' if agree else 'against it'}"]
    if unsettled:
        said.append(f"{listed(unsettled)} cannot tell")
    silent_kinds = [one.kind for one in held if one.verdict == NOT_ASKED]
    silent_kinds += [kind.key for kind in KINDS if kind.key not in {one.kind for one in held}]
    said += [kind.not_asked for kind in KINDS if kind.key in silent_kinds]
    return "; ".join(said) + "."


def alone(kind: str) -> str:
    """The statement where one strand is all that there is: 'Rests on data alone; files were not read; ...'."""
    others = (one.not_asked for one in KINDS if one.key != kind)
    return f"{'; '.join((f'Rests on {BY_KEY[kind].said} alone', *others))}."


def disagrees(strands: Iterable[Strand]) -> bool:
    """Whether one strand says yes and another no: that is a finding of its own."""
    return {AGREE, DISAGREE} <= {one.verdict for one in strands}


def _of(strands: Iterable[Strand], verdict: str) -> list[str]:
    return [BY_KEY[one.kind].said for one in strands if one.verdict == verdict]
