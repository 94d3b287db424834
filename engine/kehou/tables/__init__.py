"""Tables that people keep: from a grid of cells to records by the names of columns.

Takes a grid; gives rows of fields with places, notes on what was read otherwise, and totals.
"""
