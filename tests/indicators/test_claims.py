"""A claim about a series is supported, not supported, or cannot be said; and every word of it is accounted for."""

import re

import pytest

from assay.indicators.catalogue.scale.claim_checks import Evidence, OutcomeCounts, check
from assay.indicators.catalogue.scale.claim_sizes import agrees
from assay.indicators.catalogue.scale.claim_words import MAX_TOKENS, Quantity, read_claim

KENT = {"place": "E23000032", "place_name": "Kent", "series": "child sexual offences recorded by police (Kent)"}
RISE = {"after": 1200, "probability_fell": 0.02}
UNCLEAR = {"probability_fell": 0.7}
ONE_YEAR = {"from_year": "2023/24"}
OUTCOMES = {
    2021: OutcomeCounts(1000, 50, 200, 100, 300, False, "a synthetic edition"),
    2024: OutcomeCounts(900, 72, 180, 90, 270, False, "a synthetic edition"),
}


def seen(**changed):
    """1,000 offences in 2021/22 and 900 in 2024/25; 5% and then 8% ended in a charge, 20% have no outcome yet."""
    values = {
        "series": "child sexual offences recorded by police (England and Wales)",
        "from_year": "2021/22", "to_year": "2024/25", "before": 1000, "after": 900, "probability_fell": 0.97, "refusal": "",
        "not_comparable": (), "with_care": (), "edition": "a synthetic edition", "latest": 2024, "outcomes": OUTCOMES,
    }  # fmt: skip
    return Evidence(**{**values, **changed})


def judged(text, **changed):
    return check(read_claim(text), seen(**changed))


def verdict(text, **changed):
    return judged(text, **changed).verdict


TRUE = [
    "recorded offences fell by 10%",
    "Recorded child sexual offences fell by 10% between 2021/22 and 2024/25.",
    "The number of child sexual offences recorded by police in England and Wales has dropped by 10% since 2021-22",
    "Child sex offences recorded by the police declined by ten per cent over three years",
    "Over the three years to March 2025, recorded offences decreased by a tenth",
    "In the year ending March 2025, police recorded 10% fewer child sexual offences than in the year ending March 2022",
    "Compared with 2021/22, recorded child sexual offences were 10% lower in 2024/25",
    "There was a 10% fall in recorded offences between 2021/22 and 2024/25",
    "There were 100 fewer recorded offences in 2024/25 than in 2021/22",
    "Recorded offences have gone down by 100, or 10%",
    "Recorded offences fell from 1,000 in 2021/22 to 900 in 2024/25",
    "Recorded offences fell 10%, from 1,000 to 900",
    "Recorded child sexual offences are down on 2021/22",
    "Police recorded fewer child sexual offences in 2024/25 than three years earlier",
    "Fewer child sexual offences were recorded in 2024/25 than in 2021/22",
    "Nationally, recorded offences fell by less than a fifth",
    "Recorded offences fell by more than 9%",
    "Recorded offences fell by at least 10%",
    "Recorded offences fell by nearly 11%",
    "Recorded offences fell by just over 9%",
    "Recorded offences fell by about 11%",
    "Recorded offences fell by between 8% and 12%",
    "Recorded offences plunged by 10%",
    "Police recorded 900 offences in 2024/25",
    "Police recorded 900 child sexual offences in 2024/25, down from 1,000 in 2021/22",
    "Police recorded 1,000 offences in 2021/22 and 900 in 2024/25",
    "In 2021/22 there were 1,000 child sexual offences recorded by police",
    "More than 800 child sexual offences were recorded by police in the year to March 2025",
    "The number of recorded offences stood at about 900 in 2024/25",
    "According to Home Office figures, recorded offences fell by 10% over the period",
    "Published figures show a 10% fall in recorded child sexual offences since 2021/22",
    "There was a fall in recorded offences of 10% over three years",
    "Recorded offences reached 1,000 in 2021/22 before falling to 900 in 2024/25",
    "Compared to three years ago, recorded offences are down 10%",
    "It is true that recorded offences fell by 10%",
    "It is untrue that recorded offences rose",
    "Recorded offences did not rise between 2021/22 and 2024/25",
    "There was no rise in recorded offences",
    "Recorded offences have not fallen by a third",
    "Recorded offences fell by 10% and police recorded 900 offences in 2024/25",
    "8% of recorded offences ended in a charge",
    "Only 8% of child sexual offences recorded in 2024/25 led to a charge",
    "Fewer than one in ten recorded offences resulted in a charge in 2024/25",
    "10% of closed offences ended in a charge",
    "92% of recorded offences did not lead to a charge",
    "72 offences ended in a charge in 2024/25",
    "One in five recorded offences had no outcome yet",
    "Charges were brought in 8% of recorded offences",
    "In 30% of recorded offences the victim did not support further action",
    "The charge rate rose from 5% in 2021/22 to 8% in 2024/25",
    "The charge rate rose by 3 percentage points",
    "Charges rose by 44%",
]

FALSE = [
    "recorded offences fell by 20%",
    "Recorded offences fell by a fifth between 2021/22 and 2024/25",
    "recorded offences rose",
    "Recorded child sexual offences have risen by 10% since 2021/22",
    "Recorded offences halved",
    "Recorded offences have almost doubled",
    "Recorded offences fell by more than 12%",
    "Recorded offences fell by under 10%",
    "Recorded offences fell by 500",
    "Recorded offences fell by 100, or 20%",
    "Recorded offences fell slightly",
    "Recorded offences fell from 10,000 to 1",
    "Recorded offences rose from 900 to 1,000",
    "Recorded offences soared",
    "Recorded offences stayed the same",
    "There was no change in recorded offences",
    "Recorded offences did not fall",
    "It is untrue that recorded offences fell",
    "It is not true that recorded offences fell by 10%",
    "There was no fall in recorded offences",
    "Police recorded 950 offences in 2024/25",
    "Police recorded more than 1,000 offences in 2024/25",
    "Police recorded 900 child sexual offences in 2024/25, up from 800 in 2021/22",
    "Recorded offences fell by 10% and police recorded 950 offences in 2024/25",
    "One in five recorded offences ended in a charge",
    "Most recorded offences ended in a charge",
    "8% of closed offences ended in a charge",
    "The charge rate fell from 8% to 5%",
    "The charge rate doubled",
    "Charges fell by 44%",
]

UNANSWERABLE = [
    ("child sexual exploitation fell by 10%", "about abuse or exploitation"),
    ("exploitation is on the wane", "about abuse or exploitation"),
    ("police-recorded CSE fell by 10%", "about abuse or exploitation"),
    ("child abuse fell by 10%", "about abuse or exploitation"),
    ("Child sexual abuse is falling", "about abuse or exploitation"),
    ("grooming gangs are on the wane", "about abuse or exploitation"),
    ("Offences flagged as CSE fell by 10%", "about abuse or exploitation"),
    ("recorded offences fell by 10% because of the new unit", "cause"),
    ("recorded offences fell by 10% thanks to the government", "cause"),
    ("recorded offences fell to the lowest ever", "record"),
    ("recorded offences fell by 10%, the largest fall on record", "record"),
    ("Fewer children are being raped", "not about offences"),
    ("the number of victims fell", "not about offences"),
    ("recorded offences fell, showing children are safer", "judges"),
    ("police are more effective since offences fell", "judges"),
    ("recorded rape of children fell by 10%", "speaks of rape"),
    ("grooming offences fell by 10%", "--series 88A"),
    ("sexual offences fell by 10%", "--series all-sexual"),
    ("crime fell by 10%", "all crime"),
    ("all recorded offences fell by 10%", "all crime"),
    ("total recorded crime fell by 10%", "all crime"),
    ("recorded offences fell by 10% in 3 of 7 areas", "'areas'"),
    ("recorded offences fell by 10% in every force", "'every'"),
    ("recorded offences fell by 10% in most forces", "'most'"),
    ("In Kent recorded offences fell by 10%", "Ask with --series csa11@kent"),
    ("recorded offences fell by 10% in Scotland", "Scotland, which these figures do not cover"),
    ("recorded offences fell by 10% in Wales", "Wales alone"),
    ("recorded offences fell by 10% in London", "two forces"),
    ("recorded offences fell by 10% in Rotherham", "part of the area of South Yorkshire Police"),
    ("recorded offences fell by 10% in the North West", "a region"),
    ("recorded offences fell by 10 percentage points", "does not change by percentage points"),
    ("recorded offences fell by 10% a year", "in every year"),
    ("recorded offences fell by 10% annually", "'annually'"),
    ("recorded offences fell by 10% per year", "in every year"),
    ("recorded offences fell by 10% year on year", "a change over 1 year"),
    ("recorded offences fell by 10% over five years", "a change over 5 years"),
    ("recorded offences fell by 10% in 2024/25", "is read as a change from 2023/24"),
    ("recorded offences fell by 10% since 2020/21", "speaks of 2020/21"),
    ("recorded offences fell by 10% between 2012 and 2015", "Write 2012/13"),
    ("recorded offences have fallen by 10% since 2021", "Write 2021/22"),
    ("recorded offences fell by 10% in the year to December 2024", "financial years (April to March)"),
    ("recorded offences fell by 10% last year", "name no year"),
    ("police recorded 900 offences in 2022/23", "speaks of 2022/23"),
    ("police recorded 1,900 offences between 2021/22 and 2024/25", "for several years"),
    ("police recorded 1,000 offences", "names no year"),
    ("recorded offences will fall by 10%", "'will'"),
    ("recorded offences may have fallen by 10%", "'may'"),
    ("recorded offences never fell", "'never'"),
    ("only recorded offences fell by 10%", "'only'"),
    ("recorded offences fell by up to 10%", "'up'"),
    ("recorded offences fell by 10% respectively", "'respectively'"),
    ("recorded offences and charges fell by 10%", "'and'"),
    ("recorded offences fell by 10% more than burglary", "'burglary'"),
    ("recorded offences per head fell by 10%", "rate"),
    ("reports of child sexual offences fell by 10%", "reported"),
    ("online child sexual offences fell by 10%", "'online'"),
    ("did recorded offences fall by 10%?", "'did'"),
    ("recorded offences fell by -10%", "'-'"),
    ("recorded offences fell by half a per cent", "not understood"),
    ("recorded offences fell dramatically", "not defined"),
    ("recorded offences plummeted", "not defined"),
    ("recorded offences were 10% of those in 2021/22", "not understood"),
    ("police recorded 10% of offences in 2024/25", "not understood"),
    ("recorded offences stood at 10%", "a share where the series is a count"),
    ("the charge rate rose by 60%", "percentage points"),
    ("the charge rate rose", "too few years"),
    ("8% of child sexual offences ended in a conviction", "'conviction'"),
    ("it is untrue that recorded offences fell and charges rose", "'and'"),
    ("Children deserve better", "recorded offences fell by 9%"),
    ("recorded offences", "recorded offences fell by 9%"),
    ("", "empty"),
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_a_claim_that_the_figures_bear_out_is_supported(text):
    assert verdict(text) == "supported"


@pytest.mark.parametrize("text", FALSE)
def test_a_claim_that_the_figures_contradict_is_not_supported(text):
    assert verdict(text) == "not supported"


@pytest.mark.parametrize(("text", "reason"), UNANSWERABLE)
def test_a_claim_that_was_not_understood_or_that_no_count_can_bear_cannot_be_said(text, reason):
    answer = judged(text)
    assert answer.verdict == "cannot be said"
    assert reason in " ".join(answer.because)


@pytest.mark.parametrize(
    "word",
    ["not", "never", "only", "every", "each", "most", "no", "untrue", "largest", "annually", "respectively", "twice", "up to",
     "girls", "online", "a year", "in Scotland", "in England", "adult", "other", "many", "hardly", "second", "%"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    ["recorded child sexual offences fell by 10% between 2021/22 and 2024/25",
     "recorded offences were 10% lower in 2024/25 than in 2021/22",
     "recorded offences went from 1,000 to 900, a 10% drop"],
)  # fmt: skip
def test_a_word_that_changes_the_meaning_is_never_passed_over_wherever_it_stands(text, word):
    words = text.split()
    longer = [" ".join([*words[:position], word, *words[position:]]) for position in range(len(words) + 1)]
    supported = [claim_text for claim_text in longer if verdict(claim_text) == "supported"]
    # Before a number 'only' says nothing else of the number.
    only_before_number = [sentence for sentence in longer if re.search(r"only (10%|1,000|900)", sentence)]
    assert supported == (only_before_number if word == "only" else [])


def test_the_figures_stand_beside_what_cannot_be_said():
    answer = judged("recorded offences fell by 10% because of the new unit")
    assert "10% lower" in " ".join(answer.because)


@pytest.mark.parametrize(
    "text",
    ["In Kent, recorded offences fell by 10%", "Kent Police recorded 900 child sexual offences in 2024/25",
     "Kent's recorded offences fell by 100", "Kent saw a 10% drop in recorded child sexual offences",
     "Recorded offences in the Kent Police area are down a tenth"],
)  # fmt: skip
def test_a_force_is_known_by_its_names_and_must_be_the_one_that_was_asked_about(text):
    assert verdict(text, **KENT) == "supported"
    assert verdict(text) == "cannot be said"
    assert verdict(text.replace("Kent", "Essex"), **KENT) == "cannot be said"


@pytest.mark.parametrize("name", ["the Met", "The Metropolitan Police", "Metropolitan Police Service", "Met Police"])
def test_a_short_name_is_the_force(name):
    assert (
        verdict(f"{name} recorded 900 offences in 2024/25", place="E23000001", place_name="Metropolitan") == "supported"
    )


def test_a_claim_about_england_and_wales_is_not_held_against_one_force():
    assert "England and Wales" in judged("In England and Wales recorded offences fell by 10%", **KENT).because[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("recorded offences fell by 10% in 2024/25", "supported"),
        ("recorded offences fell by 10% year on year", "supported"),
        ("recorded offences were 10% lower than a year earlier", "supported"),
        ("recorded offences fell by 10% over three years", "cannot be said"),
    ],
)
def test_a_change_in_a_year_is_from_the_year_before(text, expected):
    assert verdict(text, **ONE_YEAR) == expected


def test_the_latest_figures_are_those_of_the_latest_full_year():
    assert verdict("the latest figures show that recorded offences fell by 10%") == "supported"
    assert verdict("the latest figures show that recorded offences fell by 10%", latest=2025) == "cannot be said"


# Sizes, and the rounding that they show.


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("fell from 67,500 to 61,400", 67_496, 61_388, "supported"),
        ("fell from 67,500 to 61,300", 67_496, 61_388, "not supported"),
        ("fell from 67,496 to 61,388", 67_496, 61_388, "supported"),
        ("fell from 67,497 to 61,388", 67_496, 61_388, "not supported"),
        ("fell from 70,000 to 60,000", 67_496, 61_388, "not supported"),
        ("fell from about 70,000 to about 60,000", 67_496, 61_388, "supported"),
        ("fell from 67.5 thousand to 61.4 thousand", 67_496, 61_388, "supported"),
        ("fell by 9%", 67_496, 61_388, "supported"),
        ("fell by 9.0%", 67_496, 61_388, "supported"),
        ("fell by 9.1%", 67_496, 61_388, "not supported"),
        ("fell by about 6,000", 67_496, 61_388, "supported"),
        ("fell by about 500", 2_544, 2_077, "supported"),
        ("fell from about 1,000 to about 800", 880, 800, "not supported"),
        ("halved", 1000, 510, "supported"),
        ("halved", 1000, 600, "not supported"),
        ("nearly halved", 1000, 550, "supported"),
        ("more than halved", 1000, 490, "supported"),
        ("fell by a third", 300, 200, "supported"),
        ("fell by two thirds", 300, 100, "supported"),
    ],
)
def test_a_size_is_right_where_the_figure_rounds_to_it(text, before, after, expected):
    assert verdict(f"recorded offences {text}", before=before, after=after) == expected


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [("doubled", 2000, "supported"), ("doubled", 1800, "not supported"), ("more than doubled", 2100, "supported"),
     ("almost doubled", 1900, "supported"), ("trebled", 3000, "supported"), ("rose threefold", 3000, "supported"),
     ("rose by half", 1500, "supported")],
)  # fmt: skip
def test_a_rise_by_a_multiple(text, after, expected):
    assert verdict(f"recorded offences {text}", after=after, probability_fell=0.001) == expected


@pytest.mark.parametrize(
    ("claimed", "published", "right"),
    [
        (Quantity(60_000, "count"), 60_499, True), (Quantity(60_000, "count"), 61_388, False),
        (Quantity(58_720, "count"), 58_724, True), (Quantity(58_720, "count"), 58_730, False),
        (Quantity(9, "percent"), 9.4, True), (Quantity(9, "percent", decimals=1), 9.4, False),
        (Quantity(0.1, "in", out_of=10), 1 / 10.4, True), (Quantity(0.1, "in", out_of=10), 1 / 10.6, False),
        (Quantity(900, "count", "exactly"), 901, False),
    ],
)  # fmt: skip
def test_a_number_shows_its_own_rounding(claimed, published, right):
    assert agrees(claimed, published) is right


# A rise or fall without a size is judged by how surely the level moved, a size by the published counts.


def test_a_fall_without_a_size_within_the_ups_and_downs_cannot_be_said():
    assert verdict("recorded offences fell", **UNCLEAR) == "cannot be said"


def test_a_size_that_is_right_is_supported_and_said_to_lie_within_the_ups_and_downs():
    answer = judged("recorded offences fell by 10%", **UNCLEAR)
    assert answer.verdict == "supported"
    assert "ups and downs" in " ".join(answer.because)


def test_a_rise_is_not_supported_where_the_published_count_fell_though_not_surely():
    assert verdict("recorded offences rose", **UNCLEAR) == "not supported"
    assert verdict("recorded offences did not rise", **UNCLEAR) == "cannot be said"


def test_a_fall_of_another_size_is_not_supported_and_the_true_size_is_said():
    answer = judged("recorded offences fell by 20%")
    assert "10.0%, where the claim says 20%" in answer.because[1]


def test_staying_the_same_can_never_be_shown():
    assert verdict("recorded offences were stable", probability_fell=0.5) == "cannot be said"
    assert verdict("recorded offences did not change", probability_fell=0.5) == "cannot be said"


def test_a_denial_of_a_fall_is_supported_when_the_count_surely_rose():
    assert verdict("recorded offences did not fall", **RISE) == "supported"


def test_a_slight_change_is_smaller_than_a_twentieth():
    assert verdict("recorded offences fell slightly", after=960) == "supported"
    assert verdict("there was a small fall in recorded offences", after=940) == "not supported"


def test_a_new_law_between_the_years_bars_the_comparison_and_not_the_count_of_one_year():
    changed = {"not_comparable": ("a new offence came into force.",)}
    answer = judged("recorded offences fell", **changed)
    assert answer.verdict == "cannot be said"
    assert "a new offence came into force" in answer.because[0]
    assert verdict("police recorded 900 offences in 2024/25", **changed) == "supported"


def test_a_circumstance_between_the_years_is_told_beside_the_verdict():
    answer = judged("recorded offences fell by 10%", with_care=("schools closed.",))
    assert "Take care: schools closed." in answer.because


def test_a_part_year_is_never_compared_with_a_year():
    assert "part year" in judged("recorded offences fell", after=None).because[0]


def test_pending_offences_are_told_beside_a_share_of_charges():
    answer = judged("8% of recorded offences ended in a charge")
    assert "20.0% of the offences had no outcome yet" in " ".join(answer.because)


def test_outcomes_that_are_not_published_cannot_be_said():
    assert "no published outcomes for 2024/25" in judged("8% of offences ended in a charge", outcomes={}).because[0]


# Several claims, and several meanings.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("recorded offences fell by 10% and 8% of recorded offences ended in a charge", "supported"),
        ("recorded offences fell by 10%, but charges fell by 44%", "not supported"),
        ("recorded offences fell by 10%. Child sexual exploitation fell.", "cannot be said"),
        ("recorded offences fell by 20% and child sexual exploitation fell", "not supported"),
        ("recorded offences fell by 10% and children are safer", "cannot be said"),
    ],
)
def test_of_two_claims_both_must_hold(text, expected):
    assert verdict(text) == expected


def test_a_sentence_with_two_meanings_that_differ_cannot_be_said():
    first, second = read_claim("recorded offences fell by 10%"), read_claim("recorded offences fell by 20%")
    merged = type(first)(first.parses + second.parses)
    answer = check(merged, seen())
    assert answer.verdict == "cannot be said"
    assert "several ways" in answer.because[0]


def test_a_page_is_not_a_claim():
    assert "longer than one sentence" in read_claim("recorded offences fell " * MAX_TOKENS).not_understood


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police recorded 1,000 offences in 2021/22 and 8% of recorded offences ended in a charge", "not supported"),
        ("Police recorded 900 offences, and 5% of offences recorded in 2021/22 ended in a charge", "not supported"),
        ("Police recorded 1,000 offences in 2021/22 and 5% of recorded offences ended in a charge", "supported"),
        ("Police recorded 900 offences, and 8% of offences recorded in 2024/25 ended in a charge", "supported"),
        ("Police recorded 1,000 offences in 2021/22, of which 72 ended in a charge", "not supported"),
        ("Police recorded 900 offences in 2024/25, of which 72 had led to a charge", "supported"),
        ("Police recorded 900 offences in 2024/25. Of these, 8% ended in a charge", "supported"),
    ],
)
def test_levels_in_one_sentence_are_of_the_year_that_one_of_them_names(text, expected):
    assert verdict(text) == expected


@pytest.mark.parametrize(
    "text", ["Recorded crime fell by 10%", "Crime recorded by police fell by 10%", "Police-recorded crime is down 10%"]
)
def test_recorded_crime_without_a_kind_is_all_crime(text):
    assert "all crime" in judged(text).because[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Members will note that recorded offences fell by 10%", "supported"),
        ("Recorded offences are now 10% lower than in 2021/22", "supported"),
        ("Recorded offences now stand at 900", "supported"),
        ("Recorded offences fell to 900 in 2024/25, a 10% drop on 2021/22", "supported"),
        ("Recorded offences fell to 900 in 2024/25, an 11% drop on 2021/22", "not supported"),
        ("Police recorded 900 offences in 2024/25, down 100 on 2021/22", "supported"),
        ("Police recorded 900 offences in 2024/25, up 100 on 2021/22", "not supported"),
        ("Recorded offences exceeded 800 in 2024/25", "supported"),
        ("Recorded offences topped 900 in 2024/25", "not supported"),
        ("Recorded offences fell by 8-12% from 21/22 to 24/25", "supported"),
        ("Recorded offences fell by 11 to 12%", "not supported"),
        ("Nine in ten offences recorded in 2024/25 have not led to a charge", "supported"),
        ("8% of those recorded last year (2024/25) ended in a charge", "supported"),
        ("Recorded offences rose by twenty-one per cent", "not supported"),
        ("Recorded offences fell by 10/11%", "cannot be said"),
    ],
)
def test_figures_are_read_as_newspapers_and_councils_write_them(text, expected):
    assert verdict(text) == expected


def test_two_words_make_one_number():
    assert verdict("Recorded offences rose by twenty-one per cent", after=1210, probability_fell=0.01) == "supported"


def test_a_claim_about_now_is_of_the_latest_year():
    assert "latest" in judged("Recorded offences are now 10% lower", latest=2025).because[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Recorded offences have dropped below 950", "supported"),
        ("Recorded offences have dropped below 900", "not supported"),
        ("Recorded offences have dropped below 1,100", "not supported"),
        ("Recorded offences have not fallen below 1,100", "not supported"),
        ("Recorded offences have not fallen below 800", "supported"),
        ("Recorded offences rose above 950", "not supported"),
    ],
)
def test_what_falls_below_a_number_was_not_below_it_before(text, expected):
    assert verdict(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("72 offences recorded in 2024/25 ended in a charge, up from 50 in 2021/22", "supported"),
        ("72 offences recorded in 2024/25 ended in a charge, down from 50 in 2021/22", "not supported"),
        ("8% of offences recorded in 2024/25 ended in a charge, up from 6% in 2021/22", "not supported"),
        ("England and Wales's charge rate rose from 5% in 2021/22 to 8% in 2024/25", "supported"),
        ("Recorded offences fell by 100 between 2021/22 and 2024/25, or 10%", "supported"),
        ("Recorded offences fell by 100 between 2021/22 and 2024/25, or 20%", "not supported"),
        ("England and Wales: 900 child sexual offences recorded in 2024/25", "supported"),
        ("900 child sexual offences recorded in 2021/22", "not supported"),
        ("No suspect was identified in 10% of cases recorded in 2024/25", "supported"),
        ("No suspect was identified in half of cases recorded in 2024/25", "not supported"),
    ],
)
def test_headlines_and_figures_set_beside_each_other_are_read(text, expected):
    assert verdict(text) == expected


def test_a_change_in_a_year_to_a_named_year_is_of_that_year():
    assert verdict("Recorded offences fell by 10% in a year to 2024/25", **ONE_YEAR) == "supported"
    assert verdict("Recorded offences fell by 10% in a year to 2024/25") == "cannot be said"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Recorded offences went from 1,000 to 900, a 10% drop", "supported"),
        ("Recorded offences went from 1,000 to 900, a fall of 10%", "supported"),
        ("Recorded offences went from 1,000 to 900, a 10% rise", "not supported"),
        ("Recorded offences went from 1,000 to 900, a 20% drop", "not supported"),
        ("Recorded offences did not change, a 20% drop", "cannot be said"),
        ("Recorded offences fell by 1%-12%", "supported"),
        ("Recorded offences fell by between 12% and 8%", "supported"),
        ("Recorded offences fell by between 20% and 12%", "not supported"),
        ("Recorded offenses fell by 10%!!!", "supported"),
        ("Recorded offences fell by 10%. Not!", "cannot be said"),
        ("No child sexual offences were recorded in 2024/25", "not supported"),
        ("Not a single offences were recorded by police in 2024/25", "not supported"),
        ("No child sexual offences were not recorded in 2024/25", "cannot be said"),
        ("Half as many offences were recorded in 2024/25 as in 2021/22", "not supported"),
        ("Twice as many offences were recorded in 2024/25 as in 2021/22", "not supported"),
        ("Half as many offences were recorded in 2024/25 as in Scotland", "cannot be said"),
        ("Police recorded 0.9k offences in 2024/25", "supported"),
    ],
)
def test_changes_are_read_as_headlines_and_campaigns_write_them(text, expected):
    assert verdict(text) == expected


def test_multiples_in_the_passive_are_judged_by_the_counts():
    text = "Twice as many offences were recorded in 2024/25 as in 2021/22"
    assert verdict(text, after=2000, probability_fell=0.01) == "supported"
    text = "Half as many offences were recorded in 2024/25 as in 2021/22"
    assert verdict(text, after=500) == "supported"


@pytest.mark.parametrize("number", ["9,5", "1,0", "10,00", "1,000,5", "10.5.2024"])
def test_a_number_with_misplaced_commas_or_points_is_never_split_in_two(number):
    answer = judged(f"Recorded offences fell by {number}%")
    assert (answer.verdict, number in answer.because[0]) == ("cannot be said", True)


def test_a_spelling_mistake_is_not_judged_and_the_similar_word_is_offered():
    answer = judged("Recorded offences decresed by 10%")
    assert answer.verdict == "cannot be said"
    assert "'decresed' was not understood" in answer.because[0]
    assert "A similar word that is understood is 'decreased'." in answer.because[0]
    assert "similar word" not in judged("Recorded offences zzzzzz by 10%").because[0]
