"""How did the police see and treat those who were harmed: in their words, and in what they did?

questions    what is asked of whoever reads a case file
"""
