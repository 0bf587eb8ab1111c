import { isIPv6 } from "node:net";
import { asciiTable } from "./ascii-table";
import type { Stretch } from "./finding";

const topLevelDomains = new Set(
  "com org net edu gov mil int info biz name pro dev app cloud tech online site xyz blog shop store email network systems software engineering company consulting solutions digital agency studio design media group team work world life today space live news io ai me tv cc co eu uk us ca au de fr nl be it es pt ch at se no fi dk pl cz sk hu ro bg gr ru ua by kz tr il ir in pk bd lk np cn hk tw jp kr th vn my sg id ph nz za ng ke eg ma br ar cl mx pe ve uy ie is lt lv ee si hr rs ba lu li mt cy su gg im fm ly to ws".split(
    " ",
  ),
);
const reservedDomain =
  /(?:^|\.)(?:example(?:\.[a-z]+)?|test|invalid|localhost|local|localdomain|[a-z0-9-]*example\.(?:com|org|net)|test\.(?:com|org|net)|(?:your|my|some)-?(?:domain|company|site|server|host|app)\.[a-z]+|foo\.com|bar\.com|domain\.(?:com|tld)|acme\.(?:com|org)|mycompany\.com|email\.com|users\.noreply\.github\.com)$/i;
const localPart = asciiTable(/[A-Za-z0-9._%+-]/);
const localSign = asciiTable(/[.%+-]/);
const domainPattern =
  /@([A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?){1,5})(?![A-Za-z0-9-])/y;

/** The e-mail address around the `@` at `at`, unless it is nobody's: example domains, `git@`, `noreply@`. */
export function emailAt(text: string, at: number): Stretch | undefined {
  let start = at;
  while (start > 0 && at - start < 64 && localPart[text.charCodeAt(start - 1)] === 1) start--;
  while (start < at && localSign[text.charCodeAt(start)] === 1) start++;
  if (start === at) return undefined;
  domainPattern.lastIndex = at;
  const match = domainPattern.exec(text);
  if (match === null) return undefined;
  const domain = match[1]!;
  const local = text.slice(start, at);
  if (!topLevelDomains.has(domain.slice(domain.lastIndexOf(".") + 1).toLowerCase()) || reservedDomain.test(domain)) return undefined;
  if (/^(git|hg|svn|no-?reply|do-?not-?reply|user|username|someone|somebody|you|your[._-]?name|name|me|email|foo|bar|foobar)$/i.test(local))
    return undefined;
  // `user@host.io:path` of a clone address and `name@host/…` of a URL are no mail addresses, and `//user@` is handled with the URL.
  const end = at + match[0].length;
  // `s@registry.io@…` of an editing command goes on.
  return text[start - 1] === "/" || text[start - 1] === ":" || text[end] === "@" ? undefined : { start, end };
}

const quad = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d|[A-Za-z_])/y;
const wellKnownAddresses = new Set([
  "8.8.8.8",
  "8.8.4.4",
  "1.1.1.1",
  "1.0.0.1",
  "9.9.9.9",
  "4.4.4.4",
  "1.2.3.4",
  "4.3.2.1",
  "5.6.7.8",
  "2.2.2.2",
  "3.3.3.3",
]);

/** True for an address that some machine on the internet may have: not private, local, reserved, multicast or for documentation. */
function isPublicIpv4(a: number, b: number, c: number, d: number): boolean {
  if (a > 255 || b > 255 || c > 255 || d > 255 || a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128))
    return false;
  if (
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113)
  )
    return false;
  return d !== 0 || c !== 0;
}

/** Nobody's in particular: four digits, one number three times, numbers that count up, the address that ends a range. */
function isMadeUp(a: number, b: number, c: number, d: number): boolean {
  const step = b - a;
  return (
    Math.max(a, b, c, d) < 10 ||
    (a === b && b === c) ||
    (step !== 0 && c - b === step && d - c === step) ||
    (a === 1 && b === 2 && c === 3) ||
    (a === 123 && b === 45) ||
    (c === 255 && d === 255)
  );
}

/**
 * The public IPv4 address whose first dot-and-digit lies at `dot`. Four numbers below 32 are taken for a version,
 * as are quads behind `v`, `version`, `==` and the like, unless a scheme or a port says otherwise.
 */
export function ipv4At(text: string, dot: number): Stretch | undefined {
  let start = dot;
  while (start > 0 && dot - start < 4 && isDigit(text.charCodeAt(start - 1))) start--;
  if (start === dot || dot - start > 3 || (start > 0 && /[\w.]/.test(text[start - 1]!))) return undefined;
  quad.lastIndex = start;
  const match = quad.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] as [number, number, number, number];
  const end = start + match[0].length;
  if (
    !isPublicIpv4(a, b, c, d) ||
    wellKnownAddresses.has(match[0]) ||
    [match[1], match[2], match[3], match[4]].some((part) => part!.length > 1 && part!.startsWith("0"))
  )
    return undefined;
  if (isMadeUp(a, b, c, d) || (/^\/\d/.test(text.slice(end, end + 2)) && (d === 0 || d === 255))) return undefined;
  // One of a row of decimals, as the paths of drawings hold them.
  if (/^(?:[ ,]-?|-)\d*\.\d+(?![.\d])/.test(text.slice(end, end + 16))) return undefined;
  const before = text.slice(Math.max(0, start - 24), start);
  const isAddress = before.endsWith("://") || before.endsWith("@") || /^:\d{2,5}\b/.test(text.slice(end, end + 6));
  if (isAddress) return { start, end };
  if (
    Math.max(a, b, c, d) < 32 ||
    /(?:\bv|version|release|\bver|==|~=|>=|<=|[~^]|§|section|rfc|oid|chapter|\bsec\.?)[\w.-]{0,12}[\\"'\s:=v(]*$/i.test(before)
  )
    return undefined;
  return { start, end };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** How global unicast IPv6 addresses in use begin. */
export const ipv6Literals = [
  "2001:",
  "2600:",
  "2602:",
  "2603:",
  "2604:",
  "2605:",
  "2606:",
  "2607:",
  "2620:",
  "2400:",
  "2401:",
  "2402:",
  "2403:",
  "2404:",
  "2405:",
  "2406:",
  "2407:",
  "2408:",
  "2409:",
  "240e:",
  "2800:",
  "2801:",
  "2803:",
  "2804:",
  "2806:",
  "2a00:",
  "2a01:",
  "2a02:",
  "2a03:",
  "2a04:",
  "2a05:",
  "2a06:",
  "2a07:",
  "2a09:",
  "2a0a:",
  "2a0b:",
  "2a0c:",
  "2a0d:",
  "2a0e:",
  "2c0f:",
] as const;
const ipv6Pattern = /[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}/iy;

export function ipv6At(text: string, start: number): Stretch | undefined {
  if (start > 0 && /[\w:.]/.test(text[start - 1]!)) return undefined;
  ipv6Pattern.lastIndex = start;
  const match = ipv6Pattern.exec(text);
  if (match === null || !isIPv6(match[0])) return undefined;
  const isDocumentation = /^2001:0?db8:|:(?:abcd|dead|beef|cafe|face|1234|5678|9abc)(?::|$)/i.test(match[0]);
  const isWellKnown = /^2001:4860:4860::|^2606:4700:4700::|^2001:0?0?0?0?::|^2001::|^2001:0{1,4}:/i.test(match[0]);
  // An address that ends in `::` names a network.
  return isDocumentation || isWellKnown || match[0].endsWith("::") ? undefined : { start, end: start + match[0].length };
}

export const homeLiterals = ["/home/", "/Users/", "\\Users\\", "\\Documents and Settings\\"] as const;
const genericUsers =
  /^(?:(?:\w+[-_]|some|any|other|test|web|my|the|new|old|super)user|user(?:name)?\d?|users?|me|you|your[-_.]?(?:user)?[-_.]?name|name|runner|runneradmin|ubuntu|debian|centos|ec2-user|vagrant|node|app|apps|root|admin|administrator|public|default|shared|guest|git|www|www-data|circleci|travis|jenkins|vscode|codespace|gitpod|jovyan|nonroot|html|web|maven|gradle|containerd?|container(?:administrator|user)|docker|kubernetes|hadoop|spark|postgres|mysql|redis|oracle|steam|coder|sandbox|conda|airflow|nobody|daemon|service|somewhere|builder?|build|deploy|developer|dev|test|tester|testuser|foo|bar|baz|someone|somebody|alice|bob|john|jane|joe|example|xyz|all users|linuxbrew|project|work|workspace|src|code|index|page|pages|main|lib|bin|data|static|assets|images|\.\.?|x+)$/i;
const userName = /[A-Za-z0-9][A-Za-z0-9._-]{1,31}(?=[/\\])/y;

/** The user name of a home directory path whose prefix starts at `start`, unless it names nobody. */
export function homeUserAt(text: string, start: number, prefixLength: number): Stretch | undefined {
  const before = start > 0 ? text[start - 1]! : " ";
  let from = start + prefixLength;
  if (text[start] === "/") {
    if (/[\w.)\]}$%-]/.test(before)) return undefined;
  } else if (before !== ":" && before !== "\\") return undefined;
  while (text[from] === "\\") from++;
  userName.lastIndex = from;
  const match = userName.exec(text);
  return match === null || genericUsers.test(match[0]) ? undefined : { start: from, end: from + match[0].length };
}
