"""Decide which columns are requested from forces, record who reads each, and write the request's papers.

A column is requested if something reads it: an indicator or a fact, record linkage, or a check of another column that
is read. A column that nothing reads is not requested.
"""
