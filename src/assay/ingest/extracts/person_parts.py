"""Which persons does a row of a sheet describe: one with a role column, or several in columns side by side?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from assay.ingest.extracts.column_settlement import SettledColumn
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet
from assay.ingest.extracts.heading_evidence import heading_words
from assay.ingest.extracts.person_cells import role_in_name, role_in_title
from assay.ingest.extracts.split_merging import text_key
from assay.ingest.extracts.split_values import FULL_NAME, read_column, replace_words
from assay.ingest.extracts.value_kinds_coded import plain_words
from assay.ingest.extracts.value_kinds_persons import read_numbers_of_persons

ROLE, VICTIM = "role", "victim"
_CHILD = re.compile(
    r"(?:subject |full |first |last )?(?:child|young person|yp|cyp)(?: s)?"
    r"(?: (?:full |first |last )?(?:name|names|surname|forename|ref|reference|no|number|id|dob|nominal))*"
)
"""If no other role is named, the child in a register of crimes is the victim."""
SUSPECT_COLUMNS = frozenset({"suspect_known_as", "relationship", "suspect_outcome_code"})
"""Columns that only a suspect has."""
LINK = "involvement_ref"
PROBABILITY_OF_LINK = 0.95
MIN_LINKS = 10
MAX_NUMBERS = 2000
MIN_NUMBERED_SHARE = 0.95
IDENTIFYING = ("person_ref", "forenames", "surname", "date_of_birth")
MAX_REPEATED_SHARE = 0.02
"""With a larger share of equal rows of identified persons, a join has repeated rows."""


@dataclass(frozen=True)
class PersonPart:
    """The columns that describe one person of a row, and the person's role where it is the same in all rows."""

    columns: Mapping[str, ColumnMeaning]
    fixed: Mapping[str, str] = field(default_factory=dict)
    block: int = 0
    each_row_counts: bool = False
    numbered_by: str = ""

    @property
    def ordinal(self) -> int:
        """Return the position of the person, from 1, among the persons of the same role in a row."""
        return max(1, self.block)


@dataclass(frozen=True)
class PersonColumns:
    """The persons of a row, and the person columns whose role is not known."""

    parts: tuple[PersonPart, ...]
    without_role: tuple[SettledColumn, ...] = ()


def person_parts(
    sheet: Sheet, crime_key: str, columns: Sequence[SettledColumn], free: Sequence[str] = ()
) -> PersonColumns:
    """Return the persons that a row of the sheet describes.

    Parameters
    ----------
    sheet
        The sheet.
    crime_key
        The heading of the crime number.
    columns
        The columns of persons that are used.
    free
        Headings without a meaning so far: one may number the links of persons to crimes.
    """
    found = _person_parts(sheet, crime_key, columns)
    parts = [_with_link(part, sheet, crime_key, free) for part in found.parts]
    if len(parts) == 1:
        numbered = [replace(parts[0], numbered_by=_number_of_person(sheet, crime_key, free))]
    else:
        numbered = [_numbered_in_join(part, sheet, crime_key, free) for part in parts]
    return replace(found, parts=tuple(numbered))


def _numbered_in_join(part: PersonPart, sheet: Sheet, crime_key: str, free: Sequence[str]) -> PersonPart:
    """Return the part with the column that numbers its persons, where a join pairs victims with suspects."""
    role = part.fixed.get(ROLE, "")
    headings = [heading for heading in free if role and heading_words(heading).role == role]
    if part.block or not headings:
        return part
    return replace(part, numbered_by=_number_of_person(sheet, crime_key, headings, rows_repeat=True))


def _person_parts(sheet: Sheet, crime_key: str, columns: Sequence[SettledColumn]) -> PersonColumns:
    role_column = next((c for c in columns if c.column == ROLE), None)
    columns = [_without_number_of_list(column, sheet.cells.column_names) for column in columns]
    columns = [part for column in columns for part in _names_in(_as_suspect_column(column, columns))]
    person_columns = [c for c in columns if c.column != ROLE]
    groups: dict[tuple[str, int], list[SettledColumn]] = {}
    for column in person_columns:
        groups.setdefault((column.role, column.block), []).append(column)
    if role_column is None:
        return _persons_in_one_row(sheet, crime_key, groups)
    listed = groups.pop(("", 0), [])
    for key in [key for key, group in groups.items() if _belongs_to_list(key, group, listed)]:
        listed += groups.pop(key)
    meanings = {c.column: c.meaning for c in (role_column, *listed)}
    part = PersonPart(meanings, each_row_counts=_each_row_counts(sheet, crime_key, meanings, is_only=not groups))
    rest = _persons_in_one_row(sheet, crime_key, groups) if groups else PersonColumns(())
    return PersonColumns((part, *rest.parts), rest.without_role)


_NUMBER_AT_END = re.compile(r"\d{1,2}\W*$")


def _without_number_of_list(column: SettledColumn, headings: Iterable[str]) -> SettledColumn:
    """Return 'Suspect ethnic group 5' as a column of the only suspect: its number is that of the groups of a list.

    A number that does not follow the word for the role counts persons only if another heading differs from this one
    in the number, or lacks it.
    """
    heading = column.meaning.heading
    at_end = _NUMBER_AT_END.search(heading)
    before = heading_words(heading[: at_end.start()]) if at_end else None
    if not column.block or before is None or before.block or not before.rest:
        return column
    sisters = [other for other in headings if other != heading and _without_numbers(other) == _without_numbers(heading)]
    return column if sisters else replace(column, block=0)


def _without_numbers(heading: str) -> str:
    return re.sub(r"[\W_]*\d+[\W_]*", "", heading).casefold()


def _as_suspect_column(column: SettledColumn, columns: Sequence[SettledColumn]) -> SettledColumn:
    """Return 'Relationship to victim' as a column of the suspect: it names the victim, and says who the suspect is."""
    if column.column != "relationship" or column.role != VICTIM:
        return column
    has_suspect = any(other.role == "suspect" and not other.block for other in columns)
    return replace(column, role="suspect" if has_suspect else "")


def _names_in(column: SettledColumn) -> tuple[SettledColumn, ...]:
    """Return the column; of a whole name, once for the surname and once for the forenames."""
    if column.kind != FULL_NAME:
        return (column,)
    return tuple(replace(column, meaning=replace(column.meaning, column=name)) for name in ("surname", "forenames"))


def _belongs_to_list(key: tuple[str, int], group: Iterable[SettledColumn], listed: Iterable[SettledColumn]) -> bool:
    """Return True for columns that only persons of one role of the list have, such as the outcome for a suspect."""
    _, block = key
    listed_names = {column.column for column in listed}
    names = {column.column for column in group}
    return not block and not names & listed_names and (names <= SUSPECT_COLUMNS or not names & set(IDENTIFYING))


def _persons_in_one_row(
    sheet: Sheet, crime_key: str, groups: Mapping[tuple[str, int], Sequence[SettledColumn]]
) -> PersonColumns:
    """Return a part for each person of a row, whose role the headings say, or the name of the sheet."""
    groups = _with_lone_numbers(_with_numbered_forenames(groups))
    without_role = groups.get(("", 0), ())
    with_role = {key: list(group) for key, group in groups.items() if key != ("", 0)}
    role = _only_role(sheet, with_role, [column.column for column in without_role]) if without_role else ""
    lost: list[SettledColumn] = []
    if without_role and role:
        lost = _add_to(with_role, role, without_role)
    elif without_role:
        lost = list(without_role)
    lost += [column for (role, _), group in with_role.items() if not role for column in group]
    with_role = {key: group for key, group in with_role.items() if key[0]}
    parts = [_block(sheet, crime_key, key, group, with_role) for key, group in with_role.items()]
    return PersonColumns(tuple(parts), tuple(lost))


def _with_numbered_forenames(
    groups: Mapping[tuple[str, int], Sequence[SettledColumn]],
) -> dict[tuple[str, int], Sequence[SettledColumn]]:
    """Return the groups with "Forename 1" among the columns of its person: its number is no number of a person."""
    merged = dict(groups)
    for (role, block), group in groups.items():
        base = merged.get((role, 0), ())
        if (
            block
            and base
            and {c.column for c in group} == {"forenames"}
            and "forenames" not in {c.column for c in base}
        ):
            merged[role, 0] = (*base, *merged.pop((role, block)))
    return merged


def _with_lone_numbers(
    groups: Mapping[tuple[str, int], Sequence[SettledColumn]],
) -> dict[tuple[str, int], Sequence[SettledColumn]]:
    """Return the groups with columns without a number put to those of the first person, where they say other things.

    'Victim 1 ethnicity' beside 'Victim sex' speaks of the one victim of the row; beside 'Victim 2 sex', of the first. A
    further person would have a column of the same meaning as the first. 'Victim 2' alone stays a person of its own.
    """
    merged = dict(groups)
    for role in {role for role, block in groups if role and block}:
        is_one_person = [block for named_role, block in groups if named_role == role and block] == [1]
        base, numbered = merged.get((role, 0), ()), merged.get((role, 1), ())
        if base and numbered and not {c.column for c in base} & {c.column for c in numbered}:
            del merged[role, 0], merged[role, 1]
            merged[role, 0 if is_one_person else 1] = (*base, *numbered)
    return merged


def _only_role(
    sheet: Sheet, with_role: Mapping[tuple[str, int], Sequence[SettledColumn]], columns: Collection[str]
) -> str:
    """Return the role of columns that name none: that of the sheet's name or title, or the only one of most headings.

    How much is known of a person's identity is said of suspects alone.
    """
    by_name = role_in_name(sheet.name) or role_in_name(sheet.file.rpartition(".")[0]) or role_in_title(sheet.title)
    roles = {role for role, _ in with_role}
    if not by_name and not roles and "suspect_known_as" in columns:
        return "suspect"
    if not by_name and not roles and any(_names_child(heading) for heading in sheet.cells.column_names):
        return VICTIM
    if by_name and roles <= {by_name}:
        return by_name
    n_named = sum(len(group) for group in with_role.values())
    return next(iter(roles)) if len(roles) == 1 and n_named >= len(columns) else ""


def _names_child(heading: str) -> bool:
    """Return True if a heading names the person of the row as a child: 'Young person', "Child's name"."""
    return bool(_CHILD.fullmatch(plain_words(heading)))


def _add_to(
    with_role: dict[tuple[str, int], list[SettledColumn]], role: str, without_role: Iterable[SettledColumn]
) -> list[SettledColumn]:
    """Add columns without a role to the person of this role; return those that the person has already."""
    blocks = sorted(block for named_role, block in with_role if named_role == role)
    if len(blocks) > 1:
        return list(without_role)
    group = with_role.setdefault((role, blocks[0] if blocks else 0), [])
    present = {column.column for column in group}
    group += [column for column in without_role if column.column not in present]
    return [column for column in without_role if column.column in present]


def _block(
    sheet: Sheet, crime_key: str, key: tuple[str, int], group: Iterable[SettledColumn],
    with_role: Mapping[tuple[str, int], object],
) -> PersonPart:  # fmt: skip
    role, block = key
    meanings = {column.column: column.meaning for column in group}
    is_only = len(with_role) == 1 and not block
    counts = _each_row_counts(sheet, crime_key, meanings, is_only=is_only)
    return PersonPart(meanings, {ROLE: role}, block, counts)


def _each_row_counts(sheet: Sheet, crime_key: str, meanings: Mapping[str, ColumnMeaning], *, is_only: bool) -> bool:
    """Return True if each row of a sheet is one person, also where two rows of a crime are equal.

    That is so where a row holds one person, and the persons who can be told apart are not repeated. Where nobody can be
    told apart, few equal rows are two persons of whom the same is known, and many are the work of a join.
    """
    if not is_only:
        return False
    headings = list(dict.fromkeys([crime_key, *(meaning.heading for meaning in meanings.values())]))
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(headings)))
    # Where the crime number is printed once, a person of two crimes is no repeated row.
    cells = cells.with_columns(pl.col(crime_key).forward_fill())
    read = [read_column("involvements", name, meanings[name], cells).values for name in IDENTIFYING if name in meanings]
    if read:
        known = pl.any_horizontal(pl.all().is_not_null()).alias("known")
        cells = cells.filter(pl.concat(read, how="horizontal").select(known)["known"])
    if not cells.height:
        return True
    repeated = 1 - cells.unique().height / cells.height
    return repeated <= (MAX_REPEATED_SHARE if read else 0.2)


def _with_link(part: PersonPart, sheet: Sheet, crime_key: str, free: Sequence[str]) -> PersonPart:
    """Return the part with the number of the link of person and crime, where rows repeat and a column holds one.

    Each link of a person who can be identified has its own number. The number therefore also separates persons without
    any known detail.
    """
    if part.each_row_counts or LINK in part.columns or not free:
        return part
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(list(dict.fromkeys([crime_key, *_headings(part), *free])))))
    names = [name for name in IDENTIFYING if name in part.columns]
    read = [read_column("involvements", name, part.columns[name], cells).values for name in names]
    if not read:
        return part
    identity = pl.concat(read, how="horizontal")
    known = identity.select(pl.any_horizontal(pl.all().is_not_null()).alias("known"))["known"]
    person = identity.with_columns(cells[crime_key].alias(":crime")).select(text_key([pl.all()]).alias("person"))[
        "person"
    ]
    for heading in free:
        if heading != crime_key and _numbers_links(cells.with_columns(person).filter(known), crime_key, heading):
            meaning = ColumnMeaning(
                heading, "involvements", LINK, PROBABILITY_OF_LINK, ("each person of a crime has one",)
            )
            return replace(part, columns={**part.columns, LINK: meaning})
    return part


def _headings(part: PersonPart) -> list[str]:
    return [name for meaning in part.columns.values() for name in (meaning.heading, meaning.joined_heading) if name]


def _numbers_links(cells: pl.DataFrame, crime_key: str, heading: str) -> bool:
    """Return True if each person of a crime has one number of the column, and no two persons the same."""
    numbered = cells.filter(pl.col(heading).is_not_null())
    persons = numbered["person"].n_unique()
    if persons < MIN_LINKS or numbered.height < 0.98 * cells.height or numbered[heading].n_unique() != persons:
        return False
    pairs = numbered.select("person", heading).unique().height
    return pairs == persons and numbered.select(crime_key, heading).unique()[crime_key].is_duplicated().any()


def _number_of_person(sheet: Sheet, crime_key: str, free: Sequence[str], *, rows_repeat: bool = False) -> str:
    """Return the heading of a column that numbers the persons of each crime from 1; '' if there is none.

    `rows_repeat`: a join repeats a person, so that several rows of a crime have the same number.
    """
    for heading in free:
        if heading == crime_key:
            continue
        cells = pl.DataFrame(pl.from_arrow(sheet.cells.select([crime_key, heading])))
        read = person_numbers(cells[heading])
        if read is None:
            continue
        numbers = cells.with_columns(read.cast(pl.Int64).alias("number")).drop_nulls([crime_key, "number"])
        if numbers.height < MIN_LINKS:
            continue
        per_crime = numbers.group_by(crime_key).agg(
            pl.col("number").min().alias("least"), pl.col("number").max().alias("most"),
            pl.len().alias("rows"), pl.col("number").n_unique().alias("numbers"),
        )  # fmt: skip
        counts = (pl.col("least") == 1) & (pl.col("most") == pl.col("numbers"))
        if not rows_repeat:
            counts &= pl.col("numbers") == pl.col("rows")
        # A column of nothing but 1 counts nobody.
        has_several = (per_crime["most"] > 1).any()
        if has_several and per_crime.select(counts.mean().alias("share"))["share"][0] >= MIN_NUMBERED_SHARE:
            return heading
    return ""


def person_numbers(cells: pl.Series) -> pl.Series | None:
    """Return which person of the crime each cell counts, null where it counts nobody; None if a cell says other."""
    texts = cells.drop_nulls().unique().to_list()
    if len(texts) > MAX_NUMBERS:
        return None
    read = dict(zip(texts, read_numbers_of_persons(texts), strict=True))
    if None in read.values():
        return None
    return replace_words(cells, {text: number or None for text, number in read.items()})


def names_persons(sheet: Sheet, crime_key: str, heading: str, meanings: Mapping[str, ColumnMeaning]) -> bool:
    """Return True if each cell of a column identifies one person, who may be in several crimes.

    A number of the link between person and crime would differ from crime to crime.
    """
    names = [name for name in ("forenames", "surname", "date_of_birth") if name in meanings]
    if len(names) < 2:
        return False
    headings = [meanings[name].heading for name in names]
    cells = pl.DataFrame(pl.from_arrow(sheet.cells.select(list(dict.fromkeys([crime_key, heading, *headings])))))
    read = pl.concat(
        [read_column("involvements", name, meanings[name], cells).values for name in names], how="horizontal"
    )
    known = read.select(pl.all_horizontal(pl.all().is_not_null()).alias("known"))["known"]
    person = read.select(text_key([pl.all()]).alias("person"))["person"]
    rows = cells.select(crime_key, pl.col(heading).alias(":key")).with_columns(person).filter(known).drop_nulls()
    links = rows.unique()
    repeated = links.filter(pl.col("person").is_duplicated())
    pairs, persons, keys = (
        links.select(*columns).n_unique() for columns in (("person", ":key"), ("person",), (":key",))
    )
    return repeated.height > 1 and persons >= MIN_LINKS and pairs <= 1.02 * min(persons, keys)
