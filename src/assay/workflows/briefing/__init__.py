"""Triangulate the evidence on each force, and write briefs for inspectors.

    `triangulation_page`       the evidence on each characteristic in one force
    `national_intelligence`    what national organisations report: groups across forces, lessons
    `force_brief`              at most eight pages on one force, without a grade
    `internal_pages`           writes a page with its header and provenance

These pages are for the inspection team only. Sources of evidence, and the certainty of all of them, are in
`indicators.evidence_sources`, so that the report can use them with disclosure control applied.
"""
