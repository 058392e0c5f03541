"""The shape of the house: what may import what, how large things are, what the settings promise."""

import ast
import dataclasses
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import facematch
from facematch.limits import PREFIX, Limits
from facematch.settings import Settings

ROOT = Path(facematch.__file__).parents[1]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
PACKAGE = sorted((ROOT / "facematch").rglob("*.py"))
OURS = [*PAGES, *PACKAGE, *sorted((ROOT / "tests").rglob("*.py"))]
MODULE_LINES, PAGE_LINES = 250, 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "misc"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, whole names."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def is_table(path: Path) -> bool:
    """Words and data have the length that they have."""
    return name_of(path).startswith(("facematch/ui/words/", "facematch/codes_"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_layout_and_imports_nothing_else(page):
    allowed = ("streamlit", "facematch.ui", "facematch.samples")

    assert [module for module in imports(page) if not is_in(module, *allowed)] == []
    assert len(page.read_text().splitlines()) <= PAGE_LINES


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_begins_by_opening_itself(page):
    _docstring, *rest = ast.parse(page.read_bytes()).body
    first = next(node for node in rest if not isinstance(node, ast.Import | ast.ImportFrom))

    assert re.fullmatch(r"desk = open_page\('\w+'\)", ast.unparse(first))


def test_no_code_is_tested_against_a_mock():
    mocking = [path for path in OURS if any(is_in(module, "unittest.mock", "mock") for module in imports(path))]

    assert mocking == []


def test_no_module_has_a_name_that_says_nothing():
    named = [part for path in OURS for part in (path.stem, path.parent.name)]

    assert not EMPTY_NAMES.intersection(named)


@pytest.mark.parametrize("path", [path for path in OURS if not is_table(path)], ids=name_of)
def test_a_module_is_short_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= MODULE_LINES


def test_no_code_names_a_path_of_somebodys_machine():
    private = re.compile(r"/(?:work|home|Users)/\w")

    assert [name_of(path) for path in OURS if path != Path(__file__) and private.search(path.read_text())] == []


def readme_settings() -> dict[str, str]:
    """Name and default from each row of the README's table whose first cell is a variable of ours."""
    rows = re.findall(r"^\|\s*`(FACEMATCH_\w+)`\s*\|([^|]*)\|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a setting is listed twice"
    return {name: default.strip().strip("`").strip() for name, default in rows}


def written(value: object) -> set[str]:
    """The ways in which the README may write a default."""
    if value in (None, ()):
        return {"none"}
    if isinstance(value, tuple):
        return {",".join(value), ", ".join(value)}
    if isinstance(value, float):
        return {f"{value:g}", str(value)}
    return {str(value), f"{value:,}"} if isinstance(value, int) else {str(value)}


def test_the_readme_lists_every_setting_and_no_other():
    fields = {*dataclasses.fields(Settings), *dataclasses.fields(Limits)}

    assert set(readme_settings()) == {PREFIX + field.name.upper() for field in fields} - {"FACEMATCH_LIMITS"}


def test_the_readme_tells_the_defaults_as_they_are():
    listed = readme_settings()
    listed.pop("FACEMATCH_DATA_DIR")  # each system has its own
    values = {
        PREFIX + field.name.upper(): getattr(owner, field.name)
        for owner in (Settings(), Limits())
        for field in dataclasses.fields(owner)
    }

    assert {name: default for name, default in listed.items() if default not in written(values[name])} == {}


def test_every_requirement_is_one_exact_version_with_a_reason():
    for file in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        lines = [line for line in file.read_text().splitlines() if line.strip() and not line.startswith(("#", "-r "))]

        assert lines
        assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+\s+# \S.*", line)] == []


def test_what_ships_listens_to_this_machine_only_and_reports_to_nobody():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())

    assert config["server"]["address"] == "127.0.0.1"
    assert set(config["server"]["allowedHosts"]) == {"localhost", "127.0.0.1"}
    assert config["server"]["headless"] is True
    assert config["browser"]["gatherUsageStats"] is False
