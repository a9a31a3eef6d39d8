"""The voice worker: carries audio and words between a room and the functions, and decides nothing."""
