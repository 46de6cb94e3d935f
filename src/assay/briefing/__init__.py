"""What do all strands of evidence say together, and what are inspectors told before they travel? A side room.

    strands         the six strands, their verdicts, the rules in words, and the statement of certainty
    ties            which survey questions and themes speak to which characteristic of good
    from_records    the verdict of the data; from_files, from_documents, from_people: those of the others
    triangulation   all of it for every characteristic and place, kept in the inspection with its evidence
    strands_page    what stands behind each characteristic in one force, for the inspection's own people
    hypotheses      what may be wrong, with the evidence for and against, and what to ask
    brief           at most eight pages on one force, without a grade

What comes of it is for the inspection's own people: nothing of it has passed disclosure.
"""
