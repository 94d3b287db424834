"""How fast kehou is, told as ratios: ``python -m benchmarks`` (docs/architecture.md §9)."""
