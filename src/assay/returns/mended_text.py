"""Which characters of a cell do not show, and which are UTF-8 that was read as Windows-1252? (R69, R72)

Characters of no width and marks of direction are taken out: `C1` with one at its end is another reference than `C1`,
and nobody sees why. `Ã©` is read as the é that it was, where the bytes leave no doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import partial

import pyarrow as pa

from assay.returns.contract import Column, Table
from assay.returns.desk import Desk
from assay.returns.sql import quoted

UNSEEN, TWICE_ENCODED = "R69", "R72"
FILLERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Letters that are blank."""
_UNSEEN_IN_TEXT = re.compile(
    f"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff{FILLERS}]"
)
_ODD = "\\p{Cf}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{3164}\\x{FFA0}\\x{FE00}-\\x{FE0F}\\x{34F}"
_FIRST = "\\x{C2}-\\x{F4}"
CODE_PAGE = {
    byte: bytes([byte]).decode("cp1252", errors="replace").replace("\ufffd", chr(byte)) for byte in range(128, 256)
}
"""Windows-1252; the five bytes that it leaves out are read as the control characters of Latin-1."""
BYTES = {sign: byte for byte, sign in CODE_PAGE.items()}
_FOLLOW = "".join(re.escape(CODE_PAGE[byte]) for byte in range(0x80, 0xC0)) + "\x80-\x9f"
_RUN = re.compile(f"[\u00c2-\u00df][{_FOLLOW}]|[\u00e0-\u00ef][{_FOLLOW}]{{2}}|[\u00f0-\u00f4][{_FOLLOW}]{{3}}")
_SURE = re.compile("[\u00c3\u00c2\u00e2\u00f0\u00ef]")
"""What the letters, signs and pictures in use in English and Welsh text begin with."""
_CLOSING = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00bb\u00a0\u203a"
"""What may well follow a capital letter with an accent."""
MOST_TURNS = 3


def sql_is_odd(name: str) -> str:
    """SQL that is true where a cell may have to be mended; few cells hold anything but ASCII."""
    seen = f"regexp_matches({name}, '[{_ODD}]|[{_FIRST}][^\\x00-\\x7F]')"
    return f"strlen({name}) <> length({name}) and {seen}"


def mended(text: str, *, free: bool) -> tuple[str, tuple[str, ...]]:
    """A cell as it was meant, and the rules that say what was done; `free` if it is a text and no code or reference."""
    read = _decoded(text)
    shown = _UNSEEN_IN_TEXT.sub("", read) if free else "".join(sign for sign in read if not _is_unseen(sign))
    rules = (*((UNSEEN,) if shown != read else ()), *((TWICE_ENCODED,) if read != text else ()))
    return shown, rules


def mend(desk: Desk, table: Table, columns: Iterable[Column]) -> str:
    """SQL for the raw rows of a table with its cells mended; R69 and R72 are told of each cell."""
    raw, odd = f"raw_{table.name}", _odd_columns(desk, table, columns)
    rows = [row for column in odd for row in _rows(desk, raw, column)]
    if not rows:
        return raw
    schema = pa.schema([(name, pa.string()) for name in ("column_name", "said", "meant", "rules")])
    desk.hold(f"mended_{table.name}", pa.Table.from_pylist(rows, schema=schema))
    names = [column.name for column in odd if any(row["column_name"] == column.name for row in rows)]
    for name in names:
        for rule in (UNSEEN, TWICE_ENCODED):
            desk.fault(rule, table.name, name, f"select line from {_joined(raw, table.name, [name])} where "
                       f"contains(m_{name}.rules, '{rule}')")  # fmt: skip
    meant = ", ".join(f"coalesce(m_{name}.meant, r.{name}) as {name}" for name in names)
    return f"(select r.* replace ({meant}) from {_joined(raw, table.name, names)})"


def _joined(raw: str, table: str, names: Iterable[str]) -> str:
    joins = " ".join(
        f"left join (select said, meant, rules from mended_{table} where column_name = {quoted(name)}) as m_{name} "
        f"on m_{name}.said = r.{name}"
        for name in names
    )
    return f"{raw} as r {joins}"


def _odd_columns(desk: Desk, table: Table, columns: Iterable[Column]) -> list[Column]:
    chosen = list(columns)
    if not chosen:
        return []
    asked = ", ".join(f"coalesce(bool_or({sql_is_odd(one.name)}), false) as {one.name}" for one in chosen)
    found = desk.look(f"select {asked} from raw_{table.name}")
    return [one for one in chosen if found[one.name]]


def _rows(desk: Desk, raw: str, column: Column) -> list[dict[str, str]]:
    name = column.name
    cells = desk.run(f"select distinct {name} as said from {raw} where {sql_is_odd(name)}")["said"].to_pylist()
    found = [(said, *mended(said, free=column.kind == "text")) for said in cells]
    return [
        {"column_name": name, "said": said, "meant": meant, "rules": " ".join(rules)}
        for said, meant, rules in found
        if rules
    ]


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or sign in FILLERS or sign == "\u034f" or "\ufe00" <= sign <= "\ufe0f"


def _decoded(text: str) -> str:
    """The text with each run of UTF-8 that was read as Windows-1252 read as UTF-8, however often that was done."""
    for _ in range(MOST_TURNS):
        whole = all(sign.isascii() for sign in _RUN.sub("", text))
        again = _RUN.sub(partial(_character, whole=whole), text)
        if again == text:
            return text
        text = again
    return text


def _character(found: re.Match[str], *, whole: bool) -> str:
    """The character that a run stands for, or the run where it may well be what was written.

    `whole`: all of the cell but plain letters is in such runs.
    """
    run = found[0]
    try:
        read = bytes(BYTES.get(sign, ord(sign)) for sign in run).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return run
    sure = _SURE.match(run) is not None or (whole and not (len(run) == 2 and run[1] in _CLOSING))
    known = unicodedata.category(read) not in ("Cn", "Co", "Cs", "Mn") and not 0x180 <= ord(read) < 0x2B0
    return read if sure and known and read >= "\u00a0" else run
