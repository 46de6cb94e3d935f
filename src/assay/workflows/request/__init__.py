"""What may be asked of forces, and why: who reads each column, and the papers that say so before anything is sent.

A column is asked if something reads it: a form or a fact, the finding out of who is the same person, or a check of
another column that is read. What nobody reads is not asked.
"""
