/** Placeholder for the type's owner, who replaces this file. */
export interface Identifier {
  readonly id: string;
}
