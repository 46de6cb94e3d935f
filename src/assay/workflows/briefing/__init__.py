"""Triangulate the evidence on each force, and write briefs for inspectors.

    ties            which survey questions and themes speak to which characteristic of good
    from_records    the verdict of the data; from_files, from_documents, from_people, from_fieldwork: of the others
    triangulation   all of it for every characteristic and place, kept in the inspection with its evidence
    outside         what of it is handed to disclosure, for the report
    strands_page    what stands behind each characteristic in one force, for the inspection's own people
    claims, ways    what a force says of itself, and of how it works
    nationally      what national bodies tell of it: groups across forces, lessons
    hypotheses      what may be wrong, with the evidence for and against, and what to ask
    brief           at most eight pages on one force, without a grade

Its pages are for the inspection's own people. What a strand is, and how sure strands are together, stands in
`indicators.evidence_sources`, so that the report can say it of what disclosure let out.
"""
