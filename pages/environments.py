"""Which servers the console drives, and what the embedded one keeps."""

from facematch.ui import environment_form
from facematch.ui.embedded_panels import embedded_panels
from facematch.ui.environment_list import environments
from facematch.ui.frame import open_page

desk = open_page("environments")
if not environment_form.form(desk.say):
    environments(desk)
    embedded_panels(desk)
