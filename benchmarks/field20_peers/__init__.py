"""The twenty rules for other engines, each only where it is installed: see `race`.

A peer is a function of a plan's bytes that gives findings in the reference's form. It counts only
where these equal the reference's; ``LEFT_OUT`` names rules that an engine has no words for.
"""
