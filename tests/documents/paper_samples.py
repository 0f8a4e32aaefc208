"""Facts of plausible papers, light and at their extremes."""

from __future__ import annotations

from datetime import date, datetime

from counter_app.domain.papers import ApologyKind, PaperDocument

WORDING = {
    "form_set": "tt03-2025",
    "wording_version": "tt03-2025/1",
    "place": "Cam Lộ",
    "hotline": "0233 3871 234",
}
LIGHT = WORDING | {
    "issued_on": date(2026, 11, 23),
    "office_parent": "Ủy ban nhân dân xã Cam Lộ",
    "office_name": "Trung tâm Phục vụ hành chính công",
    "office_title": "Trung tâm Phục vụ hành chính công xã Cam Lộ",
    "code": "TAM-01-261123-0007",
    "is_provisional_code": True,
    "owner_name": "Nguyễn Thị Ngọc Ánh",
    "owner_id": "045190001234",
    "address": "Thôn Hậu Viên, xã Cam Lộ, tỉnh Quảng Trị",
    "phone": "0905 123 456",
    "procedure_code": "1.004873",
    "procedure_name": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "content": "Xác nhận tình trạng hôn nhân để đăng ký kết hôn",
    "documents": (
        PaperDocument("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", 1),
        PaperDocument("Thẻ căn cước của người yêu cầu", kind="Xuất trình"),
        PaperDocument("Trích lục ghi chú ly hôn", 1, 2),
    ),
    "limit_text": "03 ngày làm việc",
    "received_at": datetime(2026, 11, 23, 9, 12),
    "due_at": datetime(2026, 11, 27, 17, 0),
    "fee_text": "15.000 đồng",
    "officer_name": "Lê Thị Hoài Thương",
    "counter_name": "Quầy số 1 (Tư pháp – Hộ tịch)",
}
DENSE = LIGHT | {
    "official_code": "000.19.44.H50-261223-000123",
    "replaces_code": "TAM-12-261223-0099",
    "reprint_count": 2,
    "owner_name": "Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Bảo Quỳnh Phương Ánh",
    "subject_name": "Nguyễn Phước Hoàng Bảo Khánh An Nhiên",
    "address": (
        "Số nhà 1234/56/78 đường Nguyễn Thị Minh Khai nối dài, tổ dân phố số 15, khu phố Tân Trang"
        " Hậu Viên Thượng, thôn Nghĩa Hy – Thiết Tràng – Cam Vũ, xã Cam Lộ (trước là thị trấn Cam"
        " Lộ cũ), tỉnh Quảng Trị"
    ),
    "email": "cong.tang.ton.nu.nguyen.phuoc.bao.quynh@quangtri.gov.vn",
    "procedure_code": "1.000689",
    "procedure_name": "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
    "content": "Đăng ký khai sinh kết hợp nhận cha, mẹ, con cho trẻ sinh ngày 02/02/2026",
    "documents": (
        PaperDocument(
            "Tờ khai đăng ký khai sinh và nhận cha, mẹ, con theo mẫu ban hành kèm theo Thông tư", 1
        ),
        PaperDocument(
            "Giấy chứng sinh do cơ sở khám bệnh, chữa bệnh cấp hoặc văn bản của người làm chứng",
            1,
            1,
        ),
        PaperDocument(
            "Văn bản xác nhận của cơ quan y tế, cơ quan giám định về quan hệ cha con, mẹ con", 1, 2
        ),
        PaperDocument(
            "Văn bản cam đoan về mối quan hệ cha, mẹ, con, có ít nhất hai người làm chứng ký tên", 2
        ),
        PaperDocument(
            "Thẻ căn cước hoặc hộ chiếu của cha, mẹ và những người làm chứng để đối chiếu", 0, 4
        ),
        PaperDocument(
            "Giấy xác nhận tình trạng hôn nhân của mẹ do Ủy ban nhân dân nơi thường trú trước cấp",
            1,
        ),
        PaperDocument(
            "Quyết định ly hôn đã có hiệu lực pháp luật kèm trích lục ghi chú ly hôn (nếu có)", 0, 1
        ),
        PaperDocument(
            "Văn bản ủy quyền được chứng thực theo quy định trong trường hợp ủy quyền", 1, 1
        ),
        PaperDocument(
            "Biên bản về việc trẻ bị bỏ rơi do cơ quan có thẩm quyền lập (nếu trẻ bị bỏ rơi)", 1
        ),
        PaperDocument(
            "Giấy tờ chứng minh nơi cư trú nếu không khai thác được Cơ sở dữ liệu về dân cư", 0, 2
        ),
    ),
    "is_provisional_due": True,
    "received_at": datetime(2026, 12, 31, 9, 5),
    "due_at": datetime(2027, 1, 5, 17, 0),
    "fee_text": "Miễn lệ phí đăng ký đúng hạn; bản sao trích lục 8.000 đồng/bản × 5 bản",
    "register_volume": "03/2026",
    "register_number": "1234",
}
SORRY = WORDING | {
    "issued_on": date(2026, 11, 26),
    "kind": ApologyKind.RESCHEDULE,
    "agency_name": "Ủy ban nhân dân xã Cam Lộ",
    "office_title": "Trung tâm Phục vụ hành chính công xã Cam Lộ",
    "symbol": "UBND-TTPVHCC",
    "addressee_name": "Nguyễn Thị Ngọc Ánh",
    "addressee_title": "Bà",
    "address": "Thôn Hậu Viên, xã Cam Lộ, tỉnh Quảng Trị",
    "phone": "0905 123 456",
    "procedure_name": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "procedure_code": "1.004873",
    "code": "000.19.44.H50-261123-000123",
    "received_at": datetime(2026, 11, 23, 9, 12),
    "original_due_at": datetime(2026, 11, 27, 17, 0),
    "new_due_at": datetime(2026, 12, 2, 17, 0),
    "reason": "Phải xác minh thời gian cư trú trước đây tại phường Đông Hà",
    "resolving_unit": "Phòng Văn hóa – Xã hội",
    "signer_titles": ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "signer_name": "Trần Hoài Linh",
}
