"""Decide which columns are requested from forces, record who reads each, and write the request's papers.

A column is asked if something reads it: a form or a fact, the finding out of who is the same person, or a check of
another column that is read. What nobody reads is not asked.
"""
