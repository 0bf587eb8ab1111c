/** For people, wherever redactions are shown: what was looked for, and that this proves nothing. */
export const residualRisk =
  "Looked for: credentials with a known shape, values of names like password and token, private keys, random strings without a name, e-mail and IP addresses, user names in paths. No rule set finds everything: on the field's labelled code (CredData, 4,583 true secrets in 19.5 million lines) well-known scanners found between 1 and 81 %, so read the corpus before you share a model that learned from it.";
