"""The course as a learner meets it: every notebook in JupyterLab, in a real browser."""
