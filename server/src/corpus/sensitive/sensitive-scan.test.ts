import { describe, expect, test } from "vitest";
import { findCredentials, findSensitive } from "./sensitive-scan";

function found(text: string, language = "javascript"): string[] {
  return findSensitive(text, language).map((finding) => `${finding.rule}: ${text.slice(finding.start, finding.end)}`);
}

/** Made here, so that no real-looking credential stands in this file. */
const letters = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5kL7nP9rS1uV3xY5zA7cD9fG1iJ3lM5oP7qR9tU1wX3";
const hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

describe("credentials with a shape of their own", () => {
  test.each([
    ["aws-access-key", `AKIA${"QWERTYUIOP234567"}`],
    ["github-token", `ghp_${letters.slice(0, 36)}`],
    ["github-token", `github_pat_${letters.slice(0, 22)}_${letters.slice(0, 59)}`],
    ["gitlab-token", `glpat-${letters.slice(0, 20)}`],
    ["slack-token", `xoxb-${"123456789012"}-${letters.slice(0, 24)}`],
    ["slack-webhook", `hooks.slack.com/services/T0${"AB12CD34"}/B0${"EF56GH78"}/${letters.slice(0, 24)}`],
    ["stripe-key", `sk_live_${letters.slice(0, 24)}`],
    ["google-api-key", `AIza${letters.slice(0, 35)}`],
    ["openai-key", `sk-proj-${letters.slice(0, 60)}`],
    ["anthropic-key", `sk-ant-api03-${letters.slice(0, 60)}`],
    ["npm-token", `npm_${letters.slice(0, 36)}`],
    ["pypi-token", `pypi-AgEIcHlwaS5vcmc${letters.slice(0, 60)}`],
    ["sendgrid-key", `SG.${letters.slice(0, 22)}.${letters.slice(0, 43)}`],
    ["twilio-key", `SK${hex.slice(0, 32)}`],
    ["huggingface-token", `hf_${letters.slice(0, 34)}`],
    ["telegram-token", `123456789:AA${letters.slice(0, 33)}`],
    ["azure-secret", `${letters.slice(0, 3)}8Q~${letters.slice(3, 37)}`],
    ["jwt", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${letters.slice(0, 43)}`],
    ["vault-token", `hvs.${letters.slice(0, 24)}`],
  ])("%s", (rule, value) => {
    expect(found(`const it = load("${value}");`)).toEqual([`${rule}: ${value}`]);
    expect(found(`# ${value}\n`, "markdown")).toEqual([`${rule}: ${value}`]);
  });

  test("are not found inside longer names", () => {
    expect(found(`const task-${letters.slice(0, 40)} = MYAKIA${"QWERTYUIOP234567"};`)).toEqual([]);
  });

  test("a private key goes from its first line to its last", () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${letters.slice(0, 64)}\n${letters.slice(0, 64)}\n-----END RSA PRIVATE KEY-----`;
    expect(found(`a\n${key}\nb`)).toEqual([`private-key: ${key}`]);
    expect(
      found(
        `{"key": "-----BEGIN PRIVATE KEY-----\\n${letters.slice(0, 64)}\\n${letters.slice(0, 64)}\\n-----END PRIVATE KEY-----\\n"}`,
        "json",
      ),
    ).toHaveLength(1);
    expect(found(`const start = "-----BEGIN PRIVATE KEY-----"; const end = "-----END PRIVATE KEY-----";`)).toEqual([]);
  });

  test("an unterminated private key ends where its base64 ends", () => {
    expect(found(`-----BEGIN PRIVATE KEY-----\n${letters.slice(0, 64)}\n${letters.slice(0, 64)}\n`)[0]).toContain(letters.slice(0, 64));
  });

  test("in a path", () => {
    expect(findCredentials(`backup/AKIA${"QWERTYUIOP234567"}.txt`)).toHaveLength(1);
    expect(findCredentials("src/password=hunter22.txt")).toEqual([]);
  });
});

describe("assignments to telling names", () => {
  test.each([
    [`password = "hunter2x!"`, "password: hunter2x!"],
    [`"dbPassword": "Tr0ub4dor&3",`, "password: Tr0ub4dor&3"],
    [`const apiKey: string = '${hex.slice(0, 32)}';`, `key: ${hex.slice(0, 32)}`],
    [`AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzKEY"`, "key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzKEY"],
    [`os.environ.get("API_TOKEN", "${letters.slice(0, 24)}")`, `key: ${letters.slice(0, 24)}`],
    [`<password>Tr0ub4dor&3</password>`, "password: Tr0ub4dor&3"],
    [`headers = { Authorization: "Bearer ${letters.slice(0, 40)}" }`, `authorization: ${letters.slice(0, 40)}`],
    [`connect("Server=db;User Id=sa;Password=Str0ngPass1;Encrypt=true")`, "password: Str0ngPass1"],
    [`fetch("https://api.company.io/v1?user=1&access_token=${letters.slice(0, 24)}")`, `key: ${letters.slice(0, 24)}`],
    [`postgres://admin:s3cr3tpw@db.internal:5432/app`, "url-password: s3cr3tpw"],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test("need no quotes in configuration, and do in code", () => {
    expect(found(`db_password: Tr0ub4dor3\n`, "yaml")).toEqual(["password: Tr0ub4dor3"]);
    expect(found(`export API_TOKEN=${letters.slice(0, 24)}\n`, "shellscript")).toEqual([`key: ${letters.slice(0, 24)}`]);
    expect(found(`password = derive2Password\n`)).toEqual([]);
  });

  test.each([
    `password = "your-password-here1"`,
    `password = os.environ["DB_PASSWORD_2"]`,
    `token = "access_token_v2"`,
    `secret: "\${VAULT_SECRET_1}"`,
    `const tokenType = "identifier2name";`,
    `password: "Enter your password"`,
    `api_key = "<YOUR_API_KEY_1>"`,
    `("user/name", "password", "localhost:22")`,
    `https://user:\${PASSWORD}@example.org/`,
    `if (token === "abstract1") {}`,
    `labels = { token: "e2e-job-label" }`,
    `tokens: "system:bootstrappers:custom-group1,system:bootstrappers:group2"`,
    `"yourpassword": "W\u025b\u0308t\u00eb\u014b\u00e4\u00e4ny"`,
    `"user-password-label": "Mizmak\uff1a"`,
    `ftp://otheruser:otherpass@ftp.host.io/`,
    `http://jdoe:changeit@host.io/`,
    `<li>Password1: <input name="password1"></li>`,
    `<label for="password">Password1:</label>`,
    `token = tokens[i + 1];`,
    `nextToken = "}";`,
  ])("leaves %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("personal data", () => {
  test.each([
    ["// ask maria.lopez@company.io about it", "email: maria.lopez@company.io"],
    ["server: 52.94.236.248", "ip-address: 52.94.236.248"],
    ["http://4.31.198.44:8080/", "ip-address: 4.31.198.44"],
    ["addr 2a00:1450:4001:81b::200e up", "ip-address: 2a00:1450:4001:81b::200e"],
    ["at /home/mlopez/work/app.js:3", "user-name: mlopez"],
    ["C:\\Users\\mlopez\\app", "user-name: mlopez"],
    ['"C:\\\\Users\\\\mlopez\\\\app"', "user-name: mlopez"],
    ["/Users/mlopez/Library/", "user-name: mlopez"],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  test.each([
    "someone@example.com and x@corp.example.org, admin@your-domain.com",
    "git@github.com:org/repo.git",
    "import x from 'left-pad@1.3.0'; icon@2x.png",
    "@decorator.method class A@B",
    "10.0.0.1 127.0.0.1 192.168.1.20 172.20.3.4 203.0.113.9 8.8.8.8 0.0.0.0 255.255.255.0",
    "version 4.18.2.55 and v1.2.3.44, >=60.1.2.3, oid 1.3.6.1.4.1.311",
    "2001:db8::1 ::1 fe80::1 2001::1",
    'endpoint: "1.1.1.2:80", "1.2.3.5:2379", "44.44.44.44:80", "123.45.67.89:80", "11.12.13.14:80"',
    "2001:abcd:bcda::1 2001:1234:5678:9abc:def0::dead 2001:0000:0000:0015:0000:0000:0003:1a2b 2.2.2.22:80",
    'sed -e "s@registry.company.io@$' + '{REGISTRY}@g" x',
    "from 69.208.0.0/16 to 69.208.255.255",
    '<path d="m12.1 5.027l-1.37.2.5 1.162 1.04-.15zm-2.58.37l-1.21.176.54 1.162 1.21-.176z"/>',
    "/home/kubernetes/bin /home/web_user/.cache c:\\users\\containeradministrator\\x",
    "news:test.1234afc@news.test.com",
    "/home/user/x /home/runner/work /Users/Shared/y https://site.org/home/mlopez/",
    "00:1a:2b:3c and 12:30:45",
  ])("leaves %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

test("overlapping findings become one, named after the most telling", () => {
  const value = `ghp_${letters.slice(0, 36)}`;
  expect(found(`token = "${value}"`)).toEqual([`github-token: ${value}`]);
});

test("one line of many megabytes is no trap", () => {
  const text = "token=password:://@.1bearer -----BEGIN ".repeat(60_000);
  expect(() => findSensitive(text, "yaml")).not.toThrow();
});
