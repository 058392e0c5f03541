"""The same call as a shell command and as a Python program, with files and the token's variable in place of data."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

FILES = {"image": "reference.jpg", "faceData": "probe.jpg"}  # what the reader puts beside the snippet


def as_curl(url: str, request: Mapping[str, Any]) -> str:
    """A POSIX shell command; the token comes from ``$FACEMATCH_TOKEN``."""
    body = json.dumps(_filled(request, "$(base64 < {file} | tr -d '\\n')"), ensure_ascii=False, indent=2)
    body = body.replace("\\\\n", "\\n")  # json.dumps doubled the backslash of tr's argument
    return "\n".join(
        (
            f"curl --silent --show-error --max-time 30 {shlex.quote(url)} \\",
            '  --header "Authorization: $FACEMATCH_TOKEN" \\',
            "  --header 'Content-Type: application/json' \\",
            "  --data-binary @- <<BODY",
            body,
            "BODY",
        )
    )


def as_python(url: str, request: Mapping[str, Any]) -> str:
    """A program that needs only requests; the token comes from ``FACEMATCH_TOKEN``."""
    body = json.dumps(_filled(request, "<<{file}>>"), ensure_ascii=False, indent=4)
    for file in FILES.values():
        body = body.replace(f'"<<{file}>>"', f'base64_of("{file}")')
    body = body.replace(": true", ": True").replace(": false", ": False")
    return "\n".join(
        (
            "import base64",
            "import os",
            "from pathlib import Path",
            "",
            "import requests",
            "",
            "",
            "def base64_of(path):",
            "    return base64.b64encode(Path(path).read_bytes()).decode()",
            "",
            "",
            "answer = requests.post(",
            f"    {json.dumps(url)},",
            '    headers={"Authorization": os.environ["FACEMATCH_TOKEN"]},',
            "    json=" + body.replace("\n", "\n    ") + ",",
            "    timeout=30,",
            "    allow_redirects=False,",
            ")",
            "print(answer.status_code, answer.text)",
        )
    )


def _filled(request: Mapping[str, Any], template: str) -> dict[str, Any]:
    return {
        key: {**value, "data": template.format(file=FILES[key])} if key in FILES else value
        for key, value in request.items()
    }
