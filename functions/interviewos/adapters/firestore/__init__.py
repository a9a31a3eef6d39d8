"""Interviews and daily quotas on Google Firestore."""
