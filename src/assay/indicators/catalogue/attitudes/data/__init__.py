"""The lexicon of attitudes, one file a category; `attitude_lexicon.py` reads it."""
