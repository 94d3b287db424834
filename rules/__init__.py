"""Data of kehou; reached through kehou.data only."""
