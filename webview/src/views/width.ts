/** Calls back with the width of an element, now and whenever it changes; returns how to stop. */
export function trackWidth(element: Element, onWidth: (width: number) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry) onWidth(Math.floor(entry.contentRect.width));
  });
  observer.observe(element);
  onWidth(Math.floor(element.getBoundingClientRect().width));
  return () => observer.disconnect();
}
