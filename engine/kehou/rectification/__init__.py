"""Notices to put things right, replies to them, and what a second check shows."""
