"""The same server has the same name in the log, whoever calls it: pages, command line or a measurement."""

from pathlib import Path

import pytest

from facematch.client.environment import EMBEDDED, environment_name
from facematch.evaluation.target import opened
from facematch.settings import Settings


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (None, "embedded"),
        ("http://127.0.0.1:7007", "127.0.0.1:7007"),
        ("http://face.example", "face.example:80"),
        ("https://face.example/gateway", "face.example:443"),
        ("https://embedded", "embedded:443"),
        ("http://[::1]:8080", "::1:8080"),
    ],
)
def test_a_server_is_called_by_its_host_and_its_port_always(url: str | None, name: str) -> None:
    assert environment_name(url) == name


def test_a_measurement_names_a_server_as_the_pages_do(tmp_path: Path) -> None:
    with opened(Settings(data_dir=tmp_path, url="https://face.example")) as target:
        assert target.environment == "face.example:443"
    with opened(Settings(data_dir=tmp_path, url="https://face.example"), "bench") as target:
        assert target.environment == "bench"


def test_no_remote_server_passes_for_ours() -> None:
    assert environment_name(f"http://{EMBEDDED}") != EMBEDDED
