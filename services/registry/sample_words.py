"""The words from which sample names are made: trades with their KBLI 2020 code, and good wishes."""

from typing import Final, NamedTuple


class Trade(NamedTuple):
    """A kind of business: how its names are built, of which things, and its code."""

    kbli: str
    patterns: tuple[str, ...]
    things: tuple[str, ...]


WISHES: Final = (
    "Aneka Rasa",
    "Anugerah",
    "Bahagia",
    "Barokah",
    "Berkah",
    "Berkah Bersama",
    "Bina Usaha",
    "Bintang Timur",
    "Cahaya",
    "Cahaya Baru",
    "Cempaka",
    "Cita Rasa",
    "Dapur Kita",
    "Gemilang",
    "Harapan Baru",
    "Harapan Jaya",
    "Harum Manis",
    "Idola",
    "Jaya Abadi",
    "Karunia",
    "Karya Bersama",
    "Karya Mandiri",
    "Kencana",
    "Kenanga",
    "Khatulistiwa",
    "Lancar Jaya",
    "Lestari",
    "Maju Bersama",
    "Maju Jaya",
    "Makmur",
    "Mandiri",
    "Mekar Sari",
    "Melati",
    "Mitra Tani",
    "Mulia",
    "Nusantara",
    "Pelangi",
    "Pelita",
    "Permata",
    "Puspa",
    "Rahayu",
    "Rasa Sayang",
    "Rejeki",
    "Rukun",
    "Samudra",
    "Sari Bumi",
    "Sari Rasa",
    "Sederhana",
    "Sejahtera",
    "Sentosa",
    "Serba Ada",
    "Sinar Pagi",
    "Subur",
    "Sukses",
    "Sumber Rejeki",
    "Tanjung",
    "Teratai",
    "Tirta",
    "Tunas Harapan",
    "Usaha Baru",
)

_BUILT: Final = (
    "{thing} {wish}",
    "{thing} {wish}",
    "{thing} {wish} {place}",
    "{thing} Khas {place}",
    "{thing}, {place}",
    'UD "{wish}" {thing}',
)

ENTERPRISES: Final = (
    Trade(
        "10794",
        _BUILT,
        (
            "Keripik Tempe",
            "Keripik Singkong",
            "Keripik Pisang",
            "Keripik Apel",
            "Keripik Bayam",
            "Kerupuk Ikan",
            "Kerupuk Udang",
            "Emping Melinjo",
            "Peyek Kacang",
            "Rengginang",
        ),
    ),
    Trade(
        "10710",
        _BUILT,
        ("Roti", "Kue Kering", "Bolu", "Bakpia", "Lapis Legit", "Brownies", "Kue Basah"),
    ),
    Trade("10761", _BUILT, ("Kopi Bubuk", "Kopi Robusta", "Kopi Arabika", "Sangrai Kopi")),
    Trade("10772", _BUILT, ("Sambal", "Bumbu Pecel", "Abon", "Bumbu Rendang", "Terasi")),
    Trade("13134", _BUILT, ("Batik", "Batik Tulis", "Batik Cap", "Sanggar Batik")),
    Trade("13122", _BUILT, ("Tenun", "Tenun Ikat", "Songket", "Lurik", "Ulos")),
    Trade("14111", _BUILT, ("Konveksi", "Busana Muslim", "Kaos", "Seragam")),
    Trade("14120", _BUILT, ("Penjahit", "Jahit", "Bordir")),
    Trade("16291", _BUILT, ("Anyaman Bambu", "Anyaman Pandan", "Anyaman Rotan", "Tikar")),
    Trade("23932", _BUILT, ("Gerabah", "Keramik", "Tembikar")),
    Trade("31001", _BUILT, ("Mebel", "Ukir Kayu", "Meubel Jati", "Kusen")),
    Trade("45407", ("{thing} {wish}", "{thing} {wish} {place}"), ("Bengkel Motor", "Servis Motor")),
    Trade(
        "47112",
        ("{thing} {wish}", "{thing} {wish} {place}", 'UD "{wish}" {thing}'),
        ("Toko", "Warung Kelontong", "Toko Sembako", "Kios"),
    ),
    Trade(
        "56102",
        _BUILT,
        (
            "Warung Soto",
            "Warung Makan",
            "Warung Nasi Uduk",
            "Warung Sate",
            "Warung Bakso",
            "Warung Gudeg",
            "Warung Ikan Bakar",
            "Rumah Makan",
            "Ayam Geprek",
            "Bubur Manado",
        ),
    ),
    Trade("56303", _BUILT, ("Kedai Kopi", "Kedai Jamu", "Kafé", "Es Dawet", "Kedai Teh")),
    Trade("96200", ("{thing} {wish}", "{thing} {wish} {place}"), ("Binatu", "Laundry Kiloan")),
    Trade("96111", ("{thing} {wish}", "{thing} {wish} {place}"), ("Pangkas Rambut",)),
)

_JOINED: Final = ("{thing} {wish}", "{thing} {wish}", "{thing} {wish} {place}")

COOPERATIVES: Final = (
    Trade("64141", _JOINED, ("Koperasi Simpan Pinjam", "KSP")),
    Trade("47112", _JOINED, ("Koperasi Konsumen", "Koperasi Karyawan", "Koperasi Pegawai")),
    Trade("01412", _JOINED, ("Koperasi Peternak Sapi Perah", "Koperasi Susu")),
    Trade("46209", _JOINED, ("Koperasi Produsen", "Koperasi Tani", "Koperasi Pemasaran")),
    Trade("03119", _JOINED, ("Koperasi Nelayan", "Koperasi Mina")),
    Trade("47112", ("{thing} {place}",), ("Koperasi Merah Putih",)),
)
