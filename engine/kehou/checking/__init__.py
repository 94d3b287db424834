"""From a path to a report: both engines agree, findings, waivers, attestations, the decision.

Takes a path and CheckOptions; gives a Report.
"""
