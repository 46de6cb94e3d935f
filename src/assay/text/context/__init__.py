"""In whose voice does a phrase stand: the police's own, or quoted, challenged, denied, asked, or set out as guidance?

An engine in the style of ConText: cues with a direction and a scope, over the one sentence in which a phrase was found.

    sentences, quotes    where sentences and quotations begin and end
    cues                 the rules as data (`cues.toml`), and which of them stand in a sentence
    people               whom a sentence names, and whom a "she" means
    speakers             who says it, and whether the writer shares the view
    scope                how far a cue reaches; what is denied, and what is denied twice
    forms                what a form prints by itself
    judging              the rules from the top, first that holds decides
"""
