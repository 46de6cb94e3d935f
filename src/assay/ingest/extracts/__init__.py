"""Read a flat extract of a police record system, recognise its columns, and split it into the tables of the return.

An extract is any file, or folder of files, that a record system can export: one row per crime, person-link or flag,
with the system's own headings and codes. Nothing in it has to follow the contract of the data return.
"""
