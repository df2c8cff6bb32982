/** Placeholder for the type's owner, who replaces this file. */
export interface Dataset {
  readonly id: string;
}
