"""Parameters of a Bot API call, however they were sent.

The Bot API takes query strings, URL-encoded forms, multipart forms with files, and JSON
(core.telegram.org/bots/api, "Making requests").
"""

import json
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import parse_qsl

from starlette.requests import Request

from inbox_tui.errors import Refused
from inbox_tui.mock.words import JsonObject


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form."""

    name: str
    mime: str
    data: bytes


async def parameters(request: Request) -> tuple[JsonObject, dict[str, Upload]]:
    """Return the parameters and the files of a call; the body wins over the query string.

    Raises Refused when the body cannot be read.
    """
    found: JsonObject = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "")
    raw = await request.body()
    if not raw:
        return found, {}
    if kind.startswith("multipart/form-data"):
        fields, uploads = _multipart(raw, kind)
        return found | fields, uploads
    if kind.startswith("application/json"):
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused("Bad Request: can't parse JSON object")
        return found | body, {}
    return found | dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)), {}


def _multipart(raw: bytes, kind: str) -> tuple[JsonObject, dict[str, Upload]]:
    """Split a multipart form as RFC 2046 and RFC 7578 say."""
    boundary = _parameter(kind, "boundary")
    if boundary is None:
        raise Refused("Bad Request: the form has no boundary")
    fields: JsonObject = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        split = [line.partition(": ") for line in lines]
        headers = {name.lower(): value for name, _, value in split}
        disposition = headers.get("content-disposition", "")
        name = _parameter(disposition, "name")
        file_name = _parameter(disposition, "filename")
        if name is None:
            continue
        if file_name is None:
            fields[name] = data.decode("utf-8", "replace")
        else:
            mime = headers.get("content-type", "application/octet-stream")
            uploads[name] = Upload(file_name, mime, data)
    return fields, uploads


def _parameter(header: str, name: str) -> str | None:
    """Return a parameter of a header such as ``form-data; name="photo"``."""
    message = Message()
    message["content-type"] = header
    value = message.get_param(name)
    return None if value is None else collapse_rfc2231_value(value)
