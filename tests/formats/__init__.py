"""Tests of the formats for other people's programs."""
