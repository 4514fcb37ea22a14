"""Where a link leads, if it is a place people put photos and videos: Drive, Dropbox, YouTube, Zalo …

Told by the host alone, exact or as a subdomain, for "drive.google.com.evil.example" is nobody's drive. Never raises.
"""

from typing import Final
from urllib.parse import urlsplit

_HOSTS_TEXT: Final = {
    "google-drive": "drive.google.com docs.google.com",
    "google-photos": "photos.google.com photos.app.goo.gl",
    "dropbox": "dropbox.com db.tt dropboxusercontent.com",
    "onedrive": "onedrive.live.com 1drv.ms onedrive.com sharepoint.com",
    "icloud": "icloud.com",
    "youtube": "youtube.com youtu.be youtube-nocookie.com",
    "facebook": "facebook.com fb.com fb.watch fb.me",
    "zalo": "zalo.me zaloapp.com zdn.vn",
    "tiktok": "tiktok.com",
    "instagram": "instagram.com",
    "wetransfer": "wetransfer.com we.tl",
    "mega": "mega.nz mega.io mega.co.nz",
    "mediafire": "mediafire.com",
    "fshare": "fshare.vn",
    "box": "box.com",
    "terabox": "terabox.com 1024terabox.com",
    "imgur": "imgur.com",
    "vimeo": "vimeo.com",
    "streamable": "streamable.com",
}
_HOSTS: Final = {host: name for name, hosts in _HOSTS_TEXT.items() for host in hosts.split()}
_MOST_LABELS: Final = 8
# Where people put a video for somebody; a link to Facebook or Zalo is as often a profile.
KEEPERS: Final = frozenset(
    {"google-drive", "google-photos", "dropbox", "onedrive", "icloud", "wetransfer", "mega", "youtube"}
)


def file_host(url: str) -> str | None:
    """The name of the service, such as "google-drive"; None for every other address."""
    if "\\" in url:  # browsers take it for "/", urlsplit does not: the host would not be the one that is opened
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    labels = host.removesuffix(".").split(".")[-_MOST_LABELS:]
    return next((_HOSTS[name] for at in range(len(labels)) if (name := ".".join(labels[at:])) in _HOSTS), None)
