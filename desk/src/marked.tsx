/** A report's text with the words that carry something. Text nodes only: what a report says is never markup. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { moved } from "./mouse";
import { directionOf, Points, visible } from "./points";
import type { Document, Part, Span } from "./types";
import { shownAs } from "./values";
import { t } from "./words";

export interface Carrier { span: Span; field: string; event: number; claim: string }
export interface Lit { field?: string; event?: number; claim?: string }
export interface Selected { part: Part; start: number; end: number; quote: string }

interface Piece { start: number; end: number; around: Carrier[]; ended: number[] }

const lights = (c: Carrier, lit: Lit | null) =>
  lit !== null &&
  (lit.claim === undefined || lit.claim === c.claim) &&
  (lit.field === undefined || lit.field === shownAs(c.field)) &&
  (lit.event === undefined || lit.event === c.event);

function cut(length: number, carriers: Carrier[]): Piece[] {
  const here = carriers.filter((c) => c.span.end <= length);
  const borders = [...new Set([0, length, ...here.flatMap((c) => [c.span.start, c.span.end])])].sort((a, b) => a - b);
  return borders.slice(0, -1).map((start, i) => {
    const end = borders[i + 1]!;
    const ended = new Set(here.filter((c) => c.span.end === end && c.event).map((c) => c.event));
    here.filter((c) => c.span.start < end && end < c.span.end).forEach((c) => ended.delete(c.event));
    return {
      start, end,
      around: here.filter((c) => c.span.start <= start && end <= c.span.end)
        .sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start)),
      ended: [...ended].sort((a, b) => a - b),
    };
  });
}

function Signs({ text }: { text: string }) {
  return <>{visible(text).map((v, i) => v.control
    ? <span key={i} class="control" title={`U+${v.text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`}>
        {"\u2426"}
      </span>
    : v.text)}</>;
}

export interface MarkedProps {
  document: Document; carriers: Carrier[]; lit: Lit | null; numbered: boolean;
  onLit?: (lit: Lit | null) => void; onPick?: (carrier: Carrier) => void; onSelect?: (selected: Selected | null) => void;
}

export function Marked({ document: doc, carriers, lit, numbered, onLit, onPick, onSelect }: MarkedProps) {
  const root = useRef<HTMLElement>(null);
  const parts = useMemo(() => (["title", "text"] as const).map((part) => {
    const points = new Points((part === "text" ? doc.text : doc.title) ?? "");
    return { part, points, pieces: cut(points.length, carriers.filter((c) => c.span.part === part)) };
  }), [doc, carriers]);

  useEffect(() => {
    // The first lit words come into view, in their own pane only.
    if (lit?.claim === undefined && lit?.event === undefined) return;
    const first = root.current?.querySelector<HTMLElement>("mark.lit");
    const pane = root.current?.closest<HTMLElement>(".scrolls");
    if (!first || !pane) return;
    const a = first.getBoundingClientRect(), b = pane.getBoundingClientRect();
    if (a.top < b.top || a.bottom > b.bottom) pane.scrollTop += a.top - b.top - b.height / 3;
  }, [lit]);

  function selected() {
    if (!onSelect) return;
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !root.current?.contains(chosen.anchorNode)) return;
    const range = chosen.getRangeAt(0);
    const from = unitOf(range.startContainer, range.startOffset), to = unitOf(range.endContainer, range.endOffset);
    if (!from || !to || from.part !== to.part || from.at >= to.at) return;
    const { points } = parts.find((p) => p.part === from.part)!;
    const [start, end] = [from.at, to.at];
    onSelect({ part: from.part, start, end, quote: points.slice(start, end) });
  }

  /** The code point of a position in the page: each piece says where it begins. */
  function unitOf(node: Node, offset: number): { part: Part; at: number } | null {
    const element = node instanceof Element ? node : node.parentElement;
    const piece = element?.closest<HTMLElement>("[data-start]");
    if (!piece) return null;
    const before = window.document.createRange();
    before.selectNodeContents(piece);
    before.setEnd(node, offset);
    const part = piece.dataset.part as Part;
    return { part, at: Number(piece.dataset.start) + [...before.toString()].length };
  }

  return (
    <article class="marked" ref={root} dir={directionOf(doc.title || doc.text)} lang={doc.lang ?? undefined}
      onMouseUp={selected} onKeyUp={(e) => { if (e.shiftKey) selected(); }} onMouseLeave={moved(() => onLit?.(null))}>
      {parts.map(({ part, points, pieces }) => points.length > 0 && (
        <div class={part === "title" ? "headline" : "body"} key={part}>
          {pieces.map((p) => {
            const words = points.slice(p.start, p.end);
            const inner = p.around[0];
            if (!inner) return <span key={p.start} data-part={part} data-start={p.start}><Signs text={words} /></span>;
            const on = p.around.some((c) => lights(c, lit));
            const what = [...new Set(p.around.map((c) => t(`field.${shownAs(c.field)}`)))].join(", ");
            return (
              <>
                <mark key={p.start} data-part={part} data-start={p.start} title={what} data-claim={inner.claim}
                  class={`f-${shownAs(inner.field)}${on ? " lit" : ""}${lit && !on ? " dim" : ""}`}
                  onMouseEnter={moved(() => onLit?.({ claim: inner.claim }))} onClick={() => onPick?.(inner)}>
                  <Signs text={words} />
                </mark>
                {numbered && p.ended.length > 0 && <sup class="number" aria-hidden="true">{p.ended.join("·")}</sup>}
              </>
            );
          })}
        </div>
      ))}
    </article>
  );
}
