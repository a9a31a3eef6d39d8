"""Adapters translate between a port's words and a vendor's. They hold no rule of the interview."""
