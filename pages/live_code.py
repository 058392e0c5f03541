"""Live codes: ask for one, record with it, see what was heard."""

from facematch.ui.frame import open_page

desk = open_page("live_code")
