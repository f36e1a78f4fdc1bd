"""Kokoro's decoder, computed as the processor likes it: another layout, the same interface."""
