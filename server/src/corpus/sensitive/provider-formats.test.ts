import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random";
import { runRules, tokenRules } from "./secret-rules";
import { findSensitive } from "./sensitive-scan";

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
const alphabets: Readonly<Record<string, string>> = {
  a: lower + upper,
  b: `${lower}${upper}${digits}+/`,
  c: `${upper}234567`,
  d: digits,
  h: `${digits}abcdef`,
  l: lower + digits,
  p: `${lower}${upper}${digits}./`,
  u: `${lower}${upper}${digits}_-`,
  U: upper + digits,
  w: lower + upper + digits,
};

/**
 * What the providers publish about the form of their credentials: `{w36}` are 36 characters drawn from the alphabet `w`. Values are drawn when
 * the test runs, so that none stands here. A rule has as many lines as its provider has forms.
 */
const formats: readonly (readonly [rule: string, format: string])[] = [
  ["aws-access-key", "AKIA{c16}"],
  ["aws-access-key", "ASIA{c16}"],
  ["github-token", "ghp_{w36}"],
  ["github-token", "gho_{w36}"],
  ["github-token", "ghu_{w36}"],
  ["github-token", "ghs_{w36}"],
  ["github-token", "ghr_{w76}"],
  ["github-token", "github_pat_{w22}_{w59}"],
  ["gitlab-token", "glpat-{u19}{w1}"],
  ["gitlab-token", "glpat-{u26}{w1}.01.{l9}"],
  ["gitlab-token", "gldt-{w20}"],
  ["gitlab-token", "glrt-t1_{w20}"],
  ["gitlab-token", "glptt-{h40}"],
  ["gitlab-token", "glcbt-64_{w20}"],
  ["gitlab-token", "glft-{w20}"],
  ["gitlab-token", "glimt-{w25}"],
  ["gitlab-token", "glagent-{w50}"],
  ["gitlab-token", "gloas-{h64}"],
  ["gitlab-token", "glsoat-{w20}"],
  ["gitlab-token", "glffct-{w20}"],
  ["slack-token", "xoxb-{d12}-{d12}-{w24}"],
  ["slack-token", "xoxp-{d12}-{d12}-{d12}-{h32}"],
  ["slack-token", "xoxa-2-{d12}-{d12}-{h32}"],
  ["slack-token", "xoxe.xoxp-1-{w146}"],
  ["slack-token", "xoxe-1-{w146}"],
  ["slack-token", "xapp-1-A{U10}-{d12}-{h64}"],
  ["slack-webhook", "hooks.slack.com/services/T{U8}/B{U10}/{w24}"],
  ["slack-webhook", "hooks.slack.com/workflows/T{U8}/A{U10}/{d17}/{w24}"],
  ["stripe-key", "sk_live_{w24}"],
  ["stripe-key", "sk_test_{w99}"],
  ["stripe-key", "rk_live_{w99}"],
  ["stripe-key", "whsec_{w32}"],
  ["google-api-key", "AIza{u35}"],
  ["google-oauth-secret", "GOCSPX-{w28}"],
  ["google-oauth-token", "ya29.{w120}"],
  ["anthropic-key", "sk-ant-api03-{w93}AA"],
  ["openai-key", "sk-{w20}T3BlbkFJ{w20}"],
  ["openai-key", "sk-proj-{w74}T3BlbkFJ{w74}"],
  ["openai-key", "sk-svcacct-{w74}T3BlbkFJ{w74}"],
  ["huggingface-token", "hf_{a34}"],
  ["huggingface-token", "api_org_{a34}"],
  ["npm-token", "npm_{w36}"],
  ["pypi-token", "pypi-AgEIcHlwaS5vcmc{w100}"],
  ["pypi-token", "pypi-AgENdGVzdC5weXBpLm9yZw{w100}"],
  ["rubygems-key", "rubygems_{h48}"],
  ["crates-token", "cio{w32}"],
  ["nuget-key", "oy2{l43}"],
  ["docker-token", "dckr_pat_{w27}"],
  ["docker-token", "dckr_oat_{w32}"],
  ["sendgrid-key", "SG.{w22}.{w43}"],
  ["mailgun-key", "key-{h32}"],
  ["digitalocean-token", "dop_v1_{h64}"],
  ["digitalocean-token", "doo_v1_{h64}"],
  ["shopify-token", "shpat_{h32}"],
  ["shopify-token", "shpss_{h32}"],
  ["square-token", "sq0atp-{w22}"],
  ["square-token", "sq0csp-{w43}"],
  ["square-token", "EAAA{w60}"],
  ["databricks-token", "dapi{h32}"],
  ["vault-token", "hvs.{w90}"],
  ["vault-token", "hvb.{w140}"],
  ["terraform-token", "{w14}.atlasv1.{w67}"],
  ["grafana-token", "glsa_{w32}_{h8}"],
  ["doppler-token", "dp.pt.{w43}"],
  ["doppler-token", "dp.st.prd.{w43}"],
  ["doppler-token", "dp.sa.{w43}"],
  ["doppler-token", "dp.scim.{w43}"],
  ["postman-key", "PMAK-{h24}-{h34}"],
  ["newrelic-key", "NRAK-{U27}"],
  ["newrelic-key", "NRJS-{h19}"],
  ["sentry-token", "sntrys_{w120}"],
  ["sentry-token", "sntryu_{h64}"],
  ["linear-key", "lin_api_{w40}"],
  ["notion-token", "ntn_{d11}{w35}"],
  ["notion-token", "secret_7{w42}"],
  ["planetscale-token", "pscale_tkn_{w43}"],
  ["planetscale-token", "pscale_pw_{w43}"],
  ["supabase-token", "sbp_{h40}"],
  ["supabase-token", "sb_secret_{w22}_{w8}"],
  ["atlassian-token", "ATATT3xFfGF0{w176}"],
  ["atlassian-token", "ATCTT3xFfGN0{w176}"],
  ["atlassian-token", "ATBB{w32}"],
  ["artifactory-key", "AKCp{w69}"],
  ["age-key", "AGE-SECRET-KEY-1{U58}"],
  ["discord-webhook", "discord.com/api/webhooks/{d19}/{w68}"],
  ["jwt", "eyJ{w20}.eyJ{w60}.{w43}"],
  ["nvidia-key", "nvapi-{w64}"],
  ["langfuse-key", "sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}"],
  ["vercel-token", "vcp_{w56}"],
  ["vercel-token", "vck_{w56}"],
  ["groq-key", "gsk_{w52}"],
  ["xai-key", "xai-{w80}"],
  ["replicate-token", "r8_{w37}"],
  ["perplexity-key", "pplx-{w48}"],
  ["openrouter-key", "sk-or-v1-{h64}"],
  ["langsmith-key", "lsv2_pt_{h32}_{h10}"],
  ["aws-bedrock-key", "ABSK{b124}"],
  ["airtable-token", "pat{w14}.{h64}"],
  ["figma-token", "figd_{w40}"],
  ["dropbox-token", "sl.{w136}"],
  ["dropbox-token", "sl.u.{w600}"],
  ["asana-token", "0/1{d15}:{h32}"],
  ["asana-token", "1/1{d15}:{h32}"],
  ["asana-token", "2/1{d15}/1{d15}:{h32}"],
  ["fly-token", "fo1_{w43}"],
  ["fly-token", "FlyV1 fm2_{b300}"],
  ["flutterwave-key", "FLWSECK_TEST-{h32}-X"],
  ["plaid-token", "access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}"],
  ["razorpay-key", "rzp_live_{w14}"],
  ["braintree-token", "access_token$production${l16}${h32}"],
  ["sendinblue-key", "xkeysib-{h64}-{w16}"],
  ["sendinblue-key", "xsmtpsib-{h64}-{w16}"],
  ["resend-key", "re_{w8}_{w24}"],
  ["pulumi-token", "pul-{h40}"],
  ["dynatrace-token", "dt0c01.{U24}.{U64}"],
  ["circleci-token", "CCIPAT_{w22}_{h40}"],
  ["buildkite-token", "bkua_{h40}"],
  ["sourcegraph-token", "sgp_{h40}"],
  ["sourcegraph-token", "sgp_{h16}_{h40}"],
  ["sonar-token", "squ_{h40}"],
  ["launchdarkly-key", "sdk-{h8}-{h4}-4{h3}-a{h3}-{h12}"],
  ["tailscale-key", "tskey-auth-{w12}CNTRL-{w32}"],
  ["cloudflare-origin-key", "v1.0-{h24}-{h146}"],
  ["heroku-key", "HRKU-AA{w58}"],
  ["typeform-token", "tfp_{w44}"],
  ["clojars-token", "CLOJARS_{l60}"],
  ["hashicorp-batch-token", "hcp.{w100}"],
  ["infracost-key", "ico-{w32}"],
  ["prefect-key", "pnu_{l36}"],
  ["readme-key", "rdme_{l70}"],
  ["shippo-token", "shippo_live_{h40}"],
  ["duffel-token", "duffel_test_{w43}"],
  ["easypost-key", "EZAK{w54}"],
  ["frameio-token", "fio-u-{w64}"],
  ["lob-key", "live_{h35}"],
  ["lob-key", "test_pub_{h31}"],
  ["contentful-token", "CFPAT-{w43}"],
  ["harness-token", "pat.{w22}.{h24}.{w20}"],
  ["onepassword-token", "ops_eyJ{w300}"],
  ["onepassword-token", "A3-{U6}-{U6}-{U5}-{U5}-{U5}-{U5}"],
  ["alibaba-key", "LTAI{w20}"],
  ["tencent-key", "AKID{w32}"],
  ["yandex-token", "AQVN{w36}"],
  ["facebook-token", "EAA{w160}"],
  ["twitter-token", "AAAAAAAAAAAAAAAAAAAAA{w80}"],
  ["firebase-key", ":APA91{w134}"],
  [
    "teams-webhook",
    "webhook.office.com/webhookb2/{h8}-{h4}-{h4}-{h4}-{h12}@{h8}-{h4}-{h4}-{h4}-{h12}/IncomingWebhook/{h32}/{h8}-{h4}-{h4}-{h4}-{h12}",
  ],
  ["zapier-webhook", "hooks.zapier.com/hooks/catch/{d7}/{l7}"],
  ["azure-signature", "&sig={w43}%3D"],
  ["azure-key", "AccountKey={b86}=="],
  ["ansible-vault", "$ANSIBLE_VAULT;1.1;AES256\n{d80}\n{d80}\n"],
  ["password-hash", "$2b$12${p53}"],
  ["password-hash", "$6${w8}${p86}"],
  ["password-hash", "$argon2id$v=19$m=65536,t=3,p=4${w22}${w43}"],
  ["twilio-key", "SK{h32}"],
  ["twilio-account", "AC{h32}"],
  ["mailchimp-key", "{h32}-us12"],
];

const stretch = /\{([a-zA-Z])(\d+)\}/g;
const random = seededRandom("provider-formats");

function fill(format: string, characters: (alphabet: string, length: number) => string): string {
  return format.replace(stretch, (_, alphabet: string, length: string) => characters(alphabets[alphabet]!, Number(length)));
}

function drawn(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[random.int(alphabet.length)]!).join("");
}

function rulesOf(text: string, language = "javascript"): string[] {
  return findSensitive(text, language).map(({ rule }) => rule);
}

/** Other rules may see something in a near miss; the provider's own may not. */
function isSilent(rule: string, text: string): boolean {
  return !rulesOf(`const it = load("${text}");`).includes(rule);
}

test("every rule has a published form here", () => {
  const tested = new Set(formats.map(([rule]) => rule));
  expect([...tokenRules.map(({ id }) => id), ...runRules.map(([id]) => id)].filter((id) => !tested.has(id))).toEqual([]);
});

describe.each(formats)("%s: %s", (rule, format) => {
  test("is found whole, wherever it stands", () => {
    for (let round = 0; round < 8; round++) {
      const value = fill(format, drawn);
      const found = (text: string, language: string): string[] =>
        findSensitive(text, language).map((finding) => `${finding.rule}: ${text.slice(finding.start, finding.end)}`);
      expect(found(`const it = load("${value}");\n`, "javascript")).toEqual([`${rule}: ${value}`]);
      expect(found(`See (${value}) there.\n`, "markdown")).toEqual([`${rule}: ${value}`]);
    }
  });

  test("placeholders are none", () => {
    for (const placeholder of ["x", "X", "*", "0", "a"]) {
      const text = fill(format, (_, length) => placeholder.repeat(length));
      expect([text, isSilent(rule, text)]).toEqual([text, true]);
    }
    const literal = format.slice(0, format.indexOf("{"));
    for (const rest of ["${TOKEN}", "<your-token>", "{{ token }}", "%s", "..."]) expect(isSilent(rule, literal + rest)).toBe(true);
  });

  test("a value that is cut short is none", () => {
    const stretches = [...format.matchAll(stretch)];
    const longest = stretches.reduce((one, other) => (Number(other[2]) > Number(one[2]) ? other : one));
    const cut = format.startsWith("{") ? longest : stretches[0]!;
    expect(isSilent(rule, fill(`${format.slice(0, cut.index)}{${cut[1]!}2}`, drawn))).toBe(true);
  });

  test("another beginning is none", () => {
    const literal = /^(?:\{\w+\})?([^{]+)/.exec(format)![1]!;
    const first = /[A-Za-z0-9]/.exec(literal)![0];
    const other = format.replace(literal, literal.replaceAll(first, first === "q" ? "k" : "q"));
    expect(isSilent(rule, fill(other, drawn))).toBe(true);
  });
});

test("providers write EXAMPLE into the keys of their documentation", () => {
  expect(rulesOf(`key = "AKIA${drawn(alphabets["c"]!, 9)}EXAMPLE"`)).toEqual([]);
});
