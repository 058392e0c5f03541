"""Labelled pairs through client, HTTP and service; ``python -m facematch.evaluation`` prints what came of them."""
