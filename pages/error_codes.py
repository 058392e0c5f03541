"""The catalogue of error codes."""

from facematch.ui.frame import open_page

desk = open_page("error_codes")
