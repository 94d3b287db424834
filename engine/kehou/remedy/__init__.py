"""What to hand in and what to change: missing evidence as a letter, and the fewest edits.

Takes a submission and how to check it; gives letters, stubs and proposals. Nothing is changed.
"""
