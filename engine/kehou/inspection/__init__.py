"""The work of inspectors: worksheets to fill in, their answers read back, the circular.

Takes reports and filled worksheets; gives worksheets, attestations, agreement and circulars.
"""
