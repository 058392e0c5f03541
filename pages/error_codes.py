"""The catalogue of error codes: what each means, what to do, and how often it was seen here."""

import streamlit as st

from facematch.ui.error_codes import catalogue as code_catalogue
from facematch.ui.error_codes.outcomes import without_errcode
from facematch.ui.frame import open_page

desk = open_page("error_codes")
say = desk.say

page = code_catalogue.shown(desk)
code_catalogue.summary(page)
code_catalogue.unknown(page)
code_catalogue.catalogue(page)
without_errcode(page)
if not page.is_one:
    st.download_button(
        say("codes.download"),
        code_catalogue.as_document(),
        file_name="facematch_error_codes.md",
        mime="text/markdown",
        key="codes_download",
        icon=":material/download:",
        on_click="ignore",
    )
