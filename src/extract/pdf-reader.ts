/** A thread in which one PDF is parsed, so that a document that wants too much is given up and what stands around it is not. */
export interface PdfReader {
  /** This side of the channel that the parser listens on, a `MessagePort`. */
  readonly port: unknown;
  /** Rejects with `Unreadable` (`too-large`, `timed-out`, `crashed`) once the thread is lost; never resolves. */
  readonly lost: Promise<never>;
  /** Failures in the thread that nobody waited for: what they were about may be missing. */
  strays(): number;
  /** Ends the channel; the thread stays for the next document. */
  release(): void;
}
