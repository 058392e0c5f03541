"""The History: its selection, charts, comparison, report."""
