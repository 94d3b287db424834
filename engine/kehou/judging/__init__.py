"""Judging, twice: one compiled program, run on the direct engine and on durable_rules.

Takes a program and facts; gives the outcome of every rule on every subject.
"""
