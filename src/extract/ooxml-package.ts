import type { ByteSource } from '../core/byte-source.ts';
import type { Budget } from './budget.ts';
import { Unreadable } from './unreadable.ts';
import { readXml, type XmlHandler, type XmlReader } from './xml-reader.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

export interface Relationship {
  readonly id: string;
  /** Last step of the type's address: `worksheet`, `image`; strict and transitional files differ only before it. */
  readonly kind: string;
  /** Part name in the package, or the address as it stands where it is outside. */
  readonly target: string;
  readonly isExternal: boolean;
}

/** An Open Packaging Conventions file (ECMA-376 part 2): parts by name, their content types and relationships. */
export class OoxmlPackage {
  readonly source: ByteSource;
  readonly budget: Budget;
  readonly entries: readonly ZipEntry[];
  readonly comments: readonly string[];
  private readonly byName = new Map<string, ZipEntry>();
  private readonly overrides = new Map<string, string>();
  private readonly defaults = new Map<string, string>();
  /** Parts that some reader has taken; what is left at the end is opened generically. */
  private readonly taken = new Set<string>();
  /** Two parts had one name: an office opens one and hides the other. Here the later one has a name of its own. */
  readonly hasTwins: boolean;

  private constructor(source: ByteSource, budget: Budget, entries: readonly ZipEntry[], comments: readonly string[]) {
    this.source = source;
    this.budget = budget;
    this.comments = comments;
    let twins = 0;
    this.entries = entries.map((entry) => {
      const isTwin = this.byName.has(normalName(entry.name));
      if (isTwin) twins += 1;
      const named = isTwin ? { ...entry, name: twinName(entry.name, twins) } : entry;
      this.byName.set(normalName(named.name), named);
      return named;
    });
    this.hasTwins = twins > 0;
  }

  static async open(source: ByteSource, budget: Budget): Promise<OoxmlPackage> {
    const { entries, comments } = await readZipDirectory(source, budget);
    const opened = new OoxmlPackage(source, budget, entries, comments);
    await opened.readContentTypes();
    return opened;
  }

  has(name: string): boolean {
    return this.byName.has(normalName(name));
  }

  entry(name: string): ZipEntry | null {
    return this.byName.get(normalName(name)) ?? null;
  }

  contentType(name: string): string {
    const normal = normalName(name);
    return this.overrides.get(normal) ?? this.defaults.get(normal.slice(normal.lastIndexOf('.') + 1)) ?? '';
  }

  isTaken(name: string): boolean {
    return this.taken.has(normalName(name));
  }

  take(name: string): void {
    this.taken.add(normalName(name));
  }

  /** Entries no reader has taken yet, in the order of the directory; folders hold nothing. */
  untaken(): readonly ZipEntry[] {
    return this.entries.filter((entry) => !entry.isFolder && !this.taken.has(normalName(entry.name)));
  }

  /** The expanded bytes of a part; takes it. With `isPassing` a chunk is gone once the next is asked for. Throws `Unreadable`, `corrupt` where there is no such part. */
  async *read(name: string, isPassing = false): AsyncGenerator<Uint8Array> {
    const entry = this.entry(name);
    if (entry === null) throw new Unreadable('corrupt', 'a part of the package is missing');
    this.take(name);
    yield* readZipEntry(this.source, entry, this.budget, isPassing);
  }

  /** Feeds a part's XML to a handler; takes the part. */
  async readXml(name: string, handler: XmlHandler): Promise<XmlReader> {
    return readXml(this.read(name), handler);
  }

  /** Feeds a part's XML to a handler that needs it for another part, and leaves its own reading to others; faults are theirs to tell. */
  async peekXml(name: string, handler: XmlHandler): Promise<void> {
    const entry = this.entry(name);
    if (entry === null) return;
    try {
      await readXml(readZipEntry(this.source, entry, this.budget), handler);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }

  /** The relationships of a part; of the package itself for ''. Takes the `.rels` part. */
  async relationships(name: string): Promise<readonly Relationship[]> {
    const slash = name.lastIndexOf('/');
    const folder = name.slice(0, slash + 1);
    const rels = `${folder}_rels/${name.slice(slash + 1)}.rels`;
    if (!this.has(rels)) return [];
    const found: Relationship[] = [];
    await this.readXml(rels, {
      open(element, attributes) {
        if (element !== 'Relationship') return;
        const target = attributes.get('Target') ?? '';
        const type = attributes.get('Type') ?? '';
        const isExternal = attributes.get('TargetMode') === 'External';
        found.push({
          id: attributes.get('Id') ?? '',
          kind: type.slice(type.lastIndexOf('/') + 1),
          target: isExternal ? target : resolveTarget(folder, target),
          isExternal,
        });
      },
      text() {},
      close() {},
    });
    return found;
  }

  private async readContentTypes(): Promise<void> {
    if (!this.has('[Content_Types].xml')) return;
    const { overrides, defaults } = this;
    await this.readXml('[Content_Types].xml', {
      open(element, attributes) {
        const type = (attributes.get('ContentType') ?? '').toLowerCase();
        if (element === 'Override') overrides.set(normalName(attributes.get('PartName') ?? ''), type);
        else if (element === 'Default') defaults.set((attributes.get('Extension') ?? '').toLowerCase(), type);
      },
      text() {},
      close() {},
    });
  }
}

/** A name that no part has: the file's own with a number, so that its ending still tells its kind. */
function twinName(name: string, count: number): string {
  const slash = name.lastIndexOf('/') + 1;
  return `${name.slice(0, slash)}twin ${count} of ${name.slice(slash)}`;
}

/** Part names compare without case, leading slash or backslashes (some writers use them). */
function normalName(name: string): string {
  const plain = name.replaceAll('\\', '/').toLowerCase();
  return plain.startsWith('/') ? plain.slice(1) : plain;
}

function resolveTarget(folder: string, target: string): string {
  const plain = target.replaceAll('\\', '/');
  const steps: string[] = plain.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '');
  for (const step of plain.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  const joined = steps.join('/');
  try {
    return decodeURIComponent(joined);
  } catch {
    return joined;
  }
}
