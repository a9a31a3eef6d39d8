"""What a model is told, and what of its reply is heard."""
