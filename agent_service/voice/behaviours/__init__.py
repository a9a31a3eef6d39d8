"""What an interviewer does in a call, one behaviour a file; `Interviewer` joins them to the framework's events."""
