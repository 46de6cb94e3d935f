"""What does the team see of one sample: what its files can say, how far the marking is, who agrees, what was found?

For the inspection's own people: it names files by reference and forces by name, with counts that may be small. Nothing
of it leaves the building without disclosure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import jinja2

from assay.casefiles.agreeing import Agreed, Severe, agreement, auditors, severity
from assay.casefiles.fieldwork import assigned_of, design_of, marks_of, missing_of
from assay.casefiles.marks import standing
from assay.casefiles.results import FILES_TODAY, Result, results
from assay.casefiles.sampling import files_of, strata_of
from assay.enquiries.question_sets import question_set
from assay.estimation.agreement.comparing import Direction
from assay.estimation.agreement.misreading import bounds_from_two_markers
from assay.estimation.answers import Answer
from assay.estimation.samples.sizes import what_files_show
from assay.inspection.folder import open_inspection
from assay.measure import EVERYWHERE
from assay.measure.question_sets import GRADES, MARKS
from assay.report.frame import INVENTED
from assay.report.page import Grid, grid
from assay.wording import counted, number, percent, percents

ALL = "All forces together"
WORDS = {name: name.replace("_", " ").capitalize() for name in (*MARKS, *GRADES)}


@dataclass(frozen=True)
class Shown:
    """The page that was written."""

    path: Path
    found: tuple[Result, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        return {"page": str(self.path), "results": [_as_dict(one) for one in self.found]}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        whole = [one for one in self.found if one.place == EVERYWHERE]
        return [*(f"{one.question.key}: {said(one.share)}" for one in whole), "", f"Open {self.path}"]


def write_page(folder: Path, key: str, questions: str, out: Path) -> Shown:
    """Write the page of a question set of a sample; UsageError where the sample was not drawn."""
    design, asked, inspection = design_of(folder, key), question_set(questions), open_inspection(folder)
    names = {code: body.name for code, body in inspection.request.bodies.items()}
    found, agreed = tuple(results(folder, key, questions)), agreement(folder, key, questions)
    told = {
        "root": "",
        "style": resources("assay.report").joinpath("templates/style.css").read_text(encoding="utf-8"),
        "banner": INVENTED if any(code.startswith("INV") for code in names) else "",
        "title": design.title,
        "asked": asked,
        "seed": design.seed,
        "design": _design(folder, key, names),
        "progress": _progress(folder, key, questions),
        "agreement": _agreement(agreed, found),
        "severity": _severity(severity(folder, key, questions)),
        "auditors": _auditors(auditors(folder, key, questions)),
        "results": [_results(question.key, found, names) for question in asked.questions],
        "today": FILES_TODAY,
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_templates().get_template("sample.html").render(told), encoding="utf-8", newline="\n")
    return Shown(out, found)


def said(answer: Answer) -> str:
    """'62% (51% to 72%)', or why there is no figure."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{percent(answer.value, 0)} ({answer.words or 'no interval'})"
    return f"{percent(answer.value, 0)} ({percents(answer.low, answer.high, 0)})"


def _design(folder: Path, key: str, names: dict[str, str]) -> Grid:
    """Before fieldwork: what the files of every force, and of all, will be able to say."""
    drawn = [one for one in files_of(folder, key) if one.status == "drawn"]
    whole = sum(records for _, records in strata_of(folder, key))
    rows = [(ALL, len(drawn), whole)]
    for code in sorted({one.force_code for one in drawn}):
        mine = [one for one in drawn if one.force_code == code]
        strata = {one.stratum: one.of_stratum for one in mine}
        rows.append((names.get(code, code), len(mine), sum(strata.values())))
    heads = ("Force", "#Files", "#Of records", "#Give or take, at a half", "#If none is found, at most")
    note = (
        "As if the files of a row were one draw by equal chance. Give or take: half of the 95% interval of a share of "
        "one half. If none is found: the largest share of records that may still be so."
    )
    return grid("What these files will be able to say", heads, [_showing(*row) for row in rows], note=note)


def _showing(name: str, files: int, records: int) -> tuple[str, ...]:
    show = what_files_show(files, records)
    points = f"{100 * show.half_width:.0f} points"
    return name, number(files), number(records), points, percent(show.most_if_none, 0)


def _progress(folder: Path, key: str, questions: str) -> Grid | None:
    held, asked = assigned_of(folder, key, questions), question_set(questions)
    marks = standing(marks_of(folder, key, questions))
    rows = []
    for code in sorted({one.marker for one in held}):
        files = [one for one in held if one.marker == code]
        mine = [mark for mark in marks if mark["marker_code"] == code]
        whole = len(files) * len(asked.questions)
        rows.append((code, number(len(files)), number(len(mine)), number(whole - len(mine))))
    gone = missing_of(folder, key, questions)
    note = f"{counted(len(gone), 'file')} could not be found, and the next of the stratum was read." if gone else ""
    heads = ("Marker", "#Files", "#Marks sealed", "#Not marked yet")
    return grid("How far the marking is", heads, rows, note=note) if rows else None


def _agreement(agreed: Sequence[Agreed], found: Sequence[Result]) -> Grid | None:
    """Every question: how often two agree, and between which shares the truth then lies."""
    shares = {one.question.key: one.share for one in found if one.place == EVERYWHERE}
    rows = [
        (
            one.question,
            number(one.files),
            percent(one.same, 0) if one.files else "none",
            *(said_plain(value) for value in (one.kappa, one.ac2, one.alpha)),
            _between(bounds_from_two_markers(shares[one.question], one.of_two)),
        )
        for one in agreed
    ]
    heads = ("Question", "#Read twice", "#The same answer", "#Weighted kappa", "#Gwet AC2", "#Krippendorff alpha",
             "#The share, if nobody erred")  # fmt: skip
    note = (
        "Two inspectors, blind. 1 is full agreement, 0 what chance alone would give. Kappa is low where nearly all "
        "answers are alike, though they agree; AC2 is not. The last column: where the share of all forces may lie if "
        "the two err alike and apart from one another; their files do not say which error is the commoner."
    )
    title = "Do two who read one file answer alike?"
    return grid(title, heads, rows, note=note, dense=True) if any(one.files for one in agreed) else None


def _between(answer: Answer) -> str:
    if answer.low is None or answer.high is None or (answer.low, answer.high) == (0.0, 1.0):
        return answer.words or "not known"
    return percents(answer.low, answer.high, 0)


def _severity(found: list[Severe] | str) -> Grid | str:
    """Every marker beside the others, or why nothing can be said."""
    if isinstance(found, str):
        return found
    rows = [
        (
            one.marker,
            number(one.marks),
            said_plain(one.severity),
            said_plain(one.drift),
            f"{100 * one.share:+.0f} points",
        )
        for one in found
    ]
    heads = ("Marker", "#Marks", "#Severity, log odds", "#Drift over 100 files", "#Answers beside an average marker's")
    note = (
        "Above 0 is more severe than the others on the same files. The last column: how much better or worse the mean "
        "answer is."
    )
    return grid("Is anybody severe, and does it drift?", heads, rows, note=note)


def _auditors(found: Mapping[str, Direction]) -> Grid | None:
    """Forces' own auditors beside inspectors on the same files, where there are any."""
    rows = [
        (question, number(one.above), number(one.level), number(one.below), said_plain(one.balance))
        for question, one in found.items()
        if one.above + one.level + one.below
    ]
    heads = ("Question", "#Auditor answers better", "#The same", "#Worse", "#Better less worse")
    return grid("Do forces' own auditors answer as inspectors do?", heads, rows) if rows else None


def said_plain(answer: Answer) -> str:
    """'0.71 (0.52 to 0.84)', or why there is no figure."""
    if answer.value is None:
        return answer.words or "not known"
    if answer.low is None or answer.high is None:
        return f"{answer.value:.2f}"
    return f"{answer.value:.2f} ({answer.low:.2f} to {answer.high:.2f})"


def _results(question: str, found: Iterable[Result], names: dict[str, str]) -> Grid:
    mine = [one for one in found if one.question.key == question]
    ladder = GRADES if mine[0].question.graded else MARKS
    first = mine[0].question
    heads = ("Force", "#Files", *(f"#{WORDS[answer]}" for answer in ladder), f"#{WORDS[ladder[0]]}, of those that tell",
             "#Among its peers", f"#{FILES_TODAY} files in all", "#If the rest were all one way")  # fmt: skip
    rows = [_row(one, names, ladder) for one in mine]
    note = f"{first.stage.capitalize()}; {first.asks.replace('|', ', ')}."
    return grid(first.text, heads, rows, dense=True, note=note)


def _row(one: Result, names: dict[str, str], ladder: Sequence[str]) -> tuple[str, ...]:
    today = one.today
    bounds = one.bounds
    span = "not known" if bounds.low is None or bounds.high is None else percents(bounds.low, bounds.high, 0)
    return (
        ALL if one.place == EVERYWHERE else names.get(one.place, one.place),
        number(one.files),
        *(number(one.answers[answer]) for answer in ladder),
        said(one.share),
        "" if one.place == EVERYWHERE else said(one.pooled),
        percents(*today, 0) if today and one.place == EVERYWHERE else "",
        span,
    )


def _as_dict(one: Result) -> dict[str, Any]:
    told = {"value": one.share.value, "low": one.share.low, "high": one.share.high, "words": one.share.words}
    counts = {"files": one.files, "base": one.base, "missing": one.missing, "answers": dict(one.answers)}
    return {"question": one.question.key, "place": one.place, **counts, "share": told}


@lru_cache
def _templates() -> jinja2.Environment:
    loaders = [jinja2.PackageLoader("assay.casefiles", "pages"), jinja2.PackageLoader("assay.report", "templates")]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
