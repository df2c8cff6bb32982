/** The keys that the store needs; none of them is ever in the database. */
export interface StoreKeys {
  /** Wraps the data keys of new messages. */
  readonly current: WrappingKey;
  /** Every key that an old message's data key may be wrapped by, the current one included. */
  readonly all: readonly WrappingKey[];
  /** HMAC key of the audit chain, 32 bytes. */
  readonly audit: Uint8Array;
  /** HMAC key that tokens and session keys are hashed with, 32 bytes. */
  readonly token: Uint8Array;
}

export interface WrappingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}
