"""The page about an extract, for the force alone: key figures, then tables, then how the extract was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from assay.reference.offence_register import offences
from assay.reference.outcome_codes import outcome_families
from assay.report.internal_page import write_internal_page
from assay.report.page_elements import Grid, grid
from assay.wording import count_phrase, format_number, percent
from assay.workflows.check.checked_extract import CheckedExtract
from assay.workflows.check.columns_to_confirm import (
    HOW_TO_CONFIRM,
    NONE_ALONE,
    ColumnToConfirm,
    answerable_in_order,
    columns_to_add,
    columns_to_confirm,
    columns_to_use,
    order_word,
)
from assay.workflows.check.columns_to_verify import HOW_TO_CORRECT, columns_to_verify
from assay.workflows.check.counted_records import count_sentence
from assay.workflows.check.extract_contents import SUSPECT
from assay.workflows.check.extract_letter import (
    THIS_FORCE,
    capitalised,
    period_fallback,
    period_problem,
    sheet_descriptions,
    summary,
    unread_word_grid,
)
from assay.workflows.check.extract_measures import (
    CANNOT_BE_ASKED,
    COUNT_NOT_KNOWN,
    NOT_KNOWN,
    suspects_can_be_named,
)
from assay.workflows.check.extract_questions import (
    NONE,
    PART,
    WHOLE,
    QuestionAnswer,
    question_answers,
    question_texts,
)
from assay.workflows.check.key_figures import OTHER_LABELS, KeyFigure, code_shares, key_figures, unanswered
from assay.workflows.check.next_tier import TierSteps, next_tiers
from assay.workflows.check.person_measures import is_named
from assay.workflows.check.records_to_review import records_to_review

SEX_NAMES = {"F": "Female", "M": "Male", "O": "Other or indeterminate"}
ANSWER_WORDS = {WHOLE: "in full", PART: "in part", NONE: "not"}
NOT_KNOWN_WORD = "Not known"
COUNT_WORDS = {CANNOT_BE_ASKED: "no column gives them", COUNT_NOT_KNOWN: NOT_KNOWN_WORD.lower()}
"""What stands for a number of records that is not counted."""
MIN_GAP = 0.1
PERIOD_NOUNS = {"recorded_at": "recording", "reported_at": "report"}


def write_page(path: Path, extract: CheckedExtract) -> None:
    """Write the page as HTML."""
    write_internal_page(path, "assay.workflows.check", "extract-page.html", [extract.force_code], _context(extract))


def _context(extract: CheckedExtract) -> dict[str, Any]:
    figures = key_figures(extract.counts, extract.records)
    answers = question_answers(extract.supplied)
    return {
        "name": extract.force_name or THIS_FORCE,
        "extract": extract.name,
        "lead": period_sentence(extract),
        "gap": largest_gap(figures),
        "figures": [figure for figure in figures if figure.is_asked],
        "no_figures": unanswered(extract.counts, extract.records),
        "no_records": [figure for figure in figures if figure.has_place and not figure.is_asked],
        "open_codes": _open_code_grid(extract),
        "unread_words": unread_word_grid(extract),
        "reviews": _review_grid(extract),
        "counts": _count_grid(extract),
        "mixes": _mix_grids(extract),
        "other": _other_grid(extract),
        "questions": _question_grid(answers),
        "question_sentence": question_sentence(answers),
        "confirm": _confirm_grid(columns_to_confirm(extract)),
        "how_to_confirm": HOW_TO_CONFIRM,
        "command": extract.command,
        "columns": _column_grid(extract),
        "tiers": [_tier_grid(tier_steps) for tier_steps in next_tiers(extract.supplied)],
        "summary": summary(extract),
        "verify": [column.sentence for column in columns_to_verify(extract)],
        "how_to_correct": HOW_TO_CORRECT,
        "sheets": [(sheet.label, sheet_descriptions(extract, sheet)) for sheet in extract.sheets],
        "implausible": [count_sentence(kind.count, kind.description) for kind in extract.implausible],
    }  # fmt: skip


def largest_gap(figures: tuple[KeyFigure, ...]) -> str:
    """Return a sentence on the fact that most records lack; '' if no fact is missing for a tenth of the records."""
    gaps = [figure for figure in figures if figure.share_missing >= MIN_GAP]
    if not gaps:
        return ""
    largest = max(gaps, key=lambda figure: figure.share_missing)
    return largest.gap_sentence or largest.sentence


def day_text(day: date) -> str:
    """Return a date as text: '1 April 2024'."""
    return f"{day.day} {day:%B %Y}"


def period_sentence(extract: CheckedExtract) -> str:
    """Return the number of crimes that are counted and their period, and why it is by the day of report if it is."""
    return " ".join(filter(None, (_counted_sentence(extract), period_fallback(extract))))


def _counted_sentence(extract: CheckedExtract) -> str:
    crimes = count_phrase(extract.counts.crimes, "crime")
    if problem := period_problem(extract):
        return problem
    if extract.period is None:
        return f"{crimes}. No day of recording is known, so the period is not known."
    verb = {"recorded_at": "recorded", "reported_at": "reported"}[extract.period_column]
    days = f"from {day_text(extract.period[0])} to {day_text(extract.period[1])}"
    undated = (
        f"{count_phrase(extract.undated, 'crime has', 'crimes have')} no day of {PERIOD_NOUNS[extract.period_column]}"
    )
    if extract.is_whole_extract:
        dated = count_phrase(extract.counts.crimes - extract.undated, "crime")
        return f"{dated} {verb} {days}{f'; {undated}' if extract.undated else ''}: all of the extract."
    outside = count_phrase(extract.outside_period - extract.undated, "other lies", "others lie")
    return f"{crimes} {verb} {days}; {outside} outside this period{f', and {undated}' if extract.undated else ''}."


def question_sentence(answers: tuple[QuestionAnswer, ...]) -> str:
    """Return a sentence with the number of questions that can be answered in full, in part, or not."""
    numbers = {answer: sum(item.answer == answer for item in answers) for answer in (WHOLE, PART, NONE)}
    return (
        f"Of {count_phrase(len(answers), 'question')} that the inspection asks of police records, "
        f"{numbers[WHOLE]} can be answered in full, {numbers[PART]} in part, and {numbers[NONE]} not."
    )


def _review_grid(extract: CheckedExtract) -> Grid | None:
    rows = [
        (capitalised(review.description), format_number(review.count), format_number(review.total), review.how_to_find)
        for review in records_to_review(extract.records)
    ]
    headings = ("Crimes", "#How many", "#Of", "How to find them in your system")
    return grid("Crimes to look at again, by reason", headings, rows) if rows else None


def _count_grid(extract: CheckedExtract) -> Grid:
    counts = extract.counts
    rows = [
        ("Crimes", counts.crimes, "One row a crime number"),
        (
            "Victims",
            counts.victims,
            "A person with a crime: the victim of two crimes counts twice; without rows of victims, the numbers on "
            "crimes, not known if one is missing",
        ),
        (
            "Suspects",
            counts.suspects,
            f"{_named_suspects(extract)}A person with a crime, named or not; without rows of suspects, the numbers on "
            "crimes, not known if one is missing",
        ),
        ("Flags", counts.flags, "A flag with a crime"),
    ]
    cells = [
        (
            label,
            COUNT_WORDS.get(str(count), "") or _number(extract, label, int(count)),
            _with_reservation(extract, label.lower(), meaning),
        )
        for label, count, meaning in rows
    ]
    return grid("Accepted records", ("Records", "#Number", "What is counted"), cells)


def _number(extract: CheckedExtract, label: str, count: int) -> str:
    """Return a number of records: 'at least 206' where rows of persons could not be counted."""
    is_least = label.lower() in extract.records.reservations
    return f"at least {format_number(count)}" if is_least else format_number(count)


def _named_suspects(extract: CheckedExtract) -> str:
    """Return how many suspects are named and how many are not; '' if no column could name one."""
    if not suspects_can_be_named(extract.records):
        return ""
    suspects = extract.records.persons_with_role(SUSPECT)
    n_named = pc.sum(is_named(suspects)).as_py() or 0
    return f"{format_number(n_named)} named, {format_number(suspects.num_rows - n_named)} not named. "


def _mix_grids(extract: CheckedExtract) -> list[Grid]:
    """Return the tables of counts by code, for the measures that can be asked."""
    names: dict[str, tuple[str, str, Mapping[str, str]]] = {
        "outcome_mix": ("Crimes by outcome", "Outcome", {k: v.label for k, v in outcome_families().items()}),
        "offence_mix": ("Crimes by offence", "Offence", {offence.code: offence.name for offence in offences()}),
        "victims_by_age_band_at_offence": ("Victims by age at the offence", "Age", {}),
        "victims_by_sex": ("Victims by sex", "Sex", SEX_NAMES),
    }
    grids = []
    for key, (caption, heading, labels) in names.items():
        found = extract.counts.measures[key]
        if not isinstance(found, str):
            rows = [(_label(code, labels), format_number(n), share) for code, n, share in code_shares(found)]
            caption += _gap_of_shares(found)
            grids.append(grid(_with_reservation(extract, key, caption), (heading, "#Number", "#Share"), rows))
    return grids


def _gap_of_shares(found: Mapping[str, int]) -> str:
    """Return for how many records a code is not known, which are left out of the shares; '' if it is known for all."""
    not_known = found.get(NOT_KNOWN, 0)
    total = format_number(sum(found.values()))
    return f" (not known for {format_number(not_known)} of {total}, left out of the shares)" if not_known else ""


def _with_reservation(extract: CheckedExtract, key: str, text: str) -> str:
    """Return a text with what limits its figure behind it, if anything does."""
    reservation = extract.records.reservations.get(key, "").removesuffix(".")
    return f"{text}. {reservation}" if reservation else text


def _label(code: str, labels: Mapping[str, str]) -> str:
    if code == NOT_KNOWN:
        return NOT_KNOWN_WORD
    return f"{code}: {labels[code]}" if code in labels else code


def _other_grid(extract: CheckedExtract) -> Grid | None:
    rows = []
    for key in ("crimes_with_two_or_more_suspects", "persons_victim_in_two_or_more_crimes"):
        label, found = OTHER_LABELS[key], extract.counts.measures[key]
        if not isinstance(found, str):
            counts = (found["met"], found["n"], found.get(NOT_KNOWN, 0))
            rows.append((_with_reservation(extract, key, label), *map(format_number, counts)))
    headings = ("What", "#Number", "#Of", "#Not known")
    return grid("Crimes with several suspects, persons with several crimes", headings, rows) if rows else None


def _question_grid(answers: tuple[QuestionAnswer, ...]) -> Grid:
    order = {WHOLE: 0, PART: 1, NONE: 2}
    rows = [
        (
            answer.question,
            answer.text,
            ANSWER_WORDS[answer.answer],
            "; ".join(answer.missing) or "nothing",
        )
        for answer in sorted(answers, key=lambda item: order[item.answer])
    ]
    headings = ("Question", "What it asks", "Can be answered", "What is missing")
    return grid("Each question, and what it would need", headings, rows, dense=True)


def _confirm_grid(columns: tuple[ColumnToConfirm, ...]) -> Grid | None:
    rows = [
        (column.heading, column.phrase, percent(column.probability, 0), column.line, column.place,
         question_texts(column.questions) or NONE_ALONE)
        for column in columns
    ]  # fmt: skip
    headings = ("Column", "May be", "#Probability", "Line of mapping.toml", "File", "Questions")
    return grid("Confirm first: columns of your extract that are not used yet", headings, rows) if rows else None


def _open_code_grid(extract: CheckedExtract) -> Grid | None:
    rows = [(code.heading, code.text, code.choice, format_number(code.cells)) for code in extract.open_codes]
    headings = ("Column", "Text", "Could be", "#Cells")
    return grid("Cells that could be several codes, and count as not known", headings, rows) if rows else None


def _column_grid(extract: CheckedExtract) -> Grid:
    """Return the columns that would answer most questions, in order: those of the extract that were not read first."""
    unread, gains = columns_to_use(extract), columns_to_add(extract)
    cells = [
        (f"\u2018{column.heading}\u2019, which is in your extract", column.sentence, question_texts(column.questions))
        for column in unread
    ]
    cells += [(gain.column, gain.meaning, question_texts(gain.questions) or NONE_ALONE) for gain in gains]
    counts = answerable_in_order(extract, [*(column.need for column in unread), *(gain.need for gain in gains)])
    rows = [
        (f"{capitalised(order_word(number))} {column}", *rest, format_number(count))
        for number, ((column, *rest), count) in enumerate(zip(cells, counts, strict=True))
    ]
    confirmed = ", after the columns to confirm" if extract.plan.waiting else ""
    return grid(
        "The columns that would let you answer the most questions, in this order: each counts with those before it"
        f"{confirmed}",
        ("Column", "What it holds", "Further questions", "#Answerable then"),
        rows,
    )


def _tier_grid(tier_steps: TierSteps) -> Grid:
    rows = [
        (step.table, step.purpose, f"{step.hours[1]:.0f} ({step.hours[0]:.0f} to {step.hours[2]:.0f})",
         ", ".join(step.questions) or NONE_ALONE)
        for step in tier_steps.steps
    ]  # fmt: skip
    begun = "Still missing" if tier_steps.is_begun else "Next"
    caption = f"{begun}: {tier_steps.subject} (about {tier_steps.hours:.0f} hours in all)"
    return grid(caption, ("Table", "What it holds", "#Hours", "Questions answered further"), rows)
