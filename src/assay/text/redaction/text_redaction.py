"""Redact a text: replace what identifies its people.

Names, addresses, telephones and references of the people of a case are replaced by their role ("[VICTIM 1]"), and
everything that identifies a person by its form by its kind. Ages, dates and roles stay, because a reader of attitudes
needs them. Unknown identifiers without a form, such as the name of a stranger, stay in the text, so a person must check
it before release.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assay.text.data import read_data
from assay.text.redaction.accent_folding import fold_accents
from assay.text.redaction.known_identifiers import KnownPeople
from assay.text.redaction.redaction_spans import Span, merge_spans

DOTTED = (
    "[Mm][Rr][Ss]?", "[Mm][Ss]", "[Mm]x", "[Dd][Rr]", "Prof", "Revd?", "Cllr", "[Ss]gt", "SGT", "[Ii]nsp", "INSP",
    "[Ss]upt", "SUPT", r"Det\.? Con", "Cpl", r"[Dd]\.[CcSsIi]", r"[Dd]\.[Cc]\.[Ii]", r"[Pp]\.[Cc]",
)  # fmt: skip
"""Abbreviations that a full stop may follow; after any other title it ends a sentence."""
WHOLE = (
    "[Mm]iss", "MISS", "Mx", "Doctor", "Professor", "Reverend", "Imam", "Rabbi", "Sir", "Dame", "Lord", "Lady",
    "Judge", "Councillor", "Nurse", "W?PC", "W?PS", "W?DC", "W?DS", "T?DI", "TDC", "DCI", "DSU", "DCS", "DSupt",
    "PCSO", "ACC", "DCC", "[pd]c", "[pd]s", "di", "dci", "pcso", "[Ss]uperintendent", "[Ii]nspector",
    "[Cc]onstable", "[Ss]ergeant", "[Dd]etective",
    "(?i:rh?ingyll|heddwas|heddferch|plismon|[cg]wnstabl|(?:uwch-?)?arolygydd|ditectif)",
)  # fmt: skip
NO_NAME = (
    "And", "The", "Has", "Is", "Was", "To", "For", "Attended", "Spoke", "No", "Not", "She", "He", "It",
    "They", "There", "An?", "This", "That", "But", "In", "On", "At", "By", "If", "When", "As", "All", "None",
    "Nothing", "Only", "After", "Before", "Then", "We", "Her", "His", "Their", "Who", "Which", "With", "From",
    "Until", "Since", "So", "Sergeant", "Inspector", "Constable", "Superintendent", "Chief", "Sgt", "Insp", "Supt",
    "Con", "(?i:rh?ingyll|[cg]wnstabl|(?:uwch-?)?arolygydd)",
)  # fmt: skip
"""Capitalised words that begin a sentence after a title, or belong to a rank of several words."""
CASED_PLANES = range(0x20000)
"""The planes of Unicode that hold letters with a case; looking at all planes took a third of the start of a command."""
UPPER = "".join(sign for sign in filter(str.isupper, map(chr, CASED_PLANES)) if sign.isalpha())
"""Every upper-case letter: Python's `re` has no class for them, and [A-Z] misses Évans."""
PARTICLE = (
    r"(?:(?:d[aeiou]|d[eo]s|del|della|van|von|den|der|ter|ap|ab|ferch|al|el|bin|ibn|bint|la|le|st)[ \t]+"
    r"|(?:al|el)-|[dlo]['\u2019])"
)
"""Particles that begin a surname ("de Souza", "ap Rhys", "d'Arcy")."""
NUMBER = r"[ \t\n]*[/#(\-]?[ \t]?\d{2,6}\)?[ \t]+"
"""An officer's number between rank and name ("PC/1234 Jones")."""


@cache
def titled_name() -> re.Pattern[str]:
    """Return the pattern of a name after a title or rank; compiled at first use, because no other takes as long."""
    name = rf"[{UPPER}][\w'\u2019\u0300-\u036f\-]+"
    return re.compile(
        rf"\b(?P<title>(?:{'|'.join(DOTTED)})(?![^\W\d])\.?|(?:{'|'.join(WHOLE)})(?![^\W\d]))(?:{NUMBER}|[ \t\n]+)"
        rf"(?:[{UPPER}]\.?[ \t]+|[{UPPER}]\.){{0,3}}(?!(?:{'|'.join(NO_NAME)})\b|Will\b(?![ \t]+{name}))"
        rf"(?:[{UPPER}]\.|{PARTICLE}{{0,3}}{name}(?:[ \t]+{PARTICLE}{{0,3}}{name})?)"
    )


DATE_CHECK = "no_date"
"""The only check whose failure leaves a number in the text; a failure of any other may be a typing error."""
POLICE = frozenset((
    "acc", "constable", "dc", "dcc", "dci", "dcs", "det con", "detective", "di", "ds", "dsu", "dsupt",
    "insp", "inspector", "pc", "pcso", "ps", "sergeant", "sgt", "superintendent", "supt", "tdc", "tdi", "wdc",
    "wds", "wpc", "wps", "rhingyll", "ringyll", "heddwas", "heddferch", "plismon", "cwnstabl", "gwnstabl", "arolygydd",
    "uwcharolygydd", "ditectif",
))  # fmt: skip
ADDRESS = re.compile(
    r"\b(?:flat\s\w{1,4},?\s)?\d{1,4}[a-z]?,?\s+(?:[a-z'\-]+\s+){1,3}?(?:road|rd|street|st|avenue|ave|lane|ln|close|drive|court|"
    r"crescent|cres|gardens|grove|terrace|place|way|row|walk|mews|square|hill|view|park|rise|green|parade|house|heights)\b"
)

PLACEHOLDER = re.compile(r"\[[A-Z][A-Z0-9 ]*(?: or [A-Z][A-Z0-9 ]*)*\]")
"""Placeholder of a redacted identifier."""


@dataclass(frozen=True)
class Redacted:
    """A redacted text, and the number of identifiers removed by kind."""

    text: str
    taken_out: Mapping[str, int]


@dataclass(frozen=True)
class _Identifier:
    key: str
    replacement: str
    pattern: re.Pattern[str]
    check: str
    capitals: bool


def redact(text: str, known: KnownPeople, reference_forms: Sequence[str] = ()) -> Redacted:
    """Return a text without what identifies its people.

    `reference_forms`: patterns of the references of this force, as regular expressions over lower-case text.
    """
    spans = merge_spans([*known.spans(text), *find_identifiers(text, reference_forms)])
    parts, after = [], 0
    for span in spans:
        parts += [text[after : span.start], span.replacement]
        after = span.end
    return Redacted("".join([*parts, text[after:]]), dict(Counter(span.kind for span in spans)))


def leaks(text: str, known: KnownPeople, reference_forms: Sequence[str] = ()) -> dict[str, int]:
    """Count the identifiers that remain in a redacted text, by kind; empty if there are none."""
    cleaned = without_placeholders(text)
    return dict(
        Counter(span.kind for span in merge_spans([*known.spans(cleaned), *find_identifiers(cleaned, reference_forms)]))
    )


def without_placeholders(text: str) -> str:
    """Return a text with blanks in place of placeholders such as "[VICTIM 1]"."""
    return PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)


def find_identifiers(text: str, reference_forms: Sequence[str] = ()) -> Iterator[Span]:
    """Find what identifies a person by its form alone, such as a phone number; spans may overlap."""
    folded = fold_accents(text)
    for form in reference_forms:
        for found in re.finditer(form, folded.text):
            yield Span(*folded.original(*found.span()), "[REFERENCE]", "reference")
    for identifier in _identifiers():
        for found in identifier.pattern.finditer(folded.text):
            start, end = folded.original(*found.span())
            if identifier.capitals and text[start:end].upper() != text[start:end]:
                continue
            if not identifier.check or CHECKS[identifier.check](found[0]):
                yield Span(start, end, f"[{identifier.replacement}]", identifier.key)
            elif identifier.check != DATE_CHECK:
                yield Span(start, end, "[REFERENCE]", "fails_its_check")
    for found in ADDRESS.finditer(folded.text):
        yield Span(*folded.original(*found.span()), "[ADDRESS]", "address")
    for found in titled_name().finditer(text):
        replacement = "[OFFICER]" if re.sub(r"[.\-]", "", found["title"].lower()) in POLICE else "[PERSON]"
        yield Span(found.start(), found.end(), replacement, "titled_name")


@lru_cache
def _identifiers() -> tuple[_Identifier, ...]:
    entries = read_data("identifiers.toml", "assay.text.redaction")["identifier"]
    return tuple(
        _Identifier(
            entry["key"],
            entry["says"],
            re.compile(entry["pattern"]),
            entry.get("check", ""),
            entry.get("capitals", False),
        )
        for entry in entries
    )


# Check digits and other checks of identifiers: NHS number, national insurance number, PNC ID.


NHS_DIGITS = 10
PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""Check letters of a PNC ID, by the remainder modulo 23 of two digits of the year followed by the number (7 digits)."""
NEVER_ISSUED = frozenset({"bg", "gb", "kn", "nk", "nt", "tn", "zz"})
DATES = re.compile(
    r"(?:(?:19|20)\d{2}[\s.-](?:0?[1-9]|1[0-2])[\s.-](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[\s.-](?:0?[1-9]|1[0-2])[\s.-](?:19|20)\d{2})(?:\s\d{1,2}[.]?\d{2})?"
)


def is_nhs_number(text: str) -> bool:
    """Return True if ten digits end in their check digit: weights 10 to 2, modulo 11 (NHS Data Dictionary)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(digits) != NHS_DIGITS or len(set(digits)) == 1:
        return False
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check != 10 and digits[-1] == (0 if check == 11 else check)


def is_national_insurance_number(text: str) -> bool:
    """Return True if the two-letter prefix may be issued."""
    return text[:2].lower() not in NEVER_ISSUED


def is_pnc_id(text: str) -> bool:
    """Return True if the last letter is the check letter of year and number."""
    year, _, rest = re.sub(r"\s", "", text).partition("/")
    return PNC_LETTERS[int(year[-2:] + rest[:-1].zfill(7)) % 23] == rest[-1].upper()


def is_not_date(text: str) -> bool:
    """Return True if digits are a number rather than a date, which is not redacted."""
    return not DATES.fullmatch(text)


CHECKS: dict[str, Callable[[str], bool]] = {
    "nhs_number": is_nhs_number,
    "national_insurance": is_national_insurance_number,
    "pnc_id": is_pnc_id,
    "no_date": is_not_date,
}
