import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express } from 'express';
import { GOVUK_FRONTEND, PUBLIC } from './templates-environment.ts';

const OWN_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';

/**
 * The design system's styles in our own dress: neither its typeface nor the royal crest, which only gov.uk sites may show.
 */
export function withoutCrownProperty(css: string): string {
  return css
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll(/font-family:\s*"?GDS Transport"?\s*,\s*arial\s*,\s*sans-serif/gi, `font-family:${OWN_FONTS}`)
    .replaceAll(/font-family:\s*"?GDS Transport"?/gi, `font-family:${OWN_FONTS}`)
    .replaceAll(/url\(\/assets\/images\/govuk-crest[^)]*\)/g, 'none')
    .replaceAll(/\/\*# sourceMappingURL=[^*]*\*\//g, '');
}

export interface Assets {
  /** The address of an asset with its version in it, so that it may be kept for ever. */
  readonly url: (name: string) => string;
  readonly mount: (app: Express) => void;
}

/** Reads every asset once; nothing is read from the disk while serving, so no path can leave the folder. */
export function loadAssets(): Assets {
  const govuk = (name: string) => readFileSync(join(GOVUK_FRONTEND, 'govuk', name), 'utf8');
  const own = (name: string) => readFileSync(join(PUBLIC, name), 'utf8');
  const files = new Map<string, { readonly type: string; readonly body: string }>([
    ['govuk.css', { type: 'text/css', body: withoutCrownProperty(govuk('govuk-frontend.min.css')) }],
    [
      'govuk.js',
      { type: 'text/javascript', body: govuk('govuk-frontend.min.js').replace(/\/\/# sourceMappingURL=.*/, '') },
    ],
    ['holdfast.css', { type: 'text/css', body: own('holdfast.css') }],
    ['check.css', { type: 'text/css', body: own('check.css') }],
    ['js-enabled.js', { type: 'text/javascript', body: own('js-enabled.js') }],
    ['components.js', { type: 'text/javascript', body: own('components.js') }],
    ['check-draft.js', { type: 'text/javascript', body: own('check-draft.js') }],
    ['mark-in-place.js', { type: 'text/javascript', body: own('mark-in-place.js') }],
    ['draft-files.js', { type: 'text/javascript', body: own('draft-files.js') }],
    ['count-characters.js', { type: 'text/javascript', body: own('count-characters.js') }],
    ['queue-keys.js', { type: 'text/javascript', body: own('queue-keys.js') }],
    ['edit-release.js', { type: 'text/javascript', body: own('edit-release.js') }],
    ['sketch.js', { type: 'text/javascript', body: own('sketch.js') }],
    ['favicon.svg', { type: 'image/svg+xml', body: own('favicon.svg') }],
  ]);
  const version = createHash('sha256')
    .update([...files.values()].map(({ body }) => body).join('\0'))
    .digest('hex')
    .slice(0, 12);
  return {
    url: (name) => `/assets/${version}/${name}`,
    mount: (app) => {
      app.get('/assets/:version/:name', (request, response, next) => {
        const file = files.get(request.params.name);
        if (file === undefined) return next();
        response.set('Cache-Control', 'public, max-age=31536000, immutable').type(file.type).send(file.body);
      });
    },
  };
}
