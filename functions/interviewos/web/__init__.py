"""The HTTP edge: requests in, problems and views out."""
