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
    "glpat- gldt- glrt- glptt- glcbt- glft- glimt- glagent- gloas- glsoat- glffct-",
    /gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{20,300}/,
  ),
  rule(
    "slack-token",
    "xoxb- xoxa- xoxp- xoxr- xoxs- xoxo- xoxe- xoxc- xoxd- xoxe.",
    /xox[abprsoecd][-.](?=[A-Za-z0-9.%-]{0,40}[A-Za-z0-9%]{8})[A-Za-z0-9.%-]{10,300}/,
  ),
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
  rule("huggingface-token", "hf_ api_org_", /(?:hf_[A-Za-z0-9]{30,60}|api_org_[A-Za-z]{34})(?![A-Za-z0-9_])/),
  rule("npm-token", "npm_", /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/),
  rule("pypi-token", "pypi-AgE", /pypi-AgE[A-Za-z0-9_-]{50,400}/),
  rule("rubygems-key", "rubygems_", /rubygems_[0-9a-f]{48}/),
  rule("crates-token", "cio", /cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  rule("nuget-key", "oy2", /oy2[a-z0-9]{43}(?![A-Za-z0-9])/),
  rule("docker-token", "dckr_pat_ dckr_oat_", /dckr_[po]at_[A-Za-z0-9_-]{20,100}/),
  rule("sendgrid-key", "SG.", /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/),
  rule("mailgun-key", "key-", /key-[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", /do[opr]_v1_[0-9a-f]{64}/),
  rule("shopify-token", "shpat_ shpca_ shppa_ shpss_", /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/),
  rule("square-token", "sq0atp- sq0csp- EAAA", /(?:sq0[a-z]{3}-[A-Za-z0-9_-]{22,60}|EAAA[A-Za-z0-9_-]{60}(?![A-Za-z0-9_-]))/),
  rule("databricks-token", "dapi", /dapi[0-9a-f]{32}(?![A-Za-z0-9])/),
  rule("vault-token", "hvs. hvb. hvr.", /hv[sbr]\.[A-Za-z0-9_-]{24,300}/),
  rule("terraform-token", ".atlasv1.", /\.atlasv1\.[A-Za-z0-9_-]{40,100}/),
  rule("grafana-token", "glsa_ glc_", /gl(?:sa|c)_[A-Za-z0-9_+/=]{32,400}/),
  rule("doppler-token", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", /dp\.(?:[psc]t|sa|scim|audit)\.[A-Za-z0-9._-]{40,80}/),
  rule("postman-key", "PMAK-", /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/),
  rule("newrelic-key", "NRAK- NRJS- NRII-", /NR(?:AK|JS|II)-[A-Za-z0-9_-]{19,40}/),
  rule("sentry-token", "sntrys_ sntryu_", /sntry[su]_[A-Za-z0-9+/=_-]{40,400}/),
  rule("linear-key", "lin_api_", /lin_api_[A-Za-z0-9]{40}/),
  rule("notion-token", "ntn_ secret_", /(?:ntn_[A-Za-z0-9]{40,60}|secret_(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{43})(?![A-Za-z0-9])/),
  rule("planetscale-token", "pscale_", /pscale_(?:tkn|oauth|pw)_[A-Za-z0-9._=-]{32,64}/),
  rule("supabase-token", "sbp_ sb_secret_", /(?:sbp_(?:oauth_)?[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{31})(?![A-Za-z0-9])/),
  rule("atlassian-token", "ATATT3 ATCTT3 ATBB", /(?:AT[AC]TT3[A-Za-z0-9_=-]{100,300}|ATBB[A-Za-z0-9]{32}(?![A-Za-z0-9]))/),
  rule("artifactory-key", "AKCp", /AKCp[A-Za-z0-9]{60,80}/),
  rule("age-key", "AGE-SECRET-KEY-1", /AGE-SECRET-KEY-1[0-9A-Z]{58}/),
  rule(
    "discord-webhook",
    "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
    /discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/[A-Za-z0-9_-]{50,90}/,
  ),
  rule("jwt", "eyJ", /eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,1000}/),
  rule("nvidia-key", "nvapi-", /nvapi-[A-Za-z0-9_-]{60,70}(?![A-Za-z0-9_-])/),
  rule("langfuse-key", "sk-lf-", /sk-lf-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/),
  rule("vercel-token", "vcp_ vci_ vca_ vcr_ vck_", /vc[piark]_[A-Za-z0-9]{20,60}(?![A-Za-z0-9])/),
  rule("groq-key", "gsk_", /gsk_[A-Za-z0-9]{48,60}(?![A-Za-z0-9])/),
  rule("xai-key", "xai-", /xai-[A-Za-z0-9]{70,90}(?![A-Za-z0-9])/),
  rule("replicate-token", "r8_", /r8_[A-Za-z0-9]{37,40}(?![A-Za-z0-9])/),
  rule("perplexity-key", "pplx-", /pplx-[A-Za-z0-9]{40,60}(?![A-Za-z0-9])/),
  rule("openrouter-key", "sk-or-", /sk-or-(?:v1-)?[A-Za-z0-9]{40,80}(?![A-Za-z0-9])/),
  rule("langsmith-key", "lsv2_", /lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,12}/),
  rule("aws-bedrock-key", "ABSK", /ABSK[A-Za-z0-9+/]{100,280}={0,2}/),
  rule("airtable-token", "pat", /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}(?![A-Za-z0-9])/),
  rule("figma-token", "figd_ figu_", /fig[du]_[A-Za-z0-9_-]{38,60}/),
  rule("dropbox-token", "sl.", /sl\.(?:u\.)?[A-Za-z0-9_-]{130,1400}/),
  rule("asana-token", "0/1 1/1 2/1", /[012]\/1[0-9]{12,15}(?:\/1[0-9]{12,15})?:[0-9a-f]{32}(?![0-9a-f])/),
  rule("fly-token", "fo1_ FlyV1", /(?:fo1_[A-Za-z0-9_-]{43}|FlyV1 fm\d[ar]?_[A-Za-z0-9+/=,_-]{100,800})/),
  rule("flutterwave-key", "FLWSECK", /FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,50}(?:-X)?/),
  rule(
    "plaid-token",
    "access-sandbox- access-production- access-development-",
    /access-(?:sandbox|production|development)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
  ),
  rule("razorpay-key", "rzp_live_ rzp_test_", /rzp_(?:live|test)_[A-Za-z0-9]{14,24}/),
  rule(
    "braintree-token",
    "access_token$production$ access_token$sandbox$",
    /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/,
  ),
  rule("sendinblue-key", "xkeysib- xsmtpsib-", /xs?(?:keysib|mtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}/),
  rule("resend-key", "re_", /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9])/),
  rule("pulumi-token", "pul-", /pul-[0-9a-f]{40}(?![A-Za-z0-9])/),
  rule("dynatrace-token", "dt0c01. dt0s01.", /dt0[cs]01\.[A-Z0-9]{24}\.[A-Z0-9]{64}/),
  rule("circleci-token", "CCIPAT_ CCIPRJ_", /CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[0-9a-f]{40}/),
  rule("buildkite-token", "bkua_", /bkua_[0-9a-f]{40}/),
  rule("sourcegraph-token", "sgp_ sgd_", /sg[pd]_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}/),
  rule("sonar-token", "sqp_ squ_ sqa_", /sq[pua]_[0-9a-f]{40}/),
  rule("launchdarkly-key", "sdk- api- mob-", /(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/),
  rule("tailscale-key", "tskey-", /tskey-[a-z]{3,10}-[A-Za-z0-9]{8,20}(?:CNTRL)?-[A-Za-z0-9]{16,50}/),
  rule("cloudflare-origin-key", "v1.0-", /v1\.0-[0-9a-f]{24}-[0-9a-f]{146}/),
  rule("heroku-key", "HRKU-", /HRKU-[A-Za-z0-9_-]{36,64}/),
  rule("typeform-token", "tk-us- tfp_", /(?:tk-us-[A-Za-z0-9_-]{48}|tfp_[A-Za-z0-9_.-]{40,60})/),
  rule("clojars-token", "CLOJARS_", /CLOJARS_[a-z0-9]{60}/i),
  rule("hashicorp-batch-token", "hcp.", /hcp\.[A-Za-z0-9_-]{60,200}/),
  rule("infracost-key", "ico-", /ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  rule("prefect-key", "pnu_ pnb_", /pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/),
  rule("readme-key", "rdme_", /rdme_[a-z0-9]{70}/),
  rule("shippo-token", "shippo_", /shippo_(?:live|test)_[0-9a-f]{40}/),
  rule("duffel-token", "duffel_", /duffel_(?:live|test)_[A-Za-z0-9_-]{43}/),
  rule("easypost-key", "EZAK EZTK", /EZ[AT]K[A-Za-z0-9]{54}/),
  rule("frameio-token", "fio-u-", /fio-u-[A-Za-z0-9_=-]{64}/),
  rule("lob-key", "live_ test_", /(?:live|test)_(?:pub_[0-9a-f]{31}|[0-9a-f]{35})(?![A-Za-z0-9])/),
  rule("contentful-token", "CFPAT-", /CFPAT-[A-Za-z0-9_-]{43}/),
  rule("harness-token", "pat.", /pat\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}/),
  rule(
    "onepassword-token",
    "ops_eyJ A3-",
    /(?:ops_eyJ[A-Za-z0-9+/_-]{200,900}={0,3}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})/,
  ),
  rule("alibaba-key", "LTAI", /LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])/),
  rule("tencent-key", "AKID", /AKID[A-Za-z0-9]{28,36}(?![A-Za-z0-9])/),
  rule(
    "yandex-token",
    "AQVN y0_AgA t1.",
    /(?:AQVN[A-Za-z0-9_-]{35,40}|y0_AgA[A-Za-z0-9_-]{50,60}|t1\.[A-Z0-9a-z_-]{20,200}[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2})/,
  ),
  rule("facebook-token", "EAACEdEose0cBA EAA", /EAA(?:[A-Za-z0-9]{80,300}|CEdEose0cBA[A-Za-z0-9]{20,300})/),
  rule("twitter-token", "AAAAAAAAAAAAAAAAAAAAA", /A{21}[A-Za-z0-9%]{50,120}/),
  rule("firebase-key", ":APA91", /:APA91[A-Za-z0-9_-]{100,200}/),
  rule(
    "teams-webhook",
    "webhook.office.com/webhookb2/",
    /webhook\.office\.com\/webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9A-Za-z]{32}\/[0-9a-f-]{36}/,
  ),
  rule("zapier-webhook", "hooks.zapier.com/hooks/catch/", /hooks\.zapier\.com\/hooks\/catch\/\d+\/[A-Za-z0-9]{5,20}/),
  rule("azure-signature", "&sig= ?sig=", /[?&]sig=[A-Za-z0-9%+/]{40,80}(?:=|%3D)?/),
  rule("azure-key", "AccountKey= SharedAccessKey=", /(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{32,100}={0,2}/),
  rule(
    "ansible-vault",
    "$ANSIBLE_VAULT;",
    /\$ANSIBLE_VAULT;[\d.]+;AES256[A-Za-z0-9;_-]*\r?\n(?=[ \t]*[0-9a-f]{20})(?:[ \t]*[0-9a-f]{2,80}\r?\n?){1,400}/,
  ),
  rule("password-hash", "$2a$ $2b$ $2y$", /\$2[aby]\$\d\d\$[A-Za-z0-9./]{53}/),
  rule(
    "password-hash",
    "$apr1$ $argon2 $pbkdf2",
    /\$(?:apr1\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}|argon2i?d?\$(?:v=\d+\$)?[a-z0-9=,]+\$[A-Za-z0-9+/]{8,90}\$[A-Za-z0-9+/]{20,180}|pbkdf2(?:-sha\d+)?\$\d+\$[A-Za-z0-9./]{8,60}\$[A-Za-z0-9./]{20,120})/,
  ),
  rule(
    "password-hash",
    "$6$ $5$ $y$ $1$",
    /\$(?:[56]\$(?:rounds=\d{1,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43,86}|y\$[A-Za-z0-9./]{1,12}\$[A-Za-z0-9./]{1,86}\$[A-Za-z0-9./]{43}|1\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22})/,
  ),
];

/** Telegram puts the literal in the middle, so it is looked for backwards. */
/** A client secret of Entra: three characters stand before the mark. */
export const azureSecretPattern = /[A-Za-z0-9_.~-]{3}[78]Q~[A-Za-z0-9_.~-]{31,34}(?![A-Za-z0-9_.~-])/y;

export const telegramPattern = /\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])/y;
/** A token on which a run of letters and digits ends: `SK` and `AC` are too short to be looked for by themselves. */
export const runRules: readonly (readonly [id: string, pattern: RegExp])[] = [
  ["twilio-key", /^SK[0-9a-f]{32}$/],
  ["twilio-account", /^AC[0-9a-f]{32}$/],
  ["mailchimp-key", /^[0-9a-f]{32}-us\d{1,2}$/],
];
/** `Authorization: Bearer value`. */
export const bearerPattern = /((?:bearer|basic|token|apikey)[ \t]{1,2})([A-Za-z0-9+/_.=~-]{16,400})/iy;
/** `scheme://user:value@host`, from the `://`. */
export const urlCredentials = /(:\/\/[^\s:@/"'`<>{}$()\\]{0,64}:)([^\s@/"'`<>\\]{3,200})@[A-Za-z0-9[]/y;
/** The opening line of a private key; the body follows. */
export const privateKeyStart = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
