"""Is a name or personal detail in a typed sentence detected, and reported without its content?"""

import pytest

from assay.errors import UsageError
from assay.text.personal_details import details_warning, personal_details, refuse_personal_details

NAME, PHONE = "a name after a title or rank", "a telephone number"


@pytest.mark.parametrize(
    "text",
    ["Det Sgt Secretword agreed.", "Superintendent Secretword", "WPC Secretword", "Det. Con. Secretword", "ds Secretword said", "DC J. Secretword",
     "Mrs. S.", "T/DCI Secretword", "the Reverend Secretword", "DET SGT SECRETWORD", "Judge Secretword ordered it", "the DI Secretword was told",
     "PS 123 Secretword", "Mr Secretword-Other", "Miss Secretword", "Approved by DI\nSecretword", "DS O'Secretword", "Sgt. Secretword reviewed it"],
)  # fmt: skip
def test_a_name_after_a_title_or_rank_is_seen(text):
    assert NAME in personal_details(text)


@pytest.mark.parametrize(
    "text",
    ["PC Évans attended", "DI Ŵyn Jones", "DS Łukasz attended", "Mrs Øster", "Sgt Žižka", "Mr Ángel", "DC Ÿork", "DS E\u0301vans"],
)  # fmt: skip
def test_a_name_with_an_accented_first_letter_is_seen(text):
    assert NAME in personal_details(text)


@pytest.mark.parametrize(
    "text",
    ["det sgt jones informed", "ds smith reviewed", "DS smith reviewed", "mr patel rang", "dr larkspur", "agreed with insp o'neill", "pc 1234 jones attended", "dci ahmed", "the ds jones said", "HEDDWAS EVANS", "pcso fern rang", "Ms fern",
     "Mr de Souza", "DS van Dijk", "Mr ap Rhys", "Mrs d'Arcy", "Dr al-Masri", "PC van der Berg", "D.S. Jones", "D.C.I. Jones", "P.C. Jones", "PC/1234 Jones", "PC (1234) Jones",
     "Rhingyll Jones", "Heddwas Evans", "Ditectif Gwnstabl Rhys", "Arolygydd Puw", "y rhingyll Jones"],
)  # fmt: skip
def test_a_name_is_seen_in_small_letters_with_particles_numbers_and_welsh_ranks(text):
    assert NAME in personal_details(text)


@pytest.mark.parametrize(
    "text",
    ["DS Case Smith", "DI Will Hughes", "DI Review Jones", "DC Crime Larkspur", "DS Harding", "DC Ahmed", "PC King", "Sgt Reed", "ds manning agreed", "DI Mohammed", "DS Pickering", "DI May", "DC Read", "DS Clement", "Mrs Day", "DI May Fern", "Mr Saeed", "DC Browning", "DS Grant"],
)  # fmt: skip
def test_a_name_that_looks_like_a_word_is_seen(text):
    assert NAME in personal_details(text)


@pytest.mark.parametrize(
    "text",
    ["ring 07700 900123", "(0113) 496-0000", "+44 7700 900123", "077 00 90 01 23", "07700.900.123", "07700/900/123", "0113 496 0000 at 14:30",
     "On 02-03-2026 ring 07700900123.", "Tel:020 7946 0018", "07700\u2011900\u2011123"],
)  # fmt: skip
def test_a_telephone_number_is_seen_however_it_is_typed(text):
    assert PHONE in personal_details(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("to a@example.org", "an email address"), ("12 Fern Road", "an address"), ("12 fern road", "an address"), ("Flat 2, 12 Fern Close", "an address"),
     ("CF10 3AT", "a postcode"), ("dob 03/05/10", "a date of birth"), ("born on 3 May 2010", "a date of birth"), ("PC 1234", "an officer's number"),
     ("AB12 CDE", "a vehicle's number plate"), ("nominal 1234567", "a reference of a person"), ("niche nominal 1234567", "a reference of a person"), ("custody no. AB/1234/25", "a reference of a person"),
     ("9434765919", "an NHS number"), ("+353 86 123 4567", "a long number")],
)  # fmt: skip
def test_a_detail_is_told_by_its_kind(text, kind):
    assert kind in personal_details(text)


ORDINARY = {
    "ranks without a name": [
        "The Detective Sergeant reviewed it.", "Not reviewed by a DI. No plan stands.", "Told by the Sgt. She agreed.", "Told by the Sgt. Supervision was late.",
        "The inspector and the constable agreed.", "The ACC Crime decided.", "The DI MASH agreed.", "Inspector Review completed.", "[VICTIM 1] was told by [OFFICER].", "DS [OFFICER 1] Larkspur",
        "Level 2. DC. DS. DI.", "The Chief Constable. Nothing since.", "The DI Kent Police agreed.", "The Judge Ordered it.",
    ],
    "posts": [
        "DCI Public Protection", "Detective Superintendent Public Protection", "ACC Protective Services", "DCI Major Crime", "DI Missing Persons", "DI Exploitation Team",
        "Chief Inspector Neighbourhoods", "DCI Child Exploitation", "DI Serious and Organised Crime", "Superintendent Local Policing", "DI Cyber Unit", "Inspector Response", "DS Online Team",
        "ACC Specialist Operations", "Sergeant Control Room", "DCI Professional Standards", "DI Northern Hub", "DI Vulnerable People", "DI Public Order", "DI Custody Suite",
    ],
    "what a rank did": [
        "DI Closed the case", "DS Confirmed", "DC Submitted file", "DC Informed mother", "PC Failed to record", "DI Strategy set", "DS Actions completed", "DS Email sent",
        "PC Response attended", "Sgt Custody spoke to her", "Doctor Surgery notified", "DS Requested a plan", "DI Waiting for a reply", "DC Statement taken", "DI Rationale given", "DS Emailed the DI",
        "ds reviewed it", "the ds was told", "dc and ds agreed", "dc will ring", "DS to review", "DI not told", "each pc wears a camera", "sgt on leave", "pc failed to attend", "DS updating the log", "insp informed",
        "The DC holds the file", "DI set a plan", "a wait of 200 ms was seen", "DI Will attend",
        "PC Scene attended", "DI Further work", "DC Arrangements made", "DS Threat assessment", "DI happy with the plan", "the pc screen", "DC gets a reply", "DC Statement Taken", "DI Authorisation given",
        "DC Submitted File", "DS Attended MARAC", "DC Bail granted", "Sgt Welfare check",
    ],
    "days and times": [
        "2026-02-03 10:15", "02-03-2026 14:30 review", "02.03.2026 10.15 the log", "02/03/26 1430 hrs", "reviewed 03/26 a week later", "03/2026 a plan", "20260203 was late",
        "1st review 14th May, 2nd June", "between 09:00 and 17:00 on 1-2 May", "2026-02-03T10:15", "The DS on 2026-02-03 14:30 agreed", "the DI Monday",
    ],
    "periods, ages and numbers": [
        "Mid-2025, post-16, Nov-25.", "3 of 14 within 28 days; 12/03/2026.", "in 2024-2025", "2024/25 and 2025/26", "ages 13-14, 15-16", "12,345,678 rows", "a DI 12 days later",
        "Q34 asks for it, section 45 too.", "the FY25 was over", "24/7",
    ],
    "references of crimes": [
        "Crime CR/00123/24 was linked.", "ref 42/12345/25", "06AA/12345/24 linked", "Crime 4200123/24 and 4200124/24.", "crime ref 20250001234", "Incident 123 of 04/05/2026",
        "C0001234 was filed", "niche 42240012345", "Niche ref 42240012345", "Log 0456 of 3 March 2026", "I01-C00012",
    ],
    "places and operations": [
        "Operation Larkspur began on 3 May 2026 at 14:30.", "Op Larkspur phase 2", "The child was born in Kent.", "Leeds, Newcastle and South Yorkshire were told.", "St Albans and Victoria",
        "28 days in court", "3 visits to the house", "14 girls in the park", "8 months to court", "5 calls in a row",
    ],
    "ordinary words": ["Supervision was late. Strategy meeting held.", "an MS Teams meeting", "They did not miss CAMHS appointments.", "No Sergeant. Delay of 3 weeks.", "Second reading by M2, Marks!G12.", ""],
}  # fmt: skip


@pytest.mark.parametrize("text", [text for texts in ORDINARY.values() for text in texts])
def test_what_names_nobody_passes(text):
    assert personal_details(text) == ()


def test_what_is_wrong_names_field_and_kinds_and_repeats_nothing():
    sentence = details_warning("Sgt Secretword on 07700 900123")
    assert sentence.startswith("This seems to contain a name after a title or rank and a telephone number.")
    with pytest.raises(UsageError, match=r"^The reason: This seems to contain") as result:
        refuse_personal_details("The reason", "Sgt Secretword on 07700 900123")
    assert "Secretword" not in str(result.value)
    assert "900123" not in str(result.value)
