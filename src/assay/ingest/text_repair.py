"""Remove invisible characters from cells, and repair UTF-8 text that a program read as Windows-1252. (R69, R72)

`C1` followed by a zero-width character is a different reference from `C1`, although both look the same. In mojibake,
`Ã©` is restored to é, if the bytes allow only that reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import partial

import pyarrow as pa

from assay.contract import Column, Table
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore

INVISIBLE_RULE, MOJIBAKE_RULE = "R69", "R72"
BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_INVISIBLE_IN_TEXT = re.compile(
    f"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff{BLANK_LETTERS}]"
)
"""Fewer than in codes and references: text keeps the joiners that some scripts and emoji need."""
_INVISIBLE_CLASS = "\\p{Cf}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{3164}\\x{FFA0}\\x{FE00}-\\x{FE0F}\\x{34F}"
_LEAD_CLASS = "\\x{C2}-\\x{F4}"
CODE_PAGE_CHARACTERS = {
    byte: bytes([byte]).decode("cp1252", errors="replace").replace("\ufffd", chr(byte)) for byte in range(128, 256)
}
"""Windows-1252: byte -> character. The five bytes without a character are read as the Latin-1 control characters."""
CODE_PAGE_BYTES = {character: byte for byte, character in CODE_PAGE_CHARACTERS.items()}
_CONTINUATION = "".join(re.escape(CODE_PAGE_CHARACTERS[byte]) for byte in range(0x80, 0xC0)) + "\x80-\x9f"
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df][{_CONTINUATION}]|[\u00e0-\u00ef][{_CONTINUATION}]{{2}}|[\u00f0-\u00f4][{_CONTINUATION}]{{3}}"
)
"""UTF-8 characters of two, three and four bytes, each byte read as a Windows-1252 character."""
_COMMON_LEAD = re.compile("[\u00c3\u00c2\u00e2\u00f0\u00ef]")
"""First byte, read as Windows-1252, of the letters, punctuation and emoji that are common in English and Welsh text."""
_CLOSING_PUNCTUATION = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00bb\u00a0\u203a"
"""May follow a capital letter with an accent in correct text, so such a pair is not repaired."""
MAX_ENCODINGS = 3
"""How often a text may have been wrongly encoded one after the other."""


def needs_repair_sql(name: str) -> str:
    """Return SQL that is true where the text of a cell may need repair."""
    # Few cells hold anything but ASCII, and comparing two lengths is cheaper than the pattern.
    has_pattern = f"regexp_matches({name}, '[{_INVISIBLE_CLASS}]|[{_LEAD_CLASS}][^\\x00-\\x7F]')"
    return f"strlen({name}) <> length({name}) and {has_pattern}"


def repair_text(text: str, *, free_text: bool) -> tuple[str, tuple[str, ...]]:
    """Return the repaired cell and the keys of the rules under which it was repaired (none if unchanged).

    Parameters
    ----------
    text
        The text of the cell.
    free_text
        True for a text column, False for codes, references, numbers and dates.
    """
    decoded = _decode_mojibake(text)
    if free_text:
        visible = _INVISIBLE_IN_TEXT.sub("", decoded)
    else:
        visible = "".join(character for character in decoded if not _is_invisible(character))
    rules = (*((INVISIBLE_RULE,) if visible != decoded else ()), *((MOJIBAKE_RULE,) if decoded != text else ()))
    return visible, rules


def repair_cells(store: StagingStore, table: Table, columns: Iterable[Column]) -> str:
    """Record errors R69 and R72 for cells that need repair; return SQL for the repaired raw rows of the table."""
    raw, affected = f"raw_{table.name}", _affected_columns(store, table, columns)
    rows = [row for column in affected for row in _repairs(store, raw, column)]
    if not rows:
        return raw
    schema = pa.schema([(name, pa.string()) for name in ("column_name", "cell", "repaired", "rules")])
    store.store_rows(f"repaired_{table.name}", pa.Table.from_pylist(rows, schema=schema))
    names = [column.name for column in affected if any(row["column_name"] == column.name for row in rows)]
    for name in names:
        for rule in (INVISIBLE_RULE, MOJIBAKE_RULE):
            store.record_errors(
                rule,
                table.name,
                name,
                f"select line from {_joined_sql(raw, table.name, [name])} where contains(m_{name}.rules, '{rule}')",
            )
    repaired = ", ".join(f"coalesce(m_{name}.repaired, r.{name}) as {name}" for name in names)
    return f"(select r.* replace ({repaired}) from {_joined_sql(raw, table.name, names)})"


def _joined_sql(raw: str, table: str, names: Iterable[str]) -> str:
    joins = " ".join(
        f"left join (select cell, repaired, rules from repaired_{table} where column_name = {sql_string(name)}) "
        f"as m_{name} on m_{name}.cell = r.{name}"
        for name in names
    )
    return f"{raw} as r {joins}"


def _affected_columns(store: StagingStore, table: Table, columns: Iterable[Column]) -> list[Column]:
    candidates = list(columns)
    if store.is_small and candidates:
        candidates = _columns_beyond_ascii(store, table, candidates)
    if not candidates:
        return []
    tests = ", ".join(
        f"coalesce(bool_or({needs_repair_sql(column.name)}), false) as {column.name}" for column in candidates
    )
    is_affected = store.query_row(f"select {tests} from raw_{table.name}")
    return [column for column in candidates if is_affected[column.name]]


def _columns_beyond_ascii(store: StagingStore, table: Table, columns: Sequence[Column]) -> list[Column]:
    """Return the columns that hold more than ASCII; to bind the pattern for every column takes longer than this."""
    tests = ", ".join(f"bool_or(strlen({column.name}) <> length({column.name})) as {column.name}" for column in columns)
    beyond_ascii = store.query_row(f"select {tests} from raw_{table.name}")
    return [column for column in columns if beyond_ascii[column.name]]


def _repairs(store: StagingStore, raw: str, column: Column) -> list[dict[str, str]]:
    """Return a row for each distinct cell of a column that is repaired."""
    name = column.name
    cells = store.query(f"select distinct {name} as cell from {raw} where {needs_repair_sql(name)}")["cell"].to_pylist()
    repairs = [(cell, *repair_text(cell, free_text=column.kind == "text")) for cell in cells]
    return [
        {"column_name": name, "cell": cell, "repaired": repaired, "rules": " ".join(rules)}
        for cell, repaired, rules in repairs
        if rules
    ]


def _is_invisible(character: str) -> bool:
    is_joiner = character == "\u034f" or "\ufe00" <= character <= "\ufe0f"
    return unicodedata.category(character) == "Cf" or character in BLANK_LETTERS or is_joiner


def _decode_mojibake(text: str) -> str:
    """Return the text with its mojibake decoded, up to MAX_ENCODINGS times."""
    for _ in range(MAX_ENCODINGS):
        nothing_else = all(character.isascii() for character in _MOJIBAKE.sub("", text))
        decoded = _MOJIBAKE.sub(partial(_decode_match, nothing_else=nothing_else), text)
        if decoded == text:
            return text
        text = decoded
    return text


def _decode_match(match: re.Match[str], *, nothing_else: bool) -> str:
    """Return the character that a match means, or the match itself if it may be correct as it is.

    Parameters
    ----------
    match
        Characters that would be the bytes of one UTF-8 character.
    nothing_else
        True if the rest of the cell is ASCII; mojibake is then the likelier explanation.
    """
    matched = match[0]
    try:
        character = bytes(CODE_PAGE_BYTES.get(sign, ord(sign)) for sign in matched).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return matched
    may_be_correct = len(matched) == 2 and matched[1] in _CLOSING_PUNCTUATION
    is_certain = _COMMON_LEAD.match(matched) is not None or (nothing_else and not may_be_correct)
    # Unassigned, private and combining characters, and rare Latin letters, are more likely to be chance.
    is_plausible = unicodedata.category(character) not in ("Cn", "Co", "Cs", "Mn")
    is_plausible = is_plausible and not 0x180 <= ord(character) < 0x2B0
    return character if is_certain and is_plausible and character >= "\u00a0" else matched
