"""Typed access to a face-verification service; every call leaves one row in the log.

client = FaceMatchClient("http://127.0.0.1:7007", token, log=log)
client.match(Photo.from_path("card.jpg"), Photo(data)).passed
client.match(card, Video(clip))                                              # SILENT
client.match(card, Video(clip), live_code=client.live_code().code)           # LIP
client.verify_identity("190001196102030010", "演示甲", Video.from_link("https://host/clip.mp4"))
accepted = client.start_match(card, Video.from_file_server("clips/1.mp4"))   # async
client.result(accepted.trace_no)                                             # Match, or Pending
client.local.enrol_demo()                                                    # our own service only
"""

from facematch.client.client import FaceMatchClient
from facematch.client.local_service import LocalService
from facematch.client.media import Photo, Video
from facematch.client.results import Accepted, Enrolment, Exchange, IssuedCode, Match, Pending
from facematch.client.run import RunItem
from facematch.client.snippets import as_curl, as_python
from facematch.errors import NotOffered, StillProcessing

__all__ = [
    "Accepted", "Enrolment", "Exchange", "FaceMatchClient", "IssuedCode", "LocalService", "Match", "NotOffered",
    "Pending", "Photo", "RunItem", "StillProcessing", "Video", "as_curl", "as_python",
]  # fmt: skip
