"""The rules of a report: what was told, which claims about it stand, and what is said of them. All of it is pure."""
