"""To whose voice is a phrase attributed? One short procedural entry for each case; nobody is real."""

import pytest

from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.text import VOICES, Entry, Reader, find_printed_lines
from assay.text.context.analysed_text import Text
from assay.text.context.voice_attribution import attribute_sentence
from assay.text.context.voice_cues import known_cues

pytestmark = pytest.mark.quick

READER = Reader(lexicon().terms)


def voices(text, **fields):
    """The voice of every term in an entry, in order, without repeats."""
    answer = READER.read([text], [Entry(**fields)])[0]
    return list(dict.fromkeys(passage.voice for passage in answer.passages))


def voice(text, **fields):
    (only,) = voices(text, **fields)
    return only


@pytest.mark.parametrize(
    "text",
    [
        "She is streetwise.", "Vic v streetwise for her age.", "IP refuses to engage. NFA.", "MISPER, habitual absconder.", "SHE IS PROMISCUOUS.", "The girl is \u201cstreetwise\u201d.",
        "She continues to place herself in harm\u2019s\nway.", "Officers feel she is making poor choices.", "In my view she is attention-seeking.", "I have told her that she is putting herself at risk.",
        "IP spoke with her mother. She is putting herself at risk.",
        "Officer comment: if she had gone home this would not have happened.", "Supervisor view - refuses to engage.",
    ],
)  # fmt: skip
def test_the_polices_own_words_count(text):
    assert voices(text) == ["officer"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Mother states she is streetwise.", "third_party"), ("Mother, who is worried, states that she is streetwise.", "third_party"), ("According to staff she is streetwise.", "third_party"), ("She is streetwise per carer.", "third_party"),
        ("She is streetwise, the carer said.", "third_party"), ("PC Fern advised by care staff that she is streetwise.", "third_party"), ("Described by school as promiscuous.", "third_party"), ("Mother concerned daughter putting self at risk.", "third_party"),
        ("Email from placement: \"she is putting herself at risk\".", "third_party"), ("SW adv IP is putting herself at risk.", "third_party"), ("Mother rang. She states IP is promiscuous.", "third_party"), ("Mother rang. States IP is promiscuous.", "third_party"),
        ("Suspect said she knew what she was doing.", "suspect"), ("Susp i/v: states she was a willing participant.", "suspect"), ("The male was arrested. In interview he said she was a willing participant.", "suspect"), ("He claims she is promiscuous.", "child"), ("Suspect arrested. He claims she is promiscuous.", "suspect"),
        ("Defence will say that she is promiscuous.", "suspect"), ("Suspect gave this account:\n- she is promiscuous\n- a willing participant", "suspect"),
        ("IP said 'it was my own choice'.", "child"), ("\"I am streetwise\" she told us.", "child"), ("She feels it was her own fault.", "child"),
        ("The note reads \u201cshe is a promiscuous girl and always was.\u201d", "third_party"),
    ],
)  # fmt: skip
def test_words_of_others_are_theirs(text, speaker):
    assert voices(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "Carer states she is streetwise and I agree.",
        "Mother says she is promiscuous. I share this view.",
        "As mother rightly says, she is streetwise.",
        "Mum says she is promiscuous and from my own dealings I would agree.",
    ],
)
def test_a_view_that_the_writer_shares_is_the_writers(text):
    assert voices(text) == ["officer"]


@pytest.mark.parametrize(
    "text",
    ["Carer states she is streetwise and I do not agree.", "I cannot agree with staff who say she is streetwise."],
)
def test_a_view_that_the_writer_does_not_share_is_not(text):
    assert "officer" not in voices(text)


@pytest.mark.parametrize("joint", [", but", "; however", ", although I note", ". In my view"])
def test_what_follows_a_turn_is_the_writers_own(joint):
    assert voices(f"Mother states she is streetwise{joint} she is putting herself at risk.") == [
        "third_party",
        "officer",
    ]


def test_a_turn_within_a_quotation_ends_nothing():
    assert voices('Mother said "she is kind but she is promiscuous".') == ["third_party"]


@pytest.mark.parametrize(
    "text",
    [
        "She is not promiscuous.", "There is no evidence that she is promiscuous.", "It is wrong to say she is promiscuous.", "Nobody is suggesting that she was a willing participant.", "She did not make a lifestyle choice, as some have it.",
        "That she is promiscuous is not accepted.", "She cannot be said to be a willing participant.", "I am satisfied she is not attention seeking.", "It was not her own choice.",
    ],
)  # fmt: skip
def test_what_is_denied_does_not_count(text):
    assert "officer" not in voices(text)


@pytest.mark.parametrize(
    "text",
    [
        "She is not a reliable witness.", "She is no longer putting herself at risk.", "It cannot be said that she is not promiscuous.", "There is no doubt that she is promiscuous.", "She does not accept that she is putting herself at risk.", "She will not stop putting herself at risk.",
        "Not for the first time she is putting herself at risk.", "She did not attend school and is putting herself at risk.",
    ],
)  # fmt: skip
def test_what_only_looks_denied_counts(text):
    assert voices(text) == ["officer"]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("She is in no way to blame for the delay.", True),
        ("Her earlier withdrawal does not count against her.", True),
        ("Nothing in her past affects the plan.", True),
        ("It is not for her to keep the men away.", True),
        ("The men are in no way to blame for the delay.", False),  # a denial for others
        ("The delay does not count against us.", False),
        ("I believe her to be content there.", False),
    ],
)
def test_a_denial_of_blame_without_a_listed_term_is_known_by_whom_it_is_about(text, denied):
    found = attribute_sentence(Text(text), 0)
    assert (found is not None and found.voice == "negated") is denied


@pytest.mark.parametrize(
    "text",
    [
        "The phrase lifestyle choice is not acceptable.", "She should never be described as promiscuous.", "Please amend the wording, she is not 'streetwise'.", "Reminded officer not to write that she is putting herself at risk.", "Words of advice given re \u201cpromiscuous\u201d.",
        "The entry says \"she is promiscuous\". Please remove this wording.", "The log describes her as promiscuous. That is not acceptable language.", "A child cannot choose a lifestyle choice.",
    ],
)  # fmt: skip
def test_a_challenge_to_the_words_is_no_use_of_them(text):
    assert "officer" not in voices(text)
    assert voices(text)[0] in ("challenge", "policy", "negated")


@pytest.mark.parametrize(
    "text",
    [
        "Guidance states that no child makes a lifestyle choice.",
        "Officers should avoid terms such as promiscuous.",
        "Training slide 3: she is promiscuous. Discuss.",
        "Guidance states:\n- promiscuous\n- streetwise",
        "HMICFRS found that children were said to be putting themselves at risk.",
    ],
)
def test_guidance_and_training_are_no_use_of_the_words(text):
    assert set(voices(text)) <= {"policy", "challenge"}


def test_the_title_of_an_offence_blames_nobody():
    assert voice("Abuse of children through child prostitution, an offence of the Act.") in ("statute", "other_sense")
    assert set(voices("Recorded as absconding from lawful custody.")) <= {"statute", "other_sense"}


@pytest.mark.parametrize(
    "text",
    [
        "Adapter left in promiscuous mode.",
        "Referred to Streetwise project.",
        "A lifestyle magazine.",
        "IP consented to the medical.",
        "Choice of clothes shop agreed.",
    ],
)
def test_the_same_words_in_another_sense_blame_nobody(text):
    assert set(voices(text)) <= {"other_sense"}


@pytest.mark.parametrize(
    ("text", "is_other"),
    [("The suspect is well known to police.", "about_suspect"), ("Suspect arrested. He is promiscuous.", "about_suspect"), ("Her mother is unreliable.", "about_adult"), ("Mother attended. She is unreliable.", "about_adult"), ("The phone is unreliable.", "about_thing"), ("A lifestyle choice of the suspect.", "about_suspect")],
)  # fmt: skip
def test_what_is_about_somebody_or_something_else_blames_no_child(text, is_other):
    (passage,) = READER.read([text])[0].passages
    assert passage.voice in ("other_target", "other_sense")
    assert passage.rule in (is_other, "another_sense")


@pytest.mark.parametrize(
    "text",
    [
        "It is not known whether she was a willing participant.",
        "Is she putting herself at risk?",
        "To establish whether she consented to sex.",
    ],
)
def test_what_is_asked_is_not_said(text):
    assert voices(text) == ["left_open"]


def test_a_label_that_a_form_prints_is_nobodys_word():
    assert voice("Risk taking behaviour: none seen\nVisited at 14:05") == "form"
    assert voice("Absconder Y/N") == "form"
    assert voice("Assessment: she is streetwise") == "officer"


def test_what_stands_at_the_head_of_a_line_in_many_records_is_printed_there():
    column = [
        *(f"Is the child an absconder?\nPuts self at risk: seen {number} times" for number in range(20)),
        "She is streetwise: seen",
        None,
    ]
    assert set(find_printed_lines(column)) == {"is the child an absconder?", "puts self at risk"}
    assert find_printed_lines(column, least_records=21) == ()
    answer = Reader(lexicon().terms, templates=find_printed_lines(column)).read(
        ["Puts self at risk: she is streetwise"]
    )[0]
    assert [mark.term for mark in answer.passages] == ["streetwise"]


@pytest.mark.parametrize(
    ("fields", "speaker"),
    [({"entry_type": "suspect_account"}, "suspect"), ({"entry_type": "referral_text"}, "third_party"), ({"entry_type": "victim_account"}, "child"), ({"entry_type": "training_or_policy"}, "policy"), ({"author_role": "education"}, "third_party"), ({"author_role": "investigator"}, "officer"), ({"entry_type": "log"}, "officer")],
)  # fmt: skip
def test_what_the_return_says_of_an_entry_outweighs_every_cue(fields, speaker):
    assert voice("She is streetwise and I agree.", **fields) == speaker


def test_each_hit_keeps_the_words_it_leans_on_in_the_text_as_it_stood():
    text = "\u2018Good morning\u2019 \u2013 the  carer STATES she is street\u2011wise."
    (passage,) = READER.read([text])[0].passages
    assert text[passage.start : passage.end] == "street\u2011wise"
    assert [text[start:end] for start, end in passage.evidence] == ["carer STATES"]
    assert passage.rule == "third_says"


def test_a_text_as_a_web_page_or_in_capitals_is_read_as_any_other():
    text = "<p>Mother states&nbsp;she is <b>street</b>wise</p><p>She&#39;s PROMISCUOUS</p>"
    passages = READER.read([text])[0].passages
    assert [(text[passage.start : passage.end], passage.voice) for passage in passages] == [
        ("street</b>wise", "third_party"),
        ("PROMISCUOUS", "officer"),
    ]


def test_every_cue_speaks_in_a_voice_that_is_known_and_says_so():
    own_cues = {"affirms", "adopts", "adoption_denied", "resolve", "carried"}
    assert {cue.voice for cue in known_cues().by_key.values()} <= set(VOICES) | own_cues
    assert all(cue.meaning for cue in known_cues().by_key.values())
