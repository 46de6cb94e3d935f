"""Of all that was counted in the files, how large a part is what it should be, and how sure is that?

A question that counts a part, such as crimes correctly recorded, stands beside the one that counts the whole, such as
crimes that should have been. The ratio is all parts over all wholes, each file weighed by its chance, so a file that
tells of five crimes counts five times; its interval is that of as many crimes as the files are worth. Both numbers of a
file come from one reading. Files whose marker found that they do not tell are left out; files that were never found or
are not marked yet are stood for by those of their stratum, and told as bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.casefiles.file_allocation import design_of, marks_of, missing_of
from assay.casefiles.file_sampling import replace_missing
from assay.casefiles.ratings import Mark, of_inspectors
from assay.casefiles.result_sentences import said
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import Chosen, Opened
from assay.casefiles.sample_results import ROUNDS, File, chances_marked, file_of, unread, within
from assay.casefiles.sampling_frames import strata_in_order
from assay.contract.question_sets import CountQuestion, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.two_stage_sampling import DrawnInForces, two_stage_ratio
from assay.stats.samples.unequal_probability import drawn, ratio
from assay.wording import counted

NOTHING_TOLD = "No file told both numbers: nothing can be said."
Numbers = tuple[int, int] | None
"""Part and whole of one file; None where its marker found that the file does not tell."""


@dataclass(frozen=True)
class Ratio:
    """One ratio of one place: a force, a stratum, or all. `parts` of `wholes` stand in the `told` files that tell both
    numbers, of `files` found; `missing` were not. `bounds`: what is possible whatever the others hold."""

    part: CountQuestion
    whole: Question
    place: str
    stratum: str
    files: int
    told: int
    missing: int
    parts: int
    wholes: int
    share: Answer
    bounds: Answer
    leans_on: str

    def as_dict(self) -> dict[str, object]:
        """The same, for other programs."""
        counts = {name: getattr(self, name) for name in ("files", "told", "missing", "parts", "wholes")}
        told = {name: vars(getattr(self, name)) for name in ("share", "bounds")}
        of = {"question": self.part.key, "of": self.whole.key, "place": self.place, "stratum": self.stratum}
        return {**of, **counts, **told, "leans_on": self.leans_on, "cannot_tell": self.part.limits}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        files = f"{self.told} of {counted(self.files, 'file')} that {'tells' if self.told == 1 else 'tell'}"
        base = f"{self.parts} of {self.wholes} in {files}"
        return [
            f"{self.part.ratio}: {said(self.share)}; {base}.",
            f"It leans on: {self.leans_on}",
            f"It cannot tell: {self.part.limits}",
        ]


def ratios(folder: Path, key: str, questions: str) -> list[Ratio]:
    """Every ratio of a question set: of all files, of each force, and of each stratum where that is no force."""
    design, asked = design_of(folder, key), question_set(questions)
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    marks = of_inspectors(marks_of(folder, key, questions))
    return [one for part, whole in asked.ratios for one in of_pair(part, whole, design, found, numbers_in(marks, part))]


def shares_of_parts(
    folder: Path, key: str, questions: str, part_of: Mapping[File, str]
) -> dict[tuple[str, str], Answer]:
    """The first ratio of a question set in parts that cut across the strata: see `in_parts`."""
    design, pair = design_of(folder, key), question_set(questions).ratios[0]
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    numbers = numbers_in(of_inspectors(marks_of(folder, key, questions)), pair[0])
    return in_parts(pair, design, found, numbers, part_of)


def in_parts(
    pair: tuple[CountQuestion, Question],
    design: Design,
    found: Opened,
    numbers: Mapping[File, Numbers],
    part_of: Mapping[File, str],
) -> dict[tuple[str, str], Answer]:
    """A ratio of each part of the files (those of a year, for one), by place and part: of all and of each force. A file
    that lies in no part is left out."""
    codes = sorted({one.force_code for one in found.files})
    places = [(EVERYWHERE, found), *((code, within(found, code)) for code in codes)]
    return {
        (place, name): _ratio(*pair, place, "", _of_part(held, part_of, name), design, numbers).share
        for place, held in places
        for name in sorted(set(part_of.values()))
    }


def numbers_in(marks: Iterable[Mark], part: CountQuestion) -> dict[File, Numbers]:
    """Part and whole of every file, by one marker in one round: adjudicated, else the first, else the second. A reading
    in which the part is more than the whole does not count."""
    readings: dict[tuple[File, int, str], dict[str, str]] = {}
    for mark in marks:
        if mark["question"] in (part.key, part.part_of):
            file = (str(mark["force_code"]), str(mark["subject_ref"]))
            turn = ROUNDS.index(str(mark["marking_round"]))
            told = readings.setdefault((file, turn, str(mark["marker_code"])), {})
            told[str(mark["question"])] = str(mark["answer"])
    found: dict[File, Numbers] = {}
    for (file, *_), told in sorted(readings.items()):
        one, whole = told.get(part.key), told.get(part.part_of)
        if file in found or one is None or whole is None:
            continue
        if not (one.isdigit() and whole.isdigit()):
            found[file] = None
        elif int(one) <= int(whole):
            found[file] = int(one), int(whole)
    return found


def of_pair(
    part: CountQuestion, whole: Question, design: Design, found: Opened, numbers: Mapping[File, Numbers]
) -> list[Ratio]:
    """One ratio of all files, of each force that was read, and of each stratum where strata are not the forces."""
    codes = sorted({one.force_code for one in found.files})
    strata = {one.stratum for one in found.files}
    places = [(EVERYWHERE, "", found), *((code, "", within(found, code)) for code in codes)]
    if strata != set(codes):
        places += [(EVERYWHERE, name, _of_stratum(found, name)) for name in strata_in_order(design, strata)]
    return [_ratio(part, whole, *one, design, numbers) for one in places]


def _ratio(
    part: CountQuestion,
    whole: Question,
    place: str,
    stratum: str,
    found: Opened,
    design: Design,
    numbers: Mapping[File, Numbers],
) -> Ratio:
    decided = [one for one in found.files if file_of(one) in numbers]
    told = {one: pair for one in decided if (pair := numbers[file_of(one)])}
    across = bool(design.forces) and place == EVERYWHERE and not stratum
    silent = unread(found, [file_of(one) for one in decided]) if told else ""
    share = _worked(list(told), list(told.values()), chances_marked(found, decided), across=across)
    share = unanswered(silent) if silent else share
    return Ratio(
        part=part,
        whole=whole,
        place=place,
        stratum=stratum,
        files=len(found.files),
        told=len(told),
        missing=len(found.missing),
        parts=sum(one for one, _ in told.values()),
        wholes=sum(other for _, other in told.values()),
        share=share,
        bounds=_bounds(found, told, decided, share, across=across),
        leans_on=_leans_on(found, len(told), len(decided), design),
    )


def _worked(
    files: Sequence[Chosen], pairs: Sequence[tuple[float, float]], chance: Mapping[Chosen, float], *, across: bool
) -> Answer:
    """The ratio over these files; `across`: forces were drawn first, and this is over all of them."""
    if not files:
        return unanswered(NOTHING_TOLD)
    parts, wholes = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    chances = np.array([chance[one] for one in files])
    if not across:
        return ratio(parts, wholes, drawn(chances, strata=[one.stratum for one in files]))
    codes = sorted({one.force_code for one in files})
    of_force = {one.force_code: float(one.chance_of_force) for one in files}
    return two_stage_ratio(
        parts,
        wholes,
        DrawnInForces(
            chances,
            forces=np.array([codes.index(one.force_code) for one in files]),
            force_chances=np.array([of_force[code] for code in codes]),
        ),
    )


def _bounds(
    found: Opened,
    told: Mapping[Chosen, tuple[int, int]],
    decided: Sequence[Chosen],
    share: Answer,
    *,
    across: bool,
) -> Answer:
    """What is possible if files that were not found or are not marked yet tell of as many as the mean of the others,
    and of none or of all of them as it should be."""
    unknown = [one for one in (*found.files, *found.missing) if one not in decided]
    if not unknown or not told:
        return share if not unknown else Answer(None, 0.0, 1.0, NOTHING_TOLD)
    mean = sum(whole for _, whole in told.values()) / len(told)
    files = [*told, *unknown]
    chance = {one: float(one.chance * one.chance_of_force) for one in files}
    none, every = (
        _worked(files, [*told.values(), *[(mean * part, mean)] * len(unknown)], chance, across=across)
        for part in (0.0, 1.0)
    )
    return Answer(None, none.low, every.high, f"{counted(len(unknown), 'file')} not found or not marked yet.")


def _leans_on(found: Opened, told: int, decided: int, design: Design) -> str:
    """What the figure rests on, in a sentence or two."""
    held = ["Chances of being drawn that are known"]
    unknown = len(found.files) + len(found.missing) - decided
    if unknown:
        one = "file that was not found or is not marked yet is like the others of its stratum"
        several = "files that were not found or are not marked yet are like the others of their stratum"
        held.append(f"that {counted(unknown, one, several)}")
    if decided > told:
        left_out = counted(decided - told, "file that does not tell is", "files that do not tell are")
        held.append(f"that {left_out} left out")
    if design.sized_by:
        held.append("Hajek's approximation of how likely two files are drawn together")
    if design.forces:
        held.append("that the forces that were not drawn vary as those that were")
    return f"{'; '.join(held)}; and that markers count alike."


def _of_stratum(found: Opened, name: str) -> Opened:
    files, missing = (tuple(one for one in held if one.stratum == name) for held in (found.files, found.missing))
    return Opened(files, missing, found.short)


def _of_part(found: Opened, part_of: Mapping[File, str], name: str) -> Opened:
    files, missing = (
        tuple(one for one in held if part_of.get(file_of(one)) == name) for held in (found.files, found.missing)
    )
    return Opened(files, missing, found.short)
