"""How is what the marks say put into tables: shares, ratios, force by force?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assay.casefiles.ratio_estimates import Ratio
from assay.casefiles.result_sentences import on_page, said, span
from assay.casefiles.sample_results import FILES_TODAY, FORCES_TODAY, Result
from assay.casefiles.sampling_frames import BETWEEN
from assay.casefiles.scored_estimates import APART, CHECK_LEANS_ON, LEANS_ON, Scored
from assay.contract.question_sets import GRADES, MARKS
from assay.indicators import EVERYWHERE
from assay.report.page_elements import Grid, grid
from assay.wording import number, percents

ALL = "All forces together"
WORDS = {name: name.replace("_", " ").capitalize() for name in (*MARKS, *GRADES)}


def results_table(question: str, found: Iterable[Result], names: Mapping[str, str]) -> Grid:
    """One question that is answered in words, of all forces and of each."""
    mine = [one for one in found if one.question.key == question]
    ladder = GRADES if mine[0].question.graded else MARKS
    first = mine[0].question
    drawn_in = any(one.pooled != one.share for one in mine)
    peers = ("#Among its peers",) if drawn_in else ()
    heads = ("Force", "#Files", *(f"#{WORDS[answer]}" for answer in ladder), f"#{WORDS[ladder[0]]}, of those that tell",
             *peers, f"#{FILES_TODAY} files in {FORCES_TODAY} forces", "#If the rest were all one way")  # fmt: skip
    rows = [_row(one, names, ladder, drawn_in=drawn_in) for one in mine]
    note = f"{first.stage.capitalize()}; {first.asks.replace('|', ', ')}."
    return grid(first.text, heads, rows, dense=True, note=note)


def _row(one: Result, names: Mapping[str, str], ladder: Sequence[str], *, drawn_in: bool) -> tuple[str, ...]:
    today, everywhere = one.today, one.place == EVERYWHERE
    peers = [on_page(said(one.pooled)) if not everywhere else ""] if drawn_in else []
    return (
        place_name(one.place, names),
        number(one.files),
        *(number(one.answers[answer]) for answer in ladder),
        on_page(said(one.share)),
        *peers,
        on_page(percents(*today, 0)) if today and everywhere else "",
        on_page(span(one.bounds)),
    )


def ratio_table(part: str, found: Iterable[Ratio], names: Mapping[str, str]) -> Grid:
    """One ratio, of all files, of each force, and of each stratum where strata are not the forces."""
    mine = [one for one in found if one.part.key == part]
    first = mine[0]
    heads = ("Where", "#Files", "#That tell both", f"#{_short(first.whole.key)}", f"#{_short(part)}", "#Share of all",
             "#If the rest were all one way")  # fmt: skip
    rows = [
        (
            where(one.stratum, names) if one.stratum else place_name(one.place, names),
            *(number(value) for value in (one.files, one.told, one.wholes, one.parts)),
            on_page(said(one.share)),
            on_page(span(one.bounds)),
        )
        for one in mine
    ]
    note = (
        f"{first.part.stage.capitalize()}; {first.part.asks.replace('|', ', ')}. {first.whole.text} {first.part.text} "
        f"Counts are of the files that tell both; the share is of all records, each file weighed by its chance. "
        f"It leans on: {first.leans_on} It cannot tell: {first.part.limits}"
    )
    return grid(first.part.ratio, heads, rows, note=note, dense=True)


def scored_table(found: Sequence[Scored]) -> Grid:
    """Every question over all records, where the design was by a score: the figure, and what the score makes of it."""
    heads = ("Question", "#Of all records", "#Prediction-powered, beside it",
             "Met or good, of those that told, band by band", "#Lowest band, at most")  # fmt: skip
    rows = [
        (
            one.question.key + (f". {APART}" if one.apart else ""),
            on_page(said(one.share)),
            on_page(said(one.check)),
            "; ".join(f"{band.met} of {band.told}" for band in one.bands),
            f"{number(one.lowest_most)} of {number(one.bands[0].records)}",
        )
        for one in found
    ]
    note = (
        f"The first figure leans on: {LEANS_ON} Prediction-powered leans on: {CHECK_LEANS_ON} The last column: how "
        "many records of the band with the lowest scores may be so, which no score can exclude."
    )
    return grid("All records, by their score", heads, rows, note=note, dense=True)


def bands_table(found: Sequence[Scored]) -> Grid:
    """The bands of the score, from the lowest up."""
    bands = found[0].bands
    rows = [(where(one.name, {}), number(one.records), number(one.read)) for one in bands]
    return grid("The bands, from the lowest score up", ("Band", "#Records", "#Files read"), rows)


def where(stratum: str, names: Mapping[str, str]) -> str:
    """The words, with forces by their names and columns as words."""
    return BETWEEN.join(names.get(part, part.replace("_", " ")) for part in stratum.split(BETWEEN))


def place_name(place: str, names: Mapping[str, str]) -> str:
    """All forces together, or a force by its name."""
    return ALL if place == EVERYWHERE else names.get(place, place)


def _short(key: str) -> str:
    return key.replace("_", " ").capitalize()
