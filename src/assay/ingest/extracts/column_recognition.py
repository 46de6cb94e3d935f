"""What does each column of a sheet mean: the probability of each possible meaning, from its heading and its cells.

The method adds natural logarithms of odds, as a naive Bayes classifier does, in three steps.

1. For each heading and each meaning: `PRIOR`, plus the points of the heading (`heading_evidence.POINTS` less its
   penalties), plus the points of the cells (`column_profiles.FIT_POINTS` and the strength of what was read), plus the
   points of `column_relations` (a date of birth lies years before the other dates, a report is not after the record).
   Without a word of the heading only the cells of `TELLING_MEANINGS` count.
2. Rivals for one heading: the odds of all its meanings, of the other meanings of the vocabulary (the date of a review,
   the number of an officer), and of "none of these" (odds 1) are normalised to probabilities.
3. Rivals for one meaning: where several headings claim the same meaning of the same person in the same notation, each
   probability is multiplied by the share of its odds, to the power of `SHARPNESS`, among the rivals. Two columns that
   say the same in each row, such as a code and its label, are no rivals.

What the columns together say comes first: a heading such as "From" means another thing in a sheet of flags
(`_context`), and an empty column of a third victim means what that of the first victim means
(`_with_sibling_blocks`).

The points were set on sample extracts of other hands so that of the meanings of a probability of 0.9 and above at most
one in a hundred is wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pyarrow as pa

from assay.ingest.extracts.code_title_pairs import codes_settled_by_titles
from assay.ingest.extracts.column_profiles import (
    CODED_KINDS,
    HALF,
    ColumnProfile,
    KindFit,
    column_profile,
    with_default_order,
    with_learned_words,
    with_legend,
)
from assay.ingest.extracts.column_relations import RelationPoints, dates_by_heading, relation_points
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_evidence import (
    NONE,
    HeadingEvidence,
    Meaning,
    SheetContext,
    heading_evidence,
    heading_words,
    is_known_word,
    raw_words,
    role_abbreviations,
    vocabulary,
)
from assay.ingest.extracts.layout_evidence import LayoutHeadings, layout_headings
from assay.ingest.extracts.two_languages import headings_in_known_language
from assay.ingest.extracts.value_kinds_dates import DAY_FIRST, MONTH_FIRST
from assay.ingest.extracts.value_kinds_flags import flag_of_heading
from assay.ingest.extracts.value_kinds_offences import class_of, read_offence
from assay.ingest.system_layouts import SystemLayout

NO_LEGEND: Mapping[str, str] = MappingProxyType({})
PRIOR = -3.0
"""Log-odds of a meaning before any evidence: a column of an extract has one of forty meanings, or none."""
TELLING_MEANINGS = frozenset({
    ("involvements", "role"), ("crimes", "outcome_code"), ("involvements", "ethnicity_self"),
    ("involvements", "ethnicity_officer"), ("flags", "flag"), ("crimes", "offence_code"), ("involvements", "sex"),
})  # fmt: skip
"""Meanings that the cells alone may tell."""
WORDS_OF_CELLS = {("crimes", "outcome_code"): "outcome", ("crimes", "offence_code"): "offence"}
"""The word for which an unlisted word stands, if the cells beneath it have this meaning."""
SHARPNESS = 2.0
MIN_OF_TITLES = 0.1
"""A column of a lower probability to hold offences settles no code of another."""
MIN_PROBABILITY = 0.02
"""A candidate of a lower probability is left out."""
MIN_AGREEMENT = 0.97
"""Share of the rows on which two columns must agree to say the same."""
FLAG_MEANING = ("flags", "flag")
ROLE_COLUMN = "involvements.role"
OFFENCE_COLUMNS = frozenset({"crimes.offence_code", "crimes.outcome_code"})
CRIME_COLUMNS = OFFENCE_COLUMNS | {"crimes.recorded_at", ROLE_COLUMN}
"""Columns that a sheet of one row for each flag does not have."""
IDENTIFIED_OF_CRIME = ("crimes", "suspect_identified")
"""Said once for a crime, and so never under a heading that numbers a suspect."""
YES_NO_OF_A_PERSON = 5.0
"""Points for a yes or no that stands beside each person, and so says whether the person is known."""
MAX_LIST_ROWS, MIN_DISTINCT, LIST_OF_CODES = 500, 0.9, 0.5
"""Rows of a list of codes at most, the share of its cells that are distinct, and the factor of the probability of its
columns."""


@dataclass(frozen=True)
class ColumnCandidate:
    """A possible meaning of one heading: a column of the contract, with its probability and the evidence.

    Parameters
    ----------
    heading
        The heading of the sheet.
    table, column
        The table and column of the contract.
    role
        victim, suspect or witness, if the heading names the role of the person; '' if it does not.
    block
        The number of the person in a block of columns: 2 in V2_DOB; 0 if the heading has none.
    kind
        The kind of values: date, time_of_day, outcome, flags, flag_yes_no ...
    probability
        The probability, 0 to 1.
    reasons
        Phrases that name the evidence for the probability.
    values
        The sender's word -> the value of the contract; '' where the word means that nothing is known.
    form
        The form of dates or times.
    """

    heading: str
    table: str
    column: str
    role: str = ""
    block: int = 0
    kind: str = ""
    probability: float = 0.0
    reasons: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    form: str = ""


@dataclass(frozen=True)
class _Claim:
    """A heading's claim to one meaning, with the log-odds so far."""

    profile: ColumnProfile
    meaning: Meaning
    evidence: HeadingEvidence
    fit: KindFit
    score: float
    relation: str = ""
    probability: float = 0.0

    @property
    def slot(self) -> tuple[str, ...]:
        """Return what only one heading can be: a meaning of one person, in one notation."""
        meaning, evidence = self.meaning, self.evidence
        notation = self.fit.kind if self.fit.kind in ("time_of_day", "offence_sub_code", "full_name") else ""
        flag_heading = self.profile.heading if (meaning.table, meaning.column) == FLAG_MEANING else ""
        return (meaning.table, meaning.column, evidence.role, str(evidence.block), notation, flag_heading)


def recognise_columns(
    sheet: Sheet, learned: Sequence[SystemLayout] = (), legend: Mapping[str, str] = NO_LEGEND
) -> tuple[ColumnCandidate, ...]:
    """Return the candidates of every heading of a sheet, for each heading the most probable first.

    Parameters
    ----------
    sheet
        The sheet.
    learned
        Layouts that were learned from accepted mappings (`layout_learning`), beside those of the project.
    legend
        What short words in cells mean, from a key in the workbook (`cell_legends`).
    """
    headings = sheet.cells.column_names
    translated = headings_in_known_language(headings)
    names = [translated.get(heading, heading) for heading in headings]
    if not translated or len(set(names)) < len(names):
        return _recognise(sheet, learned, legend)
    found = _recognise(replace(sheet, cells=sheet.cells.rename_columns(names)), learned, legend)
    originals = dict(zip(names, headings, strict=True))
    return tuple(replace(candidate, heading=originals[candidate.heading]) for candidate in found)


def _recognise(sheet: Sheet, learned: Sequence[SystemLayout], legend: Mapping[str, str]) -> tuple[ColumnCandidate, ...]:
    """Return the candidates of every heading of a sheet, whose headings are in one language."""
    profiles = {heading: with_learned_words(found, learned) for heading, found in _profiles(sheet, legend).items()}
    context = _context(profiles, layout_headings(learned))
    claims = {heading: _claims(profile, before, context) for heading, profile, before in _with_heading_before(profiles)}
    claims = _with_sibling_blocks(claims)
    dates = dates_by_heading(sheet.cells, profiles.values())
    claims = _with_relations(claims, dates)
    weighed = [claim for found in claims.values() for claim in _weigh_meanings(found)]
    settled = _weigh_headings(weighed, sheet.cells)
    settled = _with_titles(settled, sheet.cells)
    if _is_list_of_codes(profiles.values()):
        settled = [replace(claim, probability=claim.probability * LIST_OF_CODES) for claim in settled]
    order = {heading: place for place, heading in enumerate(profiles)}
    ranked = sorted(settled, key=lambda claim: (order[claim.profile.heading], -claim.probability))
    return tuple(_candidate(claim) for claim in ranked if claim.probability >= MIN_PROBABILITY and claim.meaning.table)


def _context(profiles: Mapping[str, ColumnProfile], layouts: LayoutHeadings) -> SheetContext:
    """Return what the columns together say: which abbreviations are roles, and whether a row is a flag of a crime."""
    first = SheetContext(role_abbreviations(profiles), layouts)
    best = dict[str, str]()
    synonyms = set[tuple[str, str]]()
    for heading, profile, before in _with_heading_before(profiles):
        claims = _weigh_meanings(_claims(profile, before, first))
        if claims:
            claim = max(claims, key=lambda claim: claim.probability)
            if claim.probability > HALF:
                best.setdefault(f"{claim.meaning.table}.{claim.meaning.column}", heading)
                synonyms |= _synonyms(claim)
    n_meanings = Counter(word for word, _ in synonyms)
    is_of_flags = "flags.flag" in best and not CRIME_COLUMNS & best.keys()
    lacks_number = "crimes.crime_ref" not in best and bool(best.keys() & (CRIME_COLUMNS - {ROLE_COLUMN}))
    return replace(
        first,
        is_of_flags=is_of_flags,
        is_of_persons=ROLE_COLUMN in best,
        is_of_persons_alone=ROLE_COLUMN in best and not OFFENCE_COLUMNS & best.keys(),
        has_crime_number=not lacks_number,
        synonyms=frozenset((word, synonym) for word, synonym in synonyms if n_meanings[word] == 1),
    )


def _synonyms(claim: _Claim) -> set[tuple[str, str]]:
    """Return the unlisted word of a heading with what its cells say that it means.

    None if the heading has another word that says something: in 'Crime Zulu Code' both others say nothing.
    """
    word_of_cells = WORDS_OF_CELLS.get((claim.meaning.table, claim.meaning.column))
    if word_of_cells is None:
        return set()
    known = vocabulary()
    silent = known.silent | known.neutral_words.get(claim.fit.kind, frozenset())
    words = [word for word in raw_words(claim.profile.heading) if known.spelling.get(word, word) not in silent]
    return {(word, word_of_cells) for word in words if not is_known_word(word)} if len(words) == 1 else set()


def _is_list_of_codes(profiles: Iterable[ColumnProfile]) -> bool:
    """Return True if a sheet is a list of codes or words: hardly a cell occurs twice, and none is a date."""
    filled = [profile for profile in profiles if profile.n_filled]
    if not filled or any(profile.date_form.share > HALF for profile in filled):
        return False
    n_rows = max(profile.n_rows for profile in filled)
    is_distinct = all(profile.n_distinct >= MIN_DISTINCT * profile.n_filled for profile in filled)
    return 2 < n_rows <= MAX_LIST_ROWS and is_distinct


def _with_sibling_blocks(claims: Mapping[str, list[_Claim]]) -> dict[str, list[_Claim]]:
    """Return the claims in which a column without telling cells shares the points of its sisters in other blocks.

    V3_ETHNICITY is often empty; it means what V1_ETHNICITY means.
    """
    best: dict[tuple[str, ...], float] = {}
    for found in claims.values():
        for claim in found:
            if key := _sister_key(claim):
                best[key] = max(best.get(key, claim.fit.points), claim.fit.points)
    return {heading: [_with_sister(claim, best) for claim in found] for heading, found in claims.items()}


def _sister_key(claim: _Claim) -> tuple[str, ...]:
    """Return what sisters have in common: the words of the heading without the number, the meaning and the kind."""
    if not claim.evidence.block:
        return ()
    words = heading_words(claim.profile.heading).rest
    return (" ".join(words), claim.evidence.role, claim.meaning.table, claim.meaning.column, claim.fit.kind)


def _with_sister(claim: _Claim, best: Mapping[tuple[str, ...], float]) -> _Claim:
    points = best.get(_sister_key(claim), claim.fit.points)
    if claim.fit.points >= points or (claim.profile.filled_texts and claim.fit.share < HALF):
        return claim
    return replace(claim, score=claim.score + points - claim.fit.points)


def _profiles(sheet: Sheet, legend: Mapping[str, str]) -> dict[str, ColumnProfile]:
    """Return the profile of every column; dates of open order are read in the order that other columns show."""
    profiles = {name: with_legend(column_profile(name, sheet.cells[name]), legend) for name in sheet.cells.column_names}
    order = _shown_order(profiles.values())
    if order == DAY_FIRST:
        return profiles
    return {
        name: profile if profile.date_form.is_order_shown else with_default_order(profile, order)
        for name, profile in profiles.items()
    }


def _shown_order(profiles: Iterable[ColumnProfile]) -> str:
    """Return the order of day and month that the columns show: the day first if any column shows it, or none does."""
    shown_forms = [profile.date_form for profile in profiles if profile.date_form.is_order_shown]
    forms = [found.form for found in shown_forms if found.share >= 0.9 and "MMM" not in found.form]
    has_month_first = any(form.startswith(MONTH_FIRST) for form in forms)
    return MONTH_FIRST if has_month_first and not any(form.startswith("DD") for form in forms) else DAY_FIRST


def _with_heading_before(profiles: Mapping[str, ColumnProfile]) -> Iterable[tuple[str, ColumnProfile, str]]:
    before = ""
    for heading, profile in profiles.items():
        yield heading, profile, before
        before = heading


def _claims(profile: ColumnProfile, before: str, context: SheetContext) -> list[_Claim]:
    known = vocabulary()
    heading = _completed_heading(profile, before)
    claims = [_claim(profile, heading, meaning, context) for meaning in (*known.meanings, *known.other_meanings)]
    found = [claim for claim in claims if claim is not None]
    if flag := flag_of_heading(profile.heading):
        # A column of one flag may hold its name or a yes: both readings are one meaning, and no rivals.
        readings = [claim for claim in found if (claim.meaning.table, claim.meaning.column) == FLAG_MEANING]
        best = max((*readings, _flag_claim(profile, flag)), key=lambda claim: claim.score)
        found = [*(claim for claim in found if claim not in readings), best]
    return found


def _completed_heading(profile: ColumnProfile, before: str) -> str:
    """Return a heading such as 'Time' with that of the date before it, which it completes."""
    words = set(heading_words(profile.heading).words)
    is_bare = words <= vocabulary().silent and profile.date_form.form.startswith("HH")
    return f"{before} {profile.heading}" if is_bare and before else profile.heading


def _claim(profile: ColumnProfile, heading: str, meaning: Meaning, context: SheetContext) -> _Claim | None:
    """Return the claim of a heading to a meaning by the kind that fits best; None if nothing speaks for it."""
    if (meaning.table, meaning.column) == IDENTIFIED_OF_CRIME and heading_words(heading).block:
        return None
    best: _Claim | None = None
    for kind in meaning.kinds:
        evidence = heading_evidence(heading, meaning, kind, context)
        if evidence.grade == NONE and ((meaning.table, meaning.column) not in TELLING_MEANINGS or not profile.n_filled):
            continue
        fit = _fit_in_context(profile.fit(kind), is_of_a_person=context.is_of_persons or evidence.block > 0)
        score = PRIOR + evidence.points + fit.points
        if best is None or score > best.score:
            best = _Claim(profile, meaning, evidence, fit, score)
    return best if best is not None and best.score > -6 else None


def _fit_in_context(fit: KindFit, *, is_of_a_person: bool) -> KindFit:
    """Return a fit without the doubt whether yes and no speak of a suspect, where each row or block is a person."""
    is_yes_no = fit.kind == "suspect_known_as" and fit.points < 0 and fit.share >= HALF
    return replace(fit, points=fit.points + YES_NO_OF_A_PERSON) if is_yes_no and is_of_a_person else fit


def _flag_claim(profile: ColumnProfile, flag: str) -> _Claim:
    meaning = next(meaning for meaning in vocabulary().meanings if (meaning.table, meaning.column) == FLAG_MEANING)
    fit = profile.fit("flag_yes_no", flag)
    evidence = HeadingEvidence(6.5, "sure")
    return _Claim(profile, meaning, evidence, fit, PRIOR + evidence.points + fit.points)


def _with_relations(claims: Mapping[str, list[_Claim]], dates: Mapping[str, pa.Array]) -> dict[str, list[_Claim]]:
    """Return the claims with the points that the relations of dates give them."""
    best = {
        heading: max(found, key=lambda claim: claim.score)
        for heading, found in claims.items()
        if found and heading in dates
    }
    likeliest = {heading: claim.meaning.column for heading, claim in best.items() if claim.meaning.table}
    points: RelationPoints = relation_points(dates, likeliest)
    return {
        heading: [_related(claim, points.get((heading, claim.meaning.column))) for claim in found]
        for heading, found in claims.items()
    }


def _related(claim: _Claim, relation: tuple[float, str] | None) -> _Claim:
    if relation is None or claim.fit.kind != "date":
        return claim
    return replace(claim, score=claim.score + relation[0], relation=relation[1])


def _weigh_meanings(claims: Sequence[_Claim]) -> list[_Claim]:
    """Return the claims of one heading with their probabilities among its meanings and none of them."""
    total = 1.0 + sum(math.exp(claim.score) for claim in claims)
    return [replace(claim, probability=math.exp(claim.score) / total) for claim in claims]


def _weigh_headings(claims: Sequence[_Claim], cells: pa.Table) -> list[_Claim]:
    """Return the claims with their probabilities among the headings that claim the same meaning."""
    by_slot: dict[tuple[str, ...], list[_Claim]] = {}
    for claim in claims:
        if claim.meaning.table and claim.probability >= MIN_PROBABILITY:
            by_slot.setdefault(claim.slot, []).append(claim)
    return [_among_rivals(claim, rivals, cells) for rivals in by_slot.values() for claim in rivals]


def _among_rivals(claim: _Claim, rivals: Sequence[_Claim], cells: pa.Table) -> _Claim:
    rival_claims = [rival for rival in rivals if rival is not claim and not _says_the_same(claim, rival, cells)]
    own_strength = _strength(claim)
    share = own_strength / (own_strength + sum(map(_strength, rival_claims)))
    return replace(claim, probability=claim.probability * share)


def _strength(claim: _Claim) -> float:
    return math.exp(SHARPNESS * min(claim.score, 40.0)) * claim.probability


def _says_the_same(first: _Claim, second: _Claim, cells: pa.Table) -> bool:
    """Return True if two columns of codes say the same in nearly each row in which both say anything."""
    if first.fit.kind != second.fit.kind or first.fit.kind not in CODED_KINDS:
        return False
    pairs = [
        (_comparable(first.fit, first_text), _comparable(second.fit, second_text))
        for first_text, second_text in zip(
            *(_sampled(cells, claim.profile.heading) for claim in (first, second)), strict=True
        )
    ]
    comparable_pairs = [(first_text, second_text) for first_text, second_text in pairs if first_text and second_text]
    n_equal = sum(first_text == second_text for first_text, second_text in comparable_pairs)
    return len(comparable_pairs) > 4 and n_equal >= MIN_AGREEMENT * len(comparable_pairs)


def _with_titles(claims: Sequence[_Claim], cells: pa.Table) -> list[_Claim]:
    """Return the claims in which the codes of offences that only a title beside them settles have their value."""
    titles = [
        claim.profile.heading for claim in claims if claim.fit.kind == "offence" and claim.probability > MIN_OF_TITLES
    ]
    return [
        _with_values(claim, codes_settled_by_titles(cells, claim.profile.heading, titles))
        if claim.profile.heading in titles and claim.fit.kind == "offence" and len(titles) > 1
        else claim
        for claim in claims
    ]


def _with_values(claim: _Claim, values: Mapping[str, str]) -> _Claim:
    return replace(claim, fit=replace(claim.fit, values={**values, **claim.fit.values})) if values else claim


def _comparable(fit: KindFit, text: str | None) -> str | None:
    """Return what two columns are compared by: the value; of offences the class, since a code may lack its part."""
    if text is None or fit.kind != "offence":
        return fit.values.get(text or "")
    reading = read_offence(text)
    return reading.class_number or (class_of(reading.code) if reading.code else None)


def _sampled(cells: pa.Table, heading: str) -> list[str | None]:
    step = max(1, cells.num_rows // 1000)
    return cells[heading].take(pa.array(range(0, cells.num_rows, step), pa.int64())).to_pylist()  # type: ignore[no-any-return]


def _candidate(claim: _Claim) -> ColumnCandidate:
    return ColumnCandidate(
        claim.profile.heading,
        claim.meaning.table,
        claim.meaning.column,
        claim.evidence.role,
        claim.evidence.block,
        claim.fit.kind,
        round(claim.probability, 4),
        _reasons(claim),
        claim.fit.values,
        claim.fit.form,
    )


ORDER_NOT_SHOWN = "no date shows whether the day comes first"
_GRADE_PHRASES = {
    "exact": "its heading is our name",
    "sure": "its heading means it",
    "likely": "its heading usually means it",
    "possible": "its heading may mean it",
    "none": "its heading does not say so",
}
UNSURE_HEADINGS = (_GRADE_PHRASES["possible"], _GRADE_PHRASES["none"])
"""Reasons of a meaning that the cells of a column settle more than its heading."""


def _reasons(claim: _Claim) -> tuple[str, ...]:
    profile, fit = claim.profile, claim.fit
    share = int(100 * fit.share)
    cells = f"{share}% of its cells are read as {fit.kind.replace('_', ' ')}" if profile.n_filled else "it has no cells"
    form = f"in the form {fit.form}" if fit.form else ""
    order = "" if fit.is_order_shown else ORDER_NOT_SHOWN
    layout = f"it is a heading of {claim.evidence.layout}" if claim.evidence.layout else ""
    return tuple(
        phrase
        for phrase in (layout or _GRADE_PHRASES[claim.evidence.grade], cells, form, order, claim.relation)
        if phrase
    )
