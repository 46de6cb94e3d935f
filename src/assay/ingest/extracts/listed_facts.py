"""Split columns that list one fact of several persons: 'Victim Ages' with '14; 15', 'Victim Sex' with 'F; M'.

Each person becomes a block of columns, 'Victim 1 Ages' and 'Victim 2 Ages', as if the export had written them so. A
column is divided only if its own cells show that it is a list: what stands between separators recurs as a whole cell,
or each piece has a number of its person ('S1: named; S2: not named').

A semicolon, a bar and a new line separate nothing else. A comma, a slash or an "and" may: '14/15' may be an
age between both. Such a column is divided only if something else in the extract confirms it: the number of persons that
the crime states, another list of the same persons with as many entries, or cells that repeat an entry, such as 'F/F'.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.extracts.counted_sexes import with_counted_sexes
from assay.ingest.extracts.event_logs import with_event_columns
from assay.ingest.extracts.extract_model import UNPAIRED, Sheet
from assay.ingest.extracts.heading_evidence import ROLE_ABBREVIATIONS, heading_words, vocabulary
from assay.ingest.extracts.person_cells import ROLE_WORDS, with_listed_persons
from assay.ingest.extracts.row_kinds import shape
from assay.ingest.extracts.value_kinds_coded import says_not_known

SEPARATOR = re.compile(r"[^\S\r\n]*[;|]\s*|\s*[\r\n]+\s*")
WEAK_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s*,\s*", r"\s*[&+]\s*", r"\s+[/\\]\s+", r"\s*[/\\]\s*", r"\s*[,&+]\s*", r"\s*(?:[,&+]|\band\b)\s*",
    )
)  # fmt: skip
"""Of those that are confirmed alike, the first counts."""
_CLOSING = re.compile(r"[\s;|]+$")
MIN_LISTS, MIN_FAMILIAR, MAX_PERSONS = 3, 0.9, 12
"""Cells that list several persons at least, the share of their pieces that must be familiar, and persons of a list."""
MIN_CELLS_OF_SHAPE = 2
"""Distinct whole cells of a pattern from which it is familiar, where nothing else confirms the lists."""
MIN_CONFIRMED, MIN_REPEATING = 0.95, 0.1
"""Share of the lists whose length something else must confirm, and of those that must repeat an entry."""
SAMPLE = 1000
"""Distinct cells that are tried first: a column of names has very many, and none is a list."""
_PERSON_NUMBER = re.compile(
    r"^(?:[vso]|vic|victim|sus|susp|suspect|off|offender)?\s*\(?\d{1,2}\s*[:.)=-]+\s*(?=\S)", re.I
)
MIN_AGREEING = 0.5
"""Share of the rows in which another column must list as many persons as a column of names."""
NAME_WORDS = frozenset({"name", "surname", "forename"})
IDENTITY_WORDS = frozenset({"number", "reference", "name", "surname", "forename", "surrogate", "person", "unique"})
"""Words of headings whose lists name persons, whatever else the row says of them."""
Split = Mapping[str, Sequence[str]]
"""Distinct cell -> its pieces."""


def expanded_sheet(sheet: Sheet) -> Sheet:
    """Return the sheet with a column for each person that a cell lists, and for each kind of value that a log holds."""
    by_sex = with_counted_sexes(with_event_columns(sheet))
    return _with_listed_facts(with_listed_persons(by_sex.sheet), by_sex.numbers)


@dataclass(frozen=True)
class _FactColumn:
    """A column whose heading names the role of a person: its cells, and the ways in which they may be lists."""

    heading: str
    role: str
    cells: pa.ChunkedArray

    @cached_property
    def texts(self) -> list[str | None]:
        """Return the cells in the order of rows."""
        return list(self.cells.to_pylist())

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return distinct cell -> number of rows."""
        found = pc.value_counts(self.cells.drop_null())
        return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))

    @cached_property
    def strong(self) -> Split:
        """Return the pieces between separators that separate nothing else; none if the cells are no lists."""
        return _lists(self.counts, SEPARATOR, MIN_CELLS_OF_SHAPE)

    @cached_property
    def weak(self) -> tuple[Split, ...]:
        """Return the pieces by each weak separator by which the cells may be lists."""
        separators = [separator for separator in WEAK_SEPARATORS if self._may_list_by(separator)]
        return tuple(found for separator in separators if (found := _lists(self.counts, separator)))

    def _may_list_by(self, separator: re.Pattern[str]) -> bool:
        """Return True if a sample of a column of very many distinct cells may be lists by this separator."""
        step = len(self.counts) // SAMPLE
        return step < 2 or bool(_lists(dict(islice(self.counts.items(), 0, None, step)), separator))

    @cached_property
    def numbers(self) -> list[int | None]:
        """Return the number in each cell where the column counts persons; an empty list where it does not."""
        words = set(heading_words(self.heading).words)
        texts = [text.strip() for text in self.counts]
        is_count = bool(words & {"count", "number"}) and not any(len(text) > 2 for text in texts if text.isdigit())
        if not is_count or sum(text.isdigit() for text in texts) < len(texts) / 2:
            return []
        return [int(text) if text is not None and text.strip().isdigit() else None for text in self.texts]


def _with_listed_facts(sheet: Sheet, person_counts: Mapping[str, Sequence[int | None]]) -> Sheet:
    """Return the sheet with columns for each person in the place of columns that list one fact of several persons.

    `person_counts` is the number of persons of a role in each row, where the extract counts them by sex.
    """
    sheet = _with_roles_of_counted(sheet, person_counts)
    facts = [_FactColumn(name, role, sheet.cells[name]) for name in sheet.cells.column_names if (role := _role(name))]
    undivided = [
        fact.heading
        for fact in facts
        if fact.strong and _names_one_person(fact.heading) and not _is_list_of_names(fact, facts, person_counts)
    ]
    if undivided:
        sheet = replace(sheet, remarks=(*sheet.remarks, *map(_undivided_remark, undivided)))
    lists = {fact.heading: fact.strong for fact in facts if fact.strong and fact.heading not in undivided}
    for fact in facts:
        numbers = person_counts.get(fact.role, ())
        confirmed = [(_confirmed_share(fact, found, facts, numbers), found) for found in fact.weak if not fact.strong]
        share, found = max(confirmed, key=lambda pair: pair[0], default=(0.0, {}))
        if share >= MIN_CONFIRMED:
            lists[fact.heading] = found
    if not lists:
        return sheet
    paired = _paired_pieces([fact for fact in facts if fact.heading in lists], lists)
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        columns |= _columns_of_persons(name, paired[name]) if name in lists else {name: sheet.cells[name]}
    return replace(sheet, cells=pa.table(columns))


def _paired_pieces(facts: Sequence[_FactColumn], lists: Mapping[str, Split]) -> dict[str, list[Sequence[str]]]:
    """Return the entries of each list by row; where two lists of a row differ in length, the shorter says nothing.

    Which of three suspects the two ages are of is not known; that there are three is.
    """
    pieces: dict[str, list[Sequence[str]]] = {
        fact.heading: [lists[fact.heading][text] if text is not None else () for text in fact.texts] for fact in facts
    }
    for role in {fact.role for fact in facts}:
        facts_of_role = [fact for fact in facts if fact.role == role]
        lengths = {fact.heading: _lengths(fact, lists[fact.heading]) for fact in facts_of_role}
        texts = {fact.heading: fact.texts for fact in facts_of_role}
        for row, numbers in enumerate(zip(*lengths.values(), strict=True)):
            maximum = max((number for number in numbers if number is not None), default=0)
            for heading, number in zip(lengths, numbers, strict=True):
                n_empty = _empty_entries_at_end(texts[heading][row])
                if number is not None and number + n_empty < maximum and not _names_persons(heading):
                    pieces[heading][row] = (UNPAIRED,) * maximum
    return pieces


def _empty_entries_at_end(text: str | None) -> int:
    """Return how many empty entries may stand at the end of a list: one in 'M; F;'."""
    found = _CLOSING.search(text or "")
    return len(re.findall(r"[;|]|[\r\n]+", found[0])) if found else 0


def _undivided_remark(heading: str) -> str:
    return (
        f"A cell of {heading} with a semicolon or a bar was read as the name of one person, because no other column "
        "lists as many. If it names several, write the heading in the plural, as in \u2018Victim Names\u2019."
    )


def _names_one_person(heading: str) -> bool:
    """Return True if a heading says 'name' of a victim or suspect, in the singular: 'Victim Name', 'Suspect Surname'.

    Some systems write the parts of one name with a mark between them: 'SMITH; Ann'. 'Forename(s)' is of one person.
    """
    found = _role_in_heading(heading)
    is_plural = (found is not None and bool(found[2])) or bool(_NAMES.search(heading))
    return bool(NAME_WORDS & set(heading_words(heading).rest)) and not is_plural


_NAMES = re.compile(r"(?<![a-z])(sur)?names\b|\bname\(s\)", re.I)


def _is_list_of_names(
    fact: _FactColumn, facts: Iterable[_FactColumn], person_counts: Mapping[str, Sequence[int | None]]
) -> bool:
    """Return True if each entry has a number, or if other columns list as many persons in most of the same rows."""
    numbered = [_PERSON_NUMBER.match(text) for text, pieces in fact.strong.items() if len(pieces) > 1]
    lengths = _lengths(fact, fact.strong)
    other_facts = [other for other in facts if other.heading != fact.heading and other.role == fact.role]
    numbers = [person_counts.get(fact.role, ()), *(other.numbers for other in other_facts)]
    numbers += [_lengths(other, other.strong) for other in other_facts if other.strong]
    return all(numbered) or any(_agreement(lengths, found) > MIN_AGREEING for found in numbers if found)


def _names_persons(heading: str) -> bool:
    return bool(IDENTITY_WORDS & set(heading_words(heading).rest))


def _with_roles_of_counted(sheet: Sheet, person_counts: Mapping[str, Sequence[int | None]]) -> Sheet:
    """Return the sheet with 'Victim 1 age', 'Victim 2 age' for a list 'Ages' with an entry for each person counted.

    The heading names no role; that of the persons whose number each list has is the only one it can mean.
    """
    if not person_counts:
        return sheet
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        found = (
            _list_of_counted(_FactColumn(name, "", sheet.cells[name]), person_counts)
            if _names_fact_alone(name)
            else None
        )
        if found is None:
            columns[name] = sheet.cells[name]
        else:
            role, pieces = found
            rows = [pieces[text] if text is not None else () for text in sheet.cells[name].to_pylist()]
            columns |= _columns_of_persons(f"{role.capitalize()} {name}", rows)
    return replace(sheet, cells=pa.table(columns)) if list(columns) != sheet.cells.column_names else sheet


def _names_fact_alone(heading: str) -> bool:
    """Return True for a heading that names a fact of a person, and no role."""
    found = heading_words(heading)
    return not found.role and not found.block and not _role(heading) and bool(LISTED_FACTS & set(found.words))


LISTED_FACTS = frozenset({"age", "birth", "ethnicity", "self_defined", "officer_defined", "sixteen_plus_one"})


def _list_of_counted(fact: _FactColumn, person_counts: Mapping[str, Sequence[int | None]]) -> tuple[str, Split] | None:
    """Return the role and the pieces of a list with as many entries as persons of the role; None if it is no list."""
    splits = [split for split in (fact.strong, *fact.weak) if split]
    shares = {
        (role, place): _agreement(_lengths(fact, split), numbers)
        for role, numbers in person_counts.items()
        for place, split in enumerate(splits)
    }
    agreeing = [key for key, share in shares.items() if share >= MIN_CONFIRMED]
    roles = {role for role, _ in agreeing}
    return (agreeing[0][0], splits[agreeing[0][1]]) if len(roles) == 1 else None


def _role(heading: str) -> str:
    """Return the role that a heading names without a number behind it; '' if there is none."""
    found = _role_in_heading(heading)
    if found is None or re.match(r"[\s_]*\d", heading[found.end() :]):
        return ""
    word = found[1].casefold()
    return _roles_by_word().get(word) or heading_words(heading).role


def _role_in_heading(heading: str) -> re.Match[str] | None:
    """Return the first word for a role in a heading: 'offenders' or, where the heading then is of a person, 'off'."""
    found = _role_pattern(tuple(_roles_by_word())).search(heading)
    role = heading_words(heading).role if found is None else ""
    short = tuple(word for word, meaning in ROLE_ABBREVIATIONS.items() if meaning == role and len(word) > 1)
    return _role_pattern(short).search(heading) if short else found


@lru_cache
def _roles_by_word() -> Mapping[str, str]:
    """Return the words for a role; the pattern of a heading adds the s of the plural."""
    by_spelling = {word: role for word, role in vocabulary().spelling.items() if role in ROLE_WORDS}
    return {word: role for role, words in ROLE_WORDS.items() for word in words} | by_spelling


@lru_cache
def _role_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    word_choice = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])({word_choice})(\(s\)|s['\u2019]?|['\u2019]s)?(?![a-z])", re.I)


def _lists(counts: Mapping[str, int], separator: re.Pattern[str], n_of_shape: int = 1) -> Split:
    """Return the pieces of each distinct cell; none if the cells are no lists by this separator.

    `n_of_shape` is the number of whole cells that make a pattern familiar: one where something else must confirm lists.
    """
    pieces = {text: _pieces(text, separator) for text in counts}
    lists = {text: found for text, found in pieces.items() if len(found) > 1}
    n_lists = sum(counts[text] for text in lists)
    if (
        n_lists < MIN_LISTS
        or max(map(len, lists.values())) > MAX_PERSONS
        or not _are_familiar(pieces, lists, n_of_shape)
    ):
        return {}
    return {text: [_PERSON_NUMBER.sub("", piece) for piece in found] for text, found in pieces.items()}


def _pieces(text: str, separator: re.Pattern[str]) -> list[str]:
    """Return the pieces of a cell; "n/k" is one cell that says nothing, and no list of two."""
    stripped = _CLOSING.sub("", text).strip()
    if not separator.search(stripped):
        return [stripped]
    pieces = separator.split(stripped)
    return [text] if says_not_known(text) and not all(map(says_not_known, pieces)) else pieces


def _says_nothing(piece: str) -> bool:
    """Return True for a word that says that nothing is known; a dash alone is part of a label."""
    return says_not_known(piece) and any(map(str.isalpha, piece))


def _are_familiar(pieces: Split, lists: Split, n_of_shape: int) -> bool:
    """Return True if the pieces of lists look like whole cells, or all pieces have the number of a person."""
    if all(_PERSON_NUMBER.match(piece) for found in pieces.values() for piece in found if piece):
        return True
    whole = [found[0] for found in pieces.values() if len(found) == 1]
    words = {text.casefold() for text in whole}
    shapes = {pattern for pattern, count in Counter(map(shape, whole)).items() if count >= n_of_shape}
    listed = [piece for found in lists.values() for piece in found if piece]
    n_familiar = sum(piece.casefold() in words or shape(piece) in shapes or _says_nothing(piece) for piece in listed)
    return n_familiar >= MIN_FAMILIAR * len(listed)


def _confirmed_share(
    fact: _FactColumn, found: Split, facts: Iterable[_FactColumn], person_counts: Sequence[int | None]
) -> float:
    """Return the share of the lists whose length something else in the sheet confirms, where it says anything."""
    lengths = _lengths(fact, found)
    shares = [MIN_CONFIRMED if _repeats_entries(fact, found) else 0.0]
    shares.append(_agreement(lengths, person_counts) if person_counts else 0.0)
    for other in facts:
        if other.heading != fact.heading and other.role == fact.role:
            shares.append(_agreement(lengths, other.numbers) if other.numbers else 0.0)
            splits = [split for split in (other.strong, *other.weak) if split]
            shares += [_agreement(lengths, _lengths(other, split)) for split in splits]
    return max(shares)


def _lengths(fact: _FactColumn, found: Split) -> list[int | None]:
    """Return the number of entries in the cell of each row; None where it is empty, or one word for nothing."""
    lengths = {
        text: None if len(pieces) == 1 and says_not_known(text) else len(pieces) for text, pieces in found.items()
    }
    return [lengths[text] if text is not None else None for text in fact.texts]


def _agreement(lengths: Sequence[int | None], numbers: Sequence[int | None]) -> float:
    """Return the share of lists of several entries with as many entries as the lists beside them; 0 for too few."""
    pairs = [
        (length, number)
        for length, number in zip(lengths, numbers, strict=True)
        if length is not None and number is not None and max(length, number) > 1
    ]
    n_equal = sum(length == number for length, number in pairs)
    return n_equal / len(pairs) if len(pairs) >= MIN_LISTS else 0.0


def _repeats_entries(fact: _FactColumn, found: Split) -> bool:
    """Return True if some lists hold an entry twice: nobody writes a doubtful fact of one person so."""
    lists = {text: pieces for text, pieces in found.items() if len(pieces) > 1}
    n_lists = sum(fact.counts[text] for text in lists)
    n_repeating = sum(fact.counts[text] for text, pieces in lists.items() if len(set(pieces)) < len(pieces))
    return n_repeating >= max(MIN_LISTS, MIN_REPEATING * n_lists)


def _columns_of_persons(heading: str, rows: Sequence[Sequence[str]]) -> dict[str, pa.Array]:
    columns = {}
    for place in range(max(map(len, rows), default=0)):
        facts = [pieces[place] or None if place < len(pieces) else None for pieces in rows]
        columns[_numbered(heading, place + 1)] = pa.array(facts, pa.string())
    return columns


def _numbered(heading: str, number: int) -> str:
    """Return the heading with the number of the person behind the role: 'Victim 2 Ages'."""
    found = _role_in_heading(heading)
    assert found is not None
    rest = heading[found.end() :].strip()
    return f"{heading[: found.start()]}{found[1]} {number} {rest or 'status'}".strip()
