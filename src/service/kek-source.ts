/** Where the key-encryption key comes from: base64 text in a file, in the environment, or printed by a command. */
export type KekSource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string };
