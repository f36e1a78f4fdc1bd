"""Engines in processes of their own: the same hooks, behind a pipe and a piece of shared memory."""
