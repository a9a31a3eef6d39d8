"""The voice worker: it carries audio and words between a LiveKit room and the functions, and decides nothing."""
