"""Proofs over every subject: conditions as constraints for an SMT solver (z3, the extra prove)."""
