"""The same call as a shell command and as a Python program: files and variables in place of what is private."""

import json
import secrets
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

FILES = {"image": "reference.jpg", "faceData": "probe.jpg"}  # what the reader puts beside the snippet
VIDEO_FILE = "probe.mp4"
VARIABLES = {  # and what he exports besides FACEMATCH_TOKEN
    "idNum": "FACEMATCH_ID_NUMBER",
    "name": "FACEMATCH_NAME",
    "liveCode": "FACEMATCH_LIVE_CODE",
}


@dataclass(frozen=True, slots=True)
class _Language:
    """How a JSON body with blanks is written down."""

    indent: int
    file: str  # the base64 of the file ``{}``
    variable: str  # the environment's ``{}``
    truth: tuple[str, str]  # false, true
    special: str  # characters that want a backslash

    def body(self, request: Mapping[str, Any]) -> str:
        """The JSON text; whatever a server or an operator wrote stays text."""
        blanks: dict[str, str] = {}

        def blank(written: str) -> str:
            mark = secrets.token_hex(16)  # nobody's text has it
            blanks[f'"{mark}"'] = written
            return mark

        text = json.dumps(self._with_blanks(request, blank), ensure_ascii=False, indent=self.indent)
        for character in self.special:
            text = text.replace(character, "\\" + character)
        for mark, written in blanks.items():
            text = text.replace(mark, written)
        return text

    def _with_blanks(self, request: Mapping[str, Any], blank: Callable[[str], str]) -> dict[str, Any]:
        filled = {key: self._value(key, value, blank) for key, value in request.items()}
        for key in FILES.keys() & request.keys():
            if request[key].get("origin", "self") == "self":
                is_video = request[key].get("type") == "video"
                data = blank(self.file.format(VIDEO_FILE if is_video else FILES[key]))
                filled[key] = {**request[key], "data": data}
        return filled

    def _value(self, key: str, value: Any, blank: Callable[[str], str]) -> Any:
        if key in VARIABLES:
            return blank(self.variable.format(VARIABLES[key]))
        return blank(self.truth[value]) if isinstance(value, bool) else value


_SHELL = _Language(2, "\"$(base64 < {} | tr -d '\\n')\"", '"${}"', ("false", "true"), "\\$`")
_PYTHON = _Language(4, 'base64_of("{}")', 'os.environ["{}"]', ("False", "True"), "")


def as_curl(url: str, request: Mapping[str, Any]) -> str:
    """A POSIX shell command; the token comes from ``$FACEMATCH_TOKEN``.

    Args:
        url: The endpoint's address.
        request: The body as ``Exchange.request`` shows it.
    """
    body = _SHELL.body(request)
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
    """A program that needs only requests; the token comes from ``FACEMATCH_TOKEN``. The arguments are ``as_curl``'s."""
    body = _PYTHON.body(request)
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
