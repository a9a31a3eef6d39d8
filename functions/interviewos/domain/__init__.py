"""The rules of an interview, pure: the standard library only."""
