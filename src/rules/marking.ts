/** Placeholder for the type's owner, who replaces this file. */
export interface Marking {
  readonly id: string;
}
