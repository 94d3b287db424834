"""For those who write rules: lint, cases, scaffolds and the gates that a pack must pass."""
