"""Check that a generated sentence has unit, period, population, denominator and uncertainty, and no bare rank."""

import re

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
PERIOD = re.compile(rf"\b\d{{4}}/\d{{2}}( Q[1-4])?\b|(?:to|years ending) {MONTH} \d{{4}}\b")
UNIT = re.compile(r"offence codes\b|\boffences\b|\bassessments\b|\brecorded by police\b")
UNCERTAIN = re.compile(
    r"\d+% interval|no sampling interval|no interval can be given|nothing can be said|probability of .*\d%|90% or more"
)
DENOMINATOR = re.compile(
    r"^Of (all|the) [\d,]+ |for every 1,000 resident children|no rate per child|level was|nothing can be said of its level"
    r"|[Oo]f \d+ offence codes that name a child"
)
RANK = re.compile(r"\b\d+(?:st|nd|rd|th)\b")
RANK_WITH_INTERVAL = re.compile(r"\b\d+(?:st|nd|rd|th) of \d+ \(\d+(?:st|nd|rd|th) to \d+(?:st|nd|rd|th)\)")
EXPLOITATION_AS_SUBJECT = re.compile(
    r"(?:^|[;.:] )(?:CSE|child sexual exploitation|exploitation)\b[^.;]{0,40}\b(?:fell|rose|is down|is up|increased|decreased)\b",
    re.IGNORECASE,
)


def errors(sentence: str, place: str) -> list[str]:
    """What is wrong with the sentence; nothing when it is fit to be said."""
    required = {
        "no period": PERIOD.search(sentence),
        "no unit": UNIT.search(sentence),
        "no population": place in sentence,
        "no denominator": DENOMINATOR.search(sentence),
        "no uncertainty": UNCERTAIN.search(sentence),
        "no full stop": sentence.endswith("."),
    }
    found = [error for error, is_met in required.items() if not is_met]
    if RANK.search(RANK_WITH_INTERVAL.sub("", sentence)):
        found.append("a bare rank")
    if EXPLOITATION_AS_SUBJECT.search(sentence):
        found.append("exploitation as the subject of a trend")
    return found
