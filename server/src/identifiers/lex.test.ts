/** What stands inside strings, comments and texts, language by language. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../platform/random";
import { extractTerms, readTerms } from "./extract-terms";
import { lex } from "./lex";
import { lexicalFamily } from "./lexical-families";
import { startsWith, type LexicalFamily, type LexicalPattern } from "./lexical-pattern";
import { unitsOf } from "./text-units";

const names = (text: string, language: string): string[] => extractTerms(text, language).map(({ term }) => term);

describe("expressions inside strings", () => {
  it.each([
    ["python", "x = f'alpha {firstName!r:>{widthName}} {{beta}} {other[\"keyName\"]:.2f}' + 'gamma {delta}'", ["firstName", "other"]],
    ["python", 'y = rf"""alpha {firstName}\n{call(inner={"a": 1})} """ + plainName', ["firstName", "call", "inner", "plainName"]],
    [
      "kotlin",
      'val label = "alpha $firstName ${other.name} \\$beta" + """raw $rawName"""',
      ["label", "firstName", "other", "name", "rawName"],
    ],
    [
      "swift",
      'let label = "alpha \\(firstName.name(inner: "b \\(deepName)")) beta" + #"raw \\(no) \\#(rawName)"#',
      ["label", "firstName", "name", "inner", "deepName", "rawName"],
    ],
    [
      "csharp",
      'var label = $"alpha {firstName:N2} {{beta}}" + $@"path ""{secondName}""" + $"""x {thirdName}""";',
      ["label", "firstName", "secondName", "thirdName"],
    ],
    ["scala", 'val label = s"alpha $firstName ${other.name}" + "plain $beta"', ["label", "firstName", "other", "name"]],
    ["dart", "var label = 'alpha $firstName ${other.name}' + r'raw $beta';", ["label", "firstName", "other", "name"]],
    ["ruby", 'label = "alpha #{firstName + "#{innerName}"} beta" + \'plain #{gamma}\'', ["label", "firstName", "innerName"]],
    ["elixir", 'label = "alpha #{first_name} beta" <> ~s"x #{second_name}"', ["label", "first_name", "second_name"]],
    ["julia", 'label = "alpha $first_name $(call_it(2)) beta"', ["label", "first_name", "call_it"]],
    ["php", "<?php $label = \"alpha $firstName {$other->name} beta\" . 'plain $gamma';", ["label", "firstName", "other", "name"]],
    ["perl", "my $label = \"alpha $first_name ${second_name} beta\" . 'plain $gamma';", ["label", "first_name", "second_name"]],
    [
      "shellscript",
      'label="alpha $first_name ${second_name:-x} $(call_it "$third_name") beta"',
      ["label", "first_name", "second_name", "call_it", "third_name"],
    ],
    ["powershell", '$label = "alpha $firstName $($other.Name) beta"', ["label", "firstName", "other", "Name"]],
    ["groovy", "def label = \"alpha ${firstName} $other\" + 'plain $beta'", ["label", "firstName", "other"]],
    ["nix", "label = ''\n  alpha ${firstName} ''${beta}\n'';", ["label", "firstName"]],
    ["terraform", 'label = "alpha ${first_name} $${beta}"', ["label", "first_name"]],
    ["fsharp", 'let label = $"alpha {firstName:N2} beta"', ["label", "firstName"]],
  ])("of %s: %s", (language, text, expected) => {
    expect(names(text, language)).toEqual(expect.arrayContaining(expected));
    expect(
      names(text, language).filter((name) => /^(?:alpha|beta|gamma|delta|plain|raw|keyName)$/.test(name) && !expected.includes(name)),
    ).toEqual([]);
  });
});

describe("comments inside comments end where the outermost does", () => {
  it.each([
    ["rust", "/* alpha /* beta */ gamma */ realName"],
    ["swift", "/* alpha /* beta */ gamma */ realName"],
    ["kotlin", "/* alpha /* beta */ gamma */ realName"],
    ["scala", "/* alpha /* beta */ gamma */ realName"],
    ["dart", "/* alpha /* beta */ gamma */ realName"],
    ["d", "/+ alpha /+ beta +/ gamma +/ realName"],
    ["haskell", "{- alpha {- beta -} gamma -} realName"],
    ["ocaml", "(* alpha (* beta *) gamma *) realName"],
    ["fsharp", "(* alpha (* beta *) gamma *) realName"],
    ["lisp", "#| alpha #| beta |# gamma |# realName"],
    ["julia", "#= alpha #= beta =# gamma =# realName"],
    ["nim", "#[ alpha #[ beta ]# gamma ]# realName"],
  ])("%s", (language, text) => expect(names(text, language)).toEqual(["realName"]));

  it.each(["c", "java", "go", "javascript"])("%s has none", (language) =>
    expect(names("/* alpha /* beta */ realName", language)).toEqual(["realName"]),
  );
});

describe("heredocs", () => {
  it.each([
    ["shellscript", "cat <<EOF | call_it\nalpha $first_name\nEOF\nreal_name=1", ["cat", "call_it", "first_name", "real_name"]],
    ["shellscript", "cat <<-'EOF'\nalpha $beta\n\tEOF\nreal_name=1", ["cat", "real_name"]],
    ["ruby", "label = <<~TEXT.strip\n  alpha #{first_name}\nTEXT\nreal_name = 1", ["label", "TEXT", "strip", "first_name", "real_name"]],
    ["php", "<?php $label = <<<EOT\nalpha $firstName\nEOT;\n$realName = 1;", ["label", "firstName", "realName"]],
    ["perl", 'my $label = <<"EOT";\nalpha $first_name\nEOT\nmy $real_name;', ["label", "first_name", "real_name"]],
    ["terraform", "label = <<EOT\nalpha ${first_name}\nEOT\nreal_name = 1", ["label", "first_name", "real_name"]],
  ])("of %s", (language, text, expected) => {
    const found = names(text, language);
    expect(found.filter((name) => name !== "EOT" && name !== "EOF")).toEqual(
      expected.filter((name) => found.includes(name) || name !== "TEXT"),
    );
    expect(found).not.toContain("alpha");
  });

  it("that nothing closes is a shift", () => expect(names("value << FLAG\nother_name", "ruby")).toEqual(["value", "FLAG", "other_name"]));
});

describe("what nobody wrote is left out, with its reason", () => {
  it.each([
    ["hash", "d41d8cd98f00b204e9800998ecf8427e"],
    ["encoded", "c3RhY2s9MTIzNDU2Nzg5MGFiY2Q"],
    ["generated", "_ZN4core3fmt9Formatter"],
    ["generated", "_0x3fa2b1"],
    ["generated", "backup_20240131"],
    ["too-long", "a".repeat(120)],
  ])("%s: %s", (reason, word) => {
    expect(readTerms(`${word} = realName;`, "c")).toMatchObject({ terms: [{ term: "realName" }], excluded: { [reason]: 1 } });
  });
});

describe("any text", () => {
  const languages =
    "typescript python rust kotlin swift csharp ruby php perl shellscript powershell elixir julia dart scala nix terraform haskell ocaml fsharp lisp lua sql cpp go".split(
      " ",
    );
  const marks = [
    '"',
    "'",
    "`",
    "${",
    "}",
    "#{",
    "\\(",
    ")",
    "/*",
    "*/",
    "(*",
    "*)",
    "{-",
    "-}",
    "<<EOF",
    "\nEOF\n",
    '"""',
    "\n",
    "//",
    "#",
    "\\",
    "{{",
    "$x",
    "f'",
    '$"',
    "name",
    " ",
    "@'",
    "'@",
    "?>",
    "<?php",
  ];

  it.each(languages)("gives ordered names of the text in %s, and ends", (language) => {
    const random = seededRandom("lexer", language);
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: random.int(60) }, () => random.pick(marks)).join("");
      let last = 0;
      for (const { term, start, end } of extractTerms(text, language)) {
        expect(text.slice(start, end)).toBe(term);
        expect(start).toBeGreaterThanOrEqual(last);
        last = end;
      }
    }
  });

  it.each(languages)("of one long line takes time in proportion in %s", (language) => {
    for (const part of ['"${', "f'{a:", "/*", "(*", "<<TAG ", "`${`", "#{'", "a<b,"]) extractTerms(part.repeat(20_000), language);
  });
});

/** Asks the pattern at every character. */
function withoutTable(family: LexicalFamily): LexicalFamily {
  const nothing = { starts: new Uint8Array(128).fill(startsWith.more), goesOn: new Uint8Array(128) };
  const slow = (part: LexicalPattern): LexicalPattern => ({ ...part, fast: () => nothing });
  return { ...family, code: slow(family.code), inside: slow(family.inside) };
}

function lexemes(text: string, family: LexicalFamily): string[] {
  const found: string[] = [];
  lex(text, unitsOf(text), family, 0, text.length, {
    name: (start, end) => void found.push(`name ${start} ${end}`),
    string: (start, end) => void found.push(`string ${start} ${end}`),
  });
  return found;
}

describe("the table of first characters changes nothing in what is found", () => {
  const fragments = [
    ..."name Name_1 café ﬁx2 x' r q m s 9 0x1F 1.5e3 12'34 'a' '\\n' \"text\" \"a\\\"b\" `tick` # // /* */ /+ +/ -- --[[ ]] ;; % ! {- -}".split(
      " ",
    ),
    ...'(* *) \'\'\' """ ` f" f\' rb\' R"( )" r#" "# q( qw[ s/a/b/ m{ } ${ $( $name #{ \\( { ( [ ] ) : @" <<EOF EOF <<~\'END\' END'.split(
      " ",
    ),
    ..."<?php ?> =begin =end =cut #include <a/b.h> <# #> @' '@ .css-name #fff $-x \\\\ ~s\" , . = == => -> :: && || 😀 é 中".split(" "),
    "\n",
    "\t",
  ];
  const languages =
    "c csharp java kotlin scala groovy swift zig d javascript dart go rust python makefile nim r ruby coffeescript elixir julia perl shellscript php jsonnet terraform nix sql lua haskell ocaml fsharp lisp erlang vb fortran pascal powershell cmake vhdl assembly vim cobol css scss";
  it.each(languages.split(" "))("%s", (language) => {
    const family = lexicalFamily(language)!;
    const slow = withoutTable(family);
    const random = seededRandom("table", language);
    for (let round = 0; round < 60; round++) {
      const text = Array.from({ length: 60 }, () => `${random.pick(fragments)}${random.pick(["", " ", " ", "\n"])}`).join("");
      const found = lexemes(text, family);
      const expected = lexemes(text, slow);
      expect([text, found]).toEqual([text, expected]);
    }
  });
});
