"""``python -m tests``: install what the tests need, Chromium included, then run the whole suite.

Only the standard library is used before the installation. Arguments are handed to pytest.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk", "curl")


def main() -> int:
    """Install, then test; returns pytest's exit code."""
    run(sys.executable, "-m", "pip", "install", "--quiet", "--requirement", str(ROOT / "tests" / "requirements.txt"))
    if not any(map(shutil.which, CHROMIUM)) or not shutil.which("curl"):
        install_chromium()
    return subprocess.call([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT)


def install_chromium() -> None:
    """By apt where it may, else Playwright's own build."""
    apt = shutil.which("apt-get")
    if apt is not None:
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        try:
            run(*as_root, apt, "update", "-qq")
            run(*as_root, apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)
        except (OSError, subprocess.CalledProcessError):
            print("apt could not install Chromium; trying Playwright's own build", file=sys.stderr)
        else:
            return
    run(sys.executable, "-m", "playwright", "install", "chromium")


def run(*command: str) -> None:
    """Run it, show it, stop when it fails."""
    print("+", " ".join(command), flush=True)
    subprocess.run(command, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    sys.exit(main())
