"""The daemon as its users meet it: an answer within seconds, an end within ten, one line for each mistake."""

import subprocess
import time
from datetime import datetime, timedelta

from tests.acceptance.harness import PROGRAM, Site
from tests.installation import HANOI, LAN
from tests.own_mails import TUAN, write_mail
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import HANG

STOP = 10.0  # seconds


def test_mail_is_answered_within_seconds_under_idle(site: Site):
    site.configure(staff=[LAN])
    with site.running() as daemon:
        assert daemon.wait_until(lambda: "started" in daemon.log), daemon.log
        site.receive(1)
        assert daemon.wait_until(lambda: len(site.sink.received) == 2), daemon.log
        for _ in range(3):
            before, started = len(site.sink.received), time.monotonic()
            site.receive(1)
            assert daemon.wait_until(lambda before=before: len(site.sink.received) == before + 2)  # type: ignore[misc]
            assert time.monotonic() - started < 5
    assert site.lost() == []


def test_idle_daemon_ends_at_once_on_sigterm(site: Site):
    with site.running() as daemon:
        assert daemon.wait_until(lambda: "started" in daemon.log), daemon.log
        assert daemon.terminate() < STOP
        assert daemon.wait() == 0
    assert "Traceback" not in daemon.log


def test_busy_daemon_ends_within_ten_seconds_on_sigterm_and_loses_nothing(site: Site):
    site.receive(60)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: len(site.sink.received) > 3), daemon.log
        assert daemon.terminate() < STOP
        assert daemon.wait() == 0
    assert "Traceback" not in daemon.log
    site.run_once()
    assert site.lost() == []
    assert site.repeated == 0


def test_daemon_ends_within_ten_seconds_while_the_smtp_server_hangs(site: Site):
    site.sink.answer("DATA", HANG)
    site.receive(1)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: site.sink.hanging == 1), daemon.log
        assert daemon.terminate() < STOP
    assert "ERROR" not in daemon.log
    site.run_once(now=datetime.now(HANOI) + timedelta(hours=1))  # where it counts as tried, it is due again
    assert site.lost() == []


def test_daemon_ends_within_ten_seconds_while_the_imap_server_hangs_in_mid_fetch(
    site: Site, scripted_imap: ScriptedImap
):
    text = site.config.read_text(encoding="utf-8")
    text = text.replace(f"port = {site.mailbox.port}", f"port = {scripted_imap.port}")
    site.config.write_text(text.replace(site.mailbox.username, scripted_imap.username), encoding="utf-8")
    scripted_imap.script.hang_after = 100
    scripted_imap.add(write_mail())
    with site.running() as daemon:
        assert daemon.wait_until(lambda: any("BODY" in one for one in scripted_imap.commands)), daemon.log
        assert daemon.terminate() < STOP
    scripted_imap.script.hang_after = None
    assert site.run_once().wait() == 0
    assert [one["customer_email"] for one in site.tickets()] == [TUAN]


def test_poison_mail_first_in_the_box_is_quarantined_and_comes_back_after_the_fix(site: Site):
    words = site.folder / "words" / "vi"
    words.mkdir(parents=True)
    (words / "acknowledgement.txt").write_text("Subject: x\n\n{{ khach_hang }}\n", encoding="utf-8")
    site.configure(service=f'templates = "{words.parent}"')
    site.mailbox.append(write_mail())
    english = "I ordered the blue shirt but received the red one. Please exchange it, thank you very much."
    site.mailbox.append(write_mail(sender="john@khach.example", name="John", subject="Wrong colour", text=english))
    site.run_once()
    assert [one["customer_email"] for one in site.tickets()] == ["john@khach.example"]
    assert "khach_hang" in _tiepnhan(site, "quarantine", "list")
    (words / "acknowledgement.txt").unlink()
    assert "1 back in the inbox" in _tiepnhan(site, "quarantine", "retry")
    site.run_once()
    assert [one["customer_email"] for one in site.tickets()] == ["john@khach.example", TUAN]
    assert len(site.sent_to(TUAN)) == 1


def test_failed_delivery_is_seen_in_tickets_show(site: Site):
    site.sink.refuse(TUAN, "550 5.1.1 Khong co nguoi nay")
    site.mailbox.append(write_mail())
    site.run_once()
    page = _tiepnhan(site, "tickets", "show", site.tickets()[0]["number"])
    assert "Không gửi được: " in page
    assert "Khong co nguoi nay" in page
    assert f"Thư gửi {TUAN} bị trả lại" in page


def _tiepnhan(site: Site, *arguments: str) -> str:
    command = [str(PROGRAM), *arguments, "--config", str(site.config)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout
