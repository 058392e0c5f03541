"""Live codes: the page, and the digits wherever they are shown."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "page.live_code": "Live code",
    "page.live_code.purpose": "Ask for the digits that a person reads aloud, record with them, and see what was heard.",
}

ZH: Mapping[str, str] = {
    "page.live_code": "数字验证码",
    "page.live_code.purpose": "获取需要朗读的数字，用它录制视频，并核对识别到的内容。",
}
