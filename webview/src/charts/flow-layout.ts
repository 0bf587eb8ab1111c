/** Places of a layered flow: every node as tall as its bytes, as far as a label needs room. Pure. */
import { area, curveBumpX } from "d3-shape";
import type { FlowNode } from "../model/corpus";
import { round } from "./geometry";

export interface PlacedNode {
  readonly node: FlowNode;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedLink {
  readonly to: FlowNode;
  readonly path: string;
  readonly thickness: number;
}

export interface FlowLayout {
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
  readonly height: number;
}

export const nodeWidth = 10;
/** Rows of labels are never nearer than this. */
const labelHeight = 17;
const gap = 5;
const thinnest = 1.5;

/** @param columns x of the three columns @param scaleHeight pixels of the whole of what was seen */
export function layoutFlow(nodes: readonly FlowNode[], columns: readonly [number, number, number], scaleHeight: number): FlowLayout {
  const total = nodes.find((node) => node.column === 0)?.bytes ?? 0;
  const tall = (node: FlowNode): number => Math.max(thinnest, (node.bytes / Math.max(1, total)) * scaleHeight);
  const placed = ([0, 1, 2] as const).flatMap((column) => {
    let y = 0;
    return nodes
      .filter((node) => node.column === column)
      .map((node): PlacedNode => {
        const height = tall(node);
        const slot = Math.max(labelHeight, height);
        const at = { node, x: columns[column], y: y + (slot - height) / 2, height };
        y += slot + gap;
        return at;
      });
  });
  const height = Math.max(0, ...placed.map((each) => each.y + Math.max(labelHeight, each.height)));
  return { nodes: placed, links: linksOf(placed), height };
}

/** Upper and lower edge of a band at one of its ends. */
type BandEnd = readonly [x: number, top: number, bottom: number];

const band = area<BandEnd>()
  .x(([x]) => x)
  .y0(([, top]) => round(top))
  .y1(([, , bottom]) => round(bottom))
  .curve(curveBumpX);

function linksOf(placed: readonly PlacedNode[]): readonly PlacedLink[] {
  const taken = new Map<string, number>();
  return placed.flatMap((target) => {
    const source = placed.find((each) => each.node.id === target.node.from);
    if (!source) return [];
    const top = source.y + (taken.get(source.node.id) ?? 0);
    const thickness = (target.node.bytes / Math.max(1, source.node.bytes)) * source.height;
    taken.set(source.node.id, (taken.get(source.node.id) ?? 0) + thickness);
    const ends: BandEnd[] = [
      [source.x + nodeWidth, top, top + thickness],
      [target.x, target.y, target.y + target.height],
    ];
    return [{ to: target.node, path: band(ends) ?? "", thickness }];
  });
}
