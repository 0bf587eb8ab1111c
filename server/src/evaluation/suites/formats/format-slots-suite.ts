import type { FormatSlots } from "./format-types";

/** The evaluation half. None of these words, tools or lines may occur in text that a base is trained on (a test holds this). */
export const suiteSlots: FormatSlots = {
  words: {
    name: "Mara Pedro Ingrid Tariq Yuki Olga Bruno Selma Kofi Elena Hugo Priya Stefan Amina Leo Noor Viktor Clara".split(" "),
    city: "Oslo Lyon Porto Quito Dakar Hanoi Bergen Turin Lima Malmo Nairobi Graz Perth Kyoto Bogota Cardiff".split(" "),
    thing:
      "lantern violin ladder blanket compass teapot hammock trumpet bucket scarf magnet saddle wallet kettle drum pillow anchor broom".split(
        " ",
      ),
    food: "mango lentils waffles cheese spinach walnuts pancakes salmon ginger olives".split(" "),
    animal: "otter falcon hedgehog tortoise donkey parrot badger seal".split(" "),
    job: "carpenter dentist florist geologist violinist surgeon librarian welder".split(" "),
    colour: "violet teal crimson beige indigo".split(" "),
  },
  tools: [
    { name: "lookup_tide", parameters: { harbor: "city" }, ask: "When is high tide in {harbor}?" },
    { name: "ring_bell", parameters: { times: "count" }, ask: "Please ring the bell {times} times." },
    { name: "hire_worker", parameters: { profession: "job" }, ask: "We need a {profession}. Hire one." },
    { name: "feed_pet", parameters: { species: "animal" }, ask: "Give the {species} its dinner." },
    { name: "paint_wall", parameters: { shade: "colour" }, ask: "Please paint the wall {shade}." },
    { name: "rent_bike", parameters: { hours: "count" }, ask: "I would like a bike for {hours} hours." },
    { name: "cook_meal", parameters: { dish: "food", guests: "count" }, ask: "Cook {dish} for {guests} guests." },
    { name: "ship_parcel", parameters: { content: "thing", destination: "city" }, ask: "Ship the {content} to {destination}." },
    { name: "lend_item", parameters: { object: "thing", borrower: "name" }, ask: "{borrower} wants to borrow the {object}." },
    { name: "reserve_seats", parameters: { guest: "name", seats: "count" }, ask: "Keep {seats} seats free for {guest}." },
    {
      name: "plan_trip",
      parameters: { origin: "city", destination: "city", days: "count" },
      ask: "Plan a trip of {days} days from {origin} to {destination}.",
    },
    {
      name: "sell_goods",
      parameters: { object: "thing", buyer: "name", euros: "count" },
      ask: "Sell the {object} to {buyer} for {euros} euros.",
    },
  ],
  code: [
    { language: "bash", line: "tar -xzf archive.tar.gz" },
    { language: "bash", line: "chmod 644 notes.md" },
    { language: "bash", line: "ssh admin@backup01" },
    { language: "python", line: "speeds = [row.speed for row in rows]" },
    { language: "python", line: "radius = diameter / 2" },
    { language: "python", line: "from fractions import Fraction" },
    { language: "javascript", line: "const slug = title.toLowerCase();" },
    { language: "javascript", line: "window.scrollTo(0, 100);" },
    { language: "javascript", line: "let attempts = 0;" },
    { language: "sql", line: "SELECT harbor FROM tides;" },
    { language: "sql", line: "DROP VIEW old_rates;" },
    { language: "go", line: "defer lock.Unlock()" },
    { language: "rust", line: "let depth = tree.depth();" },
    { language: "css", line: "h2 { margin: 4px; }" },
    { language: "html", line: "<em>closed on Sunday</em>" },
    { language: "java", line: "long ticks = clock.ticks();" },
  ],
};
