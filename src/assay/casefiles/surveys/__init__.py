"""Surveys of staff and partners: forms, answers, weights and results.

    asked       a questionnaire as a file: questions, options, and the cells by which answers are weighed
    forms       the same as an XLSForm, for ODK or Kobo
    exports     answers as ODK and Kobo export them, row by row; what cannot be used, by line and rule
    frames      how many there are in each cell, where somebody knows
    results     response, weights, and shares with an interval; without a frame counts, and no share
    taking      all of it kept in the inspection, with its evidence

What comes of it is for the inspection's own people: nothing of it has passed disclosure.
"""
