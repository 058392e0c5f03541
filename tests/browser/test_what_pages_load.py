"""No page makes the console load what it does not use: each is opened in a fresh process that tells its imports."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import dashboard, settled, visiting

TELLS = {"PYTHONPROFILEIMPORTTIME": "1"}  # Python writes a line for each module that it loads
NOT_AT_ONCE = r"(pandas|polars|pyarrow|scipy|matplotlib|altair|dask|faster_whisper|ctranslate2|keyring)"
DRAWS = r"facematch\.\S*figures|plotly\.(express|subplots|figure_factory)"  # Streamlit itself loads plotly's first part


def loaded(output):
    """Modules by the time Python told of them."""
    return set(re.findall(r"import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)", output.read_text()))


@pytest.mark.parametrize("path", ["photo_match", "video_match", "id_verification", "live_code", "environments"])
def test_a_page_loads_nothing_that_it_does_not_use(chromium, tmp_path, path):
    with dashboard(tmp_path, **TELLS) as url, visiting(chromium, url) as page:
        page.goto(f"{url}/{path}")
        expect(page.locator("h1")).to_be_visible(timeout=60_000)
        settled(page)
        found = loaded(tmp_path / "output.txt")

        assert {"streamlit", "sqlalchemy", "facematch.ui.frame"} <= found  # the list is one
        assert [module for module in sorted(found) if re.fullmatch(f"{NOT_AT_ONCE}|{DRAWS}", module)] == []
