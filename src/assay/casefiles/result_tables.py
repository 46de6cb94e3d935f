"""Tables of results from sampled files: shares, ratios and score bands, by force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assay.casefiles.ratio_estimates import Ratio
from assay.casefiles.result_sentences import answer_text, keep_interval_together, range_text
from assay.casefiles.sample_results import FILES_TODAY, FORCES_TODAY, Result
from assay.casefiles.sampling_frames import SEPARATOR
from assay.casefiles.scored_estimates import ASSUMPTIONS, CHECK_ASSUMPTIONS, CONTRADICTION_NOTE, ScoredEstimate
from assay.contract.question_sets import ANSWERS, GRADES
from assay.indicators import EVERYWHERE
from assay.report.page_elements import Grid, grid
from assay.wording import format_number, percent_interval

ALL_FORCES = "All forces together"
WORDS = {name: name.replace("_", " ").capitalize() for name in (*ANSWERS, *GRADES)}


def results_table(question: str, found: Iterable[Result], names: Mapping[str, str]) -> Grid:
    """Return the table of results of one question with ladder answers: a row for all forces and one for each force."""
    question_results = [result for result in found if result.question.key == question]
    ladder = GRADES if question_results[0].question.is_graded else ANSWERS
    first = question_results[0].question
    drawn_in = any(result.pooled != result.share for result in question_results)
    peers = ("#Among its peers (shrunken)",) if drawn_in else ()
    heads = ("Force", "#Files", *(f"#{WORDS[answer]}" for answer in ladder), f"#{WORDS[ladder[0]]}, of those "
                                                                             "with an answer",
             *peers, f"#{FILES_TODAY} files in {FORCES_TODAY} forces", "#If all the rest were the same")  # fmt: skip
    rows = [_row(result, names, ladder, drawn_in=drawn_in) for result in question_results]
    note = f"{first.stage.capitalize()}; {first.asks.replace('|', ', ')}."
    return grid(first.text, heads, rows, dense=True, note=note)


def _row(result: Result, names: Mapping[str, str], ladder: Sequence[str], *, drawn_in: bool) -> tuple[str, ...]:
    today, everywhere = result.today, result.place == EVERYWHERE
    peers = [keep_interval_together(answer_text(result.pooled)) if not everywhere else ""] if drawn_in else []
    return (
        place_name(result.place, names),
        format_number(result.files),
        *(format_number(result.answers[answer]) for answer in ladder),
        keep_interval_together(answer_text(result.share)),
        *peers,
        keep_interval_together(percent_interval(*today, 0)) if today and everywhere else "",
        keep_interval_together(range_text(result.bounds)),
    )


def ratio_table(part: str, found: Iterable[Ratio], names: Mapping[str, str]) -> Grid:
    """Return the table of one ratio, for all files, each force, and each stratum other than a force."""
    part_ratios = [ratio_row for ratio_row in found if ratio_row.part.key == part]
    first = part_ratios[0]
    heads = ("Where", "#Files", "#That tell both", f"#{_short(first.whole.key)}", f"#{_short(part)}", "#Share of all",
             "#If all the rest were the same")  # fmt: skip
    rows = [
        (
            stratum_label(ratio_row.stratum, names) if ratio_row.stratum else place_name(ratio_row.place, names),
            *(
                format_number(value)
                for value in (ratio_row.files, ratio_row.answered, ratio_row.wholes, ratio_row.parts)
            ),
            keep_interval_together(answer_text(ratio_row.share)),
            keep_interval_together(range_text(ratio_row.bounds)),
        )
        for ratio_row in part_ratios
    ]
    note = (
        f"{first.part.stage.capitalize()}; {first.part.asks.replace('|', ', ')}. {first.whole.text} "
        f"{first.part.text} Counts are of the files that give both numbers; the share is of all records, "
        f"weighted by inclusion probability. Assumptions: {first.assumptions} Limits: {first.part.limits}"
    )
    return grid(first.part.ratio, heads, rows, note=note, dense=True)


def scored_table(found: Sequence[ScoredEstimate]) -> Grid:
    """Return the table of estimates for every question over all records of a scored sample, with a second estimate."""
    heads = ("Question", "#Of all records", "#Prediction-powered, beside it",
             "Met or good, of those with an answer, by band", "#Lowest band, at most")  # fmt: skip
    rows = [
        (
            result.question.key + (f". {CONTRADICTION_NOTE}" if result.contradicts else ""),
            keep_interval_together(answer_text(result.share)),
            keep_interval_together(answer_text(result.check)),
            "; ".join(f"{band.met} of {band.answered}" for band in result.bands),
            f"{format_number(result.lowest_band_maximum)} of {format_number(result.bands[0].records)}",
        )
        for result in found
    ]
    note = (
        f"Assumptions of the first figure: {ASSUMPTIONS} Assumptions of the prediction-powered figure: "
        f"{CHECK_ASSUMPTIONS} The last column: the largest number of such records in the band with the lowest scores."
    )
    return grid("All records, estimated by score", heads, rows, note=note, dense=True)


def bands_table(found: Sequence[ScoredEstimate]) -> Grid:
    """Return the table of the score bands of a sample, with records and files read in each, from the lowest band."""
    bands = found[0].bands
    rows = [
        (stratum_label(score_band.name, {}), format_number(score_band.records), format_number(score_band.read))
        for score_band in bands
    ]
    return grid("The bands, from the lowest score up", ("Band", "#Records", "#Files read"), rows)


def stratum_label(stratum: str, names: Mapping[str, str]) -> str:
    """Return the name of a stratum, with the names of its force and columns in words."""
    return SEPARATOR.join(names.get(part, part.replace("_", " ")) for part in stratum.split(SEPARATOR))


def place_name(place: str, names: Mapping[str, str]) -> str:
    """Return the name of a place: a force, or all forces."""
    return ALL_FORCES if place == EVERYWHERE else names.get(place, place)


def _short(key: str) -> str:
    return key.replace("_", " ").capitalize()
