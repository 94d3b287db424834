"""How fast kehou is, told as ratios: ``python -m benchmarks`` (DESIGN §9)."""
