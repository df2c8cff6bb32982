/** Placeholder for the type's owner, who replaces this file. */
export interface Subject {
  readonly id: string;
}
