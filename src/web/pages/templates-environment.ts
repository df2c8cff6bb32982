import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import { bookmarklet } from './bookmarklet.ts';
import { showSize } from './show-size.ts';
import { plural, showDuration, showInstant, showTime } from './show-time.ts';
import { visibleText } from './visible-text.ts';
import { detectorWords, incompleteWords } from './wording.ts';

const WEB = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the design system's templates, styles and scripts are installed. */
export const GOVUK_FRONTEND = join(
  dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')),
  'dist',
);

export const PUBLIC = join(WEB, 'public');

export type RenderTemplate = (template: string, data: Readonly<Record<string, unknown>>) => string;

/** Renders the pages' templates. Whatever comes from outside is escaped; nothing is marked safe in a template of ours. */
export function createRenderer(): RenderTemplate {
  const loader = new nunjucks.FileSystemLoader([join(WEB, 'templates'), GOVUK_FRONTEND], { noCache: false });
  const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
  environment.addFilter('instant', showInstant);
  environment.addFilter('time', showTime);
  environment.addFilter('duration', showDuration);
  environment.addFilter('count', plural);
  environment.addFilter('fileSize', showSize);
  environment.addFilter('visible', (text: unknown) => visibleText(String(text ?? '')));
  environment.addFilter('incompleteWords', incompleteWords);
  environment.addFilter('detectorWords', detectorWords);
  environment.addFilter('bookmarklet', bookmarklet);
  return (template, data) => environment.render(template, { ...data });
}
