"""The catalogue of error codes as a page."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "page.error_codes": "Error codes",
    "page.error_codes.purpose": "What each errcode means, how often it was seen here, and what to do.",
}

ZH: Mapping[str, str] = {
    "page.error_codes": "错误码",
    "page.error_codes.purpose": "每个错误码的含义、在这里出现的次数和处理办法。",
}
