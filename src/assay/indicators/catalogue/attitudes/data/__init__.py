"""The lexicon of attitudes, one file a category; `lexicon.py` reads it."""
