"""Running one engine: threads, calls, the model's life, and what came out of it."""
