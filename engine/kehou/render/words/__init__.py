"""Words and numbers as they are printed: catalogues, wording, tables of text."""
