"""Says in words what is wrong with a rejected line and how to repair it, in two languages."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header

from services.registry import queries
from services.registry.models import ImportRejection
from services.registry.schemas import RejectionView
from shared.database import Database
from shared.web.paging import Window

_PAGE: Final = 1_000

_TEXTS: Final = {
    "unit_unknown": (
        "No unit has this region code.",
        "Write the region code of the unit, such as 35.79.",
        "Tidak ada unit dengan kode wilayah ini.",
        "Tulis kode wilayah unit, misalnya 35.79.",
    ),
    "unit_not_yours": (
        "The row belongs to another unit.",
        "Leave it to that unit, or correct the code.",
        "Baris ini milik unit lain.",
        "Serahkan kepada unit tersebut, atau perbaiki kodenya.",
    ),
    "kind_unknown": (
        "The kind is not one of the two.",
        "Write enterprise or cooperative.",
        "Jenis tidak dikenal.",
        "Tulis enterprise (usaha) atau cooperative (koperasi).",
    ),
    "size_class_unknown": (
        "The size class is not one of the three in law.",
        "Write mikro, kecil or menengah.",
        "Kelas usaha bukan salah satu dari tiga kelas menurut undang-undang.",
        "Tulis mikro, kecil atau menengah.",
    ),
    "trade_name_missing": (
        "The trade name is missing.",
        "Write the name the business trades under.",
        "Nama usaha kosong.",
        "Tulis nama usaha.",
    ),
    "trade_name_too_long": (
        "The trade name is longer than 120 characters.",
        "Shorten it.",
        "Nama usaha lebih dari 120 karakter.",
        "Persingkat namanya.",
    ),
    "trade_name_characters": (
        "The trade name has a character that cannot be shown.",
        "Type the name again.",
        "Nama usaha memuat karakter yang tidak dapat ditampilkan.",
        "Ketik ulang namanya.",
    ),
    "village_shape": (
        "A village code has ten digits.",
        "Write it like 31.71.01.1001, by the Kemendagri list.",
        "Kode desa atau kelurahan terdiri dari sepuluh angka.",
        "Tulis seperti 31.71.01.1001 menurut daftar Kemendagri.",
    ),
    "village_unknown": (
        "No village has this code.",
        "Look it up in the Kemendagri list; a BPS code looks alike and differs.",
        "Tidak ada desa atau kelurahan dengan kode ini.",
        "Periksa daftar Kemendagri; kode BPS mirip tetapi berbeda.",
    ),
    "kbli_shape": (
        "A KBLI code has five digits.",
        "Write the five-digit code of the main activity, such as 10794.",
        "Kode KBLI terdiri dari lima angka.",
        "Tulis kode lima angka kegiatan utama, misalnya 10794.",
    ),
    "kbli_unknown": (
        "KBLI has no division with these first two digits.",
        "Look the activity up in KBLI.",
        "KBLI tidak memiliki golongan pokok dengan dua angka pertama ini.",
        "Periksa kegiatan usaha dalam KBLI.",
    ),
    "reference_too_long": (
        "Your own number is longer than 40 characters.",
        "Shorten it.",
        "Nomor milik kantor lebih dari 40 karakter.",
        "Persingkat nomornya.",
    ),
    "reference_characters": (
        "Your own number has a character that cannot be shown.",
        "Type it again.",
        "Nomor milik kantor memuat karakter yang tidak dapat ditampilkan.",
        "Ketik ulang nomornya.",
    ),
    "encoding": (
        "A character is not in UTF-8.",
        "Save the file as CSV in UTF-8 and check this field.",
        "Ada karakter yang bukan UTF-8.",
        "Simpan berkas sebagai CSV UTF-8 dan periksa kolom ini.",
    ),
    "columns": (
        "The line has more or fewer columns than the first line names.",
        "Give each column one value; put a value with the separator in quotation marks.",
        "Jumlah kolom tidak sama dengan baris pertama.",
        "Isi setiap kolom; beri tanda kutip pada nilai yang memuat pemisah.",
    ),
    "quote": (
        "A quotation mark is not closed, or text follows it.",
        "Close it on the same line, and double one that belongs to the value.",
        "Tanda kutip tidak ditutup, atau diikuti teks.",
        "Tutup pada baris yang sama, dan gandakan tanda kutip yang termasuk nilai.",
    ),
    "line_too_long": (
        "The line is longer than 10,000 bytes.",
        "Check for a missing line break.",
        "Baris lebih dari 10.000 bita.",
        "Periksa apakah ada ganti baris yang hilang.",
    ),
    "duplicate_row": (
        "The same row stands further up in this file.",
        "Take it out, or tell two businesses apart by `reference`.",
        "Baris yang sama sudah ada sebelumnya dalam berkas ini.",
        "Hapus, atau bedakan dua usaha dengan kolom `reference`.",
    ),
}


def language_of(accept_language: Annotated[str, Header(max_length=200)] = "") -> str:
    """`id` when the client puts Indonesian before English, else `en`."""
    wanted = [part.strip().lower()[:2] for part in accept_language.split(",")]
    known = [tag for tag in wanted if tag in ("id", "en")]
    return known[0] if known else "en"


def shown(rejection: ImportRejection, language: str) -> RejectionView:
    """A rejected line with its reason and repair in words."""
    reason_en, repair_en, reason_id, repair_id = _TEXTS[rejection.code]
    reason, repair = (reason_id, repair_id) if language == "id" else (reason_en, repair_en)
    return RejectionView(
        line=rejection.line,
        field=rejection.field,
        code=rejection.code,
        reason=reason,
        repair=repair,
    )


async def as_csv(database: Database, import_id: UUID, language: str) -> AsyncIterator[str]:
    """The whole report as CSV, read page by page while it is sent."""
    columns = list(RejectionView.model_fields)
    yield _line(columns)
    cursor = None
    while True:
        async with database.reading() as tx:
            found, cursor = await queries.rejections(tx, import_id, Window(cursor, _PAGE))
        for rejection in found:
            yield _line([str(value) for value in shown(rejection, language).model_dump().values()])
        if cursor is None:
            return


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
