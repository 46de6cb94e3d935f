"""Write a split plan as the `[[split]]` sections of mapping.toml, which a person can correct, and read it back.

One section makes one table from one sheet:

    [[split]]
    file = "extract.xlsx"
    sheet = "Persons"                          # left out for a file of one table
    table = "involvements"
    columns.crime_ref = "Crime No"             # ours = theirs
    columns.date_of_birth = "DOB"
    forms.date_of_birth = "DD/MM/YYYY"         # the form of a date or time
    joined.recorded_at = "Time recorded"       # the column with the time, or sub-code, that completes it
    values.sex = {"Female" = "F", "U" = ""}    # theirs = ours; "" is not known
    fixed.role = "victim"                      # one value for every row
    only_where."V/S" = ["V"]                   # only rows with one of these words; ["*"]: with any but a no
    separator = ";"                            # between several values in a cell of `separated`
    separated = "flag"
    ordinal = 2                                # the second victim of the row
    ordered_by = {"Status date" = "DD/MM/YYYY"} # the last row of a crime counts; "" for a number

Rarer keys: `otherwise` (further headings that say the same), `lookups` (a key of the system that leads to the crime
number on another sheet), `only_completes`, `each_row_counts`, `numbered_by`, `empty_means`, `carried_down` and `kinds`
(`full_name` where a cell holds forenames and surname, `translated` where only the words under `values` mean something);
`SplitPart` explains them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assay import contract
from assay.ingest.extracts.extract_model import ColumnMeaning, KeyLookup, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.listed_facts import expanded_sheet
from assay.ingest.extracts.split_values import FULL_NAME, TRANSLATED
from assay.ingest.return_manifest import did_you_mean

TEXT_KEYS = ("file", "sheet", "table", "separator", "separated", "numbered_by")
TEXTS_BY_COLUMN_KEYS = ("columns", "forms", "joined", "fixed", "empty_means", "kinds")
FLAG_KEYS = ("only_completes", "each_row_counts")
KEYS = (
    *TEXT_KEYS, *TEXTS_BY_COLUMN_KEYS, *FLAG_KEYS, "ordinal", "values", "only_where", "carried_down", "lookups",
    "otherwise", "ordered_by",
)  # fmt: skip
LOOKUP_KEYS = ("file", "sheet", "key", "value")
SPLIT = "split"
SURE = 1.0
"""The probability of what a person has written or left in mapping.toml."""


def split_sections(plan: SplitPlan) -> str:
    """Return the parts of a plan as `[[split]]` sections of mapping.toml."""
    return "\n\n".join("\n".join(_section_lines(part)) for part in plan.parts) + ("\n" if plan.parts else "")


def _section_lines(part: SplitPart) -> Iterator[str]:
    yield f"[[{SPLIT}]]"
    for key in TEXT_KEYS:
        if value := getattr(part, key):
            yield f"{key} = {_toml(value)}"
    if part.ordinal != 1:
        yield f"ordinal = {part.ordinal}"
    for key in FLAG_KEYS:
        if getattr(part, key):
            yield f"{key} = true"
    if part.carried_down:
        yield f"carried_down = {_toml(list(part.carried_down))}"
    if part.ordered_by:
        yield f"ordered_by = {_toml(dict(part.ordered_by))}"
    for column, meaning in part.columns.items():
        yield from _column_lines(column, meaning)
    for column, alternatives in part.otherwise.items():
        entries = [
            {
                "heading": alternative.heading,
                **_if_any("values", alternative.values),
                **_if_any("form", alternative.form),
            }
            for alternative in alternatives
        ]
        yield f"otherwise.{column} = {_toml(entries)}"
    for key in ("fixed", "empty_means"):
        for column, value in getattr(part, key).items():
            yield f"{key}.{column} = {_toml(value)}"
    for heading, words in part.only_where.items():
        yield f"only_where.{_toml(heading)} = {_toml(list(words))}"
    for column, lookup in part.lookups.items():
        yield f"lookups.{column} = {_toml({key: getattr(lookup, key) for key in LOOKUP_KEYS})}"


def _column_lines(column: str, meaning: ColumnMeaning) -> Iterator[str]:
    yield f"columns.{column} = {_toml(meaning.heading)}"
    if meaning.form:
        yield f"forms.{column} = {_toml(meaning.form)}"
    if meaning.joined_heading:
        yield f"joined.{column} = {_toml(meaning.joined_heading)}"
    if meaning.kind in (FULL_NAME, TRANSLATED):
        yield f"kinds.{column} = {_toml(meaning.kind)}"
    if meaning.values:
        yield values_line(column, meaning.values)


def values_line(column: str, values: Mapping[str, str]) -> str:
    """Return the line of a section that says what the words of a column mean."""
    return f"values.{column} = {_toml(dict(values))}"


def _if_any(key: str, value: Any) -> dict[str, Any]:
    return {key: value} if value else {}


def _toml(value: Any) -> str:
    """Return a value in TOML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(str(key))} = {_toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_split_sections(sections: Any) -> tuple[SplitPlan, tuple[str, ...]]:
    """Return the plan that `[[split]]` sections state, and the errors in them as sentences.

    Parameters
    ----------
    sections
        The value of `split` in mapping.toml.
    """
    if not isinstance(sections, list):
        return SplitPlan(()), ("mapping.toml: split is written as [[split]], once for each table of a sheet.",)
    parts, errors = [], []
    for number, section in enumerate(sections, start=1):
        problems = _section_errors(section) if isinstance(section, dict) else ["it is not a section."]
        if problems:
            errors.append(f"mapping.toml, [[split]] number {number}: {' '.join(problems)}")
        else:
            parts.append(_split_part(section))
    return SplitPlan(tuple(parts)), tuple(errors)


def _section_errors(section: Mapping[str, Any]) -> list[str]:
    errors = [f"a key is not known.{did_you_mean(key, KEYS)}" for key in section if key not in KEYS]
    errors += [f"{key} must be text." for key in TEXT_KEYS if not isinstance(section.get(key, ""), str)]
    errors += [f"{key} is true or false." for key in FLAG_KEYS if not isinstance(section.get(key, False), bool)]
    errors += [f"{key} is missing." for key in ("file", "table", "columns") if not section.get(key)]
    ordinal = section.get("ordinal", 1)
    if isinstance(ordinal, bool) or not isinstance(ordinal, int) or ordinal < 1:
        errors.append("ordinal is 1, 2, 3 ...")
    errors += _shape_errors(section)
    return errors or _meaning_errors(section)


def _shape_errors(section: Mapping[str, Any]) -> list[str]:
    """Return what is not of the shape that its key has: ours = theirs, or a list of words."""
    errors = []
    for key in TEXTS_BY_COLUMN_KEYS:
        if not _is_texts_by_name(section.get(key, {})):
            errors.append(f"{key} is a table of ours = theirs, both text.")
    values = section.get("values", {})
    if not isinstance(values, dict) or not all(_is_texts_by_name(words) for words in values.values()):
        errors.append("values.COLUMN is a table of theirs = ours, both text.")
    only_where = section.get("only_where", {})
    if not isinstance(only_where, dict) or not all(_is_texts(words) for words in only_where.values()):
        errors.append('only_where."HEADING" is a list of words.')
    if not _is_texts(section.get("carried_down", [])):
        errors.append("carried_down is a list of headings.")
    if not _is_texts_by_name(section.get("ordered_by", {})):
        errors.append('ordered_by is a table of heading = form of its dates, "" for a number.')
    lookups = section.get("lookups", {})
    if not isinstance(lookups, dict) or not all(_is_lookup(entry) for entry in lookups.values()):
        errors.append(f"lookups.COLUMN is a table of {', '.join(LOOKUP_KEYS)}, each text.")
    otherwise = section.get("otherwise", {})
    if not isinstance(otherwise, dict) or not all(_is_otherwise(entry) for entry in otherwise.values()):
        errors.append("otherwise.COLUMN is a list of tables with heading, and values or form.")
    return errors


def _is_texts(words: Any) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) for word in words)


def _is_texts_by_name(texts: Any) -> bool:
    return isinstance(texts, dict) and all(isinstance(text, str) for text in texts.values())


def _is_lookup(entry: Any) -> bool:
    return _is_texts_by_name(entry) and set(entry) == set(LOOKUP_KEYS)


def _is_otherwise(entries: Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("heading"), str)
        and isinstance(entry.get("form", ""), str)
        and _is_texts_by_name(entry.get("values", {}))
        and set(entry) <= {"heading", "form", "values"}
        for entry in entries
    )


def _meaning_errors(section: Mapping[str, Any]) -> list[str]:
    """Return the tables and columns that the contract does not know, and the values that are not in their list."""
    name = section["table"]
    if name not in contract.tables():
        return [f"the contract has no such table.{did_you_mean(name, contract.tables())}"]
    known = contract.table(name).column_names
    errors = [
        f"{key}: a name is not known.{did_you_mean(column, known)}"
        for key in (*TEXTS_BY_COLUMN_KEYS, "values", "otherwise", "lookups")
        for column in section.get(key, {})
        if column not in known
    ]
    unlisted_keys = [
        key for key in ("forms", "joined", "kinds", "values") if set(section.get(key, {})) - set(section["columns"])
    ]
    errors += [f"{key}: a name does not stand under columns." for key in unlisted_keys]
    if section.get("separated") and section["separated"] not in section["columns"]:
        errors.append("separated: the name does not stand under columns.")
    return errors or [
        error for column, words in section.get("values", {}).items() for error in _list_errors(name, column, words)
    ]


def _list_errors(table: str, column: str, words: Mapping[str, str]) -> list[str]:
    if column not in contract.table(table).column_names:
        return []
    spec = contract.table(table).column(column)
    listed = contract.list_values(spec.values) if spec.values and spec.values != "offence_code" else ()
    listed = ("yes", "no") if spec.kind == "yesno" else listed
    unknown = [value for value in words.values() if listed and value and value not in listed]
    return [f"values.{column}: a value is not in its list.{did_you_mean(value, listed)}" for value in unknown[:1]]


def _split_part(section: Mapping[str, Any]) -> SplitPart:
    table = section["table"]
    return SplitPart(
        file=section["file"],
        sheet=section.get("sheet", ""),
        table=table,
        columns={column: _meaning(section, column) for column in section["columns"]},
        fixed=section.get("fixed", {}),
        only_where={heading: tuple(words) for heading, words in section.get("only_where", {}).items()},
        separator=section.get("separator", ""),
        separated=section.get("separated", ""),
        ordinal=section.get("ordinal", 1),
        lookups={column: KeyLookup(**entry) for column, entry in section.get("lookups", {}).items()},
        only_completes=section.get("only_completes", False),
        each_row_counts=section.get("each_row_counts", False),
        otherwise={
            column: tuple(
                ColumnMeaning(
                    alternative["heading"],
                    table,
                    column,
                    SURE,
                    values=alternative.get("values", {}),
                    form=alternative.get("form", ""),
                )
                for alternative in entries
            )
            for column, entries in section.get("otherwise", {}).items()
        },
        numbered_by=section.get("numbered_by", ""),
        empty_means=section.get("empty_means", {}),
        carried_down=tuple(section.get("carried_down", ())),
        ordered_by=section.get("ordered_by", {}),
    )


def _meaning(section: Mapping[str, Any], column: str) -> ColumnMeaning:
    return ColumnMeaning(
        section["columns"][column],
        section["table"],
        column,
        SURE,
        values=section.get("values", {}).get(column, {}),
        form=section.get("forms", {}).get(column, ""),
        joined_heading=section.get("joined", {}).get(column, ""),
        joined_by="/" if column.endswith("offence_code") else " ",
        kind=section.get("kinds", {}).get(column, ""),
    )


def missing_headings(plan: SplitPlan, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return a sentence for each file, sheet or heading of a plan that the extract does not have."""
    by_key = {(sheet.file, sheet.name): expanded_sheet(sheet).cells.column_names for sheet in sheets}
    found: dict[str, None] = {}
    for file, sheet, heading in _headings(plan):
        label = f"{file}, sheet {sheet}" if sheet else file
        known = by_key.get((file, sheet))
        if known is None:
            found[f"mapping.toml, [[split]]: {label} is not in the folder."] = None
        elif heading not in known:
            found[f"mapping.toml, [[split]]: {label} lacks a column that it names.{did_you_mean(heading, known)}"] = (
                None
            )
    return tuple(found)


def _headings(plan: SplitPlan) -> Iterator[tuple[str, str, str]]:
    for part in plan.parts:
        meanings = [
            *part.columns.values(),
            *(alternative for alternatives in part.otherwise.values() for alternative in alternatives),
        ]
        headings = [name for meaning in meanings for name in (meaning.heading, meaning.joined_heading)]
        for heading in (*headings, *part.only_where, *part.carried_down, *part.ordered_by, part.numbered_by):
            if heading:
                yield part.file, part.sheet, heading
        for lookup in part.lookups.values():
            yield lookup.file, lookup.sheet, lookup.key
            yield lookup.file, lookup.sheet, lookup.value
