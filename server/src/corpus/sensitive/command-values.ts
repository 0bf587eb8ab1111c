import { secret, type Finding } from "./finding";
import { looksLikePassword } from "./secret-judgement";

const value = String.raw`["']?((?![{[(<$%&|*])[^\s"'\x60<>|&;\\]{5,200})`;
/** Where commands take a password: `curl -u name:value`, `mysql -pvalue`, `sshpass -p value`, `docker login -p value`, `redis-cli -a value`. */
const commands: readonly (readonly [literal: string, pattern: RegExp])[] = [
  ["curl", new RegExp(String.raw`curl\b[^\n]{0,160}?\s(?:-u|--user)[ =]?["']?[\w.@-]{1,64}:()${value}`, "y")],
  ["wget", new RegExp(String.raw`wget\b[^\n]{0,160}?\s--(?:http-|ftp-)?password[ =]()${value}`, "y")],
  ["mysql", new RegExp(String.raw`mysql(?:dump|admin|import)?\b[^\n]{0,120}?\s-p()${value}`, "y")],
  ["mariadb", new RegExp(String.raw`mariadb(?:-\w+)?\b[^\n]{0,120}?\s-p()${value}`, "y")],
  ["sshpass", new RegExp(String.raw`sshpass\s+-p\s?()${value}`, "y")],
  ["docker login", new RegExp(String.raw`docker login\b[^\n]{0,120}?\s-p[ =]?()${value}`, "y")],
  ["redis-cli", new RegExp(String.raw`redis-cli\b[^\n]{0,120}?\s-a\s()${value}`, "y")],
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
