"""Independent look at what a licence-header rule takes out of a tree: what it destroys, and what it leaves.

Usage: python3 bench/check-strips.py ROOT STRIPS.jsonl [--sample N] [--seed S]
STRIPS.jsonl has one line per file: {"path", "licence": [{"start", "end"}], "block"?: {"start", "end"}}, offsets in UTF-16 units.
The rule of the field (RedPajama; also in data-juicer and dolma) runs over the same files for comparison, rebuilt from its description:
the first block comment that contains "copyright" goes, else every leading line that starts with //, #, -- or is empty.
Shares no code and no word list with the engine. Known to be strict: a line counts as lost when neither it nor the sentence around it
has a word of a licence.
"""
import json, random, re, sys
from collections import Counter, defaultdict

C_LIKE = {"c", "h", "S", "dts", "dtsi", "cpp", "hpp", "cc", "js", "ts", "css", "java", "rs", "go", "y", "l", "lds", "cocci", "pyf"}
HASH = {"py", "pyx", "pxd", "pyi", "sh", "pl", "yaml", "yml", "toml", "cfg", "Makefile", "Kconfig", "Kbuild", "Build", "conf", "ps1", "awk", "tc"}
PREPROCESSOR = re.compile(r"^\s*#\s*(include|define|undef|if|ifdef|ifndef|elif|else|endif|pragma|error)\b")
DIRECTIVE = re.compile(
    r"-\*-|\bcoding[:=]|\bvim?:|go:build|\+build|eslint|@ts-|type:\s*ignore|pylint:|noqa|mypy:|shellcheck |clang-format o|^\W*%YAML|"
    r"@flow|prettier-ignore|sourceMappingURL|istanbul ignore|cython:|distutils:|frozen_string_literal|yaml-language-server|^\W*pragma")
LEGAL = re.compile(
    r"licen[cs]|copy(right|left|ing|ies|\b)|\(c\)|©|spdx|warrant|permi(t|ss)|distribut|rights|gpl|gnu\b|free software|public domain|"
    r"terms|condition|liab|damages|provided|notice|disclaim|merchant|fitness|purpose|consequential|incidental|infring|copies|modif|"
    r"author|trademark|patent|proprietary|confidential|bsd|\bmit\b|apache|mozilla|software|without|foundation|boston|temple place|"
    r"franklin|law\b|applicable|hereby|grant|retain|reproduce|endorse|promot|negligence|tort|loss|profits|interruption|substitute|"
    r"contract|arising|possibility|implied|express|kind|version|publish|option|hope|useful|see the|receiv|obtain|\bin any\b|"
    r"required|governing|compliance|(19|20)\d\d|contribut|inc\b|corp|ltd|gmbh|<\S+@|https?:|\bfee\b|restrict", re.I)
RESIDUAL = re.compile(
    r"copyright\W{0,4}(\(c\)|©|(19|20)\d\d)|\(c\)\W{0,3}(copyright|(19|20)\d\d)|©\s*(19|20)\d\d|SPDX-License-Identifier:|all rights reserved|"
    r"permission is hereby granted|redistribution and use in source|licensed under the|general public license|free software foundation|"
    r"without warranty of any kind|without warranties or conditions", re.I)


def extension(path):
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1] if "." in name else name


def leading_comments(text, kind):
    """The text up to the first code, by a scanner of its own; the first 3,000 characters at most."""
    at = 0
    if text.startswith("#!"):
        at = text.find("\n") + 1
    if kind in C_LIKE:
        while at < len(text):
            if text[at].isspace():
                at += 1
            elif text.startswith("/*", at):
                end = text.find("*/", at + 2)
                if end < 0:
                    break
                at = end + 2
            elif text.startswith("//", at):
                end = text.find("\n", at)
                at = len(text) if end < 0 else end
            else:
                break
        return text[: min(at, 3000)]
    if kind in HASH:
        lines = []
        for line in text.split("\n"):
            if line.strip() and not line.lstrip().startswith("#"):
                break
            lines.append(line)
        head = "\n".join(lines)
        rest = text[len(head) :].lstrip()
        quote = re.match(r'[rRuU]?("""|\'\'\')', rest)
        if kind in {"py", "pyi", "pyx"} and quote:
            end = rest.find(quote.group(1), len(quote.group(0)))
            head += rest[: end + 3] if end > 0 else ""
        return head[:3000]
    return text[:3000]


def comment_mask(text, kind, upto):
    """For each character of the head: is it inside a comment (or a Python docstring)?"""
    mask = bytearray(upto)
    at = 0
    if kind in C_LIKE:
        while at < upto:
            if text.startswith("/*", at):
                end = text.find("*/", at + 2)
                end = upto if end < 0 else end + 2
            elif text.startswith("//", at) or (kind == "S" and text[at] in "#;@|!" and not PREPROCESSOR.match(text[at : at + 40])):
                end = text.find("\n", at)
                end = upto if end < 0 else end
            else:
                at += 1
                continue
            for index in range(at, min(end, upto)):
                mask[index] = 1
            at = max(end, at + 1)
    elif kind in HASH:
        in_string = None
        for match in re.finditer(r"[^\n]*\n?", text[:upto]):
            line = match.group(0)
            quote = re.match(r'\s*[rRuU]?("""|\'\'\')', line)
            is_comment = bool(in_string) or line.lstrip().startswith("#")
            if in_string and in_string in line:
                in_string = None
            elif not in_string and quote and kind in {"py", "pyi", "pyx"}:
                is_comment = True
                if line.count(quote.group(1)) == 1:
                    in_string = quote.group(1)
            if is_comment:
                for index in range(match.start(), match.end()):
                    mask[index] = 1
    else:
        return None
    return mask


def is_title(lines, index, kind):
    line = lines[index]
    if kind in {"md", "markdown"}:
        return bool(re.match(r"#{1,6} \S", line))
    if kind in {"rst"} and index + 1 < len(lines):
        under = lines[index + 1].strip()
        return bool(line.strip()) and len(under) >= 3 and len(set(under)) == 1 and under[0] in "=-~^*+#`\"'" and not line.startswith(" ")
    return False


def losses(text, spans, kind):
    """Kinds of lines that the spans destroy, with an example each."""
    lost = {}
    if not spans:
        return lost
    upto = min(len(text), max(end for _, end in spans) + 1)
    mask = comment_mask(text, kind, upto)
    removed = bytearray(upto)
    for start, end in spans:
        for index in range(start, min(end, upto)):
            removed[index] = 1
    lines = text[: upto + 400].split("\n")
    at = 0
    for index, line in enumerate(lines):
        begin, end = at, at + len(line)
        at = end + 1
        if begin >= upto:
            break
        gone = [i for i in range(begin, min(end, upto)) if removed[i] and not text[i].isspace()]
        if not gone:
            continue
        words = "".join(text[i] for i in gone)
        first = next(i for i in range(begin, end) if not text[i].isspace())
        inside = mask is not None and mask[first] if first < upto else False
        if index == 0 and line.startswith("#!") and not line.startswith("#!["):
            lost.setdefault("shebang", line)
        elif kind in C_LIKE and not inside and PREPROCESSOR.match(line):
            lost.setdefault("preprocessor", line)
        elif mask is not None and any(not mask[i] for i in gone):
            lost.setdefault("code", line)
        elif is_title(lines, index, kind):
            lost.setdefault("title", line)
        elif DIRECTIVE.search(line) and not RESIDUAL.search(line):
            lost.setdefault("directive", line)
        elif re.search(r"[^\W\d_]{3}", words) and not LEGAL.search(line):
            around = " ".join(lines[max(0, index - 1) : index]) + " " + " ".join(lines[index + 1 : index + 2])
            lost.setdefault("comment near" if LEGAL.search(around) else "comment alone", line)
    return lost


def field_spans(text):
    match = re.search(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", text)
    if match:
        return [match.span()] if "copyright" in match.group(0).lower() else []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith(("//", "#", "--")):
            break
        at += len(line)
    return [(0, at)] if at else []


def to_points(text, spans):
    """Offsets in UTF-16 units to offsets in code points."""
    if text.isascii() or max(map(ord, text), default=0) < 0x10000:
        return spans
    table = [0]
    for index, char in enumerate(text):
        table.extend([index + 1] * (2 if ord(char) > 0xFFFF else 1))
    return [(table[s], table[e]) for s, e in spans]


def apply(text, spans):
    parts, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            parts.append(text[at:start])
        at = max(at, end)
    return "".join(parts) + text[at:]


def main():
    root, strips = sys.argv[1:3]
    sample = int(sys.argv[sys.argv.index("--sample") + 1]) if "--sample" in sys.argv else 0
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 0
    rules = ("licence", "licence and recurring", "field")
    counts, examples = {rule: Counter() for rule in rules}, defaultdict(list)
    residual, residual_before, files, shown = {rule: [] for rule in rules}, 0, 0, []
    for record in map(json.loads, open(strips, encoding="utf-8")):
        try:
            text = open(f"{root}/{record['path']}", "rb").read().decode("utf-8", "replace")
        except OSError:
            continue
        files += 1
        kind = extension(record["path"])
        ours = to_points(text, [(s["start"], s["end"]) for s in record["licence"]])
        block = to_points(text, [(record["block"]["start"], record["block"]["end"])]) if record.get("block") else []
        residual_before += bool(RESIDUAL.search(leading_comments(text, kind)))
        for rule, spans in zip(rules, (ours, ours + block, field_spans(text))):
            for name, line in losses(text, spans, kind).items():
                counts[rule][name] += 1
                examples[rule, name].append((record["path"], line))
            if RESIDUAL.search(leading_comments(apply(text, spans), kind)):
                residual[rule].append(record["path"])
        if ours:
            shown.append((record["path"], text, ours))
    print(f"{files} files, {residual_before} with a notice in the first 3,000 characters of their leading comments, {len(shown)} stripped")
    for rule in rules:
        print(f"{rule}: notices left {len(residual[rule])}; files that lose " + ", ".join(f"{k} {v}" for k, v in sorted(counts[rule].items())))
    chance = random.Random(seed)
    for (rule, name), found in sorted(examples.items()):
        if rule != "field":
            for path, line in chance.sample(found, min(len(found), 80 if "alone" in name else 50)):
                print(f"  {rule} / {name}: {path}: {line.strip()[:140]}")
    print("left by ending:", Counter(extension(path) for path in residual["licence"]).most_common(12))
    for path in chance.sample(residual["licence"], min(len(residual["licence"]), 40)):
        print("  left:", path)
    for path, text, spans in chance.sample(shown, min(sample, len(shown))):
        print("=====", path)
        print(*("-" + line for s, e in spans for line in text[s:e].split("\n")), sep="\n")
        print(*(">" + line for line in leading_comments(apply(text, spans), extension(path))[:500].split("\n")), sep="\n")


if __name__ == "__main__":
    main()
