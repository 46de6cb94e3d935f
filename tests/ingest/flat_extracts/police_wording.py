"""Codes and labels as police record systems print them: offences, outcomes, ethnicity, teams, stations, officers."""

from __future__ import annotations

from .force_records import Crime, Moment

OFFENCE_TITLES = {
    "8L": "Harassment",
    "8N": "Assault with injury",
    "8Q": "Stalking",
    "8R": "Malicious communications",
    "9A": "Public fear, alarm or distress",
    "11A": "Cruelty to children/young persons",
    "13": "Child abduction",
    "17A": "Sexual assault on a male aged 13 and over",
    "17B": "Sexual assault on a male child under 13",
    "19C": "Rape of a female aged 16 and over",
    "19D": "Rape of a female child under 16",
    "19E": "Rape of a female child under 13",
    "19F": "Rape of a male aged 16 and over",
    "19G": "Rape of a male child under 16",
    "19H": "Rape of a male child under 13",
    "20A": "Sexual assault on a female aged 13 and over",
    "20B": "Sexual assault on a female child under 13",
    "21": "Sexual activity involving a child under 13",
    "22A": "Causing sexual activity without consent",
    "22B": "Sexual activity involving child under 16",
    "23": "Incest or familial sexual offences",
    "24": "Exploitation of prostitution",
    "27": "Soliciting for the purposes of prostitution",
    "28E": "Burglary Residential",
    "34B": "Robbery of personal property",
    "35": "Blackmail",
    "36": "Kidnapping",
    "45": "Theft from vehicle",
    "46": "Shoplifting",
    "58D": "Other criminal damage",
    "70": "Sexual activity etc with a person with a mental disorder",
    "71": "Abuse of children through sexual exploitation",
    "72": "Trafficking for sexual exploitation",
    "73": "Abuse of position of trust of a sexual nature",
    "86": "Obscene publications etc",
    "88A": "Sexual grooming",
    "92D": "Possession of controlled drugs (excl. Cannabis)",
    "92E": "Possession of controlled drugs (Cannabis)",
    "104": "Assault without injury on a constable",
    "105A": "Assault without injury",
    "106": "Modern slavery",
}
"""Home Office class and its title in the counting rules."""

OFFENCE_SUB_CODES = {
    "8N": "008/06",
    "17A": "017/15",
    "17B": "017/16",
    "19C": "019/08",
    "19D": "019/07",
    "19E": "019/16",
    "19F": "019/10",
    "19G": "019/09",
    "19H": "019/17",
    "20A": "020/05",
    "20B": "020/06",
    "71": "071/08",
    "105A": "105/01",
}
"""Home Office class and the sub-code of its commonest offence; a class that is not in the list is printed as it is."""

OUTCOME_LABELS = {
    "1": "Charged/Summonsed",
    "1A": "Charged/Summonsed - alternate offence",
    "2": "Caution - youths",
    "3": "Caution - adults",
    "4": "Taken into consideration",
    "5": "The offender has died",
    "6": "Penalty Notice for Disorder",
    "7": "Cannabis/Khat warning",
    "8": "Community Resolution",
    "9": "Prosecution not in the public interest (CPS)",
    "10": "Formal action against the offender is not in the public interest (Police)",
    "11": "Prosecution prevented - named suspect identified but is below the age of criminal responsibility",
    "12": "Prosecution prevented - named suspect identified but is too ill to prosecute",
    "13": "Prosecution prevented - victim or key witness is dead or too ill",
    "14": "Evidential difficulties victim based - named suspect not identified",
    "15": "Evidential difficulties named suspect identified - victim supports police action",
    "16": "Evidential difficulties victim based - named suspect identified",
    "17": "Prosecution time limit expired - suspect identified",
    "18": "Investigation complete - no suspect identified",
    "19": "National Fraud Intelligence Bureau filed",
    "20": "Further action resulting from the crime report will be undertaken by another body or agency",
    "21": "Further investigation to support formal action not in the public interest (Police)",
    "22": "Diversionary, educational or intervention activity",
}

SELF_LABELS = {
    "W1": "White - British",
    "W2": "White - Irish",
    "W3": "White - Gypsy or Irish Traveller",
    "W9": "White - Any other White background",
    "M1": "Mixed - White and Black Caribbean",
    "M2": "Mixed - White and Black African",
    "M3": "Mixed - White and Asian",
    "M9": "Mixed - Any other Mixed background",
    "A1": "Asian - Indian",
    "A2": "Asian - Pakistani",
    "A3": "Asian - Bangladeshi",
    "A4": "Asian - Chinese",
    "A9": "Asian - Any other Asian background",
    "B1": "Black - Caribbean",
    "B2": "Black - African",
    "B9": "Black - Any other Black background",
    "O1": "Chinese",
    "O2": "Arab",
    "O9": "Any other ethnic group",
    "NS": "Not Stated",
}

OFFICER_LABELS = {
    "IC1": "White North European",
    "IC2": "White South European",
    "IC3": "Black",
    "IC4": "Asian",
    "IC5": "Chinese, Japanese or other South East Asian",
    "IC6": "Arab or North African",
    "IC9": "Unknown",
    "IC0": "Unknown",
}

SEX_LABELS = {"F": "Female", "M": "Male", "O": "Other"}

FLAG_LABELS = {
    "cse": "Child Sexual Exploitation",
    "csa": "Child Sexual Abuse",
    "cce": "Child Criminal Exploitation",
    "group_cse": "Group-Based Child Sexual Exploitation",
    "modern_slavery": "Modern Slavery",
}

TEAM_LABELS = {
    "exploitation": "CSE Team",
    "child_abuse": "Child Abuse Investigation Unit",
    "sexual_offences": "Rape and Serious Sexual Offences Unit",
    "online_abuse": "Online Child Abuse Team",
    "public_protection_other": "Public Protection (Other)",
    "cid": "CID",
    "response": "Response",
    "neighbourhood": "Neighbourhood",
    "major_crime": "Major Crime",
    "missing": "Missing Persons Team",
}

STATIONS = ("Northgate", "Harbour Road", "St. Bede's", "Millfield")
OFFICERS = ("PC 4471 LANTERN", "DC 2217 BRACKET", "DC 1180 COBBLE", "PS 0356 TRELLIS", "T/DC 5092 GIRDER")

PROCEDURAL_NOTES = (
    "Reviewed by supervisor. Next review set.",
    "Digital download awaited from hi-tech unit;\nexhibit booked in.",
    "Finalisation checked by crime registry – no further action by this team.",
    "Joint strategy meeting minutes filed. Updated by café-based outreach worker’s email.",
)


def offence_title(code: str) -> str:
    """The title of a class; a class that is not in the list is its own title."""
    return OFFENCE_TITLES.get(code, f"Class {code}")


def offence_number(code: str) -> str:
    """The sub-code of the commonest offence of a class, or the class itself."""
    return OFFENCE_SUB_CODES.get(code, code)


def outcome_text(code: str, separator: str, no_outcome: str) -> str:
    """Number and label of an outcome in one text; empty where the outcome is not known."""
    if code == "NOA":
        return no_outcome
    return f"{code}{separator}{OUTCOME_LABELS[code]}" if code else ""


def moment_text(moment: Moment | None, day_form: str, time_form: str, missing: str = "") -> str:
    """A moment as text, without a time where only the day is known."""
    return moment.in_form(day_form, time_form) if moment else missing


def officer_of(crime: Crime) -> str:
    """The officer in charge of a crime."""
    return OFFICERS[crime.number % len(OFFICERS)]


def station_of(crime: Crime) -> str:
    """The station that owns a crime."""
    return STATIONS[crime.number * 7 % 11 % len(STATIONS)]


def beat_of(crime: Crime) -> str:
    """A beat code, which looks like an offence code."""
    return f"{(17, 19, 20, 22)[crime.number % 4]}/{crime.number % 9 + 1:02d}"
