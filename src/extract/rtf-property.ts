import type { RtfFlows } from './rtf-flow.ts';
import { SPOKEN_SHAPE_PROPERTY } from './rtf-words.ts';

/** Properties that RTF writes in pieces: names and values of shapes, and dates. Words and dates among them become lines. */
export class RtfProperties {
  private readonly flows: RtfFlows;
  private readonly date = new Map<string, number>();
  private dateName = '';
  private shapeProperty = '';
  private pieces: string[] = [];

  constructor(flows: RtfFlows) {
    this.flows = flows;
  }

  add(text: string): void {
    this.pieces.push(text);
  }

  beginDate(name: string): void {
    this.date.clear();
    this.dateName = name;
  }

  setDate(unit: string, value: number): void {
    this.date.set(unit, value);
  }

  end(what: 'name' | 'value' | 'date'): void {
    if (what === 'date') {
      this.endDate();
      return;
    }
    const text = this.pieces.join('').trim();
    this.pieces = [];
    if (what === 'name') this.shapeProperty = text;
    else if (SPOKEN_SHAPE_PROPERTY.test(this.shapeProperty)) this.flows.add('fields', '', text);
  }

  private endDate(): void {
    const part = (unit: string, digits = 2): string => String(this.date.get(unit) ?? 0).padStart(digits, '0');
    if ((this.date.get('yr') ?? 0) <= 0) return;
    const day = `${part('yr', 4)}-${part('mo')}-${part('dy')}`;
    this.flows.add('metadata', this.dateName, `${day}T${part('hr')}:${part('min')}:${part('sec')}`);
  }
}
