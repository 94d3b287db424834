"""Documents for Word and Excel, and the printed opinion."""
