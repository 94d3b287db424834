"""field20: another policy as another pack, on plans whose findings are known.

Source: docs/architecture.md §2.
"""
