"""One file per output format, all from one Report."""
