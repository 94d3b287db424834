"""One module a command: ``add_options`` says what may be written, ``run`` does it."""
