"""The product without pages: commands for a terminal and for scripts."""
