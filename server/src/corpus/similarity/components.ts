/** Union-find with path halving; the smaller index is the root, so the result does not depend on the order of unions. */
export class Components {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  root(index: number): number {
    while (this.#parent[index] !== index) {
      this.#parent[index] = this.#parent[this.#parent[index]!]!;
      index = this.#parent[index]!;
    }
    return index;
  }

  unite(a: number, b: number): void {
    const [first, second] = [this.root(a), this.root(b)];
    if (first !== second) this.#parent[Math.max(first, second)] = Math.min(first, second);
  }

  /** Members of every component, in rising order; components by their first member. */
  groups(): number[][] {
    const groups: number[][] = [];
    // A root is the smallest of its component, so its group is there when the others come.
    const places = new Int32Array(this.#parent.length);
    for (let index = 0; index < this.#parent.length; index++) {
      const root = this.root(index);
      if (root === index) places[index] = groups.push([index]) - 1;
      else groups[places[root]!]!.push(index);
    }
    return groups;
  }
}
