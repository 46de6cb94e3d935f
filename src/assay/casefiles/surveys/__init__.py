"""Surveys of staff and partners: forms, answers, weights and results.

    questionnaire_forms   questionnaires: questions, options, and the cells by which answers are weighted
    survey_forms          write a questionnaire as an XLSForm for ODK or Kobo; xlsform_reader reads one
    survey_exports        answers as ODK and Kobo export them; errors give line and rule
    survey_frames         the number of members of each cell, if known
    survey_results        response, weights, and shares with an interval; counts only without a frame
    survey_intake         accept answers and store results with their provenance

The results are for inspectors only: disclosure control was not applied.
"""
