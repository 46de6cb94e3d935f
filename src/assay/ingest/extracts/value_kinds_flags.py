"""Which flags of the contract does a cell name: none, one, or several with any separator?

Record systems put all keywords of a crime into one cell. Those that are flags of the contract are read, in words or in
abbreviation; other keywords (domestic abuse, knife, hate crime ...) are ignored, because the contract does not ask for
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assay import contract
from assay.ingest.extracts.heading_evidence import unlisted_abbreviation, vocabulary
from assay.ingest.extracts.value_kinds_coded import plain_words, read_yes_no, says_not_known, value_words
from assay.ingest.extracts.value_kinds_doubt import (
    NEGATED,
    UNDONE,
    is_only_doubt,
    is_questioned,
    kinds_of_doubt,
    n_doubts,
    without_doubt,
)

ALWAYS_SEPARATES = re.compile(r"[;|\r\n\t]+|\]\s*\[|\)\s*\((?=[A-Z]{3})")
_FURTHER_SEPARATORS = (
    r",",
    r"\s+/\s+|/",
    r"\s*[+&]\s*",
    r"\s+-\s+",
    r"\s*\*\s*",
    r"\s*[\u2022\u00b7~^>]\s*",
    r"\s+and\s+",
)
_DASH = r"\s+-\s+"
_LIST_MARKS = re.compile(r"[,;|+\r\n\t]+")
NOT_A_FLAG = ""


@lru_cache(maxsize=65536)
def read_flag_cell(text: str) -> tuple[str, ...] | None:
    """Return the flags in one cell; () for none; None if a part is no known keyword, or only expresses doubt.

    A part that is only doubt belongs to another one ('CSE; suspected'), so the cell is not understood.
    """
    if says_not_known(text):
        return ()
    value = read_keyword(text)
    if value or (value is not None and not _listed_keywords(text)):
        return (value,) if value else ()
    parts = split_keywords(text)
    values = [read_keyword(part) for part in parts]
    is_doubtful = any(values) and any(_is_only_doubt(part) or plain_words(part) in _NO_WORDS for part in parts)
    is_unread = any(value is None and _names_flag(part) for part, value in zip(parts, values, strict=True))
    if all(value is None for value in values) or is_doubtful or is_unread:
        return None
    return tuple(dict.fromkeys(value for value in values if value))


def _names_flag(part: str) -> bool:
    """Return True if a word of a part that was not understood is a flag: 'CSA (not CSE)' says something about both."""
    return any(_names().get(word) for word in plain_words(part).split())


def split_keywords(text: str) -> list[str]:
    """Split a cell into parts; weak separators split it only if the parts are known keywords."""
    parts = [part.strip() for part in ALWAYS_SEPARATES.split(text) if part.strip(" ,")]
    return [piece for part in parts for piece in _split_weakly(_without_marks(part))]


def _without_marks(part: str) -> str:
    """Return a part without the marks around it; a bracket that closes one inside the part stays."""
    stripped = part.strip(" ,[](){}\"'")
    return f"{stripped})" if stripped.count("(") > stripped.count(")") and part.rstrip(" ,").endswith(")") else stripped


def _listed_keywords(text: str) -> list[str]:
    """Return the keywords of a cell that a mark of a list divides into known keywords and nothing else."""
    pieces = [_without_marks(piece) for piece in _LIST_MARKS.split(text) if piece.strip(" ,[](){}\"'")]
    is_known = all(read_keyword(piece) is not None and not is_answer_or_doubt(piece) for piece in pieces)
    return pieces if len(pieces) > 1 and is_known else []


def _split_weakly(part: str) -> list[str]:
    value = read_keyword(part)
    if value == NOT_A_FLAG and (listed := _listed_keywords(part)):
        # 'Online, CSA' has the words of one keyword of another matter, and is two keywords.
        return listed
    if value is not None or is_questioned(part):
        return [part]
    for separator in _FURTHER_SEPARATORS:
        pieces = [_without_marks(piece) for piece in re.split(separator, part) if piece.strip(" ,[](){}\"'")]
        if len(pieces) > 1 and any(read_keyword(piece) is not None for piece in pieces):
            found = [further for piece in pieces for further in _split_weakly(piece)]
            # A dash joins a keyword with a remark as often as with a keyword, so all that it joins must be known.
            is_known = all(read_keyword(piece) is not None and not is_answer_or_doubt(piece) for piece in found)
            return found if separator != _DASH or is_known else [part]
    return _keywords_in_a_row(part)


def _keywords_in_a_row(part: str) -> list[str]:
    """Return keywords with nothing but spaces between them; the part itself if one of its words is unknown."""
    words, found = part.split(), list[str]()
    while words:
        known = [n for n in range(len(words), 0, -1) if plain_words(" ".join(words[:n])) in _keywords()]
        if not known:
            return [part]
        found.append(" ".join(words[: known[0]]))
        words = words[known[0] :]
    return found if not any(map(is_answer_or_doubt, found)) else [part]


def is_answer_or_doubt(text: str) -> bool:
    """Return True if a part of a cell only answers yes or no or expresses doubt, and names no keyword."""
    words = plain_words(text)
    return words in _NO_WORDS or words in _FILLERS or _is_only_doubt(text)


def _is_only_doubt(text: str) -> bool:
    return (is_questioned(text) and not plain_words(text)) or is_only_doubt(plain_words(text))


@lru_cache(maxsize=65536)
def read_keyword(text: str) -> str | None:
    """Return the flag that one keyword names, '' for another known keyword, None for an unknown one.

    A question mark, a negation, an answer or a code with its own label ('CSE - Child Sexual Exploitation') is taken
    into account; a flag beside a word of doubt or an unknown word is not understood.
    """
    if is_questioned(text):
        return None
    words = plain_words(text)
    if (flag := _names().get(words)) is not None:
        return flag
    if _is_other_keyword(words):
        return NOT_A_FLAG
    for first, second in _cuts(text):
        if first in _names() and _names().get(first) == _names().get(second):
            return _names()[first]
    return _flag_with_answer(words) if not _is_other_with_code(text) else NOT_A_FLAG


def _is_other_keyword(words: str) -> bool:
    """Return True if plain words are a listed keyword that is no flag of the contract, or consist of such words."""
    pieces = words.split()
    topics, fillers = (frozenset(value_words("other_keywords")[name]) for name in ("topics", "beside_topics"))
    return words in _other_keywords() or (bool(topics & set(pieces)) and topics | fillers >= set(pieces))


def _is_other_with_code(text: str) -> bool:
    """Return True for a code of the system beside the label of another keyword: 'ONL - Online Crime'."""
    return any(
        _is_other_keyword(label)
        and bool(_CODE.fullmatch(code))
        and code not in _names()
        and not is_answer_or_doubt(code)
        for code, label in _cuts(text)
    )


_CODE = re.compile(r"[a-z]{1,5}\d{0,3}|\d{1,4}")


def _flag_with_answer(words: str) -> str | None:
    """Return the flag that words name beside an answer or a remark: 'CSE yes', 'CSE flag'; '' for 'no evidence of CSE'.

    None if another flag, an unknown word, doubt or two negations stand beside it.
    """
    for name in _names_by_length():
        pieces = f" {words} ".split(f" {name} ")
        if len(pieces) != 2:
            continue
        rest = f"{pieces[0]} {pieces[1]}".split()
        answers = [word for word in rest if word not in _FILLERS]
        if not answers:
            return _names()[name] if not {"not", "no"} & set(rest) else None
        return NOT_A_FLAG if _says_no(" ".join(rest)) else None
    return None


def _says_no(rest: str) -> bool:
    """Return True if words beside a flag hold one negation, and else only words that add nothing to it."""
    rest = re.sub(r"\b(n|0|f|off|unticked|unchecked)\b", "no", rest)
    unsure = re.sub(r"\b(suspected|believed|unknown)\b", "", rest) if re.search(r"\b(no|not)\b", rest) else rest
    kinds = kinds_of_doubt(unsure)
    rest_words = {word for word in without_doubt(unsure).split() if word not in _SILENT_BESIDE}
    return n_doubts(unsure) == 1 and kinds <= {NEGATED, UNDONE} and not rest_words and "yet" not in rest.split()


_FILLERS = frozenset({
    "yes", "y", "flag", "marker", "related", "crime",
    "keyword", "confirmed", "true", "qualifier", "1", "ticked", "linked",
    "offence", "t", "flagged", "tag", "indicator", "case",
})  # fmt: skip
_SILENT_BESIDE = frozenset({
    "flag", "marker", "related", "crime", "keyword", "qualifier", "linked", "offence", "tag", "indicator", "concern",
    "concerns", "link", "links", "added", "applied", "applicable", "relevant", "flagged", "case", "element", "factor",
    "factors", "recorded", "seen", "found", "by", "police", "officer", "indicators", "suggested", "disclosed",
})  # fmt: skip
"""Words beside a negated flag that change nothing: 'CSE marker removed', 'no CSE concerns'."""
_NO_WORDS = frozenset({"n", "no", "0", "nil", "none", "n a", "false", "f"})


@lru_cache
def _names_by_length() -> tuple[str, ...]:
    return tuple(sorted(_names(), key=len, reverse=True))


@lru_cache
def _keywords() -> frozenset[str]:
    return _other_keywords() | _names().keys()


def _cuts(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut a keyword in two: 'CSE - Child sexual exploitation', 'Child sexual exploitation (CSE)'."""
    pieces = [plain_words(piece) for piece in re.split(r"\s[-\u2013\u2014]\s|[:=(\[]", text, maxsplit=1)]
    if len(pieces) != 2:
        return []
    return [(pieces[0], pieces[1]), (pieces[1], pieces[0])]


@lru_cache
def _names() -> dict[str, str]:
    listed = {plain_words(flag): flag for flag in contract.list_values("flag")}
    return {**listed, **{plain_words(name): flag for flag, names in value_words("flag").items() for name in names}}


@lru_cache
def _other_keywords() -> frozenset[str]:
    return frozenset(value_words("other_keywords")["words"])


def flag_of_heading(heading: str) -> str:
    """Return the flag that a heading names: 'CSE Flag Y/N' is cse; '' if it names none."""
    return _flag_of_words(word for word in _words_of_heading(heading) if word not in _WORDS_BESIDE)


def _words_of_heading(heading: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", _HUMPS.sub(" ", heading).replace("_", " ").casefold())
    return [
        "flag" if "flag" in (vocabulary().spelling.get(word), unlisted_abbreviation(word)) else word for word in words
    ]


def _flag_of_words(words: Iterable[str]) -> str:
    """Return the flag that the words of a heading name, with abbreviations written out; '' if they name none."""
    spelled = _spelled_words()
    return _names().get(" ".join(spelled.get(word, word) for word in words), "")


@lru_cache
def _spelled_words() -> dict[str, str]:
    """Return abbreviation -> word, for the headings of columns of flags."""
    return {short: word for word, shorts in value_words("flag_heading_words").items() for short in shorts}


def other_marker_of_heading(heading: str) -> str:
    """Return the kind of a marker outside the contract in a heading: 'DA Marker' is domestic_abuse; '' if none."""
    words = _words_of_heading(heading)
    keyword = " ".join(word for word in words if word not in _BESIDE_OTHER_MARKER)
    is_marker = len(keyword.split()) < len(words) or len(words) <= MAX_WORDS_OF_MARKER
    return other_marker_kind(keyword) if is_marker and _is_other_keyword(keyword) else ""


MAX_WORDS_OF_MARKER = 3
OTHER_MARKER = "other"


def other_marker_kind(keyword: str) -> str:
    """Return the kind of a keyword that is not a flag of the contract; '' for a word that means none."""
    words = plain_words(keyword)
    pieces = set(words.split())
    if not words or says_not_known(keyword) or is_answer_or_doubt(keyword) or "no" in pieces or words in _NO_MARKER:
        return ""
    kinds = value_words("other_marker_kinds")
    return next((kind for kind, topics in kinds.items() if pieces & set(topics)), OTHER_MARKER)


_NO_MARKER = frozenset({"neither", "none", "nil", "n a", "n"})


def dated_flag_of_heading(heading: str) -> str:
    """Return the flag whose first date a heading names: cse for 'CSE Flag Date', '' for 'CSE Flag End Date'."""
    words = _words_of_heading(heading)
    is_dated = bool({"date", "dt", "dte", "datetime", "added", "from", "start"} & set(words))
    keyword = [word for word in words if word not in _WORDS_BESIDE and word not in _WORDS_OF_START]
    return _flag_of_words(keyword) if is_dated else ""


_WORDS_OF_START = frozenset({
    "date", "dt", "dte", "datetime", "added", "from", "start", "set", "put", "at", "time", "when", "created", "first",
    "started", "raised", "on",
})  # fmt: skip
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS_BESIDE = frozenset({
    "is", "it", "was", "a", "the", "as", "to", "for", "on", "this", "record", "has", "been", "any", "link",
    "concern", "concerns", "identified", "recorded",
    "flag", "flags", "flagged", "flg", "qlf", "qual", "chk", "check", "checkbox", "bln", "bool",
    "marker", "markers", "mkr", "mk", "mark", "ind", "indicator", "tag",
    "yn",
    "y", "n", "keyword", "qualifier", "crime", "offence", "yes", "no", "related", "of", "present", "involved", "tick",
    "linked", "suspected", "confirmed", "applied", "element", "box", "involves", "f", "category", "code", "occurrence",
})  # fmt: skip
"""Words beside the name of a flag in a heading that do not change what it names."""
_BESIDE_OTHER_MARKER = (_WORDS_BESIDE | {"date", "dt", "added", "start"}) - {"crime", "related"}


def read_flag_column(texts: Sequence[str], flag: str) -> list[str | None]:
    """Return the flag where a yes/no column says yes, '' where it says no or nothing, None if not understood."""
    answers = read_yes_no(texts)
    return [_flag_of_answer(text, answer, flag) for text, answer in zip(texts, answers, strict=True)]


def _flag_of_answer(text: str, answer: str | None, flag: str) -> str | None:
    if answer is not None:
        return flag if answer == "yes" else ""
    cell_flags = read_flag_cell(text)
    if cell_flags is not None:
        return flag if flag in cell_flags else ""
    return None
