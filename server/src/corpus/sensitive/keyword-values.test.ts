import { describe, expect, test } from "vitest";
import { findSensitive } from "./sensitive-scan";

function found(text: string, language: string): string[] {
  return findSensitive(text, language).map((finding) => `${finding.rule}: ${text.slice(finding.start, finding.end)}`);
}

const word = "Tr0ub4dor!7";
const key = "q8Jd02mXz7Lp4Rt6Vb1N";

describe("a password is found in every notation", () => {
  test.each([
    ["python", `    "db_password": "${word}",`],
    ["python", `def connect(host, password="${word}"):`],
    ["python", `password = os.environ.get("DB_PASSWORD", "${word}")`],
    ["python", `requests.get(url, auth=('admin', '${word}'))`],
    ["javascript", `const pw = process.env.DB_PASSWORD || "${word}";`],
    ["javascript", `const cfg = { user: 'root', pass: '${word}' };`],
    ["javascript", `user.setPassword('${word}')`],
    ["typescript", `private readonly dbPassword: string = "${word}";`],
    ["java", `private static final String DB_PASSWORD = "${word}";`],
    ["go", `	os.Setenv("DB_PASSWORD", "${word}")`],
    ["go", `var password string = "${word}"`],
    ["c", `#define DB_PASSWORD "${word}"`],
    ["c", `char password[] = "${word}";`],
    ["php", `define('DB_PASSWORD', '${word}');`],
    ["php", `'password' => '${word}',`],
    ["csharp", `"Server=db;User Id=sa;Password=${word};Encrypt=true"`],
    ["python", `"dbname=app user=app password=${word} host=x"`],
    ["shellscript", `export PASSWORD=${word}`],
    ["shellscript", `PASSWORD=\${PASSWORD:-"${word}"}`],
    ["shellscript", `tool --password ${word} start`],
    ["shellscript", `tool --db-password=${word} start`],
    ["shellscript", `curl -u admin:${word} https://host.io`],
    ["shellscript", `mysql -u root -p${word} app`],
    ["shellscript", `sshpass -p '${word}' ssh root@host`],
    ["powershell", `ConvertTo-SecureString '${word}' -AsPlainText`],
    ["sql", `CREATE USER app IDENTIFIED BY '${word}';`],
    ["sql", `CREATE ROLE app WITH LOGIN PASSWORD '${word}';`],
    ["yaml", `password: ${word}`],
    ["yaml", `  - name: DB_PASSWORD\n    value: "${word}"`],
    ["ini", `app.db.password=${word}`],
    ["dockerfile", `ENV DB_PASSWORD ${word}`],
    ["terraform", `variable "db_password" { default = "${word}" }`],
    ["xml", `<add key="DbPassword" value="${word}" />`],
    ["xml", `<property name="password">${word}</property>`],
    ["xml", `<wsse:Password Type="text">${word}</wsse:Password>`],
    ["markdown", `Set \`DB_PASSWORD\` to \`${word}\` first.`],
    ["markdown", `| password | ${word} |`],
    ["plaintext", `machine host.net login me password ${word}`],
    ["plaintext", `host.net:5432:app:me:${word}`],
  ])("%s: %s", (language, text) => {
    expect(found(text, language)).toEqual([`password: ${word}`]);
  });
});

describe("a key is found in every notation", () => {
  test.each([
    ["json", `  "apiKey": "${key}",`],
    ["javascript", `axios.defaults.headers.common['X-API-KEY'] = '${key}';`],
    ["rust", `let access_token = "${key}".to_string();`],
    ["toml", `client-secret = "${key}"`],
    ["ini", `//registry.host.net/:_authToken=${key}`],
    ["shellscript", `curl -H 'X-Auth-Token: ${key}' $URL`],
    ["shellscript", `tool configure set secret_access_key ${key}`],
  ])("%s: %s", (language, text) => {
    expect(found(text, language)).toEqual([`key: ${key}`]);
  });
});

describe("stays", () => {
  test.each([
    ["yaml", "password: ${DB_PASSWORD_1}"],
    ["yaml", "password: {{ vault_password_2 }}"],
    ["yaml", "tokenizer: gpt2-medium-v1"],
    ["yaml", "secretName: tls-wildcard-2023"],
    ["yaml", "max_tokens: 4096"],
    ["json", `"token": "entity.name.function.h1"`],
    ["json", `"password": "Contraseña"`],
    ["json", `"nextPageToken": "${key}"`],
    ["javascript", `const TOKEN_KEY = 'auth_token_v2';`],
    ["javascript", `  apiKey: process.env.MY_API_KEY_2,`],
    ["javascript", `const passwordRegex = /(?=.*[A-Z])[a-z0-9]{8}/;`],
    ["javascript", `const FLOW_PASSWORD_REQUIRED_V2 = "FlowPasswordRequiredResultV2";`],
    ["python", `password = getpass.getpass("Password 2: ")`],
    ["python", `token='<your_token_123>'`],
    ["python", `password = derive2Password(user, salt64)`],
    ["go", `	APIKey string \`json:"api_key" yaml:"apiKey2"\``],
    ["php", `$password = $_POST['password1'];`],
    ["c", `[IIO_EV_INFO_LOW_PASS_FILTER_3DB] = "low_pass_filter_3db",`],
    ["c", `#define KEY_FN_ESC_1 "7BBE8E39-B486-473D-BA13-66F75C5805CD"`],
    ["shellscript", `TOKEN=$(cat /var/token1)`],
    ["shellscript", `echo "PASS: ip6erspan"`],
    ["ini", "password_encryption = scram-sha-256"],
    ["html", `<input type="password" name="password1" placeholder="Enter password" />`],
  ])("%s: %s", (language, text) => {
    expect(found(text, language)).toEqual([]);
  });
});
