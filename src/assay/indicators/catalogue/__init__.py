"""What may be said in answer to the commission, and on what evidence?

A room a line of enquiry. What they share is the form of what may be said (`finding`) and the rules by which it is
put into words (`wording`); facts that two of them need live in `records`.
"""
