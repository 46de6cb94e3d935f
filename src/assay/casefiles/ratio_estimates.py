"""Ratio estimates from sampled files, with missing-data bounds.

A question that counts a part (crimes correctly recorded, for example) is paired with the one that counts the whole
(crimes that should have been recorded). The ratio is the weighted sum of the parts over the weighted sum of the wholes,
with the inverse inclusion probability of each file as its weight; its interval is that of the effective number of
crimes. Both numbers of a file come from one reading. Files without an answer, according to their rater, are left out.
Missing and unrated files are represented by those of their stratum, and give the missing-data bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.casefiles.file_allocation import design_of, missing_of, sample_ratings
from assay.casefiles.file_sampling import replace_missing
from assay.casefiles.ratings import Rating, inspector_ratings
from assay.casefiles.result_sentences import answer_text
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import FilesToRead, SampledFile
from assay.casefiles.sample_results import (
    ROUNDS,
    File,
    files_of_force,
    rating_probabilities,
    reason_unread,
    sampled_file_key,
)
from assay.casefiles.sampling_frames import strata_in_order
from assay.contract.question_sets import CountQuestion, Question
from assay.indicators import EVERYWHERE
from assay.indicators.question_set_catalogue import question_set
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.samples.two_stage_sampling import TwoStageSample, two_stage_ratio
from assay.stats.samples.unequal_probability import ratio, unequal_probability_sample
from assay.wording import count_phrase

NO_EVIDENCE = "No file gives both numbers, so there is no estimate."
Numbers = tuple[int, int] | None
"""Part and whole of one file; None if the file does not tell according to its rater."""


@dataclass(frozen=True)
class Ratio:
    """The estimate of one ratio of two counts in one place: all forces, one force or one stratum.

    Parameters
    ----------
    files, answered, missing
        Files that were found, files with both numbers, and files that were not found.
    parts, wholes
        Sums of both numbers over the files with both.
    bounds
        Missing-data bounds of the share.
    """

    part: CountQuestion
    whole: Question
    place: str
    stratum: str
    files: int
    answered: int
    missing: int
    parts: int
    wholes: int
    share: IntervalEstimate
    bounds: IntervalEstimate
    assumptions: str

    def as_dict(self) -> dict[str, object]:
        """Return the result as JSON-ready values."""
        counts = {name: getattr(self, name) for name in ("files", "answered", "missing", "parts", "wholes")}
        answers = {name: vars(getattr(self, name)) for name in ("share", "bounds")}
        identity = {"question": self.part.key, "of": self.whole.key, "place": self.place, "stratum": self.stratum}
        return {**identity, **counts, **answers, "assumptions": self.assumptions, "cannot_tell": self.part.limits}

    def summary_lines(self) -> list[str]:
        """Return the result as lines for a terminal."""
        files = f"{self.answered} of {count_phrase(self.files, 'file')} with an answer"
        base = f"{self.parts} of {self.wholes} in {files}"
        return [
            f"{self.part.ratio}: {answer_text(self.share)}; {base}.",
            f"Assumptions: {self.assumptions}",
            f"Limits: {self.part.limits}",
        ]


def ratios(folder: Path, key: str, questions: str) -> list[Ratio]:
    """Estimate every ratio of a question set: for all files, each force, and each stratum that is not a force."""
    design, instrument = design_of(folder, key), question_set(questions)
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    ratings = inspector_ratings(sample_ratings(folder, key, questions))
    return [
        ratio_result
        for part, whole in instrument.ratios
        for ratio_result in pair_ratios(part, whole, design, found, numbers_in(ratings, part))
    ]


def domain_shares(
    folder: Path, key: str, questions: str, part_of: Mapping[File, str]
) -> dict[tuple[str, str], IntervalEstimate]:
    """Estimate the first ratio of a question set for each domain that cuts across the strata, such as a crime type."""
    design, pair = design_of(folder, key), question_set(questions).ratios[0]
    found = replace_missing(folder, key, missing_of(folder, key, questions))
    numbers = numbers_in(inspector_ratings(sample_ratings(folder, key, questions)), pair[0])
    return domain_ratios(pair, design, found, numbers, part_of)


def domain_ratios(
    pair: tuple[CountQuestion, Question],
    design: Design,
    found: FilesToRead,
    numbers: Mapping[File, Numbers],
    part_of: Mapping[File, str],
) -> dict[tuple[str, str], IntervalEstimate]:
    """Estimate one ratio for each domain that cuts across the strata; the keys are (place, domain)."""
    codes = sorted({sampled_file.force_code for sampled_file in found.files})
    places = [(EVERYWHERE, found), *((code, files_of_force(found, code)) for code in codes)]
    return {
        (place, name): _ratio(*pair, place, "", _files_of_part(place_files, part_of, name), design, numbers).share
        for place, place_files in places
        for name in sorted(set(part_of.values()))
    }


def numbers_in(ratings: Iterable[Rating], part: CountQuestion) -> dict[File, Numbers]:
    """Return the numerator and denominator of a file's ratio, from its adjudicated, else first, else second rating."""
    readings: dict[tuple[File, int, str], dict[str, str]] = {}
    for rating in ratings:
        if rating["question"] in (part.key, part.part_of):
            file = (str(rating["force_code"]), str(rating["subject_ref"]))
            round_number = ROUNDS.index(str(rating["marking_round"]))
            answers = readings.setdefault((file, round_number, str(rating["marker_code"])), {})
            answers[str(rating["question"])] = str(rating["answer"])
    found: dict[File, Numbers] = {}
    for (file, *_), answers in sorted(readings.items()):
        part_count, whole = answers.get(part.key), answers.get(part.part_of)
        if file in found or part_count is None or whole is None:
            continue
        if not (part_count.isdigit() and whole.isdigit()):
            found[file] = None
        elif int(part_count) <= int(whole):
            found[file] = int(part_count), int(whole)
    return found


def pair_ratios(
    part: CountQuestion, whole: Question, design: Design, found: FilesToRead, numbers: Mapping[File, Numbers]
) -> list[Ratio]:
    """Estimate one ratio for all files, for each force that was read, and for each stratum that is not a force."""
    codes = sorted({item.force_code for item in found.files})
    strata = {item.stratum for item in found.files}
    places = [(EVERYWHERE, "", found), *((code, "", files_of_force(found, code)) for code in codes)]
    if strata != set(codes):
        places += [(EVERYWHERE, name, _files_of_stratum(found, name)) for name in strata_in_order(design, strata)]
    return [_ratio(part, whole, *item, design, numbers) for item in places]


def _ratio(
    part: CountQuestion,
    whole: Question,
    place: str,
    stratum: str,
    found: FilesToRead,
    design: Design,
    numbers: Mapping[File, Numbers],
) -> Ratio:
    decided = [item for item in found.files if sampled_file_key(item) in numbers]
    pairs = {item: pair for item in decided if (pair := numbers[sampled_file_key(item)])}
    over_forces = bool(design.forces) and place == EVERYWHERE and not stratum
    silent = reason_unread(found, [sampled_file_key(item) for item in decided]) if pairs else ""
    share = _estimate(list(pairs), list(pairs.values()), rating_probabilities(found, decided), over_forces=over_forces)
    share = missing_estimate(silent) if silent else share
    return Ratio(
        part=part,
        whole=whole,
        place=place,
        stratum=stratum,
        files=len(found.files),
        answered=len(pairs),
        missing=len(found.missing),
        parts=sum(item for item, _ in pairs.values()),
        wholes=sum(whole_count for _, whole_count in pairs.values()),
        share=share,
        bounds=_bounds(found, pairs, decided, share, over_forces=over_forces),
        assumptions=_assumptions(found, len(pairs), len(decided), design),
    )


def _estimate(
    files: Sequence[SampledFile],
    pairs: Sequence[tuple[float, float]],
    probability_of: Mapping[SampledFile, float],
    *,
    over_forces: bool,
) -> IntervalEstimate:
    """Return the ratio estimate over these files; two-stage if forces were sampled first."""
    if not files:
        return missing_estimate(NO_EVIDENCE)
    parts, wholes = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    probabilities = np.array([probability_of[sampled_file] for sampled_file in files])
    if not over_forces:
        return ratio(
            parts,
            wholes,
            unequal_probability_sample(probabilities, strata=[sampled_file.stratum for sampled_file in files]),
        )
    codes = sorted({sampled_file.force_code for sampled_file in files})
    force_probabilities = {sampled_file.force_code: float(sampled_file.chance_of_force) for sampled_file in files}
    return two_stage_ratio(
        parts,
        wholes,
        TwoStageSample(
            probabilities,
            forces=np.array([codes.index(sampled_file.force_code) for sampled_file in files]),
            force_inclusion_probabilities=np.array([force_probabilities[code] for code in codes]),
        ),
    )


def _bounds(
    found: FilesToRead,
    pairs: Mapping[SampledFile, tuple[int, int]],
    decided: Sequence[SampledFile],
    share: IntervalEstimate,
    *,
    over_forces: bool,
) -> IntervalEstimate:
    """Return missing-data bounds: unrated and missing files have the mean whole, and a part of 0 or of the whole."""
    unknown = [sampled_file for sampled_file in (*found.files, *found.missing) if sampled_file not in decided]
    if not unknown or not pairs:
        return share if not unknown else IntervalEstimate(None, 0.0, 1.0, NO_EVIDENCE)
    mean = sum(whole for _, whole in pairs.values()) / len(pairs)
    files = [*pairs, *unknown]
    probability_of = {sampled_file: float(sampled_file.chance * sampled_file.chance_of_force) for sampled_file in files}
    none_met, all_met = (
        _estimate(
            files, [*pairs.values(), *[(mean * part, mean)] * len(unknown)], probability_of, over_forces=over_forces
        )
        for part in (0.0, 1.0)
    )
    return IntervalEstimate(
        None, none_met.low, all_met.high, f"{count_phrase(len(unknown), 'file')} not found or not rated yet."
    )


def _assumptions(found: FilesToRead, informative: int, decided: int, design: Design) -> str:
    """Return the assumptions of the figure, in a sentence or two."""
    assumptions = ["Inclusion probabilities that are known"]
    unknown = len(found.files) + len(found.missing) - decided
    if unknown:
        singular = "file that was not found or is not rated yet is like the others of its stratum"
        plural = "files that were not found or are not rated yet are like the others of their stratum"
        assumptions.append(f"that {count_phrase(unknown, singular, plural)}")
    if decided > informative:
        excluded_text = count_phrase(decided - informative, "file without an answer is", "files without an answer are")
        assumptions.append(f"that {excluded_text} left out")
    if design.sized_by:
        assumptions.append("Hajek's approximation of joint inclusion probabilities")
    if design.forces:
        assumptions.append("that the forces that were not drawn vary like those that were")
    return f"{'; '.join(assumptions)}; and that raters count in the same way."


def _files_of_stratum(found: FilesToRead, name: str) -> FilesToRead:
    files, missing = (
        tuple(sampled_file for sampled_file in file_group if sampled_file.stratum == name)
        for file_group in (found.files, found.missing)
    )
    return FilesToRead(files, missing, found.short)


def _files_of_part(found: FilesToRead, part_of: Mapping[File, str], name: str) -> FilesToRead:
    files, missing = (
        tuple(sampled_file for sampled_file in file_group if part_of.get(sampled_file_key(sampled_file)) == name)
        for file_group in (found.files, found.missing)
    )
    return FilesToRead(files, missing, found.short)
