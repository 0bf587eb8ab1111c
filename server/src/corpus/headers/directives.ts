/** Comment lines that tools read; they stay whatever stands around them. `words` is a line without its comment marks. */
const anywhere =
  /-\*-|\b(?:vim?|ex):\s*(?:set?\s|[a-z]+=|[a-z]+\s*:)|kate:\s|@(?:ts-[a-z]|flow\b|noflow\b|jsx|format\b|generated\b|jest-|vitest-|preserve-|internal\b|prettier\b)/;
const atStart =
  /^(?:go:[a-z]|export [A-Za-z_]\w*$|line [\w./]+:\d|\+build\b|(?:file)?(?:en)?coding\s*[:=]|eslint\b|global[s]? [\w$]|exported [\w$]|prettier-|jshint\b|jslint\b|jscs:|istanbul |c8 |v8 ignore|tslint:|biome-|oxlint-|deno-|@__|#__|sourceMappingURL|sourceURL|webpack|@vite|pylint:|noqa\b|mypy:|flake8|type:\s*ignore|pyright:|pytype:|isort:|ruff:|fmt:|yapf:|nosec\b|pragma\b|cython:|distutils:|bandit|doctest|!python|frozen_string_literal:|typed:|warn_indent:|rubocop:|steep:|sorbet|shellcheck |clang-format |NOLINT|swiftlint:|swift-tools-version|swiftformat:|ktlint|detekt|checkstyle|cspell|spell-?checker|\$schema|yaml-language-server|syntax\s*=|escape\s*=|check\s*=|cloud-config|hadolint |tflint|tfsec|checkov:|kics|language-server|!TEX\b|TEX (?:root|program)|&\w*tex\b|<?reference (?:path|types|lib|no-default)|<?amd-|<?auto-generated|region\b|endregion\b|#?(?:include|define|ifdef|ifndef|endif|pragma)\b|lint:|luacheck:|---@|hlint |perlcritic|PODNAME|ABSTRACT|phpcs:|@phpstan|@psalm|psalm-|codespell|lizard|coverage:|LCOV_|GCOV|nocov|keep[- ]sorted|ifttt|lint\.|%YAML|shareable_constant_value:)/i;

export function isDirective(words: string): boolean {
  return anywhere.test(words) || atStart.test(words);
}
