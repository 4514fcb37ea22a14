"""Links to places where people put photos and videos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.link_hosts import file_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://drive.google.com/file/d/1abc/view?usp=sharing", "google-drive"),
        ("https://docs.google.com/document/d/1abc", "google-drive"),
        ("HTTPS://DRIVE.GOOGLE.COM/open?id=1", "google-drive"),
        ("https://drive.google.com:443/open?id=1", "google-drive"),
        ("https://drive.google.com./open?id=1", "google-drive"),
        ("https://photos.app.goo.gl/AbC", "google-photos"),
        ("https://photos.google.com/share/x", "google-photos"),
        ("https://www.dropbox.com/s/abc/video.mp4?dl=0", "dropbox"),
        ("https://dl.dropboxusercontent.com/s/abc", "dropbox"),
        ("https://1drv.ms/v/s!Abc", "onedrive"),
        ("https://onedrive.live.com/?id=1", "onedrive"),
        ("https://hakago-my.sharepoint.com/:v:/g/x", "onedrive"),
        ("https://www.icloud.com/photos/#0abc", "icloud"),
        ("https://share.icloud.com/photos/0abc", "icloud"),
        ("https://youtu.be/abc", "youtube"),
        ("https://m.youtube.com/watch?v=abc", "youtube"),
        ("https://www.facebook.com/share/v/1", "facebook"),
        ("https://fb.watch/abc", "facebook"),
        ("https://zalo.me/0901234567", "zalo"),
        ("https://f20-zpc.zdn.vn/jpg/1.jpg", "zalo"),
        ("https://we.tl/t-abc", "wetransfer"),
        ("https://mega.nz/file/abc", "mega"),
        ("https://vt.tiktok.com/abc", "tiktok"),
        ("https://www.fshare.vn/file/ABC", "fshare"),
        ("https://drive.google.com.evil.example/file", None),
        ("https://evil.example/drive.google.com/file", None),
        ("https://drive.google.com@evil.example/file", None),
        ("https://evil.example\\@drive.google.com/file", None),
        ("https://notdropbox.com/s/abc", None),
        ("https://google.com/search?q=drive.google.com", None),
        ("ftp://drive.google.com/file", None),
        ("javascript://drive.google.com/%0aalert(1)", None),
        ("drive.google.com/file", None),
        ("https://[drive.google.com", None),
        ("https://", None),
        ("", None),
    ],
    ids=lambda value: value or "",
)
def test_host_is_told_by_its_name_alone(url, host):
    assert file_host(url) == host


@given(st.text().map(lambda rest: f"https://{rest}"))
def test_any_address_has_a_host_or_none(url):
    file_host(url)
