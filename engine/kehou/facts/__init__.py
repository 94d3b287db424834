"""Facts: the flat typed records that rules talk about, drawn from a submission.

Takes a Pack and a Submission; gives the subjects of each entity with their own and derived fields.
"""
