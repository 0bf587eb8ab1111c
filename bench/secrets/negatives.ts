import type { Draw } from "./draw";
import { assignment, type Style } from "./kinds";

/** A line that looks like a secret and is none. */
export interface Negative {
  readonly name: string;
  readonly make: (draw: Draw, style: Style) => string;
}

const identifier = (draw: Draw, count: number): string =>
  Array.from({ length: count }, (_, at) => (at === 0 ? draw.word() : draw.word().replace(/^./, (letter) => letter.toUpperCase()))).join("");
const uuid = (draw: Draw): string => [8, 4, 4, 4, 12].map((length) => draw.string("hex", length)).join("-");
const secretNames = ["password", "api_key", "secret", "auth_token", "client_secret", "access_token", "db_password", "private_key"];

function assigned(name: string, names: readonly string[], value: (draw: Draw) => string): Negative {
  return { name, make: (draw, style) => assignment(draw, style, draw.pick(names), value(draw)) };
}

function lines(name: string, make: (draw: Draw) => readonly string[]): Negative {
  return { name, make: (draw) => draw.pick(make(draw)) };
}

export const negatives: readonly Negative[] = [
  assigned("sha-256", ["sha256", "content_hash", "file_checksum", "image_digest"], (draw) => draw.string("hex", 64)),
  assigned("md5-sha1", ["md5", "sha1", "etag", "cache_checksum", "md5sum"], (draw) => draw.string("hex", draw.pick([32, 40]))),
  assigned("integrity", ["integrity"], (draw) => `${draw.pick(["sha512-", "sha384-", "sha256-"])}${draw.base64(64)}`),
  assigned("commit", ["commit", "revision", "git_sha", "base_rev", "git_commit"], (draw) => draw.string("hex", 40)),
  assigned("uuid", ["id", "tenant", "client_id", "request_id", "value", "device"], uuid),
  assigned("uuid-of-key", ["api_version_id", "token_id", "key_id"], uuid),
  assigned("placeholder", secretNames, (draw) =>
    draw.pick([
      "your-api-key",
      "<token>",
      "changeme",
      "xxxxxxxxxxxx",
      "YOUR_SECRET_HERE",
      "your_password_here",
      "example-token-1234",
      "****************",
      "replace-me",
      "TODO",
      "placeholder",
      "dummy-key-123",
    ]),
  ),
  assigned("reference", secretNames, (draw) =>
    draw.pick([
      "${DB_PASSWORD}",
      "{{ vault_password }}",
      "%(password)s",
      "$SECRET_KEY",
      "${{ secrets.API_KEY }}",
      "#{ENV_TOKEN}",
      "env:API_TOKEN",
      "@Microsoft.KeyVault(SecretUri=x)",
      "<%= token %>",
    ]),
  ),
  assigned("label", ["password", "token", "secret", "api_key", "new_password"], (draw) =>
    draw.pick([
      "Password",
      "Enter your password",
      "Passwort",
      "Mot de passe",
      "Secret key",
      "API Token",
      "Confirm password",
      "Contraseña",
      "auth.login.password",
      "password_reset",
    ]),
  ),
  assigned("long-name", ["handler", "class_name", "test_name", "component"], (draw) => identifier(draw, draw.between(4, 7))),
  assigned("name-of-secret", ["password_field", "token_header", "secret_name", "key_column", "token_type"], (draw) =>
    draw.pick([
      "user_password",
      "X-Auth-Token",
      "my-app-secret",
      "apiKeyColumn",
      "bearer",
      "refresh_token",
      "app/production/database",
      "password_v2",
      "oauth2-client-secret",
    ]),
  ),
  assigned(
    "path",
    ["secret_file", "key_path", "token_path", "output", "password_file"],
    (draw) => `/etc/${draw.word()}/${draw.word()}/${draw.word()}${draw.between(1, 9)}.pem`,
  ),
  assigned(
    "url",
    ["token_url", "auth_endpoint", "secret_url", "homepage"],
    (draw) => `https://${draw.word()}.example.com/oauth2/v${draw.between(1, 3)}/${draw.word()}/${draw.word()}`,
  ),
  assigned(
    "public-key",
    ["public_key", "ssh_public_key", "authorized_key"],
    (draw) => `ssh-${draw.pick(["rsa", "ed25519"])} AAAAB3NzaC1yc2E${draw.string("base64", draw.between(60, 200))}`,
  ),
  assigned(
    "image",
    ["icon", "logo", "background", "src"],
    (draw) => `data:image/${draw.pick(["png", "gif"])};base64,iVBORw0KGgo${draw.string("base64", draw.between(60, 300))}`,
  ),
  assigned("alphabet", ["alphabet", "charset", "characters"], (draw) =>
    draw.pick([
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
      "0123456789abcdefghijklmnopqrstuvwxyz",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    ]),
  ),
  assigned(
    "image-digest",
    ["image", "base_image"],
    (draw) => `registry.example.com/${draw.word()}/${draw.word()}@sha256:${draw.string("hex", 64)}`,
  ),
  assigned(
    "version",
    ["version", "token_version", "api_key_version"],
    (draw) =>
      `${draw.between(1, 20)}.${draw.between(0, 40)}.${draw.between(0, 99)}-rc.${draw.between(1, 9)}+build.${draw.between(1000, 99999)}`,
  ),
  assigned("asset-name", ["script", "stylesheet", "asset"], (draw) => `/static/js/main.${draw.string("hex", draw.pick([8, 20]))}.chunk.js`),
  assigned(
    "time",
    ["token_expires_at", "created", "password_changed"],
    (draw) => `20${draw.between(10, 29)}-0${draw.between(1, 9)}-1${draw.between(0, 9)}T1${draw.between(0, 9)}:34:56Z`,
  ),
  assigned(
    "bundle-id",
    ["bundle_id", "secret_class", "token_provider"],
    (draw) => `com.${draw.word()}.${draw.word()}.${identifier(draw, 3)}`,
  ),
  lines("call", (draw) => [
    `    password = getpass.getpass("Password: ")`,
    `const token = await auth.getAccessToken(${draw.word()}, { refresh: true });`,
    `secret := os.Getenv("${draw.word().toUpperCase()}_SECRET_${draw.between(1, 9)}")`,
    `    api_key = os.environ["${draw.word().toUpperCase()}_API_KEY"]`,
    `  apiKey: process.env.${draw.word().toUpperCase()}_API_KEY,`,
    `    token = request.headers.get("X-Token-${draw.between(1, 9)}")`,
    `$password = $_POST['password${draw.between(1, 9)}'];`,
    `String password = properties.getProperty("db.password.${draw.word()}");`,
    `password = derive2Password(${draw.word()}, salt64);`,
    `token = tokens[index${draw.between(1, 9)}].value;`,
  ]),
  lines("type", (draw) => [
    `  password: string;`,
    `  readonly accessToken?: Record<string, Token${draw.between(2, 9)}>;`,
    `def login(user: str, password: Optional[str] = None) -> Token:`,
    `private String secretKey${draw.between(2, 9)};`,
    `\tAPIKey string \`json:"api_key" yaml:"apiKey"\``,
    `char password[PASSWORD_MAX_LEN${draw.between(2, 9)}];`,
  ]),
  lines("number", (draw) => [
    `max_tokens: ${draw.between(100, 9000)}`,
    `PASSWORD_MIN_LENGTH=${draw.between(6, 20)}`,
    `token_expiry_seconds = ${draw.between(1000, 99999999)}`,
    `  "tokenCount": ${draw.between(1000, 99999999)},`,
    `password_required: true`,
    `    secret_rotation_days = ${draw.between(10, 400)}`,
  ]),
  lines("interface", (draw) => [
    `<input type="password" name="password${draw.between(1, 9)}" placeholder="Enter password" />`,
    `<label for="api-key-${draw.between(1, 9)}">API key</label>`,
    `<PasswordField id="user-password-${draw.word()}" autoComplete="new-password"/>`,
    `msgid "Your password must contain at least ${draw.between(6, 12)} characters"`,
    `throw new Error("Invalid token ${draw.word()} at position ${draw.between(1, 99)}");`,
  ]),
  lines("action", (draw) => [
    `      - uses: actions/checkout@${draw.string("hex", 40)} # v4`,
    `    uses: ${draw.word()}/${draw.word()}@${draw.string("hex", 40)}`,
    `  rev: ${draw.string("hex", 40)}`,
  ]),
  lines("sums", (draw) => [
    `${draw.string("hex", 64)}  ${draw.word()}-${draw.between(1, 9)}.tar.gz`,
    `github.com/${draw.word()}/${draw.word()} v1.${draw.between(0, 9)}.0 h1:${draw.base64(32)}`,
    `    --hash=sha256:${draw.string("hex", 64)} \\`,
    `Fixes: ${draw.string("hex", 12)} ("${draw.word()}: fix ${draw.word()}")`,
    `commit ${draw.string("hex", 40)}`,
  ]),
  lines("expected", (draw) => [
    `    assert digest(b"${draw.word()}") == "${draw.string("hex", 64)}"`,
    `expect(sha1("${draw.word()}")).toBe("${draw.string("hex", 40)}");`,
    `    { .plaintext = "${draw.string("hex", 32)}", .digest = "${draw.string("hex", 64)}" },`,
    `assertEquals("${draw.string("hex", 32)}", md5(input));`,
  ]),
  lines("expression", (draw) => [
    `const pattern = /^[A-Za-z0-9_-]{20,${draw.between(30, 60)}}$/;`,
    `PASSWORD_RE = re.compile(r"^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d@$!%*?&]{${draw.between(8, 12)},}$")`,
    `token_pattern: "[a-z0-9]{32}"`,
    `import { PasswordStrengthMeter } from "@${draw.word()}/password-strength-meter-v${draw.between(2, 9)}";`,
    `#include <linux/${draw.word()}/${draw.word()}_token_${draw.between(2, 9)}.h>`,
  ]),
  lines("nobody", (draw) => [
    `contact: ${draw.word()}@example.com`,
    `host: ${draw.pick(["127.0.0.1", "192.0.2.17", "198.51.100.4", "203.0.113.77", "10.1.2.3", "192.168.4.5", "0.0.0.0"])}`,
    `url = "http://localhost:${draw.between(1000, 9999)}/${draw.word()}"`,
    `git clone git@github.com:${draw.word()}/${draw.word()}.git`,
    `postgres://user:password@localhost:5432/${draw.word()}`,
    `cd /home/user/${draw.word()}`,
  ]),
  lines("certificate", (draw) => [
    `-----BEGIN CERTIFICATE-----\nMIID${draw.string("base64", 60)}\n${draw.string("base64", 64)}\n${draw.string("base64", 40)}==\n-----END CERTIFICATE-----`,
    `-----BEGIN PUBLIC KEY-----\nMIIB${draw.string("base64", 60)}\n${draw.string("base64", 64)}\n-----END PUBLIC KEY-----`,
    `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${draw.string("base64", 180)} ${draw.word()}@${draw.word()}`,
  ]),
  lines("constant", (draw) => [
    `static const u32 table[] = { 0x${draw.string("hex", 8)}, 0x${draw.string("hex", 8)}, 0x${draw.string("hex", 8)} };`,
    `#define ${draw.word().toUpperCase()}_SECRET_KEY_${draw.word().toUpperCase()}_MASK${draw.between(1, 9)} 0x${draw.string("hex", 8)}`,
    `BigInt("0x${draw.string("hex", 16)}")`,
    `color: #${draw.string("hex", 6)}; background: url(#gradient${draw.between(1, 99)});`,
    `<path d="M${draw.between(1, 99)} ${draw.between(1, 99)}c1.5-2.25 3.75-4.5 6-6.75l12.5 3.25z"/>`,
  ]),
];
