"""ID number, name and a photo or video against the portrait of the library."""

from facematch.ui.frame import open_page

desk = open_page("id_verification")
