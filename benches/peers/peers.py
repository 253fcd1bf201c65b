"""grantlint beside the published linters of AWS policies, on the same files: one table.

    benches/peers/run [COUNT]

Run by `benches/peers/run`, which installs the peers: FOLDER holds the policies, BINARY is grantlint's, and the rest is
the command that measures grantlint in its own process.

    python peers.py FOLDER BINARY COMMAND...
"""

import io
import json
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

PASSES = 3
# A pass that takes longer than this is the only one.
PATIENCE = 60
SCRIPTS = Path(sysconfig.get_path("scripts"))


def passes(work, texts):
    """Microseconds for one policy, the median of some passes, and how many policies have findings."""
    spent, flagged = [], 0
    for _ in range(PASSES):
        start = time.perf_counter()
        flagged = sum(bool(work(text)) for text in texts)
        spent.append((time.perf_counter() - start) / len(texts) * 1e6)
        if time.perf_counter() - start > PATIENCE:
            break
    return statistics.median(spent), flagged


def parliament(texts):
    from parliament import analyze_policy_string

    return passes(lambda text: analyze_policy_string(text).findings, texts)


def cloudsplaining(texts):
    import yaml
    from cloudsplaining.command.scan_policy_file import scan_policy
    from cloudsplaining.shared.constants import EXCLUSIONS_FILE

    exclusions = yaml.safe_load(Path(EXCLUSIONS_FILE).read_text(encoding="utf-8"))

    def work(text):
        # What the command does with a file, without the printing.
        with redirect_stdout(io.StringIO()):
            found = scan_policy(json.loads(text), exclusions)
        return any(isinstance(part, dict) and part.get("findings") for part in found.values())

    return passes(work, texts)


def grantlint(command, folder):
    done = subprocess.run([*command, str(folder)], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return told["microseconds"], told["flagged"], told["policies"]


def seconds(*commands):
    """Start to exit of some commands, one after the other."""
    start = time.perf_counter()
    for command in commands:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if "Traceback" in done.stderr or "usage:" in done.stderr.lower():
            sys.exit(f"peers: {' '.join(map(str, command))} failed:\n{done.stderr}")
    return time.perf_counter() - start


def shown(value):
    return "-" if value is None else f"{value * 1e3:,.0f} ms" if value < 10 else f"{value:,.1f} s"


def main(folder, binary, *command):
    folder, binary = Path(folder), Path(binary)
    files = sorted(folder.glob("*.json"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    with tempfile.TemporaryDirectory(prefix="peers-") as temporary:
        few = Path(temporary) / "few"
        few.mkdir()
        for file in files[:100]:
            shutil.copy(file, few)
        one = Path(temporary) / "one"
        one.mkdir()
        shutil.copy(files[0], one)
        rows = []

        def row(name, each, flagged, *times):
            rows.append((name, each, flagged, times))
            print(f"peers: {name} is measured", file=sys.stderr)

        ours = [binary, "check", "--no-config", "--kind", "session", "--exit-zero", "--format", "concise"]
        each, flagged, found = grantlint(command, folder)
        times = [seconds([*ours, where]) for where in (one, few, folder)]
        row("grantlint", each, flagged, *times)
        each, flagged = parliament(texts)
        theirs = [SCRIPTS / "parliament", "--directory"]
        times = [seconds([*theirs, where]) for where in (one, few, folder)]
        row(f"parliament {version('parliament')}", each, flagged, *times)
        each, flagged = cloudsplaining(texts)
        theirs = [SCRIPTS / "cloudsplaining", "scan-policy-file", "--input-file"]
        alone = seconds([*theirs, files[0]])
        # One process for each file: a thousand of them tell nothing that a hundred do not.
        many = seconds(*([*theirs, file] for file in files[:100]))
        row(f"cloudsplaining {version('cloudsplaining')}", each, flagged, alone, many, None)

    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"{len(files):,} S3 policies of {size:.0f} bytes on average")
    print()
    heads = [("in-process, each", 24), ("with findings", 15)]
    heads += [(head, 18) for head in ("1 file", "100 files", f"{len(files):,} files")]
    print(f"{'':<22}" + "".join(f"{head:>{width}}" for head, width in heads))
    _, base, _, ours = rows[0]
    for name, each, flagged, times in rows:
        line = f"{name:<22}{each:>12,.1f} us{each / base:>8,.0f}x{flagged:>15,}"
        for value, own in zip(times, ours):
            line += f"{shown(value):>10}{value / own:>7,.0f}x" if value is not None else f"{'-':>18}"
        print(line)
    if found < len(files):
        print()
        print(f"grantlint judged {found:,} policies only: its own row says nothing before all of them are.")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
