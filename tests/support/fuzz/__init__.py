"""Seeded fuzzing of every reader and every command, bounded, with oracles that know the answer.

A family (`families.py`) draws an input from a `random.Random`: files, calls, and what must be read
of them, which its maker knows because it wrote them. `oracle.py` runs the input and says what is
wrong; `walk.py` goes through seeds, `python -m tests.support.fuzz` for minutes by hand. A crash is
minimised and becomes a case of a test by hand, with the right result.
"""
