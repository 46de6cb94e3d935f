"""The lexicon of attitudes, one file for each category; `attitude_lexicon.py` reads it."""
