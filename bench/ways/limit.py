"""The physical limit: inflate and parse all documents, and write as many bytes as the publisher does.

python -m bench.ways.limit CORPUS REGISTER OUT BYTES
"""

import sys
import zipfile
from pathlib import Path

import msgspec
from isal import isal_zlib

_LOCAL_HEADER = 30
"""The bytes that stand before the name of a member, and again its data."""
_RAW = -15


def main(corpus: Path, out: Path, size: int) -> None:
    """Do it with the fastest libraries that are known, and nothing else."""
    decode = msgspec.json.Decoder().decode
    out.mkdir()
    with (
        zipfile.ZipFile(corpus) as archive,
        corpus.open("rb", buffering=0) as packed,
        (out / "bytes").open("wb") as stream,
    ):
        members = archive.infolist()
        share = b"x" * (size // len(members))
        for member in members:
            packed.seek(member.header_offset + _LOCAL_HEADER + len(member.filename.encode()))
            decode(isal_zlib.decompress(packed.read(member.compress_size), _RAW))
            stream.write(share)
        stream.write(b"x" * (size % len(members)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]), int(sys.argv[4]))
