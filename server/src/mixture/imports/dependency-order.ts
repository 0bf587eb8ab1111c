/** A graph of numbered files; `imports[i]` are the numbers that file i imports. */
export type ImportGraph = readonly (readonly number[])[];

/** Groups of files that import one another in a circle, or single files (Tarjan, without recursion: chains of imports can be long). */
export function circles(graph: ImportGraph): readonly (readonly number[])[] {
  const found: number[][] = [];
  const index = new Int32Array(graph.length).fill(-1);
  const lowest = new Int32Array(graph.length);
  const onStack = new Uint8Array(graph.length);
  const stack: number[] = [];
  const path: { readonly file: number; next: number }[] = [];
  let count = 0;
  const enter = (file: number): void => {
    index[file] = lowest[file] = count++;
    stack.push(file);
    onStack[file] = 1;
    path.push({ file, next: 0 });
  };
  const leave = (file: number): void => {
    if (lowest[file] === index[file]) found.push(takeCircle(stack, onStack, file));
    path.pop();
    const parent = path[path.length - 1]?.file;
    if (parent !== undefined) lowest[parent] = Math.min(lowest[parent]!, lowest[file]!);
  };
  for (let root = 0; root < graph.length; root++) {
    if (index[root]! >= 0) continue;
    enter(root);
    for (let at = path[path.length - 1]; at !== undefined; at = path[path.length - 1]) {
      const target = graph[at.file]![at.next++];
      if (target === undefined) leave(at.file);
      else if (index[target]! < 0) enter(target);
      else if (onStack[target] === 1) lowest[at.file] = Math.min(lowest[at.file]!, index[target]!);
    }
  }
  return found;
}

function takeCircle(stack: number[], onStack: Uint8Array, first: number): number[] {
  const members: number[] = [];
  for (let file = stack.pop(); file !== undefined; file = file === first ? undefined : stack.pop()) {
    onStack[file] = 0;
    members.push(file);
  }
  return members.sort((a, b) => a - b);
}

/**
 * Files in an order in which each comes after what it imports; those of a circle stand together. Whenever several could be next, the
 * lowest number is (numbers follow the paths), a circle by its lowest member.
 */
export function dependencyOrder(graph: ImportGraph): readonly number[] {
  const groups = circles(graph);
  const groupOf = new Int32Array(graph.length);
  groups.forEach((members, group) => members.forEach((file) => (groupOf[file] = group)));
  const waitsFor = new Int32Array(groups.length);
  const importedBy: number[][] = groups.map(() => []);
  for (const [group, members] of groups.entries()) {
    const targets = new Set(members.flatMap((file) => graph[file]!.map((target) => groupOf[target]!)));
    targets.delete(group);
    waitsFor[group] = targets.size;
    for (const target of targets) importedBy[target]!.push(group);
  }
  const ready = new Heap((group) => groups[group]![0]!);
  waitsFor.forEach((waits, group) => waits === 0 && ready.push(group));
  const order: number[] = [];
  for (let group = ready.pop(); group !== undefined; group = ready.pop()) {
    order.push(...groups[group]!);
    for (const importer of importedBy[group]!) if (--waitsFor[importer]! === 0) ready.push(importer);
  }
  return order;
}

/** Gives the item with the lowest key first. */
class Heap {
  readonly #items: number[] = [];
  readonly #key: (item: number) => number;

  constructor(key: (item: number) => number) {
    this.#key = key;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && this.#before(at, parent); at = parent, parent = (at - 1) >> 1) this.#swap(at, parent);
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    items[0] = last;
    for (let at = 0; ;) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < items.length && this.#before(child, best)) best = child;
      if (best === at) return top;
      this.#swap(at, best);
      at = best;
    }
  }

  #before(one: number, other: number): boolean {
    return this.#key(this.#items[one]!) < this.#key(this.#items[other]!);
  }

  #swap(one: number, other: number): void {
    [this.#items[one], this.#items[other]] = [this.#items[other]!, this.#items[one]!];
  }
}
