"""The words that everything else speaks: outcomes, values, rules and the report.

Takes nothing and gives plain frozen records; it imports no other package of kehou.
"""
