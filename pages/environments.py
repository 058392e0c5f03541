"""Which servers the console drives, and what the embedded one keeps."""

from facematch.ui.frame import open_page

desk = open_page("environments")
