"""The form in which a browser sends one file, read while it arrives."""

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header


class FileForm:
    """The one file of a form, and the form without it."""

    def __init__(self, content_type: str) -> None:
        """For the header Content-Type of a request. Raises FormParserError."""
        kind, options = parse_options_header(content_type)
        self._boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not self._boundary:
            raise FormParserError("no form")
        self._head = self._field = self._text = b""
        self._pieces: list[bytes] = []
        self.waiting = self._parts = 0  # bytes that are not taken yet; parts that began
        self._is_whole = False
        self._parser = MultipartParser(
            self._boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._name,
                "on_header_value": self._value,
                "on_header_end": self._line,
                "on_part_data": self._data,
                "on_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Takes in more of the form. Raises FormParserError."""
        self._parser.write(chunk)

    def take(self) -> bytes:
        """The bytes of the file that are here and weren't taken yet."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return taken

    def check_whole(self) -> None:
        """Raises FormParserError unless one part was there to its end."""
        if not self._is_whole or self._parts != 1:
            raise FormParserError("not one whole file")

    def with_content(self, content: bytes) -> bytes:
        """The same form with other content in place of the file's."""
        edge = b"--" + self._boundary
        return b"\r\n".join([edge, self._head, content, edge + b"--", b""])

    def _begin(self) -> None:
        self._parts += 1

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._text += data[start:end]

    def _line(self) -> None:
        self._head += self._field + b": " + self._text + b"\r\n"
        self._field, self._text = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._pieces.append(data[start:end])
        self.waiting += end - start

    def _end(self) -> None:
        self._is_whole = True
