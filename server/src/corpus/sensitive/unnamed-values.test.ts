import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { findSensitive } from "./sensitive-scan";

function found(text: string, language: string): string[] {
  return findSensitive(text, language).map((finding) => `${finding.rule}: ${text.slice(finding.start, finding.end)}`);
}

const random = seededRandom("unnamed-values");
const drawn = (alphabet: string, length: number): string => Array.from({ length }, () => alphabet[random.int(alphabet.length)]!).join("");
const hex = "0123456789abcdef";
const base36 = "abcdefghijklmnopqrstuvwxyz0123456789";
const base62 = `${base36}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

const value = "q8Jd02mXz7Lp4Rt6Vb1NcW5y";

describe("a random value without a name is found", () => {
  test.each([
    ["javascript", `const upstream = "${value}";`],
    ["python", `    client.open('${value}')`],
    ["c", `	.relay = "${value}",`],
    ["yaml", `gateway: ${value}`],
    ["yaml", `  - ${value}`],
    ["dotenv", `PARTNER=${value}`],
    ["shellscript", `agent --device ${value} start`],
    ["xml", `<item>${value}</item>`],
    ["json", `"hook": "https://hooks.host.io/in/${value}"`],
  ])("%s: %s", (language, text) => {
    expect(found(text, language)).toEqual([`unnamed-secret: ${value}`]);
  });

  test("whatever its alphabet: nearly all of a thousand", () => {
    for (const [alphabet, length] of [
      [hex, 40],
      [base36, 28],
      [base62, 26],
      ["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32],
    ] as const) {
      let hits = 0;
      for (let round = 0; round < 250; round++) hits += findSensitive(`x = "${drawn(alphabet, length)}";`, "javascript").length;
      expect(hits).toBeGreaterThan(240);
    }
  });
});

const digest = "5e6ff3b1a0c94d27b8e1f0a92c7d4e6f5e6ff3b1";

describe("what is public or a name stays", () => {
  test.each([
    ["json", `"gitHead": "${digest}"`],
    ["yaml", `      - uses: actions/checkout@${digest} # v4`],
    ["yaml", `  rev: ${digest}`],
    ["yaml", `  - name: sha1\n    value: ${digest}`],
    ["python", `    assert digest(b"x") == "${digest}"`],
    ["plaintext", `commit ${digest}`],
    ["plaintext", `${digest}  file-1.tar.gz`],
    ["plaintext", `github.com/a/b v1.2.0 h1:${value}${value}=`],
    ["html", `<script integrity="sha384-${value}${value}"></script>`],
    ["javascript", `icon = "data:image/png;base64,iVBORw0KGgo${value}${value}"`],
    ["javascript", `const id = "6d345804-ec3f-46c9-b454-a91d4a80d0e0";`],
    ["json", `"subnet": "subnet-09d912bb63ef21b9a"`],
    ["json", `"AttachmentId": "${value}"`],
    ["json", `"Arn": "arn:aws:x:us-east-1:123456789012:${value}"`],
    ["c", `"phyclk_mipi_dphy_4l_m_txbyte_clkhs"`],
    ["go", `chain("KUBE-SVC-XPGD46QRK7WJZT7O")`],
    ["go", `{"v1.8.0-alpha.2.1231+afabd012389d53a", "1.8.0"},`],
    ["go", `path: "plugins/kubernetes.io/fc/50060e801049cfd1-lun-0",`],
    ["go", `const rsaKeyID = "${value}"`],
    ["go", `expect(digestOf(x), "${digest}")`],
    ["shellscript", `corefile_tool_SHA="${digest}"`],
    ["less", `// Remove after I${digest} is out`],
    ["markdown", `[kubernetes.tar.gz](https://host.io/a/kubernetes.tar.gz) | \`${digest}\``],
    ["html", `<map name="ImageMap_02c94d3ca4bfc187">`],
    ["json", `"reference": "${digest}",`],
    ["json", `{"kty":"EC","crv":"P-256","x":"${value}","y": "${value}"}`],
    ["groovy", `HashUtil.createCompactMD5("") == "ck2u8j60r58fu0sgyxrigm3cu"`],
    ["python", `values = known("a") and ["${digest}", "f31495fd1bb4b8c3b8fb1f46a68adf9e"]`],
    ["python", `("39da9369-838e-4750-91a-f7805cd82839", 1)`],
    ["php", `  yield [\n    '${digest}',\n    $cache->hash( 'x' )\n  ];`],
    ["c", `"RxRbufCsrQNumOfPktParityErr"`],
    ["c", `#include "dcn/dcn_3_1_5_sh_mask.h"`],
    ["c", `static const u8 key_of_somebody_1[] = { q8Jd02mXz7Lp4Rt6Vb1NcW5y };`],
    ["c", `"2.3283064365386962890625e-10"`],
    ["javascript", `const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";`],
    ["javascript", `x = "VGhpcyBpcyBhbiBlbmNvZGVkIHN0cmluZw==";`],
    ["javascript", `getUserByEmailAndPasswordHash2("abstractSingletonProxyFactoryBean2")`],
    ["javascript", `"main.3f2a9b1c0d4e5f6a7b8c.chunk.js"`],
    ["plaintext", `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${value}${value} me@host`],
    ["plaintext", `-----BEGIN CERTIFICATE-----\nMIIDq8Jd02mXz7Lp4Rt6Vb1NcW5y${value}\n${value}${value}\n-----END CERTIFICATE-----`],
    ["markdown", `<https://lore.kernel.org/all/${value}@mail.gmail.com/>`],
  ])("%s: %s", (language, text) => {
    expect(found(text, language)).toEqual([]);
  });

  test("only what is given a name is looked for elsewhere", () => {
    expect(findSensitive(`upstream = "${value}"`, "javascript").map(({ everywhere }) => everywhere)).toEqual([true]);
    expect(findSensitive(`open("${value}")`, "javascript").map(({ everywhere }) => everywhere)).toEqual([false]);
    expect(findSensitive(`upstream = "${digest}"`, "javascript").map(({ everywhere }) => everywhere)).toEqual([false]);
  });

  test("one line of a block of encoded data", () => {
    expect(found(`table = [\n  "${value}",\n  "${value.toLowerCase()}",\n];`, "javascript")).toEqual([]);
  });
});
