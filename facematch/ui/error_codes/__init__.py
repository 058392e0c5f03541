"""The page of error codes."""
