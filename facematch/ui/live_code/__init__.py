"""The page of live codes."""
