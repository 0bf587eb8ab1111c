import { secret, type Finding } from "./finding";
import { looksLikePassword } from "./secret-judgement";

const value = String.raw`["']?((?![{[(<$%&|*])[^\s"'\x60<>|&;\\]{5,200})`;

/** A call that takes a name and a password, perhaps after an address. */
function pairOf(name: string): RegExp {
  return new RegExp(
    String.raw`${name}\((?:["']?[^\s"',()]{1,120}["']?,\s?)?\s?["'][^\s"',]{1,64}["'],\s?["']()([^\s"'\x60]{6,200})["']`,
    "y",
  );
}

/** Where commands take a password: `curl -u name:value`, `mysql -pvalue`, `sshpass -p value`, `docker login -p value`, `redis-cli -a value`. */
const commands: readonly (readonly [literal: string, pattern: RegExp])[] = [
  ["curl", new RegExp(String.raw`curl\b[^\n]{0,160}?\s(?:-u|--user)[ =]?["']?[\w.@-]{1,64}:()${value}`, "y")],
  ["wget", new RegExp(String.raw`wget\b[^\n]{0,160}?\s--(?:http-|ftp-)?password[ =]()${value}`, "y")],
  ["mysql", new RegExp(String.raw`mysql(?:dump|admin|import)?\b[^\n]{0,120}?\s-p()${value}`, "y")],
  ["mariadb", new RegExp(String.raw`mariadb(?:-\w+)?\b[^\n]{0,120}?\s-p()${value}`, "y")],
  ["sshpass", new RegExp(String.raw`sshpass\s+-p\s?()${value}`, "y")],
  ["docker login", new RegExp(String.raw`docker login\b[^\n]{0,120}?\s-p[ =]?()${value}`, "y")],
  ["redis-cli", new RegExp(String.raw`redis-cli\b[^\n]{0,120}?\s-a\s()${value}`, "y")],
  ["htpasswd", new RegExp(String.raw`htpasswd\s+-\w*b\w*\s+(?:[^\s-]\S{0,80}\s+){1,2}()${value}(?=\s|$)`, "y")],
  [" pass:", new RegExp(String.raw` pass:()${value}`, "y")],
  ["ConvertTo-SecureString", new RegExp(String.raw`ConvertTo-SecureString\s+(?:-String\s+)?["']()([^\s"']{6,200})["']`, "y")],
  ["jwt.", new RegExp(String.raw`jwt\.(?:sign|verify|encode|decode)\([^"'\n]{1,80},\s?["']()([^\s"'\x60]{10,200})["']`, "y")],
  ["login(", pairOf("login")],
  ["auth=(", pairOf("auth=")],
  ["Auth(", pairOf("Auth")],
  ["auth(", pairOf("auth")],
  ["authenticate(", pairOf("authenticate")],
  ["Credential(", pairOf("Credential")],
  ["getConnection(", pairOf("getConnection")],
  [":5432:", new RegExp(String.raw`:5432:[\w.*-]{1,64}:[\w.-]{1,64}:()${value}(?=\s|$)`, "y")],
];

export const commandLiterals: readonly string[] = commands.map(([literal]) => literal);

export function commandValueAt(command: number, text: string, start: number): Finding | undefined {
  const pattern = commands[command]![1];
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (match === null || !looksLikePassword(match[2]!)) return undefined;
  const from = start + match[0].lastIndexOf(match[2]!);
  return secret("password", from, from + match[2]!.length, match[2]!);
}
