import { expect, test } from "vitest";
import { findSensitive } from "./sensitive-scan";

const line = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5kL7nP9rS1uV3xY5zA7cD9fG1iJ3l";

test.each(["RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", ""])("a PEM block: %s", (type) => {
  const block = `-----BEGIN ${type}PRIVATE KEY-----\n${line}\n${line}\n-----END ${type}PRIVATE KEY-----`;
  expect(findSensitive(`a\n${block}\nb`, "plaintext")).toMatchObject([{ rule: "private-key", start: 2, end: 2 + block.length }]);
});

test("a PGP block", () => {
  const block = `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${line}\n${line}\n-----END PGP PRIVATE KEY BLOCK-----`;
  expect(findSensitive(block, "plaintext")).toMatchObject([{ rule: "private-key", start: 0, end: block.length }]);
});

test("the private lines of a PuTTY key, and not the public ones", () => {
  const text = `PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\nAAAAC3NzaC1lZDI1NTE5${line}\nPrivate-Lines: 1\n${line}\nPrivate-MAC: 0`;
  const found = findSensitive(text, "plaintext");
  expect(found.map(({ rule, start, end }) => [rule, text.slice(start, end)])).toEqual([["private-key", line]]);
});

test("the private number of a JSON web key, and not the public ones", () => {
  const text = `{"kty": "EC", "crv": "P-256", "d": "${line.slice(0, 43)}"}`;
  expect(findSensitive(text, "json").map(({ start, end }) => text.slice(start, end))).toEqual([line.slice(0, 43)]);
  expect(findSensitive(`{"d": "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10"}`, "json")).toEqual([]);
});
