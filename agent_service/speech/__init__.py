"""Speech recognition and synthesis. A stack is one module here, and one line of `speech.settings`."""
