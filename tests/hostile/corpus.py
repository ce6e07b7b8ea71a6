"""Values that somebody, some day, will send: each as the bytes of a JSON value, with a name.

Written as bytes, since half of them no JSON writer would ever write. Texts that may also stand in
an address are in `TEXTS`; the rest is JSON only.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SENTINEL: Final = "9931015001990777"
"""A number that looks like a person's and belongs to nobody: no answer may repeat it."""


_INJECTIONS: Final = (
    "' OR '1'='1",
    "'; DROP TABLE enterprise; --",
    '"; DROP TABLE enterprise; --',
    "1; SELECT pg_sleep(10)",
    "' UNION SELECT * FROM vault.field --",
    "\\'; --",
    "$1",
    "%s %d %n",
    "%",
    "_",
    "\\",
    "%%%%",
    "{0.__class__}",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/a}",
    "#{7*7}",
    "<%= 7*7 %>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "]]>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    "*)(uid=*))(|(uid=*",
    "`id`",
    "$(id)",
    "| id",
    "; id;",
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "/dev/zero",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:22/",
    "gopher://127.0.0.1:6379/_",
    "CON",
    "NUL.txt",
    "__proto__",
    "constructor",
    "__class__",
    "toString",
    "undefined",
    "null",
    "None",
    "NaN",
    "true",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://a")',
    "\r\nSet-Cookie: a=b",
    "a\r\n\r\n<html>",
    "level=error msg=planted",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    '{"a": 1}',
    "[1,2]",
    '"quoted"',
    "'quoted'",
    "a,b;c\td",
    "nation",
    "unit:*",
    "region:",
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A value, as it stands in a JSON document."""

    name: str
    raw: bytes


def _texts() -> Iterator[tuple[str, str]]:
    yield from _invisible()
    yield from _lookalikes()
    yield from _scripts()
    yield from _lengths()
    yield from _numbers_in_words()
    yield from _moments()
    yield from _identifiers()


def _invisible() -> Iterator[tuple[str, str]]:
    for code in (*range(0x20), 0x7F, *range(0x80, 0xA0, 4), 0xAD):
        yield f"control {code:04x}", f"Warung{chr(code)}Satu"
    for code in (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFFFC):
        yield f"invisible {code:04x}", f"Warung{chr(code)}Satu"
    for code in (0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x61C):
        yield f"direction {code:04x}", f"Warung {chr(code)}utaS"
    for code in (0xE000, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFF, 0xE0041, 0xF0000, 0x10FFFF):
        yield f"no character {code:05x}", f"Warung {chr(code)}"
    for code in (0x00A0, 0x1680, 0x2000, 0x2003, 0x202F, 0x205F, 0x3000):
        yield f"space {code:04x}", chr(code) * 3
    yield "nothing", ""
    yield "a space", " "
    yield "white space", " \t \n "
    yield "only a mark", "\u0301"
    yield "marks without end", "e" + "\u0301" * 500
    yield "marks over marks", "".join(f"a{chr(0x300 + n)}" * 3 for n in range(40))


def _lookalikes() -> Iterator[tuple[str, str]]:
    yield "arabic digits", "٣١٧١٠١٠١٠١٨٠٠٠٠١"
    yield "persian digits", "۳۱۷۱۰۱۰۱۰۱۸۰۰۰۰۱"
    yield "bengali digits", "৩৫৭৯০১১০০১"
    yield "full-width digits", "３５７９０１１００１"
    yield "mathematical digits", "𝟑𝟓𝟕𝟗𝟎𝟏𝟏𝟎𝟎𝟏"
    yield "digits in circles", "③⑤⑦⑨"
    yield "superscript digits", "³⁵⁷⁹"
    yield "cyrillic letters", "Wаrung Sаtu"
    yield "greek letters", "Ꮃаrυηg"
    yield "full-width letters", "Ｗａｒｕｎｇ"
    yield "dotless i", "ındomie İstanbul"
    yield "sharp s", "ẞßẞß"
    yield "ligature", "ﬁﬂﬀ"
    yield "kelvin and angstrom", "KÅ"
    yield "composed and not", "Ca\u0301fe Café"
    yield "longest fold", "ﷺ" * 20


def _scripts() -> Iterator[tuple[str, str]]:
    yield "emoji", "🍜🍌 Warung"
    yield "emoji family", "👩\u200d👩\u200d👧\u200d👦"
    yield "emoji with a tone", "👍🏿" * 10
    yield "flags", "🇮🇩" * 10
    yield "javanese", "ꦮꦫꦸꦁ"
    yield "arabic", "مطعم"
    yield "hebrew", "מסעדה"
    yield "chinese", "饭店" * 30
    yield "beyond the plane", "𠜎𠜱𠝹"
    for number, text in enumerate(_INJECTIONS):
        yield f"injection {number}: {text[:12]!r}", text


def _lengths() -> Iterator[tuple[str, str]]:
    for length in (1, 2, 3, 39, 40, 41, 119, 120, 121, 255, 256, 257, 1_000, 10_000, 10_001):
        yield f"{length} letters", "a" * length
    yield "120 emoji", "🍜" * 120
    yield "words without end", "warung " * 2_000


def _numbers_in_words() -> Iterator[tuple[str, str]]:
    numbers = ("0", "-0", "-1", "+1", " 1", "1 ", "01", "1_0", "1.0", "1e3", "1e400", "0x10", "0b1")
    for number in (
        *numbers,
        "²",
        "Infinity",
        "-Infinity",
        "9" * 19,
        "9" * 400,
        "½",
        "1,000",
        "1.000",
    ):
        yield f"number {number[:10]}", number


def _moments() -> Iterator[tuple[str, str]]:
    moments = (
        "0000-01-01", "0001-01-01", "1582-10-10", "1899-12-31", "1900-02-29", "2026-02-29",
        "2026-02-30", "2026-13-01", "2026-00-10", "2026-1-1", "9999-12-31", "10000-01-01",
        "-0001-01-01", "2026-W01-1", "20260101", "01/02/2026", "now", "2026-01-01T00:00:00",
        "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z", "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00-99:99",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.123456789Z", "1767225600", "-1", "2026-01-01T00:00Z",
        "2026-01-01T00:00:00 01:00",
    )  # fmt: skip
    for moment in moments:
        yield f"moment {moment}", moment


def _identifiers() -> Iterator[tuple[str, str]]:
    identifiers = (
        SENTINEL, f"{SENTINEL}0", SENTINEL[:-1], "0000000000000000", "9999999999999999",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "urn:uuid:209ec504-3987-5fa6-8ad7-c117b48f5969", "209ec50439875fa68ad7c117b48f5969",
        "{209ec504-3987-5fa6-8ad7-c117b48f5969}", "209EC504-3987-5FA6-8AD7-C117B48F5969",
        "209ec504-3987-5fa6-8ad7-c117b48f596g", "+6281234567890", "081234567890", "08" + "1" * 30,
        "a@b", "a@b@c.id", "a@-b.id", "@", "a" * 300 + "@b.id", "sri@xn--.id", "31.71.01.1001",
        "3171011001", "31.71.01.9999", "00.00.00.0000", "31.71", "99", "00000", "10794",
        "1079", "107940", "99999", "*", "mikro ", "MIKRO", "Mikro", "enterprise\x00", "active;",
    )  # fmt: skip
    for number, text in enumerate(identifiers):
        yield f"identifier {number}: {text[:12]!r}", text


def _raw() -> Iterator[tuple[str, bytes]]:
    numbers = (
        "0", "-0", "-1", "1", "1.0", "-0.0", "0.1", "1e2", "1e308", "1e309", "1e400", "-1e400",
        "1e-400", "NaN", "Infinity", "-Infinity", "2147483647", "2147483648", "-2147483649",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "9" * 100, "9" * 5_000, "01", "1_000", "+1", "0x1", ".5", "5.",
        "1767225600", "253402300800",
    )  # fmt: skip
    for number in numbers:
        yield f"raw {number[:20]} of {len(number)}", number.encode()
    for literal in ("true", "false", "null", "nil", "undefined", "True", "None"):
        yield f"raw {literal}", literal.encode()
    yield "a lone high surrogate", b'"\\ud800"'
    yield "a lone low surrogate", b'"\\udc00 x"'
    yield "surrogates the wrong way round", b'"\\udc00\\ud800"'
    yield "an escaped zero", b'"a\\u0000b"'
    yield "an escaped direction", b'"\\u202eutas"'
    yield "bytes that are no text", b'"\xff\xfe"'
    yield "an overlong slash", b'"\xc0\xaf"'
    yield "a surrogate in utf-8", b'"\xed\xa0\x80"'
    yield "an unescaped control", b'"a\x01b"'
    yield "a broken escape", b'"\\x41"'
    yield "an open quote", b'"open'
    yield "a single quote", b"'text'"
    yield "a comment", b"1 /* one */"
    yield "a trailing comma", b"[1,]"


def _containers() -> Iterator[tuple[str, bytes]]:
    yield "an empty list", b"[]"
    yield "an empty object", b"{}"
    yield "a list of one", b'["x"]'
    yield "a list in a list", b"[[]]"
    yield "an object of one", b'{"id": 1}'
    yield "an object with a key twice", b'{"a": 1, "a": 2}'
    yield "an object with a zero in its key", b'{"a\\u0000": 1}'
    yield "an object with a surrogate in its key", b'{"\\ud800": 1}'
    yield "an object that is somebody's own", b'{"__proto__": {"admin": true}}'
    yield "an object that is empty inside", b'{"": ""}'
    yield "a person's number as a key", f'{{"{SENTINEL}": 1}}'.encode()
    for depth in (10, 31, 32, 33, 100, 10_000):
        yield f"a list {depth} deep", b"[" * depth + b"]" * depth
        yield f"an object {depth} deep", b'{"a":' * depth + b"1" + b"}" * depth
    for width in (100, 1_000, 1_001, 50_000):
        yield f"a list {width} wide", b"[" + b",".join([b"1"] * width) + b"]"
    keys = b",".join(f'"k{n}":{n}'.encode() for n in range(2_000))
    yield "an object of 2,000 keys", b"{" + keys + b"}"
    yield "a list of everything", b'[null, true, 1, 1.5, "a", [], {}]'


TEXTS: Final = dict(_texts())
JSON: Final = tuple(
    Hostile(name, raw)
    for name, raw in (
        *((name, json.dumps(text, ensure_ascii=False).encode()) for name, text in TEXTS.items()),
        *_raw(),
        *_containers(),
    )
)
