"""What a submission can hold: its fields as the submission's JSON Schema declares them.

Takes a JSON Schema and written scalars; gives typed fields, values, dates and what is allowed.
"""
