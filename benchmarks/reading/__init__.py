"""How well prose is read: texts of our own with labels, and a scorer that any reader can use."""
