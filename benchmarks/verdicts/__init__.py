"""A benchmark of verdicts: submissions as patches on named bases, with the right outcomes.

``python -m benchmarks.verdicts`` scores them; README.md says how sets are written.
"""
