"""InterviewOS: a mock interview whose single source of truth is a handful of HTTPS functions."""
