"""Small distributions written into a folder, as real as installed ones.

A folder with such a distribution, put on `sys.path`, is a folder that the distribution was
installed into: its entry points are found, its modules imported, also by other processes.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path


def write_distribution(
    folder: Path,
    name: str,
    *,
    source: str,
    group: str = "utterly.engines",
    entry: str | None = None,
    version: str = "1.0",
    module: str | None = None,
) -> Path:
    """Write a distribution of one module with one entry point.

    Args:
        folder: Where to write; to be put on `sys.path`.
        name: The distribution's name, such as `"utterly-parrot"`.
        source: The text of the module.
        group: The entry-point group.
        entry: The entry point as `name = target`; by default the distribution's name without
            `utterly-`, and the module.
        version: The distribution's version.
        module: The module's name; by default the distribution's, with underscores.

    Returns:
        The `.dist-info` folder.
    """
    normalized = re.sub(r"[-_.]+", "_", name).lower()
    module = module or normalized
    entry = entry or f"{normalized.removeprefix('utterly_')} = {module}"
    files = {
        f"{module}.py": source,
        f"{normalized}-{version}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        ),
        f"{normalized}-{version}.dist-info/entry_points.txt": f"[{group}]\n{entry}\n",
    }
    record = f"{normalized}-{version}.dist-info/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    # Folders are remembered by their time of change, which is too coarse for what was just written.
    importlib.invalidate_caches()
    return (folder / record).parent
