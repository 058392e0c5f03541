"""The form of ID verification, and the library's side of its result."""
