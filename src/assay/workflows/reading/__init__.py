"""Read the texts of an inspection, and give people reasons to read some of them closely.

reader     the lexicon, the signs and the classifier put together
every      every text of an inspection, of which nothing stays but what was found
lines      one JSON object a line in, one answer a line out
told       one text told at a terminal
page       one text told on a page
many       every text of an inspection, quickly first and then closely
pool       which texts of an inspection may be labelled; `labelling`, the rounds in which people label them
taught     what the labels taught; `teaching`, how; `set_apart`, whether it is used
entries    the texts of one return, without who the people of their cases are
notes      an entry of an inspection, without its names; with them only by an unlock that is written down
"""
