"""Decide whose view a phrase states: that of the police, or one that is only quoted, challenged, denied or advised
against.

An engine in the style of ConText: cues with a direction and a scope, within the sentence of the phrase.

    sentence_splitting, quotations    sentences and quotations of a text
    analysed_text                     a text with its sentences, quotations, cues and people
    voice_cues                        the cues as data (`cues.toml`), and their occurrences in a sentence
    person_mentions                   people whom a sentence names, and the referent of a pronoun
    speaker_attribution               who speaks, and whether the writer adopts the view
    cue_scope                         scope of a cue; negation and double negation
    form_templates                    lines that a form prints
    voice_attribution                 the rules in order; the first that applies decides
    text_voices                       the voices
"""
