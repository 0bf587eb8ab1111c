import type { Random } from "../../../platform/random";
import type { FormatExchange, FormatKind, FormatSlots, FormatTemplate } from "./format-types";
import { drawCount, drawSmallCount, drawWords, otherCount, otherWord } from "./slot-draws";

type Make = (slots: FormatSlots, random: Random) => FormatExchange;
const template = (kind: FormatKind, grade: 1 | 2 | 3, name: string, make: Make): FormatTemplate => ({ kind, name, grade, make });

/** Words in another order, never the same one. */
function shuffleWords(sentence: string, random: Random): string {
  const words = sentence.split(" ");
  const shuffled = random.shuffle(words);
  return shuffled.join(" ") === sentence ? [...words.slice(1), words[0]!].join(" ") : shuffled.join(" ");
}

function chat(history: string, answer: string, wrong: string, random: Random): FormatExchange {
  return {
    context: `${history}\nAssistant:`,
    right: ` ${answer}\n`,
    brokenForm: random.int(2) === 0 ? ` User: ${answer}\n` : ` ${shuffleWords(answer, random)}\n`,
    wrongContent: ` ${wrong}\n`,
  };
}

export const chatTemplates: readonly FormatTemplate[] = [
  template("chat", 1, "name", (slots, random) => {
    const [name, other] = drawWords(slots, "name", 2, random);
    const history = `User: Hello, I am ${name}.\nAssistant: Hello ${name}, how can I help you?\nUser: What is my name?`;
    return chat(history, `Your name is ${name}.`, `Your name is ${other}.`, random);
  }),
  template("chat", 1, "city", (slots, random) => {
    const [city, other] = drawWords(slots, "city", 2, random);
    const history = `User: I live in ${city}.\nAssistant: ${city} is a nice place.\nUser: Where do I live?`;
    return chat(history, `You live in ${city}.`, `You live in ${other}.`, random);
  }),
  template("chat", 1, "colour", (slots, random) => {
    const [colour, other] = drawWords(slots, "colour", 2, random);
    const history = `User: I like the colour ${colour}.\nAssistant: Good to know.\nUser: Which colour do I like?`;
    return chat(history, `You like the colour ${colour}.`, `You like the colour ${other}.`, random);
  }),
  template("chat", 1, "thanks", (slots, random) => {
    const [food, other] = drawWords(slots, "food", 2, random);
    return chat(`User: Thank you for the ${food}.`, `You are welcome. Enjoy the ${food}!`, `You are welcome. Enjoy the ${other}!`, random);
  }),
  template("chat", 2, "gift", (slots, random) => {
    const [thing, other] = drawWords(slots, "thing", 2, random);
    const name = random.pick(slots.words.name);
    const history = `User: I bought a ${thing} for ${name}.\nAssistant: That is a nice gift.\nUser: What did I buy?`;
    return chat(history, `You bought a ${thing}.`, `You bought a ${other}.`, random);
  }),
  template("chat", 2, "receiver", (slots, random) => {
    const [name, other] = drawWords(slots, "name", 2, random);
    const thing = random.pick(slots.words.thing);
    const history = `User: I have a ${thing} for ${name}.\nAssistant: How kind of you.\nUser: Who gets the ${thing}?`;
    return chat(history, `${name} gets the ${thing}.`, `${other} gets the ${thing}.`, random);
  }),
  template("chat", 2, "pet", (slots, random) => {
    const [name, other] = drawWords(slots, "name", 2, random);
    const animal = random.pick(slots.words.animal);
    const history = `User: My ${animal} is called ${name}.\nAssistant: What a nice name.\nUser: What is my ${animal} called?`;
    return chat(history, `Your ${animal} is called ${name}.`, `Your ${animal} is called ${other}.`, random);
  }),
  template("chat", 3, "two-jobs", (slots, random) => {
    const [ann, bob] = drawWords(slots, "name", 2, random);
    const [a, b] = drawWords(slots, "job", 2, random);
    const [who, job, wrong] = random.int(2) === 0 ? [ann, a, b] : [bob, b, a];
    const history = `User: ${ann} is a ${a}. ${bob} is a ${b}.\nAssistant: I see.\nUser: What does ${who} do?`;
    return chat(history, `${who} is a ${job}.`, `${who} is a ${wrong}.`, random);
  }),
];

const numbered = (items: readonly string[]): string => `\n${items.map((item, i) => `${i + 1}. ${item}`).join("\n")}\n`;
const bulleted = (items: readonly string[]): string => `\n${items.map((item) => `- ${item}`).join("\n")}\n`;

function list(
  ask: string,
  items: readonly string[],
  right: string,
  damages: readonly string[],
  wrong: string,
  random: Random,
): FormatExchange {
  return { context: `User: ${ask}: ${items.join(", ")}\nAssistant:`, right, brokenForm: random.pick(damages), wrongContent: wrong };
}

export const listTemplates: readonly FormatTemplate[] = [
  template("list", 1, "numbered", (slots, random) => {
    const items = drawWords(slots, "thing", 2 + random.int(2), random);
    const right = numbered(items);
    const ask = random.pick(["Write a numbered list", "Number these items"]);
    return list(
      ask,
      items,
      right,
      [bulleted(items), right.replace("2.", "3."), right.replace("1. ", "1 ")],
      numbered([...items].reverse()),
      random,
    );
  }),
  template("list", 1, "bulleted", (slots, random) => {
    const items = drawWords(slots, "food", 2 + random.int(2), random);
    const right = bulleted(items);
    const ask = random.pick(["Write a list with dashes", "Write one dash per item"]);
    return list(
      ask,
      items,
      right,
      [numbered(items), right.replace("- ", ""), ` ${items.join(" ")}\n`],
      bulleted([items[0]!, ...items.slice(0, -1)]),
      random,
    );
  }),
  template("list", 2, "numbered-names", (slots, random) => {
    const items = drawWords(slots, "name", 3, random);
    const right = numbered(items);
    const wrong = numbered([items[0]!, items[1]!, otherWord(slots, "name", items[2]!, random)]);
    return list("Write a numbered list of names", items, right, [bulleted(items), right.replace("3.", "2.")], wrong, random);
  }),
  template("list", 2, "python", (slots, random) => {
    const items = drawWords(slots, "animal", 3, random);
    const right = ` [${items.map((item) => `"${item}"`).join(", ")}]\n`;
    const damages = [right.replace("]", ")"), right.replace('", "', '" "'), right.replace('"', "")];
    const wrong = ` [${[items[1]!, items[0]!, items[2]!].map((item) => `"${item}"`).join(", ")}]\n`;
    return list("Write a Python list", items, right, damages, wrong, random);
  }),
  template("list", 3, "reversed", (slots, random) => {
    const items = drawWords(slots, "colour", 3, random);
    const turned = [...items].reverse();
    return list("Number these in reverse order", items, numbered(turned), [bulleted(turned)], numbered(items), random);
  }),
  template("list", 3, "sorted", (slots, random) => {
    const items = drawWords(slots, "city", 3, random);
    const sorted = [...items].sort();
    const wrong = [sorted[1]!, sorted[0]!, sorted[2]!];
    return list("Number these in alphabetical order", items, numbered(sorted), [bulleted(sorted)], numbered(wrong), random);
  }),
];

function yesNo(question: string, yes: boolean, random: Random): FormatExchange {
  const right = yes ? "yes" : "no";
  const other = yes ? "no" : "yes";
  return {
    context: `User: Answer yes or no. ${question}\nAssistant:`,
    right: ` ${right}\n`,
    brokenForm: random.pick([` ${right}${right}\n`, ` ${right} or ${other}\n`, ` "${right}\n`]),
    wrongContent: ` ${other}\n`,
  };
}

export const yesNoTemplates: readonly FormatTemplate[] = [
  template("yes-no", 1, "same-word", (slots, random) => {
    const [a, b] = drawWords(slots, "thing", 2, random) as [string, string];
    const yes = random.int(2) === 0;
    return yesNo(`Is ${a} the same word as ${yes ? a : b}?`, yes, random);
  }),
  template("yes-no", 2, "in-list", (slots, random) => {
    const [a, b, c, d] = drawWords(slots, "food", 4, random) as [string, string, string, string];
    const yes = random.int(2) === 0;
    return yesNo(`Is ${yes ? random.pick([a, b, c]) : d} in the list ${a}, ${b}, ${c}?`, yes, random);
  }),
  template("yes-no", 2, "who-lives", (slots, random) => {
    const [a, b] = drawWords(slots, "city", 2, random) as [string, string];
    const name = random.pick(slots.words.name);
    const yes = random.int(2) === 0;
    return yesNo(`${name} lives in ${a}. Does ${name} live in ${yes ? a : b}?`, yes, random);
  }),
  template("yes-no", 2, "colour-of", (slots, random) => {
    const [a, b] = drawWords(slots, "colour", 2, random) as [string, string];
    const thing = random.pick(slots.words.thing);
    const yes = random.int(2) === 0;
    return yesNo(`The ${thing} is ${a}. Is it ${yes ? a : b}?`, yes, random);
  }),
  template("yes-no", 3, "larger", (slots, random) => {
    const a = drawCount(random);
    const b = otherCount(a, random);
    const [first, second] = drawWords(slots, "name", 2, random);
    return yesNo(`${first} has ${a} points and ${second} has ${b}. Does ${first} have more?`, a > b, random);
  }),
];

function numberOnly(question: string, right: number, wrong: number, random: Random): FormatExchange {
  return {
    context: `User: Answer with a number only. ${question}\nAssistant:`,
    right: ` ${right}\n`,
    brokenForm: random.pick([` It is ${right}\n`, ` "${right}"\n`, ` number ${right}\n`]),
    wrongContent: ` ${wrong}\n`,
  };
}

export const numberTemplates: readonly FormatTemplate[] = [
  template("number", 1, "price", (slots, random) => {
    const price = drawCount(random);
    const thing = random.pick(slots.words.thing);
    return numberOnly(`The ${thing} costs ${price} euros. What does the ${thing} cost?`, price, otherCount(price, random), random);
  }),
  template("number", 1, "age", (slots, random) => {
    const age = drawCount(random);
    const name = random.pick(slots.words.name);
    return numberOnly(`${name} is ${age} years old. How old is ${name}?`, age, otherCount(age, random), random);
  }),
  template("number", 2, "two-prices", (slots, random) => {
    const [a, b] = drawWords(slots, "food", 2, random);
    const price = drawCount(random);
    const other = otherCount(price, random);
    const [food, right, wrong] = random.int(2) === 0 ? [a, price, other] : [b, other, price];
    return numberOnly(`Price of ${a}: ${price}. Price of ${b}: ${other}. What is the price of ${food}?`, right, wrong, random);
  }),
  template("number", 2, "count", (slots, random) => {
    const items = drawWords(slots, "animal", 2 + random.int(4), random);
    return numberOnly(`How many words are these: ${items.join(", ")}?`, items.length, items.length === 2 ? 4 : items.length - 1, random);
  }),
  template("number", 3, "sum", (slots, random) => {
    const [a, b] = [drawSmallCount(random), drawSmallCount(random)];
    const name = random.pick(slots.words.name);
    return numberOnly(`${name} has ${a} cards and gets ${b} more. How many cards has ${name}?`, a + b, a + b + 1 + random.int(4), random);
  }),
];

const fence = (language: string, lines: readonly string[]): string => `\n\`\`\`${language}\n${lines.join("\n")}\n\`\`\`\n`;

function code(ask: string, language: string, lines: readonly string[], wrong: string, random: Random): FormatExchange {
  const right = fence(language, lines);
  const damages = [
    right.replace(/\n```\n$/, "\n"),
    right.replace("```", "``"),
    `\n${lines.join("\n")}\n`,
    right.replace(/```\n$/, "'''\n"),
  ];
  return { topic: language, context: `User: ${ask}\nAssistant:`, right, brokenForm: random.pick(damages), wrongContent: wrong };
}

export const codeTemplates: readonly FormatTemplate[] = [
  ["fenced", "Put this line in a LANGUAGE code block: LINE"] as const,
  ["show", "Show LINE as LANGUAGE code."] as const,
  ["block", "Write a LANGUAGE code block with this line: LINE"] as const,
].map(([name, ask], i) =>
  template("code", i === 0 ? 1 : 2, name, (slots, random) => {
    const { language, line } = random.pick(slots.code);
    const other = random.pick(slots.code.filter((entry) => entry.language !== language));
    const wrong = random.int(2) === 0 ? fence(other.language, [line]) : fence(language, [other.line]);
    return code(
      ask.replace("LANGUAGE", () => language).replace("LINE", () => line),
      language,
      [line],
      wrong,
      random,
    );
  }),
);

function stop(question: string, answer: string, wrong: string, random: Random): FormatExchange {
  return {
    context: `User: ${question}\nAssistant:`,
    right: ` ${answer}\nUser:`,
    brokenForm: random.int(2) === 0 ? ` ${answer} ${answer}\nUser:` : ` ${answer}\n${answer}\n`,
    wrongContent: ` ${wrong}\nUser:`,
  };
}

export const stopTemplates: readonly FormatTemplate[] = [
  template("stop", 1, "repeat", (slots, random) => {
    const [word, other] = drawWords(slots, "thing", 2, random) as [string, string];
    return stop(`Say the word ${word} once.`, word, other, random);
  }),
  template("stop", 1, "greet", (slots, random) => {
    const [name, other] = drawWords(slots, "name", 2, random) as [string, string];
    return stop(`Say hello to ${name}.`, `Hello ${name}!`, `Hello ${other}!`, random);
  }),
  template("stop", 2, "colour", (slots, random) => {
    const [colour, other] = drawWords(slots, "colour", 2, random) as [string, string];
    return stop(`The ${random.pick(slots.words.thing)} is ${colour}. Which colour is it? One word.`, colour, other, random);
  }),
  template("stop", 2, "first", (slots, random) => {
    const [a, b, c] = drawWords(slots, "food", 3, random) as [string, string, string];
    return stop(`Name the first of these: ${a}, ${b}, ${c}.`, a, b, random);
  }),
  template("stop", 3, "last", (slots, random) => {
    const [a, b, c] = drawWords(slots, "city", 3, random) as [string, string, string];
    return stop(`Name the last of these: ${a}, ${b}, ${c}.`, c, b, random);
  }),
];
