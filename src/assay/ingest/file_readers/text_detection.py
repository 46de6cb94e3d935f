"""Detect the encoding and the delimiter of a text file from its content."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assay.ingest.file_readers.delimited_scan import sample_records

DELIMITERS = (",", ";", "\t", "|", "^", "~")
MAX_SAMPLE_RECORDS = 400
WINDOWS_1252_ERRORS = "as_windows_1252"
"""Error handler: a byte that is not UTF-8 is read as Windows-1252."""
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
LAST_ASCII = 0x7F
_DECLARED_DELIMITER = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=([,;\t|^~])"?\r?\n', re.IGNORECASE)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error(WINDOWS_1252_ERRORS, _as_windows_1252)


def detect_encoding(blocks: Iterable[bytes]) -> str:
    """Return the encoding of a text: utf-8, utf-16, utf-16-le, utf-16-be or windows-1252.

    A byte order mark decides. A text in a code page is hardly ever valid UTF-8, because every accented letter would
    have to be followed by the right punctuation. If most of the accented letters are UTF-8, the text is UTF-8 with a
    few letters of another system in it.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8, multibyte, high_bytes = True, 0, 0
    for number, block in enumerate(blocks):
        if number == 0 and (encoding := _utf_16(block)):
            return encoding
        if block.isascii() and not decoder.getstate()[0]:
            continue
        is_utf_8 = is_utf_8 and _can_decode(decoder, block)
        letters = int(np.count_nonzero(np.frombuffer(block, np.uint8) > LAST_ASCII))
        high_bytes += letters
        # In valid UTF-8 every such byte belongs to a letter of several bytes, so that they need not be searched for.
        multibyte += letters if is_utf_8 else sum(map(len, _MULTIBYTE.findall(block)))
    is_utf_8 = is_utf_8 and _can_decode(decoder, b"", final=True)
    return "utf-8" if is_utf_8 or 2 * multibyte > high_bytes else "windows-1252"


def _can_decode(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _utf_16(head: bytes) -> str:
    """Return which UTF-16 a text is, by its mark or by the zero bytes of its Latin letters; '' if it is not."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4000:2], head[1:4000:2]
    if not odd:
        return ""
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.7 and zeros_even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > 0.7 and zeros_odd < 0.1 else ""


@dataclass(frozen=True)
class DelimiterFit:
    """A delimiter, the number of cells that most records have with it, and how well it fits.

    Parameters
    ----------
    fit
        0 if not at all; else the share of records with that number, times its logarithm.
    is_consistent
        Whether all records have that number, and no quote is in a wrong place.
    """

    delimiter: str
    width: int = 1
    fit: float = 0
    is_consistent: bool = False


def detect_delimiter(sample: bytes) -> DelimiterFit:
    """Return the delimiter of a text in UTF-8 with LF line ends, given its first records.

    The best is one by which all records have the same number of cells; else the one by which most have, and many.
    """
    declared = _DECLARED_DELIMITER.match(sample)
    candidates = (declared[1].decode(),) if declared else DELIMITERS
    return max((_fit(sample, delimiter) for delimiter in candidates), key=lambda fit: (fit.is_consistent, fit.fit))


def _fit(sample: bytes, delimiter: str) -> DelimiterFit:
    if delimiter.encode() not in sample:
        return DelimiterFit(delimiter)
    records = sample_records(sample, delimiter, MAX_SAMPLE_RECORDS)
    widths = [record.width for record in records]
    counts = {width: count for width, count in Counter(widths).items() if width > 1}
    if not counts:
        return DelimiterFit(delimiter)
    width = max(counts, key=lambda cells: counts[cells] * math.log2(cells))
    stray_share = sum(record.has_stray_quotes for record in records) / len(records)
    fit = counts[width] * math.log2(width) / len(widths) * (1 - stray_share / 2)
    is_consistent = counts[width] == len(widths) and not stray_share
    return DelimiterFit(delimiter, _untrimmed_width(sample, delimiter, widths, width), fit, is_consistent)


def _untrimmed_width(sample: bytes, delimiter: str, widths: list[int], width: int) -> int:
    """Return the width of the heading if the empty cells at the end of records seem to have been left out.

    Then the heading, the first row of several cells, is the widest, and no row ends with a delimiter.
    """
    heading_width = next(cells for cells in widths if cells > 1)
    is_trimmed = heading_width == max(widths) and widths.count(heading_width) > 1
    return heading_width if is_trimmed and f"{delimiter}\n".encode() not in sample else width
