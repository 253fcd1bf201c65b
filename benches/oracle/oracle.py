"""A second opinion on exact questions: the engine's answers against z3's.

    python3 benches/oracle/oracle.py [COUNT [SEED]]

Asks COUNT random questions (1000) made from SEED (1): is there a word in all of some patterns and in none of others?
z3 proves or refutes the same in its theory of strings; each word that the engine names is matched by z3 and by the few
lines of `matches` below, which share nothing with the engine. Where z3 does not answer in time it is not counted.

Needs Python 3.9 or later and cargo. Without the `z3-solver` package it installs it from PyPI into a temporary directory,
which is removed at the end, and nothing else. Exit status: 0 no disagreement, 1 at least one, 2 it could not be asked.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_MS = 2_000
PACKAGE = "z3-solver>=4.12"


def fail(message):
    print(f"oracle: {message}", file=sys.stderr)
    sys.exit(2)


def matches(pattern, word):
    """The definition: the set of places in the pattern, letter by letter."""

    def beyond_runs(places):
        for place in sorted(places):
            while place < len(pattern) and pattern[place] == "*":
                place += 1
                places.add(place)
        return places

    places = beyond_runs({0})
    for letter in word:
        stays = {at for at in places if at < len(pattern) and pattern[at] == "*"}
        goes = {at + 1 for at in places if at < len(pattern) and pattern[at] in ("?", letter)}
        places = beyond_runs(stays | goes)
    return len(pattern) in places


def is_witness(word, question):
    inside = all(matches(pattern, word) for pattern in question["inside"])
    return inside and not any(matches(pattern, word) for pattern in question["outside"])


class Z3:
    """z3's answers."""

    def __init__(self):
        import z3

        self.z3 = z3
        self.sort = z3.ReSort(z3.StringSort())

    def version(self):
        return self.z3.get_version_string()

    def regex(self, pattern):
        z3 = self.z3
        parts = []
        for letter in pattern:
            if letter == "*":
                parts.append(z3.Full(self.sort))
            elif letter == "?":
                parts.append(z3.AllChar(self.sort))
            else:
                parts.append(z3.Re(letter))
        if not parts:
            return z3.Re("")
        return parts[0] if len(parts) == 1 else z3.Concat(*parts)

    def formula(self, word, question):
        z3 = self.z3
        inside = [z3.InRe(word, self.regex(pattern)) for pattern in question["inside"]]
        return inside + [z3.Not(z3.InRe(word, self.regex(pattern))) for pattern in question["outside"]]

    def ask(self, question):
        """The word, `none` or `unknown` as the engine spells it, and the seconds it took."""
        z3 = self.z3
        word = z3.String("word")
        formula = self.formula(word, question)
        solver = z3.Solver()
        solver.set("timeout", TIMEOUT_MS)
        # The time-out is looked at between steps only; a step that takes long is interrupted.
        watch = threading.Timer(2 * TIMEOUT_MS / 1000, solver.ctx.interrupt)
        watch.start()
        start = time.perf_counter()
        try:
            solver.add(formula)
            verdict = solver.check()
        except z3.Z3Exception:
            verdict = z3.unknown
        finally:
            seconds = time.perf_counter() - start
            watch.cancel()
            watch.join()
        if verdict == z3.sat:
            value = solver.model().eval(word, model_completion=True)
            return "word:" + "".join(map(chr, self.letters(value))), seconds
        return ("none" if verdict == z3.unsat else "unknown"), seconds

    def letters(self, value):
        """The code points of a string value, which is printed with escapes."""
        text, at = value.as_string(), 0
        while at < len(text):
            if text.startswith("\\u{", at):
                end = text.index("}", at)
                yield int(text[at + 3 : end], 16)
                at = end + 1
            else:
                yield ord(text[at])
                at += 1

    def is_witness(self, word, question):
        z3 = self.z3
        formula = z3.And(self.formula(z3.StringVal(word), question))
        return z3.is_true(z3.simplify(formula))


def disagreement(question, said, z3):
    """What is wrong between the engine's two answers and z3's, or None."""
    for name in ("answer", "searched"):
        answer = question[name]
        if answer.startswith("word:"):
            word = answer.removeprefix("word:")
            if not is_witness(word, question):
                return f"the {name} `{word}` is no witness"
            if not z3.is_witness(word, question):
                return f"the {name} `{word}` is no witness to z3"
            if said == "none":
                return f"the {name} is `{word}`, z3 proves that there is none"
        if answer == "none" and said.startswith("word:"):
            word = said.removeprefix("word:")
            sort = "witness" if is_witness(word, question) else "word, which is no witness"
            return f"the {name} is that there is none, z3 names the {sort} {word!r}"
    answers = {question[name].partition(":")[0] for name in ("answer", "searched")} - {"unknown"}
    if len(answers) == 2:
        return "one match and the search disagree"
    shorter = [question[name] for name in ("answer", "searched") if question[name].startswith("word:")]
    if len(shorter) == 2 and len(shorter[1]) > len(shorter[0]):
        return "the search did not find a shortest word"
    return None


def questions(count, seed):
    command = ["cargo", "bench", "--quiet", "--bench", "bench", "--", "--oracle", count, seed]
    try:
        made = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    except FileNotFoundError:
        fail("cargo was not found")
    if made.returncode != 0:
        fail(f"`{' '.join(command)}` failed")
    lines = [json.loads(line) for line in made.stdout.decode().splitlines() if line.startswith("{")]
    if len(lines) != int(count) or any("error" in line for line in lines):
        fail("the engine did not answer each question")
    return lines


def compare(count, seed):
    z3 = Z3()
    counts = {"agreed": 0, "disagreed": 0, "z3 unknown": 0, "engine unknown": 0}
    answers = {"none": 0, "word": 0}
    engine, solver = [], []
    for question in questions(count, seed):
        said, seconds = z3.ask(question)
        engine.append(question["ns"] / 1e3)
        solver.append(seconds * 1e6)
        wrong = disagreement(question, said, z3)
        if wrong:
            counts["disagreed"] += 1
            inside, outside = json.dumps(question["inside"]), json.dumps(question["outside"])
            print(f"question {question['number']}: in {inside}, not in {outside}: {wrong}")
        elif said == "unknown":
            counts["z3 unknown"] += 1
        elif "unknown" in (question["answer"], question["searched"]):
            counts["engine unknown"] += 1
        else:
            counts["agreed"] += 1
            answers[said.partition(":")[0]] += 1
    print(f"{count} questions of seed {seed}, z3 {z3.version()}, {TIMEOUT_MS} ms each")
    print(", ".join(f"{name}: {number}" for name, number in counts.items()))
    print(f"of those agreed on, {answers['word']} have a witness and {answers['none']} have none")
    ours, theirs = statistics.median(engine), statistics.median(solver)
    print(f"median time: {ours:.2f} us here, {theirs:.0f} us with z3, {theirs / ours:.0f} times as long")
    if counts["disagreed"]:
        return 1
    if 2 * counts["agreed"] < int(count):
        fail("fewer than half of the questions could be compared")
    return 0


def with_z3(arguments):
    """Run this file again with the interpreter of a temporary environment that has z3."""
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        python = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        made = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            fail(f"no environment for z3 can be made; is Python's `venv` installed?\n{made.stdout}{made.stderr}")
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", PACKAGE]
        installed = subprocess.run(command, capture_output=True, text=True, check=False)
        if installed.returncode != 0:
            last = installed.stderr.strip().splitlines()[-1:] or ["no reason was given"]
            fail(f"{PACKAGE} cannot be installed; can PyPI be reached?\n{last[0]}")
        return subprocess.run([python, __file__, *arguments, "--with-z3"], check=False).returncode


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--with-z3"]
    if len(arguments) > 2 or not all(argument.isascii() and argument.isdigit() for argument in arguments):
        fail("give a number of questions and a seed")
    if sys.version_info < (3, 9):
        fail("Python 3.9 or later is needed")
    try:
        import z3  # noqa: F401
    except ImportError:
        if "--with-z3" in sys.argv:
            fail(f"{PACKAGE} was installed and cannot be loaded")
        return with_z3(arguments)
    count, seed = (arguments + ["1000", "1"][len(arguments) :])[:2]
    return compare(count, seed)


if __name__ == "__main__":
    sys.exit(main())
