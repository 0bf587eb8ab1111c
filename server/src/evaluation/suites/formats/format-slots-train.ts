import type { FormatSlots } from "./format-types";

const names =
  "Anna Ben Carla David Emma Felix Greta Hans Irene Jonas Karin Lukas Maria Nils Oscar Paula Quinn Rosa Simon Tina Uwe Vera Walter Xenia Yvonne " +
  "Zoe Adam Bella Carlos Diana Erik Fiona George Hanna Ivan Julia Kevin Laura Martin Nora Omar Petra Ralf Sara Tom Ursula Victor Wendy Alan Betty " +
  "Colin Dora Edgar Frida Gavin Helen Isaac Jenny Karl Lily Mark Nina Otto Peggy Robert Sofia Thomas Ulla Vince Wilma Aron Britta Chris Dieter Elsa " +
  "Frank Gina Henry Ida James Kira Louis Mina Noah Olivia Paul Rita Samuel Theo Mei Ravi Chen Fatima Hassan Aiko Kenji Lucia Diego Jamal Zara";
const cities =
  "Paris London Berlin Madrid Rome Vienna Prague Warsaw Dublin Lisbon Athens Helsinki Brussels Zurich Geneva Milan Naples Hamburg Munich Cologne " +
  "Boston Chicago Denver Seattle Austin Dallas Toronto Montreal Tokyo Osaka Seoul Delhi Mumbai Cairo Tunis Sydney Auckland Bristol Leeds Glasgow " +
  "Krakow Riga Tallinn Sofia Belgrade Zagreb Seville Valencia Marseille Nice Dresden Leipzig";
const things =
  "lamp desk chair book pen clock mirror table shelf bottle cup plate knife spoon fork bag box bike boat car phone camera radio laptop keyboard mouse " +
  "printer cable battery torch candle brush hammer nail saw screw rope basket bench sofa carpet curtain window door key lock ring watch hat " +
  "coat shoe boot glove shirt jacket belt umbrella ticket map stamp letter card pencil eraser ruler notebook folder guitar piano flute ball kite tent " +
  "helmet vase pot pan oven fridge fan heater hose shovel rake tile brick";
const foods =
  "rice bread soup pasta salad pizza apples pears plums grapes cherries lemons oranges bananas tomatoes carrots onions potatoes beans peas corn " +
  "eggs butter honey yogurt cake cookies chocolate noodles fish chicken tofu mushrooms peppers cabbage garlic sandwiches curry stew tea coffee juice";
const animals =
  "cat dog horse cow pig sheep goat hen duck goose rabbit mouse hamster frog snake lizard owl eagle crow robin bear wolf fox deer lion tiger monkey";
const jobs =
  "teacher nurse doctor lawyer baker butcher farmer driver pilot sailor painter writer singer actor cook waiter gardener plumber engineer architect " +
  "chemist biologist clerk judge soldier tailor barber mechanic electrician programmer journalist photographer";

const split = (words: string): readonly string[] => words.split(" ");

/** The pretraining half: the same kinds of slots as the suite's, no word, tool or line in common. */
export const trainSlots: FormatSlots = {
  words: {
    name: split(names),
    city: split(cities),
    thing: split(things),
    food: split(foods),
    animal: split(animals),
    job: split(jobs),
    colour: split("red blue green yellow black white grey brown pink purple silver golden"),
  },
  tools: [
    { name: "get_weather", parameters: { city: "city" }, ask: "What is the weather in {city}?" },
    { name: "set_timer", parameters: { minutes: "count" }, ask: "Set a timer for {minutes} minutes." },
    { name: "call_person", parameters: { person: "name" }, ask: "Please call {person}." },
    { name: "find_recipe", parameters: { food: "food" }, ask: "Find a recipe with {food}." },
    { name: "find_picture", parameters: { animal: "animal" }, ask: "Show me a picture of a {animal}." },
    { name: "set_light", parameters: { colour: "colour" }, ask: "Make the light {colour}." },
    { name: "get_time", parameters: { place: "city" }, ask: "What time is it in {place}?" },
    { name: "set_volume", parameters: { level: "count" }, ask: "Set the volume to {level}." },
    { name: "find_job", parameters: { title: "job" }, ask: "Are there jobs for a {title}?" },
    { name: "search_shop", parameters: { query: "thing" }, ask: "I want to buy a {query}. Search the shop." },
    { name: "open_map", parameters: { location: "city" }, ask: "Open a map of {location}." },
    { name: "turn_page", parameters: { page: "count" }, ask: "Go to page {page}." },
    { name: "find_user", parameters: { user: "name" }, ask: "Look up the user {user}." },
    { name: "adopt_animal", parameters: { kind: "animal" }, ask: "I want to adopt a {kind}." },
    { name: "order_food", parameters: { food: "food", amount: "count" }, ask: "Order {amount} portions of {food}." },
    { name: "book_flight", parameters: { start: "city", end: "city" }, ask: "Book a flight from {start} to {end}." },
    { name: "send_message", parameters: { to: "name", about: "thing" }, ask: "Send a message to {to} about the {about}." },
    { name: "book_table", parameters: { name: "name", people: "count" }, ask: "Book a table for {people} people, name {name}." },
    { name: "add_stock", parameters: { item: "thing", number: "count" }, ask: "Add {number} of the item {item} to the stock." },
    { name: "book_hotel", parameters: { city: "city", nights: "count" }, ask: "I need a hotel in {city} for {nights} nights." },
    { name: "invite_guest", parameters: { guest_name: "name", town: "city" }, ask: "Invite {guest_name} to our party in {town}." },
    { name: "change_colour", parameters: { item: "thing", colour: "colour" }, ask: "Change the colour of the {item} to {colour}." },
    { name: "add_contact", parameters: { person: "name", job: "job" }, ask: "Save {person} as a contact. The job is {job}." },
    { name: "set_reminder", parameters: { task: "thing", hour: "count" }, ask: "Remind me about the {task} in {hour} hours." },
    { name: "buy_ticket", parameters: { to: "city", seats_wanted: "count" }, ask: "Buy {seats_wanted} tickets to {to}." },
    { name: "weigh_animal", parameters: { animal: "animal", kilos: "count" }, ask: "The {animal} weighs {kilos} kilos. Write it down." },
    {
      name: "send_package",
      parameters: { item: "thing", receiver: "name", city: "city" },
      ask: "Send the {item} to {receiver} in {city}.",
    },
    {
      name: "plan_meal",
      parameters: { food: "food", cook: "name", people: "count" },
      ask: "{cook} cooks {food} for {people} people. Plan it.",
    },
    {
      name: "book_train",
      parameters: { start: "city", end: "city", tickets: "count" },
      ask: "Book {tickets} train tickets from {start} to {end}.",
    },
    {
      name: "add_order",
      parameters: { customer: "name", item: "thing", number: "count" },
      ask: "{customer} orders {number} times the item {item}.",
    },
  ],
  code: [
    { language: "bash", line: "npm install" },
    { language: "bash", line: "ls -la" },
    { language: "bash", line: "cd src" },
    { language: "bash", line: "git status" },
    { language: "bash", line: "mkdir build" },
    { language: "bash", line: "rm old.txt" },
    { language: "bash", line: "make test" },
    { language: "bash", line: "cat readme.md" },
    { language: "bash", line: "cp a.txt b.txt" },
    { language: "bash", line: "python main.py" },
    { language: "python", line: "print(total)" },
    { language: "python", line: "x = 3" },
    { language: "python", line: "import json" },
    { language: "python", line: "names.sort()" },
    { language: "python", line: "return a + b" },
    { language: "python", line: "data = load(path)" },
    { language: "python", line: "count += 1" },
    { language: "python", line: "items = []" },
    { language: "javascript", line: "const x = 1;" },
    { language: "javascript", line: "console.log(name);" },
    { language: "javascript", line: "let list = [];" },
    { language: "javascript", line: "return value;" },
    { language: "javascript", line: "items.push(item);" },
    { language: "javascript", line: 'import fs from "fs";' },
    { language: "typescript", line: "let n: number = 2;" },
    { language: "typescript", line: "type Id = string;" },
    { language: "sql", line: "SELECT * FROM users;" },
    { language: "sql", line: "DELETE FROM logs;" },
    { language: "sql", line: "SELECT name FROM cities;" },
    { language: "go", line: "fmt.Println(x)" },
    { language: "go", line: "x := 5" },
    { language: "rust", line: "let x = 5;" },
    { language: "rust", line: 'println!("hello");' },
    { language: "css", line: "p { color: red; }" },
    { language: "css", line: "a { margin: 0; }" },
    { language: "html", line: "<p>Hello</p>" },
    { language: "html", line: "<b>Welcome</b>" },
    { language: "java", line: "int x = 1;" },
    { language: "java", line: "String s = name;" },
    { language: "json", line: '{"id": 1}' },
  ],
};
