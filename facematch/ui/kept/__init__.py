"""What the embedded service keeps and how it is set."""
