"""The command line: parser, settings, outputs and completion; commands are loaded by name."""
