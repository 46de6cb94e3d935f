"""How well do the cells of a column fit each kind of value? The distinct texts of the column are counted once.

A fit gives points, natural logarithms of odds: many where the cells are distinctive (labels of outcomes, codes of
ethnicity), few where other kinds look similar (dates, small numbers), and negative where the cells contradict the kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts import value_kinds_lists as lists
from assay.ingest.extracts.cell_legends import meaning_in
from assay.ingest.extracts.extract_model import TAKEN_BACK, UNPAIRED
from assay.ingest.extracts.heading_evidence import names_a_date
from assay.ingest.extracts.layout_evidence import learned_words
from assay.ingest.extracts.two_languages import with_two_languages
from assay.ingest.extracts.value_kinds_coded import (
    ROLE_LETTERS,
    code_and_label,
    plain_words,
    read_forces,
    read_roles,
    read_sexes,
    read_yes_no,
    says_nobody,
    says_not_known,
)
from assay.ingest.extracts.value_kinds_dates import DAY_FIRST, EXCEL, DateForm, are_recent_serials, find_date_form
from assay.ingest.extracts.value_kinds_ethnicity import read_officer_defined, read_self_defined
from assay.ingest.extracts.value_kinds_flags import read_flag_cell, read_flag_column, read_keyword, split_keywords
from assay.ingest.extracts.value_kinds_offences import (
    read_offence,
    read_offence_classes,
    read_offences,
    read_sub_codes,
)
from assay.ingest.extracts.value_kinds_outcomes import names_open_outcome, read_outcomes
from assay.ingest.extracts.value_kinds_persons import (
    full_postcode_share,
    is_single_age,
    read_age_bands,
    read_ages,
    read_any_counted,
    read_counts,
    read_full_names,
    read_names,
    read_phones,
    read_postcodes,
    read_references,
)
from assay.ingest.system_layouts import SystemLayout

MAX_SAMPLE = 2000
"""Distinct texts that are read to judge a column; a column of codes has fewer."""
MAX_SAMPLE_OF_CODES, N_FIRST = 300, 40
"""A column with more distinct texts than this is read as a kind only if one of its first texts is."""
FULL, MOSTLY, HALF = 0.97, 0.85, 0.5
"""Shares of the filled cells from which a kind fits fully, mostly, or by half."""
MAX_JUDGED_LETTERS = 1000
"""Letters of a text by which its column is judged. No code, name or label is longer; a note may have millions."""
MARKS_AROUND = " \t\r\n\"'[](){}"
"""Marks that the split into tables takes from around each keyword of a cell."""
CONTRADICTED = -8.0
RUNNING = -1.0
"""Points for references that are the running number of a row."""
SMALL_AGES, MIN_SMALL_AGES = -6.0, 20
"""Points for ages of which none is above 4, and the cells from which they count."""
NO_FLAG_NAMED = -0.8
"""Points for a column of keywords of which none is a flag of the contract."""
FIT_POINTS: Mapping[str, tuple[float, float, float, float]] = {
    "date": (1.0, 0.0, -2.0, CONTRADICTED),
    "time_of_day": (1.0, 0.0, -2.0, CONTRADICTED),
    "yes_no": (1.5, 0.0, -3.0, CONTRADICTED),
    "flag_yes_no": (3.0, 1.5, -2.0, CONTRADICTED),
    "count": (0.5, -0.5, -3.0, CONTRADICTED),
    "age": (1.0, 0.5, -2.0, CONTRADICTED),
    "name": (0.5, 0.0, -2.0, -6.0),
    "full_name": (1.0, 0.5, -2.0, -6.0),
    "reference": (0.5, 0.0, -3.0, CONTRADICTED),
    "person_reference": (0.5, 0.0, -3.0, CONTRADICTED),
    "offence_class": (0.5, -1.0, -4.0, CONTRADICTED),
    "offence_sub_code": (0.5, -1.0, -4.0, CONTRADICTED),
    "text": (0.0, 0.0, 0.0, 0.0),
}
"""Kind -> points if it fits fully, mostly, by half, or less, for kinds that many columns look like."""
CODED_POINTS = (0.0, -1.5, -3.0, -7.0)
"""The same for kinds with a closed list, beside the strength of what was read."""


@dataclass(frozen=True)
class KindFit:
    """How well a column fits a kind of values: share understood, evidence points, value of each word, date format."""

    kind: str
    share: float
    points: float
    values: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    is_order_shown: bool = True


@dataclass(frozen=True)
class ColumnProfile:
    """The distinct texts of one column with their numbers of rows; a sample of the texts if there are very many."""

    heading: str
    n_rows: int
    n_filled: int
    n_distinct: int
    counts: Mapping[str, int]
    default_order: str = DAY_FIRST
    learned: tuple[SystemLayout, ...] = ()
    legend: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def texts(self) -> list[str]:
        """Return the sampled distinct texts."""
        return list(self.counts)

    @cached_property
    def filled_texts(self) -> list[str]:
        """Return the sampled texts, except those that mean a missing value or that there is no such person."""
        missing = self.words_for_nothing
        return [
            text for text in self.counts if not says_not_known(text) and not says_nobody(text) and text not in missing
        ]

    @cached_property
    def words_for_nothing(self) -> dict[str, str]:
        """Return the texts that a key in the workbook explains as not known, each with the value ''."""
        return {text: "" for text in self.counts if (label := meaning_in(self.legend, text)) and says_not_known(label)}

    @cached_property
    def date_form(self) -> DateForm:
        """Return the format of the dates or times in the column."""
        is_named_date = bool(re.search(r"(?i)date|dob|birth|\bdt\b|_dt|time", self.heading))
        expects_dates = is_named_date or (are_recent_serials(self.filled_texts) and names_a_date(self.heading))
        return find_date_form(self.filled_texts, expects_dates, self.default_order)

    @cached_property
    def fits(self) -> dict[str, KindFit]:
        """A cache of how well the column fits each kind of values; empty at first."""
        return {}

    def fit(self, kind: str, flag: str = "") -> KindFit:
        """Return how well the column fits a kind; `flag` is the flag that the heading of a yes/no column names."""
        if kind not in self.fits:
            self.fits[kind] = _fit(self, kind, flag)
        return self.fits[kind]


def column_profile(heading: str, cells: pa.ChunkedArray) -> ColumnProfile:
    """Return the distinct texts of a column, with their number of rows."""
    not_written = pc.is_in(cells, value_set=pa.array([UNPAIRED, TAKEN_BACK], pa.string()))
    cells = pc.if_else(not_written, pa.scalar(None, pa.string()), cells)
    value_counts = pc.value_counts(cells.drop_null())
    values, counts = value_counts.field("values"), value_counts.field("counts")
    n_distinct = len(values)
    if n_distinct > MAX_SAMPLE:
        step = n_distinct / MAX_SAMPLE
        places = pa.array([int(number * step) for number in range(MAX_SAMPLE)], pa.int64())
        values, counts = values.take(places), counts.take(places)
    sample: Counter[str] = Counter()
    for text, count in zip(_beginnings(values).to_pylist(), counts.to_pylist(), strict=True):
        sample[text] += count
    return ColumnProfile(heading, len(cells), len(cells) - cells.null_count, n_distinct, sample)


def _beginnings(texts: pa.Array) -> pa.Array:
    """Return the texts, a long one cut to its beginning with a mark: only its column is judged by that."""
    is_long = pc.greater(pc.binary_length(texts), MAX_JUDGED_LETTERS)
    if not pc.any(is_long).as_py():
        return texts
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, MAX_JUDGED_LETTERS), "\u2026", "")
    return pc.if_else(is_long, cut, texts)


def with_default_order(profile: ColumnProfile, order: str) -> ColumnProfile:
    """Return a profile that reads ambiguous dates in the default order, unless cells of the column show another."""
    return replace(profile, default_order=order)


def with_legend(profile: ColumnProfile, legend: Mapping[str, str]) -> ColumnProfile:
    """Return a profile whose cells are also read by the key of the workbook."""
    return replace(profile, legend=legend) if legend else profile


def with_learned_words(profile: ColumnProfile, learned: Sequence[SystemLayout]) -> ColumnProfile:
    """Return a profile whose cells are also read by the words of learned layouts."""
    return replace(profile, learned=tuple(learned)) if learned else profile


SELF_EXPLAINED_KINDS = frozenset({
    "sex", "role", "outcome", "ethnicity_self", "ethnicity_officer", "relationship", "suspect_known_as",
})  # fmt: skip
"""Kinds of which a column may hold both code and label in some cells and the code alone in others."""
KINDS_OF_PERSONS = frozenset({
    "sex", "age", "age_band", "ethnicity_self", "ethnicity_officer", "name", "full_name", "person_reference",
    "nationality", "relationship", "postcode", "phone", "suspect_known_as",
})  # fmt: skip
"""Kinds of facts that only a person has."""
Reader = Callable[[Sequence[str]], Sequence[str | None]]
READERS: Mapping[str, Reader] = {
    "sex": read_sexes, "role": read_roles, "yes_no": read_yes_no, "force": read_forces, "offence": read_offences,
    "outcome": read_outcomes, "ethnicity_self": read_self_defined, "ethnicity_officer": read_officer_defined,
    "age": read_ages, "age_band": read_age_bands, "count": read_counts, "any_counted": read_any_counted,
    "name": read_names,
    "full_name": read_full_names, "postcode": read_postcodes, "phone": read_phones, "reference": read_references,
    "person_reference": read_references, "offence_class": read_offence_classes, "offence_sub_code": read_sub_codes,
    "nationality": lists.read_nationalities, "relationship": lists.read_relationships,
    "local_authority": lists.read_local_authorities, "suspect_known_as": lists.read_suspects_known_as,
}  # fmt: skip
"""Kind -> the function that reads it."""
CODED_KINDS = frozenset({
    "sex", "role", "yes_no", "force", "offence", "outcome", "ethnicity_self", "ethnicity_officer", "age_band",
    "nationality", "relationship", "local_authority", "suspect_known_as", "any_counted",
})  # fmt: skip
"""Kinds whose words a meaning translates."""


def _fit(profile: ColumnProfile, kind: str, flag: str) -> KindFit:
    if kind in ("date", "time_of_day"):
        return _date_fit(profile, kind)
    if kind == "text":
        return KindFit(kind, 1.0, 0.0)
    if not profile.n_filled:
        return KindFit(kind, 0.0, 0.0)
    if kind in ("flags", "flag_yes_no"):
        return _flags_fit(profile) if kind == "flags" else _flag_column_fit(profile, flag)
    if _is_hopeless(profile, kind) or (kind == "offence" and profile.date_form.form == EXCEL):
        return KindFit(kind, 0.0, FIT_POINTS.get(kind, CODED_POINTS)[-1])
    readings = _with_labelled_codes(dict(zip(profile.texts, READERS[kind](profile.texts), strict=True)), kind)
    if kind in SELF_EXPLAINED_KINDS:
        readings = with_two_languages(readings, READERS[kind])
    readings = _with_legend(readings, profile, kind)
    readings = _with_nobody(_with_learned(readings, profile, kind), kind)
    values = {text: value for text, value in readings.items() if value is not None}
    share = _read_share(profile, kind, readings)
    translations = values if kind in CODED_KINDS else _words_beside_values(values)
    if share is None:
        return KindFit(kind, 0.0, 0.0, translations)
    strength = _strength(profile, kind, readings) if share >= HALF else 0.0
    judged = FULL if kind == "outcome" and share >= HALF and _lacks_one_word(readings) else share
    return KindFit(kind, share, _points(kind, judged) + strength, translations)


def _lacks_one_word(readings: Mapping[str, str | None]) -> bool:
    """Return True for a column of bare numbers of outcomes, and one word that is not read: it says "none yet", or so.

    The numbers show what the column holds. The word stays unread: its cells are not known.
    """
    unread = [text for text, value in readings.items() if value is None]
    numbers = [text for text, value in readings.items() if value and any(map(str.isdigit, text))]
    is_word = len(unread) == 1 and not any(map(str.isdigit, unread[0]))
    return is_word and _number_strength(numbers) > 0


def _words_beside_values(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return the words of a column of numbers or texts that stand for nothing, or for a number: 'Nil' is 0."""
    return {text: value for text, value in values.items() if value == "" or (value.isdigit() and text.isalpha())}


def _with_labelled_codes(readings: Mapping[str, str | None], kind: str) -> Mapping[str, str | None]:
    """Return the readings, with those of codes that other cells of the column write beside their label.

    Where '2 Female' and 'Female' are read alike, a cell with 2 alone is read as well. A code beside two labels is not.
    """
    if kind not in SELF_EXPLAINED_KINDS or not (unread := [text for text, value in readings.items() if value is None]):
        return readings
    meanings: dict[str, set[str | None]] = {}
    for text, value in readings.items():
        for code, label in code_and_label(text) if value is not None else ():
            if READERS[kind]([label])[0] == value:
                meanings.setdefault(plain_words(code), set()).add(value)
    explained = {code: values.pop() for code, values in meanings.items() if len(values) == 1}
    return {**readings, **{text: explained.get(plain_words(text)) for text in unread}}


def _with_learned(readings: Mapping[str, str | None], profile: ColumnProfile, kind: str) -> Mapping[str, str | None]:
    """Return the readings, with the value of a learned layout for each text that the kind does not read."""
    words = learned_words(kind, profile.learned)
    if not words:
        return readings
    return {text: words.get(plain_words(text)) if value is None else value for text, value in readings.items()}


def _with_legend(readings: Mapping[str, str | None], profile: ColumnProfile, kind: str) -> Mapping[str, str | None]:
    """Return the readings, with the meaning that a key in the workbook gives to texts that the kind does not read."""
    if not profile.legend:
        return readings
    unread = [text for text, value in readings.items() if value is None and meaning_in(profile.legend, text)]
    explained = READERS[kind]([meaning_in(profile.legend, text) for text in unread]) if kind in CODED_KINDS else ()
    by_text = dict(zip(unread, explained, strict=False))
    return {**readings, **by_text, **profile.words_for_nothing}


def _with_nobody(readings: Mapping[str, str | None], kind: str) -> Mapping[str, str | None]:
    """Return the readings of facts of persons, where 'No victim' says nothing of the fact."""
    if kind not in KINDS_OF_PERSONS:
        return readings
    return {text: "" if value is None and says_nobody(text) else value for text, value in readings.items()}


def _is_hopeless(profile: ColumnProfile, kind: str) -> bool:
    """Return True if a column of very many distinct texts has none among the first that the kind reads."""
    first = profile.filled_texts[:N_FIRST]
    if profile.n_distinct <= MAX_SAMPLE_OF_CODES or not first or profile.learned:
        return False
    if kind == "offence":
        return not any(read_offence(text).code or read_offence(text).class_number for text in first)
    return not any(READERS[kind](first))


def _read_share(profile: ColumnProfile, kind: str, readings: Mapping[str, str | None]) -> float | None:
    """Return the share of the cells that were read among those that say anything; None if none does."""
    read = {
        text: bool(value)
        for text, value in readings.items()
        if value != "" or (kind == "role" and not says_not_known(text))
    }
    if kind == "role":
        read = {text: readings[text] is not None for text in read}
    if kind == "offence":
        read = {text: bool(readings[text]) or bool(read_offence(text).class_number) for text in read}
    if kind == "outcome":
        read = {text: is_read or names_open_outcome(text) for text, is_read in read.items()}
    total = sum(profile.counts[text] for text in read)
    return sum(profile.counts[text] for text, is_read in read.items() if is_read) / total if total else None


def _points(kind: str, share: float) -> float:
    steps = FIT_POINTS.get(kind, CODED_POINTS)
    return steps[0 if share >= FULL else 1 if share >= MOSTLY else 2 if share >= HALF else 3]


def _date_fit(profile: ColumnProfile, kind: str) -> KindFit:
    if not profile.filled_texts:
        return KindFit(kind, 0.0, 0.0)
    found = profile.date_form
    is_time = found.form.startswith("HH")
    if not found.form or is_time != (kind == "time_of_day"):
        return KindFit(kind, 0.0, CONTRADICTED)
    return KindFit(
        kind, found.share, _points(kind, found.share), profile.words_for_nothing, found.form, found.is_order_shown
    )


def _flags_fit(profile: ColumnProfile) -> KindFit:
    first = profile.filled_texts[:N_FIRST]
    if not first:
        return KindFit("flags", 0.0, 0.0)
    if all(answer is not None for answer in read_yes_no(first)):
        return KindFit("flags", 0.0, CODED_POINTS[-1])
    if profile.n_distinct > MAX_SAMPLE_OF_CODES and all(read_flag_cell(text) is None for text in first):
        return KindFit("flags", 0.0, CODED_POINTS[-1])
    cells = {text: read_flag_cell(text) for text in profile.filled_texts}
    total = sum(profile.counts[text] for text in cells)
    share = sum(profile.counts[text] for text, found in cells.items() if found is not None) / total
    flags = {flag for found in cells.values() for flag in found or ()}
    words = _words_of_pieces(cells) if any(map(_is_separated, cells)) else {}
    words |= {text: found[0] if found else "" for text, found in cells.items() if found is not None and len(found) < 2}
    strength = 7.0 if len(flags) > 1 else 5.0 if flags else NO_FLAG_NAMED
    return KindFit(
        "flags", share, (-1.0 if HALF > share >= 0.1 and flags else _points("flags", share)) + strength, words
    )


def _is_separated(text: str) -> bool:
    """Return True if a cell holds several keywords with a separator between them."""
    return len(split_keywords(text)) > 1 and not read_keyword(text)


def _words_of_pieces(texts: Iterable[str]) -> dict[str, str]:
    """Return the keywords of cells with their flags, also without the marks that the split takes from a piece."""
    pieces = {piece: read_keyword(piece) for text in texts for piece in split_keywords(text)}
    stripped = {piece.strip(MARKS_AROUND): value for piece, value in pieces.items()}
    return {piece: value for piece, value in {**stripped, **pieces}.items() if value is not None}


def _flag_column_fit(profile: ColumnProfile, flag: str) -> KindFit:
    readings = dict(zip(profile.texts, read_flag_column(profile.texts, flag), strict=True))
    total = sum(profile.counts.values())
    share = sum(profile.counts[text] for text, value in readings.items() if value is not None) / total
    values = {text: value for text, value in readings.items() if value is not None}
    return KindFit("flag_yes_no", share, _points("flag_yes_no", share), values)


def _strength(profile: ColumnProfile, kind: str, readings: Mapping[str, str | None]) -> float:
    """Return the points for how unlikely it is that cells of another kind are read as this one."""
    found = {value for value in readings.values() if value}
    texts = [text for text, value in readings.items() if value]
    if kind == "role":
        words = [text for text in texts if text.strip().casefold() not in ROLE_LETTERS]
        return (7.0 if words else 3.0) if len(found) > 1 else 4.0 if words else 0.5
    if kind == "sex":
        is_numbered = all(text.strip().isdigit() for text in texts)
        return 0.5 if is_numbered else 4.5 if {"M", "F"} <= found else 2.0
    if kind == "outcome":
        labels = {readings[text] for text in texts if not re.fullmatch(r"\W*\d{1,2}\s?[abcABC]?(\.0)?\W*", text)}
        return 7.0 if len(labels) > 2 else 4.0 if labels else _number_strength(texts)
    if kind in ("ethnicity_self", "ethnicity_officer"):
        is_numbered = all(re.fullmatch(r"\d{1,2}", text.strip()) for text in texts)
        return 0.5 if is_numbered else 7.0 if len(found) > 3 else 5.0 if len(found) > 1 else 2.0
    if kind == "offence":
        return _offence_strength(texts)
    return _other_strength(profile, kind, texts)


MIN_OUTCOMES = 9
"""So many numbers, all of them outcomes and the commonest among them, are hardly anything else."""


def _number_strength(texts: Sequence[str]) -> float:
    """Return the points for outcomes that are numbers alone: 14 to 16 and 18 are the commonest outcomes."""
    numbers = {text.strip().lstrip("0").removesuffix(".0") for text in texts}
    usual = 3.0 if len(numbers) >= MIN_OUTCOMES else 1.5
    return usual if len(numbers) > 3 and {"15", "16"} & numbers and {"14", "18"} & numbers else 0.0


def _offence_strength(texts: Sequence[str]) -> float:
    readings = [read_offence(text) for text in texts]
    titles = {reading.code for reading in readings if reading.has_title}
    lettered = {reading.code for reading in readings if reading.code and re.fullmatch(r"\d{1,3}[A-Z]", reading.code)}
    with_sub_code = sum("/" in text for text in texts)
    if len(titles) > 2:
        return 6.5
    return 4.0 if titles else 3.0 if len(lettered) > 1 else 1.0 if with_sub_code * 2 > len(texts) else 0.0


YES_NO_DIGITS, ONE_DIGIT = -1.5, -6.0
"""Points for answers that are 1 and 0 alone, since they may be numbers, and for one digit in every cell: the number of
a suspect is 1 wherever there is one suspect."""


def _other_strength(profile: ColumnProfile, kind: str, texts: Sequence[str]) -> float:
    if kind == "yes_no":
        digits = {text.strip() for text in texts}
        if not all(map(str.isdigit, digits)):
            return 0.0
        return YES_NO_DIGITS if len(digits) > 1 else ONE_DIGIT
    if kind == "suspect_known_as":
        if all(answer is not None for answer in read_yes_no(texts)):
            return -2.5
        return 5.0 if any("named" in plain_words(text).split() for text in texts) else 3.0
    if kind == "age_band":
        return 5.0 if sum(not is_single_age(value or "") for value in read_age_bands(texts)) * 2 > len(texts) else -9.0
    if kind == "age":
        return _age_strength(profile, texts)
    if kind in ("count", "any_counted"):
        return 0.5 if max(map(_leading_number, texts), default=0) <= 30 else -1.5
    if kind in ("reference", "person_reference"):
        return _reference_strength(profile, kind, texts)
    if kind == "postcode":
        return 4.0 if full_postcode_share(texts) > HALF else 1.0
    if kind in ("name", "full_name"):
        return -2.0 if profile.n_filled > 50 and profile.n_distinct < 8 else 0.0
    return {
        "force": 4.0,
        "phone": 4.0,
        "nationality": 4.0,
        "local_authority": 5.0,
        "relationship": 4.0,
        "suspect_known_as": 1.0,
    }.get(kind, 0.0)


def _age_strength(profile: ColumnProfile, texts: Sequence[str]) -> float:
    """Return the points for ages: many cells of which none is above 4 are counts of persons."""
    if profile.n_distinct > 7:
        return 1.0
    is_small = max(map(_leading_number, texts), default=0) < 5
    return 0.0 if not is_small else SMALL_AGES if profile.n_filled >= MIN_SMALL_AGES else -1.0


def _is_running(texts: Sequence[str]) -> bool:
    """Return True if whole numbers follow one another, as those of rows of a database do."""
    numbers = [int(text) for text in texts]
    return len(numbers) > 20 and max(numbers) - min(numbers) < 1.5 * len(numbers)


def _leading_number(text: str) -> int:
    match = re.search(r"\d+", text)
    return int(match[0]) if match else 0


def _reference_strength(profile: ColumnProfile, kind: str, texts: Sequence[str]) -> float:
    """Return the points for references: many distinct ones of at least five characters, that are no dates."""
    if not texts:
        return 0.0
    is_date = profile.date_form.share > MOSTLY and not all(text.isdigit() for text in texts[:50])
    if is_date or (profile.date_form.form.startswith("HH") and ":" in texts[0]):
        return -9.0
    length = sum(map(len, texts)) / len(texts)
    distinct = profile.n_distinct / max(1, profile.n_filled)
    points = 1.0 if length >= 5 else -0.5 if length >= 3 else -1.5
    points += 1.0 if not all(text.strip().isdecimal() for text in texts) else RUNNING if _is_running(texts) else 0.0
    if profile.n_distinct < 6 and profile.n_filled > 20:
        return points - 6.0
    return points + (1.0 if distinct > 0.3 else 0.0 if distinct > 0.1 else -2.0 if kind == "reference" else -1.0)
