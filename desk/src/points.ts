/** Offsets count code points; strings of the browser count UTF-16 units. This is the way from one to the other. */

export class Points {
  private readonly units: Uint32Array | null;

  constructor(readonly text: string) {
    if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) { this.units = null; return; }
    const found: number[] = [];
    for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) found.push(at);
    found.push(text.length);
    this.units = Uint32Array.from(found);
  }

  get length(): number {
    return this.units ? this.units.length - 1 : this.text.length;
  }

  slice(start: number, end: number): string {
    if (!this.units) return this.text.slice(start, end);
    return this.text.slice(this.units[Math.min(start, this.length)], this.units[Math.min(end, this.length)]);
  }

  /** The code point at a UTF-16 unit. */
  at(unit: number): number {
    if (!this.units) return unit;
    let low = 0, high = this.units.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.units[middle]! < unit) low = middle + 1; else high = middle;
    }
    return low;
  }
}

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LTR = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/;
/** The direction of a text, by its first letter that has one. */
export function directionOf(text: string): "rtl" | "ltr" {
  for (const sign of text.slice(0, 2000)) {
    if (RTL.test(sign)) return "rtl";
    if (LTR.test(sign)) return "ltr";
  }
  return "ltr";
}

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
/** Cut a text where a sign stands that is not seen but changes what is: direction marks, zero width, tags. */
export function visible(text: string): { text: string; control: boolean }[] {
  if (!CONTROLS.test(text)) return [{ text, control: false }];
  const out: { text: string; control: boolean }[] = [];
  let plain = "";
  for (const sign of text) {
    if (!CONTROLS.test(sign)) { plain += sign; continue; }
    if (plain) out.push({ text: plain, control: false });
    plain = "";
    out.push({ text: sign, control: true });
  }
  if (plain) out.push({ text: plain, control: false });
  return out;
}
