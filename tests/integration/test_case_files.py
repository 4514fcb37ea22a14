"""The file of a case: everything in one archive, checkable, the same each time."""

import json
import subprocess
import tracemalloc
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from intake.cases.archives import SUMS, new_archive
from intake.cases.casework import Casework
from intake.cases.entry_forms import Form, FormReader
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from store.blobs import Blobs
from store.spool import Spool
from tests.installation import LAN, MINH
from tests.mailroom import Mailroom
from tests.own_mails import ALL_FILES, PHOTO, TUAN, File, write_bounce, write_mail
from tests.pdf_words import read_pages
from tests.servers.sink import SmtpSink

SHOP = "shop@ban-hang.example"
SECRET = "Khách này hay khiếu nại, cần cẩn thận."


@pytest.fixture
def room(tmp_path: Path, sink: SmtpSink) -> Mailroom:
    return Mailroom(tmp_path, sink)


def export(room: Mailroom, *options: str, name: str = "case") -> Path:
    """The only case, unpacked by a stranger's program and checked by another."""
    archive, folder = room.folder / f"{name}.zip", room.folder / name
    room.command("tickets", "export", *room.numbers(), "--output", str(archive), *options)
    with ZipFile(archive) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    checked = subprocess.check_output(["sha256sum", "--check", "--strict", SUMS], cwd=folder)
    assert len(checked.splitlines()) == len(names(folder)) - 1
    return folder


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def words(folder: Path, summary: str = "tom-tat.pdf") -> str:
    return "\n".join(read_pages((folder / summary).read_bytes()))


def test_the_file_of_a_case_holds_what_came_and_went_byte_for_byte(room: Mailroom):
    complaint = write_mail(files=ALL_FILES)
    room.take_in(complaint)
    folder = export(room)
    assert names(folder) == [
        SUMS,
        *sorted(f"evidence/{one.name}" for one in ALL_FILES),
        "history.json",
        "mails/001-in-2025-06-03-customer.eml",
        "mails/002-out-2025-06-03-acknowledgement.eml",
        "mails/003-out-2025-06-03-staff-opened.eml",
        "ticket.json",
        "tom-tat.pdf",
    ]
    assert (folder / "mails/001-in-2025-06-03-customer.eml").read_bytes() == complaint
    assert [(folder / "mails/002-out-2025-06-03-acknowledgement.eml").read_bytes()] == room.sent_raw(TUAN)
    for one in ALL_FILES:
        assert (folder / "evidence" / one.name).read_bytes() == one.content
    assert json.loads((folder / "ticket.json").read_text("utf-8"))["customer_email"] == TUAN
    assert json.loads((folder / "history.json").read_text("utf-8"))[0]["event"] == "opened"
    told = words(folder)
    assert all(f"evidence/{one.name}" in told for one in ALL_FILES)
    assert sha256(complaint).hexdigest() in told.replace("\n", "")


def test_what_is_for_staff_only_stays_out_of_the_file_for_an_authority(room: Mailroom):
    room.take_in(write_mail(files=ALL_FILES))
    (number,) = room.numbers()
    room.do(number, "note", text=SECRET)
    room.do(number, "lesson", text=SECRET)
    room.receive(write_bounce(of=room.sent_raw(LAN)[0], recipient=LAN))
    assert room.work() == []
    outside, inside = export(room, "--for-authority"), export(room, name="all")
    assert not any(LAN.encode() in path.read_bytes() for path in folder_mails(outside))
    assert SECRET not in (outside / "history.json").read_text("utf-8") + words(outside)
    assert {"automatic", "mails"} <= {path.name for path in inside.iterdir()}
    assert (outside / "automatic").exists() is False
    assert any(LAN.encode() in path.read_bytes() for path in folder_mails(inside))
    assert (inside / "history.json").read_text("utf-8").count(SECRET) == 2
    assert SECRET in words(inside)


def test_what_staff_say_among_themselves_stays_out_of_the_file_for_an_authority(room: Mailroom):
    room.configure(staff=[LAN, MINH])
    text = room.config.read_text("utf-8")
    room.config.write_text(text.replace(f'email = "{MINH}"', f'email = "{MINH}"\nrole = "manager"'), "utf-8")
    room.take_in(write_mail(files=ALL_FILES))
    (number,) = room.numbers()
    room.do(number, "tell", "cskh", text=f"{SECRET} 1")
    room.do(number, "propose", "refund", text=f"{SECRET} 2")
    room.do(number, "reject", text=f"{SECRET} 3", by=MINH)
    room.do(number, "called", text=f"{SECRET} 4")
    room.do(number, "suspend", TUAN, text=f"{SECRET} 5", by=MINH)
    room.do(number, "propose", "refund", text=f"{SECRET} 6")
    folder = export(room, "--for-authority")
    told = words(folder) + "".join((folder / name).read_text("utf-8") for name in ("history.json", "ticket.json"))
    assert SECRET not in " ".join(told.split())
    assert "Hàng" in told
    assert SECRET in (export(room, name="all") / "history.json").read_text("utf-8")


def folder_mails(folder: Path) -> list[Path]:
    return sorted((folder / "mails").iterdir())


def test_a_talk_with_the_seller_and_a_bounce_belong_to_the_case(room: Mailroom):
    room.take_in(write_mail(files=ALL_FILES))
    (number,) = room.numbers()
    room.do(number, "seller", SHOP)
    room.do(number, "ask-seller", text="Which colour did you send?")
    (question,) = room.sent_raw(SHOP)
    room.take_in(write_mail(sender=SHOP, name="Shop", text="Red.", subject="Re: x", answers=room.answer(question)))
    bounce = write_bounce(of=room.sent_raw(TUAN)[0], recipient=TUAN)
    room.take_in(bounce)
    folder = export(room, "--for-authority")
    kinds = [name.split("-", 5)[-1] for name in names(folder / "mails")]
    assert kinds == ["customer.eml", "acknowledgement.eml", "seller-question.eml", "seller.eml"]
    assert (folder / "automatic/001-2025-06-03-bounce.eml").read_bytes() == bounce


def test_the_same_case_gives_the_same_bytes(room: Mailroom):
    room.take_in(write_mail(files=ALL_FILES))
    export(room)
    room.command("tickets", "export", *room.numbers(), "--output", str(room.folder / "again.zip"))
    assert (room.folder / "again.zip").read_bytes() == (room.folder / "case.zip").read_bytes()


def test_names_of_attachments_are_no_paths_and_each_file_goes_in_once(room: Mailroom):
    files = [
        File(name="../../etc/passwd", type="image/jpeg", content=PHOTO + b"1"),
        File(name="ảnh.jpg", type="image/jpeg", content=PHOTO + b"2"),
        File(name="ẢNH.jpg", type="image/jpeg", content=PHOTO + b"3"),
        File(name="lại gửi.jpg", type="image/jpeg", content=PHOTO + b"2"),
        File(name="CON.jpg", type="image/jpeg", content=PHOTO + b"4"),
    ]
    room.take_in(write_mail(files=files))
    folder = export(room)
    assert names(folder / "evidence") == sorted(["_.._etc_passwd", "ảnh.jpg", "ẢNH (2).jpg", "_CON.jpg"])


def test_files_that_are_not_kept_any_more_are_named_and_stop_nothing(room: Mailroom):
    complaint = write_mail(files=ALL_FILES)
    room.take_in(complaint)
    Spool(room.data / "spool").delete(sha256(complaint).hexdigest())
    Blobs(room.data / "blobs").path(sha256(ALL_FILES[0].content).hexdigest()).unlink()
    said = room.command("tickets", "export", *room.numbers(), "--output", str(room.folder / "x.zip"))
    assert "not kept any more: mails/001-in-2025-06-03-customer.eml" in said
    assert f"not kept any more: evidence/{ALL_FILES[0].name}" in said
    folder = export(room, "--language", "en")
    not_kept = words(folder, "summary.pdf").partition("Files that are kept no longer")[2]
    assert "mails/001-in-2025-06-03-customer.eml" in not_kept
    assert ALL_FILES[0].name in not_kept


def test_an_archive_is_never_written_over_unless_somebody_insists(room: Mailroom):
    room.take_in(write_mail())
    target = room.folder / "mine.zip"
    target.write_bytes(b"mine")
    arguments = ("tickets", "export", *room.numbers(), "--output", str(target))
    assert "is there already" in room.command(*arguments, exit_code=1)
    assert target.read_bytes() == b"mine"
    room.command(*arguments, "--force")
    assert target.read_bytes().startswith(b"PK")
    assert target.stat().st_mode & 0o077 == 0
    assert "there is no ticket HKG-99-000001" in room.command("tickets", "export", "HKG-99-000001", exit_code=1)


def test_an_archive_that_cannot_be_finished_leaves_nothing(tmp_path: Path):
    def fail() -> None:
        with new_archive(tmp_path / "x.zip", may_replace=False) as archive:
            archive.add("a.txt", b"a")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_the_receipt_of_a_case_by_phone_goes_along(room: Mailroom):
    config = read_config(room.config)
    policy = read_policy(config.service.policy)
    casework = Casework(config, policy, room.database(), lambda: room.now)
    reader = FormReader(policy, casework.desk, config.service.address)
    entry = reader.read(Form(channel="counter", text="Áo bị rách ở vai, tôi muốn đổi.", name="Tuấn"), room.now)
    done = casework.enter(entry, casework.person(LAN), print_receipt=True)
    folder = export(room)
    (paper,) = names(folder / "papers")
    assert (folder / "papers" / paper).read_bytes() == done.paper
    assert "Áo bị rách ở vai" in words(folder)


def test_memory_does_not_grow_with_the_video(tmp_path: Path):
    video = tmp_path / "video.mp4"
    with video.open("wb") as file:
        file.truncate(48 * 1024 * 1024)
    tracemalloc.start()
    try:
        with new_archive(tmp_path / "x.zip", may_replace=False) as archive:
            archive.add_file("evidence/video.mp4", video)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8 * 1024 * 1024
    with ZipFile(tmp_path / "x.zip") as packed:
        entry = packed.getinfo("evidence/video.mp4")
        assert (entry.compress_type, entry.file_size) == (ZIP_STORED, 48 * 1024 * 1024)
