"""JSON Schemas for editors: completion and marks in Chinese."""
