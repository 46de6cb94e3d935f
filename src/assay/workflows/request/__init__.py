"""Decide which columns to request from forces, list the code that reads each, and write the papers of a request.

A column is requested if something reads it: an indicator or a fact, record linkage, or a check of another column that
is read. A column that nothing reads is not requested.
"""
