"""The indicators of each inspection theme: which findings answer the commission's questions, and on what evidence?

One package for each theme. They share the findings and their wording; facts that two themes need are in `assay.facts`.
"""
