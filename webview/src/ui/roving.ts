/** One tab stop for a row of points; arrow keys, Home and End move inside it, Enter and Space act. */
const moves: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowRight: (index, last) => Math.min(index + 1, last),
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowLeft: (index) => Math.max(index - 1, 0),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, last) => last,
};

/** When the pointer leaves, the reading of a point that has the keyboard's focus stays. */
export function leaveReading(event: Event, clear: () => void): void {
  if ((event.currentTarget as Element).querySelector(":focus") === null) clear();
}

export function rove(event: KeyboardEvent): void {
  const group = event.currentTarget as Element;
  const stops = [...group.querySelectorAll<SVGElement>("[data-stop]")];
  const current = stops.indexOf(event.target as SVGElement);
  if (current < 0) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    stops[current]!.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    return;
  }
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  const next = stops[move(current, stops.length - 1)]!;
  stops[current]!.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}
