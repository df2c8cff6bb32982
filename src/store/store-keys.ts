import type { KeyRing } from '../registers/keys.ts';

/** The keys that the store needs; none of them is ever in the database. */
export interface StoreKeys {
  /** Wraps the data keys of new messages. */
  readonly current: WrappingKey;
  /** Every key that an old message's data key may be wrapped by, the current one included. */
  readonly all: readonly WrappingKey[];
  /** HMAC key of the audit chain, 32 bytes. */
  readonly audit: Uint8Array;
  /** HMAC key that tokens, session keys and names of rules are hashed with, 32 bytes. */
  readonly token: Uint8Array;
  /** Looks for keys that were added since the file was read. */
  readonly reread?: () => void;
}

/**
 * What the store takes from a key ring; where the ring is a live one, so are its keys.
 *
 * @param reread looks for keys that were added meanwhile, before a message counts as sealed with one that is not there.
 */
export function storeKeys(ring: KeyRing, reread: () => void = () => {}): StoreKeys {
  let known: KeyRing['byId'] | null = null;
  let all: readonly WrappingKey[] = [];
  return {
    get current() {
      return wrapping(ring.current);
    },
    get all() {
      if (ring.byId !== known) {
        known = ring.byId;
        all = [...known.values()].map(wrapping);
      }
      return all;
    },
    get audit() {
      return ring.first.audit;
    },
    get token() {
      return ring.first.tokens;
    },
    reread,
  };
}

/**
 * The key of an id, null where the key file has none.
 *
 * Where it is not known the file is looked at again: another process may have begun to write with a key that was added a moment ago.
 */
export function findKey(keys: StoreKeys, id: string): WrappingKey | null {
  const find = () => keys.all.find((one) => one.id === id);
  const known = find();
  if (known !== undefined) return known;
  keys.reread?.();
  return find() ?? null;
}

function wrapping({ id, content }: KeyRing['current']): WrappingKey {
  return { id, key: content };
}

export interface WrappingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}
