"""Encodings find themselves."""

import gzip

import pytest

from core.errors import Invalid, SourceFailed
from core.profiles.sources.encodings import known, names
from core.profiles.sources.remarks import remarks

LATVIAN = "Jānis Bērziņš, Rūta Ķēniņa, Ģirts Šķēle, Žanis Ļaudams"
LITHUANIAN = "Eglė Paulavičiūtė, Žydrūnas Stankevičius, Jonė Kazlauskienė, Šarūnas"
ESTONIAN = "Tõnu Mäe, Kärt Õunapuu, Jüri Šmidt, Žanna Pärn"
GERMAN = "Jürgen Groß, Käthe Müller, François Höß, Hélène Weiß"
ENGLISH = "Zoë Smith, Chloë Brown, José García – O’Neill, André"


@pytest.mark.parametrize("names", [LATVIAN, LITHUANIAN, ESTONIAN, GERMAN, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_whatever_its_form(desk, names, encoding):
    assert desk.text(f"name;n\n{names};1\n", encoding)["name"].to_list() == [names]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_shows_without_its_mark(desk, encoding):
    text = "email;name\n" + "".join(f"{n}@example.com;Jānis\n" for n in range(20))
    frame = desk.text(text, encoding)
    assert frame["name"].unique().to_list() == ["Jānis"]
    assert frame.columns[1:] == ["email", "name"]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (LATVIAN, "cp1257"),
        (LITHUANIAN, "cp1257"),
        (ESTONIAN, "cp1257"),
        (GERMAN, "cp1252"),
        (ENGLISH, "cp1252"),
    ],
)
def test_code_pages_are_told_apart_by_their_letters(desk, names, encoding):
    plain = "".join(f"{n};Anna;Riga\n" for n in range(5000))
    source = desk.open(desk.write("p.csv", f"n;name;city\n{plain}0;{names};x\n", encoding))
    assert source.detected.encoding == encoding
    assert source.scan().to_native().collect()["name"].to_list()[-1] == names


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1257", "Jānis Bērziņš Ķēniņš Čaks Puķe Rēzekne Įmonė Ąžuolas Gražina Lietuvų Rasė"),
        ("cp1252", "François Hélène Zoë Noël García Muñoz Jørgen Søren João Lucía Šimon Adèle"),
    ],
)
def test_even_one_word_is_enough_for_most(desk, encoding, words):
    for word in words.split():
        assert desk.text(f"name;n\n{word};1\n", encoding)["name"].to_list() == [word]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Zbigniew Dąbrowski, Łucja Wójcik, Żaneta Kłosińska, Śliwa"),
        ("cp1250", "Jiří Dvořáček, Růžena Čapková, Ondřej Šťastný"),
        ("cp1250", "György Szűcs, Erzsébet Kömüves, Őze Tünde"),
        ("iso8859-2", "Zbigniew Dąbrowski, Łucja Wójcik, Żaneta Kłosińska, Śliwa"),
        ("cp1251", "Дмитрий Соколов, Ольга Кузнецова, Наталья Лебедева"),
        ("koi8-r", "Дмитрий Соколов, Ольга Кузнецова, Наталья Лебедева"),
        ("cp1253", "Νίκος Γεωργίου, Μαρία Παπαδάκη, Κώστας Δημητρίου"),
        ("cp1254", "Ayşe Yıldız, Gülşah Özdoğan, Işıl Çağlar, İbrahim"),
        ("cp1252", "Sigríður Guðjónsdóttir, Þórhildur Ægisdóttir, Björk Þráinsdóttir"),
        ("mac-roman", "Günther Schäfer, Jörg Müßig, Käthe Weiß, Zoë Krüger"),
        ("cp850", "Günther Schäfer, Jörg Müßig, Käthe Weiß"),
        ("cp1255", "דוד כהן, שרה לוי, משה מזרחי"),
        ("cp932", "山田太郎, 鈴木花子, 高橋健一"),
    ],
)
def test_the_code_pages_of_other_languages_are_told_by_their_words(desk, encoding, names):
    path = desk.write("p.csv", f"n;name\n0;{names}\n1;Anna\n", encoding)
    assert desk.rows(path)["name"].to_list() == [names, "Anna"]


def test_where_two_readings_are_plausible_both_are_shown(desk):
    source = desk.open(desk.write("p.csv", "n;name\n0;Ola\n1;Dvořák\n", "cp1250"))
    (note,) = source.notes()
    assert (note.kind, note.count, note.row) == ("doubtful_letters", 1, 2)
    assert set(note.text.split(" / ")) == {"Dvořák", "Dvoøák"}
    assert {source.detected.encoding, source.detected.other} == {"cp1250", "cp1252"}
    (said,) = remarks(source.detected)
    assert "“Dvořák”" in said
    assert "“Dvoøák”" in said
    sure = desk.open("p.csv", encoding="cp1250")
    assert (sure.notes(), list(remarks(sure.detected))) == ((), [])


@pytest.mark.parametrize("garbled", ["JÃ¼rgen", "£ukasz", "Ma³gorzata", "Zo\ufffd", "Oâ€™Neill"])
def test_letters_that_fit_no_word_are_told(desk, garbled):
    text = f"n;name\n0;Jürgen Müller\n1;{garbled}\n2;¿Qué? 5 m² §1 £5 Łukasz\n"
    (note,) = desk.open(desk.write("p.csv", text)).notes()
    assert (note.kind, note.count, note.row, note.text) == ("doubtful_letters", 1, 2, garbled)


def test_a_line_in_another_encoding_than_the_others_is_named(desk):
    old = "".join(f"{n};{name}\n" for n, name in enumerate(["Müller", "Groß", "Höß"] * 3))
    mixed = b"n;name\n" + old.encode("cp1252") + "9;Jürgen Weiß\n".encode() + b"10;Anna\n"
    with pytest.raises(SourceFailed, match=r"p\.csv, line 11: this line is in UTF-8"):
        desk.text(mixed)


def test_all_code_pages_of_python_may_be_said():
    assert {"utf-8", "cp1250", "koi8-u", "cp720", "mac-croatian", "shift_jis"} <= set(names())
    assert not {"base64", "rot13", "idna", "zlib"} & set(names())
    assert all(known(name) for name in names())


def test_a_broken_letter_in_utf_8_is_named_not_guessed(desk):
    good = "Jānis;x\n" * 10
    with pytest.raises(SourceFailed, match=r"p\.csv, line 12: a broken letter"):
        desk.text(f"name;n\n{good}".encode() + b"B\xe7rzi;x\n")


def test_a_broken_letter_in_utf_8_of_another_script_is_named_too(desk):
    good = "山田太郎 鈴木花子;x\n" * 3 + "Дмитрий Соколов;y\n"
    with pytest.raises(SourceFailed, match=r"p\.csv, line 6: a broken letter"):
        desk.text(f"name;n\n{good}".encode() + b"B\xe7rzi;x\n")


def test_a_given_encoding_that_does_not_fit_names_the_line(desk):
    with pytest.raises(SourceFailed, match=r"p\.csv, line 3: not in the encoding"):
        desk.text(b"name;n\na;1\nB\xe7rzi;x\n", encoding="utf-8")


def test_compressed_text_is_unpacked(desk):
    packed = gzip.compress("vārds;n\nJānis;1\n".encode("cp1257"))
    assert desk.rows(desk.write("p.csv.gz", packed))["vārds"].to_list() == ["Jānis"]
    assert desk.rows(desk.write("p.ndjson.gz", gzip.compress(b'{"a": 1}\n')))["a"].to_list() == [1]


def test_broken_packing_is_told(desk):
    with pytest.raises(SourceFailed, match=r"p\.csv\.gz isn't gzip, though .* ends in \.gz"):
        desk.rows(desk.write("p.csv.gz", b"not packed"))
    content = gzip.compress(b"a;b\n1;2\n" * 99, mtime=0)[:-20]
    with pytest.raises(SourceFailed, match=r"p\.csv\.gz can't be read"):
        desk.rows(desk.write("p.csv.gz", content))


@pytest.mark.parametrize(
    "name", ["undefined", "idna", "punycode", "mbcs", "rot13", "a\0b", "x" * 300]
)
def test_what_is_no_encoding_of_files_is_refused_with_a_sentence(name: str):
    with pytest.raises(Invalid, match="There is no encoding"):
        known(name)
