/** A credential whose shape gives it away. `pattern` is sticky and starts where the literal starts. */
export interface TokenRule {
  readonly id: string;
  readonly literals: readonly string[];
  readonly pattern: RegExp;
}

function rule(id: string, literals: string, pattern: RegExp): TokenRule {
  return { id, literals: literals.split(" "), pattern: new RegExp(pattern.source, `${pattern.flags.replace("y", "")}y`) };
}

/** Shapes published by the providers. A match may not be preceded by a letter, digit or underscore. */
export const tokenRules: readonly TokenRule[] = [
  rule("aws-access-key", "AKIA ASIA ABIA ACCA", /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/),
  rule("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", /gh[pousr]_[A-Za-z0-9]{36,255}/),
  rule("github-token", "github_pat_", /github_pat_[A-Za-z0-9_]{36,255}/),
  rule(
    "gitlab-token",
    "glpat- gldt- glrt- glptt- glcbt- glft- glimt- glagent- gloas- glsoat-",
    /gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|oas|soat)-[A-Za-z0-9_.-]{20,300}/,
  ),
  rule("slack-token", "xoxb- xoxa- xoxp- xoxr- xoxs- xoxo- xoxe- xoxc- xoxd- xoxe.", /xox[abprsoecd][-.][A-Za-z0-9.%-]{10,300}/),
  rule("slack-token", "xapp-", /xapp-\d-[A-Za-z0-9-]{20,300}/),
  rule("slack-webhook", "hooks.slack.com/", /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,200}/),
  rule("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_", /[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}/),
  rule("stripe-key", "whsec_", /whsec_[A-Za-z0-9+/=]{24,250}/),
  rule("google-api-key", "AIza", /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/),
  rule("google-oauth-secret", "GOCSPX-", /GOCSPX-[A-Za-z0-9_-]{24,40}/),
  rule("google-oauth-token", "ya29.", /ya29\.[A-Za-z0-9_-]{20,400}/),
  rule("anthropic-key", "sk-ant-", /sk-ant-[A-Za-z0-9_-]{20,250}/),
  rule("openai-key", "sk-proj- sk-svcacct- sk-admin- sk-None-", /sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,300}/),
  rule("openai-key", "sk-", /sk-(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{32,64}(?![A-Za-z0-9])/),
  rule("huggingface-token", "hf_", /hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9_])/),
  rule("npm-token", "npm_", /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/),
  rule("pypi-token", "pypi-AgE", /pypi-AgE[A-Za-z0-9_-]{50,400}/),
  rule("rubygems-key", "rubygems_", /rubygems_[0-9a-f]{48}/),
  rule("crates-token", "cio", /cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  rule("nuget-key", "oy2", /oy2[a-z0-9]{43}(?![A-Za-z0-9])/),
  rule("docker-token", "dckr_pat_ dckr_oat_", /dckr_[po]at_[A-Za-z0-9_-]{20,100}/),
  rule("sendgrid-key", "SG.", /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/),
  rule("twilio-key", "SK", /SK[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("twilio-account", "AC", /AC[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("mailgun-key", "key-", /key-[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", /do[opr]_v1_[0-9a-f]{64}/),
  rule("shopify-token", "shpat_ shpca_ shppa_ shpss_", /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/),
  rule("square-token", "sq0atp- sq0csp- EAAA", /(?:sq0[a-z]{3}-[A-Za-z0-9_-]{22,60}|EAAA[A-Za-z0-9_-]{60}(?![A-Za-z0-9_-]))/),
  rule("azure-key", "AccountKey= SharedAccessKey=", /(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{32,100}={0,2}/),
  rule("databricks-token", "dapi", /dapi[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("vault-token", "hvs. hvb. hvr.", /hv[sbr]\.[A-Za-z0-9_-]{24,300}/),
  rule("terraform-token", ".atlasv1.", /\.atlasv1\.[A-Za-z0-9_-]{40,100}/),
  rule("grafana-token", "glsa_ glc_", /gl(?:sa|c)_[A-Za-z0-9_+/=]{32,400}/),
  rule("doppler-token", "dp.pt. dp.st. dp.ct.", /dp\.[psc]t\.[A-Za-z0-9._-]{40,80}/),
  rule("postman-key", "PMAK-", /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/),
  rule("newrelic-key", "NRAK- NRJS- NRII-", /NR(?:AK|JS|II)-[A-Za-z0-9_-]{19,40}/),
  rule("sentry-token", "sntrys_ sntryu_", /sntry[su]_[A-Za-z0-9+/=_-]{40,400}/),
  rule("linear-key", "lin_api_", /lin_api_[A-Za-z0-9]{40}/),
  rule("notion-token", "ntn_ secret_", /(?:ntn_[A-Za-z0-9]{40,60}|secret_(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{43})(?![A-Za-z0-9])/),
  rule("planetscale-token", "pscale_", /pscale_(?:tkn|oauth|pw)_[A-Za-z0-9._=-]{32,64}/),
  rule("supabase-token", "sbp_", /sbp_[0-9a-f]{40}/),
  rule("atlassian-token", "ATATT3", /ATATT3[A-Za-z0-9_=-]{100,300}/),
  rule("artifactory-key", "AKCp", /AKCp[A-Za-z0-9]{60,80}/),
  rule("age-key", "AGE-SECRET-KEY-1", /AGE-SECRET-KEY-1[0-9A-Z]{58}/),
  rule("facebook-token", "EAACEdEose0cBA", /EAACEdEose0cBA[A-Za-z0-9]{20,300}/),
  rule(
    "discord-webhook",
    "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
    /discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[A-Za-z0-9_-]{50,90}/,
  ),
  rule("jwt", "eyJ", /eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}/),
];

/** Telegram puts the literal in the middle, so it is looked for backwards. */
export const telegramPattern = /\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])/y;

/** Names that a secret is assigned to. Longer names first, so that the pattern takes all of one. */
export const passwordKeywords = ["password", "passwd", "passphrase", "passcode", "pwd"] as const;
export const keyKeywords = [
  "secret",
  "token",
  "api_key",
  "api-key",
  "apikey",
  "access_key",
  "access-key",
  "accesskey",
  "private_key",
  "private-key",
  "privatekey",
  "encryption_key",
  "encryptionkey",
  "signing_key",
  "signingkey",
  "account_key",
  "accountkey",
  "auth_key",
  "authkey",
  "credential",
] as const;

/** What may stand between the keyword and the operator without changing what is assigned. */
const nameTail = String.raw`(?:[_-]?(?:access|key|base|id|value|str|string|base64|b64|hash|salt|prod|production|dev|test|testing|staging|live|default|\d{1,3})){0,3}`;
const typeNote = String.raw`(?:[ \t]{0,2}\??:[ \t]{0,2}[A-Za-z][\w.]{0,20}(?=[ \t]{0,4}=))?`;

/** `api_key = "value"`, `"apiKey": 'value'`, `KEY => "value"`, `getenv("TOKEN", "value")`. Group 1 ends where the value begins. */
export const quotedAssignment = new RegExp(
  String.raw`(${nameTail}(?:\\?["'\x60]?[\])]?${typeNote}[ \t]{0,12}(?:=>|:=|\?=|[:=])[ \t]{0,12}(?:[A-Za-z]{1,2}(?=["'\x60]))?|["'\x60][ \t]{0,4},[ \t]{0,4})\\?(["'\x60]))([^\s"'\x60\\]{6,400})\\?\2`,
  "iy",
);
/** `password: value` in configuration, where values need no quotes. */
export const bareAssignment = new RegExp(
  String.raw`(${nameTail}[ \t]{0,8}[:=][ \t]{0,8})([^\s"'\x60,;(){}\[\]<>$#%&|]{8,200})(?=[ \t]*(?:$|[#;]))`,
  "imy",
);
/** `<password>value</password>`. */
export const elementAssignment = new RegExp(String.raw`(${nameTail}>)([^\s<>]{8,200})<\/`, "iy");
/** `…;Password=value;…` of a connection string and `…&token=value` of an address; what comes before the name is checked apart. */
export const parameterAssignment = new RegExp(String.raw`(${nameTail}=)([^\s"'\x60;&,<>{}()$\\]{6,300})`, "iy");
/** The start of a parameter, before a name. */
export const parameterStart = /[;?&][ \t]?[A-Za-z0-9_.-]{0,24}$/;
/** `Authorization: Bearer value`. */
export const bearerPattern = /((?:bearer|basic)[ \t]{1,2})([A-Za-z0-9+/_.=~-]{16,400})/iy;
/** `scheme://user:value@host`, from the `://`. */
export const urlCredentials = /(:\/\/[^\s:@/"'`<>{}$()\\]{0,64}:)([^\s@/"'`<>\\]{3,200})@[A-Za-z0-9[]/y;
/** The opening line of a private key; the body follows. */
export const privateKeyStart = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
