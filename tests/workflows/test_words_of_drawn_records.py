"""Is copied text reported as not known for a bundle, which has only the sampled texts?"""

import pyarrow as pa

from assay.workflows.run.assessment_narratives import detect_copied_narratives

WORDS = "The worker met the child at school and agreed with the mother who calls whom by Friday at noon."
OTHER = "The officer rang the placement twice, wrote down both answers and asked the team to meet on Monday."
TEXTS = pa.schema([(name, pa.string()) for name in ("force_code", "assessment_ref", "narrative")])
ASSESSED = pa.table({"assessment_ref": ["A1", "A2", "A3"], "person_ref": ["P1", "P2", "P3"]})


def found(**words):
    """Given and copied, by assessment, of these texts."""
    texts = pa.table(
        {"force_code": ["INV01"] * len(words), "assessment_ref": list(words), "narrative": list(words.values())}, TEXTS
    )
    rows = detect_copied_narratives(texts, ASSESSED).to_pylist()
    return {row["assessment_ref"]: (row["narrative_given"], row["narrative_copied"]) for row in rows}


def test_with_all_texts_at_hand_words_of_another_child_are_copied_and_others_are_not():
    assert found(A1=WORDS, A2=OTHER, A3=WORDS) == {"A1": (True, True), "A2": (True, False), "A3": (True, True)}


def test_of_drawn_texts_alone_nobody_knows_whether_they_stand_under_another_child_too():
    # A1 is copied from A3, whose text was not drawn.
    assert found(A1=WORDS, A2=OTHER) == {"A1": (True, None), "A2": (True, None)}
    assert found(A1=WORDS, A2="") == {"A1": (True, None), "A2": (False, None)}


def test_without_one_text_drawn_nothing_is_known_of_any():
    assert found() == {}
