"""Read victims or suspects whom an extract counts by sex: one cell with '2F 1M', or one column for each sex.

Each person becomes a column, 'Victim 1 sex' and 'Victim 2 sex', as if the export had written them so. The count says
nothing of which of several persons has which age.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.heading_evidence import heading_words as spelled_words
from assay.ingest.extracts.heading_evidence import vocabulary
from assay.ingest.extracts.value_kinds_coded import plain_words, read_roles, says_nobody, says_not_known
from assay.ingest.extracts.value_kinds_persons import read_counts

MAX_OF_ONE_SEX = 9
"""'15F' is a girl of 15, and no count: a count has one digit."""
MIN_SHARE_COUNTED, MIN_SHARE_OF_ONE = 0.95, 0.5
"""Share of the filled cells that must be counts by sex, and of their numbers that must be 1."""
MIN_CELLS = 3
UNKNOWN_SEX = "not known"
SEX_WORDS: Mapping[str, str] = {
    "f": "F", "female": "F", "females": "F", "girl": "F", "girls": "F", "fem": "F", "woman": "F", "women": "F",
    "m": "M", "male": "M", "males": "M", "boy": "M", "boys": "M", "man": "M", "men": "M",
    "u": UNKNOWN_SEX, "unknown": UNKNOWN_SEX, "unk": UNKNOWN_SEX, "nk": UNKNOWN_SEX, "n/k": UNKNOWN_SEX,
    "not known": UNKNOWN_SEX,
}  # fmt: skip
"""Words beside a count, and the sex that they mean."""
_SEX = "|".join(sorted(map(re.escape, SEX_WORDS), key=len, reverse=True))
_COUNT = re.compile(rf"(\d)\s*(?:x\s*)?({_SEX})(?![a-z0-9/])", re.I)
_SEPARATORS = re.compile(r"(?:[\s,;/+&.]|and\b)*", re.I)
ROLES = {"victim": "victim", "victims": "victim", "suspect": "suspect", "suspects": "suspect"}
_SILENT_WORDS = frozenset({"count", "number", "sex", "of"})
"""Words of a heading that counts persons of one sex, beside the role and the sex."""


@dataclass(frozen=True)
class CountedSexes:
    """A sheet with one column for the sex of each person, and the number of persons by role in each row."""

    sheet: Sheet
    numbers: Mapping[str, Sequence[int | None]]


def with_counted_sexes(sheet: Sheet) -> CountedSexes:
    """Return the sheet with columns that count persons by sex replaced by a column for the sex of each person."""
    numbers: dict[str, Sequence[int | None]] = {}
    for role in ("victim", "suspect"):
        found = _sexes_in_cells(sheet, role) or _sexes_by_column(sheet, role)
        if found is not None and not _describes_persons(sheet, role, found[0]):
            headings, sexes = found
            sheet = _with_persons(sheet, role, headings, sexes)
            numbers[role] = [len(row) if row is not None else None for row in sexes]
    return CountedSexes(sheet, numbers)


PERSON_FACTS = frozenset({"sex", "birth", "surname", "forename", "name", "person"})
MAX_ROLE_WORDS = 60


def _describes_persons(sheet: Sheet, role: str, count_headings: Sequence[str]) -> bool:
    """Return True if other columns describe the persons themselves: counted as well, they would be there twice."""
    for heading in sheet.cells.column_names:
        words = spelled_words(heading)
        if heading not in count_headings and words.role == role and PERSON_FACTS & set(words.rest):
            return True
        if words.role:
            continue
        texts = sheet.cells[heading].unique().drop_null()
        if len(texts) <= MAX_ROLE_WORDS and {"victim", "suspect"} <= set(read_roles(texts.to_pylist())):
            return True
    return False


Sexes = list[list[str] | None]
"""Row -> the sex of each person; None where the extract does not say how many there are."""


def _sexes_in_cells(sheet: Sheet, role: str) -> tuple[list[str], Sexes] | None:
    """Return the heading and the sexes of a column whose cells count persons by sex: '2F 1M'."""
    for heading in sheet.cells.column_names:
        words = spelled_words(heading).words
        if _names_role(words, role) and set(words) <= ROLES.keys() | _SILENT_WORDS | vocabulary().silent:
            texts = sheet.cells[heading].to_pylist()
            if _are_counts(texts):
                return [heading], [None if text is None else _sexes_of_cell(text) for text in texts]
    return None


def _sexes_of_cell(text: str) -> list[str]:
    """Return the sexes of a cell; one that is not understood stays as it is, so that the letter counts it as unread."""
    found = counted_sexes(text)
    return [text] if found is None else found


def _names_role(words: Iterable[str], role: str) -> bool:
    return {ROLES[word] for word in words if word in ROLES} == {role}


def counted_sexes(text: str) -> list[str] | None:
    """Return the sexes of the persons counted in a cell: '2F 1M' is F, F, M; none for 'nil'; None if unclear."""
    if says_nobody(text) or read_counts([text, "0"])[0] == "0":
        return []
    if _SEPARATORS.fullmatch(_COUNT.sub("", text)) is None:
        return None
    found = [(int(match[1]), SEX_WORDS[match[2].casefold()]) for match in _COUNT.finditer(text)]
    return [sex for count, sex in found for _ in range(count)] if found else None


def _are_counts(texts: Iterable[str | None]) -> bool:
    """Return True if nearly all cells that say anything are counts by sex, most of them of one person."""
    filled = [text for text in texts if text is not None and not says_not_known(text)]
    telling = [text for text in filled if counted_sexes(text) != []]
    read = [text for text in telling if counted_sexes(text)]
    digits = Counter(match[1] for text in read for match in _COUNT.finditer(text))
    is_mostly_one = digits["1"] >= MIN_SHARE_OF_ONE * digits.total()
    return len(read) >= MIN_CELLS and len(read) >= MIN_SHARE_COUNTED * len(telling) and is_mostly_one


def _sexes_by_column(sheet: Sheet, role: str) -> tuple[list[str], Sexes] | None:
    """Return the headings and the sexes of columns that count the persons of one sex each: 'F victims', 'M victims'."""
    columns = {sex: name for name in reversed(sheet.cells.column_names) if (sex := _sex_counted(name, role))}
    if not {"F", "M"} <= columns.keys():
        return None
    counts = {sex: _small_counts(sheet.cells[name]) for sex, name in columns.items()}
    order = [sex for sex in ("F", "M", UNKNOWN_SEX) if sex in columns]
    if any(counts[sex] is None for sex in order):
        return None
    rows = zip(*(counts[sex] or () for sex in order), strict=True)
    sexes: Sexes = [
        None if all(count is None for count in row) else [
            sex for sex, count in zip(order, row, strict=True) for _ in range(count or 0)
        ]
        for row in rows
    ]  # fmt: skip
    return [columns[sex] for sex in order], sexes


def _sex_counted(heading: str, role: str) -> str:
    """Return the sex that a heading counts: F for 'Female victims', not known for 'Sex n/k victims'; '' if none."""
    words = spelled_words(heading).words
    if not _names_role(words, role) or not set(words) & {"victims", "suspects", "count", "number"}:
        return ""
    rest = [
        word for word in words if word not in ROLES and word not in _SILENT_WORDS and word not in vocabulary().silent
    ]
    text = plain_words(" ".join(rest))
    if text == "n k":
        return UNKNOWN_SEX
    return SEX_WORDS.get(text, UNKNOWN_SEX if "sex" in words and text and says_not_known(text) else "")


def _small_counts(cells: pa.ChunkedArray) -> list[int | None] | None:
    """Return the number in each cell; None if not every filled cell is a small number."""
    texts = cells.to_pylist()
    filled = [text for text in texts if text is not None]
    counts = dict(zip(filled, read_counts(filled), strict=True))
    if not filled or any(not count or int(count) > MAX_OF_ONE_SEX for count in counts.values()):
        # A word for "unknown" among the numbers would make too few persons, and nothing would show it.
        return None
    return [int(count) if text is not None and (count := counts[text]) else None for text in texts]


def _with_persons(sheet: Sheet, role: str, headings: Sequence[str], sexes: Sexes) -> Sheet:
    """Return the sheet with the sex of each person in the place of the first of the columns, and without the others."""
    maximum = max((len(row) for row in sexes if row is not None), default=0)
    persons = {
        f"{role.capitalize()} {place + 1} sex": pa.array(
            [row[place] if row is not None and place < len(row) else None for row in sexes], pa.string()
        )
        for place in range(maximum)
    }
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in sheet.cells.column_names:
        columns |= persons if name == headings[0] else {} if name in headings else {name: sheet.cells[name]}
    joined_headings = " and ".join(headings) if len(headings) < 3 else f"{', '.join(headings[:-1])} and {headings[-1]}"
    remark = (
        f"{joined_headings}: read as the number of {role}s of each sex. Which of several {role}s has which age or "
        "ethnicity is not said, so look at the totals alone."
    )
    if not any(UNKNOWN_SEX in row for row in sexes if row):
        remark += f" A {role} whose sex is not known is counted only if one of these columns counts them."
    return replace(sheet, cells=pa.table(columns), remarks=(*sheet.remarks, remark))
