export interface DeliveryLane {
  /** Delivers a message soon, with its content where that is at hand; false, and forgotten, where the lane is full. */
  offer(id: string, content?: Uint8Array): boolean;
  /** Takes nothing more, forgets what waits, and finishes what is in hand. */
  close(): Promise<void>;
}

/** Deliveries at a time; most of that time is the next hop's. */
const IN_HAND = 48;
const WAITING = 500;

/**
 * Deliveries beside the jobs, so that a slow next hop takes no place from judging.
 *
 * What waits here is not claimed: what is forgotten, or dies with the process, the sweeper finds in the store.
 */
export function createDeliveryLane(deliver: (id: string, content?: Uint8Array) => Promise<void>): DeliveryLane {
  const waiting = new Map<string, Uint8Array | undefined>();
  const inHand = new Set<Promise<void>>();
  let isClosed = false;

  function start(id: string, content?: Uint8Array): void {
    const delivery = deliver(id, content).finally(() => {
      inHand.delete(delivery);
      const [next] = waiting;
      if (next === undefined || isClosed) return;
      waiting.delete(next[0]);
      start(...next);
    });
    inHand.add(delivery);
  }

  return {
    offer(id, content) {
      if (isClosed || waiting.size >= WAITING) return false;
      if (inHand.size < IN_HAND) start(id, content);
      else waiting.set(id, content ?? waiting.get(id));
      return true;
    },
    async close() {
      isClosed = true;
      waiting.clear();
      await Promise.all(inHand);
    },
  };
}
