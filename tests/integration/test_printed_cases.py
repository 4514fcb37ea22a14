"""What the database knows of a case is what its documents are printed from."""

from dataclasses import replace

from responders.case_summary import case_summary
from responders.documents import Letterhead, minutes, receipt
from responders.paper_names import names_of
from responders.wording import Wording
from store.casebook import open_casebook
from store.database import Database
from store.reading import Reading
from tests.complaints import DESK, HANOI, LAN, MORNING, POLICY, TUAN, photo
from tests.memory import carry_out, claim, enter, open_in, received
from tests.pdf_words import read_pages
from tickets.effects import Assign, MakeOffer, Note
from tickets.ticket import Offer


def test_a_case_of_the_database_can_be_printed(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    offer = Offer(key="refund", outcome="refund", text="Hoàn tiền", by=LAN, at=MORNING, state="sent", amount=120_000)
    with open_casebook(database, POLICY, MORNING) as book:
        mail = received(waiting, subject="Sai màu", reply_text="Chào shop", attachments=(photo("ảnh.jpg"),))
        opened = open_in(book, mail, letters=[TUAN])
        carry_out(book, opened, Assign(owner=LAN), MakeOffer(offer=offer), Note(event="noted", data={"text": "Đã gọi"}))
    case = Reading(database, POLICY).show_ticket(opened.number)
    assert case is not None
    head = Letterhead(
        company=POLICY.name, wording=Wording(language="vi", zone=HANOI, names=names_of(POLICY, DESK, "vi"))
    )

    summary = "\n".join(read_pages(case_summary(case, head=head, files=(), made_at=MORNING)))
    assert f"Giao hồ sơ cho Lan <{LAN}>." in summary
    assert "Phương án giải quyết: Hoàn tiền; 120.000 đ" in summary
    assert "Ghi chú: Đã gọi" in summary
    assert "Chào shop" in summary
    assert "ảnh.jpg\nThư số 1" in summary
    english = replace(head, wording=replace(head.wording, language="en"))
    assert read_pages(receipt(case, head=english, said="Hi", taken_by="Lan", made_at=MORNING))
    assert read_pages(minutes(case, head=head, said="Sai màu", agreed="Đổi", taken_by="Lan", made_at=MORNING))
