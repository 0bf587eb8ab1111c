import { comparePaths } from "../listing/path-names";

/** Documents that go to one side together. */
export interface Unit {
  readonly documents: readonly number[];
  readonly bytes: number;
  /** Directory and language of the largest document. */
  readonly stratum: string;
  /** The first path; with `order`, what decides between units. */
  readonly name: string;
  /** Seeded, and independent of every other file: adding one moves no other. */
  readonly order: number;
}

export interface Totals {
  readonly bytes: number;
  readonly documents: number;
}

export function totalsOf(units: readonly Unit[]): Totals {
  let [bytes, documents] = [0, 0];
  for (const unit of units) {
    bytes += unit.bytes;
    documents += unit.documents.length;
  }
  return { bytes, documents };
}

export interface Target {
  readonly bytes: number;
  readonly documents: number;
  readonly mostBytes: number;
  readonly mostDocuments: number;
}

/** 53 bits that depend on every unit of the seed and the name. */
export function orderOf(seed: number, name: string): number {
  let high = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  let low = Math.imul(seed + 0x7f4a7c15, 0xc2b2ae35);
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x5bd1e995);
    low ^= low >>> 15;
  }
  return (mix(high ^ (low >>> 7)) >>> 0) * 0x200000 + (mix(low ^ Math.imul(high, 0x85ebca77)) >>> 11);
}

function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function compareOrder(a: Unit, b: Unit): number {
  return a.order - b.order || comparePaths(a.name, b.name);
}

/** Units in their order. Mostly a small share of them is ever taken, so the first are found and sorted before the others. */
class OrderedUnits {
  readonly #rest: Unit[];
  #sorted: Unit[];

  constructor(units: readonly Unit[]) {
    this.#sorted = units.filter((unit) => unit.order < firstOrders).sort(compareOrder);
    this.#rest = units.filter((unit) => unit.order >= firstOrders);
  }

  get length(): number {
    return this.#sorted.length + this.#rest.length;
  }

  at(place: number): Unit {
    if (place >= this.#sorted.length) this.#sorted = [...this.#sorted, ...this.#rest.splice(0).sort(compareOrder)];
    return this.#sorted[place]!;
  }
}

/** Orders are spread evenly over 53 bits. */
const firstOrders = 2 ** 53 / 8;

interface Queue {
  readonly units: OrderedUnits;
  readonly place: number;
  readonly bytes: number;
  next: number;
  /** Bytes by which the stratum lags behind its share. */
  behind: number;
}

/** The queues, the one furthest behind on top; of equal ones the first by name. */
class Queues {
  readonly #heap: Queue[] = [];

  constructor(queues: readonly Queue[]) {
    for (const queue of queues) {
      this.#heap.push(queue);
      this.#rise(this.#heap.length - 1);
    }
  }

  get top(): Queue | undefined {
    return this.#heap[0];
  }

  /** To be called after the top one changed; one without units leaves. */
  settle(): void {
    const top = this.#heap[0]!;
    if (top.next === top.units.length) {
      const last = this.#heap.pop()!;
      if (last === top) return;
      this.#heap[0] = last;
    }
    this.#sink(0);
  }

  #before(a: Queue, b: Queue): boolean {
    return a.behind > b.behind || (a.behind === b.behind && a.place < b.place);
  }

  #rise(at: number): void {
    const heap = this.#heap;
    for (let parent = (at - 1) >> 1; at > 0 && this.#before(heap[at]!, heap[parent]!); parent = (at - 1) >> 1) {
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(at: number): void {
    const heap = this.#heap;
    for (;;) {
      const left = 2 * at + 1;
      let best = at;
      if (left < heap.length && this.#before(heap[left]!, heap[best]!)) best = left;
      if (left + 1 < heap.length && this.#before(heap[left + 1]!, heap[best]!)) best = left + 1;
      if (best === at) return;
      [heap[at], heap[best]] = [heap[best]!, heap[at]!];
      at = best;
    }
  }
}

function queuesOf(units: readonly Unit[], heldIn: ReadonlyMap<string, number>, share: number): Queues {
  const members = new Map<string, Unit[]>();
  for (const unit of units) {
    const stratum = members.get(unit.stratum);
    if (stratum === undefined) members.set(unit.stratum, [unit]);
    else stratum.push(unit);
  }
  const strata = [...members].sort(([a], [b]) => comparePaths(a, b));
  const queues = strata.map(([stratum, own], place): Queue => {
    const { bytes } = totalsOf(own);
    return { units: new OrderedUnits(own), place, bytes, next: 0, behind: bytes * share - (heldIn.get(stratum) ?? 0) };
  });
  return new Queues(queues);
}

/**
 * Takes units until bytes and documents are reached, always from the stratum (directory and language) that lags furthest behind its share.
 * Units larger than a quarter of the target wait until the small ones are used up.
 * @param forced held out whatever the target says
 */
export function selectHeldOut(units: readonly Unit[], forced: readonly Unit[], all: Totals, target: Target): Unit[] {
  const chosen = new Set(forced);
  const heldIn = new Map<string, number>();
  let { bytes, documents } = totalsOf(forced);
  const hold = (unit: Unit): void => void heldIn.set(unit.stratum, (heldIn.get(unit.stratum) ?? 0) + unit.bytes);
  forced.forEach(hold);
  for (const largest of [target.bytes / 4, target.mostBytes]) {
    if (bytes >= target.bytes && documents >= target.documents) break;
    const free = units.filter((unit) => unit.bytes <= largest && !chosen.has(unit));
    const queues = queuesOf(free, heldIn, target.bytes / Math.max(1, all.bytes));
    for (let queue = queues.top; queue !== undefined; queue = queues.top) {
      if (bytes >= target.bytes && documents >= target.documents) break;
      const unit = queue.units.at(queue.next++);
      if (bytes + unit.bytes <= target.mostBytes && documents + unit.documents.length <= target.mostDocuments) {
        chosen.add(unit);
        hold(unit);
        queue.behind -= unit.bytes;
        bytes += unit.bytes;
        documents += unit.documents.length;
      }
      queues.settle();
    }
  }
  return [...chosen];
}

/**
 * A third of the units of every size, so that a third of the documents and about a third of the bytes are sealed. Sizes are classes that double, and
 * within a class the choice is seeded: a unit that comes or goes moves at most one other of each smaller class, where counting off all units by size
 * would move two thirds of them.
 */
export function selectSealed(heldOut: readonly Unit[]): Unit[] {
  const classes = new Map<number, Unit[]>();
  for (const unit of heldOut) {
    const size = Math.floor(Math.log2(unit.bytes + 1));
    const members = classes.get(size);
    if (members === undefined) classes.set(size, [unit]);
    else members.push(unit);
  }
  let before = 0;
  return [...classes]
    .sort(([a], [b]) => b - a)
    .flatMap(([, members]) => {
      const sealed = thirdsUpTo(before + members.length) - thirdsUpTo(before);
      before += members.length;
      return members.sort((a, b) => (a.order % sealModulus) - (b.order % sealModulus) || compareOrder(a, b)).slice(0, sealed);
    });
}

/** A prime: what is left of the order of holding out when its beginning is taken away. */
const sealModulus = 1_048_573;

/** How many of so many units are sealed: the second of every three. */
function thirdsUpTo(units: number): number {
  return Math.floor((units + 1) / 3);
}
