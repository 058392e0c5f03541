"""ID verification."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "page.id_verification": "ID verification",
    "page.id_verification.purpose": "ID number, name and a photo or video against the portrait that the authority holds.",
}

ZH: Mapping[str, str] = {
    "page.id_verification": "身份验证",
    "page.id_verification.purpose": "用身份证号、姓名和照片或视频，与权威库中的照片比对。",
}
