/** Placeholder for the type's owner, who replaces this file. */
export interface DirectionRules {
  readonly id: string;
}
