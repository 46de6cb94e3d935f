"""Does redaction remove everything that identifies a person, however it was typed? (All names are fictitious.)"""

import re
import sys
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.text.redaction import KnownPeople, Person, leaks, redact
from assay.text.redaction.text_redaction import CASED_PLANES, PNC_LETTERS, is_nhs_number, is_pnc_id

CHILD = Person(
    "victim",
    1,
    ("Bryony Alder-Marsh", "Wren"),
    ("07700 900123",),
    ("12 Orchard Row",),
    ("N501", "fernleaf09"),
    date(2010, 3, 4),
)
MAN = Person("suspect", 1, ("Sorrel Vetch",), ("+44 20 7946 0018",), ("Flat 3, 8 Tansy Street",), ("N777",))
BROTHER = Person("witness", 2, ("Rowan Alder-Marsh",))
CASE = KnownPeople([CHILD, MAN, BROTHER], {"Bryony": ["Bry"]})
SURROUNDING = st.lists(
    st.sampled_from(
        ["visited", "the", "home", "at 14:05,", "(", "and", "said.", "on", "12/03/2024", "aged 14", "\n", "NFA"]
    ),
    max_size=6,
).map(" ".join)
SECRETS = ["Bryony Alder-Marsh", "Bryony", "Bry", "Alder-Marsh", "Alder Marsh", "Marsh, Bryony", "B. Alder-Marsh", "B Alder Marsh", "Wren", "Sorrel Vetch",
           "S. Vetch", "Vetch, S", "Rowan", "Rowan Alder", "BAM", "S.V.", "bryonymarsh", "Sorrel_Vetch99", "12 Orchard Row", "8 Tansy St", "07700900123", "+44 7700 900123", "020 7946 0018", "N501", "fernleaf09"]  # fmt: skip


def typed(secret, how):
    """A secret as somebody may type it."""
    if how == "wrapped":
        return re.sub(r"[ ]", "\n", secret, count=1)
    if how == "broken" and secret.isalpha() and len(secret) > 4:
        return f"{secret[:3]}-\n{secret[3:]}"
    if how == "accents":
        return secret.replace("o", "o\u0301").replace("e", "\u00e9")
    if how == "hyphens":
        return secret.replace(" ", "\u2011")
    return {
        "upper": secret.upper(),
        "lower": secret.lower(),
        "owner": f"{secret}'s",
        "owner, curly": f"{secret}\u2019s",
        "wide": unicodedata.normalize("NFKC", secret).replace(" ", "\u00a0"),
        "as is": secret,
    }.get(how, secret)


def letters(text):
    """A text without anything but small letters and digits."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text.casefold()))


@settings(max_examples=600, deadline=None)
@given(
    SURROUNDING,
    st.sampled_from(SECRETS),
    st.sampled_from(
        ["wrapped", "broken", "accents", "hyphens", "upper", "lower", "owner", "owner, curly", "wide", "as is"]
    ),
    SURROUNDING,
)
def test_whatever_is_injected_never_survives(before, secret, how, after):
    text = f"{before} {typed(secret, how)} {after}"
    left = redact(text, CASE).text
    words = re.findall(r"[a-z0-9]{3,}", secret.casefold())
    letters_around = letters(before) + letters(after)
    assert [
        word for word in words if word in letters(re.sub(r"\[[A-Z0-9 ]+\]", " ", left)) and word not in letters_around
    ] == []
    assert leaks(left, CASE) == {}


def test_what_somebody_is_in_the_case_stands_for_the_name_and_ages_and_days_stay():
    left = redact("Bryony Alder-Marsh, 14, met VETCH on 12/03/2024 at 14:05. Bry's carer rang.", CASE)
    assert left.text == "[VICTIM 1], 14, met [SUSPECT 1] on 12/03/2024 at 14:05. [VICTIM 1]'s carer rang."
    assert left.taken_out == {"name": 3}


def test_a_name_that_two_people_bear_stands_for_both():
    assert redact("The Alder-Marsh family", CASE).text == "The [VICTIM 1 or WITNESS 2] family"
    assert redact("Rowan Alder-Marsh", CASE).text == "[WITNESS 2]"


@pytest.mark.parametrize(
    "day", ["04/03/2010", "4.3.10", "4 March 2010", "4th of Mar 2010", "March 4, 2010", "2010-03-04", "04032010"]
)
def test_a_day_of_birth_is_taken_out_in_every_form(day):
    assert redact(f"born {day}, seen 5 March 2010", CASE).text == "born [VICTIM 1 DATE OF BIRTH], seen 5 March 2010"


@pytest.mark.parametrize("name", ["Bryoney", "Brony Alder", "Sorell", "Brynoy"])
def test_one_letter_mistyped_in_a_longer_name_does_not_let_it_through(name):
    assert name not in redact(f"saw {name} there", CASE).text


@pytest.mark.parametrize(
    ("original", "left"),
    [
        ("9434765919", "[NHS NUMBER]"), ("943 476 5919", "[NHS NUMBER]"), ("GB 12 34 56 C", "[REFERENCE]"), ("AB 12 34 56 C", "[NI NUMBER]"), ("ab1 2ef", "[POSTCODE]"), ("SW1A1AA", "[POSTCODE]"),
        ("AB12 CDE", "[VEHICLE]"), ("A123 BCD", "[VEHICLE]"), ("01632 960123", "[PHONE]"), ("+44 (0)1632 960123", "[PHONE]"), ("jo.fern@example.org", "[EMAIL]"), ("@jo_fern", "[ACCOUNT]"),
        ("01AB0123424", "[URN]"), ("2024/0000001Q", "[PNC ID]"), ("2024/0000001R", "[REFERENCE]"), ("CR/00123/24", "[REFERENCE]"), ("42240123456", "[NUMBER]"), ("PC 1234 Fern", "[OFFICER NUMBER]"), ("PC 1234", "[OFFICER NUMBER]"), ("DS Fern", "[OFFICER]"), ("PC Évans", "[OFFICER]"), ("DI Ŵyn Łuk", "[OFFICER]"), ("Mr de Souza", "[PERSON]"), ("D.S. Fern", "[OFFICER]"), ("Rhingyll Fern", "[OFFICER]"), ("DI Will Fern", "[OFFICER]"), ("DI Will", "DI Will"), ("DS van", "DS van"), ("ditectif", "ditectif"), ("Mrs Teasel", "[PERSON]"),
        ("14 Bramble Close", "[ADDRESS]"), ("www.example.org/jo", "[WEB ADDRESS]"),
        ("aged 14", "aged 14"), ("14:05", "14:05"), ("12/03/2024", "12/03/2024"), ("2024-03-12", "2024-03-12"), ("999", "999"), ("3 officers at 10 pm", "3 officers at 10 pm"), ("A12 the road", "A12 the road"),
    ],
)  # fmt: skip
def test_what_identifies_somebody_by_its_form_is_taken_out_and_nothing_else(original, left):
    assert redact(f"see {original} and go on", KnownPeople([])).text == f"see {left} and go on"


def test_a_forces_own_form_of_reference_is_told_as_data():
    assert redact("see xk~99~12", KnownPeople([]), (r"\bxk~\d+~\d+\b",)).text == "see [REFERENCE]"


def test_an_nhs_number_ends_in_its_check_digit():
    # 9x10 + 4x9 + 3x8 + 4x7 + 7x6 + 6x5 + 5x4 + 9x3 + 1x2 = 299; 299 mod 11 = 2; 11 - 2 = 9
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")
    assert not is_nhs_number("111 111 1111")


def test_a_pnc_id_ends_in_its_check_letter():
    assert is_pnc_id("2024/1A") == (PNC_LETTERS[240000001 % 23] == "A")
    assert sum(is_pnc_id(f"2024/0000001{letter}") for letter in PNC_LETTERS) == 1


def test_a_name_that_is_an_ordinary_word_is_found_with_its_capital_or_beside_the_other_name():
    case = KnownPeople([Person("victim", 1, ("May Sedge",))])
    assert redact("She may go. May went. MAY SEDGE, may sedge", case).text == "She may go. [VICTIM 1] went. [VICTIM 1]"
    assert leaks("She may go.", case) == {}


def test_a_leak_is_told_by_its_kind_and_never_by_what_it_is():
    assert leaks("Bryony rang 01632 960123", CASE) == {"name": 1, "phone": 1}


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_redacted(text):
    assert leaks(redact(text, CASE).text, CASE) == {}


def test_every_upper_case_letter_lies_in_the_planes_that_are_searched():
    beyond = map(chr, range(CASED_PLANES.stop, sys.maxunicode + 1))
    assert not any(sign.isupper() for sign in beyond)
