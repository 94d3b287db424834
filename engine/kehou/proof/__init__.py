"""Proof: a report checked again, and bundles that hold all it takes to do so."""
