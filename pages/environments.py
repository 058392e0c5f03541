"""Which servers the console drives, and what the embedded one keeps."""

from facematch.ui.environment import form as environment_form
from facematch.ui.environment.listed import environments
from facematch.ui.frame import open_page
from facematch.ui.kept.embedded_panels import embedded_panels

desk = open_page("environments")
if not environment_form.form(desk.say):
    environments(desk)
    embedded_panels(desk)
