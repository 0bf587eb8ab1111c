/** Names that a repository gives to services (`pmt-svc`, `ledger-api`): they stand in code, configuration and host names alike. */
import type { TermOccurrence } from "./extract-terms";

const serviceShape =
  /^[a-z][a-z0-9]{0,30}(?:[-_][a-z0-9]{1,30}){0,4}[-_](?:svc|srv|service|api|gateway|gw|worker|daemon|backend|frontend|broker|proxy)$/;

/** A name of small letters in two parts and more, of which the last says that it is a service. */
export function isServiceName(content: string): boolean {
  return content.length <= 64 && serviceShape.test(content);
}

/**
 * Configuration keys as they are, but the names below `services` of a Compose file, and whatever key is named like a
 * service, as `service`.
 */
export function serviceNames(text: string, language: string, keys: readonly TermOccurrence[]): readonly TermOccurrence[] {
  const isCompose = language === "yaml" && /^services[ \t]*:/m.test(text) && /^[ \t]+(?:image|build)[ \t]*:/m.test(text);
  return keys.map((key) => {
    const below = isCompose && key.keyPath === `services.${key.term}`;
    return below || isServiceName(key.term) ? { ...key, kind: "service" } : key;
  });
}
