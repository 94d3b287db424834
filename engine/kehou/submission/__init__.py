"""What a school hands in, as one typed tree with places.

Takes a path; gives a Submission: values, faults, notes on what was read otherwise, places.
"""
