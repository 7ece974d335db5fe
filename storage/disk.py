"""Whether a file is on a network disk: SQLite's locks do not hold there (https://sqlite.org/faq.html#q5)."""

from pathlib import Path

_NETWORK = frozenset(
    [
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "lustre",
        "glusterfs",
        "gpfs",
        "ncpfs",
        "davfs",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.gcsfuse",
        "fuse.davfs2",
        "fuse.ceph",
    ]
)
_MOUNTS = Path("/proc/self/mounts")


def network_disk(path: Path) -> str | None:
    """The kind of network file system that holds ``path``; None where it is a local one or nobody knows."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8")
    except OSError:
        return None  # not Linux
    kind = kind_of(path.resolve(), mounts)
    return kind if kind in _NETWORK else None


def kind_of(path: Path, mounts: str) -> str | None:
    """The file system's kind by the innermost mount point above ``path``; ``mounts`` as in proc(5)."""
    found = None
    depth = -1
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " "))
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = fields[2], len(point.parts)
    return found
