"""Makes the packages of a release for one machine out of what was compiled for it.

python package.py --binary simc --target x86_64-unknown-linux-gnu --common --web simc_web.wasm --out dist

writes to `dist`:

    simc-VERSION-py3-none-PLATFORM.whl      the package for Python, with the program in it
    simc-cli-OS-CPU-VERSION.tgz             the program for npm, of which `simc` installs the one that fits
    simc-VERSION.tgz                        with --common: the package for JavaScript
    simc-wasm-VERSION.tgz                   with --common and --web: the compiler as WebAssembly, for machines without a program
    simc-VERSION-TARGET.tar.gz or .zip      an archive: bin/simc, the package for CMake, licences
    *.sha256                                checksums, as `sha256sum --check` reads them

It needs Python 3.11 with pip and setuptools 77 or later, and npm. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import hashlib
import importlib.metadata
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ROOT / "runtime-shim" / "hosts"

#: For each target of Rust: the platform of wheels (on Linux the version of the C library is added), and npm's os and cpu.
TARGETS = {
    "x86_64-unknown-linux-gnu": ("manylinux_{}_x86_64", "linux", "x64"),
    "aarch64-unknown-linux-gnu": ("manylinux_{}_aarch64", "linux", "arm64"),
    "x86_64-apple-darwin": ("macosx_10_12_x86_64", "darwin", "x64"),
    "aarch64-apple-darwin": ("macosx_11_0_arm64", "darwin", "arm64"),
    "x86_64-pc-windows-msvc": ("win_amd64", "win32", "x64"),
}
#: The time that everything in a package has: the least that a zip file can say.
TIME = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the packages of a release for one machine.")
    parser.add_argument("--binary", type=Path, required=True, help="the program `simc`, compiled for the target")
    parser.add_argument("--target", choices=TARGETS, required=True)
    parser.add_argument("--common", action="store_true", help="make also what is the same for all machines")
    parser.add_argument("--web", type=Path, help="the compiler as WebAssembly")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    setuptools = importlib.metadata.version("setuptools")
    if int(setuptools.partition(".")[0]) < 77:
        sys.exit(f"setuptools {setuptools} is too old, 77 is needed: python -m pip install 'setuptools>=77'")
    version = project_version()
    args.out.mkdir(parents=True, exist_ok=True)
    program = args.binary.read_bytes()
    made = [
        wheel(version, args.target, program, args.out),
        npm_program(version, args.target, program, args.out),
        *(npm_common(version, args.web, args.out) if args.common else []),
        archive(version, args.target, program, args.out),
    ]
    for path in made:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def project_version() -> str:
    """The version of the project, which all of its packages have."""
    version = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    python = HOSTS / "python"
    others = {
        "pyproject.toml": tomllib.loads((python / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "simc.__version__": found(r'__version__ = "(.*)"', python / "src" / "simc" / "_version.py"),
        "package.json": json.loads((HOSTS / "js" / "package.json").read_text(encoding="utf-8"))["version"],
        "SimcConfigVersion.cmake": found(
            r'PACKAGE_VERSION "(.*)"', ROOT / "runtime-shim" / "build" / "cmake" / "SimcConfigVersion.cmake"
        ),
    }
    wrong = [f"{name} says {other}" for name, other in others.items() if other != version]
    if wrong:
        sys.exit(f"Cargo.toml says version {version}, but {', '.join(wrong)}")
    return version


def found(pattern: str, path: Path) -> str:
    match = re.search(pattern, path.read_text(encoding="utf-8"))
    if match is None:
        sys.exit(f"{path} has no {pattern}")
    return match[1]


def wheel(version: str, target: str, program: bytes, out: Path) -> Path:
    """The package for Python: what setuptools makes, with the program among its scripts and another tag."""
    platform, os_name, _ = TARGETS[target]
    if "{}" in platform:
        platform = platform.format(c_library(program))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "tests", "bench")
        shutil.copytree(HOSTS / "python", source, ignore=ignored)
        for licence in ROOT.glob("LICENSE-*"):
            shutil.copy(licence, source)
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder]
        subprocess.run([*build, str(source)], check=True)
        (pure,) = Path(folder).glob("simc-*.whl")
        with zipfile.ZipFile(pure) as file:
            content = {name: file.read(name) for name in file.namelist()}
    information = f"simc-{version}.dist-info"
    record = f"{information}/RECORD"
    del content[record]
    tag = f"py3-none-{platform}"
    about = content[f"{information}/WHEEL"].decode()
    about = about.replace("Tag: py3-none-any", f"Tag: {tag}").replace("Root-Is-Purelib: true", "Root-Is-Purelib: false")
    content[f"{information}/WHEEL"] = about.encode()
    script = f"simc-{version}.data/scripts/{program_name(os_name)}"
    content[script] = program
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow([name, f"sha256={digest}", len(data)])
    writer.writerow([record, "", ""])
    content[record] = lines.getvalue().encode()
    path = out / f"simc-{version}-{tag}.whl"
    write_zip(path, {name: (data, name == script) for name, data in content.items()})
    return path


def c_library(program: bytes) -> str:
    """The least version of the C library that a program for Linux runs with, as wheels write it."""
    versions = {tuple(map(int, it.split(b"."))) for it in re.findall(rb"GLIBC_(2\.\d+)", program)}
    if not versions:
        sys.exit("the program names no version of the C library: is it one for Linux?")
    return "{}_{}".format(*max(versions))


def npm_common(version: str, web: Path | None, out: Path) -> list[Path]:
    """The packages for npm that are the same for all machines. No package has a script that runs when it is installed."""
    made = []
    with tempfile.TemporaryDirectory() as folder:
        runtime = Path(folder, "simc")
        shutil.copytree(HOSTS / "js", runtime, ignore=shutil.ignore_patterns("test", "example", "node_modules"))
        about = json.loads((runtime / "package.json").read_text(encoding="utf-8"))
        del about["scripts"]
        names = [f"@simc/cli-{os_name}-{cpu}" for _, os_name, cpu in TARGETS.values()]
        # Of these npm installs what fits the machine.
        about["optionalDependencies"] = dict.fromkeys(sorted([*names, "@simc/wasm"]), version)
        made.append(pack(runtime, about, out))
        if web is not None:
            module = Path(folder, "wasm")
            module.mkdir()
            shutil.copy(web, module / "simc_web.wasm")
            about = {
                "name": "@simc/wasm",
                "description": "The compiler simc as a WebAssembly module; install the package simc",
                **npm_facts(version),
                "files": ["simc_web.wasm"],
            }
            made.append(pack(module, about, out))
    return made


def npm_program(version: str, target: str, program: bytes, out: Path) -> Path:
    """The program for npm."""
    _, os_name, cpu = TARGETS[target]
    with tempfile.TemporaryDirectory() as folder:
        name = program_name(os_name)
        Path(folder, name).write_bytes(program)
        Path(folder, name).chmod(0o755)
        about = {
            "name": f"@simc/cli-{os_name}-{cpu}",
            "description": f"The compiler simc for {os_name} on {cpu}; install the package simc",
            **npm_facts(version),
            "os": [os_name],
            "cpu": [cpu],
            **({"libc": ["glibc"]} if os_name == "linux" else {}),
            "files": [name],
        }
        return pack(Path(folder), about, out)


def npm_facts(version: str) -> dict[str, object]:
    return {"version": version, "license": "MIT OR Apache-2.0", "engines": {"node": ">=18.19"}}


def pack(folder: Path, about: dict[str, object], out: Path) -> Path:
    (folder / "package.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    for licence in ROOT.glob("LICENSE-*"):
        shutil.copy(licence, folder)
    command = [
        shutil.which("npm") or "npm",
        "pack",
        "--silent",
        "--ignore-scripts",
        "--pack-destination",
        str(out.resolve()),
    ]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return out / done.stdout.strip().splitlines()[-1]


def archive(version: str, target: str, program: bytes, out: Path) -> Path:
    """An archive for people who use none of the registries: unpacked anywhere, it is a prefix."""
    os_name = TARGETS[target][1]
    content = {f"bin/{program_name(os_name)}": (program, True)}
    for path in sorted((ROOT / "runtime-shim" / "build" / "cmake").iterdir()):
        content[f"lib/cmake/Simc/{path.name}"] = (path.read_bytes(), False)
    for path in [*sorted(ROOT.glob("LICENSE-*")), ROOT / "README.md"]:
        content[path.name] = (path.read_bytes(), False)
    name = f"simc-{version}-{target}"
    whole = {f"{name}/{path}": it for path, it in content.items()}
    if os_name == "win32":
        path = out / f"{name}.zip"
        write_zip(path, whole)
        return path
    path = out / f"{name}.tar.gz"
    with (
        open(path, "wb") as file,
        gzip.GzipFile("", "wb", 9, file, 0) as packed,
        tarfile.open(None, "w", packed) as tar,
    ):
        for entry, (data, is_program) in whole.items():
            member = tarfile.TarInfo(entry)
            member.size, member.mode = len(data), 0o755 if is_program else 0o644
            tar.addfile(member, io.BytesIO(data))
    return path


def write_zip(path: Path, content: dict[str, tuple[bytes, bool]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, (data, is_program) in content.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            file.writestr(entry, data)


def program_name(os_name: str) -> str:
    return "simc.exe" if os_name == "win32" else "simc"


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")
    main()
