"""Detect names and other personal details in a text that a person typed.

Free text is encrypted, hashed or printed, so a name cannot be removed from it later. It is checked before that, by the
patterns of redaction: a title or rank before a name, telephone numbers, addresses, references of persons. The result
names kinds of details and never repeats the text. A name alone has no pattern, so writers are asked to use roles.

Redaction removes everything that might be a detail; here a person is stopped only if something is one. So days, times,
ages, periods, crime references and a rank at the end of a sentence are allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assay.errors import UsageError
from assay.text.contact_details import DETAILS
from assay.text.redaction.redaction_spans import Span
from assay.text.redaction.text_redaction import PLACEHOLDER, find_identifiers, titled_name

KINDS = {
    "titled_name": "a name after a title or rank",
    "phone": "a telephone number",
    "email": "an email address",
    "web_address": "a web address",
    "account_name": "the name of an account",
    "nhs_number": "an NHS number",
    "national_insurance": "a National Insurance number",
    "driving_licence": "a driving licence number",
    "pnc_id": "a PNC number",
    "criminal_record": "a criminal record number",
    "case_urn": "a case number",
    "postcode": "a postcode",
    "vehicle": "a vehicle's number plate",
    "vehicle_older": "a vehicle's number plate",
    "collar_number": "an officer's number",
    "fails_its_check": "a reference of a person",
    "number": "a long number",
    "address": "an address",
    "birth_date": "a date of birth",
    "person_reference": "a reference of a person",
}
"""Name of each kind of detail in messages; kinds that are not listed are allowed."""
PLAIN_DETAIL = "an email address, a telephone number or a postcode"
"""Name for a match of `contact_details` that redaction does not find."""
SOFT = frozenset({"fails_its_check", "criminal_record", "number", "case_urn"})
"""Kinds that a crime reference, a period or a range may resemble."""

MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
DAY, MONTH_NUMBER, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
BIRTH_DATE = re.compile(
    r"(?i)\b(?:d\.?o\.?b\.?|date of birth|born)(?![a-z])\W{0,3}(?:(?:is|was|on|the)\s+){0,2}"
    rf"(?:\d{{1,4}}[./\- ]\d{{1,2}}[./\- ]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\.?,?\s+\d{{2,4}}"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{2,4}})"
)
PERSON_REFERENCE = re.compile(
    r"(?i)\b(?:nominal|custody|niche(?=\s+(?:id|record))|passport|pnc|cro|nhs|nino|prison|collar|warrant)"
    r"(?:\s+(?:id|no\.?|num(?:ber)?|ref(?:erence)?|record))?[\s:#.\-]{1,3}(?=[a-z/\-]{0,6}\d)[a-z\d/\-]{4,}"
)
WHEN = re.compile(
    rf"(?i)(?<![\d./\-])(?:{YEAR}([./\-]){MONTH_NUMBER}\1{DAY}|{DAY}([./\-]){MONTH_NUMBER}\2(?:{YEAR}|\d\d))"
    r"(?:t(?=\d)|(?![\d/\-]|\.\d))"  # a day in figures
    rf"|(?<![\d./\-]){YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d/\-])"
    rf"|(?<![\d./\-]){DAY}(?:st|nd|rd|th)?[ ]{MONTH}(?:[ ](?:{YEAR}|\d\d))?(?!\d)"
    r"|(?<![\d.:\-])(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d)?(?![\d:])(?!\.\d)\s?(?:am|pm|hrs?|hours|h)?\b"  # a time
    r"|(?<![\d./\-])\d{3,4}\s?(?:hrs?|hours)\b"
    r"|(?<![\d./\-])\d{1,4}[ -](?:working |calendar )?(?:min(?:ute)?|hour|day|night|week|month|year)s?\b"
)
"""Days, times and durations, which are masked before numbers are searched."""
ORDINAL = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)\b")
PERIOD = re.compile(
    rf"(?i)(?<![\d./\-])(?:{YEAR}\s?(?:-|/|to)\s?(?:{YEAR}|\d\d)|{MONTH_NUMBER}/{YEAR}|{DAY}/{MONTH_NUMBER}"
    rf"|\d{{1,3}}\s?(?:-|to|/)\s?\d{{1,3}}|{YEAR})(?![\d/\-]|\.\d)"
)
"""Financial years, months, ranges of ages and the like."""
NO_REFERENCE = re.compile(
    r"(?i)\b(?:mid|pre|post|aged?|over|year|non|sub|fy|cy|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
    r"[-/ ]?(?=\d)"
)
"""Words before a number that is not a reference ("mid-2025", "post-16")."""
CRIME_REFERENCE = re.compile(
    r"(?i)\b(?:crimes?|incident|log|occurrence|report|niche(?!\s+(?:id|record))|investigation|case|cad|cri?|ref(?:erence)?|operation|op)"
    r"(?:\s+(?:no\.?|num(?:ber)?|ref(?:erence)?))?[\s:#.\-/]{1,3}(?=[a-z\d/\-]*\d)[a-z\d/\-]{3,}(?:\s(?:of|and)\s\d{1,8})?"
    r"|(?<![a-z\d/\-])(?=[\d/a-z\-]*[/\-])[a-z\d]{1,8}(?:[/\-][a-z\d]{1,9}){1,4}(?![a-z\d/\-])"
    r"|\b(?!o)[a-z]{1,3}\d{4,12}\b"
)
"""References of crimes, logs and reports: named as such, with parts separated by strokes, or letters and a number."""
WITH_STROKES = re.compile(r"(?<![\d/])0\d{2,4}/\d{3,4}/?\d{3,4}(?![\d/])")
"""A telephone number with strokes between its parts, which also matches the pattern of a reference."""

ARTICLE = re.compile(
    r"(?i)\b(?:the|an?|this|that|her|his|their|our|its|each|every|any|no|one|another|duty)[ \t]+(?:\w+[ \t]+)?$"
)
"""Words before a rank without a name: a sentence that ends with "the Sgt." is followed by another."""
VERB = re.compile(
    r"(?i)\b(?:to|not|never|did|does|do|will|would|may|might|could|can|should|must|they|she|he|and|or)[ \t]+$"
)
"""Words before the verb "miss"."""
NO_NAME = frozenset((
    "vulnerable", "chambers", "order", "suite",
    "said", "says", "ordered", "attended", "spoke", "told", "asked", "did", "does", "made", "gave", "went", "took",
    "came", "saw", "rang", "called", "visited", "wrote", "had", "have", "could", "should", "would", "must", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "july", "september",
    "october", "november", "december", "teams", "word", "excel", "office", "outlook", "windows", "access", "review",
    "reviewed", "reviews", "reviewing", "note", "notes", "noted", "supervision", "supervisor", "supervisors",
    "supervised", "team", "unit", "level", "rank", "grade", "post", "role", "approval", "approved", "authority",
    "authorised", "decision", "decided", "update", "updated", "plan", "plans", "report", "reported", "oversight",
    "allocation", "allocated", "handover", "met", "agreed", "recorded", "completed", "nothing", "safety", "general",
    "practitioner", "in", "of", "case", "crime", "crimes", "performance", "intelligence", "investigations",
    "operations", "safeguarding", "vulnerability", "cse", "cce", "cid", "mash", "mace", "mase", "nrm", "cps", "ppu",
    "pvp", "cait", "caiu", "soit", "isva", "iopc", "nfa", "hq", "vri", "abe", "rui", "marac", "mappa", "camhs",
    "dash", "spoc", "sio", "oic", "fcr", "nca", "rocu", "polit", "rasso", "lado", "yot", "vawg", "qa", "uk", "cctv",
    "anpr", "public", "protection", "protective", "protecting", "major", "serious", "organised", "complex", "missing",
    "exploitation", "neighbourhood", "neighbourhoods", "child", "children", "adult", "adults", "domestic", "abuse",
    "sexual", "offences", "offender", "offenders", "online", "cyber", "digital", "forensic", "forensics", "economic",
    "homicide", "specialist", "local", "regional", "force", "district", "area", "response", "custody", "control",
    "room", "contact", "command", "patrol", "tasking", "duty", "strategy", "strategic", "tactical", "professional",
    "standards", "service", "services", "persons", "people", "department", "partnership", "partnerships",
    "prevention", "demand", "briefing", "training", "learning", "governance", "proactive", "reactive", "covert",
    "surveillance", "burglary", "robbery", "drugs", "roads", "policing", "justice", "hub", "desk", "lead", "manager",
    "officer", "officers", "coordinator", "action", "actions", "activity", "email", "emails", "letter", "phone",
    "telephone", "message", "meeting", "meetings", "discussion", "discussions", "conversation", "statement",
    "statements", "interview", "interviews", "file", "files", "form", "forms", "record", "records", "log", "logs",
    "entry", "entries", "evidence", "enquiry", "enquiries", "inquiry", "investigation", "rationale", "reason",
    "comment", "comments", "summary", "assessment", "risk", "referral", "referrals", "closure", "outcome", "result",
    "results", "request", "requests", "visit", "visits", "arrest", "search", "victim", "victims", "suspect",
    "suspects", "witness", "mother", "father", "mum", "dad", "parent", "parents", "carer", "family", "school",
    "social", "worker", "surgery", "hospital", "clinic", "practice", "appointment", "staff", "shift", "leave",
    "absence", "sickness", "vacancy", "signature", "sign-off", "job", "details", "name", "number", "date", "time",
    "today", "yesterday", "tomorrow", "later", "never", "always", "also", "again", "still", "already", "now",
    "unknown", "available", "unavailable", "absent", "aware", "unaware", "other", "same", "next", "previous",
    "current", "acting", "temporary", "original", "first", "second", "third", "final", "initial", "on-call", "set",
    "sent", "kept", "left", "got", "knew", "heard", "began", "chose", "sought", "brought", "thought", "dealt",
    "drove", "agree", "needs", "will", "cannot", "failed", "body", "scene", "rape", "further", "medical", "quality",
    "exhibit", "exhibits", "welfare", "threat", "threats", "task", "tasks", "bail", "charge", "charges", "door",
    "address", "data", "heddlu", "phones", "vehicle", "images", "image", "video", "camera", "footage", "account",
    "accounts", "property", "premises", "scenes", "enclosed", "following", "every", "late", "part", "due", "medium",
    "urgent", "immediate", "clear", "unclear", "happy", "content", "satisfied", "able", "unable", "ready", "busy",
    "sick", "off-duty", "on-duty", "taken", "given", "seen", "done", "gone", "spoken", "written", "shown", "known",
    "chosen", "driven", "begun", "understood", "rung", "sworn", "withdrawn", "feels", "believes", "thinks",
    "considers", "night", "weekend", "weekly", "daily", "monthly", "quarterly", "annual", "hate", "fraud", "firearms",
    "dogs", "traffic", "collision", "counter", "terrorism", "corruption", "complaints", "media", "legal", "trial",
    "plea", "verdict", "police", "wales", "borough", "county", "central", "northern", "southern", "eastern",
    "western", "metropolitan", "rural", "urban",
))  # fmt: skip
"""Capitalised words after a title or rank that are not names: common words, days, programs and units."""
FUNCTION_WORDS = frozenset((
    "a", "an", "the", "and", "or", "but", "if", "as", "at", "by", "for", "from", "in", "into", "of", "off", "on",
    "out", "over", "to", "up", "with", "without", "within", "is", "was", "were", "has", "had", "have", "being", "not",
    "no", "nor", "so", "than", "that", "then", "there", "this", "these", "those", "they", "them", "their", "he",
    "she", "it", "his", "her", "him", "its", "we", "us", "our", "you", "your", "who", "whom", "whose", "which",
    "what", "when", "where", "while", "why", "how", "because", "before", "after", "until", "since", "during", "about",
    "against", "between", "through", "under", "only", "just", "both", "all", "any", "each", "every", "either",
    "neither", "none", "some", "one", "two", "three", "too", "very", "per", "via", "re", "once", "here", "do", "does",
    "did", "would", "sgt", "insp", "supt", "con", "dc", "ds", "di", "dci", "pc", "ps", "pcso", "mr", "mrs", "ms",
    "dr", "sergeant", "inspector", "constable", "superintendent", "chief", "detective", "police", "decides",
    "reviews", "holds", "keeps", "sets", "gives", "makes", "takes", "sends", "asks", "tells", "wants", "thinks",
    "knows", "signs", "writes", "checks", "leads", "sees", "works", "goes", "comes", "finds", "calls", "puts", "runs",
    "acts", "agrees", "level", "user", "screen", "tenure", "cover", "workload", "input", "views", "view", "advice",
    "guidance", "de", "van", "gets", "speaks", "needs", "says", "attends", "visits", "rings", "updates", "records",
    "notes", "arranges", "requests", "confirms", "completes", "submits", "informs", "allocates", "authorises",
    "approves", "closes", "considers", "contacts", "continues", "discusses", "ensures", "explains", "feels",
    "follows", "helps", "identifies", "interviews", "looks", "meets", "moves", "obtains", "offers", "plans",
    "provides", "raises", "receives", "recommends", "refers", "remains", "reports", "responds", "returns", "seeks",
    "seems", "shares", "starts", "states", "stays", "stops", "suggests", "supervises", "supports", "talks", "tries",
    "uses", "waits", "wears", "carries", "drives", "leaves", "may", "read", "head", "can", "old", "new", "good",
    "day", "early", "low", "house", "court", "town", "poor", "held", "need", "hot", "cold", "fast", "open", "present",
    "might", "shall", "am", "are", "be", "been", "let", "felt", "led", "fed", "city", "full", "stood", "found", "put",
    "live", "high",
))  # fmt: skip
"""Lower-case words after a lower-case rank that are not names."""
VERBAL = re.compile(r"\w{3,}(?:ed|ing|[ts]ions?|(?<!cle)ments?|ities|bility|ness|ical)$")
"""Endings of verbs and verbal nouns, which no name has except those of `VERBAL_NAMES`."""
VERBAL_NAMES = re.compile(
    r"(?:\w*(?<!agr)eed|\w*h[ae]?m+[ae]d|javed|khaled|waled|halsted|olmsted|[a-z]{1,3}ing|harding|fielding|manning"
    r"|golding|browning|fleming|flemming|dowling|cushing|darling|deering|downing|bowling|gosling|goring|hemming|herring"
    r"|keating|keeling|kipling|pickering|pilling|rowling|rawling|sterling|stirling|suckling|wareing|waring|whiting"
    r"|wilding|hawking|hocking|hosking|dunning|canning|channing|fanning|gunning|penning|twining|bunting|nutting"
    r"|mannering|lovering|bowering|levering|loring|maling|paling|tilling|spalding|spaulding|balding|gelling|dearing|cowling"
    r"|skilling|snelling|schilling|hilling|ewing|bolding|gooding|redding|banning)$"
)
"""Names with the ending of a verb ("Ahmed", "Reed", "Harding", "King")."""
POST = frozenset((
    "team", "teams", "unit", "services", "service", "protection", "crime", "crimes", "persons", "exploitation",
    "department", "command", "hub", "operations", "investigations", "investigation", "intelligence", "safeguarding",
    "partnerships", "standards", "policing", "offences", "support", "manager", "lead", "desk", "office", "room",
    "people", "suite", "order", "management",
))  # fmt: skip
"""Capitalised words that show that a rank begins the name of a post ("DI Exploitation Team")."""
SMALL = re.compile(
    r"(?<!\d )(?<!\w)(?i:(?:mrs?|ms|dr|sgt|insp|supt)\.?|w?d[cs]|di|dci|(?P<machine>w?pc)|pcso|d\.[csi]\.|p\.c\.)"
    r"[ \t]+(?:\d{2,6}[ \t]+)?(?:[a-z]\.?[ \t]+)?(?P<name>[^\W\d_][\w'\u2019\-]+)"
)
"""A word after an abbreviated rank or title, where a name may also be in lower case; "the pc" may be a computer."""
STREET = frozenset((
    "road", "rd", "street", "avenue", "ave", "lane", "crescent", "cres", "gardens", "grove", "terrace", "mews",
))  # fmt: skip
"""Words that name a street also in lower case."""
AREA = re.compile(r"(?i)(?:police|constabulary|district|division|area|region|hub|station|council|borough|county)\b")
"""Words after the name of a place that make "DI Kent Police" a post."""
NO_STREET = frozenset((
    "in", "the", "of", "to", "from", "a", "an", "at", "on", "by", "for", "and", "or", "with", "this", "that", "her",
    "his", "their", "into", "before", "after", "until", "each", "per", "as", "was", "were", "is", "are", "had", "has",
    "not", "no", "did", "down", "along", "near", "off", "out", "up", "across", "over", "under", "between",
))  # fmt: skip
"""Words between a number and a possible street that rule out an address ("28 days in court")."""


def personal_details(text: str) -> tuple[str, ...]:
    """Return the kinds of names and details that a text seems to contain, in words; empty if there are none."""
    normalised = _normalised(_mask(text, PLACEHOLDER))
    kinds = set(_kinds(normalised))
    if kinds != {"number"}:
        kinds.discard("number")  # a telephone number is a long number too
    found = {KINDS[kind] for kind in kinds}
    if not found and DETAILS.search(_mask(normalised, WHEN)):
        found.add(PLAIN_DETAIL)
    return tuple(sorted(found))


def _normalised(text: str) -> str:
    """Return a text with plain dashes and without invisible characters, so that a number is found in any typing."""
    plain = unicodedata.normalize("NFKC", text)
    signs = (sign for sign in plain if unicodedata.category(sign) != "Cf")
    return "".join("-" if unicodedata.category(sign) == "Pd" or sign == "\u2212" else sign for sign in signs)


def _mask(text: str, *patterns: re.Pattern[str]) -> str:
    """Return a text with each match of the patterns replaced by bars of the same length."""
    for pattern in patterns:
        text = pattern.sub(lambda found: "|" * len(found[0]), text)
    return text


def _kinds(text: str) -> Iterator[str]:
    """Yield the kinds of details in a text, unambiguous ones first."""
    if BIRTH_DATE.search(text):
        yield "birth_date"
    if PERSON_REFERENCE.search(text):
        yield "person_reference"
    timeless = _mask(WITH_STROKES.sub(lambda found: found[0].replace("/", " "), text), WHEN)
    joined = re.sub(r"(?<=\d)[/_*,](?=\d)", "-", _mask(timeless, PERIOD, CRIME_REFERENCE))
    yield from (span.kind for span in find_identifiers(joined) if span.kind == "phone")
    for span in find_identifiers(_mask(timeless, ORDINAL)):
        if span.kind in KINDS and span.kind not in SOFT and _is_detail(span, timeless):
            yield span.kind
    if any(_is_small_name(found) for found in SMALL.finditer(timeless)):
        yield "titled_name"
    left = _mask(timeless, CRIME_REFERENCE, PERIOD, NO_REFERENCE)
    yield from (span.kind for span in find_identifiers(left) if span.kind in SOFT and _is_detail(span, left))


def _is_detail(span: Span, text: str) -> bool:
    """Return True if a match of a detail's pattern is a detail in its context."""
    words = text[span.start : span.end]
    if span.kind == "titled_name":
        return _is_name(words, text[: span.start], text[span.end :])
    if span.kind == "address":
        return _is_address(words)
    if span.kind == "vehicle":
        return words.isupper() or (words.islower() and " " not in words)
    if span.kind in ("criminal_record", "fails_its_check"):
        return not re.search(r"\d\s+[a-z]$", words)  # "03/26 a week later"
    return True


def _is_name(words: str, before: str, after: str) -> bool:
    """Return True if a name follows a title or rank, not a unit, a place, a verb or the beginning of a sentence."""
    titled = titled_name().match(words)
    title = titled["title"] if titled else ""
    names = [name for name in re.split(r"[\s.]+", words[len(title) :]) if len(name) > 1 and name[-1].isalpha()]
    first, second = [*names, "", ""][:2]
    if AREA.match(f"{' '.join(names[1:])}{after}".lstrip()) or second.casefold() in POST:
        return False
    if _is_no_name(first) and (not second or _is_no_name(second)):
        return False
    if title.casefold() == "miss" and VERB.search(before):
        return False
    ends = re.search(r"\.\s|\n", words[: words.find(first)] if first else words)
    return not (ends and ARTICLE.search(before))


def _is_no_name(word: str) -> bool:
    """Return True if a word is not a name: it is on the list, or has the ending of a verb."""
    plain = word.casefold().strip("'\u2019-")
    if plain in NO_NAME or plain.partition("-")[0] in NO_NAME:
        return True
    return bool(VERBAL.match(plain)) and not VERBAL_NAMES.match(plain)


def _is_small_name(found: re.Match[str]) -> bool:
    """Return True if a lower-case name follows a title; "the pc screen" has none."""
    name = found["name"]
    if not name.islower() or name in FUNCTION_WORDS or _is_no_name(name):
        return False
    return not found["machine"] or not ARTICLE.search(found.string[: found.start()])


def _is_address(words: str) -> bool:
    """Return True if a number and words up to a street word are an address, unlike "28 days in court"."""
    _, *middle, street = re.sub(r"^(?i:flat\s\w{1,4},?\s)", "", words).replace(",", " ").split()
    if any(word.casefold() in NO_STREET for word in middle):
        return False
    return street.casefold() in STREET or all(word[:1].isupper() for word in (*middle, street))


def details_phrase(kinds: tuple[str, ...]) -> str:
    """Return the kinds in one phrase: "a postcode and a telephone number"."""
    *first, last = kinds
    return f"{', '.join(first)} and {last}" if first else last


def details_warning(text: str) -> str:
    """Return a sentence for the writer of a text, with the kinds found and what to do; '' if there are none."""
    kinds = personal_details(text)
    if not kinds:
        return ""
    return (
        f"This seems to contain {details_phrase(kinds)}. Write a role instead of a name, and delete personal details."
    )


def refuse_personal_details(field: str, text: str) -> None:
    """Raise UsageError, which names field and kinds, if a text seems to contain a name or a detail."""
    if warning := details_warning(text):
        raise UsageError(f"{field}: {warning} Nothing was saved.")
