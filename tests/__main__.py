"""``python -m tests``: install what the tests need, Chromium and PostgreSQL included, then run the whole suite.

Only the standard library is used before the installation. Arguments are handed to pytest.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL = Path("/usr/lib/postgresql")  # Debian keeps its programs off the PATH
PACKAGES = ("chromium", "fonts-noto-cjk", "curl", "postgresql")


def main() -> int:
    """Install, then test; returns pytest's exit code."""
    run(sys.executable, "-m", "pip", "install", "--quiet", "--requirement", str(ROOT / "tests" / "requirements.txt"))
    if not (has_chromium() and has_postgresql() and shutil.which("curl")):
        install_programs()
    return subprocess.call([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT)


def has_chromium() -> bool:
    """Is there one that the browser tests find by name?"""
    return any(map(shutil.which, CHROMIUM))


def has_postgresql() -> bool:
    """Are the programs there that make and run a cluster?"""
    return bool(shutil.which("initdb")) or any(POSTGRESQL.glob("*/bin/initdb"))


def install_programs() -> None:
    """By apt where it may; else Chromium as Playwright builds it, and the tests on PostgreSQL will fail."""
    apt = shutil.which("apt-get")
    if apt is not None:
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        try:
            run(*as_root, apt, "update", "-qq")
            run(*as_root, apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)
        except (OSError, subprocess.CalledProcessError):
            print("apt could not install the programs", file=sys.stderr)
    if not has_postgresql():
        print("there is no PostgreSQL (initdb, postgres): the tests that need it will fail", file=sys.stderr)
    if not has_chromium():
        run(sys.executable, "-m", "playwright", "install", "chromium")


def run(*command: str) -> None:
    """Run it, show it, stop when it fails."""
    print("+", " ".join(command), flush=True)
    subprocess.run(command, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    sys.exit(main())
