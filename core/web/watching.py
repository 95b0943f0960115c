"""Serve again whenever a file of a folder changes: the library's own supervisor, with every file in its eyes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from uvicorn.supervisors.statreload import StatReload


class Watch(StatReload):
    """Templates, texts and policies are a plugin's files too, not only Python."""

    def iter_py_files(self) -> Iterator[Path]:
        """Every file to look at, compiled ones left out."""
        for folder in self.config.reload_dirs:
            for file in sorted(folder.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    yield file


def serve_while_changing(folder: Path, serve: Callable[..., None]) -> None:
    """Run ``serve`` in a process of its own, anew after each change below a folder, until stopped."""
    configuration = uvicorn.Config("-", log_level="error", reload=True, reload_dirs=[str(folder)], reload_delay=0.5)
    Watch(configuration, serve, []).run()
