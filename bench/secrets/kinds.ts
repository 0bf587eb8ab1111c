import type { Draw } from "./draw";

/** How a file is written: decides what a line with an assignment looks like. */
export type Style = "python" | "c" | "javascript" | "go" | "shell" | "yaml" | "json" | "toml" | "ini" | "xml" | "markdown";

/** One labelled line (or, for a key block, several): `value` is what must not survive. */
export interface Labelled {
  readonly text: string;
  readonly value: string;
}

export interface Kind {
  readonly name: string;
  /** False for the kinds that no rule is written for. */
  readonly hasRule: boolean;
  readonly make: (draw: Draw, style: Style) => Labelled;
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(name).replace(/^[a-z]/, (letter) => letter.toUpperCase());

/** `name` is snake_case; the line assigns `value` to it as a file of this style would. */
export function assignment(draw: Draw, style: Style, name: string, value: string): string {
  const upper = name.toUpperCase();
  switch (style) {
    case "python":
      return draw.pick([
        `${upper} = "${value}"`,
        `    ${name} = '${value}'`,
        `    "${name}": "${value}",`,
        `self.${name} = "${value}"`,
        `def connect(host, ${name}="${value}"):`,
        `    client = Client(host, ${name}="${value}", timeout=30)`,
        `${name} = os.environ.get("${upper}", "${value}")`,
        `    ${name}: str = "${value}"`,
      ]);
    case "c":
      return draw.pick([
        `static const char *${name} = "${value}";`,
        `#define ${upper} "${value}"`,
        `char ${name}[] = "${value}";`,
        `\t.${name} = "${value}",`,
        `  config.set("${name}", "${value}");`,
      ]);
    case "javascript":
      return draw.pick([
        `const ${camel(name)} = "${value}";`,
        `  ${camel(name)}: '${value}',`,
        `export const ${upper} = '${value}';`,
        `  "${name}": "${value}",`,
        `private readonly ${camel(name)}: string = "${value}";`,
        `const ${camel(name)} = process.env.${upper} || "${value}";`,
        `let ${camel(name)} = \`${value}\`;`,
        `this.${camel(name)} = "${value}";`,
      ]);
    case "go":
      return draw.pick([
        `\t${camel(name)} := "${value}"`,
        `const ${pascal(name)} = "${value}"`,
        `\t${pascal(name)}: "${value}",`,
        `\t"${name}": "${value}",`,
        `var ${camel(name)} string = "${value}"`,
        `\tos.Setenv("${upper}", "${value}")`,
      ]);
    case "shell":
      return draw.pick([
        `export ${upper}=${value}`,
        `${upper}="${value}"`,
        `export ${upper}='${value}'`,
        `${upper}=\${${upper}:-"${value}"}`,
        `run --${name.replaceAll("_", "-")}=${value} start`,
        `run --${name.replaceAll("_", "-")} ${value} start`,
      ]);
    case "yaml":
      return draw.pick([
        `  ${name}: ${value}`,
        `${camel(name)}: "${value}"`,
        `    ${name.replaceAll("_", "-")}: '${value}'`,
        `      - ${upper}=${value}`,
        `  - name: ${upper}\n    value: "${value}"`,
      ]);
    case "json":
      return draw.pick([`  "${camel(name)}": "${value}",`, `    "${name}": "${value}",`, `  "${upper}":"${value}",`]);
    case "toml":
      return draw.pick([`${name} = "${value}"`, `${name.replaceAll("_", "-")} = '${value}'`]);
    case "ini":
      return draw.pick([
        `${name} = ${value}`,
        `${name}=${value}`,
        `${upper}=${value}`,
        `app.${name.replaceAll("_", ".")}=${value}`,
        `${name}: ${value}`,
      ]);
    case "xml":
      return draw.pick([
        `  <${camel(name)}>${value}</${camel(name)}>`,
        `  <add key="${pascal(name)}" value="${value}" />`,
        `  <property name="${camel(name)}">${value}</property>`,
        `  <server ${camel(name)}="${value}"/>`,
      ]);
    case "markdown":
      return draw.pick([
        `- ${name.replaceAll("_", " ")}: \`${value}\``,
        `    ${upper}=${value}`,
        `Set \`${upper}\` to \`${value}\` first.`,
        `| ${name} | ${value} |`,
      ]);
  }
}

const passwordNames = [
  "password",
  "db_password",
  "admin_passwd",
  "smtp_pwd",
  "root_password",
  "mysql_password",
  "user_pass",
  "passphrase",
  "ldap_bind_password",
  "keystore_password",
  "login_pw",
];
const keyNames = [
  "api_key",
  "secret_key",
  "client_secret",
  "auth_token",
  "access_token",
  "private_key",
  "encryption_key",
  "app_secret",
  "jwt_secret",
  "session_secret",
  "webhook_secret",
  "signing_key",
  "service_credential",
  "refresh_token",
  "master_key",
  "deploy_key",
  "license_key",
];
/** Names that say neither secret nor hash. */
const neutralNames = [
  "upstream",
  "relay",
  "billing",
  "gateway",
  "ingest",
  "partner",
  "device",
  "tenant",
  "mailer",
  "sync_handle",
  "connector",
  "acme_prod",
  "warehouse",
  "backend",
  "analytics",
  "payments",
  "bridge",
  "reporting",
  "default_value",
  "config_value",
  "crm",
  "value",
  "enrolment",
  "pairing",
];

const withoutQuotes = "!@*-_+?.";
const isCode = (style: Style): boolean => ["python", "c", "javascript", "go"].includes(style);

function assigned(draw: Draw, style: Style, names: readonly string[], value: string): Labelled {
  return { text: assignment(draw, style, draw.pick(names), value), value };
}

function shaped(name: string, value: (draw: Draw) => string): Kind {
  return {
    name,
    hasRule: true,
    make: (draw, style) => {
      const token = value(draw);
      if (draw.chance(0.7)) return assigned(draw, style, draw.chance(0.5) ? keyNames : neutralNames, token);
      const comment = isCode(style) && style !== "python" ? "// " : style === "markdown" ? "" : "# ";
      return { text: `${comment}${draw.pick(["old one was", "works with", "try", "revoked?"])} ${token}`, value: token };
    },
  };
}

const named: readonly Kind[] = [
  shaped("aws-access-key", (draw) => draw.pick(["AKIA", "ASIA"]) + draw.string("base32", 16)),
  shaped("github", (draw) =>
    draw.chance(0.7)
      ? `${draw.pick(["ghp_", "gho_", "ghs_", "ghu_"])}${draw.string("base62", 36)}`
      : `github_pat_${draw.string("base62", 22)}_${draw.string("base62", 59)}`,
  ),
  shaped(
    "slack",
    (draw) => `xox${draw.pick(["b", "p"])}-${draw.string("digits", 12)}-${draw.string("digits", 12)}-${draw.string("base62", 24)}`,
  ),
  shaped("stripe", (draw) => `${draw.pick(["sk", "rk"])}_${draw.pick(["live", "test"])}_${draw.string("base62", draw.pick([24, 99]))}`),
  shaped("google", (draw) => (draw.chance(0.6) ? `AIza${draw.string("base64url", 35)}` : `GOCSPX-${draw.string("base64url", 28)}`)),
  shaped("model-provider", (draw) =>
    draw.pick([
      `sk-ant-api03-${draw.string("base64url", 93)}AA`,
      `sk-proj-${draw.string("base64url", 74)}`,
      `hf_${draw.string("base62", 34)}`,
      `gsk_${draw.string("base62", 52)}`,
    ]),
  ),
  shaped("package-registry", (draw) =>
    draw.pick([
      `npm_${draw.string("base62", 36)}`,
      `pypi-AgEIcHlwaS5vcmc${draw.string("base64url", 140)}`,
      `rubygems_${draw.string("hex", 48)}`,
      `dckr_pat_${draw.string("base64url", 27)}`,
    ]),
  ),
  shaped("jwt", (draw) => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: draw.string("digits", 10), name: draw.word() })}.${draw.string("base64url", 43)}`;
  }),
  {
    name: "private-key-block",
    hasRule: true,
    make: (draw, style) => {
      const type = draw.pick(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "]);
      const body = Array.from({ length: draw.between(4, 14) }, () => draw.string("base64", 64));
      const last = `${draw.string("base64", draw.between(20, 60))}=`;
      const lines = [`-----BEGIN ${type}PRIVATE KEY-----`, ...body, last, `-----END ${type}PRIVATE KEY-----`];
      const text = isCode(style) || style === "json" ? `  "${draw.pick(keyNames)}": "${lines.join("\\n")}\\n",` : lines.join("\n");
      return { text, value: body[1]! };
    },
  },
  {
    name: "url-password",
    hasRule: true,
    make: (draw, style) => {
      const value = draw.password("!*-_+.");
      const scheme = draw.pick(["postgres", "mysql", "mongodb+srv", "redis", "amqp", "https", "ftp"]);
      const host = `${draw.word()}.${draw.pick(["internal", "corp.net", "io"])}`;
      return {
        text: assignment(
          draw,
          style,
          draw.pick(neutralNames),
          `${scheme}://${draw.word()}:${value}@${host}:${draw.between(80, 9999)}/${draw.word()}`,
        ),
        value,
      };
    },
  },
  {
    name: "password-in-code",
    hasRule: true,
    make: (draw) => assigned(draw, draw.pick(["python", "c", "javascript", "go"]), passwordNames, draw.password()),
  },
  {
    name: "password-in-config",
    hasRule: true,
    make: (draw, style) =>
      assigned(
        draw,
        isCode(style) ? draw.pick(["yaml", "ini", "xml", "toml", "shell"]) : style,
        passwordNames,
        draw.password(withoutQuotes),
      ),
  },
  {
    name: "connection-string",
    hasRule: true,
    make: (draw, style) => {
      const value = draw.password("!*-_+.");
      const name = draw.pick(["Password", "Pwd", "PWD", "password"]);
      const text = draw.pick([
        `Server=${draw.word()};Database=${draw.word()};User Id=sa;${name}=${value};Encrypt=true`,
        `Data Source=${draw.word()},1433;Initial Catalog=app;User ID=app;${name}=${value}`,
        `host=${draw.word()} port=5432 user=app ${name.toLowerCase()}=${value} dbname=${draw.word()}`,
        `jdbc:mysql://${draw.word()}:3306/app?user=app&password=${value.replace(/[+*]/g, "_")}`,
      ]);
      const shown = text.includes(value) ? value : value.replace(/[+*]/g, "_");
      return {
        text: assignment(
          draw,
          style === "shell" || style === "markdown" ? "yaml" : style,
          draw.pick(["connection", "dsn", "database", "default_connection"]),
          text,
        ),
        value: shown,
      };
    },
  },
  {
    name: "aws-secret",
    hasRule: true,
    make: (draw, style) =>
      assigned(draw, style, ["aws_secret_access_key", "secret_access_key", "aws_secret_key"], draw.string("base64", 40)),
  },
  {
    name: "key-in-code",
    hasRule: true,
    make: (draw) =>
      assigned(
        draw,
        draw.pick(["python", "c", "javascript", "go"]),
        keyNames,
        draw.string(draw.pick(["hex", "base62", "base36", "base64url"]), draw.between(16, 48)),
      ),
  },
  {
    name: "key-in-config",
    hasRule: true,
    make: (draw, style) =>
      assigned(
        draw,
        isCode(style) ? draw.pick(["yaml", "ini", "shell", "json", "toml", "xml"]) : style,
        keyNames,
        draw.string(draw.pick(["hex", "base62", "base36"]), draw.between(16, 48)),
      ),
  },
  {
    name: "authorization-header",
    hasRule: true,
    make: (draw, style) => {
      const basic = draw.chance(0.4);
      const value = basic
        ? Buffer.from(`${draw.word()}:${draw.password()}`).toString("base64")
        : draw.string(draw.pick(["base62", "hex", "base64url"]), draw.between(24, 64));
      const header = `${basic ? "Basic" : "Bearer"} ${value}`;
      const text = isCode(style)
        ? draw.pick([
            `    headers = {"Authorization": "${header}"}`,
            `req.setRequestHeader("Authorization", "${header}");`,
            `  "X-Api-Key": "${value}",`,
          ])
        : draw.pick([
            `curl -H "Authorization: ${header}" https://api.${draw.word()}.io/v1/items`,
            `Authorization: ${header}`,
            `curl -s -H 'X-Auth-Token: ${value}' $URL`,
          ]);
      return { text, value };
    },
  },
  {
    name: "credential-file",
    hasRule: true,
    make: (draw) => {
      const value = draw.password("!*-_.");
      const token = draw.string("base62", 36);
      const auth = Buffer.from(`${draw.word()}:${value}`).toString("base64");
      return draw.pick<Labelled>([
        { text: `machine ${draw.word()}.corp.net login ${draw.word()} password ${value}`, value },
        { text: `//registry.${draw.word()}.net/:_authToken=${token}`, value: token },
        { text: `//registry.${draw.word()}.net/:_password=${auth}`, value: auth },
        { text: `    "auth": "${auth}"`, value: auth },
        { text: `_auth=${auth}`, value: auth },
        { text: `requirepass ${value}`, value },
      ]);
    },
  },
  {
    name: "command-line",
    hasRule: true,
    make: (draw, style) => {
      const value = draw.password("*-_+.");
      const command = draw.pick([
        `curl -u ${draw.word()}:${value} https://${draw.word()}.io/api`,
        `mysql -u root -p${value} -h ${draw.word()} app`,
        `sshpass -p '${value}' ssh root@${draw.word()}`,
        `docker login -u ${draw.word()} -p ${value} registry.${draw.word()}.io`,
        `psql --username=app --password=${value}`,
        `PGPASSWORD=${value} pg_dump -h ${draw.word()}`,
        `vault login --password ${value}`,
      ]);
      return { text: style === "yaml" ? `      - run: ${command}` : style === "python" ? `# ${command}` : command, value };
    },
  },
  {
    name: "sql",
    hasRule: true,
    make: (draw) => {
      const value = draw.password("!*-_+.");
      return {
        text: draw.pick([
          `CREATE USER ${draw.word()} IDENTIFIED BY '${value}';`,
          `ALTER USER '${draw.word()}'@'%' IDENTIFIED BY "${value}";`,
          `CREATE ROLE ${draw.word()} WITH LOGIN PASSWORD '${value}';`,
          `ALTER LOGIN ${draw.word()} WITH PASSWORD = '${value}';`,
          `SET PASSWORD FOR '${draw.word()}'@'localhost' = PASSWORD('${value}');`,
        ]),
        value,
      };
    },
  },
];

function ruleless(name: string, make: Kind["make"]): Kind {
  return { name, hasRule: false, make };
}

const prefix = (draw: Draw): string => draw.word().slice(0, draw.between(2, 5));

/** Written before the rules that have to find them, and never adapted to those. */
const nameless: readonly Kind[] = [
  ruleless("unknown-prefix-base62", (draw, style) =>
    assigned(
      draw,
      style,
      neutralNames,
      `${prefix(draw)}${draw.pick(["_", "_live_", "_prod_", "-", "_v1_"])}${draw.string("base62", draw.between(22, 44))}`,
    ),
  ),
  ruleless("random-base64", (draw, style) => assigned(draw, style, neutralNames, draw.base64(draw.pick([24, 32, 33, 48, 64])))),
  ruleless("random-hex", (draw, style) => assigned(draw, style, neutralNames, draw.string("hex", draw.pick([32, 36, 40, 48, 50, 64, 72])))),
  ruleless("base32-seed", (draw, style) => assigned(draw, style, neutralNames, draw.string("base32", draw.pick([24, 26, 32, 52])))),
  ruleless("grouped-upper", (draw, style) => {
    const size = draw.between(4, 6);
    const groups = Array.from({ length: draw.between(4, 6) }, () => draw.string("upper36", size));
    return assigned(draw, style, neutralNames, groups.join("-"));
  }),
  ruleless("bare-base62", (draw) =>
    assigned(draw, draw.pick(["yaml", "ini", "shell"]), neutralNames, draw.string("base62", draw.between(24, 40))),
  ),
  ruleless("argument", (draw, style) => {
    const value = draw.string("base64url", draw.between(27, 43));
    const name = draw.pick(neutralNames);
    return {
      text: isCode(style)
        ? draw.pick([
            `    client.open("${value}")`,
            `connect(${name}, "${value}", 30)`,
            `  ${camel(name)}.register('${value}');`,
            `const c = new Client("${value}");`,
          ])
        : draw.pick([`tool enrol ${value} --quiet`, `./agent --${name} ${value}`, `agent -k ${value} start`]),
      value,
    };
  }),
  ruleless("address", (draw, style) => {
    const value = draw.string(draw.pick(["base62", "base64url", "hex"]), draw.between(28, 48));
    const place = draw.pick([
      `hooks.${draw.word()}.io/in/`,
      `api.${draw.word()}.com/v2/feed?k=`,
      `${draw.word()}.webhook.net/services/T0/`,
      `in.${draw.word()}.dev/u/`,
    ]);
    return { text: assignment(draw, style, draw.pick(neutralNames), `https://${place}${value}`), value };
  }),
  ruleless("dotted-base36", (draw, style) =>
    assigned(
      draw,
      style,
      neutralNames,
      `${prefix(draw)}${draw.pick([".", "-", "_"])}${draw.string("base36", draw.between(12, 16))}${draw.pick([".", "-"])}${draw.string("base36", draw.between(20, 32))}`,
    ),
  ),
  ruleless("listed", (draw, style) => {
    const value = draw.string(draw.pick(["base62", "base64url", "base36"]), draw.between(26, 44));
    return {
      text: isCode(style)
        ? draw.pick([
            `  ["${draw.word()}", "${value}"],`,
            `    "${value}",`,
            `{"${draw.word()}", "${value}", 1},`,
            `if (given == "${value}") return 1;`,
          ])
        : style === "xml"
          ? `<item>${value}</item>`
          : draw.pick([`  - ${value}`, `- "${value}"`, `# ${draw.word()}: ${value}`]),
      value,
    };
  }),
];

export const kinds: readonly Kind[] = [...named, ...nameless];
