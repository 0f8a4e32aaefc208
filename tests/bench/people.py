"""Made-up citizens of a commune: names as common as they are, so that search has no easy game."""

from __future__ import annotations

import random
from typing import NamedTuple

# Shares of family names in per cent; the rest is shared by the rare ones.
_FAMILY = (
    ("Nguyễn", 39.0), ("Trần", 11.0), ("Lê", 9.5), ("Phạm", 7.0), ("Hoàng", 5.0), ("Phan", 4.5),
    ("Võ", 3.0), ("Vũ", 2.0), ("Đặng", 2.1), ("Bùi", 2.0), ("Đỗ", 1.4), ("Hồ", 1.3), ("Ngô", 1.3),
    ("Dương", 1.0), ("Lý", 0.5), ("Đào", 0.9), ("Đoàn", 0.9), ("Trương", 0.9), ("Đinh", 0.9),
    ("Lâm", 0.7), ("Huỳnh", 1.0), ("Mai", 0.7), ("Trịnh", 0.7), ("Hà", 0.6), ("Cao", 0.5),
    ("Thái", 0.5), ("Tạ", 0.3), ("Châu", 0.3), ("Quách", 0.2), ("Ông", 0.1), ("Khổng", 0.2),
)  # fmt: skip
_MIDDLE_MALE = "Văn Văn Văn Văn Hữu Đức Công Quang Minh Xuân Đình Ngọc Thanh Quốc Anh".split()
_MIDDLE_FEMALE = "Thị Thị Thị Thị Thị Ngọc Thu Thanh Kim Phương Mỹ Bích Diệu Hoài Quỳnh".split()
_GIVEN_MALE = (
    "Đức Anh Hùng Dũng Tuấn Minh Sơn Hải Nam Long Thắng Cường Trung Kiên Hiếu Phúc Quân Đạt Khánh "
    "Bình Phong Lâm Tùng Việt Thành Tài Lộc Nghĩa Trí Nhân Khoa Đông Giang Hưng Khải Luân Mạnh "
    "Nhật Phát Quý Sang Thịnh Toàn Trường Vinh Vũ Xuân Yên Bảo Chiến"
).split()
_GIVEN_FEMALE = (
    "Hương Lan Hoa Mai Thảo Trang Linh Hà Hằng Nga Ngọc Yến Nhung Phương Thủy Loan Hạnh Huệ Dung "
    "Oanh Tuyết Vân Xuân Đào Điệp Hiền Hòa Kiều Liên Lý Mỹ Na Nguyệt Nhi Oanh Phượng Quyên Sương "
    "Tâm Thanh Thơ Thư Thúy Tiên Trâm Trinh Tuyền Uyên Vy Ý"
).split()
_VILLAGES = (
    "Thôn Đông Hải;Thôn Tây An;Thôn Nam Phú;Thôn Bắc Bình;Thôn Trung Chỉ;Thôn Phú Hậu;Thôn An Lạc;"
    "Thôn Đông Hà;Khu phố 1;Khu phố 2;Khu phố 3;Khu phố 4;Tổ dân phố Thượng Lâm;Ấp Chợ;Ấp Bàu Sen"
).split(";")
_STREETS = "Trần Hưng Đạo;Lê Lợi;Nguyễn Huệ;Quốc lộ 9;Hùng Vương;Điện Biên Phủ;30/4".split(";")
_COMMUNE = "xã Cam Lộ, tỉnh Quảng Trị"


class Citizen(NamedTuple):
    """Who comes to the counter."""

    name: str
    number: str
    birth_date: str
    sex: str
    address: str
    phone: str


class People:
    """Draws citizens; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._families = [name for name, _ in _FAMILY]
        self._weights = [share for _, share in _FAMILY]

    def families(self, count: int) -> list[str]:
        """Draw family names, many at once."""
        return self._random.choices(self._families, self._weights, k=count)

    def draw(self, count: int) -> list[Citizen]:
        """Draw citizens; numbers and phones are all different with near certainty."""
        return [self._citizen(family) for family in self.families(count)]

    def _citizen(self, family: str) -> Citizen:
        draw = self._random
        is_man = draw.random() < 0.5
        middles, givens = (_MIDDLE_MALE, _GIVEN_MALE) if is_man else (_MIDDLE_FEMALE, _GIVEN_FEMALE)
        words = [family, draw.choice(middles), draw.choice(givens)]
        if draw.random() < 0.15:
            words.insert(2, draw.choice(givens))
        year = draw.randint(1940, 2006)
        century = 0 if year < 2000 else 2
        province = draw.choice(("045", "045", "045", "046", "044", "001", "079"))
        number = (
            f"{province}{century + (0 if is_man else 1)}{year % 100:02d}{draw.randrange(10**6):06d}"
        )
        village = draw.choice(_VILLAGES)
        street = f"{draw.randint(1, 250)} {draw.choice(_STREETS)}, " if draw.random() < 0.3 else ""
        phone = f"0{draw.choice('35789')}{draw.randrange(10**8):08d}"
        return Citizen(
            name=" ".join(words),
            number=number,
            birth_date=f"{year}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            sex="male" if is_man else "female",
            address=f"{street}{village}, {_COMMUNE}",
            phone=phone,
        )
