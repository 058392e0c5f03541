"""What the call log says: queries (SQL to typed rows), metrics (numbers to rates), figures (rates to charts)."""
