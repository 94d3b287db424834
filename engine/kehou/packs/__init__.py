"""A policy as a folder: found, read, checked and put together into a Pack.

Takes a pack's id or folder; gives a Pack with dated parameters, clauses and rules, or its faults.
"""
