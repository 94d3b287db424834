"""What other programs read: JSON, CSV, SARIF, JUnit, GitHub, GitLab, OSCAL."""
