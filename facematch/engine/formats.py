"""Which format a file has, by its first bytes and never by its name."""

UNKNOWN = "unknown"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"%PDF", "pdf"),
    (b"8BPS", "psd"),
    (b"\x00\x00\x00\x0cjP  ", "jpeg 2000"),
    (b"\xff\x4f\xff\x51", "jpeg 2000"),
    (b"\xff\x0a", "jpeg xl"),
    (b"\x00\x00\x00\x0cJXL ", "jpeg xl"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x1aE\xdf\xa3", "webm or mkv video"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BM", "bmp"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<svg", "svg"),
    (b"<?xml", "xml or svg"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


def format_of(data: bytes) -> str:
    """A lower-case name such as ``jpeg``, ``png``, ``webp``, ``bmp``, ``heic`` or ``pdf``; `UNKNOWN` otherwise."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return _iso_media(data)
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    return found or next((name for tag, name in _MARKUP if start.startswith(tag)), UNKNOWN)


def _iso_media(data: bytes) -> str:
    """HEIC, AVIF and MP4 share a container; its brands tell them apart, the first one being the main one."""
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, 40, 4))]
    if brands[0] in _AVIF_BRANDS or (brands[0] in {b"mif1", b"msf1"} and _AVIF_BRANDS & set(brands)):
        return "avif"
    return "heic" if brands[0] in _HEIC_BRANDS else "mp4 or mov video"
