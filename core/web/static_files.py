"""Stylesheet, icons and script: served under an address that changes with their content."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """One file as it goes out: its bytes, media type and the first letters of its hash."""

    content: bytes
    media_type: str
    version: str


class StaticFiles:
    """All files of the static folder, read once. ``address`` gives the link with the content hash."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_file()}

    def address(self, name: str) -> str:
        """The address of a file below the root of the county, for example ``/static/app.css?v=1f2e3d``."""
        return f"/static/{name}?v={self._files[name].version}"

    def get(self, name: str) -> StaticFile | None:
        """The file of that name, or None."""
        return self._files.get(name)


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(content, media_type, hashlib.sha256(content).hexdigest()[:12])
