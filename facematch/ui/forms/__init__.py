"""The two sides of a comparison, the call, and its result."""
