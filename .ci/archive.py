#!/usr/bin/env python3
"""Packs a binary for a release: `archive.py TARGET BINARY FOLDER`.

Writes FOLDER/deckc-VERSION-TARGET.tgz, or .zip for Windows, with one folder in it: the binary, the licences, the readme and
the changelog. The same files give the same bytes: times are SOURCE_DATE_EPOCH, else 1980. Python, since it is on every
runner and the `tar` and `zip` there differ. Cargo.toml tells cargo-binstall these names.
"""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
BESIDE = ["CHANGELOG.md", "LICENSE", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]
# A zip knows no earlier time.
EARLIEST = 315532800


def version() -> str:
    return subprocess.run(
        ["sh", str(ROOT / ".ci/version")], check=True, capture_output=True, text=True
    ).stdout.strip()


def members(stem: str, binary: Path) -> list[tuple[str, bytes, int]]:
    """Returns name, content and mode of each file, by name."""
    program = "deckc.exe" if binary.suffix == ".exe" else "deckc"
    files = [(f"{stem}/{name}", (ROOT / name).read_bytes(), 0o644) for name in BESIDE]
    return sorted(files + [(f"{stem}/{program}", binary.read_bytes(), 0o755)])


def write_tar(path: Path, files: list[tuple[str, bytes, int]], when: int) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, content, mode in files:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, when
                archive.addfile(entry, io.BytesIO(content))


def write_zip(path: Path, files: list[tuple[str, bytes, int]], when: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, time.gmtime(when)[:6])
            # As on Unix, wherever it is packed.
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def main() -> None:
    target, binary, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    stem = f"deckc-{version()}-{target}"
    when = max(int(os.environ.get("SOURCE_DATE_EPOCH") or EARLIEST), EARLIEST)
    folder.mkdir(parents=True, exist_ok=True)
    files = members(stem, binary)
    if "-windows-" in target:
        path = folder / f"{stem}.zip"
        write_zip(path, files, when)
    else:
        path = folder / f"{stem}.tgz"
        write_tar(path, files, when)
    print(path.as_posix())


main()
